"""Nothing personal and no token leaves through any logger, tracebacks included."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from bot.domain.errors import StorageUnavailable
from bot.logs import redact, set_up_logging

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake_00"
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    set_up_logging("json", (SECRET,), logging.DEBUG, out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("name", ["httpx", "telegram", "aiohttp.client", "bot.services", "asyncio"])
def test_a_token_in_an_address_leaves_through_no_logger(stream: io.StringIO, name: str) -> None:
    logging.getLogger(name).warning("HTTP Request: POST https://api.telegram.org/bot%s/sendMessage", TOKEN)
    assert "AAFake" not in stream.getvalue()
    assert "/bot***/sendMessage" in stream.getvalue()


def test_a_traceback_is_redacted_too(stream: io.StringIO) -> None:
    try:
        raise RuntimeError(f"cannot reach {TOKEN} with {SECRET} for +8613812345678")
    except RuntimeError:
        structlog.get_logger("bot.test").exception("turn_failed", inbox_id=7)
    written = stream.getvalue()
    assert "RuntimeError" in written
    for secret in ("AAFake", SECRET, "13812345678"):
        assert secret not in written


def test_personal_fields_are_dropped_by_name(stream: io.StringIO) -> None:
    structlog.get_logger("bot.test").info("seen", name="Ana", text="I lost my job", borrower_id="B-1")
    line = json.loads(stream.getvalue())
    assert (line["name"], line["text"], line["borrower_id"]) == ("***", "***", "B-1")


def test_a_line_stays_one_line_of_json_whatever_it_holds(stream: io.StringIO) -> None:
    structlog.get_logger("bot.test").info("odd", detail='a\n"b"\r\x1b[31m')
    assert len(stream.getvalue().splitlines()) == 1
    assert json.loads(stream.getvalue())["event"] == "odd"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("at 2026-11-21T09:00:00Z on 2026-11-21", "at 2026-11-21T09:00:00Z on 2026-11-21"),
        ("at 2026-11-21T09:00:00.123456+08:00.", "at 2026-11-21T09:00:00.123456+08:00."),
        ("call +86 138-1234-5678 now", "call *** now"),
        ("loan L-1001, 3 rows, port 8080", "loan L-1001, 3 rows, port 8080"),
        ("00:15:30 passed", "00:15:30 passed"),
    ],
)
def test_dates_and_small_numbers_stay_readable(line: str, kept: str) -> None:
    assert redact(line) == kept


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("logger", [structlog.get_logger("bot.test"), logging.getLogger("aiohttp.server")])
def test_what_a_borrower_wrote_leaves_in_no_exception(
    stream: io.StringIO, log_format: Literal["console", "json"], logger: Any
) -> None:
    set_up_logging(log_format, (), logging.INFO, stream)
    try:
        _turn("Maria lost her job")
    except StorageUnavailable:
        logger.exception("turn_failed")
    written = stream.getvalue()
    assert "Maria" not in written
    assert "StorageUnavailable: The database is away" in written
    assert "ValueError" in written
    assert "KeyError" in written
    assert " in _turn" in written


def test_asyncio_tells_what_a_task_raised_without_its_words(stream: io.StringIO) -> None:
    error = ValueError("Maria lost her job")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: %r", error, exc_info=error)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["exception"]) == ("Task exception was never retrieved", "ValueError")


def test_exceptions_of_a_group_are_told_without_their_words(stream: io.StringIO) -> None:
    group = ExceptionGroup("Maria", [ValueError("lost her job")])
    logging.getLogger("bot.test").error("loops_failed", exc_info=group)
    assert json.loads(stream.getvalue())["exception"] == "ExceptionGroup\n  ValueError"


def _turn(words: str) -> None:
    try:
        try:
            int(words)
        except ValueError:
            {}[words]
    except KeyError as error:
        raise StorageUnavailable("The database is away") from error
