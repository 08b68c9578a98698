"""What the real program refuses to start with, or to go on with: one clear sentence, and an exit code that says whose turn it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.standin import StandIn
from tests.end_to_end.running.installation import Installation
from tests.end_to_end.running.program import ending, first_to_end

_WRONG_TOKEN = "123456:TEST-token-that-nobody-gave-out-0123"


async def refused(installation: Installation, *arguments: str, **changed: str) -> tuple[int, str]:
    """Exit code and last line of a program that ends by itself."""
    program = await installation.start(*arguments, name="refused", **changed)
    async with ending(program):
        code = await program.ended()
    return code, program.errors().splitlines()[-1]


async def test_a_wrong_token_is_told_and_not_shown(on_sqlite: Installation) -> None:
    code, sentence = await refused(on_sqlite, TELEGRAM_TOKEN=_WRONG_TOKEN)
    assert code == 2
    assert sentence == "Telegram does not know GRACE_TELEGRAM_TOKEN; copy the bot's token from BotFather again."
    assert _WRONG_TOKEN not in (on_sqlite.folder / "refused.log").read_text(encoding="utf-8")


async def test_a_token_revoked_while_polling_ends_the_program_with_a_sentence(on_sqlite: Installation) -> None:
    on_sqlite.standin.faults.add("5xx", method="getUpdates", status=401, count=None)
    code, sentence = await refused(on_sqlite)
    assert code == 2
    assert sentence == "Telegram does not know GRACE_TELEGRAM_TOKEN any more; was it revoked?"


async def test_telegram_that_cannot_be_reached_is_named(on_sqlite: Installation) -> None:
    code, sentence = await refused(on_sqlite, TELEGRAM_API_URL="http://127.0.0.1:9")
    assert code == 1
    assert sentence.startswith("Telegram cannot be reached")


async def test_a_second_process_on_one_sqlite_file_is_refused_and_takes_nothing(on_sqlite: Installation) -> None:
    async with ending(await on_sqlite.start()) as first:
        await first.ready()
        code, sentence = await refused(on_sqlite)
        assert code == 2
        assert f"Process {first.pid} already serves" in sentence
        assert (await first.until_ready())["database"] == "ok"
        assert await first.terminate() == 0


@pytest.mark.parametrize("role", ["web", "worker"])
async def test_several_processes_need_postgresql(on_sqlite: Installation, role: str) -> None:
    code, sentence = await refused(on_sqlite, "serve", "--role", role)
    assert code == 2
    assert sentence == f"--role {role} needs PostgreSQL; on SQLite one process does everything."


async def test_a_database_server_that_does_not_answer_is_named(on_sqlite: Installation, tmp_path: Path) -> None:
    code, sentence = await refused(on_sqlite, DATABASE_URL=f"postgresql+asyncpg://nobody@/none?host={tmp_path}")
    assert code == 1
    assert sentence.startswith("PostgreSQL: ")


async def test_a_port_that_is_taken_is_named(on_sqlite: Installation, standin_url: str) -> None:
    code, sentence = await refused(on_sqlite, PORT=standin_url.rpartition(":")[2])
    assert code == 2
    assert "GRACE_PORT" in sentence


@pytest.mark.timeout(180)
async def test_a_second_copy_that_polls_with_the_token_ends_one_of_the_two(
    on_sqlite: Installation, standin: StandIn, tmp_path: Path
) -> None:
    """Each has a database of its own, as on two machines, so that only Telegram can tell them of each other."""
    async with (
        ending(await on_sqlite.start(name="one")) as one,
        ending(await on_sqlite.start(name="two", DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/two.db")) as two,
    ):
        await one.ready()
        await two.ready()
        ended, other = await first_to_end(one, two)
        assert ended.exit_code == 1
        assert ended.errors().splitlines()[-1] == (
            "Another copy is taking in updates with this token; stop it, or give this one a token of its own."
        )
        person = standin.add_person("Li", language_code="en")
        await person.start()
        assert "Hello" in (await person.next_message(60)).text
        assert other.exit_code is None
