"""The one settings object: defaults, then a TOML file, then `VITASCOPE_*` environment variables, read once at start.

Nothing else in the project looks at the environment, and nothing changes a setting after it was read.
"""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from vitascope.values import DAY

MIB = 1024 * 1024
PRIVATE, PRIVATE_FOLDER = 0o600, 0o700  # for its owner alone


def tighten(path: Path, mode: int) -> None:
    """Take from a file or folder of this user's what others may do with it beyond `mode`."""
    found = path.stat()
    if found.st_uid == os.geteuid() and found.st_mode & 0o777 & ~mode:
        with suppress(OSError):  # not every file system can
            path.chmod(found.st_mode & 0o777 & mode)


def available_cores() -> int:
    """CPU cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forbid_telemetry() -> None:
    """Call before onnxruntime is loaded: newer ones would write a device id and send events to their makers."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def _listed(value: object) -> object:
    """A list, also as "a, b" or as JSON: what people write into an environment variable."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return tuple(word.strip() for word in value.split(",") if word.strip())


Words: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


def _origin(text: str) -> str:
    """An origin as browsers send it: lower case, without a path. Raises ValueError for anything else."""
    origin = text.strip().rstrip("/").lower()
    if origin in ("*", "null") or re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/?#@\s*]+", origin):
        return re.sub(r"^(http://.*):80$|^(https://.*):443$", r"\1\2", origin)
    raise ValueError(f"{text!r} is no origin: write one such as https://app.example.com, or * for every one")


def _base(text: str) -> str:
    """What URLs can begin with. Raises ValueError for anything else."""
    if re.fullmatch(r"https?://[^/?#@\s]+(/[^?#\s]*)?", text, re.IGNORECASE):
        return text
    raise ValueError(f"{text!r} is not what URLs can begin with: write one such as https://clips.example.com/video")


Origins: TypeAlias = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_listed)]


_EVERYWHERE = {"": "127.0.0.1", "0": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1", "::0": "::1"}
"""Hosts to listen on that nobody can call, and what to call instead."""

_LOCAL_NAMES = ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::")


def _in_url(host: str) -> str:
    return f"[{host.replace('%', '%25')}]" if ":" in host else host


class Settings(BaseSettings):
    """Every setting with its unit. `VITASCOPE_PORT=9000` sets `port`; `vitascope.toml` holds the same names."""

    model_config = SettingsConfigDict(env_prefix="VITASCOPE_", extra="ignore", frozen=True)
    toml_file: ClassVar[Path] = Path("vitascope.toml")

    data: Path = Field(default=Path("vitascope-data"), description="Folder of the database, files and secrets")
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on")
    public_url: Annotated[str, AfterValidator(_base)] | None = Field(
        default=None,
        description="Base of the URLs handed out, also with a path; default: host and port, 127.0.0.1 for 0.0.0.0",
    )
    cors_origins: Origins = Field(
        default=(), description="Origins of pages whose scripts may call this server, comma-separated; * for every one"
    )
    engine: str = Field(default="filmset", description="Which engine serves the contracts")
    engines: dict[str, str] = Field(default_factory=dict, description="Engines of single models, by model id")
    serves: Words = Field(default=(), description="Engines whose takes this worker makes; default: every engine's")
    engine_idle: int = Field(default=300, ge=1, description="Seconds an engine's process stays without work")
    database_url: str | None = Field(default=None, description="Default: a SQLite file in the data folder")
    storage_url: str | None = Field(default=None, description="Default: the folder `files` in the data folder")
    workers: int = Field(default=1, ge=1, description="Takes of each engine that a worker makes at the same time")
    processes: int = Field(default_factory=available_cores, ge=1, description="Drawing processes of one take")
    file_ttl: int = Field(default=7 * DAY, ge=60, description="Seconds a result's URL works, if the task has no `ttl`")
    retention: int = Field(default=7 * DAY, ge=60, description="Seconds a finished task can be asked for")
    title_from_prompt: bool = Field(default=False, description="Write prompt, model and seed into the files' metadata")
    run_timeout: int = Field(default=3600, ge=1, description="Seconds one take may run; queueing never counts")
    patience: int = Field(default=DAY // 2, ge=1, description="Seconds a take waits for a store or database that fails")
    silent_for: int = Field(default=30, ge=2, description="Missed beats after which a worker elsewhere counts as dead")
    keep_alive: int = Field(default=75, ge=1, description="Seconds an HTTP connection stays open between requests")
    max_body: int = Field(default=64 * MIB, ge=1024, description="Largest request body in bytes")
    max_queued: int = Field(default=1000, ge=1, description="Takes of one account that may be open; more get HTTP 429")
    max_queued_in_all: int = Field(default=10_000, ge=1, description="Takes of all accounts that may be open")
    max_uploads: int = Field(default=1000, ge=0, description="Pictures that imageUpload keeps for one account")
    max_upload_bytes: int = Field(default=1024 * MIB, ge=0, description="Bytes of these pictures, each file once")
    allow_hosts: Words = Field(default=(), description="Private hosts or networks that may be called, comma-separated")
    ca_file: Path | None = Field(default=None, description="PEM file of further authorities that calls may trust")
    safety_model: Path | None = Field(
        default=None, description="TOML file that describes another detector for the safety check; default: nsfwjs"
    )
    strict_parity: bool = Field(default=False, description="Answer polls for unknown tasks with an empty list")
    rates: dict[str, float] = Field(default_factory=dict, description="Own USD per million tokens by model; 0 = free")
    log_level: str = Field(default="WARNING", description="Log level")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments beat the environment, the environment beats the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.toml_file)

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'vitascope.db'}"

    @property
    def storage(self) -> str:
        """Where files are kept: a folder's path or a store's URL."""
        return self.storage_url or str(self.data.absolute() / "files")

    @property
    def base_url(self) -> str:
        """What the URLs handed out start with."""
        return (self.public_url or f"http://{_in_url(self.reached_at)}:{self.port}").rstrip("/")

    @property
    def listens_everywhere(self) -> bool:
        """Whether the host to listen on is no address of any machine but stands for all addresses of this one."""
        return self.host in _EVERYWHERE

    @property
    def reached_at(self) -> str:
        """The host to listen on, as it can be called from this machine."""
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def local_urls(self) -> tuple[str, ...]:
        """What else URLs of this server start with for those who call it from its own machine."""
        names = _LOCAL_NAMES if self.reached_at in _LOCAL_NAMES else (self.host,)
        return tuple(f"http://{_in_url(name)}:{self.port}" for name in names)

    @property
    def engines_in_use(self) -> tuple[str, ...]:
        """The engines that serve a model, each once."""
        return tuple(dict.fromkeys((self.engine, *self.engines.values())))

    def engine_of(self, model: str) -> str:
        """The name of the engine that serves a model."""
        return self.engines.get(model, self.engine)

    def prepare(self) -> Settings:
        """Make the data folder and the folders in it, for this user alone. Returns the settings."""
        self.data.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        ours = not any(self.data.iterdir()) or (self.data / "run" / "migrate.lock").exists()
        if ours and not self.data.stat().st_mode & stat.S_ISVTX:  # somebody's folder of other things stays as it is
            tighten(self.data, PRIVATE_FOLDER)
        for folder in (self.data / "run", self.data / "scratch"):
            folder.mkdir(exist_ok=True, mode=PRIVATE_FOLDER)
            tighten(folder, PRIVATE_FOLDER)
        return self
