"""The command line as a user runs it: real files, exit codes, and a real process wherever that makes a difference."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.cli import command
from tests.cli.command import Said
from vitascope import __version__
from vitascope.media.probe import pictures, probe
from vitascope.settings import Settings

SEEDS = Path(__file__).parent.parent / "contract" / "seed_examples.json"


def vitascope(folder: Path, *arguments: str, code: int = 0) -> Said:
    """A command inside this process."""
    done = command.vitascope(folder, *arguments)
    assert done.code == code, done.stdout + done.stderr
    return done


def process(folder: Path, *arguments: str, code: int = 0) -> Said:
    """A command in a process of its own."""
    line = [sys.executable, "-W", "error::ResourceWarning", "-m", "vitascope", *arguments]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stdout + done.stderr
    return Said(done.stdout, done.stderr, done.returncode)


COMMON = ("generate", "--engine", "testcard", "--json", "--quality", "40")


def generate(folder: Path, *options: str, code: int = 0) -> Any:
    """What `generate --json` prints: an object, or a list of them for several results."""
    return json.loads(vitascope(folder, *COMMON, *options, code=code).stdout)


FAST = ("--model", "bytedance:2@2", "--duration", "1.2", "--seed", "3")


def test_generate_writes_a_clip_and_says_what_it_is(tmp_path: Path) -> None:
    facts = generate(tmp_path, "--prompt", "bars", *FAST, "--out", "clip.mp4")
    video = probe(tmp_path / "clip.mp4")
    assert facts["file"] == "clip.mp4" and facts["size"] == str(video.size) == "864x480"
    assert facts["frames"] == video.frames == 29 and facts["cost"] == 0.00762 and facts["seed"] == 3
    assert "testcard" in video.notes["comment"] and "test pattern" in video.notes["comment"]


def test_the_version(tmp_path: Path) -> None:
    assert process(tmp_path, "--version").stdout == f"vitascope {__version__}\n"


def test_the_same_command_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    generate(tmp_path, "-p", "bars", *FAST, "--out", "a.mp4")
    facts = json.loads(process(tmp_path, *COMMON, "-p", "bars", *FAST, "--out", "b.mp4").stdout)
    assert facts["file"] == "b.mp4" and (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_several_results_in_another_format(tmp_path: Path) -> None:
    facts = generate(tmp_path, "-p", "bars", *FAST, "--results", "2", "--format", "mov", "--out", "clip.mov")
    assert isinstance(facts, list)
    assert [item["seed"] for item in facts] == [3, 4]
    assert all(probe(tmp_path / f"clip-{number}.mov").brand.strip() == "qt" for number in (1, 2))


def test_a_draft_is_finished_in_another_process(tmp_path: Path) -> None:
    draft = generate(tmp_path, "-p", "bars", "--draft", "--no-audio", "--duration", "4", "--out", "draft.mp4")
    final = json.loads(process(tmp_path, *COMMON, "--draft-id", draft["draftId"], "--out", "final.mp4").stdout)
    assert (draft["size"], final["size"]) == ("864x496", "1280x720")
    assert draft["seed"] == final["seed"] and probe(tmp_path / "final.mp4").sound is None


def test_frames_given_as_files_are_the_ends_of_the_clip(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 864).astype(np.uint8)
    picture = np.repeat(np.tile(ramp, (480, 1))[..., None], 3, axis=2)
    for name, pixels in (("first", picture), ("last", picture[:, ::-1])):
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    ends = ("--first-frame", "first.png", "--last-frame", "last.png", "--resolution", "480p")
    generate(tmp_path, "-p", "bars", "--model", "bytedance:2@1", "--duration", "1.2", *ends, "--out", "clip.mp4")
    frames = list(pictures(tmp_path / "clip.mp4"))
    for frame, given in ((frames[0], picture), (frames[-1], picture[:, ::-1])):
        assert np.abs(frame.astype(int) - given.astype(int)).mean() < 3


def test_a_refused_request_names_every_fault_and_exits_with_2(tmp_path: Path) -> None:
    done = process(tmp_path, "generate", "-p", "x", "--model", "bytedance:2@2", "--duration", "99", code=2)
    assert "positivePrompt" in done.stderr and "duration" in done.stderr
    errors = generate(tmp_path, "-p", "bars", "--width", "865", "--height", "480", code=2)["errors"]
    assert isinstance(errors, list) and errors[0]["parameter"] == ["width", "height"]
    assert not list(tmp_path.glob("*.mp4"))


def test_a_missing_picture_or_folder_is_said_plainly(tmp_path: Path) -> None:
    done = vitascope(tmp_path, "generate", "-p", "bars", "--first-frame", "nowhere.png", code=2)
    assert "nowhere.png" in done.stderr
    done = vitascope(tmp_path, "generate", "-p", "bars", "--engine", "testcard", "--out", "no/where.mp4", code=2)
    assert "no" in done.stderr and "folder" in done.stderr


def test_the_container_is_what_the_file_is_named(tmp_path: Path) -> None:
    generate(tmp_path, "-p", "bars", *FAST, "--out", "clip.mov")
    assert probe(tmp_path / "clip.mov").brand.strip() == "qt"
    done = vitascope(tmp_path, "generate", "-p", "bars", "--format", "webm", "--out", "clip.mp4", code=2)
    assert "MP4" in done.stderr and "webm" in done.stderr
    done = vitascope(tmp_path, "generate", "-p", "bars", "--out", "clip.txt", code=2)
    assert ".webm" in done.stderr
    done = vitascope(tmp_path, "sheet", "clip.mov", "sheet.txt", code=2)
    assert ".png" in done.stderr


def test_wrong_settings_are_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "vitascope.toml").write_text("port = 'x'\n")
    done = vitascope(tmp_path, "keys", "list", code=1)
    assert "port" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["127.0.0.1, 10.0.0.0/8", '["127.0.0.1", "10.0.0.0/8"]'])
def test_hosts_may_be_listed_as_people_write(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITASCOPE_ALLOW_HOSTS", text)
    assert Settings().allow_hosts == ("127.0.0.1", "10.0.0.0/8")


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = process(tmp_path, "serve", "--engine", "testcard", "--port", port, code=1)
    assert port in done.stderr and "--port" in done.stderr and "Traceback" not in done.stderr


def test_an_unknown_engine_is_said_plainly(tmp_path: Path) -> None:
    done = vitascope(tmp_path, "generate", "-p", "bars", "--engine", "crystal", code=1)
    assert "crystal" in done.stderr and "filmset" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("number", range(12))
def test_price_prints_what_the_documents_say(tmp_path: Path, number: int) -> None:
    example = json.loads(SEEDS.read_text())[number]
    (tmp_path / "request.json").write_text(json.dumps([example["request"]]))
    assert float(vitascope(tmp_path, "price", "request.json").stdout) == example["response"]["cost"]


def test_an_operators_own_rates_are_shown_wherever_prices_are(tmp_path: Path) -> None:
    request = json.loads(SEEDS.read_text())[0]["request"]
    (tmp_path / "request.json").write_text(json.dumps(request))
    before = float(vitascope(tmp_path, "price", "request.json").stdout)
    (tmp_path / "vitascope.toml").write_text(f'rates = {{"{request["model"]}" = 0.99}}')
    assert float(vitascope(tmp_path, "price", "request.json").stdout) == pytest.approx(before / 2, abs=1e-5)
    assert "0.99" in vitascope(tmp_path, "models").stdout


def test_models_name_their_engine_and_what_it_is(tmp_path: Path) -> None:
    shown = vitascope(tmp_path, "models").stdout
    assert all(model in shown for model in ("bytedance:2@1", "bytedance:2@2", "bytedance:seedance@1.5-pro"))
    assert "filmset" in shown and "procedural" in shown


def test_keys_create_prints_only_the_key(tmp_path: Path) -> None:
    keys = [vitascope(tmp_path, "keys", "create", "--data", "data").stdout for _ in range(2)]
    assert all(re.fullmatch(r"vita_\w{30,}\n", key) for key in keys) and keys[0] != keys[1]


def test_doctor_is_content_here(tmp_path: Path) -> None:
    shown = vitascope(tmp_path, "doctor", "--data", "data").stdout
    assert all(word in shown for word in ("CPU", "bf16", "memory", "codecs", "disk", "database", "filmset", "testcard"))


def test_doctor_lists_the_settings(tmp_path: Path) -> None:
    listed = vitascope(tmp_path, "doctor", "--settings").stdout
    assert all(f"VITASCOPE_{name.upper()}" in listed for name in Settings.model_fields)


def test_sheet_writes_a_picture(tmp_path: Path) -> None:
    generate(tmp_path, "-p", "bars", *FAST, "--out", "clip.mp4")
    vitascope(tmp_path, "sheet", "clip.mp4", "clip.png")
    with Image.open(tmp_path / "clip.png") as image:
        assert image.width > 800


def test_the_web_process_loads_no_drawing_libraries(tmp_path: Path) -> None:
    heavy = ("skia", "torch", "av", "cv2", "onnxruntime")
    program = f"import sys, vitascope.server.app; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert done.stdout.strip() == "[]"
