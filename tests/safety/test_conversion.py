"""The network that is shipped is what the script makes of the package: the same bytes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.safety.convert import converted, fetch, json_of
from vitascope.safety.description import described


def test_what_a_minified_script_holds() -> None:
    script = r'{a:!0,b:[!1,null,.5,-.25,1e-7,-3.5e+2],$c:{"d-e":"!0 {x:1}\"",_f:{}}},ignored:1}'
    numbers = [False, None, 0.5, -0.25, 1e-7, -350.0]
    assert json_of(script) == {"a": True, "b": numbers, "$c": {"d-e": '!0 {x:1}"', "_f": {}}}


def test_another_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nsfwjs.tgz").write_bytes(b"another")
    with pytest.raises(SystemExit, match=r"is not nsfwjs@4\.3\.0"):
        converted(tmp_path / "nsfwjs.tgz")


@pytest.mark.judge
def test_the_package_gives_the_bytes_that_are_shipped(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    try:
        package = fetch(tmp_path)
    except subprocess.CalledProcessError:
        pytest.skip("the package could not be had (is the registry reachable?)")
    data = converted(package)
    assert hashlib.sha256(data).hexdigest() == described().sha256
    assert data == described().model.read_bytes()
    program = [
        sys.executable,
        "-m",
        "bench.safety.convert",
        "--package",
        str(package),
        "--out",
        str(tmp_path / "again.onnx"),
    ]
    subprocess.run(program, check=True, cwd=Path(__file__).parents[2], env={"PYTHONHASHSEED": "7"}, timeout=300)
    assert (tmp_path / "again.onnx").read_bytes() == data, "in another process, with another hash seed"
