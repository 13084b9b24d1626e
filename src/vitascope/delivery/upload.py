"""Hand one stored file to the owner's `uploadEndpoint`: a plain PUT, streamed from the file store, one try a call."""

from __future__ import annotations

from vitascope.delivery.outcome import Outcome, attempt
from vitascope.delivery.retry import UPLOAD
from vitascope.delivery.storage import NotStored, Storage
from vitascope.outbound.client import Outbound


def put(outbound: Outbound, url: str, storage: Storage, key: str) -> Outcome:
    """Make one try. Raises StorageFailed if our own file cannot be read, NotStored if it is gone."""
    stored = storage.head(key)
    if stored is None:
        raise NotStored(f"There is no file {key}.")
    return attempt(lambda: outbound.put(url, storage.read(key), stored.size, stored.content_type), UPLOAD)
