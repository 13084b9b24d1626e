"""accountManagement: an account's details and what it used, from the ledger. Days are UTC days; credits are USD."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vitascope.errors import Fault, Refused
from vitascope.server.runware.uploads import operation_fault
from vitascope.service.accounts import Accounts, KeyRecord, Sums, sums_since
from vitascope.values import DAY

SPAN = 30  # days a report covers unless the task says otherwise
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both included."""

    first: date
    last: date

    @property
    def start(self) -> float:
        """The first moment, in UTC seconds."""
        return float((self.first - EPOCH).days * DAY)

    @property
    def end(self) -> float:
        """The first moment after the period."""
        return float(((self.last - EPOCH).days + 1) * DAY)

    def as_json(self) -> dict[str, str]:
        """The wire's names."""
        return {"startDate": self.first.isoformat(), "endDate": self.last.isoformat()}


Report = Callable[[Accounts, str, Mapping[str, Any]], dict[str, Any]]


def answer(accounts: Accounts, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Answer accountManagement. Raises Refused."""
    operation = task.get("operation")
    report = REPORTS.get(operation) if isinstance(operation, str) else None
    if report is None:
        raise Refused([operation_fault(operation, tuple(REPORTS))])
    names = {"taskType": "accountManagement", "taskUUID": task["taskUUID"], "operation": operation}
    return {**names, **report(accounts, account_id, task)}


def _details(accounts: Accounts, account_id: str, _task: Mapping[str, Any]) -> dict[str, Any]:
    account = accounts.holding(account_id)
    days, today = accounts.days(account_id), int(time.time() // DAY)
    spans = {"total": 0, "today": today, "last7Days": today - 6, "last30Days": today - 29}
    left, held = account.left, account.held
    return {
        "organizationUUID": account.id,
        "organizationName": account.name,
        "AIRSource": "vitascope",
        "balance": {
            "credits": None if left is None else float(left),
            "reserved": float(held),
            "available": None if left is None else float(left - held),
            "unlimited": left is None,
        },
        "team": [],
        "apiKeys": [_key(key) for key in account.keys],
        "usage": {name: _short(sums_since(days, first)) for name, first in spans.items()},
    }


def _key(key: KeyRecord) -> dict[str, Any]:
    state = "active" if key.revoked_at is None else "revoked"
    return {"name": key.name, "apiKey": f"...{key.hint}", "createdAt": _moment(key.created_at), "state": state}


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _short(sums: Sums) -> dict[str, Any]:
    return {"credits": float(sums.spent), "requests": sums.requests}


def _long(sums: Sums) -> dict[str, Any]:
    return {**_short(sums), "results": sums.succeeded, "errors": sums.failed}


def _activity(accounts: Accounts, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
    period = _period(task)
    _only(task, ())
    first, last = (period.first - EPOCH).days, (period.last - EPOCH).days
    days = {day: sums for day, sums in accounts.days(account_id).items() if first <= day <= last}
    rows = [{"date": str(EPOCH + timedelta(day)), **_long(sums)} for day, sums in sorted(days.items())]
    return {**period.as_json(), "usage": {"total": _long(sums_since(days, first)), "days": rows}}


def _performance(accounts: Accounts, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
    period, models = _period(task), _only(task, ("models",))
    rows = [
        {
            "model": each.model,
            "results": each.takes,
            "waitSeconds": {"median": round(each.waited[0], 3), "p95": round(each.waited[1], 3)},
            "runSeconds": {"median": round(each.ran[0], 3), "p95": round(each.ran[1], 3)},
        }
        for each in accounts.times(account_id, period.start, period.end, models)
    ]
    return {**period.as_json(), "usage": {"models": rows}}


def _errors(accounts: Accounts, account_id: str, task: Mapping[str, Any]) -> dict[str, Any]:
    period, models = _period(task), _only(task, ("models",))
    found = accounts.failures(account_id, period.start, period.end, models)
    rows = [
        {"code": each.code, "model": each.model, "count": each.count, "lastSeen": _moment(each.last_at)}
        for each in found
    ]
    return {**period.as_json(), "usage": {"total": sum(each.count for each in found), "codes": rows}}


REPORTS: Mapping[str, Report] = {
    "getDetails": _details,
    "getUsageActivity": _activity,
    "getUsagePerformance": _performance,
    "getUsageErrors": _errors,
}


def _period(task: Mapping[str, Any]) -> Period:
    """startDate and endDate, both optional and included. Raises Refused."""
    last = _date(task, "endDate") or datetime.now(UTC).date()
    first = _date(task, "startDate") or last - timedelta(SPAN - 1)
    if first > last:
        message = "Set startDate to endDate or a day before it."
        raise Refused([Fault("invalidStartDate", message, ("startDate", "endDate"), "string")])
    return Period(first, last)


def _date(task: Mapping[str, Any], name: str) -> date | None:
    value = task.get(name)
    if value is None or value == "":
        return None
    try:
        found = date.fromisoformat(value[:10])
    except (ValueError, TypeError):
        found = EPOCH
    if not 2000 <= found.year <= 9000:
        code = "invalidStartDate" if name == "startDate" else "invalidEndDate"
        raise Refused([Fault(code, f"Set {name} to a day such as 2026-03-27.", name, "string")]) from None
    return found


def _only(task: Mapping[str, Any], supported: tuple[str, ...]) -> list[str]:
    """The models to report on (empty: all). Filters that would be passed over in silence are refused."""
    for name in ("models", "apiKeys"):
        if task.get(name) is not None and name not in supported:
            message = f"Remove {name}: {task['operation']} reports on the whole account."
            raise Refused([Fault("unsupportedParameter", message, name, "array")])
    models = task.get("models")
    if models is None:
        return []
    # No model's id has U+0000 in it, and PostgreSQL takes no such text, not even to look for it.
    if not isinstance(models, list) or not all(isinstance(model, str) and "\0" not in model for model in models):
        raise Refused([Fault("invalidModels", "Send models as a list of model ids.", "models", "array")])
    return models
