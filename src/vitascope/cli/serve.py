"""`vitascope serve` (the API and a worker process beside it) and `vitascope worker` (a worker alone)."""

from __future__ import annotations

import json
import logging
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import typer
import uvicorn
from sqlalchemy.exc import OperationalError

from vitascope.cli.options import DATA, ENGINE, settings_for
from vitascope.engines.registry import facts_of
from vitascope.errors import SetupError
from vitascope.server.app import create_app
from vitascope.server.listen import web_config
from vitascope.settings import PRIVATE, Settings, tighten
from vitascope.tasks import accounts
from vitascope.tasks.database.connect import open_database

KEY_FILE = "api-key"
PRIVATE_UMASK = 0o077  # what a server writes is for its own user
GRACE = 10.0  # seconds the worker gets to end by itself
RESTART_AFTER = 1.0

LINKS_ARE_LOCAL = (
    "Other machines reach it too, but the links in its answers begin with {base}, which only this one can open. "
    "Set public_url (VITASCOPE_PUBLIC_URL) to the URL by which they reach it."
)

PORT = typer.Option(None, "--port", help="Port to listen on (default 8080).")


def serve(engine: str | None = ENGINE, port: int | None = PORT, data: Path | None = DATA) -> None:
    """Serve the API and make what it is asked for, until Ctrl-C. Running takes go on at the next start."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # a container's first process needs one
    os.umask(PRIVATE_UMASK)
    settings = settings_for(data, engine, port)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn.error").addFilter(_without_the_story)
    engines = [facts_of(name) for name in settings.engines_in_use]
    # In a process of its own: what only migrations need would stay in this one for as long as it runs.
    migration = [sys.executable, "-m", "vitascope.tasks.database.connect", str(settings.data)]
    if subprocess.run(migration, check=False).returncode:
        raise typer.Exit(1)  # it has said why
    if settings.safety_model is not None:
        _try_safety_model()
    key = first_key(settings)
    try:
        # Before anything starts; the application is built once its port is known.
        listening = uvicorn.Config("", settings.host, settings.port, log_level="warning").bind_socket()
    except SystemExit:
        raise SetupError(f"Port {settings.port} is not free. --port chooses another, 0 any free one.") from None
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})  # what 0 came to: URLs need it
    server = uvicorn.Server(web_config(create_app(settings), settings))
    lines = [f"Vitascope listens on {settings.base_url}/v1"]
    if settings.listens_everywhere and settings.public_url is None:
        lines.append(LINKS_ARE_LOCAL.format(base=settings.base_url))
    lines += [f"Engine: {facts.name} ({facts.kind}). {facts.description}" for facts in engines]
    lines.append(f"API key: {key if key and sys.stdout.isatty() else f'in {settings.data.absolute() / KEY_FILE}'}")
    lines += ["Try it:", example(settings)]
    _run(server, listening, WorkerProcess(settings), "\n".join(lines))


def _run(server: uvicorn.Server, listening: Any, workers: WorkerProcess, greeting: str) -> None:
    """Run the web server, with workers beside it, until a signal ends both: the workers first, then this process.

    `listening` is a socket.
    """
    asked: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        """Nothing is raised in here: an error is lost if the interpreter is just collecting garbage."""
        asked.append(number)
        server.handle_exit(number, frame)

    # The web server has handlers of its own while it runs, and then raises again what it got, into these.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    workers.start()
    try:
        print(greeting, flush=True)
        server.run(sockets=[listening])
    finally:
        workers.stop()
    if asked:
        sys.exit(128 + asked[0])


def _try_safety_model() -> None:
    """Raises SetupError if the worker could not use it. In a process of its own: this one is to load no network."""
    done = subprocess.run([sys.executable, "-m", "vitascope.safety.classifier"], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SetupError(done.stderr.strip())


def _without_the_story(record: logging.LogRecord) -> bool:
    """A client that sends broken text ends its own connection; one line in the log says enough about it."""
    if str(record.msg).startswith("Invalid UTF-8"):
        record.exc_info = None
    return True


def work(
    engine: str | None = ENGINE,
    data: Path | None = DATA,
    public_url: str | None = typer.Option(None, help="What the URLs in webhooks start with."),
    with_parent: bool = typer.Option(False, hidden=True),
) -> None:
    """Run a worker alone: it takes tasks from the database in the data folder."""
    from vitascope.worker.worker import Worker  # loads the media libraries, which the API process does without

    os.umask(PRIVATE_UMASK)
    settings = settings_for(data, engine, public_url=public_url)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        worker = Worker(settings)
    except OperationalError as error:  # of a database that is away: it may start later than this process
        logging.getLogger("vitascope.worker").error("the database does not answer (%s)", error.orig)
        time.sleep(RESTART_AFTER)
        _begin_anew()

    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if with_parent:
        threading.Thread(target=_stop_with_parent, args=(worker.stop,), daemon=True).start()
    code = 1
    try:
        if worker.run() and not stopped.wait(RESTART_AFTER):
            _begin_anew()
        code = 0
    finally:
        # A thread may still hold a take; whatever it would write now must not be recorded.
        logging.shutdown()
        os._exit(code)


def _begin_anew() -> NoReturn:
    """Replace this process by a new one of the same command: nothing of it goes on, and its locks are free."""
    logging.shutdown()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _stop_with_parent(stop: Callable[[], None]) -> None:
    """End when the process that started this one does: its end of standard input closes however it dies."""
    sys.stdin.buffer.read()
    stop()


def first_key(settings: Settings) -> str | None:
    """See that there is a key in the data folder, which its owner alone may read. The key if it was made now.

    It is shown once, on a terminal: what a service prints is kept in logs that others read.
    """
    path = settings.data / KEY_FILE
    database = open_database(settings)
    try:
        with database.begin() as connection:
            if path.exists() and accounts.account_of(connection, path.read_text().strip()):
                tighten(path, PRIVATE)
                return None
            key = accounts.create_key(connection, accounts.default_account(connection))
    finally:
        database.dispose()
    path.unlink(missing_ok=True)
    path.touch(mode=PRIVATE)
    path.write_text(key + "\n")
    return key


def example(settings: Settings) -> str:
    """A curl command that works when pasted. It reads the key from its file."""
    key = shlex.quote(str(settings.data.absolute() / KEY_FILE))
    task = {
        "taskType": "videoInference",
        "taskUUID": str(uuid.uuid4()),
        "model": "bytedance:seedance@1.5-pro",
        "positivePrompt": "A dancer in a red dress on a rooftop above a city at night, slow push in",
        "resolution": "480p",
        "duration": 4,
    }
    return (
        f'  curl -s {settings.base_url}/v1 -H "Authorization: Bearer $(cat {key})" '
        f"-H 'Content-Type: application/json' \\\n    -d '{json.dumps([task])}'"
    )


class WorkerProcess:
    """The worker beside the API: started, started again if it dies, ended with it."""

    def __init__(self, settings: Settings) -> None:
        self._command = [sys.executable, "-m", "vitascope", "worker", "--with-parent"]
        self._command += ["--engine", settings.engine, "--data", str(settings.data)]
        self._command += ["--public-url", settings.base_url]  # webhooks carry the same URLs as polls
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="worker-watch", daemon=True)

    def start(self) -> None:
        """Start the worker and watch it."""
        self._process = self._begin()
        self._thread.start()

    def _begin(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdin=subprocess.PIPE)

    def _watch(self) -> None:
        while not self._ending.is_set():
            assert self._process is not None
            code = self._process.wait()
            if self._ending.is_set():
                return
            logging.getLogger("vitascope").error("the worker ended (exit code %s); starting another", code)
            if self._ending.wait(RESTART_AFTER):
                return
            with self._one_at_a_time:  # none is started after the last was ended
                if not self._ending.is_set():
                    self._process = self._begin()

    def stop(self) -> None:
        """End the worker. Raises SetupError if there is none."""
        if self._process is None:
            raise SetupError("The worker was never started.")
        with self._one_at_a_time:
            self._ending.set()
        self._process.terminate()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
