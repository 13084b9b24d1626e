"""Tell a task's owner about one finished take: a POST of the bare result object, one try a call.

Without a secret the request is what the public service sends. With one, it also carries the three headers of the
Standard Webhooks specification, so that the receiver can check where it comes from; the body stays the same.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from vitascope.delivery.outcome import Outcome, attempt
from vitascope.delivery.retry import WEBHOOK
from vitascope.outbound.client import Outbound

SECRET_PREFIX = "whsec_"


def post(
    outbound: Outbound, url: str, result: Mapping[str, Any], delivery_id: str, now: int, secret: str | None = None
) -> Outcome:
    """Make one try. `delivery_id` is the same at each try of one delivery; `now` is Unix time in seconds."""
    body = json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    headers = signed_headers(secret, delivery_id, now, body) if secret else {}
    return attempt(lambda: outbound.post_json(url, body, headers), WEBHOOK)


def signed_headers(secret: str, delivery_id: str, now: int, body: bytes) -> dict[str, str]:
    """The Standard Webhooks headers. `secret` is base64, with or without "whsec_". Raises ValueError if it is not."""
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is base64, usually after 'whsec_'") from None
    signature = hmac.digest(key, f"{delivery_id}.{now}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(now),
        "webhook-signature": "v1," + b64encode(signature).decode(),
    }
