"""Convert the classifier in npm's `nsfwjs` 4.3.0 (MIT) into the one ONNX file that the safety screen ships.

Run: python -m bench.safety.convert [--package nsfwjs-4.3.0.tgz] [--out FILE]. Needs `onnx` (of the `dev` extra), and
npm if no package is given. The same package gives the same bytes: `src/vitascope/safety/nsfwjs.toml` has their digest.
The kernels stay 8 bits wide, as they are in the package; everything small becomes 32-bit floats.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SHIPPED = Path(__file__).parents[2] / "src" / "vitascope" / "safety" / "nsfwjs.onnx"
PACKAGE = "nsfwjs@4.3.0"
INTEGRITY = "WTKDte0vp1X97N1h34P79G/hG+sVT3+TnDz9di1WseIJR93v11E4viNX7Vg9WsO6HYoR772Nzq2iM8jo3XBZ+g=="
"""SHA-512 of the package, as the registry gives it."""
FOLDER = "package/dist/models/mobilenet_v2"
OPSET, IR = 13, 8  # old enough for every reader of the last years
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|![01]|[A-Za-z_$][\w$]*|-?[\d.](?:[\d.]|e[+-]?)*|[{}\[\],:]')

Layer = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, help="the package's file; default: npm fetches it")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = converted(asked.package or fetch(Path(folder)))
    asked.out.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    print(f"{asked.out}: {len(data)} bytes, SHA-256 {digest}")
    if digest != tomllib.loads(SHIPPED.with_suffix(".toml").read_text(encoding="utf-8"))["sha256"]:
        sys.exit("That is not the digest in nsfwjs.toml.")


def fetch(folder: Path) -> Path:
    """Get the package with npm, which keeps to the registry that this machine is set to."""
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def converted(package: Path) -> bytes:
    """The package as an ONNX file. Ends the program if it is not the very package that is meant."""
    if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != INTEGRITY:
        sys.exit(f"{package} is not {PACKAGE}: its SHA-512 is another.")
    with tarfile.open(package) as files:
        described = _script(files, "model.min.js")
        text = _script(files, "group1-shard1of1.min.js")
    model = json_of(described[described.index("a.exports=") + len("a.exports=") :])
    weights = base64.b64decode(re.findall(r'"([A-Za-z0-9+/=]{1000,})"', text)[0])
    data: bytes = as_onnx(model, weights).SerializeToString(deterministic=True)
    return data


def _script(files: tarfile.TarFile, name: str) -> str:
    file = files.extractfile(f"{FOLDER}/{name}")
    assert file is not None
    return file.read().decode()


def json_of(script: str) -> dict[str, Any]:
    """The object that a minified script begins with: bare names, !0 for true, .5 for 0.5."""
    tokens: list[str] = []
    depth = 0
    for match in TOKEN.finditer(script):
        token = match[0]
        if token[0] == "!":
            token = {"!0": "true", "!1": "false"}[token]
        elif token[0].isalpha() or token[0] in "_$":
            token = token if token == "null" else json.dumps(token)
        elif token.lstrip("-").startswith("."):
            token = token.replace(".", "0.", 1)
        tokens.append(token)
        depth += (token in "{[") - (token in "}]")
        if depth == 0:
            break
    found: dict[str, Any] = json.loads("".join(tokens))
    return found


class Weights:
    """The tensors by name: bytes with a scale and a minimum each."""

    def __init__(self, specs: list[dict[str, Any]], data: bytes) -> None:
        self._tensors = {}
        start = 0
        for spec in specs:
            count = int(np.prod(spec["shape"]))
            assert spec["dtype"] == "float32" and spec["quantization"]["dtype"] == "uint8", spec
            values = np.frombuffer(data, np.uint8, count, start).reshape(spec["shape"])
            self._tensors[spec["name"]] = (values, spec["quantization"]["scale"], spec["quantization"]["min"])
            start += count
        assert start == len(data), "bytes that belong to no tensor"

    def stored(self, name: str) -> tuple[NDArray[np.uint8], float, int]:
        """(bytes, scale, which byte is zero) of a tensor whose zero is one of its steps."""
        values, scale, least = self._tensors[name]
        zero = round(-least / scale)
        assert 0 <= zero <= 255 and abs(zero * scale + least) < 1e-9, name
        return values, scale, zero

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor unpacked as the original does it: in doubles, then rounded."""
        values, scale, least = self._tensors[name]
        return np.asarray(values * float(scale) + least, np.float32)


class Graph:
    """ONNX nodes and constants as they are added; `value` names what each layer puts out."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.value: dict[str, str] = {}
        self.pads: dict[str, list[int]] = {}  # of layers that only pad for the next one

    def add(self, kind: str, name: str, inputs: list[str], **attributes: Any) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        self.value[name] = name

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def kernel(self, layer: Layer, weight: str, axes: tuple[int, ...]) -> str:
        """A layer's kernel, kept in bytes, its axes in ONNX's order."""
        name = f"{layer['name']}/{weight}"
        values, scale, zero = self.weights.stored(name)
        parts = [self.constant(f"{name}/bytes", values.transpose(axes))]
        parts.append(self.constant(f"{name}/scale", np.array(scale, np.float32)))
        parts.append(self.constant(f"{name}/zero", np.array(zero, np.uint8)))
        self.nodes.append(helper.make_node("DequantizeLinear", parts, [name], name=name))
        return name


def as_onnx(model: dict[str, Any], data: bytes) -> onnx.ModelProto:
    """Pictures (N, 224, 224, 3) of values 0-1 in, probabilities (N, 5) out."""
    weights = Weights([spec for group in model["weightsManifest"] for spec in group["weights"]], data)
    config = model["modelTopology"]["model_config"]["config"]
    graph = Graph(weights)
    for layer in config["layers"]:
        before = [node[0] for node in (layer["inbound_nodes"] or [[]])[0]]
        assert layer["config"].get("data_format", "channels_last") == "channels_last"
        LAYERS[layer["class_name"]](graph, layer, before)
    output = graph.value[config["output_layers"][0][0]]
    graph.nodes[-1].output[0] = "probabilities"
    assert graph.nodes[-1].name == output
    built = helper.make_graph(
        graph.nodes,
        PACKAGE,
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["count", 224, 224, 3])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["count", 5])],
        graph.constants,
    )
    made = helper.make_model(built, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="vitascope")
    made.ir_version = IR
    onnx.checker.check_model(made, full_check=True)
    return made


def _input(graph: Graph, layer: Layer, _before: list[str]) -> None:
    assert layer["config"]["batch_input_shape"] == [None, 224, 224, 3]
    graph.add("Transpose", layer["name"], ["pictures"], perm=[0, 3, 1, 2])


def _zero_padding(graph: Graph, layer: Layer, before: list[str]) -> None:
    (top, bottom), (left, right) = layer["config"]["padding"]
    graph.value[layer["name"]] = graph.value[before[0]]
    graph.pads[layer["name"]] = [top, left, bottom, right]


def _convolution(graph: Graph, layer: Layer, before: list[str]) -> None:
    config = layer["config"]
    assert config["activation"] == "linear" and not config["use_bias"] and config["dilation_rate"] == [1, 1]
    if config["padding"] == "same":
        assert config["strides"] == [1, 1]
        pads = [size // 2 for size in config["kernel_size"]] * 2
    else:
        pads = graph.pads.get(before[0], [0, 0, 0, 0])
    shape = {"kernel_shape": config["kernel_size"], "strides": config["strides"], "pads": pads}
    if layer["class_name"] == "DepthwiseConv2D":
        assert config["depth_multiplier"] == 1
        kernel = graph.kernel(layer, "depthwise_kernel", (2, 3, 0, 1))
        shape["group"] = graph.weights.stored(kernel)[0].shape[2]
    else:
        kernel = graph.kernel(layer, "kernel", (3, 2, 0, 1))
    graph.add("Conv", layer["name"], [graph.value[before[0]], kernel], **shape)


def _normalization(graph: Graph, layer: Layer, before: list[str]) -> None:
    names = [f"{layer['name']}/{part}" for part in ("gamma", "beta", "moving_mean", "moving_variance")]
    parts = [graph.constant(name, graph.weights.floats(name)) for name in names]
    graph.add("BatchNormalization", layer["name"], [graph.value[before[0]], *parts], epsilon=layer["config"]["epsilon"])


def _relu(graph: Graph, layer: Layer, before: list[str]) -> None:
    config = layer["config"]
    assert config["negative_slope"] == config["threshold"] == 0
    most = graph.constant(f"{layer['name']}/most", np.array(config["max_value"], np.float32))
    least = graph.constant(f"{layer['name']}/least", np.array(0, np.float32))
    graph.add("Clip", layer["name"], [graph.value[before[0]], least, most])


def _sum(graph: Graph, layer: Layer, before: list[str]) -> None:
    graph.add("Add", layer["name"], [graph.value[name] for name in before])


def _mean(graph: Graph, layer: Layer, before: list[str]) -> None:
    config = layer["config"]
    assert config["padding"] == "valid"
    graph.add(
        "AveragePool",
        layer["name"],
        [graph.value[before[0]]],
        kernel_shape=config["pool_size"],
        strides=config["strides"],
    )


def _flatten(graph: Graph, layer: Layer, before: list[str]) -> None:
    # One pixel a channel is left, so that the order of the axes does not matter.
    graph.add("Flatten", layer["name"], [graph.value[before[0]]], axis=1)


def _dropout(graph: Graph, layer: Layer, before: list[str]) -> None:
    graph.value[layer["name"]] = graph.value[before[0]]  # it only acts in training


def _dense(graph: Graph, layer: Layer, before: list[str]) -> None:
    name = layer["name"]
    bias = graph.constant(f"{name}/bias", graph.weights.floats(f"{name}/bias"))
    graph.add("Gemm", f"{name}/sum", [graph.value[before[0]], graph.kernel(layer, "kernel", (0, 1)), bias])
    if layer["config"]["activation"] == "softmax":
        graph.add("Softmax", name, [f"{name}/sum"], axis=1)
    else:
        assert layer["config"]["activation"] == "relu"
        graph.add("Relu", name, [f"{name}/sum"])


LAYERS = {
    "InputLayer": _input,
    "ZeroPadding2D": _zero_padding,
    "Conv2D": _convolution,
    "DepthwiseConv2D": _convolution,
    "BatchNormalization": _normalization,
    "ReLU": _relu,
    "Add": _sum,
    "AveragePooling2D": _mean,
    "Flatten": _flatten,
    "Dropout": _dropout,
    "Dense": _dense,
}


if __name__ == "__main__":
    main()
