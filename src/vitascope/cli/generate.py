"""`vitascope generate`: one task without a server, through the same contract and the same worker code."""

from __future__ import annotations

import base64
import json
import mimetypes
import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from vitascope.cli.options import DATA, settings_for
from vitascope.contract.catalog import CARDS, PRO_WITH_SOUND, TASK_TYPE
from vitascope.contract.inputs import picture_file
from vitascope.contract.order import Draft, Form, FrameSource, Order
from vitascope.contract.pricing import own_rates, price, shown
from vitascope.contract.read import read
from vitascope.contract.reply import new_draft_id
from vitascope.engines.protocol import Facts
from vitascope.errors import Refused
from vitascope.media.decoding import Decoders
from vitascope.outbound.client import open_outbound
from vitascope.safety.classifier import Classifier
from vitascope.safety.description import described
from vitascope.service.drafts import kept_draft
from vitascope.settings import Settings
from vitascope.tasks import accounts
from vitascope.tasks.database.connect import open_database
from vitascope.tasks.ledger import NewTask, record_draft
from vitascope.values import DAY, Container, Picture, Reading
from vitascope.worker.pools import Pools
from vitascope.worker.produce import Produced, Tools, produce

REFUSED = 2  # exit code of a request that breaks its contract
DRAFT_KEPT = 7 * DAY
MODEL = PRO_WITH_SOUND.model


def generate(
    prompt: str | None = typer.Option(None, "--prompt", "-p", help="What the clip is to show, 2-3000 characters."),
    model: str | None = typer.Option(None, help=f"Model id; `vitascope models` lists them. Default: {MODEL}."),
    resolution: str | None = typer.Option(None, help="480p, 720p or 1080p. Default: 480p."),
    width: int | None = typer.Option(None, help="With --height: one of the model's sizes."),
    height: int | None = typer.Option(None, help="With --width."),
    duration: float | None = typer.Option(None, help="Seconds: 4-12 for 1.5 Pro, 1.2-12 for the others. Default: 5."),
    seed: int | None = typer.Option(None, help="The same seed gives the same clip."),
    first_frame: str | None = typer.Option(None, help="Picture (file or URL) the clip begins with."),
    last_frame: str | None = typer.Option(None, help="Picture (file or URL) the clip ends with."),
    audio: bool | None = typer.Option(None, "--audio/--no-audio", help="Sound (1.5 Pro). Default: on."),
    camera_fixed: bool | None = typer.Option(None, "--camera-fixed", help="A camera that does not move."),
    draft: bool | None = typer.Option(
        None, "--draft", help="A quick 480p preview with an id to finish it by (1.5 Pro)."
    ),
    draft_id: str | None = typer.Option(None, help="Finish this draft at full quality."),
    format: str | None = typer.Option(None, help="MP4, WEBM or MOV. Default: what --out ends with, else MP4."),
    quality: int | None = typer.Option(None, help="20-99. Default: 95."),
    results: int | None = typer.Option(None, help="1-4 clips with different seeds."),
    engine: str | None = typer.Option(None, help="What makes the clip. Default: filmset (procedural drawing)."),
    out: Path | None = typer.Option(None, "--out", "-o", help="File to write. Default: vitascope-SEED.mp4."),
    as_json: bool = typer.Option(False, "--json", help="Print facts as JSON on standard output."),
    data: Path | None = DATA,
) -> None:
    """Make a clip and write it to a file. Exit code 2 means that the request was refused."""
    settings = settings_for(data, engine)
    format = _format(format, out)
    inputs = {"frameImages": _frames(first_frame, last_frame), "draftId": draft_id}
    provider = {"audio": audio, "cameraFixed": camera_fixed, "draft": draft}
    if not (resolution or width or height or first_frame or last_frame or draft_id):
        resolution = "480p"
    task = {
        "taskType": TASK_TYPE,
        "taskUUID": str(uuid.uuid4()),
        "model": model or MODEL,
        "positivePrompt": prompt,
        "resolution": resolution,
        "width": width,
        "height": height,
        "duration": duration,
        "seed": seed,
        "numberResults": results,
        "outputFormat": format,
        "outputQuality": quality,
        "inputs": _given(inputs),
        "providerSettings": {CARDS.get(model or MODEL, PRO_WITH_SOUND).provider: _given(provider)},
    }
    session = Session(settings, as_json)
    try:
        session.run(_given(task), out)
    except Refused as refused:
        session.refuse(refused)
        raise typer.Exit(REFUSED) from None


def _format(format: str | None, out: Path | None) -> str | None:
    """The container that the file's name asks for. Raises typer.BadParameter if name and format disagree."""
    if out is None:
        return format
    names = {container.suffix: container.value for container in Container}
    named = names.get(out.suffix.lower())
    if named is None:
        raise typer.BadParameter(f"{out} is no video's name: end it with {', '.join(names)}.")
    if format is not None and format.upper() != named:
        raise typer.BadParameter(f"{out} is a name for {named}, --format says {format}.")
    return named


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value not in (None, {}, [])}


def _frames(first: str | None, last: str | None) -> list[dict[str, str]]:
    pictures = {"first": first, "last": last}
    return [{"image": _picture(value), "frame": frame} for frame, value in pictures.items() if value]


def _picture(given: str) -> str:
    """A URL as it is; a file as a data URI, which is how clients send local files."""
    if given.startswith(("http://", "https://", "data:")):
        return given
    path = Path(given)
    if not path.is_file():
        raise typer.BadParameter(f"There is no picture file {given}.")
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


@dataclass(slots=True)
class _Bar:
    """A progress bar that is a control for engines: stage, share, time left."""

    progress_bar: Progress
    task: TaskID

    def progress(self, percent: int, stage: str = "", preview: Picture | None = None) -> None:
        """Move the bar."""
        self.progress_bar.update(self.task, completed=percent, description=stage or None)

    def cancelled(self) -> bool:
        """Ctrl-C comes as an exception instead."""
        return False


class Session:
    """One run of `generate`: what it needs open, and how it speaks."""

    def __init__(self, settings: Settings, as_json: bool) -> None:
        self._settings = settings
        self._as_json = as_json
        self._console = Console(stderr=True, highlight=False)
        self._database = open_database(settings)
        self._pools = Pools(settings.model_copy(update={"serves": ()}))
        self._outbound = open_outbound(settings)
        self._tools = Tools(Decoders(), Classifier(described(settings.safety_model)), settings.title_from_prompt)

    def run(self, task: dict[str, Any], out: Path | None) -> None:
        """Read the task, make its takes, write their files. Raises Refused."""
        order = read(task, self._draft)
        try:
            facts = [self._take(order, number, task, out) for number in range(order.results)]
        finally:
            self._pools.close()
            self._tools.decoders.close()
        if self._as_json:
            print(json.dumps(facts if order.results > 1 else facts[0], ensure_ascii=False, indent=2))

    def refuse(self, refused: Refused) -> None:
        """Say what to change, as the API would."""
        if self._as_json:
            print(json.dumps({"errors": [fault.as_item() for fault in refused.faults]}, ensure_ascii=False, indent=2))
        for fault in refused.faults:
            where = fault.parameter if isinstance(fault.parameter, str) else ", ".join(fault.parameter or ())
            self._console.print(f"[red]Refused[/red] {where}: {fault.message} ({fault.code})")
            if fault.allowed_values and len(fault.allowed_values) <= 30:
                self._console.print(f"  allowed: {', '.join(map(str, fault.allowed_values))}")

    def _take(self, order: Order, number: int, task: dict[str, Any], out: Path | None) -> dict[str, Any]:
        engine = self._pools.engine_for(order.model)
        seed = order.take_seed(number)
        path = _path(out, order, number, seed)
        started = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
        with Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True) as bar:
            control = _Bar(bar, bar.add_task("preparing", total=100))
            produced = produce(order, seed, engine, partial(self._fetch, order), self._tools, path, control)
        cost = price(order, produced.size, own_rates(self._settings.rates))
        facts = {**_facts(order, produced, seed, path), "cost": shown(cost)}
        if order.draft:
            facts["draftId"] = self._keep_draft(order, task, produced, seed)
        self._report(facts, produced, engine[1], time.monotonic() - started)
        return facts

    def _report(self, facts: dict[str, Any], produced: Produced, engine: Facts, seconds: float) -> None:
        say = self._console.print
        if produced.reading:
            _explain(self._console, produced.reading)
        say(produced.plan)
        size = produced.encoded.bytes / 1e6
        say(f"Wrote [bold]{facts['file']}[/bold]: {facts['size']}, {facts['frames']} frames, {size:.1f} MB,", end=" ")
        say(f"seed {facts['seed']}, in {seconds:.1f} s by {engine.name} ({engine.kind})")
        if "draftId" in facts:
            say(f"Finish it with: vitascope generate --draft-id {facts['draftId']} --resolution 1080p")

    def _fetch(self, order: Order, source: FrameSource) -> bytes:
        if source.form is Form.URL:
            return self._outbound.fetch(source.value, CARDS[order.model].pictures.most_bytes).data
        return picture_file(source)

    def _draft(self, draft_id: str) -> Draft | None:
        with self._database.begin() as connection:
            return kept_draft(connection, accounts.default_account(connection), draft_id)

    def _keep_draft(self, order: Order, task: dict[str, Any], produced: Produced, seed: int) -> str:
        draft_id = new_draft_id(datetime.now(UTC), secrets.choice)
        facts = {
            "width": produced.size.width,
            "height": produced.size.height,
            "draft_id": draft_id,
            "expires_at": int(time.time()) + DRAFT_KEPT,
        }
        with self._database.begin() as connection:
            account_id = accounts.default_account(connection)
            new = NewTask(account_id, order.task_uuid, order.model, "", task, order.as_json(), [seed])
            record_draft(connection, new, facts)
        return draft_id


def _path(out: Path | None, order: Order, number: int, seed: int) -> Path:
    path = out or Path(f"vitascope-{seed}{order.container.suffix}")
    if out is not None and order.results > 1:
        path = out.with_stem(f"{out.stem}-{number + 1}")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"There is no folder {path.parent}.")
    return path


def _facts(order: Order, produced: Produced, seed: int, path: Path) -> dict[str, Any]:
    facts = {
        "file": str(path),
        "size": str(produced.size),
        "frames": produced.encoded.frames,
        "bytes": produced.encoded.bytes,
        "sha256": produced.encoded.sha256,
        "model": order.model,
        "seed": seed,
        "plan": produced.plan,
    }
    if produced.reading:
        facts["prompt"] = produced.reading.as_json()
    return facts


def _explain(console: Console, reading: Reading) -> None:
    """What the engine understood of the prompt, and what it did not."""
    told = [item for item in reading.understood if item.words]
    if told:
        console.print("Understood: " + "; ".join(f'{i.slot}: {i.value} ("{i.words}")' for i in told), markup=False)
    if reading.missed:
        console.print("Not shown: " + ", ".join(reading.missed), markup=False)
    for remark in reading.remarks:
        console.print(remark, markup=False)
