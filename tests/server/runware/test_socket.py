"""WebSockets on a real server: authentication, answers, pushes, sessions, slow readers, two processes."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.life.conftest import Server, video_task
from tests.server.runware.sockets import Socket

PING = {"taskType": "ping", "ping": True}
PONG = {"data": [{"taskType": "ping", "pong": True}]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("sockets") / "data")
    try:
        yield running.start().ready()
    finally:
        running.close()
    log = running.log.read_text()
    assert "Traceback" not in log, log


def open_socket(server: Server, path: str = "/v1", session: str | None = None, **headers: str) -> Socket:
    return Socket(server.url + path, server.key, session, **headers)


def acknowledged(socket: Socket, **changes: Any) -> str:
    task = video_task(**changes)
    assert socket.ask(task) == {"data": [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]}
    return str(task["taskUUID"])


def poll(task_uuid: str) -> dict[str, str]:
    return {"taskType": "getResponse", "taskUUID": task_uuid}


def broken_task(**changes: Any) -> dict[str, Any]:
    """A task that is accepted and fails: nothing answers at its frame image's URL."""
    return video_task(inputs={"frameImages": ["http://127.0.0.1:9/none.png"]}, **changes)


@pytest.mark.parametrize("path", ["/v1", "/", "/any/other/path?sdk=js&version=1.3.2"])
def test_every_path_takes_sockets(server: Server, path: str) -> None:
    with open_socket(server, path) as socket:
        assert uuid.UUID(socket.session)
        assert socket.ask(PING) == PONG


def test_text_and_binary_and_split_messages(server: Server) -> None:
    with open_socket(server) as socket:
        socket.wire.send(json.dumps([PING]).encode())
        assert socket.receive() == PONG
        socket.wire.send(iter(['[{"taskType":', '"ping",', '"ping":true}]']))
        assert socket.receive() == PONG


@pytest.mark.parametrize("sent", [[{"taskType": "authentication", "apiKey": "x" * 43}], [video_task()], [PING]])
def test_who_is_not_known_is_told_at_once_in_one_frame(server: Server, sent: list[Any]) -> None:
    with Socket(server.url, None) as socket:
        begun = time.monotonic()
        frame = socket.ask(*sent, PING, PING)
        assert time.monotonic() - begun < 0.5
        assert frame.keys() == {"errors", "error"} and frame["errors"] == [frame["error"]]
        error = frame["error"]
        assert error["parameter"] == "apiKey" and error["taskType"] == "authentication" and "taskUUID" not in error
        assert error["code"] == ("invalidApiKey" if "apiKey" in sent[0] else "missingApiKey")
        assert socket.silent(0.3)
        socket.send({"taskType": "authentication", "apiKey": server.key}, PING)
        assert socket.receive()["data"][0]["taskType"] == "authentication"
        assert socket.receive() == PONG


BAD = {"{": "JSON", "[NaN]": "Task", "[" * 9999: "JSON", "": "JSON", "[]": "RequestBody", "7": "RequestBody"}


@pytest.mark.parametrize("message", BAD)
def test_what_is_no_array_of_tasks_is_told_and_the_connection_stays(server: Server, message: str) -> None:
    with open_socket(server) as socket:
        socket.wire.send(message)
        assert "invalid" + BAD[message] == socket.receive()["errors"][0]["code"]
        assert socket.ask(PING) == PONG


def test_a_single_task_without_its_array_is_named(server: Server) -> None:
    with open_socket(server) as socket:
        socket.wire.send(json.dumps(task := video_task()))
        error = socket.receive()["errors"][0]
        assert error["code"] == "invalidRequestBody" and error["taskUUID"] == task["taskUUID"]


def test_each_task_is_answered_in_its_own_frame(server: Server) -> None:
    good, bad = video_task(), video_task(duration=99, numberResults=9)
    with open_socket(server) as socket:
        socket.send(PING, good, bad, "nonsense")
        frames = [socket.receive() for _ in range(4)]
        assert PONG in frames
        assert {"data": [{"taskType": "videoInference", "taskUUID": good["taskUUID"]}]} in frames
        faults = [frame["errors"] for frame in frames if "errors" in frame]
        assert sorted(len(some) for some in faults) == [1, 2]
        mine = max(faults, key=len)
        assert {error["parameter"] for error in mine} == {"duration", "numberResults"}
        assert {error["taskUUID"] for error in mine} == {bad["taskUUID"]}
        assert socket.result(good["taskUUID"])["data"]


def test_all_takes_are_pushed_once_and_together(server: Server) -> None:
    with open_socket(server) as socket:
        task_uuid = acknowledged(socket, numberResults=3, seed=5)
        frame = socket.receive(60)  # nothing was asked
        assert [(item["status"], item["seed"]) for item in frame["data"]] == [("success", seed) for seed in (5, 6, 7)]
        assert frame == {"data": server.poll(task_uuid)[0]}
        assert socket.ask(poll(task_uuid)) == frame
        assert socket.silent(0.6)


def test_a_poll_that_finds_the_end_is_not_followed_by_a_push(server: Server) -> None:
    task_uuid = server.submit()
    server.wait(task_uuid)
    with open_socket(server) as socket:
        assert socket.ask(poll(task_uuid))["data"][0]["status"] == "success"
        assert socket.silent(0.6)


def test_who_only_polls_gets_the_push_too(server: Server) -> None:
    task_uuid = server.submit(numberResults=2)
    with open_socket(server) as socket:
        assert [item["status"] for item in socket.ask(poll(task_uuid))["data"]] == ["processing"] * 2
        assert len(socket.receive(60)["data"]) == 2


def test_a_failure_is_pushed_as_one_frame(server: Server) -> None:
    with open_socket(server) as socket:
        task = broken_task(numberResults=2)
        socket.send(task)
        assert "data" in socket.receive()
        errors = socket.receive(60)["errors"]
        assert len(errors) == 1 and errors[0]["status"] == "error" and errors[0]["taskUUID"] == task["taskUUID"]
        assert socket.silent(0.6)


def test_a_broken_connection_loses_nothing(server: Server) -> None:
    socket = open_socket(server)
    task_uuid = acknowledged(socket, numberResults=2)
    socket.cut()
    data, _ = server.wait(task_uuid)
    time.sleep(0.6)
    with open_socket(server, session=socket.session) as back:
        assert back.session == socket.session
        assert back.receive(2) == {"data": data}
        assert back.silent(0.6)


def test_a_resumed_session_gets_what_ends_later(server: Server) -> None:
    socket = open_socket(server)
    task_uuid = acknowledged(socket, numberResults=2)
    socket.cut()
    with open_socket(server, session=socket.session) as back:
        assert len(back.receive(60)["data"]) == 2
        assert back.ask(poll(task_uuid))["data"][0]["status"] == "success"


def test_a_push_into_a_dying_connection_comes_again(server: Server) -> None:
    """The frame was sent, but nothing was heard of the client since."""
    socket = open_socket(server)
    acknowledged(socket)
    frame = socket.receive(60)
    socket.cut()
    with open_socket(server, session=socket.session) as back:
        assert back.receive(2) == frame
        time.sleep(2.2)
        assert back.ask(PING) == PONG
        back.cut()
        with open_socket(server, session=socket.session) as third:
            assert third.silent(0.5)


def test_a_new_connection_replaces_a_half_dead_one(server: Server) -> None:
    old = open_socket(server)
    task_uuid = acknowledged(old)
    with open_socket(server, session=old.session) as back:
        assert back.result(task_uuid)["data"]
        with pytest.raises(ConnectionClosed):
            old.receive(5)


def test_sessions_belong_to_their_account(server: Server) -> None:
    with open_socket(server) as socket, Socket(server.url, other_key(server), socket.session) as stranger:
        assert stranger.session != socket.session
        task_uuid = acknowledged(socket)
        assert stranger.ask(poll(task_uuid))["errors"][0]["code"] == "taskNotFound"
        assert socket.result(task_uuid)["data"]
        assert stranger.silent(0.6)


def other_key(server: Server) -> str:
    from vitascope.settings import Settings
    from vitascope.tasks import accounts
    from vitascope.tasks.database.connect import connect

    engine = connect(Settings(data=server.data).database)
    with engine.begin() as connection:
        key = accounts.create_key(connection, accounts.create_account(connection, str(uuid.uuid4())))
    engine.dispose()
    return key


def test_a_taskuuid_sent_again_is_a_conflict_and_is_waited_for(server: Server) -> None:
    task = video_task()
    assert server.post(task).status_code == 200
    with open_socket(server) as socket:
        assert socket.ask(task)["errors"][0]["code"] == "conflictTaskUUID"
        assert socket.result(task["taskUUID"])["data"]


@pytest.mark.parametrize("agent", [{}, {"X-SDK-Name": "python"}], ids=str)
def test_a_client_that_might_count_results_twice_never_sees_some(server: Server, agent: dict[str, str]) -> None:
    """As `runware` for Python does (docs/compat.md). Takes are made one after another: over HTTP some are seen."""
    task_uuid = server.submit(numberResults=4, model="bytedance:seedance@1.5-pro", height=496, duration=4)
    plain: set[tuple[str, ...]] = set()
    held: set[str] = set()
    with open_socket(server, **agent) as old:
        deadline = time.monotonic() + 60
        while "success" not in held:
            assert time.monotonic() < deadline, f"not ended within a minute; seen: {held}, {plain}"
            plain |= {tuple(item["status"] for item in server.poll(task_uuid)[0])}
            old.send(poll(task_uuid))
            statuses = {item["status"] for item in old.receive()["data"]}
            assert len(statuses) == 1
            held |= statuses
            time.sleep(0.05)
    assert any(len({*statuses}) == 2 for statuses in plain), "no moment with some takes ready was seen"


def test_a_client_that_shows_each_result_sees_it_as_it_is_ready(server: Server) -> None:
    task_uuid = server.submit(numberResults=4, model="bytedance:seedance@1.5-pro", height=496, duration=4)
    with open_socket(server, **{"User-Agent": "runware-python/1.8.0"}) as new:
        statuses: set[str] = set()
        deadline = time.monotonic() + 60
        while statuses != {"processing", "success"}:
            assert time.monotonic() < deadline and statuses != {"success"}, "no moment with some takes ready was seen"
            new.send(poll(task_uuid))
            statuses = {item["status"] for item in new.receive()["data"]}
            time.sleep(0.05)


def test_the_old_python_client_is_found_again_without_its_session(server: Server) -> None:
    """It comes back without the session's UUID and loses the poll that it sends too early (docs/compat.md)."""
    name, key = {"X-SDK-Name": "python"}, other_key(server)
    socket = Socket(server.url, key, **name)
    ended, running = acknowledged(socket), acknowledged(socket, numberResults=3)
    socket.cut()
    with Socket(server.url, key) as plain:
        plain.send(poll(ended))
        plain.result(ended)
    time.sleep(0.3)
    with Socket(server.url, key, **name) as back:
        frames = [back.receive(60) for _ in range(2)]
        assert {frame["data"][0]["taskUUID"] for frame in frames} == {ended, running}
        assert back.silent(0.5)


def test_a_slow_reader_holds_nobody_up(server: Server) -> None:
    """It asks for ever and never reads; its outbox is bounded and the others are answered at once."""
    task_uuid = server.submit(numberResults=4)
    server.wait(task_uuid)
    slow = open_socket(server)
    slow.wire.socket.settimeout(0.5)
    message = json.dumps([poll(task_uuid)] * 500)
    with open_socket(server) as quick:
        for _ in range(40):
            try:
                slow.wire.send(message)
            except (TimeoutError, ConnectionClosed, OSError):
                break
        begun = time.monotonic()
        assert quick.ask(PING) == PONG
        assert quick.ask(poll(task_uuid))["data"]
        assert time.monotonic() - begun < 1.0
    slow.cut()


def test_large_messages_are_read(server: Server) -> None:
    with open_socket(server) as socket:
        padding = "x" * (20 * 1024 * 1024)
        assert socket.ask({**PING, "image": padding}) == PONG


def test_messages_beyond_the_limit_and_the_end_of_the_server(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", VITASCOPE_MAX_BODY="200000")
    try:
        server.start().ready()
        with open_socket(server) as socket:
            assert socket.ask({**PING, "image": "x" * 190_000}) == PONG
            socket.send({**PING, "image": "x" * 200_000})
            with pytest.raises(ConnectionClosed) as ended:
                socket.receive(5)
            assert ended.value.rcvd is not None and ended.value.rcvd.code == 1009
        with open_socket(server) as first, open_socket(server) as second:
            acknowledged(first)
            assert server.stop() < 8
            for socket in (first, second):
                with pytest.raises(ConnectionClosed) as ended:
                    for _ in range(9):  # what was on its way
                        socket.receive(5)
                assert ended.value.rcvd is not None and ended.value.rcvd.code == 1012
    finally:
        server.close()
    log = server.log.read_text()
    assert "Traceback" not in log, log


def test_two_processes_one_submits_the_other_is_polled(make_two: Callable[[], tuple[Server, Server]]) -> None:
    first, second = make_two()
    with open_socket(first) as submitting, Socket(second.url, first.key) as polling:
        task_uuid = acknowledged(submitting, numberResults=2)
        answer = polling.ask(poll(task_uuid))
        assert [item["status"] for item in answer["data"]] == ["processing"] * 2
        there = polling.result(task_uuid)
        here = submitting.receive(1)
        ids = [[item["videoUUID"] for item in frame["data"]] for frame in (here, there)]
        assert ids[0] == ids[1] and len(ids[0]) == 2


@pytest.fixture
def make_two(tmp_path: Path) -> Iterator[Callable[[], tuple[Server, Server]]]:
    """Two server processes, each with a worker, on one data folder."""
    made: list[Server] = []

    def make() -> tuple[Server, Server]:
        made.extend(Server(tmp_path / "data") for _ in range(2))
        return made[0].start().ready(), made[1].start().ready()

    yield make
    for server in made:
        server.close()
