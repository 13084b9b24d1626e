"""Tables alone, tables with sentence embeddings for what they missed, embeddings alone: measured on far_prompts.json.

    python -m tests.filmset.prompt.compare_meaning MODEL_FOLDER

An experiment, no test and no part of the product: it needs `safetensors` and `tokenizers`, and the folder of
all-MiniLM-L6-v2 (model.safetensors, tokenizer.json). The network runs in NumPy; set OPENBLAS_NUM_THREADS=1 for figures
of one thread. A phrase nobody understood is read as the concept whose phrase is nearest, if it is nearer than a
threshold: the 98th percentile of the same nearness over phrases from outside the world (outside_phrases.txt, none of
them in far_prompts.json), plus a shift that the table of results sweeps.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from tokenizers import Tokenizer

from tests.filmset.prompt.test_far_prompts import FAR, false_readings, grade
from tests.filmset.prompt.test_understand import PROMPTS
from vitascope.filmset.prompt import lexicon
from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.lexicon import Index, Mention
from vitascope.filmset.prompt.understand import understand
from vitascope.filmset.prompt.unshown import is_content

DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SLOTS = ("setting", "time", "weather", "kind", "camera", "action")
SINGLE = frozenset({"setting", "time", "weather", "camera"})  # read by meaning only if the tables found none
LAYERS, HEADS, LONGEST = 6, 12, 3
SHIFTS = (-0.1, 0.0, 0.05, 0.1, 0.15)
OUTSIDE = (Path(__file__).parent / "outside_phrases.txt").read_text("utf-8").splitlines()
Array = NDArray[np.float32]


def erf(x: Array) -> Array:
    """The error function to 2e-7 (Abramowitz and Stegun, 7.1.26)."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.asarray(np.sign(x) * (1 - poly * np.exp(-x * x)), np.float32)


class Encoder:
    """all-MiniLM-L6-v2: texts to (n, 384) vectors of length one."""

    def __init__(self, folder: Path) -> None:
        raw = (folder / "model.safetensors").read_bytes()
        if hashlib.sha256(raw).hexdigest() != DIGEST:
            raise SystemExit("These are not the published weights.")
        self.weights = load(raw)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()

    def __call__(self, texts: Sequence[str]) -> Array:
        return np.stack([self.one(self.tokenizer.encode(text).ids) for text in texts])

    def one(self, ids: list[int]) -> Array:
        w, names = self.weights, "embeddings."
        x = w[names + "word_embeddings.weight"][ids] + w[names + "position_embeddings.weight"][: len(ids)]
        x = self.norm(x + w[names + "token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            x = self.block(x, f"encoder.layer.{layer}.")
        mean = x.mean(0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def block(self, x: Array, name: str) -> Array:
        parts = [self.linear(x, f"{name}attention.self.{part}") for part in ("query", "key", "value")]
        q, k, v = (part.reshape(len(x), HEADS, -1).transpose(1, 0, 2) for part in parts)
        scores = np.exp(q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(q.shape[-1])))
        mixed = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(x.shape)
        x = self.norm(x + self.linear(mixed, name + "attention.output.dense"), name + "attention.output.LayerNorm")
        inner = self.linear(x, name + "intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))
        return self.norm(x + self.linear(inner, name + "output.dense"), name + "output.LayerNorm")

    def linear(self, x: Array, name: str) -> Array:
        return np.asarray(x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"])

    def norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * self.weights[name + ".weight"] + self.weights[name + ".bias"])


class Meaning:
    """Reads what the tables missed by the nearest phrase of the English table (hints left out)."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.shift, self.alone = encoder, 0.0, False
        table = tomllib.loads((files("vitascope.filmset.prompt") / "concepts" / "english.toml").read_text("utf-8"))
        named = {slot: [(v, p) for v, ranks in table[slot].items() for p in _phrases(ranks)] for slot in SLOTS}
        self.values = {slot: [value for value, _ in pairs] for slot, pairs in named.items()}
        self.vectors = {slot: encoder([phrase for _, phrase in pairs]) for slot, pairs in named.items()}
        outside = encoder(OUTSIDE)
        self.least = {slot: np.quantile((outside @ v.T).max(1), 0.98) for slot, v in self.vectors.items()}

    def read(self, read: Read) -> Read:
        if self.alone:
            read = replace(read, mentions=tuple(m for m in read.mentions if m.slot not in SLOTS))
        spans = _missed(read)
        if not spans:
            return read
        texts = [read.prompt[read.words[a].start : read.words[b - 1].end] for a, b in spans]
        found = [c for span, x in zip(spans, self.encoder(texts), strict=True) for c in self.candidates(read, span, x)]
        taken: set[int] = set()
        extra = []
        for _, (start, end), slot, value in sorted(found, reverse=True):
            if not taken & set(range(start, end)):
                taken |= set(range(start, end))
                word = read.words[start]
                extra.append(Mention(slot, value, "plain", start, end, word.sentence, word.segment))
        return replace(read, mentions=tuple(sorted([*read.mentions, *extra], key=lambda m: m.start)))

    def candidates(self, read: Read, span: tuple[int, int], x: Array) -> list[tuple[float, tuple[int, int], str, str]]:
        have = {m.slot for m in read.mentions if m.rank != "hint" and not read.denied(m)} & SINGLE
        filmed = read.words[span[0]].segment in {m.segment for m in read.marks["camera"]}
        unfit = have | ({"action"} if filmed else {"camera"})
        near = {slot: self.vectors[slot] @ x for slot in SLOTS if slot not in unfit}
        margins = [
            (float(n.max() - self.least[s] - self.shift), s, self.values[s][n.argmax()]) for s, n in near.items()
        ]
        return [(margin, span, slot, value) for margin, slot, value in margins if margin > 0]


def _phrases(ranks: dict[str, list[str]]) -> list[str]:
    return [phrase for rank, phrases in ranks.items() if rank != "hint" for phrase in phrases]


def _missed(read: Read) -> list[tuple[int, int]]:
    """Every run of up to three neighbouring content words that no table knows."""
    known = {i for m in read.mentions if m.rank != "hint" and m.slot != "mark" for i in range(m.start, m.end)}
    free = [i not in known and is_content(word) for i, word in enumerate(read.words)]
    spans = [(a, b) for a in range(len(free)) for b in range(a + 1, min(a + LONGEST, len(free)) + 1)]
    return [(a, b) for a, b in spans if all(free[a:b]) and read.words[a].segment == read.words[b - 1].segment]


def report(name: str) -> None:
    share, _, table = grade(FAR["inside"])
    slots = " ".join(" ".join(row.split()[:2]) for row in table.splitlines()[1:])
    wrong = table.splitlines()[0].split(", ")[1]
    false = len(false_readings(FAR["outside"]))
    print(f"{name:34} {share:5.1%}  {wrong:17}  outside {false:2}/{len(FAR['outside'])}  {slots}", flush=True)


def timings(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def main(folder: Path) -> None:
    """Print the table of the comparison and the times."""
    encoder = Encoder(folder)
    meaning = Meaning(encoder)
    by_tables = Read.of

    def by_meaning(prompt: str, phrases: Index) -> Read:
        return meaning.read(by_tables(prompt, phrases))

    for tables in ((), lexicon.MORE_TABLES["english"]):
        label = "+".join(("english", *tables))
        with patch.dict(lexicon.MORE_TABLES, english=tables):
            lexicon.index.cache_clear()
            report(label)
            with patch.object(Read, "of", by_meaning):
                for meaning.alone in (False, True):
                    for meaning.shift in SHIFTS:
                        name = "embeddings alone" if meaning.alone else label + ", embeddings"
                        report(f"{name} {meaning.shift:+.2f}")
    lexicon.index.cache_clear()
    meaning.alone, meaning.shift = False, 0.0
    phrases = [timings(partial(encoder, ["a singer with a cello"])) for _ in range(50)]
    with patch.object(Read, "of", by_meaning):
        seeds = [timings(partial(understand, case["prompt"], 1)) for case in PROMPTS["seeds"]]
    print(f"one phrase {statistics.median(phrases):.1f} ms; a seed prompt {min(seeds):.0f} to {max(seeds):.0f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
