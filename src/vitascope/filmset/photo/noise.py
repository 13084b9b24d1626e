"""Smooth random fields from a seed."""

from __future__ import annotations

import cv2
import numpy as np

from vitascope.filmset.photo.warp import Field


def smooth_noise(shape: tuple[int, int], radius: float, random: np.random.Generator) -> Field:
    """A field of mean 0 and deviation about 1 whose blobs are `radius` cells wide; it tiles in both directions."""
    rows, columns = shape
    spectrum = np.fft.rfft2(random.standard_normal((rows, columns)))
    down, across = np.fft.fftfreq(rows)[:, np.newaxis], np.fft.rfftfreq(columns)[np.newaxis]
    spectrum *= np.exp(-2 * (np.pi * radius) ** 2 * (down**2 + across**2) / 4)
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum, s=(rows, columns))
    return np.asarray(field / (field.std() + 1e-9), np.float32)


def clouds(shape: tuple[int, int], radius: float, random: np.random.Generator, octaves: int = 4) -> Field:
    """Noise of several sizes, each half as wide and half as strong as the one before; scaled to about 0..1."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        total += smooth_noise(shape, max(0.7, radius / 2**octave), random) * np.float32(0.55**octave)
    return np.asarray(np.clip(0.5 + total / (4 * total.std() + 1e-9), 0, 1), np.float32)


def read_tiled(field: Field, left: float, top: float, shape: tuple[int, int], zoom: float = 1.0) -> Field:
    """A window of `shape` from a field that repeats for ever, its corner at (left, top) cells, `zoom` pixels a cell."""
    rows, columns = shape
    xs = ((left + np.arange(columns, dtype=np.float32) / zoom) % field.shape[1]).astype(np.float32)
    ys = ((top + np.arange(rows, dtype=np.float32) / zoom) % field.shape[0]).astype(np.float32)
    padded = np.pad(field, ((0, 2), (0, 2)), mode="wrap")
    across, down = np.broadcast_to(xs, (rows, columns)), np.broadcast_to(ys[:, np.newaxis], (rows, columns))
    seen = cv2.remap(padded, np.ascontiguousarray(across), np.ascontiguousarray(down), cv2.INTER_LINEAR)
    return np.asarray(seen, np.float32)
