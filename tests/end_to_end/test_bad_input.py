"""What strangers and the curious send: refused or answered politely, and the real program goes on as if nothing had been."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.channels.telegram.webhook import webhook_places
from bot.standin.people import Person
from tests.end_to_end.running.installation import SECRET_KEY, Installation, free_port, known_borrower, today
from tests.end_to_end.running.program import PATIENCE, Program, ending
from tests.end_to_end.running.rows import rows

_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def borrower(on_sqlite: Installation) -> Person:
    return await _add(on_sqlite, "T-1")


@pytest.fixture
async def bot(on_sqlite: Installation, borrower: Person) -> AsyncIterator[Program]:
    """It takes updates by webhook."""
    port = str(free_port())
    async with ending(await on_sqlite.start(PORT=port, PUBLIC_URL=f"http://127.0.0.1:{port}")) as program:
        await program.ready()
        yield program


async def _add(installation: Installation, borrower_id: str) -> Person:
    person = installation.add_person(borrower_id)
    async with installation.storage() as storage:
        await storage.commit(known_borrower(person, due_in_days=10))
    return person


async def _card(person: Person, amount: str) -> str:
    """Has the bot show a card for this amount; the data of its Confirm button."""
    await person.say(f"I will pay {amount} on {(today() + timedelta(days=4)).isoformat()}")
    await person.until(lambda chat: bool(chat.bot_messages) and amount in chat.bot_messages[-1].text, PATIENCE)
    return next(b.data for row in person.bot_messages[-1].buttons for b in row if b.label == "Confirm" and b.data)


async def _pressed(person: Person, message_id: int, data: str) -> str:
    """What the bot answers to a press on a button that is not there."""
    press = await person.press_stale(message_id, data)
    return (await press.answered(PATIENCE)).text or ""


async def test_the_webhook_takes_nothing_without_its_secret_and_nothing_too_large(
    on_sqlite: Installation, borrower: Person, bot: Program
) -> None:
    (place,) = webhook_places((SECRET_KEY,), on_sqlite.standin.token)
    root = f"http://127.0.0.1:{await bot.ready()}"
    good = {_HEADER: place.secret}
    update = b'{"update_id": 900000, "message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}}'
    large = b'{"update_id": 900001, "padding": "' + b"x" * 10_000_000 + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    async with aiohttp.ClientSession() as session:

        async def post(path: str, body: object, headers: dict[str, str]) -> int:
            try:
                async with session.post(root + path, data=body, headers=headers) as response:
                    return response.status
            except aiohttp.ClientError:
                return 413  # it hung up on a body that did not end, which says the same

        assert await post(place.path, update, {}) == 401
        assert await post(place.path, update, {_HEADER: place.secret[:-1] + "~"}) == 401
        assert await post("/telegram/somewhere", update, good) == 404
        assert await post(place.path, io.BytesIO(large), good) == 413
        assert await post(place.path, pieces(), good) == 413
        assert await post(place.path, b"[" * 100_000, good) == 400
        assert await post(place.path, b"\xff\xfe", good) == 400
        assert await post(place.path, b'{"update_id": 900002, "poll": {}}', good) == 200
    assert await rows(on_sqlite.database_url, "SELECT update_key FROM inbox") == []
    await _card(borrower, "10.01")
    assert "error" not in bot.errors()


async def test_buttons_forged_carried_over_or_old_do_nothing(
    on_sqlite: Installation, borrower: Person, bot: Program
) -> None:
    other = await _add(on_sqlite, "T-2")
    old = await _card(borrower, "10.01")
    shown_before = borrower.bot_messages[-1].message_id
    foreign = await _card(other, "10.05")
    await _card(borrower, "10.02")
    shown = borrower.bot_messages[-1].message_id
    forged = old[:-1] + ("0" if old[-1] != "0" else "1")
    for data in (forged, foreign, "x", "confirm", "'; DROP TABLE commitment; --", "\U0001f600" * 16):
        assert "expired" in await _pressed(borrower, shown, data)
    assert "expired" in await _pressed(borrower, shown_before, old)
    assert await rows(on_sqlite.database_url, "SELECT * FROM commitment") == []
    await borrower.press("Confirm")
    await borrower.until(lambda chat: "Reference" in chat.bot_messages[-1].text, PATIENCE)
    made = await rows(on_sqlite.database_url, "SELECT borrower_id FROM commitment")
    assert made == [{"borrower_id": "T-1"}]


async def test_a_button_pressed_many_times_at_once_confirms_once(
    on_sqlite: Installation, borrower: Person, bot: Program
) -> None:
    data = await _card(borrower, "10.01")
    shown = borrower.bot_messages[-1].message_id
    presses = [await borrower.press_stale(shown, data) for _ in range(50)]
    for press in presses:
        await press.answered(PATIENCE)
    await borrower.until(lambda chat: any("Reference" in m.text for m in chat.bot_messages), PATIENCE)
    assert len(await rows(on_sqlite.database_url, "SELECT * FROM commitment")) == 1
    inbox = await rows(on_sqlite.database_url, "SELECT outcome FROM inbox")
    assert [row["outcome"] for row in inbox] == ["done"] * 51


async def test_an_invitation_opens_one_chat_and_tells_no_other_anything(on_sqlite: Installation, bot: Program) -> None:
    invited = on_sqlite.standin.add_person("Invited", phone="+447700900009", language_code="en")
    stranger = on_sqlite.standin.add_person("Stranger", phone="+447700900010", language_code="en")
    async with on_sqlite.storage() as storage:
        await storage.commit(known_borrower(on_sqlite.add_person("T-3"), due_in_days=10)[:-1])
    inviting = await on_sqlite.start("invite", "--loan", "L-T-3", "--format", "json", name="invite")
    assert await inviting.ended() == 0, inviting.errors()
    token = inviting.said.partition("?start=")[2].partition('"')[0]

    await invited.start(token)
    await invited.until(lambda chat: any("right person" in m.text for m in chat.bot_messages), PATIENCE)
    await stranger.start(token)
    told = await stranger.next_message(PATIENCE)
    assert "already used" in told.text
    await stranger.say("how much do I owe?")
    await stranger.next_message(PATIENCE)
    await stranger.share_contact()
    await stranger.next_message(PATIENCE)
    texts = " ".join(message.text for message in stranger.bot_messages)
    assert not any(word in texts for word in ("100", "L-T-3", "loan is", "due", "owe"))

    said_before = len(invited.bot_messages)
    await invited.start(token)
    await invited.until(lambda chat: len(chat.bot_messages) > said_before, PATIENCE)
    assert "already used" not in invited.bot_messages[-1].text
    bound = await rows(on_sqlite.database_url, "SELECT chat_key FROM conversation WHERE borrower_id = 'T-3'")
    assert bound == [{"chat_key": str(invited.user_id)}]


async def test_a_made_up_invitation_is_refused(on_sqlite: Installation, bot: Program) -> None:
    stranger = on_sqlite.standin.add_person("Stranger", language_code="en")
    for payload in ("x" * 22, "'--", "A" * 64):
        await stranger.start(payload)
        assert "do not know this invitation" in (await stranger.next_message(PATIENCE)).text
