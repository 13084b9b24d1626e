"""The retry policies, proved by a table."""

from __future__ import annotations

from random import Random

import pytest

from vitascope.delivery.retry import UPLOAD, WEBHOOK, RetryPolicy
from vitascope.delivery.storage import StorageFailed
from vitascope.errors import DeliveryFailed
from vitascope.outbound.failures import AddressRefused, AnsweredBadly, OutboundFailed, TooLarge, Unreachable

MINUTE, HOUR = 60, 3_600


@pytest.mark.parametrize(
    ("tries_made", "wait"),
    [
        (1, 0.25),
        (2, 0.5),
        (3, 1),
        (4, 2),
        (5, 4),
        (6, 8),
        (7, 8),
        (8, 8),
        (9, 8),
        (10, MINUTE),
        (11, 10 * MINUTE),
        (12, HOUR),
        (13, 6 * HOUR),
        (14, 24 * HOUR),
        (15, None),
        (16, None),
    ],
)
def test_the_schedule(tries_made: int, wait: float | None) -> None:
    for policy in (WEBHOOK, UPLOAD):
        for seed in range(20):
            given = policy.wait(tries_made, Random(seed))
            if wait is None:
                assert given is None
            else:
                assert given is not None and 0.75 * wait < given <= wait


def test_a_time_out_is_waited_for_longer_each_time() -> None:
    steady = RetryPolicy(jitter=0)
    waits = [steady.wait(tries, Random(1), timed_out=True) for tries in range(1, 16)]
    assert waits[:9] == [30, 60, 90, 120, 150, 180, 210, 240, 270] and waits[10:] == [*steady.waits[10:], None]


def test_fifteen_tries_within_two_days() -> None:
    assert len(WEBHOOK.waits) == len(UPLOAD.waits) == 14
    assert sum(WEBHOOK.waits) == pytest.approx(39.75 + MINUTE + 10 * MINUTE + 31 * HOUR)


def test_jitter_spreads_and_comes_from_the_given_source_only() -> None:
    waits = [WEBHOOK.wait(12, Random(seed)) for seed in range(200)]
    assert waits == [WEBHOOK.wait(12, Random(seed)) for seed in range(200)]
    assert len(set(waits)) == 200
    numbers = [wait for wait in waits if wait is not None]
    assert min(numbers) < 0.77 * HOUR and max(numbers) > 0.98 * HOUR
    assert RetryPolicy(waits=(3.0,), jitter=0).wait(1, Random(1)) == 3.0


def test_waiting_before_the_first_try_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no try"):
        WEBHOOK.wait(0, Random(1))


@pytest.mark.parametrize(
    ("error", "webhook", "upload"),
    [
        (Unreachable("down"), True, True),
        (AddressRefused("inside"), False, False),
        (TooLarge("much"), False, False),
        (OutboundFailed("changed"), False, False),
        (StorageFailed("disk"), True, True),
        (DeliveryFailed("something"), True, True),
        *((AnsweredBadly("h", status), True, True) for status in (408, 425, 429, 500, 502, 503, 504)),
        *((AnsweredBadly("h", status), True, False) for status in (301, 400, 401, 403, 404, 422)),
        (AnsweredBadly("h", 410), False, False),
    ],
)
def test_what_is_tried_again(error: DeliveryFailed, webhook: bool, upload: bool) -> None:
    assert (WEBHOOK.should_retry(error), UPLOAD.should_retry(error)) == (webhook, upload)
