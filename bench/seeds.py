"""The twelve requests of the documents, over HTTP to finished, verified files.

Run: python bench/seeds.py [--engine filmset] [--keep FOLDER]. Frame images are drawn here and served locally.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw

from vitascope.media.probe import probe

REQUESTS = Path(__file__).parent.parent / "tests" / "contract" / "seed_examples.json"
PORT = 18790


def picture(name: str) -> bytes:
    """A landscape that depends on the name: sky, sun, hills; enough to see that it moves and stays itself."""
    tint = sum(name.encode()) % 128
    image = Image.new("RGB", (1600, 1000), (60 + tint, 110, 170))
    draw = ImageDraw.Draw(image)
    for row in range(0, 600, 4):
        draw.rectangle((0, row, 1600, row + 4), fill=(60 + tint, 80 + row // 5, 200 - row // 6))
    draw.ellipse((1100, 150, 1250, 300), fill=(255, 230, 170))
    for hill in range(5):
        x = hill * 400 - 200
        draw.polygon(
            [(x, 1000), (x + 400, 420 + 40 * hill), (x + 800, 1000)], fill=(40 + 20 * hill, 70, 60 + tint // 2)
        )
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92)
    return file.getvalue()


class Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = picture(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


def verify(request: dict[str, Any], expected: dict[str, Any], item: dict[str, Any], path: Path) -> list[str]:
    """What is wrong with a finished file; nothing if all is as the contract says."""
    facts = probe(path)
    sound = request["model"].endswith("1.5-pro")
    wrong = []
    if (facts.size.width, facts.size.height) != (request["width"], request["height"]):
        wrong.append(f"size {facts.size}")
    if facts.frames != 24 * request["duration"] + 1 or facts.fps != Fraction(24):
        wrong.append(f"{facts.frames} frames at {facts.fps}")
    if (facts.sound is not None) != sound:
        wrong.append(f"sound {facts.sound}")
    if item["seed"] != expected["seed"] or item["cost"] != expected["cost"]:
        wrong.append(f"seed {item['seed']}, cost {item['cost']}")
    if ("draftId" in expected.get("outputs", {})) != ("draftId" in item.get("outputs", {})):
        wrong.append("draft id")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="filmset")
    parser.add_argument("--keep", type=Path, help="keep the files here")
    options = parser.parse_args()
    pictures = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=pictures.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "vitascope", "serve", "--engine", options.engine]
        command += ["--port", str(PORT), "--data", str(Path(name) / "data")]
        environment = {**os.environ, "VITASCOPE_ALLOW_HOSTS": '["127.0.0.1"]'}
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        try:
            return run(server, Path(name) / "data", folder, f"http://127.0.0.1:{pictures.server_port}")
        finally:
            server.terminate()
            server.wait()
            pictures.shutdown()


def wait(client: httpx.Client, url: str, task_uuid: str) -> dict[str, Any]:
    """Poll until the only take has ended."""
    while True:
        reply = client.post(url, json=[{"taskType": "getResponse", "taskUUID": task_uuid}]).json()
        if not any(item["status"] == "processing" for item in reply.get("data", [])):
            return dict(reply)
        time.sleep(0.5)


def run(server: subprocess.Popen[str], data: Path, folder: Path, pictures: str) -> int:
    assert server.stdout is not None
    while "API key" not in (line := server.stdout.readline()):
        assert line, "it ended"
    key = (data / "api-key").read_text().strip()
    client = httpx.Client(headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=60)
    url = f"http://127.0.0.1:{PORT}/v1"
    time.sleep(2)
    good = 0
    for example in json.loads(REQUESTS.read_text()):
        request = json.loads(re.sub(r"https://assets\.runware\.ai", pictures, json.dumps(example["request"])))
        request = {**request, "taskUUID": str(uuid.uuid4()), "includeCost": True}
        begun = time.perf_counter()
        client.post(url, json=[request]).raise_for_status()
        reply = wait(client, url, request["taskUUID"])
        if reply.get("errors"):
            print(f"{reply['errors'][0]['message']}  {example['title']}", flush=True)
            continue
        item = reply["data"][0]
        path = folder / (example["title"].replace(" ", "-").lower() + ".mp4")
        path.write_bytes(client.get(item["videoURL"]).content)
        wrong = verify(request, example["response"], item, path)
        good += not wrong
        print(f"{time.perf_counter() - begun:6.1f} s  {wrong or 'ok'}  {example['title']}", flush=True)
    print(f"{good} of 12")
    return 0 if good == 12 else 1


if __name__ == "__main__":
    sys.exit(main())
