"""What a session remembers of the failures that it was told of."""

from __future__ import annotations

import time

from vitascope.server.runware.sessions import Session


def test_a_push_answers_the_polls_that_came_before_it_and_no_later_one() -> None:
    session = Session("account")
    before = time.monotonic()
    assert not session.knows_failure("task", before)
    session.note_failure("task")
    assert session.knows_failure("task", before)
    assert not session.knows_failure("another", before)
    time.sleep(0.01)
    assert not session.knows_failure("task", time.monotonic())
