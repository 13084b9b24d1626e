"""Another detector by a setting: every layout that is described works, and what is wrong is said at the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto

from tests.cli.command import vitascope
from tests.safety.networks import network, two_inputs, written
from vitascope.errors import SetupError
from vitascope.safety.classifier import Classifier, detector_for
from vitascope.safety.description import BUILT_IN, described
from vitascope.settings import Settings
from vitascope.values import Picture
from vitascope.worker.worker import Worker

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


def plain(colour: str) -> Picture:
    return np.full((90, 160, 3), COLOURS[colour], np.uint8)


class TestAnotherDetector:
    @pytest.mark.parametrize("resize", ["area", "corners"])
    @pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
    def test_decides_in_its_own_layout(self, tmp_path: Path, layout: str, resize: str) -> None:
        path = written(tmp_path, network(layout), {"layout": layout, "resize": resize})
        detector = detector_for(Settings(safety_model=path))
        assert [detector.flagged(plain(colour)) for colour in COLOURS] == [True, False, False]

    def test_may_want_its_channels_the_other_way_round(self, tmp_path: Path) -> None:
        detector = detector_for(Settings(safety_model=written(tmp_path, network(), {"channels": "BGR"})))
        assert [detector.flagged(plain(colour)) for colour in COLOURS] == [False, False, True]

    def test_is_given_values_as_described(self, tmp_path: Path) -> None:
        changes = {"mean": [1.0, 0.0, 0.0], "deviation": [1.0, 2.0, 1.0], "activation": "sigmoid"}
        found = detector_for(Settings(safety_model=written(tmp_path, network(), changes))).probabilities(plain("green"))
        assert found == pytest.approx([1 / (1 + np.exp(20)), 1 / (1 + np.exp(-10)), 0.5])

    def test_may_have_one_output(self, tmp_path: Path) -> None:
        changes = {"classes": ["red"], "activation": "sigmoid"}
        detector = detector_for(Settings(safety_model=written(tmp_path, network(outputs=1), changes)))
        assert [detector.flagged(plain(colour)) for colour in COLOURS] == [True, False, False]


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no such class", {"flags": {"nude": 0.5}}, "flags: nude is none of the classes red, green, blue"),
    ("no such class in a sum", {"flags": {"red+nude": 0.5}}, "nude is none of the classes"),
    ("nothing is flagged", {"flags": {}}, "flags"),
    ("no flags", {"flags": None}, "flags: Field required"),
    ("a sum above 1", {"flags": {"red": 50}}, "flags: red: Input should be less than or equal to 1"),
    ("the same class twice", {"classes": ["red", "red", "blue"]}, "each name once"),
    ("an entry that is not known", {"treshold": 0.5}, "treshold: Extra inputs are not permitted"),
    ("another layout", {"layout": "CHW"}, "layout: Input should be 'NCHW' or 'NHWC'"),
    ("no layout", {"layout": None}, "layout: Field required"),
    ("no width", {"width": 0}, "width: Input should be greater than or equal to 8"),
    ("a deviation of zero", {"deviation": [1.0, 0.0, 1.0]}, "deviation: Value error, must be above zero"),
    ("two means", {"mean": [1.0, 0.0]}, "mean"),
    ("another file", {"model": "other.onnx"}, "other.onnx cannot be read"),
    ("another digest", {"sha256": "00"}, "not the one described"),
    ("another size", {"width": 32}, "its input has the shape ['count', 3, 8, 16], not [1, 3, 8, 32]"),
    ("the other layout", {"layout": "NHWC"}, "its input has the shape"),
    ("another output", {"output": "classes"}, "it has no output 'classes', only scores"),
    ("more classes", {"classes": ["red", "green", "blue", "grey"]}, "3 values, the description names 4 classes"),
    ("no probabilities", {"activation": "none"}, "set activation to softmax or sigmoid"),
]


class TestWhatIsWrong:
    @pytest.mark.parametrize(("changes", "message"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
    def test_in_the_description(self, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
        path = written(tmp_path, network(), changes)
        with pytest.raises(SetupError) as error:
            detector_for(Settings(safety_model=path))
        assert message in str(error.value) and str(tmp_path) in str(error.value)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "no ONNX file that can be run"),
            (b"<html>404</html>", "no ONNX file that can be run"),
            (network()[:-40], "no ONNX file that can be run"),
            (BUILT_IN.with_suffix(".onnx").read_bytes()[:100_000], "no ONNX file that can be run"),
            (two_inputs(), "it has 2 inputs, not one"),
            (network(kind=TensorProto.DOUBLE), "its input is tensor(double), not tensor(float)"),
            (network(shape=[4, 3, 8, 16]), "its input has the shape [4, 3, 8, 16]"),
        ],
        ids=["empty", "a page", "cut off", "another, cut off", "two inputs", "doubles", "four at once"],
    )
    def test_in_the_file(self, tmp_path: Path, data: bytes, message: str) -> None:
        with pytest.raises(SetupError) as error:
            detector_for(Settings(safety_model=written(tmp_path, data)))
        assert message in str(error.value)

    @pytest.mark.parametrize("text", ["name = ", "\udcff", None], ids=["no TOML", "no text", "no file"])
    def test_in_the_text(self, tmp_path: Path, text: str | None) -> None:
        path = tmp_path / "colours.toml"
        if text is not None:
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(SetupError, match="cannot be read"):
            described(path)

    def test_is_known_before_a_worker_works(self, tmp_path: Path) -> None:
        path = written(tmp_path, network(), {"output": "classes"})
        with pytest.raises(SetupError, match="no output 'classes'"):
            Worker(Settings(data=tmp_path / "data", engine="testcard", safety_model=path))

    def test_is_said_by_serve_and_by_doctor(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VITASCOPE_SAFETY_MODEL", str(written(tmp_path, network(), {"output": "classes"})))
        served = vitascope(tmp_path, "serve", "--engine", "testcard", "--port", "0", "--data", "data")
        assert served.code == 1 and "no output 'classes'" in " ".join(served.stderr.split())
        seen = vitascope(tmp_path, "doctor", "--data", "data")
        assert seen.code == 1 and "VITASCOPE_SAFETY_MODEL" in seen.stdout


def test_the_built_in_files_digest_is_checked(tmp_path: Path) -> None:
    described_here = described().model_copy(update={"model": tmp_path / "nsfwjs.onnx"})
    (tmp_path / "nsfwjs.onnx").write_bytes(BUILT_IN.with_suffix(".onnx").read_bytes() + b"\0")
    with pytest.raises(SetupError, match="not the one described"):
        Classifier(described_here).open()


def test_doctor_names_the_detector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = vitascope(tmp_path, "doctor", "--data", "data").stdout
    assert "nsfwjs 4.3.0 MobileNetV2; flags hentai+porn >= 0.8" in seen
    monkeypatch.setenv("VITASCOPE_SAFETY_MODEL", str(written(tmp_path, network())))
    assert "colours; flags red >= 0.9" in vitascope(tmp_path, "doctor", "--data", "data").stdout
