"""The commands on an installation that was lived in: one borrower promised, the next day's reminders were planned and sent.

The export records are promised to the lender's systems, so their fields stand here in full.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.calendar import local_day
from bot.jobs.clock import SystemClock
from bot.services.writes import OpenCase
from bot.standin import StandIn
from bot.storage.open import open_storage
from tests.databases import in_thread, sqlite_url_of
from tests.end_to_end.terminals import ROOT, SECRET_KEY, START, Furnished, terminals

TOKEN = "700000001:TEST-stand-in-token-that-opens-nothing"

COMMITMENT = [
    "commitment_id",
    "reference",  # ours beyond the contract: what the borrower reads out
    "kind",
    "status",
    "loan_id",
    "borrower_id",
    "currency",
    "payments",
    "cost",
    "made_at",
    "channel",
    "message_id",
    "policy_version",
    "script_version",
    "supersedes",
]
DELIVERY = [
    "delivery_id",
    "loan_id",
    "borrower_id",
    "kind",
    "rule",
    "stage",
    "channel",
    "language",
    "planned_at",
    "sent_at",
    "status",
    "until",
    "reason",
    "policy_version",
    "script_version",
    "message_id",
    "attempts",
    "loan_ids",  # ours beyond the contract: all loans that one message is about
]
DECISION = ["at", "subject", "rule", "facts", "outcome", "policy_version"]
TURN = [
    "turn_id",
    "at",
    "borrower_id",
    "channel",
    "event",
    "intent",
    "confidence",
    "slots",
    "flow",
    "step",
    "effects",
    "script_version",
]

Command = Callable[..., Result]


@pytest.fixture(scope="session")
def lived_in(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lived_in") / "gracebot.db"
    shutil.copy(furnished.path, path)

    async def live() -> None:
        async with terminals(sqlite_url_of(path), furnished.live) as office:
            await office.sit("sam", "S-4")
            await office.say("sam", "I'll pay 95 on Friday")
            await office.say("sam", "1")
            office.clock.move_to(START + timedelta(days=1))
            await office.day()

    in_thread(lambda: asyncio.run(live()))
    return path


@pytest.fixture
def database(lived_in: Path, tmp_path: Path) -> Path:
    path = tmp_path / "gracebot.db"
    shutil.copy(lived_in, path)
    return path


@pytest.fixture
def command(database: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command on this test's installation."""
    monkeypatch.setenv("GRACE_DATABASE_URL", sqlite_url_of(database))
    monkeypatch.setenv("GRACE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("GRACE_DIALOGS_DIR", str(ROOT / "dialogs"))
    monkeypatch.setenv("GRACE_LOCALES_DIR", str(ROOT / "locales"))
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.delenv("GRACE_TELEGRAM_TOKEN", raising=False)
    # An hour after the last that happened there; what commands tell depends on the day.
    monkeypatch.setattr(SystemClock, "now", lambda _: START + timedelta(days=1, hours=1))

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, words)
        assert result.exit_code == code, result.output + result.stderr + repr(result.exception)
        return result

    return run


def records(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


# -- export records ---------------------------------------------------------------------------------------------------


def test_a_commitment_is_exported_with_one_currency_and_amounts_as_decimals(command: Command) -> None:
    (record,) = records(command("commitments", "--format", "jsonl"))
    assert list(record) == COMMITMENT
    assert record.pop("commitment_id")
    assert len(record.pop("reference")) == 8
    assert record == {
        "kind": "promise",
        "status": "open",
        "loan_id": "L-4001",
        "borrower_id": "S-4",
        "currency": "GBP",
        "payments": [{"due_on": "2026-11-27", "amount": "95.00"}],
        "cost": "0.00",
        "made_at": "2026-11-25T12:00:00+00:00",
        "channel": "console",
        "message_id": None,
        "policy_version": 1,
        "script_version": 1,
        "supersedes": None,
    }


def test_commitments_are_chosen_by_their_state(command: Command) -> None:
    assert len(records(command("commitments", "--status", "open", "--format", "jsonl"))) == 1
    assert records(command("commitments", "--status", "kept", "--format", "jsonl")) == []
    assert command("commitments", "--status", "kept").stdout == "Nothing to list.\n"


def test_people_see_the_reference_that_the_borrower_reads_out(command: Command) -> None:
    (row,) = csv.DictReader(io.StringIO(command("commitments", "--format", "csv").stdout))
    assert len(row["reference"]) == 8
    assert row["reference"] in command("commitments").stdout


def test_a_delivery_is_exported_whether_it_was_sent_or_withheld(command: Command) -> None:
    found = records(command("deliveries", "--format", "jsonl"))
    assert [list(record) for record in found] == [DELIVERY] * len(found)
    (sent,) = [r for r in found if r["kind"] == "reminder" and r["status"] == "sent"]
    assert sent["sent_at"] == "2026-11-26T12:00:00+00:00"
    assert (sent["loan_id"], sent["rule"], sent["language"], sent["attempts"]) == (
        "L-4001",
        "promise_day_before",
        "en",
        1,
    )
    (withheld,) = records(command("deliveries", "--borrower", "S-7", "--format", "jsonl"))
    assert (withheld["status"], withheld["reason"], withheld["sent_at"], withheld["rule"]) == (
        "withheld",
        "no_address",
        None,
        "middle.d35",
    )
    assert records(command("deliveries", "--loan", "L-7001", "--format", "jsonl")) == [withheld]


def test_a_decision_is_exported_with_its_facts_by_name_also_where_there_are_none(command: Command) -> None:
    found = records(command("decisions", "--format", "jsonl"))
    assert [list(record) for record in found] == [DECISION] * len(found)
    assert {type(record["facts"]) for record in found} == {dict}
    (no_address,) = records(command("decisions", "--subject", "L-7001", "--format", "jsonl"))
    assert no_address == {
        "at": "2026-11-26T12:00:00+00:00",
        "subject": "L-7001",
        "rule": "gate",
        "facts": {},
        "outcome": "no_address",
        "policy_version": 1,
    }


def test_a_transcript_holds_both_sides_and_the_whole_record_of_each_turn(command: Command) -> None:
    found = records(command("transcript", "S-4", "--format", "jsonl"))
    assert [(r["who"], r["text"].splitlines()[0]) for r in found] == [
        ("borrower", "I'll pay 95 on Friday"),
        ("borrower", "[ButtonPressed]"),
        ("bot", "Is this right?"),
        ("bot", "Thank you. Your promise is recorded."),
        ("bot", found[4]["text"].splitlines()[0]),
    ]
    turn = {name: found[0][name] for name in TURN}
    assert turn.pop("turn_id") == found[0]["id"]
    assert 0 < turn.pop("confidence") <= 1
    assert turn == {
        "at": "2026-11-25T12:00:00+00:00",
        "borrower_id": "S-4",
        "channel": "console",
        "event": "TextReceived",
        "intent": "promise_to_pay",
        "slots": {"amount": "95", "date": "2026-11-27"},
        "flow": "promise",
        "step": "card",
        "effects": ["SetLanguage", "Say"],
        "script_version": 1,
    }
    assert found[1]["slots"] == {}
    assert set(found[2]) == {"at", "who", "text", "about", "id", *DELIVERY}


def test_messages_that_were_not_understood_are_listed_without_persons(
    database: Path, furnished: Furnished, command: Command
) -> None:
    async def puzzle() -> None:
        async with terminals(sqlite_url_of(database), furnished.live) as office:
            office.clock.move_to(START + timedelta(hours=1))
            await office.sit("sue", "S-4", "en")
            await office.say("sue", "zorp the purple harbour moon, Zebediah, 0803 123 4567")

    in_thread(lambda: asyncio.run(puzzle()))
    day = START.date().isoformat()
    (row,) = records(command("phrases", "missed", "--since", day, "--format", "jsonl"))
    assert (row["day"], row["text"]) == (day, "zorp the purple harbour moon, [name], [number]")
    assert command("phrases", "missed", "--since", "2030-01-01").stdout == "Nothing to list.\n"
    assert command("phrases", "missed", "--since", "soon", code=2).stdout == ""


def test_a_transcript_of_nobody_lists_nothing(command: Command) -> None:
    assert command("transcript", "S-99").stdout == "Nothing to list.\n"


# -- policies ---------------------------------------------------------------------------------------------------------


def test_programmes_and_contact_policies_are_listed_with_what_they_hold(command: Command) -> None:
    found = {row["id"]: row for row in records(command("policies", "list", "--format", "jsonl"))}
    assert found["generic"]["kind"] == "programme"
    assert found["generic"]["contents"].startswith("upcoming, due, mild, moderate, severe, middle, late")
    assert found["CN"]["kind"] == "contact_policy"
    assert "08:00-22:00 (overdue)" in found["CN"]["contents"]


def test_a_contact_policy_is_shown_with_what_it_inherits_and_from_where(command: Command) -> None:
    found = records(command("policies", "show", "CN", "--format", "jsonl"))
    origins = {row["key"]: row["origin"] for row in found}
    assert origins["windows"] == "CN"
    assert origins["min_gap"] == "GLOBAL"
    visit = next(row for row in found if row["key"] == "caps.visit")
    assert visit["value"] == "at most 1 attempted in 7 times 24 hours per loan (visit)"
    assert (visit["strength"], visit["source"].startswith("GB/T 45251-2025")) == ("guidance", True)


def test_a_programme_is_shown_with_the_line_each_value_stands_in(command: Command) -> None:
    found = records(command("policies", "show", "generic", "--format", "jsonl"))
    mild = next(row for row in found if row["key"] == "reminders.touches.mild.days")
    assert mild["value"] == "[1]"
    assert mild["origin"].startswith("dialogs/policies/generic.yaml:")


def test_a_policy_that_does_not_exist_is_refused_with_the_nearest_name(command: Command) -> None:
    result = command("policies", "show", "genric", code=2)
    assert result.stderr == 'There is no policy genric without errors. Did you mean "generic"?\n'


def test_the_check_of_policies_tells_only_what_policies_say(command: Command) -> None:
    found = records(command("policies", "check", "--format", "jsonl"))
    # What is to be renewed depends on the day.
    assert {row["code"] for row in found} <= {"C013", "C014"}


def test_a_loans_calendar_is_drawn_in_the_terminal_and_as_a_page(command: Command, tmp_path: Path) -> None:
    shown = command("policies", "calendar", "L-4001", "--on", "2026-12-01").stdout
    assert shown.startswith("Loan L-4001 from 2026-12-01\n")
    assert "December 2026" in shown
    page = tmp_path / "calendar.html"
    assert command("policies", "calendar", "L-4001", "--html", str(page)).stdout == f"Written to {page}.\n"
    assert page.read_text("utf-8").startswith("<!doctype html>")
    days = records(command("policies", "calendar", "L-4001", "--on", "2026-12-01", "--draft", "--format", "jsonl"))
    assert days[0]["on"] == "2026-12-01"


def test_a_calendar_of_an_unknown_loan_is_refused(command: Command) -> None:
    assert "There is no loan L-999" in command("policies", "calendar", "L-999", code=2).stderr


# -- versions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the dialogs that an admin may change."""
    folder = tmp_path / "dialogs"
    shutil.copytree(ROOT / "dialogs", folder)
    monkeypatch.setenv("GRACE_DIALOGS_DIR", str(folder))
    return folder


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_the_draft_is_told_from_the_live_version_in_words(command: Command, draft: Path) -> None:
    assert command("dialogs", "diff").stdout == "There is no difference.\n"
    change(draft / "policies" / "generic.yaml", "mild: {days: [1]", "mild: {days: [1, 3]")
    change(draft / "flows" / "thanks.yaml", "steps:", "# a remark, which changes nothing\nsteps:")
    told = command("dialogs", "diff").stdout
    assert told == "policies: generic: reminders.touches.mild.days is [1, 3] instead of [1].\n1 difference\n"


def test_a_version_is_published_listed_and_taken_back(command: Command, draft: Path) -> None:
    change(draft / "policies" / "generic.yaml", "title: Consumer loan", "title: Small loan")

    def last_line(*words: str) -> str:
        return command("dialogs", *words).stdout.splitlines()[-1]

    assert last_line("publish", "--note", "a better name") == "Version 2 is live now."
    assert last_line("publish", "--note", "once more") == "Version 2 is live already: nothing changed."
    assert last_line("rollback", "1", "--note", "the old name") == "Version 3 is live now."
    found = records(command("dialogs", "history", "--format", "jsonl"))
    assert [(v["number"], v["by"], v["note"]) for v in found] == [
        (3, "command line", "back to version 1: the old name"),
        (2, "command line", "a better name"),
        (1, "first start", "first version"),
    ]
    assert found[0]["digest"] == found[2]["digest"]
    assert command("dialogs", "diff", "1", "3").stdout == "There is no difference.\n"
    told = command("dialogs", "diff", "1", "2").stdout
    assert told.startswith("policies: generic: title is Small loan instead of Consumer loan.\n")


def test_an_old_contact_policy_is_told_by_every_check_and_stops_nothing(command: Command, draft: Path) -> None:
    change(draft / "contact" / "TW.yaml", "review_by: 2027-02-21", "review_by: 2000-01-01")
    change(draft / "contact" / "SG.yaml", "review_by: 2027-02-21", "review_by: 2999-01-01")
    change(draft / "contact" / "SG.yaml", "calendar: SG,", "calendar: SG, known_through: 2000-12-31,")
    sentence = "TW was to be looked at by 2000-01-01; GLOBAL holds beside it until it is."
    for part in ("policies", "dialogs"):
        [old] = [row for row in records(command(part, "check", "--format", "jsonl")) if row["file"].endswith("TW.yaml")]
        assert (old["line"], old["column"], old["code"], old["severity"]) == (6, 12, "C013", "warning")
        assert old["sentence"] == sentence
    found = json.loads(command("doctor", "--format", "json", code=1).stdout)
    states = {row["sentence"].partition(".")[0]: row["state"] for row in found if row["what"] == "contact"}
    assert states[sentence.removesuffix(".")] == "mend"
    assert [state for told, state in states.items() if told.startswith("The holidays of SG")] == ["note"]


def test_a_draft_with_a_mistake_is_not_published_and_the_live_version_stays(command: Command, draft: Path) -> None:
    change(draft / "policies" / "generic.yaml", "tone: gentle", "tone: gentel")
    result = command("dialogs", "publish", "--note", "in a hurry", code=2)
    assert 'Did you mean "gentle"?' in result.stderr
    assert [v["number"] for v in records(command("dialogs", "history", "--format", "jsonl"))] == [1]


def test_a_version_that_never_was_cannot_come_back(command: Command) -> None:
    result = command("dialogs", "rollback", "9", "--note", "x", code=2)
    assert result.stderr == "There is no version 9; `gracebot dialogs history` lists them.\n"


# -- why --------------------------------------------------------------------------------------------------------------


def test_a_loan_is_explained_with_what_comes_and_what_was_decided(command: Command) -> None:
    shown = command("why", "L-4001", "--on", "2026-11-26").stdout
    assert "promise" in shown
    assert "2026-11-26 12:00 gate:" in shown


def test_what_may_be_agreed_for_a_loan_is_told_with_row_place_and_reason(command: Command) -> None:
    shown = command("why", "L-4001", "--limits").stdout
    assert "Stage due: about 95.00 GBP of 285.00 GBP outstanding.\nAfter 3 counter-offers a person takes over." in shown
    assert "Used 0 of 1 in 365 days; all is paid by 2026-11-29." in shown
    assert "The programme offers none in stage due; a person decides." in shown
    assert "limits.extension.1 (dialogs/policies/generic.yaml:" in shown
    assert "2026-11-27 95.00 GBP" in shown
    assert "Nothing to list." in command("why", "L-7001", "--limits").stdout


def test_what_may_be_agreed_on_another_day_is_there_for_machines(command: Command) -> None:
    found = json.loads(command("why", "L-4001", "--limits", "--on", "2026-11-27", "--format", "json").stdout)
    assert (found["on"], found["stage"], found["band"], found["amount"]) == ("2026-11-27", "mild", None, "95.00 GBP")
    assert [(kind["kind"], kind["allowed"], kind["reason"]) for kind in found["kinds"]] == [
        ("extension", True, "limit_holds"),
        ("instalments", True, "limit_holds"),
        ("waiver", False, "not_offered"),
        ("settlement", False, "not_offered"),
    ]
    assert found["kinds"][1]["facts"] == {
        "used": "0",
        "times": "1",
        "period": "the life of the loan",
        "last_day": "2026-12-28",
    }
    # Thirty days on it is a Sunday, before it Christmas: the last working day takes its place.
    plan = found["offers"][-1]
    assert [payment["amount"] for payment in plan["payments"]] == ["47.50 GBP", "47.50 GBP"]
    assert (plan["kind"], plan["total"], plan["cost"]) == ("instalments", "95.00 GBP", "0.00 GBP")
    assert (plan["last_due_on"], plan["needs_approval"], plan["rule"]) == ("2026-12-24", False, "limits.instalments.1")


def test_limits_of_no_loan_are_refused(command: Command) -> None:
    assert command("why", "--turn", "T1", "--limits", code=2).stderr == "--limits are those of a loan; name one.\n"
    assert "There is no loan L-0" in command("why", "L-0", "--limits", code=2).stderr


def test_a_message_is_explained_with_its_rule_and_words(command: Command) -> None:
    (sent,) = [r for r in records(command("deliveries", "--format", "jsonl")) if r["rule"] == "promise_day_before"]
    shown = command("why", "--message", sent["delivery_id"]).stdout
    assert "A reminder to borrower S-4 about loan L-4001: sent." in shown
    assert "Rule promise_day_before, stage none, language en, policy version 1, script version 1." in shown
    assert "Words: " in shown
    assert "£95.00" in shown


def test_an_explanation_is_also_there_for_machines(command: Command) -> None:
    loan = json.loads(command("why", "L-4001", "--on", "2026-11-27", "--format", "json").stdout)
    assert (loan["loan_id"], loan["programme"], loan["on"]) == ("L-4001", "generic", "2026-11-27")
    assert loan["commitments"][0]["status"] == "open"
    assert loan["gate"]["reason"] == "promise_open"
    assert loan["decisions"][0]["rule"] == "gate"
    (sent,) = [r for r in records(command("deliveries", "--format", "jsonl")) if r["rule"] == "promise_day_before"]
    message = json.loads(command("why", "--message", sent["delivery_id"], "--format", "json").stdout)
    assert (message["rule"], message["status"]) == ("promise_day_before", "sent")
    assert "allowed" in [d["outcome"] for d in message["decisions"]]
    assert "no table" in command("why", "L-4001", "--format", "csv", code=2).stderr


def test_a_turn_is_explained_with_what_was_understood_and_done(command: Command) -> None:
    first = records(command("transcript", "S-4", "--format", "jsonl"))[0]
    shown = command("why", "--turn", first["turn_id"]).stdout
    assert "understood as promise_to_pay" in shown
    assert "amount 95, date 2026-11-27" in shown
    assert "At step promise.card, script version 1." in shown
    assert "Effects: SetLanguage, Say." in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--message", "nothing"), "There is no delivery nothing; `gracebot deliveries` lists them."),
        (("--turn", "nothing"), "There is no turn nothing; `gracebot transcript` lists them."),
        ((), "Say what to explain: a loan, --message ID or --turn ID."),
        (("L-4001", "--turn", "x"), "Say what to explain: a loan, --message ID or --turn ID."),
    ],
)
def test_what_cannot_be_explained_is_wrong_usage(command: Command, words: tuple[str, ...], sentence: str) -> None:
    assert command("why", *words, code=2).stderr == f"{sentence}\n"


# -- invitations ------------------------------------------------------------------------------------------------------


@pytest.fixture
def inviting(command: Command, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `invite` beside a stand-in that knows the bot's name."""

    def run(*words: str, code: int = 0) -> Result:
        async def beside() -> Result:
            async with StandIn(TOKEN).running() as url:
                monkeypatch.setenv("GRACE_TELEGRAM_TOKEN", TOKEN)
                monkeypatch.setenv("GRACE_TELEGRAM_API_URL", url)
                return await asyncio.to_thread(command, "invite", *words, "--format", "jsonl", code=code)

        return asyncio.run(beside())

    return run


def test_a_loan_s_borrower_is_invited_by_a_link_that_opens_the_bot(inviting: Command) -> None:
    (row,) = records(inviting("--loan", "L-4001"))
    assert row["borrower_id"] == "S-4"
    assert row["link"].startswith("https://t.me/")
    assert len(row["link"].partition("?start=")[2]) >= 22


def test_everybody_or_only_those_whom_nothing_reaches_are_invited(inviting: Command) -> None:
    everybody = records(inviting("--all"))
    assert sorted(r["borrower_id"] for r in everybody) == sorted(f"S-{n}" for n in range(1, 14))
    assert len({r["link"] for r in everybody}) == 13
    unreached = records(inviting("--unreached"))
    assert sorted(r["borrower_id"] for r in unreached) == sorted(f"S-{n}" for n in range(1, 14) if n != 4)
    assert {r["reason"] for r in unreached} == {"no_address"}


def test_a_borrower_who_owes_nothing_any_more_is_not_invited_with_everybody(inviting: Command, database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as beside:
        beside.execute("UPDATE loan SET status = 'closed' WHERE loan_id = 'L-4001'")
    invited = sorted(r["borrower_id"] for r in records(inviting("--all")))
    assert invited == sorted(f"S-{n}" for n in range(1, 14) if n != 4)


def test_pictures_of_links_are_named_by_number_so_that_no_id_leads_elsewhere(inviting: Command, tmp_path: Path) -> None:
    (row,) = records(inviting("--loan", "L-4001", "--qr", str(tmp_path / "cards")))
    assert row["picture"] == "00001.png"
    assert [p.name for p in (tmp_path / "cards").iterdir()] == ["00001.png"]
    assert (tmp_path / "cards" / "00001.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_an_unknown_loan_invites_nobody(inviting: Command) -> None:
    shown = inviting("--loan", "L-4001", "--loan", "L-9", code=2)
    assert (shown.stdout, shown.stderr) == ("", "There is no loan L-9; look it up in the loan book.\n")


@pytest.mark.parametrize("words", [(), ("--all", "--unreached"), ("--loan", "L-4001", "--all")])
def test_whom_to_invite_must_be_said_once(command: Command, words: tuple[str, ...]) -> None:
    assert command("invite", *words, code=2).stderr == "Say whom to invite: --loan ID, --all or --unreached.\n"


# -- holds ------------------------------------------------------------------------------------------------------------


def test_a_hold_is_set_listed_and_ended(command: Command) -> None:
    command("holds", "add", "S-5", "moratorium", "--reason", "flood relief", "--until", "2999-12-31")
    (hold,) = records(command("holds", "list", "S-5", "--format", "jsonl"))
    assert (hold["kind"], hold["loan_id"], hold["ends_at"], hold["set_by"], hold["reason"], hold["active"]) == (
        "moratorium",
        None,
        "3000-01-01T05:00:00+00:00",  # the day ends in New York
        "lender",
        "flood relief",
        True,
    )
    command("holds", "end", "S-5", "moratorium", "--reason", "the water is gone")
    assert command("holds", "list", "S-5").stdout == "Nothing to list.\n"


def test_a_hold_until_an_instant_keeps_its_offset(command: Command) -> None:
    command("holds", "add", "S-5", "dispute", "--reason", "a letter", "--until", "2999-12-31T18:00:00+08:00")
    (hold,) = records(command("holds", "list", "S-5", "--format", "jsonl"))
    assert hold["ends_at"] == "2999-12-31T10:00:00+00:00"


@pytest.mark.parametrize(
    ("words", "begin"),
    [
        (("S-99", "dispute"), "There is no borrower S-99;"),
        (("S-5", "moratorum"), 'moratorum is not a kind of hold. Did you mean "moratorium"?'),
        (("S-5", "dispute", "--until", "soon"), "soon is not a day; write it as in 2026-12-31."),
        (("S-5", "dispute", "--loan", "L-9"), "S-5 has no loan L-9;"),
    ],
)
def test_a_hold_on_what_is_not_there_is_refused(command: Command, words: tuple[str, ...], begin: str) -> None:
    assert command("holds", "add", *words, "--reason", "a letter", code=2).stderr.startswith(begin)


def test_ending_a_hold_that_does_not_run_is_told(command: Command) -> None:
    shown = command("holds", "end", "S-5", "dispute", "--reason", "a letter", code=2)
    assert shown.stderr == "No dispute hold of S-5 runs; `gracebot holds list S-5` shows them.\n"


# -- plan -------------------------------------------------------------------------------------------------------------


def test_a_plan_names_who_is_reminded_and_who_is_not_with_the_reason(command: Command) -> None:
    """As the day's beginning plans it, at whatever hour the command is run."""
    shown = json.loads(command("plan", "--on", "2026-11-27", "--format", "json").stdout)
    rows = {row["rule"]: row for row in shown if row["loan_id"] == "L-4001"}
    assert rows == {
        "mild.d1": {
            "at": "2026-11-27T10:00:00+00:00",
            "borrower_id": "S-4",
            "loan_id": "L-4001",
            "loan_ids": ["L-4001"],
            "stage": "mild",
            "rule": "mild.d1",
            "outcome": "withhold",
            "reason": "promise_open",
            "why": "A promise to pay is open.",
            "text": None,
        }
    }
    assert {row["loan_id"]: row["reason"] for row in shown if row["borrower_id"] == "S-2"} == {"L-2001": "no_address"}


def test_a_plan_holds_the_words_of_what_would_go(command: Command, database: Path, furnished: Furnished) -> None:
    async def seat() -> None:
        async with terminals(sqlite_url_of(database), furnished.live) as office:
            await office.sit("ravi", "S-6", "en")

    in_thread(lambda: asyncio.run(seat()))
    shown = json.loads(command("plan", "--on", "2026-12-02", "--format", "json").stdout)
    (row,) = [r for r in shown if r["borrower_id"] == "S-6" and r["reason"] != "superseded"]
    assert (row["rule"], row["outcome"], row["at"]) == ("severe.d15", "send", "2026-12-02T04:30:00+00:00")
    assert "4,500.00" in row["text"]


def test_a_plan_leaves_out_what_was_decided_already(command: Command) -> None:
    shown = json.loads(command("plan", "--at", "2026-11-26T12:00+00:00", "--format", "json").stdout)
    assert [row["rule"] for row in shown if row["borrower_id"] == "S-6"] == []


def test_a_plan_is_a_table_for_people_and_stores_nothing(command: Command, database: Path) -> None:
    before = command("deliveries", "--format", "jsonl").stdout
    assert "words or reason" in command("plan", "--at", "2026-11-26T12:00+00:00").stdout
    assert command("deliveries", "--format", "jsonl").stdout == before


def test_a_day_that_cannot_be_read_is_wrong_usage(command: Command) -> None:
    assert command("plan", "--on", "someday", code=2).stderr.startswith("someday cannot be read:")
    assert "add the offset" in command("plan", "--at", "2026-11-26T12:00", code=2).stderr


# -- the installation -------------------------------------------------------------------------------------------------


def test_a_changed_audit_log_is_found(command: Command, database: Path) -> None:
    assert command("audit", "--verify").stdout == "The audit log is whole.\n"
    with sqlite3.connect(database) as rows:
        for (trigger,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            rows.execute(f'DROP TRIGGER "{trigger}"')
        rows.execute("UPDATE audit SET act = 'nothing' WHERE rowid = (SELECT min(rowid) FROM audit)")
    rows.close()
    assert "was changed" in command("audit", "--verify", code=1).stderr


def test_audit_says_what_it_can_do(command: Command) -> None:
    assert "--verify" in command("audit", code=2).stderr


def test_a_database_is_checked_upgraded_and_then_fits(command: Command, database: Path) -> None:
    assert command("database", "check").stdout == "The database fits.\n"
    database.unlink()
    assert "gracebot database upgrade" in command("database", "check", code=1).stderr
    command("database", "upgrade")
    assert command("database", "check").stdout == "The database fits.\n"


def test_the_doctor_names_what_must_be_mended_and_what_is_well(command: Command) -> None:
    found = {row["what"]: row for row in json.loads(command("doctor", "--format", "json", code=1).stdout)}
    assert (found["token"]["state"], found["scripts"]["state"], found["database"]["state"]) == ("mend", "ok", "ok")
    assert found["unreached"]["sentence"].startswith("12 borrowers: no_address;")


def test_the_doctor_counts_open_cases_by_reason_with_the_age_of_the_oldest(command: Command, database: Path) -> None:
    now = SystemClock().now()
    opened = (
        ("dispute", timedelta(days=3, hours=2)),
        ("dispute", timedelta(hours=5)),
        ("error", timedelta(minutes=90)),
    )

    async def open_cases() -> None:
        storage = await open_storage(sqlite_url_of(database), (SECRET_KEY,))
        for number, (reason, age) in enumerate(opened):
            case = OpenCase(f"C{number}", now - age, reason, (), False, False, "S-4", None, None, f"case {number}")
            await storage.commit((case,))
        await storage.close()

    in_thread(lambda: asyncio.run(open_cases()))
    found = json.loads(command("doctor", "--format", "json", code=1).stdout)
    told = [(row["what"], row["state"], row["sentence"]) for row in found if row["what"].startswith("cases")]
    assert told[:2] == [
        ("cases dispute", "note", "2 open, the oldest for 3 days."),
        ("cases error", "note", "1 open, the oldest for 1 hour."),
    ]


def test_all_problems_of_the_settings_are_told_at_once(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRACE_PORT", "many")
    monkeypatch.setenv("GRACE_SECRET_KEY", "short")
    monkeypatch.setenv("GRACE_DATABASE_ULR", "x")
    told = command("deliveries", code=2).stderr.splitlines()
    assert sorted(line.split()[0].rstrip(":") for line in told) == [
        "GRACE_DATABASE_ULR",
        "GRACE_PORT",
        "GRACE_SECRET_KEY",
    ]
    assert 'Did you mean "GRACE_DATABASE_URL"?' in "\n".join(told)


def test_no_command_shows_a_traceback_when_the_database_is_no_database(command: Command, database: Path) -> None:
    database.write_bytes(b"this is not a database" * 1000)
    shown = command("deliveries", code=1)
    assert shown.stderr.count("\n") == 1


def test_a_cell_that_a_spreadsheet_would_run_is_made_text(command: Command, tmp_path: Path) -> None:
    command("holds", "add", "S-5", "dispute", "--reason", '=HYPERLINK("http://example.org")')
    (row,) = csv.DictReader(io.StringIO(command("holds", "list", "S-5", "--format", "csv").stdout))
    assert row["reason"] == '\'=HYPERLINK("http://example.org")'


def test_a_book_is_imported_once_and_a_second_time_changes_nothing(command: Command, tmp_path: Path) -> None:
    from bot.demo.sample_book import sample_book

    book = tmp_path / "book.csv"
    book.write_text(sample_book(local_day(SystemClock().now(), "UTC")), encoding="utf-8")
    command("import", str(book))
    again = command("import", str(book))
    assert "nothing" in (again.stdout + again.stderr).lower()


def test_a_borrower_talks_in_the_terminal_until_the_input_ends() -> None:
    spoken = subprocess.run(
        [sys.executable, str(ROOT / "run_bot.py"), "talk", "--loan", "L-4001"],
        check=False,
        input="I'll pay 95 tomorrow\n1\n",
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
    )
    assert spoken.returncode == 0, spoken.stderr
    assert "Is this right?" in spoken.stdout
    assert "£95.00" in spoken.stdout
    assert "[1] Confirm" in spoken.stdout
    assert "Thank you. Your promise is recorded." in spoken.stdout
