"""Webhooks and upload endpoints that this server will surely not call: told before the task is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from vitascope.contract.faults import invalid, tidy
from vitascope.contract.inputs import is_address
from vitascope.contract.shapes import TaskShape
from vitascope.errors import Fault

Objection: TypeAlias = Callable[[str], str | None]
"""Why a URL will not be called by this server, None if it may be."""


def no_objection(url: str) -> str | None:
    """Of a place that calls nobody."""
    return None


def receivers_may_be_called(task: TaskShape, objection: Objection) -> Iterator[Fault]:
    """webhookURL and uploadEndpoint: addresses that the operator's settings let this server call."""
    for path, url in (("webhookURL", task.webhookURL), ("uploadEndpoint", task.uploadEndpoint)):
        if reason := _reason(url, objection):
            yield invalid(path, "string", f"Set {path} to an address that this server may call: {reason}")


def _reason(url: str | None, objection: Objection) -> str | None:
    """An address that is none has its fault already."""
    reason = objection(url) if url is not None and is_address(url) else None
    return None if reason is None else tidy(reason)
