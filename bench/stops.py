"""`docker stop` in the middle of takes, again and again: no attempt may be counted, nothing may go on, all takes end.

python -m bench.stops [--times 20] [--engine filmset] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import uuid
from pathlib import Path

from tests.life.conftest import Server
from tests.life.stops import stop_again_and_again


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--engine", default="filmset")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    options = parser.parse_args()
    mark = uuid.uuid4().hex
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", options.engine, STOPS_MARK=mark)
        try:
            stops = stop_again_and_again(server, mark, options.times, {"duration": 2}, random.Random(options.seed))
        finally:
            server.close()
    slowest = max(stops.took)
    print(f"{options.times} stops, {stops.in_the_middle} in the middle of a take; the slowest took {slowest:.1f} s")
    print(f"{stops.ended_well} of {stops.takes} takes ended well, {stops.attempts} attempts counted by stops")
    print(f"{len(stops.orphans)} processes went on without the server", *sorted(set(stops.orphans)), sep="\n  ")
    return int(bool(stops.orphans or stops.attempts or stops.ended_well < options.times))


if __name__ == "__main__":
    raise SystemExit(main())
