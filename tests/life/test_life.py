"""The life of a task on a real server: submit, poll, download, check; errors; files; deliveries."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from tests.life.conftest import video_task
from vitascope.delivery.links import Links
from vitascope.media.probe import probe

if TYPE_CHECKING:
    from tests.life.conftest import Receiver, Server

UNKNOWN = "3f0c8d2e-6a51-4f0e-9d3b-0a1b2c3d4e5f"


def picture(width: int = 640, height: int = 480, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.save(file, kind)
    return file.getvalue()


def data_uri(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def saved(server: Server, url: str, path: Path) -> Path:
    path.write_bytes(server.client.get(url).raise_for_status().content)
    return path


def test_a_task_becomes_a_file(server: Server, tmp_path: Path) -> None:
    task_uuid = server.submit(numberResults=2, includeCost=True, seed=7)
    data, errors = server.poll(task_uuid)
    assert [item["taskType"] for item in data] == ["videoInference"] * 2 and not errors
    data, errors = server.wait(task_uuid)
    assert not errors
    assert [item["seed"] for item in data] == [7, 8]
    assert [item["cost"] for item in data] == [0.00762] * 2
    assert {frozenset(item) for item in data} == {
        frozenset({"taskType", "taskUUID", "status", "videoUUID", "videoURL", "seed", "cost"})
    }
    assert server.wait(task_uuid)[0] == data, "the answer is stable"
    facts = probe(saved(server, data[0]["videoURL"], tmp_path / "a.mp4"))
    assert (facts.size.width, facts.size.height, facts.frames) == (864, 480, 29)
    assert server.client.get(data[0]["videoURL"]).content != server.client.get(data[1]["videoURL"]).content


def test_the_same_seed_gives_the_same_bytes(server: Server) -> None:
    first, second, other = (server.submit(seed=seed) for seed in (5, 5, 6))
    contents = [server.client.get(server.wait(uuid)[0][0]["videoURL"]).content for uuid in (first, second, other)]
    assert contents[0] == contents[1] != contents[2]


@pytest.mark.parametrize("container", ["WEBM", "mov"])
def test_every_container(server: Server, tmp_path: Path, container: str) -> None:
    task_uuid = server.submit(model="bytedance:seedance@1.5-pro", height=496, duration=4, outputFormat=container)
    url = server.wait(task_uuid)[0][0]["videoURL"]
    reply = server.client.head(url)
    assert reply.headers["content-type"] == {"WEBM": "video/webm", "mov": "video/quicktime"}[container]
    facts = probe(saved(server, url, tmp_path / f"clip.{container.lower()}"))
    assert facts.frames == 97 and facts.sound is not None
    assert facts.sound.rate == 48000 and facts.sound.channels == 2


def test_no_sound_means_no_track(server: Server, tmp_path: Path) -> None:
    quiet = {"bytedance": {"audio": False}}
    task_uuid = server.submit(model="bytedance:seedance@1.5-pro", height=496, duration=4, providerSettings=quiet)
    url = server.wait(task_uuid)[0][0]["videoURL"]
    assert probe(saved(server, url, tmp_path / "clip.mp4")).sound is None


def test_a_draft_and_its_final(server: Server, tmp_path: Path) -> None:
    pro = "bytedance:seedance@1.5-pro"
    draft = {"bytedance": {"draft": True}}
    task_uuid = server.submit(model=pro, width=496, height=864, duration=4, seed=9, providerSettings=draft)
    draft_id = server.wait(task_uuid)[0][0]["outputs"]["draftId"]
    assert draft_id.startswith("cgt-20") and len(draft_id) == 24
    final = {"taskType": "videoInference", "taskUUID": str(uuid.uuid4()), "model": pro}
    assert server.post({**final, "inputs": {"draftId": draft_id}}).status_code == 200
    item = server.wait(final["taskUUID"])[0][0]
    assert item["seed"] == 9 and "outputs" not in item
    assert str(probe(saved(server, item["videoURL"], tmp_path / "final.mp4")).size) == "720x1280"
    other = server.post({**final, "taskUUID": str(uuid.uuid4()), "inputs": {"draftId": "cgt-20260101000000-zzzzz"}})
    assert other.status_code == 404 and other.json()["errors"][0]["parameter"] == "inputs.draftId"


def test_frame_images_in_every_form(server: Server, receiver: Receiver) -> None:
    content = picture(750, 560)
    receiver.files["/first.png"] = ("image/png", content)
    upload = {"taskType": "imageUpload", "taskUUID": str(uuid.uuid4()), "image": data_uri(content)}
    item = server.post(upload).json()["data"][0]
    assert server.client.get(item["imageURL"]).content == content
    forms = [receiver.url + "/first.png", data_uri(content), base64.b64encode(content).decode(), item["imageUUID"]]
    tasks = [
        server.submit(width=None, height=None, resolution="480p", inputs={"frameImages": [form]}) for form in forms
    ]
    urls = [server.wait(task)[0][0]["videoURL"] for task in tasks]
    contents = {server.client.get(url).content for url in urls}
    assert len(contents) == 1, "the same picture in four forms is the same clip"


def test_a_bad_picture_names_its_parameter(server: Server, receiver: Receiver) -> None:
    receiver.files["/tiny.png"] = ("image/png", picture(200, 200))
    receiver.files["/words.png"] = ("image/png", b"no picture at all" * 20)
    codes = {"tiny": "invalidFrameImageWidth", "words": "invalidFrameImage", "gone": "invalidFrameImage"}
    for name, code in codes.items():
        task_uuid = server.submit(inputs={"frameImages": [f"{receiver.url}/{name}.png"]})
        data, errors = server.wait(task_uuid)
        assert not data and [error["code"] for error in errors] == [code]
        assert errors[0]["status"] == "error" and errors[0]["taskUUID"] == task_uuid
        assert errors[0]["parameter"] == "inputs.frameImages.0"
    inline = server.post({**json.loads(json.dumps(_task())), "inputs": {"frameImages": [data_uri(picture(299, 400))]}})
    assert inline.status_code == 400 and inline.json()["errors"][0]["code"] == "invalidFrameImageWidth"
    unknown = server.post({**_task(), "inputs": {"frameImages": [UNKNOWN]}})
    assert unknown.json()["errors"][0]["parameter"] == "inputs.frameImages.0"


def _task(**changes: Any) -> dict[str, Any]:
    task = {"taskType": "videoInference", "taskUUID": str(uuid.uuid4()), "model": "bytedance:2@2", "duration": 1.2}
    return {**task, "positivePrompt": "a test pattern", "width": 864, "height": 480, **changes}


def test_one_bad_task_does_not_disturb_its_neighbours(server: Server) -> None:
    good, bad = _task(), _task(duration=99, width=865)
    reply = server.post(good, bad, {"taskType": "ping", "ping": True}, "nonsense", {"taskType": "dance"})
    assert reply.status_code == 200
    assert [item["taskType"] for item in reply.json()["data"]] == ["videoInference", "ping"]
    errors = reply.json()["errors"]
    mine = [error["parameter"] for error in errors if error.get("taskUUID") == bad["taskUUID"]]
    assert "duration" in mine and ["width", "height"] in mine
    assert {"invalidTask", "unsupportedTaskType"} <= {error["code"] for error in errors}
    server.wait(good["taskUUID"])


def test_a_task_uuid_is_used_once(server: Server) -> None:
    task = _task()
    assert server.post(task).status_code == 200
    for sent in (task, {**task, "taskUUID": task["taskUUID"].upper()}):
        again = server.post(sent)
        assert again.status_code == 400 and again.json()["errors"][0]["code"] == "conflictTaskUUID"
    server.wait(task["taskUUID"])
    assert server.post(task).json()["errors"][0]["code"] == "conflictTaskUUID"
    twin = _task()
    reply = server.post(twin, twin).json()
    assert len(reply["data"]) == 1 and reply["errors"][0]["code"] == "conflictTaskUUID"


def test_accounts_are_known_by_their_keys(server: Server) -> None:
    url = f"{server.url}/any/path"
    strange = {"Authorization": "Bearer nobody-knows-this-key-at-all"}
    for headers in ({}, strange):
        reply = server.client.post(url, json=[{"taskType": "ping", "ping": True}], headers=headers)
        assert reply.status_code == 401
        error = reply.json()["errors"][0]
        assert error["parameter"] == "apiKey" and error["taskType"] == "authentication" and "taskUUID" not in error
    element = {"taskType": "authentication", "apiKey": server.key}
    reply = server.client.post(url, json=[element, {"taskType": "ping", "ping": True}])
    assert [item["taskType"] for item in reply.json()["data"]] == ["authentication", "ping"]


NO_TASKS = {
    b"": "invalidJSON",
    b"[": "invalidJSON",
    b"{}": "invalidRequestBody",
    b"[]": "invalidRequestBody",
    b"[" * 5000: "invalidJSON",
    b'["\\ud800"]': "invalidTask",
    b"[NaN]": "invalidTask",
    b"\xff\xfe": "invalidJSON",
}


@pytest.mark.parametrize("body", NO_TASKS)
def test_a_body_that_is_no_array_of_tasks(server: Server, body: bytes) -> None:
    reply = server.client.post(f"{server.url}/v1", content=body, headers={"Authorization": f"Bearer {server.key}"})
    assert reply.status_code == 400 and reply.json()["errors"][0]["code"] == NO_TASKS[body]


def test_an_unknown_task_is_said_to_be_unknown(server: Server) -> None:
    reply = server.post({"taskType": "getResponse", "taskUUID": UNKNOWN})
    assert reply.status_code == 404
    assert reply.json()["errors"][0]["code"] == "taskNotFound" and reply.json()["errors"][0]["taskUUID"] == UNKNOWN


def test_files_are_served_as_players_need_it(server: Server) -> None:
    url = server.wait(server.submit())[0][0]["videoURL"]
    whole = server.client.get(url)
    assert whole.headers["content-type"] == "video/mp4" and int(whole.headers["content-length"]) == len(whole.content)
    part = server.client.get(url, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206 and part.content == whole.content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    head = server.client.head(url)
    assert head.headers["content-length"] == whole.headers["content-length"] and not head.content
    assert server.client.get(url, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert server.client.get(url, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_forged_and_expired_urls_get_no_hint(server: Server) -> None:
    url = httpx.URL(server.wait(server.submit(ttl=60))[0][0]["videoURL"])
    forged = [
        url.copy_merge_params({"expires": "99999999999"}),
        url.copy_merge_params({"signature": "x"}),
        url.copy_with(path=url.path.replace("videos/", "inputs/")),
        url.copy_with(query=None),
    ]
    assert server.get("/files/%2e%2e/vitascope.db").status_code == 404
    assert {server.client.get(other).status_code for other in forged} == {404}
    assert len({server.client.get(other).text for other in forged[:4]}) == 1
    assert 0 < int(url.params["expires"]) - time.time() <= 60
    links = Links((server.data / "links.secret").read_bytes(), server.url)
    over = server.client.get(links.sign(url.path.removeprefix("/files/"), int(time.time()) - 5))
    assert over.status_code == 410 and "expired" in over.text, "whoever had the link may know that it was one"


def test_browsers_find_the_pages(server: Server) -> None:
    home = server.get("/")
    assert home.status_code == 200 and home.headers["content-type"].startswith("text/html")
    assert [server.get(path).status_code for path in re.findall(r'href="([^"]+)"', home.text)] == [200, 200, 200]


def test_webhook_and_upload(server: Server, receiver: Receiver) -> None:
    receiver.statuses = [500]  # the first call is refused once, and comes again
    sent = server.submit(webhookURL=f"{receiver.url}/hook?secret=1", uploadEndpoint=f"{receiver.url}/put")
    item = server.wait(sent)[0][0]
    calls = receiver.wait(3)
    hook = next(call for call in calls if call.method == "POST")
    assert hook.path == "/hook?secret=1" and hook.json() == item
    put = next(call for call in calls if call.method == "PUT")
    assert put.body == server.client.get(item["videoURL"]).content
    assert put.headers["content-type"] == "video/mp4" and "transfer-encoding" not in put.headers


@pytest.mark.parametrize("name", ["{videoUUID}", "%7BvideoUUID%7D"])
def test_several_results_are_put_to_addresses_of_their_own(server: Server, receiver: Receiver, name: str) -> None:
    sent = server.submit(uploadEndpoint=f"{receiver.url}/bucket/{name}.mp4?sign=%7Ba%7D", numberResults=3)
    items = server.wait(sent)[0]
    puts = {call.path: call.body for call in receiver.wait(3)}
    assert puts == {
        f"/bucket/{item['videoUUID']}.mp4?sign=%7Ba%7D": server.client.get(item["videoURL"]).content for item in items
    }


def test_several_results_are_not_put_to_one_address(server: Server, receiver: Receiver) -> None:
    task = video_task(uploadEndpoint=f"{receiver.url}/clip.mp4?sign=a", numberResults=2)
    refusal = server.post(task)
    assert refusal.status_code == 400
    error = refusal.json()["errors"][0]
    assert error["parameter"] == ["uploadEndpoint", "numberResults"] and "{videoUUID}" in error["message"]
    assert server.wait(server.submit(uploadEndpoint=task["uploadEndpoint"]))[0]
    assert [call.path for call in receiver.wait(1)] == ["/clip.mp4?sign=a"], "one result is put as it was signed"


def test_a_failure_is_told_by_webhook_too(server: Server, receiver: Receiver) -> None:
    broken = {"frameImages": [f"{receiver.url}/gone.png"]}
    task_uuid = server.submit(inputs=broken, webhookURL=f"{receiver.url}/hook")
    errors = server.wait(task_uuid)[1]
    assert receiver.wait(1)[0].json() == errors[0]


def test_the_printed_curl_works_when_pasted(server: Server) -> None:
    command = server.banner[server.banner.index("  curl") :].strip()
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, timeout=30)
    task_uuid = json.loads(done.stdout)["data"][0]["taskUUID"]
    assert server.wait(task_uuid)[0][0]["status"] == "success"


def test_openapi_is_published(server: Server) -> None:
    document = server.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1") and "/v1" in document["paths"]


def test_strict_parity_answers_unknown_tasks_with_nothing(make_server: Callable[..., Server]) -> None:
    server = make_server(VITASCOPE_STRICT_PARITY="true").start()
    assert server.post({"taskType": "getResponse", "taskUUID": UNKNOWN}).json() == {"data": []}


def test_ctrl_c_ends_cleanly_and_the_next_start_goes_on(make_server: Callable[..., Server]) -> None:
    server = make_server().start().ready()
    task_uuid = server.submit(model="bytedance:2@1", width=1920, height=1088, duration=2, numberResults=2)
    for _ in range(4):  # more often than a take may take its worker down: stopping on purpose does not count
        server.wait_until_begun(task_uuid)
        assert server.stop() < 8
        server.start().ready()
    data, errors = server.wait(task_uuid)
    assert len(data) == 2 and not errors


def test_a_port_that_is_taken_is_said_plainly(server: Server, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vitascope", "serve", "--engine", "testcard", "--port", str(server.port)]
    done = subprocess.run([*command, "--data", str(tmp_path / "data")], capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and "already in use" in done.stderr and "API key" not in done.stdout


def test_bodies_beyond_the_limit_are_refused(make_server: Callable[..., Server]) -> None:
    server = make_server(VITASCOPE_MAX_BODY="20000").start()
    reply = server.post({"taskType": "ping", "ping": "x" * 30_000})
    assert reply.status_code == 413 and "URL" in reply.json()["errors"][0]["message"]
