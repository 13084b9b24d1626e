"""`vitascope doctor`: what this machine has, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from vitascope.cli.options import DATA, settings_for
from vitascope.engines.registry import ENGINES, facts_of, make_engine
from vitascope.errors import SetupError
from vitascope.settings import Settings, available_cores
from vitascope.tasks.database.connect import open_database

GIB = 1024**3
CODECS = ("libx264", "libvpx-vp9", "aac", "libopus")
DRAWING_LIBRARIES = "apt-get install -y libegl1 libgl1"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: fine or not, what was seen, and advice if it is not fine."""

    what: str
    fine: bool
    seen: str
    advice: str = ""


def doctor(
    data: Path | None = DATA,
    show_settings: bool = typer.Option(False, "--settings", help="List all settings with their values, and end."),
) -> None:
    """Check this machine. Exit code 1 if something needed is missing."""
    settings = settings_for(data)
    if show_settings:
        Console().print(_settings_table(settings))
        return
    checks: list[Callable[[Settings], Finding]] = [_cpu, _bf16, _memory, _codecs, _disk, _database, _safety]
    findings = [check(settings) for check in checks] + [_engine(settings, name) for name in ENGINES]
    table = Table("", "what", "seen", "advice", box=None, pad_edge=False)
    for finding in findings:
        mark = "[green]ok[/green]" if finding.fine else "[red]no[/red]"
        table.add_row(mark, finding.what, finding.seen, finding.advice)
    Console().print(table)
    if not all(finding.fine for finding in findings):
        raise typer.Exit(1)


def _settings_table(settings: Settings) -> Table:
    table = Table("setting", "value", "what it is", box=None, pad_edge=False)
    for name, field in Settings.model_fields.items():
        table.add_row(f"VITASCOPE_{name.upper()}", str(getattr(settings, name)), field.description)
    return table


def _cpu(_settings: Settings) -> Finding:
    cores = available_cores()
    advice = "" if cores >= 2 else "One core draws and encodes half as fast as two."
    return Finding("CPU", True, f"{cores} cores, {platform.machine()}", advice)


def _bf16(_settings: Settings) -> Finding:
    """Only neural engines use it, so its absence is a fact and no fault."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return Finding("bf16", True, "not known on this system")
    has = "avx512_bf16" in flags or "amx_bf16" in flags
    return Finding("bf16", True, "yes" if has else "no (matters to neural engines only)")


def _memory(_settings: Settings) -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return Finding("memory", total >= 2, f"{total:.1f} GiB", "" if total >= 2 else "1080p clips need 2 GiB.")


def _codecs(_settings: Settings) -> Finding:
    from av.codec import codecs_available  # heavy, and only needed here

    missing = [name for name in CODECS if name not in codecs_available]
    advice = "" if not missing else "Install the PyAV wheel: pip install --force-reinstall --only-binary=av av"
    return Finding("codecs", not missing, ", ".join(CODECS) if not missing else f"missing {missing}", advice)


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data).free / GIB
    return Finding(
        "disk", free >= 1, f"{free:.1f} GiB free", "" if free >= 1 else "Free some space or set VITASCOPE_DATA."
    )


def _database(settings: Settings) -> Finding:
    kind = settings.database.partition(":")[0]
    try:
        database = open_database(settings)
        with database.connect() as connection:
            connection.execute(sa.text("select 1"))
        database.dispose()
    except SetupError as error:
        return Finding("database", False, kind, str(error))
    except sa.exc.SQLAlchemyError as error:
        return Finding("database", False, f"{kind}: {type(error).__name__}", "Check VITASCOPE_DATABASE_URL and rights.")
    return Finding("database", True, kind)


def _safety(settings: Settings) -> Finding:
    from vitascope.safety.classifier import detector_for  # heavy, and only needed here

    try:
        detector = detector_for(settings)
        detector.open()
    except SetupError as error:
        advice = "Mend or unset VITASCOPE_SAFETY_MODEL." if settings.safety_model else "Run: make setup"
        return Finding("safety", False, str(error).splitlines()[0], advice)
    flags = ", ".join(f"{names} >= {least:g}" for names, least in detector.description.flags.items())
    return Finding("safety", True, f"{detector.description.name}; flags {flags}")


def _engine(settings: Settings, name: str) -> Finding:
    try:
        make_engine(name, settings.processes).close()
    except SetupError as error:
        advice = f"Run: {DRAWING_LIBRARIES}" if "lib" in str(error) else "Run: make setup"
        return Finding(f"engine {name}", False, str(error).splitlines()[0], advice)
    return Finding(f"engine {name}", True, f"{facts_of(name).kind}; {facts_of(name).description}")
