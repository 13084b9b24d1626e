"""Randomness without state: every random number of the world is a function of the scene's seed and a name.

Nothing here depends on the size of the picture, on the order of calls or on the process, which is what makes frames
random access and lets a draft and its full-size final show the same things.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def number(seed: int, *names: object) -> int:
    """A 64-bit number that belongs to a seed and names."""
    text = "/".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def random_stream(seed: int, *names: object) -> np.random.Generator:
    """A fresh generator that belongs to a seed and names."""
    return np.random.Generator(np.random.PCG64(number(seed, *names)))


def lattice(seed: int, cells: Any) -> Floats:
    """One uniform number 0..1 for each whole-numbered cell; it depends on the seed and that cell alone."""
    whole = np.asarray(cells, np.int64)
    mixed = np.atleast_1d(whole).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed & (2**63 - 1))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return ((mixed >> np.uint64(11)).astype(np.float64) / float(2**53)).reshape(whole.shape)


_ALL = 2**64 - 1


def _lattice_point(seed: int, cell: int) -> float:
    """`lattice` for a single cell, without the cost of an array."""
    mixed = (cell * 0x9E3779B97F4A7C15 + (seed & (2**63 - 1))) & _ALL
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _ALL
    mixed ^= mixed >> 31
    return float(mixed >> 11) / float(2**53)


def wander(seed: int, x: Any) -> Any:
    """Smooth noise -1..1 over x with one bend per unit; a number for a number, an array for an array."""
    if isinstance(x, float):
        floor = math.floor(x)
        u = x - floor
        u = u * u * u * (u * (u * 6 - 15) + 10)
        first, second = _lattice_point(seed, floor), _lattice_point(seed, floor + 1)
        return (first + (second - first) * u) * 2 - 1
    x = np.asarray(x, np.float64)
    cell = np.floor(x)
    share = x - cell
    share = share * share * share * (share * (share * 6 - 15) + 10)
    low, high = lattice(seed, cell), lattice(seed, cell + 1)
    return np.asarray((low + (high - low) * share) * 2 - 1)


def rough(seed: int, x: Any, octaves: int = 4, gain: float = 0.5) -> Floats:
    """Fractal noise, about -1..1, over x: each octave twice as fine and `gain` as strong."""
    x = np.asarray(x, np.float64)
    total, size = np.zeros_like(x), 0.0
    for octave in range(octaves):
        total = total + gain**octave * wander(seed + 7919 * octave, x * 2.0**octave + 0.37 * octave)
        size += gain**octave
    return np.asarray(total / size)


def ease(u: Any) -> Any:
    """0..1 to 0..1, slow at both ends; clamps."""
    u = np.clip(u, 0.0, 1.0)
    return u * u * u * (u * (u * 6 - 15) + 10)
