"""Who is asking: the API key from the Bearer header or from an authentication element, to an account."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool

from vitascope.errors import Fault
from vitascope.service.accounts import Accounts, digest

REMEMBER = 5.0  # seconds a key's answer is kept; a revoked key works no longer than that
MOST = 10_000

TYPE = "authentication"


class KeyCache:
    """Looks keys up, and remembers the answer for a moment."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._known: dict[str, tuple[float, str | None]] = {}

    def recall(self, key: str) -> tuple[bool, str | None]:
        """(known, account id) from memory; (False, None) if the database must be asked."""
        kept = self._known.get(digest(key))
        if kept is None or kept[0] < time.monotonic():
            return False, None
        return True, kept[1]

    def look_up(self, key: str) -> str | None:
        """The account that a key opens, or None. Asks the database."""
        account_id = self._accounts.of_key(key)
        if len(self._known) > MOST:
            self._known.clear()
        self._known[digest(key)] = (time.monotonic() + REMEMBER, account_id)
        return account_id


async def account(key_cache: KeyCache, key: str | None) -> str | None:
    """The account that a key opens, from memory where possible. None for no key or an unknown one."""
    if key is None:
        return None
    known, account_id = key_cache.recall(key)
    return account_id if known else await run_in_threadpool(key_cache.look_up, key)


def key_of(header: str | None, tasks: Sequence[Any]) -> str | None:
    """The key a request carries: `Authorization: Bearer KEY`, else the first element's `apiKey`."""
    if header is not None:
        scheme, _, key = header.partition(" ")
        if scheme.lower() == "bearer" and key.strip():
            return key.strip()
    first = tasks[0] if tasks else None
    if isinstance(first, Mapping) and first.get("taskType") == TYPE:
        sent = first.get("apiKey")
        return sent if isinstance(sent, str) and sent else None
    return None


_KEY = re.compile(rb'"apiKey"\s*:\s*"([!#-\[\]-~]{1,200})"')


def key_in(header: str | None, beginning: bytes) -> str | None:
    """The key a request carries, as far as the beginning of its body tells."""
    found = _KEY.search(beginning)
    return key_of(header, ()) or (found[1].decode("ascii") if found else None)


def refusal(key: str | None) -> Fault:
    """The error for a missing or unknown key; it carries no taskUUID, by which clients know it."""
    if key is None:
        message = 'Send your API key as the header "Authorization: Bearer KEY" or in a first authentication element.'
        return Fault("missingApiKey", message, parameter="apiKey", type="string", task_type=TYPE)
    message = "This API key is not known or was revoked. `vitascope keys create` makes a new one."
    return Fault("invalidApiKey", message, parameter="apiKey", type="string", task_type=TYPE)
