"""Signed URLs: whoever holds one may read one file until it expires. Nobody can make one without the secret.

`Links` serves files through this server; `presigned` lets readers go to the object store itself.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import timedelta
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.store import AzureStore, GCSStore, S3Store

from vitascope.delivery.storage import Storage, is_key
from vitascope.values import DAY

LONGEST_PRESIGNED = 7 * DAY  # what the signature scheme of S3 and GCS allows, in seconds


class Links:
    """Makes and checks URLs of the form {base}/files/{key}?expires={unix seconds}&signature={base64url}."""

    def __init__(self, secret: bytes, public_base_url: str, also_known_as: Iterable[str] = ()) -> None:
        """`also_known_as` are further base URLs at which this server is reached, from its own machine for example."""
        if len(secret) < 32:
            raise ValueError("a signing secret has at least 32 bytes")
        self._secret = secret
        self._base = public_base_url.rstrip("/")
        self._homes = {home for base in (self._base, *also_known_as) if (home := _place(base + "/files/")) is not None}

    def sign(self, key: str, expires_at: int) -> str:
        """A URL for one file that works until `expires_at` (Unix seconds)."""
        if not is_key(key):
            raise ValueError(f"not a storage key: {key!r}")
        return f"{self._base}/files/{key}?expires={expires_at}&signature={self._signature(key, str(expires_at))}"

    def page(self, path: str) -> str:
        """The URL of one of this server's own pages, which anybody may read: `page("docs/errors")`."""
        return f"{self._base}/{path}"

    def parts_of(self, url: str) -> tuple[str, str, str] | None:
        """(key, expires, signature) of a file's URL at this server, still to be verified; None for a URL elsewhere."""
        place = _place(url)
        home = next((home for home in self._homes if place is not None and _below(place, home)), None)
        if place is None or home is None:
            return None
        query = parse_qs(urlsplit(url).query)
        expires, signature = (query.get(name, [""])[0] for name in ("expires", "signature"))
        return place[3].removeprefix(home[3]), expires, signature

    def verify(self, key: str, expires: str, signature: str, now: float) -> bool:
        """Whether the parts of a URL were signed here and have not expired. Takes any text, never raises."""
        # The comparison always runs, so that the time taken tells nothing about which part was wrong.
        genuine = hmac.compare_digest(self._signature(key, expires).encode(), signature.encode(errors="replace"))
        return genuine and re.fullmatch(r"[0-9]{1,12}", expires) is not None and now < int(expires)

    def expired(self, key: str, expires: str, signature: str, now: float) -> bool:
        """Whether the parts of a URL were signed here, but their time is over."""
        return self.verify(key, expires, signature, 0) and not self.verify(key, expires, signature, now)

    def _signature(self, key: str, expires: str) -> str:
        # Neither part of a genuine message can hold a line break, so no two messages read the same.
        message = f"vitascope-file-1\n{expires}\n{key}".encode(errors="replace")
        return urlsafe_b64encode(hmac.digest(self._secret, message, hashlib.sha256)).rstrip(b"=").decode()


_Place: TypeAlias = tuple[str, str, int | None, str]
"""Scheme, host, port and path of a URL."""


def _place(url: str) -> _Place | None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    return parts.scheme, (parts.hostname or "").rstrip("."), port, unquote(parts.path)


def _below(place: _Place, home: _Place) -> bool:
    return place[:3] == home[:3] and place[3].startswith(home[3])


def presigned(storage: Storage, key: str, seconds: int) -> str | None:
    """A URL at which the object store itself answers a GET for `seconds`; None if it cannot sign such a one."""
    if not is_key(key):
        raise ValueError(f"not a storage key: {key!r}")
    if not isinstance(storage.store, S3Store | GCSStore | AzureStore) or not 0 < seconds <= LONGEST_PRESIGNED:
        return None
    return obstore.sign(storage.store, "GET", key, timedelta(seconds=seconds))
