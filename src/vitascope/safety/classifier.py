"""A detector that asks a neural network: an ONNX file, run by onnxruntime on one thread, loaded by the first picture.

The built-in network is nsfwjs' MobileNetV2: five classes, learnt from photographs and drawings found on the net. Its
authors name about 90 % right answers. It is wrong now and then, and what it was not shown it does not know; where a
mistake matters a person must look. What it costs, how often it flags what is harmless: `python -m bench.safety`.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vitascope.errors import SetupError
from vitascope.safety.description import Description, checked_file, described
from vitascope.settings import Settings, forbid_telemetry
from vitascope.values import Picture

Floats = NDArray[np.float32]


class Classifier:
    """One network, shared by all takes of a process. Its session is opened once and stays."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self._session: Any = None
        self._lock = threading.Lock()
        columns = {name: column for column, name in enumerate(description.classes)}
        self._rules = [([columns[name] for name in names], least) for names, least in description.rules]

    def open(self) -> None:
        """Load the network, if it is not loaded yet. Raises SetupError if the file does not do what is described."""
        with self._lock:
            if self._session is None:
                session = _session(self.description)
                _check(session, self.description)
                self._session = session

    def flagged(self, picture: Picture) -> bool:
        """True if a rule of the description says so; the picture is uint8, height x width x 3, sRGB."""
        found = self.probabilities(picture)
        return any(float(found[columns].sum()) >= least for columns, least in self._rules)

    def probabilities(self, picture: Picture) -> Floats:
        """One value of 0-1 for each class, in the description's order. Raises SetupError as `open` does."""
        self.open()
        return _answer(self._session, self.description, picture)


def detector_for(settings: Settings) -> Classifier:
    """The detector in force. Raises SetupError if the setting `safety_model` names one that cannot be used."""
    detector = Classifier(described(settings.safety_model))
    if settings.safety_model is not None:
        detector.open()
    return detector


def _session(description: Description) -> Any:
    data = checked_file(description)
    forbid_telemetry()
    try:
        import onnxruntime  # 40 MiB that a process should only have once it checks something
        from onnxruntime.capi import onnxruntime_pybind11_state as state
    except ImportError as error:
        raise SetupError(f"The safety check needs onnxruntime, which cannot be loaded: {error}.") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # takes are made side by side, not one faster
    options.log_severity_level = 3
    # Kernels kept in 8 bits are unpacked once, at the start, and not for every picture: three times as quick.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    errors = tuple(each for each in vars(state).values() if isinstance(each, type) and issubclass(each, Exception))
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except errors as error:
        raise SetupError(f"The safety model {description.model} is no ONNX file that can be run: {error}.") from error


def _check(session: Any, description: Description) -> None:
    """Compare the network with its description, and let it answer once."""

    def wrong(what: str) -> SetupError:
        return SetupError(f"The safety model {description.model} does not fit its description: {what}.")

    if len(session.get_inputs()) != 1:
        raise wrong(f"it has {len(session.get_inputs())} inputs, not one")
    given = session.get_inputs()[0]
    sides = [description.height, description.width]
    wanted = [1, *sides, 3] if description.layout == "NHWC" else [1, 3, *sides]
    if given.type != "tensor(float)":
        raise wrong(f"its input is {given.type}, not tensor(float)")
    # An axis that has a name instead of a number may have any length.
    if len(given.shape) != 4 or any(isinstance(a, int) and a != b for a, b in zip(given.shape, wanted, strict=True)):
        raise wrong(f"its input has the shape {given.shape}, not {wanted}")
    outputs = [each.name for each in session.get_outputs()]
    if description.output not in outputs:
        raise wrong(f"it has no output {description.output!r}, only {', '.join(outputs)}")
    grey = np.full((*sides, 3), 128, np.uint8)
    found = _answer(session, description, grey)
    if found.shape != (len(description.classes),):
        raise wrong(f"its output has {found.size} values, the description names {len(description.classes)} classes")
    if not (np.isfinite(found).all() and found.min() >= -1e-3 and found.max() <= 1 + 1e-3):
        raise wrong(f"its output is no probabilities ({found}); set activation to softmax or sigmoid")


def _answer(session: Any, description: Description, picture: Picture) -> Floats:
    name = session.get_inputs()[0].name
    raw = session.run([description.output], {name: prepared(picture, description)})[0]
    return _activated(np.asarray(raw, np.float32).reshape(-1), description.activation)


def _activated(values: Floats, activation: str) -> Floats:
    if activation == "softmax":
        powers = np.exp(values - values.max())
        return np.asarray(powers / powers.sum())
    if activation == "sigmoid":
        return np.asarray(1 / (1 + np.exp(-np.clip(values, -80, 80))))
    return values


def prepared(picture: Picture, description: Description) -> Floats:
    """The network's input, one picture long, in its layout."""
    size = description.width, description.height
    if description.resize == "corners":
        small = _corners(picture, size)
    else:
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    if description.channels == "BGR":
        small = small[..., ::-1]
    mean, deviation = np.array(description.mean, np.float32), np.array(description.deviation, np.float32)
    values: Floats = (small / np.float32(255) - mean) / deviation
    if description.layout == "NCHW":
        values = values.transpose(2, 0, 1)
    return np.ascontiguousarray(values[np.newaxis])


def _corners(picture: Picture, size: tuple[int, int]) -> Floats:
    """Bilinear sampling with corner on corner: TensorFlow.js' resizeBilinear with alignCorners, which nsfwjs uses."""
    left, right, x = _neighbours(picture.shape[1], size[0])
    top, bottom, y = _neighbours(picture.shape[0], size[1])
    y = y[:, np.newaxis, np.newaxis]
    x = x[:, np.newaxis]

    def row(index: NDArray[np.intp]) -> Floats:
        of_row = picture[index]
        start, end = of_row[:, left].astype(np.float32), of_row[:, right].astype(np.float32)
        return np.asarray(start + (end - start) * x)

    above, below = row(top), row(bottom)
    return np.asarray(above + (below - above) * y)


def _neighbours(length: int, wanted: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """For each wanted place: the pixel before it, the one after it, how far it is between them."""
    places = np.arange(wanted, dtype=np.float32) * np.float32((length - 1) / (wanted - 1))
    before = np.floor(places).astype(np.intp)
    after = np.minimum(np.ceil(places).astype(np.intp), length - 1)
    return before, after, (places - before).astype(np.float32)


if __name__ == "__main__":  # asked by `serve`, whose own process is to load none of this
    try:
        detector_for(Settings())
    except SetupError as error:
        sys.exit(str(error))
