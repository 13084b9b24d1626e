"""Credit in whole billionths of a USD: exact in every database, as the catalogue's prices are."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import sqlalchemy as sa

from vitascope.tasks.database.tables import account, take, task
from vitascope.tasks.states import OPEN

BILLIONTHS = Decimal(10**9)


def billionths(usd: Decimal) -> int:
    """An amount of USD as the database keeps it."""
    return int((usd * BILLIONTHS).to_integral_value(ROUND_HALF_UP))


def as_usd(amount: int) -> Decimal:
    """The inverse of `billionths`."""
    return Decimal(amount) / BILLIONTHS


def cost_of(text: str | None) -> Decimal:
    """What a take's row says that it cost, in USD. Nothing if that is no amount: one damaged row spoils no sum."""
    try:
        cost = Decimal(text or 0)
    except InvalidOperation:
        return Decimal(0)
    return cost if cost.is_finite() else Decimal(0)


def set_credit(connection: sa.Connection, account_id: str, usd: Decimal | None) -> None:
    """Set what an account has left, in USD; None takes its limit away."""
    left = None if usd is None else billionths(usd)
    connection.execute(account.update().where(account.c.id == account_id).values(credit=left))


def add_credit(connection: sa.Connection, account_id: str, usd: Decimal) -> None:
    """Add to what an account has left; one without a limit gets `usd` as its limit."""
    left = sa.func.coalesce(account.c.credit, 0) + billionths(usd)
    connection.execute(account.update().where(account.c.id == account_id).values(credit=left))


def charge(connection: sa.Connection, take_id: str, usd: Decimal) -> None:
    """Take the cost of a finished take from its account's credit. Call it in the transaction that ends it."""
    owner = sa.select(task.c.account_id).join(take, take.c.task_id == task.c.id).where(take.c.id == take_id)
    limited = (account.c.id == owner.scalar_subquery()) & account.c.credit.is_not(None)
    connection.execute(account.update().where(limited).values(credit=account.c.credit - billionths(usd)))


def available(connection: sa.Connection, account_ids: list[str]) -> dict[str, int]:
    """What those of these accounts that have a limit can still promise: credit less the most their open takes can cost.

    Call it after `begin_writing`; it locks their rows, so that two processes cannot promise the same credit.
    """
    limited = account.c.id.in_(account_ids) & account.c.credit.is_not(None)
    rows = connection.execute(sa.select(account.c.id, account.c.credit).where(limited).with_for_update()).all()
    return {row.id: row.credit - held(connection, row.id) for row in rows}


def held(connection: sa.Connection, account_id: str) -> int:
    """The most that an account's open takes can cost, in billionths."""
    mine = (task.c.account_id == account_id) & take.c.state.in_(OPEN)
    total = sa.select(sa.func.coalesce(sa.func.sum(take.c.held), 0)).select_from(take.join(task)).where(mine)
    return int(connection.execute(total).scalar_one())
