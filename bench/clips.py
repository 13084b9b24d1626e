"""How long clips take from prompt to finished file, and how much memory the longest one needs.

Run: python bench/clips.py [--engine filmset]. Bars: 5 s 480p Fast <= 15 s, 5 s 1080p Pro <= 60 s, both on two cores;
with sound, over all settings: 5 s 480p median <= 10 s, worst <= 20 s; 5 s 1080p <= 50 s;
12 s 1080p: the working process's peak over its memory at the start <= 700 MiB (all processes together are shown, too).
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


SETTINGS = {
    "sea cliff": "A woman walks on a sea cliff at sunset in the wind, slow pan right",
    "mountains": "A flock of birds over snowy mountains at dawn, push in",
    "dunes": "A caravan opens in the dunes at night under the stars, orbit",
    "forest": "A runner in a forest in the rain, the camera tracks along",
    "city skyline": "Drones over a city skyline at night, pull out",
    "rooftop": "A dancer in a red dress spins on a rooftop at night, light rain, slow push in",
    "market alley": "A crowd walks through a night market alley in the rain, handheld camera",
    "harbour town": "A fishing boat in a harbour town with a clock tower at dawn, fog, fixed camera",
    "marsh": "A rowing boat in a marsh with stilt houses at dusk, pan left",
    "coral reef": "A diver over a coral reef, the camera tracks left",
    "machine hall": "A skater in a laundromat at night, push in",
    "tunnel platform": "A violinist plays on a flooded tunnel platform, fixed camera",
    "concert stage": "A drummer and a cheering crowd at a concert on a stage, orbit",
    "open sea": "A sailing boat on the open sea in a thunderstorm, handheld camera",
}


def generate(folder: Path, engine: str, model: str, prompt: str, *options: str) -> tuple[float, int, int]:
    """Make one clip in a fresh process. Returns (seconds, peak bytes of the working process over its first second,
    peak bytes of it and all its drawing processes together)."""
    command = [sys.executable, "-m", "vitascope", "generate", "--engine", engine, "--model", model, "--json"]
    command += ["--prompt", prompt, "--seed", "7", "--data", str(folder / "data"), "--out", str(folder / "clip.mp4")]
    begun = time.perf_counter()
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peaks: list[tuple[int, int]] = []
    watch = threading.Thread(target=_watch, args=(process, peaks))
    watch.start()
    output = process.communicate()[0]
    watch.join()
    assert process.returncode == 0, output
    assert json.loads(output)["bytes"] == (folder / "clip.mp4").stat().st_size
    own, together = zip(*peaks, strict=True)
    return time.perf_counter() - begun, max(own) - max(own[:5]), max(together)


def _watch(process: subprocess.Popen[str], peaks: list[tuple[int, int]]) -> None:
    time.sleep(0.5)
    while process.poll() is None:
        peaks.append((resident(process.pid), sum(resident(pid) for pid in family(process.pid))))
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
            seconds = generate(folder, engine, PRO, prompt, "--resolution", "1080p")[0]
            print(f"  1080p Pro {seconds:6.1f} s (bar 60)  {prompt[:60]}")
        sounded = {}
        for setting, prompt in SETTINGS.items():
            sounded[setting] = generate(folder, engine, SOUND, prompt, "--resolution", "480p")[0]
            print(f"  480p 1.5 Pro with sound {sounded[setting]:6.1f} s  {setting}")
        times = sorted(sounded.values())
        print(f"  480p with sound median {times[len(times) // 2]:.1f} (bar 10), worst {times[-1]:.1f} s (bar 20)")
        for setting in ("rooftop", "tunnel platform"):
            seconds = generate(folder, engine, SOUND, SETTINGS[setting], "--resolution", "1080p")[0]
            print(f"  1080p 1.5 Pro with sound {seconds:6.1f} s (bar 50)  {setting}")
        seconds, own, together = generate(folder, engine, PRO, PROMPTS[0], "--resolution", "1080p", "--duration", "12")
        print(f"12 s 1080p Pro: {seconds:.1f} s; working process {own / MIB:.0f} MiB over its start (bar 700),")
        print(f"  peak of all processes together {together / MIB:.0f} MiB")


if __name__ == "__main__":
    main()
