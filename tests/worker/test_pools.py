"""Which engine makes which model's takes, and which queue they wait in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.server.conftest import open_account
from vitascope.engines.registry import ENGINES
from vitascope.errors import EngineFailed, SetupError
from vitascope.server.state import ServerState
from vitascope.settings import Settings
from vitascope.tasks.queue.dbos import queue_of
from vitascope.worker.pools import Pools

PRO, FAST = "bytedance:2@1", "bytedance:2@2"


def test_one_line_names_the_engine_of_every_model_another_that_of_one() -> None:
    assert Settings(engine="testcard").engines_in_use == ("testcard",)
    settings = Settings(engine="filmset", engines={PRO: "testcard"})
    assert settings.engines_in_use == ("filmset", "testcard")
    pools = Pools(settings)
    assert pools.engine_for(PRO)[1].name == "testcard" and pools.engine_for(FAST)[1].name == "filmset"
    assert pools.engine_for(FAST)[0] is pools.engine_for(FAST)[0], "built once"
    pools.close()


def test_a_worker_serves_every_pool_or_those_it_is_told() -> None:
    assert Pools(Settings(engine="testcard")).names == tuple(ENGINES)
    settings = Settings(engine="filmset", serves=("testcard",))
    pools = Pools(settings)
    assert pools.names == ("testcard",)
    assert pools.engine_for(FAST)[1].name == "testcard", "a take of its own pool, queued before the settings changed"
    pools.close()


def test_no_engine_takes_anothers_place_among_several() -> None:
    pools = Pools(Settings(engine="filmset", engines={PRO: "testcard"}))
    pools.names = ("testcard", "another")
    with pytest.raises(EngineFailed, match="served by the engine filmset now"):
        pools.engine_for(FAST)


@pytest.mark.parametrize("wrong", [{"engine": "cinema"}, {"engines": {PRO: "cinema"}}, {"serves": ("cinema",)}])
def test_an_engine_that_does_not_exist_is_said_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(SetupError, match=r"There is no engine 'cinema'. Engines: filmset, testcard"):
        Pools(Settings(**wrong))


def test_a_model_that_does_not_exist_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="The setting engines names nobody:1@1"):
        ServerState(Settings(data=tmp_path, engines={"nobody:1@1": "testcard"}))


def test_each_pool_has_a_queue_of_its_own(tmp_path: Path) -> None:
    state = ServerState(Settings(data=tmp_path, engine="filmset", engines={PRO: "testcard"}))
    client = open_account(state, "alice")
    for model in (PRO, FAST):
        client.submit(model=model)
    with state.services.engine.connect() as connection:
        queues = (
            connection.execute(sa.text("select queue_name from workflow_status order by queue_name")).scalars().all()
        )
    assert queues == [queue_of("filmset"), queue_of("testcard")]
    state.close()
