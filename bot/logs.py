"""One logging set-up for every logger: ours, aiohttp's, python-telegram-bot's and httpx's pass the same redactor.

Nothing that looks like a bot token, a phone number, a secret or a long digit string leaves the process; events carry ids and
codes only. The redactor works on the finished line, so no library can slip past it. Of exceptions only our own tell their
message: those of others quote the values they stumbled over, which may be what a borrower wrote.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import Literal, TextIO

import structlog

from bot.domain.errors import GraceError

_TOKEN = re.compile(r"(?<![0-9])[0-9]{3,20}:[A-Za-z0-9_-]{3,100}(?![A-Za-z0-9_-])")
_BOT_PATH = re.compile(r"/bot[0-9]+(?::|%3A)[^/\s\"']+")
#: An instant or a day, kept; else digits that could be a phone, account or identity number.
_DIGITS = re.compile(
    r"(?P<keep>(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{4,15}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?)"
    r"|\+?[0-9](?:[ ().-]?[0-9]){7,18}(?![0-9])"
)
_SECRET_KEYS = frozenset(
    {"token", "secret", "password", "phone", "name", "text", "email", "birth_date", "id_last4", "raw", "authorization"}
)


def redact(line: str, secrets: tuple[str, ...] = ()) -> str:
    """The line without tokens, phone numbers and the given secrets. Dates and instants stay readable."""
    for secret in secrets:
        line = line.replace(secret, "***")
    line = _BOT_PATH.sub("/bot***", line)
    line = _TOKEN.sub(_keep_clock_times, line)
    return _DIGITS.sub(_keep_dates, line)


def _keep_clock_times(match: re.Match[str]) -> str:
    # 2026:10 cannot be a token: tokens have at least twenty characters behind the colon, times never.
    return "***" if len(match.group().partition(":")[2]) >= 20 else match.group()


def _keep_dates(match: re.Match[str]) -> str:
    return match["keep"] or "***"


class _Redactor(logging.Formatter):
    """Wraps the real formatter and redacts what it made, tracebacks included."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record), self._secrets)


def _drop_personal(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key in _SECRET_KEYS & event.keys():
        event[key] = "***"
    return event


def _tell_exception(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Puts what was raised, and where, in place of `exc_info`."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error))
        # asyncio shows in further lines the task, and with it the message of what it raised.
        event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


def _told(error: BaseException) -> list[str]:
    """Type and frames of an exception and of all that led to it, the first cause first; the message only of our own."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    lines: list[str] = []
    for raised in reversed(chain):
        kind = f"{type(raised).__module__}.{type(raised).__qualname__}".removeprefix("builtins.")
        lines.append(f"{kind}: {raised}" if isinstance(raised, GraceError) else kind)
        for frame, number in traceback.walk_tb(raised.__traceback__):
            lines.append(f"  {frame.f_code.co_filename}:{number} in {frame.f_code.co_name}")
        if isinstance(raised, BaseExceptionGroup):
            lines += [f"  {line}" for part in raised.exceptions for line in _told(part)]
    return lines


def set_up_logging(
    log_format: Literal["console", "json"] | None,
    secrets: tuple[str, ...] = (),
    level: int = logging.INFO,
    stream: TextIO | None = None,
) -> None:
    """Sends every logger through the redactor to stderr. `log_format` None: console on a terminal, else JSON lines."""
    out = stream or sys.stderr
    as_json = log_format == "json" or (log_format is None and not out.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _drop_personal,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    tail: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _tell_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*tail, last])
    handler.setFormatter(_Redactor(formatter, tuple(s for s in secrets if s)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "telegram", "aiohttp.access", "asyncio", "alembic.runtime.plugins"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
