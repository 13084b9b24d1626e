"""How the official clients are run against a server, and what every flow of theirs has to come to."""

from __future__ import annotations

import json
import os
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.clients.homes import node_home, python_home
from tests.clients.proxy import Proxy
from tests.life.conftest import Server
from vitascope.media.probe import probe

HERE = Path(__file__).parent
PRO = "bytedance:seedance@1.5-pro"
FAST = {"model": "bytedance:2@2", "positivePrompt": "a test pattern", "width": 864, "height": 480, "duration": 1.2}
FAST |= {"outputQuality": 40}
SMALL = {
    "model": PRO,
    "positivePrompt": "a test pattern",
    "width": 864,
    "height": 496,
    "duration": 4,
    "outputQuality": 40,
}
LONG = {**SMALL, "width": 1920, "height": 1080}
LESS_LONG = {**SMALL, "width": 1280, "height": 720}


@dataclass(frozen=True)
class Client:
    """One version of an official client over one transport; without a `version`, the newest.

    `lacks` are the flows that it has no words for, or cannot do whatever a server does. One that `loses_files` does not
    send local files with a video: its users upload them.
    """

    name: str
    transport: str = "websocket"
    version: str = ""
    lacks: frozenset[str] = frozenset()
    loses_files: bool = False

    def __str__(self) -> str:
        return "-".join(filter(None, (self.name, self.version, self.transport)))

    def run(self, job: dict[str, Any]) -> subprocess.Popen[str]:
        """Start a process that runs a job's flows and prints their outcomes."""
        job = {**job, "transport": self.transport}
        lock = f"{self.name}-{self.version}" if self.version else self.name
        if self.name == "sdk-js":
            command = ["node", str(HERE / "flows_sdk_js.mjs"), json.dumps({**job, "home": str(node_home(lock))})]
        else:
            script = HERE / f"flows_{self.name.replace('-', '_')}.py"
            command = [str(python_home(lock)), str(script), json.dumps(job)]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=HERE
        )


Outcomes = dict[str, Any]


def frames(*pictures: Path) -> dict[str, Any]:
    places = ("first", "last")
    return {"frameImages": [{"image": str(path), "frame": places[index]} for index, path in enumerate(pictures)]}


WITH_FILES = {"image", "twoFrames", "twoFramesPro", "legacy"}


def flows_for(client: Client, first: Path, last: Path, dropped: str) -> dict[str, dict[str, Any]]:
    by_picture = {name: value for name, value in FAST.items() if name not in {"width", "height"}}
    flows: dict[str, dict[str, Any]] = {
        "text": {**FAST, "seed": 7},
        "cost": {**FAST, "includeCost": True},
        "three": {**FAST, "numberResults": 3, "seed": 40},
        "image": {**by_picture, "resolution": "480p", "inputs": frames(first)},
        "twoFrames": {**FAST, "model": "bytedance:2@1", "inputs": frames(first, last)},
        "twoFramesPro": {**SMALL, "inputs": frames(first, last)},
        "sound": {**SMALL, "providerSettings": {"bytedance": {"audio": True}}},
        "silent": {**SMALL, "providerSettings": {"bytedance": {"audio": False}}},
        "draft": {**SMALL, "seed": 3, "providerSettings": {"bytedance": {"draft": True}}, "final": {"model": PRO}},
        "invalid": {**FAST, "duration": 99, "outputQuality": 7},
        "failing": {**FAST, "numberResults": 2, "inputs": {"frameImages": ["http://nothing.example/none.png"]}},
        "half": {**FAST, "positivePrompt": "a test pattern \ud83d"},
        "blank": {**FAST, "positivePrompt": " \u200b\u200b "},
        "badKey": {**FAST, "via": "badKey"},
        "dropped": {**(LESS_LONG if client.version else LONG), "taskUUID": dropped, "via": "proxy"},
    }
    if client.name == "runware":
        flows["legacy"] = {**flows["image"], "legacyFrames": True}
    if client.name == "sdk-js":
        flows["inline"] = {**flows["image"], "upload": False}
    if client.loses_files:
        flows = {name: {**flow, "upload": True} if name in WITH_FILES else flow for name, flow in flows.items()}
    return {name: flow for name, flow in flows.items() if name not in client.lacks}


def run_every_flow(client: Client, server: Server, folder: Path, patience: float) -> Outcomes:
    """What every flow of this client came to; its dropped socket is cut while that task is being made."""
    first, last = folder / "first.png", folder / "last.png"
    Image.linear_gradient("L").resize((750, 560)).convert("RGB").save(first)
    Image.radial_gradient("L").resize((750, 560)).convert("RGB").save(last)
    dropped = str(uuid.uuid4())
    proxy = Proxy(server.port)
    job = {"url": server.url, "proxy": proxy.url, "key": server.key}
    process = client.run({**job, "flows": flows_for(client, first, last, dropped)})
    try:
        if "dropped" not in client.lacks:
            wait_until_made(server, dropped, process, patience)
            proxy.cut()
        return finished(process, 2 * patience)
    finally:
        end(process)
        proxy.close()


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def wait_until_made(server: Server, task_uuid: str, process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Until a take of the task has begun; the task was accepted some time before."""
    deadline = time.monotonic() + seconds
    while not any(item.get("progress", 0) > 0 for item in server.poll(task_uuid)[0]):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, f"no take of {task_uuid} has begun within {seconds} s"
        time.sleep(0.05)


def finished(process: subprocess.Popen[str], seconds: float) -> Outcomes:
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err
    found: Outcomes = json.loads(out.strip().splitlines()[-1])
    print({name: round(outcome["seconds"], 1) for name, outcome in found.items()})
    return found


def items(outcomes: Outcomes, flow: str, number: int = 1) -> list[dict[str, Any]]:
    if flow not in outcomes:
        pytest.skip("this version cannot do it (docs/compat.md)")
    outcome = outcomes[flow]
    assert outcome["error"] is None, outcome
    assert len({item["videoUUID"] for item in outcome["items"]}) == len(outcome["items"]) == number, outcome
    found: list[dict[str, Any]] = outcome["items"]
    return found


def facts(server: Server, outcomes: Outcomes, flow: str, folder: Path) -> Any:
    path = folder / f"{flow}.mp4"
    path.write_bytes(server.client.get(items(outcomes, flow)[0]["videoURL"]).raise_for_status().content)
    return probe(path)


class EveryFlow:
    """What each flow has to come to. A module that has the fixtures `server`, `client` and `outcomes` inherits it."""

    def test_text_to_video(self, outcomes: Outcomes, server: Server, tmp_path: Path) -> None:
        assert items(outcomes, "text")[0]["seed"] == 7
        made = facts(server, outcomes, "text", tmp_path)
        assert (str(made.size), made.frames) == ("864x480", 29)

    def test_cost(self, outcomes: Outcomes) -> None:
        assert items(outcomes, "cost")[0]["cost"] == 0.00762
        assert items(outcomes, "text")[0].get("cost") is None

    def test_three_results_are_three(self, outcomes: Outcomes) -> None:
        assert sorted(item["seed"] for item in items(outcomes, "three", 3)) == [40, 41, 42]

    def test_image_to_video_with_a_local_file(self, outcomes: Outcomes, server: Server, tmp_path: Path) -> None:
        """In every spelling that the client has for it."""
        for flow in ["image", *(outcomes.keys() & {"legacy", "inline"})]:
            assert str(facts(server, outcomes, flow, tmp_path).size) == "736x544", (
                "the size nearest to the picture's shape"
            )

    @pytest.mark.parametrize("flow", ["twoFrames", "twoFramesPro"])
    def test_first_and_last_frame(self, outcomes: Outcomes, flow: str) -> None:
        assert items(outcomes, flow)

    def test_sound_on_and_off(self, outcomes: Outcomes, server: Server, tmp_path: Path) -> None:
        assert facts(server, outcomes, "sound", tmp_path).sound is not None
        assert facts(server, outcomes, "silent", tmp_path).sound is None

    def test_a_draft_then_its_final(self, outcomes: Outcomes, server: Server, tmp_path: Path) -> None:
        assert str(facts(server, outcomes, "draft", tmp_path).size) == "1280x720"
        assert items(outcomes, "draft")[0]["seed"] == outcomes["draft"]["draft"][0]["seed"] == 3
        assert outcomes["draft"]["draft"][0]["draftId"].startswith("cgt-")

    def test_a_validation_error_is_told_at_once(self, outcomes: Outcomes, client: Client) -> None:
        """Of a task with two faults, while others of the same connection are being made (and come to their ends)."""
        error = outcomes["invalid"]["error"]
        code = "validation" if client.name == "runware-sdk" else "invalidOutputQuality"
        assert error and (error["code"], error["parameter"]) == (code, "outputQuality"), error
        assert "20" in error["message"] and "99" in error["message"]
        assert outcomes["invalid"]["seconds"] < 5

    def test_a_failed_task_is_told(self, outcomes: Outcomes) -> None:
        error = outcomes["failing"]["error"]
        assert error and error["parameter"] == "inputs.frameImages.0", error

    def test_a_prompt_cut_through_an_emoji_is_made(self, outcomes: Outcomes) -> None:
        """And hurts no neighbour: all other flows share its connection."""
        assert items(outcomes, "half")

    def test_a_prompt_with_nothing_to_see_is_told_at_once(self, outcomes: Outcomes) -> None:
        error = outcomes["blank"]["error"]
        assert error and error["parameter"] == "positivePrompt", error
        assert outcomes["blank"]["seconds"] < 5

    def test_a_bad_key_is_told(self, outcomes: Outcomes) -> None:
        error = outcomes["badKey"]["error"]
        assert error and "key" in error["message"].lower(), error
        assert outcomes["badKey"]["seconds"] < 6

    def test_a_dropped_connection_in_mid_task(self, outcomes: Outcomes) -> None:
        assert items(outcomes, "dropped")
