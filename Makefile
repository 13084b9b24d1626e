# Everything a developer or a newcomer runs. Each target sets up what it needs in .venv.
PYTHON ?= python3
BIN := .venv/bin
DEMO_PROMPT := A dancer in a red dress spins on a rooftop stage above a neon city at night, light rain, slow push in

.PHONY: setup demo test judge check fix bench bench-pictures gallery attack clean

setup: .venv/dev

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# What running needs; `make demo` stops here.
.venv/run: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Vitascope needs Python 3.11 or newer, for example: make PYTHON=python3.12 demo"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) -e .
	@$(BIN)/python -c 'import skia' 2>/dev/null \
		|| { echo "The drawing library needs two system libraries. Run: apt-get install -y libegl1 libgl1"; exit 1; }
	@touch $@

# What developing needs on top.
.venv/dev: .venv/run
	$(PIP) -e ".[dev]"
	@touch $@

demo: .venv/run
	@mkdir -p out
	$(BIN)/vitascope generate --prompt "$(DEMO_PROMPT)" --resolution 480p --duration 5 --seed 7 --out out/demo.mp4 --data out/data
	$(BIN)/vitascope sheet out/demo.mp4 out/demo.png
	@echo "Watch out/demo.mp4; out/demo.png is its contact sheet. Next: $(BIN)/vitascope serve"

# The house rules are part of the check. Two files at a time: much of it waits for servers. Of older clients one flow.
test: check
	$(BIN)/python -m pytest tests -m "not older" --ignore=tests/test_house_rules.py --numprocesses 2 --dist loadfile

# Only the official clients, older ones with every flow too, installed from their registries into .clients, against a running server.
judge: setup
	$(BIN)/python -m pytest tests -m judge

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_house_rules.py

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup
	$(BIN)/python bench/accept.py
	$(BIN)/python bench/clips.py
	$(BIN)/python bench/seeds.py
	$(BIN)/python bench/encode.py
	$(BIN)/python -m bench.sockets
	$(BIN)/python -m bench.safety

bench-pictures: setup
	$(BIN)/python -m bench.pictures

# Whether anybody can stop a server, with a key or without: a few minutes, on this machine alone.
attack: setup
	$(BIN)/python -m bench.attack

# Every sheet and clip of docs/gallery/filmset.md, drawn anew (a few minutes).
gallery: setup
	$(BIN)/python bench/gallery.py
	$(BIN)/python -m bench.seed_table --out docs/gallery/seed_prompts.md

clean:
	rm -rf .venv .clients out
