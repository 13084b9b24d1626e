"""Rules of the house, kept by a test: sizes, names, who may import whom, and where the outside world may be touched.

A listed waiver with a reason beats a rule bent: add it to WAIVERS, never weaken a rule.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "vitascope"
MODULES = sorted(SOURCE.rglob("*.py"))
TESTS_AND_BENCHES = sorted(path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py"))
ON_THE_ROOT = {"__init__", "__main__", "values", "errors", "settings"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60  # lines

LEAVES = {"values", "errors", "settings", "outbound"}
ALLOWED: dict[str, set[str]] = {
    **dict.fromkeys(LEAVES, LEAVES),
    **dict.fromkeys(("contract", "tasks", "engines", "media", "delivery", "safety"), LEAVES),
    "filmset": {"values", "errors"},
    "service": LEAVES | {"contract", "tasks", "delivery", "media"},
    "worker": LEAVES | {"service", "contract", "tasks", "delivery", "media", "safety", "engines"},
    "server": LEAVES | {"service", "contract", "delivery", "media"},  # never the ledger's inside
}
"""What the modules of a room may import besides their own room. The command line may import everything."""
DOORS = {"engines.filmset": {"filmset"}, "cli.world": {"filmset"}, "cli.understand": {"filmset"}}
"""The only modules that know the film set."""
WIRES = {"runware", "openai", "playground"}
VAGUE_NAMES = {"utils", "util", "helpers", "common", "misc", "core", "base", "manager"}

# "rule:module": reason
WAIVERS: dict[str, str] = {
    "except:tasks.batching": "a write's error, whatever it is, is handed to the caller that waits for it",
    "function:tasks.database.migrations.versions.m0001_first_tables": "a migration is a list of Alembic statements",
}


def name_of(path: Path) -> str:
    """The module's dotted name below vitascope: "contract.rules", "" for the package itself; else below the project."""
    parts = list(path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> set[str]:
    """All absolute module names that a module imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_imported(path: Path) -> set[str]:
    """The rooms of ours that a module imports: {"values", "contract"}."""
    return {name.split(".")[1] for name in imports_of(path) if name.startswith("vitascope.")}


def waived(rule: str, path: Path) -> bool:
    return f"{rule}:{name_of(path)}" in WAIVERS


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", [*MODULES, *TESTS_AND_BENCHES], ids=name_of)
class TestEveryFile:
    def test_is_short(self, path: Path) -> None:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= LONGEST_FILE or waived("length", path), f"{lines} lines"

    def test_functions_are_short(self, path: Path) -> None:
        for node in functions(path):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION or waived("function", path), f"{node.name} has {length} lines"

    def test_has_a_telling_name(self, path: Path) -> None:
        assert path.stem not in VAGUE_NAMES
        assert not set(path.relative_to(ROOT).parts[:-1]) & VAGUE_NAMES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
class TestEveryModule:
    def test_says_what_it_is_for(self, path: Path) -> None:
        assert ast.get_docstring(tree_of(path)), "no module docstring"

    def test_public_things_are_documented(self, path: Path) -> None:
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
                assert ast.get_docstring(node), f"{node.name} has no docstring"

    def test_no_open_keyword_arguments(self, path: Path) -> None:
        for node in functions(path):
            if not node.name.startswith("_"):
                assert node.args.kwarg is None or waived("kwargs", path), f"{node.name} takes **{node.args.kwarg}"

    def test_catches_what_it_names(self, path: Path) -> None:
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            assert node.type is not None, f"bare except at line {node.lineno}"
            broad = isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            last_resort = name_of(path) in {"worker.worker", "server.app", "engines.isolated", "engines.parallel"}
            assert not broad or last_resort or waived("except", path), f"broad except at line {node.lineno}"

    def test_reads_the_environment_only_in_settings(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        if name_of(path) != "settings":
            assert "os.environ" not in text and "os.getenv" not in text

    def test_opens_sockets_only_in_outbound(self, path: Path) -> None:
        if not name_of(path).startswith("outbound."):
            clients = {"httpx", "httpcore", "requests", "urllib.request", "aiohttp", "socket"}
            assert not imports_of(path) & clients or waived("sockets", path)

    def test_prints_only_in_the_command_line(self, path: Path) -> None:
        if name_of(path).split(".")[0] == "cli":
            return
        for node in ast.walk(tree_of(path)):
            assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print")

    def test_imports_only_its_neighbours(self, path: Path) -> None:
        name = name_of(path)
        room = name.split(".")[0]
        others = rooms_imported(path) - {room, "", "__version__"}
        allowed = ALLOWED.get(room)
        if allowed is not None:
            assert others <= allowed | DOORS.get(name, set()), f"{name} imports {others - allowed}"
        if "filmset" in others:
            assert name in DOORS, f"{name} imports the film set"

    def test_wires_do_not_know_each_other(self, path: Path) -> None:
        wire = name_of(path).split(".")[:2]
        if wire[0] == "server" and len(wire) == 2 and wire[1] in WIRES:
            others = {f"vitascope.server.{other}" for other in WIRES - {wire[1]}}
            assert not {name for name in imports_of(path) if ".".join(name.split(".")[:3]) in others}

    def test_the_server_imports_no_drawing(self, path: Path) -> None:
        if name_of(path).split(".")[0] == "server":
            heavy = {"skia", "torch", "av", "cv2", "numpy", "onnxruntime"}
            assert not {name.split(".")[0] for name in imports_of(path)} & heavy

    def test_the_server_writes_no_sql(self, path: Path) -> None:
        if name_of(path).split(".")[0] == "server":
            assert "sqlalchemy" not in imports_of(path), "ask the service"


def test_nothing_strays_on_the_root() -> None:
    assert {path.stem for path in SOURCE.glob("*.py")} == ON_THE_ROOT


def test_no_cycles() -> None:
    names = {f"vitascope.{name_of(path)}".rstrip("."): path for path in MODULES}
    graph = {name: {i for i in imports_of(path) if i in names and i != name} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"import cycle: {' -> '.join((*trail, name))}"
        if name in done:
            return
        for other in graph[name] - {"vitascope"}:
            visit(other, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_documents_tell_no_machine() -> None:
    machine_paths = ["/" + "root/", "/" + "tmp/venv", "/" + "work/"]
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *MODULES]:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in machine_paths if word in text], path


def test_waivers_are_used() -> None:
    known = {name_of(path) for path in [*MODULES, *TESTS_AND_BENCHES]}
    for waiver, reason in WAIVERS.items():
        assert reason and waiver.split(":", 1)[1] in known, f"stale waiver {waiver}"
