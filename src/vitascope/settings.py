"""The one settings object: defaults, then a TOML file, then `VITASCOPE_*` environment variables, read once at start.

Nothing else in the project reads the environment, and nothing changes a setting after it was read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, ClassVar, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from vitascope.values import DAY

MIB = 1024 * 1024


def available_cores() -> int:
    """CPU cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _listed(value: object) -> object:
    """A list, also as "a, b" or as JSON: what people write into an environment variable."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return tuple(word.strip() for word in value.split(",") if word.strip())


Words: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Every setting with its unit. `VITASCOPE_PORT=9000` sets `port`; `vitascope.toml` holds the same names."""

    model_config = SettingsConfigDict(env_prefix="VITASCOPE_", extra="ignore", frozen=True)
    toml_file: ClassVar[Path] = Path("vitascope.toml")

    data: Path = Field(default=Path("vitascope-data"), description="Folder of the database, files and secrets")
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on")
    public_url: str | None = Field(default=None, description="Base of the URLs handed out; default: host and port")
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
    run_timeout: int = Field(default=3600, ge=1, description="Seconds one take may run; queueing never counts")
    keep_alive: int = Field(default=75, ge=1, description="Seconds an HTTP connection stays open between requests")
    max_body: int = Field(default=64 * MIB, ge=1024, description="Largest request body in bytes")
    max_queued: int = Field(default=1000, ge=1, description="Takes of one account that may be open; more get HTTP 429")
    max_queued_in_all: int = Field(default=10_000, ge=1, description="Takes of all accounts that may be open")
    allow_hosts: Words = Field(default=(), description="Private hosts or networks that may be called, comma-separated")
    ca_file: Path | None = Field(default=None, description="PEM file of further authorities that calls may trust")
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
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def engines_in_use(self) -> tuple[str, ...]:
        """The engines that serve a model, each once."""
        return tuple(dict.fromkeys((self.engine, *self.engines.values())))

    def engine_of(self, model: str) -> str:
        """The name of the engine that serves a model."""
        return self.engines.get(model, self.engine)

    def prepare(self) -> Settings:
        """Make the data folder and the folders in it. Returns the settings."""
        for folder in (self.data, self.data / "run", self.data / "scratch"):
            folder.mkdir(parents=True, exist_ok=True)
        return self
