"""Settings: read once at start from the environment and a `.env` file, all problems reported together, then passed on.

Secrets come from the environment only and have no default. What a lender may change (ladders, windows, limits) is not
here: it is data under `dialogs/`, checked like a script.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.diagnostics import did_you_mean
from bot.domain.errors import ConfigurationProblems

PREFIX = "GRACE_"
_RESERVED = "GRACE_TEST_"
_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{3,100}\Z")
_OUTSIDE = re.compile(r"(https://[^/@?#\s]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)(/[^@?#\s]*)?")
_DATABASE = re.compile(r"(sqlite\+aiosqlite:///|postgresql\+asyncpg://).+")

#: What a process does: everything, take updates in, or all the rest.
Role = Literal["all", "web", "worker"]


class _Environment(BaseSettings):
    """The settings as written, before they become the frozen value that is passed on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    public_url: str | None = None
    database_url: str = "sqlite+aiosqlite:///var/gracebot.db"
    secret_key: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    operator_chat: int | None = None
    dialogs_dir: Path = Path("dialogs")
    locales_dir: Path = Path("locales")
    classifier_dir: str = "var/classifier"
    classifier_url: str | None = None
    classifier_key: SecretStr | None = None
    classifier_model: str | None = None
    classifier_calls: int = Field(default=500, ge=1, le=1_000_000)
    messages_per_second: float = Field(default=30, gt=0, le=1000)
    log_format: Literal["console", "json"] | None = None

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.match(token.get_secret_value()):
            raise ValueError("a bot token looks like 123456789:AAE...; copy it whole from BotFather")
        return token

    @field_validator("telegram_api_url", "public_url")
    @classmethod
    def _url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("https://", "http://")):
            raise ValueError("write a whole address that begins with https://")
        return url.rstrip("/") if url else None

    @field_validator("classifier_url")
    @classmethod
    def _outside(cls, url: str | None) -> str | None:
        if url is not None and not _OUTSIDE.fullmatch(url):
            raise ValueError("write an https:// address without user, ? and #; plain http:// only to this machine")
        return url.rstrip("/") if url else None

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if not _DATABASE.match(url):
            raise ValueError("write sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user@host/name")
        return url

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, key: SecretStr | None) -> SecretStr | None:
        for part in key.get_secret_value().split(",") if key else ():
            if len(part.strip()) < 32:
                raise ValueError("each key needs at least 32 characters; make one with: openssl rand -hex 32")
        return key


@dataclass(frozen=True, slots=True)
class OutsideModel:
    """A language model outside that may be asked what a message means; `calls` is how often a day, for each process."""

    url: str
    model: str
    key: str | None = field(repr=False)
    calls: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program runs with. Secrets are hidden in `repr`."""

    database_url: str = field(repr=False)
    telegram_token: str | None = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)  # newest first
    telegram_api_url: str
    public_url: str | None
    host: str
    port: int
    operator_chat: int | None
    dialogs_dir: Path
    locales_dir: Path
    messages_per_second: float
    log_format: Literal["console", "json"] | None
    classifier_dir: Path | None = None  # where what was learned is kept; None: rules alone
    outside_model: OutsideModel | None = None  # None: nobody outside is asked


def read_settings(
    environ: Mapping[str, str] | None = None,
    env_file: Path = Path(".env"),
    *,
    needs: tuple[str, ...] = (),
    role: Role = "all",
) -> Settings:
    """The settings from the environment, which wins, and the `.env` file.

    `needs` names settings without which this command cannot run, such as `telegram_token`; `role` is what the process
    is to do. Raises ConfigurationProblems with every unknown name, missing name and unusable value at once.
    """
    given = {k: v for k, v in dotenv_values(env_file).items() if v is not None} if env_file.is_file() else {}
    given |= dict(os.environ if environ is None else environ)
    ours = {k.removeprefix(PREFIX).lower(): v for k, v in given.items() if k.startswith(PREFIX)}
    known = set(_Environment.model_fields)
    names = [PREFIX + name.upper() for name in known]
    problems = [
        f"{PREFIX}{name.upper()} is not a setting.{did_you_mean(PREFIX + name.upper(), names)}"
        for name in sorted(ours)
        if name not in known and not f"{PREFIX}{name.upper()}".startswith(_RESERVED)
    ]
    problems += [
        f"{PREFIX}{name.upper()} is not set; put it into the environment or into {env_file}."
        for name in needs
        if not ours.get(name)
    ]
    problems += _problems_of_role(role, ours) + _problems_of_outside(ours)
    try:
        read = _Environment(**{k: v for k, v in ours.items() if k in known and v != ""})  # type: ignore[arg-type]
    except ValidationError as error:
        for fault in error.errors():
            name = PREFIX + str(fault["loc"][0]).upper()
            problems.append(f"{name}: {fault['msg'].removeprefix('Value error, ')}.")
        raise ConfigurationProblems(problems) from None
    if problems:
        raise ConfigurationProblems(problems)
    return _frozen(read)


def _problems_of_role(role: Role, ours: Mapping[str, str]) -> list[str]:
    """What keeps a process from doing only a part of the work."""
    problems = []
    if role == "web" and not ours.get("public_url"):
        problems.append(
            "--role web takes updates in by webhook and needs GRACE_PUBLIC_URL, the address that Telegram reaches."
        )
    if role != "all" and not ours.get("database_url", "").startswith("postgresql"):
        problems.append(f"--role {role} needs PostgreSQL; on SQLite one process does everything.")
    return problems


def _problems_of_outside(ours: Mapping[str, str]) -> list[str]:
    """An outside model needs its address and its name, and what else is said of one needs both."""
    given = [name for name in ("classifier_url", "classifier_model", "classifier_key") if ours.get(name)]
    missing = [name for name in ("classifier_url", "classifier_model") if given and not ours.get(name)]
    return [
        f"{PREFIX}{name.upper()} is not set, but {PREFIX}{given[0].upper()} is: an outside model needs both."
        for name in missing
    ]


def _frozen(read: _Environment) -> Settings:
    keys = read.secret_key.get_secret_value().split(",") if read.secret_key else []
    return Settings(
        database_url=read.database_url,
        telegram_token=read.telegram_token.get_secret_value() if read.telegram_token else None,
        secret_keys=tuple(key.strip() for key in keys),
        telegram_api_url=read.telegram_api_url or "https://api.telegram.org",
        public_url=read.public_url,
        host=read.host,
        port=read.port,
        operator_chat=read.operator_chat,
        dialogs_dir=read.dialogs_dir,
        locales_dir=read.locales_dir,
        messages_per_second=read.messages_per_second,
        log_format=read.log_format,
        classifier_dir=None if read.classifier_dir == "off" else Path(read.classifier_dir),
        outside_model=_outside_model(read),
    )


def _outside_model(read: _Environment) -> OutsideModel | None:
    if read.classifier_url is None or read.classifier_model is None:
        return None
    key = read.classifier_key.get_secret_value() if read.classifier_key else None
    return OutsideModel(read.classifier_url, read.classifier_model, key, read.classifier_calls)
