"""What must hold after every run with kills, from the stand-in's ledger and from the database's rows."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.standin.ledger import Entry
from tests.end_to_end.running.crashing import Crashes
from tests.end_to_end.running.rows import Row, rows

_REMINDERS = ("reminder", "notice")


async def check(run: Crashes, *, cut: bool = False) -> None:
    """Raises AssertionError with what does not hold. `cut`: connections to the database were, and were noted as errors."""
    url = run.installation.database_url
    outbox = await rows(url, "SELECT * FROM outbox ORDER BY outbox_id")
    sends = [entry for entry in run.installation.standin.ledger.sent() if entry.method == "sendMessage"]
    await _every_update_had_one_turn(run, outbox)
    await _commitments_are_those_confirmed(run)
    in_flight = Counter(row["outbox_id"] for kill in run.kills for row in kill.in_flight)
    _every_message_has_its_end(outbox, in_flight, cut=cut)
    _what_was_sent_is_what_was_recorded(outbox, sends, in_flight)
    _chats_are_in_order(outbox, sends)
    _reminders_went_once(run, outbox, sends)
    assert await run.storage.verify_audit() is None, "the audit chain is broken"
    if url.startswith("sqlite"):
        assert await rows(url, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    # Both note that a connection ended which was being closed anyway.
    _no_errors(run.installation.folder, ("pgqueuer", "asyncio") if cut else ())


async def _every_update_had_one_turn(run: Crashes, outbox: Sequence[Row]) -> None:
    url = run.installation.database_url
    updates = run.installation.standin.ledger.updates()
    inbox = await rows(url, "SELECT update_key, chat_key, outcome, turn_id FROM inbox")
    turns = Counter(row["turn_id"] for row in await rows(url, "SELECT turn_id FROM turn"))
    assert sorted(row["update_key"] for row in inbox) == sorted(entry.update_id or 0 for entry in updates)
    assert {row["outcome"] for row in inbox} == {"done"}
    assert turns == Counter(row["turn_id"] for row in inbox), "turns and updates are not one to one"
    assert set(turns.values()) == {1}
    answered = {row["turn_id"] for row in outbox if row["kind"] == "reply"}
    assert set(turns) <= answered, "an update was never answered"
    # The version counts what took effect: each turn raised it by one, whatever was computed twice.
    versions = {
        row["chat_key"]: row["version"] for row in await rows(url, "SELECT chat_key, version FROM conversation")
    }
    had = Counter(row["chat_key"] for row in inbox)
    known = {str(person.user_id) for person in (*run.talkers, *run.reminded)}
    assert versions == {key: had[key] + (key in known) for key in versions}


async def _commitments_are_those_confirmed(run: Crashes) -> None:
    made = Counter([c.borrower_id async for c in run.storage.commitments()])
    wanted = {person.name: run.confirmed[person.user_id] for person in run.talkers if run.confirmed[person.user_id]}
    assert made == Counter(wanted)
    still_open = Counter([c.borrower_id async for c in run.storage.commitments(status="open")])
    assert still_open == Counter(wanted.keys()), "a new promise takes the old one's place"


def _every_message_has_its_end(outbox: Sequence[Row], in_flight: Counter[int], *, cut: bool) -> None:
    for row in outbox:
        kills = in_flight[row["outbox_id"]]
        about = f"{row['kind']} {row['outbox_id']} is {row['state']} ({row['reason']}), in flight at {kills} kills"
        if row["kind"] in _REMINDERS and (kills or cut):
            # Sent, where the word of it was on its way to the database. When the answer to a claim is cut off, nobody knows
            # of the row any more, and it counts as in flight.
            assert row["state"] in ("unknown", "sent"), about
        elif row["state"] == "unknown":
            assert (row["kind"], kills > 1) == ("reply", True), about
        else:
            assert row["state"] == "sent", about


def _what_was_sent_is_what_was_recorded(outbox: Sequence[Row], sends: Sequence[Entry], in_flight: Counter[int]) -> None:
    recorded = {(row["chat_key"], row["message_key"]): row for row in outbox if row["message_key"] is not None}
    reached = {(str(entry.chat_id), str(entry.message_id)): entry for entry in sends}
    assert recorded.keys() <= reached.keys(), "a message counts as sent that never was"
    more = Counter(key[0] for key in reached.keys() - recorded.keys())
    allowed = Counter[str]()
    for row in outbox:
        allowed[row["chat_key"]] += in_flight[row["outbox_id"]]
    assert not more - allowed, "more was sent twice than was in flight at the kills"
    words = {(key[0], reached[key].text) for key in recorded}
    lost = {row["chat_key"] for row in outbox if row["state"] == "unknown"}
    for key in reached.keys() - recorded.keys():
        assert (key[0], reached[key].text) in words or key[0] in lost, "words were sent that nobody wrote down"


def _chats_are_in_order(outbox: Sequence[Row], sends: Iterable[Entry]) -> None:
    """Replies of a chat arrive in the order of their rows; one sent twice, before the next."""
    seq = {(str(entry.chat_id), str(entry.message_id)): entry.seq for entry in sends}
    last: dict[str, int] = defaultdict(int)
    for row in outbox:
        if row["kind"] == "reply" and row["message_key"] is not None:
            came = seq[row["chat_key"], row["message_key"]]
            assert came > last[row["chat_key"]], f"reply {row['outbox_id']} was overtaken"
            last[row["chat_key"]] = came


def _reminders_went_once(run: Crashes, outbox: Sequence[Row], sends: Sequence[Entry]) -> None:
    came = Counter(str(entry.chat_id) for entry in sends)
    for person in run.reminded:
        of_person = [row for row in outbox if row["chat_key"] == str(person.user_id)]
        assert [row["kind"] for row in of_person] == ["reminder"], f"{person.name} has not one reminder"
        sent = came[str(person.user_id)]
        assert sent == 1 if of_person[0]["state"] == "sent" else sent <= 1, f"{person.name} was reminded {sent} times"


def _no_errors(folder: Path, noisy: tuple[str, ...]) -> None:
    for log in folder.glob("*.log"):
        for line in log.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            assert said["level"] not in ("error", "critical") or said["logger"] in noisy, f"{log.name}: {line}"
