"""How long clips take from prompt to finished file, and how much memory the longest one needs.

Run: python bench/clips.py [--engine filmset]. Bars: 5 s 480p Fast <= 15 s, 5 s 1080p Pro <= 60 s, both on two cores;
12 s 1080p: the worker's peak over its idle memory <= 700 MiB (all processes of one take together are shown as well).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

MIB = 1024 * 1024
FAST, PRO, SOUND = "bytedance:2@2", "bytedance:2@1", "bytedance:seedance@1.5-pro"

PROMPTS = [
    "A dancer in a red dress on a rooftop above a neon city at night, light rain, slow push in",
    "A caravan on a sea cliff at sunset, strong wind, the camera pans right",
    "A school of fish over a coral reef by day, the camera tracks left",
    "A courier walks through a market alley at night in the rain, handheld camera",
    "A boat crosses a harbour town with a clock tower at dawn, fog, pull out",
    "A violinist plays on a flooded tunnel platform, fixed camera",
]


def generate(folder: Path, engine: str, model: str, prompt: str, *options: str) -> tuple[float, int]:
    """Make one clip in a fresh process. Returns (seconds, peak resident bytes of all its processes together)."""
    command = [sys.executable, "-m", "vitascope", "generate", "--engine", engine, "--model", model, "--json"]
    command += ["--prompt", prompt, "--seed", "7", "--data", str(folder / "data"), "--out", str(folder / "clip.mp4")]
    begun = time.perf_counter()
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peaks: list[int] = [0]
    watch = threading.Thread(target=_watch, args=(process, peaks))
    watch.start()
    output = process.communicate()[0]
    watch.join()
    assert process.returncode == 0, output
    assert json.loads(output)["bytes"] == (folder / "clip.mp4").stat().st_size
    return time.perf_counter() - begun, peaks[0]


def _watch(process: subprocess.Popen[str], peaks: list[int]) -> None:
    while process.poll() is None:
        peaks[0] = max(peaks[0], sum(resident(pid) for pid in family(process.pid)))
        time.sleep(0.1)


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for parent in found:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in path.read_text().split())
            except OSError:
                continue
    return found


def resident(pid: int) -> int:
    """Proportional resident bytes of a process, shared pages counted once over its family."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="filmset")
    engine = parser.parse_args().engine
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("5 s clips, seconds from start of the process to the finished file")
        quick = [generate(folder, engine, FAST, prompt, "--resolution", "480p")[0] for prompt in PROMPTS]
        for prompt, seconds in zip(PROMPTS, quick, strict=True):
            print(f"  480p Fast {seconds:6.1f} s  {prompt[:60]}")
        print(f"  480p Fast median {sorted(quick)[len(quick) // 2]:.1f}, worst {max(quick):.1f} s (bar 15)")
        for prompt in PROMPTS[:2]:
            seconds, _ = generate(folder, engine, PRO, prompt, "--resolution", "1080p")
            print(f"  1080p Pro {seconds:6.1f} s (bar 60)  {prompt[:60]}")
        seconds, _ = generate(folder, engine, SOUND, PROMPTS[0], "--resolution", "480p")
        print(f"  480p 1.5 Pro with sound {seconds:6.1f} s")
        seconds, peak = generate(folder, engine, PRO, PROMPTS[0], "--resolution", "1080p", "--duration", "12")
        print(f"12 s 1080p Pro: {seconds:.1f} s, peak of all processes {peak / MIB:.0f} MiB")


if __name__ == "__main__":
    main()
