"""Small detectors made for the tests: a network of one layer that tells red, green and blue pictures apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

DESCRIPTION: dict[str, Any] = {
    "name": "colours",
    "model": "colours.onnx",
    "layout": "NCHW",
    "width": 16,
    "height": 8,
    "output": "scores",
    "activation": "softmax",
    "classes": ["red", "green", "blue"],
    "flags": {"red": 0.9},
}


def network(layout: str = "NCHW", outputs: int = 3, shape: list[int | str] | None = None, kind: int = 1) -> bytes:
    """An ONNX file: the mean of each channel, times 20, in as many columns as asked for."""
    axes = [2, 3] if layout == "NCHW" else [1, 2]
    shape = shape or (["count", 3, 8, 16] if layout == "NCHW" else ["count", 8, 16, 3])
    weights = np.zeros((3, outputs), np.float32)
    np.fill_diagonal(weights, 20)
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["means"], axes=axes, keepdims=0),
        helper.make_node("MatMul", ["means", "weights"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "colours",
        [helper.make_tensor_value_info("picture", kind, shape)],
        [helper.make_tensor_value_info("scores", kind, None)],
        [numpy_helper.from_array(weights.astype(helper.tensor_dtype_to_np_dtype(kind)), "weights")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    return bytes(made.SerializeToString())


def two_inputs() -> bytes:
    """An ONNX file that wants two pictures."""
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, 8, 16]) for name in ("a", "b")]
    put_out = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, None)]
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["scores"])], "two", given, put_out)
    made: onnx.ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    return bytes(made.SerializeToString())


def written(folder: Path, data: bytes, changes: dict[str, Any] | None = None) -> Path:
    """Write a network and its description into a folder; returns the description's path. None leaves an entry out."""
    (folder / "colours.onnx").write_bytes(data)
    entries = {name: value for name, value in {**DESCRIPTION, **(changes or {})}.items() if value is not None}
    flags = entries.pop("flags", None)
    lines = [f"{name} = {_toml(value)}" for name, value in entries.items()]
    if flags is not None:
        lines += ["[flags]", *(f"{_toml(name)} = {value}" for name, value in flags.items())]
    path = folder / "colours.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')
