"""Record what the original, nsfwjs on TensorFlow.js, says of our pictures: tests/safety/original.json.

Run: python -m bench.safety.record. Needs node and npm. The tests compare our own forward pass with that file.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from bench.safety.convert import PACKAGE
from bench.safety.pictures import compared

RECORD = Path(__file__).parents[2] / "tests" / "safety" / "original.json"
PACKAGES = [PACKAGE, "@tensorflow/tfjs@4.22.0", "buffer@6.0.3"]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed = []
        for number, (title, picture) in enumerate(compared().items()):
            (folder / f"{number}.rgb").write_bytes(picture.tobytes())
            height, width = picture.shape[:2]
            listed.append({"name": title, "file": f"{number}.rgb", "height": height, "width": width})
        (folder / "pictures.json").write_text(json.dumps(listed))
        (folder / "package.json").write_text("{}")
        install = ["npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES]
        subprocess.run(install, cwd=folder, check=True)
        subprocess.run(["node", Path(__file__).with_name("original.mjs"), folder], check=True)
        answers = json.loads((folder / "answers.json").read_text())
    lines = [f"    {json.dumps(title)}: {[round(value, 7) for value in values]}" for title, values in answers.items()]
    made_with = f'  "made_with": {json.dumps(PACKAGES)}'
    RECORD.write_text("{\n" + made_with + ',\n  "answers": {\n' + ",\n".join(lines) + "\n  }\n}\n")
    print(f"{RECORD}: {len(answers)} pictures")


if __name__ == "__main__":
    main()
