"""Checking scripts: a bad example for every kind of mistake, and silence about what is sound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialog.check import check_script
from bot.dialog.findings import FINDINGS
from bot.dialog.parse import parse_script
from bot.services.rehearse import lexicons_of
from bot.texts.catalogs import Catalog, Catalogs
from tests.conversations.shipped import shipped
from tests.unit.dialog.scripts import ENGLISH, FILES, checked, flow

_OPEN = "flow: visit\n"
_CARD = "  card: {confirm: Right?, yes: {label: Yes, goto: keep}, no: {label: No, goto: out}}\n"
_RECORD = "{do: record_promise, on: {recorded: out, changed: out}}"

_BAD: list[tuple[str, str]] = [
    ("S020", flow("  a: {say: Hi, next: bb}\n  b: end\n")),
    ("S021", flow("  a: {call: identfy}\n  b: end\n")),
    ("S021", flow("  a: {call: shared}\n  b: end\n")),
    ("S022", flow("  a: {do: forgive_all, on: {ok: b}}\n  b: end\n")),
    ("S023", flow("  a: {do: stop_contact, on: {stopped: b, already: b, maybe: b}}\n  b: end\n")),
    ("S024", flow("  a: {do: stop_contact, on: {stopped: b}}\n  b: end\n")),
    ("S025", flow('  a: "Hello %(nobody)s."\n  b: end\n')),
    ("S025", flow("  a: {if: nobody > 3, then: b}\n  b: end\n")),
    ("S025", flow("  a: {say: Hi, buttons: [{label: Copy, copy: nobody}]}\n  b: end\n")),
    ("S026", flow("  a: {say: [{each: dreams, text: One}]}\n  b: end\n")),
    ("S027", flow('  a: {offer: When?, type: date, from: dreams, label: "%(choice)s"}\n  b: end\n')),
    ("S028", flow("  a: {offer: When?, type: date, from: promise_days}\n  b: end\n")),
    ("S028", flow('  a: {offer: When?, type: amount, from: promise_days, label: "%(choice)s"}\n  b: end\n')),
    ("S029", flow("  a: {ask: When?, type: colour}\n  b: end\n")),
    ("S030", flow("  a: Hello.\n")),
    ("S030", flow("  a: {if: verified, then: a}\n")),
    ("S031", flow("  a: {say: Hi, next: end}\n  b: end\n")),
    ("S032", flow("  a: {if: has_loan, then: b, else: d}\n  b: {goto: c}\n  c: {goto: b}\n  d: end\n")),
    ("S032", flow("  a: {if: has_loan, then: b, else: c}\n  b: {say: Hi, next: a}\n  c: end\n")),
    ("S033", flow("  a: {ask: When?, type: date}\n  b: {goto: a}\n")),
    ("S034", flow('  a: {if: has_loan, then: c}\n  b: {ask: When?, type: date}\n  c: "So %(b)s."\n  d: end\n')),
    ("S034", flow("  a: {do: set_language, on: {set: end, not_spoken: end}}\n")),
    ("S035", flow('  a: "You owe %(payable)s."\n  b: end\n', _OPEN)),
    ("S035", flow('  a: {say: Hi, buttons: [{label: "%(payable)s", intent: help}]}\n  b: end\n', _OPEN)),
    (
        "S035",
        flow(
            '  a: {if: has_loan, then: b, else: c}\n  b: {call: identify}\n  c: "Dear %(borrower_name)s."\n  d: end\n',
            _OPEN,
        ),
    ),
    ("S035", 'messages: notes\nsteps:\n  a: "You owe %(payable)s."\n'),
    ("S036", flow("  a: {do: withdraw_promise, on: {withdrawn: end, too_late: end, none: end}}\n", _OPEN)),
    ("S036", flow('  a: {offer: Which?, type: choice, from: loans, label: "%(choice)s"}\n  b: end\n', _OPEN)),
    ("S037", flow(f"  day: {{ask: When?, type: date}}\n  keep: {_RECORD}\n  out: end\n")),
    (
        "S037",
        flow(
            f"  day: {{ask: When?, type: date}}\n  maybe: {{if: has_loan, then: keep}}\n{_CARD}  keep: {_RECORD}\n  out: end\n"
        ),
    ),
    (
        "S037",
        flow(
            f"  day: {{ask: When?, type: date}}\n{_CARD}  keep: {{do: record_promise, on: {{recorded: keep, changed: out}}}}\n  out: end\n"
        ),
    ),
    ("S038", flow("  a: {if: payable, then: b}\n  b: end\n")),
    ("S038", flow("  a: {if: payable > 5, then: b}\n  b: end\n")),
    ("S038", flow("  a: {if: due_on > payable, then: b}\n  b: end\n")),
    ("S038", flow("  a: {if: stage > mild, then: b}\n  b: end\n")),
    ("S038", flow("  a: {if: {all: [verified, {not: lender}]}, then: b}\n  b: end\n")),
    ("S039", flow('  a: {say: {one: "%(lender)s", other: "%(lender)s", count: lender}}\n  b: end\n')),
    ("S040", flow('  a: "You are %(verified)s."\n  b: end\n')),
    ("S040", flow('  a: "You are %(stage)s."\n  b: end\n')),
    ("S041", flow('  a: "100% sure."\n  b: end\n')),
    ("S041", flow('  a: "You owe %(payable)d."\n  b: end\n')),
    ("S042", flow("  a: {say: Hi, buttons: [{label: Go, intent: helpp}]}\n  b: end\n")),
    ("S043", flow("  a: {say: Hi, buttons: [{label: This label is far too long, intent: help}]}\n  b: end\n")),
    ("S044", flow(f"  a: {'word ' * 130}\n  b: end\n")),
    ("S050", flow("  a: {say: Hi, buttons: [{label: Go}]}\n  b: end\n")),
    ("S050", flow("  a: {say: Hi, buttons: [{label: Go, intent: help, goto: b}]}\n  b: end\n")),
    ("S051", flow("  a: end\n", "flow: visit\nneeds: [identitty]\n")),
    ("S053", flow("  a: {do: place_hold, with: {kind: dispute, until: never}, on: {held: b}}\n  b: end\n")),
]


@pytest.mark.parametrize(("code", "text"), _BAD, ids=[f"{code}-{n}" for n, (code, _) in enumerate(_BAD)])
def test_mistake_is_found_alone_with_place_and_fix(code: str, text: str) -> None:
    problems = checked(text)
    assert {p.code for p in problems} == {code}
    assert all(p.place.line > 0 and p.place.column > 0 and p.fix for p in problems)


def test_flows_that_call_each_other_are_found() -> None:
    one = flow("  a: {call: two}\n  b: end\n", "flow: one\n")
    two = flow("  a: {call: one}\n  b: end\n", "flow: two\n")
    assert {p.code for p in checked(one, two)} == {"S056"}


def _without(path: str, text: str = "", by: str = "") -> list[str]:
    files = dict(FILES)
    if text:
        assert text in files[path]
        files[path] = files[path].replace(text, by)
    else:
        del files[path]
    script, problems = parse_script(files)
    assert script is not None, problems
    return [p.code for p in check_script(script, ENGLISH)]


def test_sentences_and_flows_of_the_engine_cannot_be_removed() -> None:
    assert "S048" in _without("dialogs/flows/shared.yaml", "  group: Hello. I only", "  crowd: Hello. I only")
    assert "S048" in _without("dialogs/flows/reminders.yaml", "  promise_kept:", "  promise_done:")
    assert "S048" in _without("dialogs/flows/not_understood.yaml")


def test_safety_intent_without_a_flow_is_found() -> None:
    assert "S049" in _without("dialogs/flows/distress.yaml")


def test_missing_translation_is_found_where_the_sentence_stands() -> None:
    live = shipped()
    chinese = live.catalogs.by_language["zh-Hans"]
    entries = {k: v for k, v in chinese.entries.items() if k != ("promise.card", "Is this right?")}
    problems = check_script(live.script, Catalogs({"zh-Hans": Catalog("zh-Hans", entries)}))
    assert [(p.code, p.place.file) for p in problems] == [("S045", "dialogs/flows/promise.yaml")]


def test_language_that_is_mostly_missing_is_one_mistake() -> None:
    assert [p.code for p in check_script(shipped().script, Catalogs({"es": Catalog("es")}))] == ["S046"]
    assert check_script(shipped().script, Catalogs({"es": Catalog("es")}), required=["en"]) == ()


def test_label_too_long_in_a_translation_is_found() -> None:
    live = shipped()
    chinese = live.catalogs.by_language["zh-Hans"]
    entries = {**chinese.entries, ("promise.card", "Confirm"): ("确认" * 13,)}
    problems = check_script(live.script, Catalogs({"zh-Hans": replace(chinese, entries=entries)}))
    assert [p.code for p in problems] == ["S043"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You are welcome.", "Pay now or else."),
        ("You are welcome.", "Wait 3 days."),
    ],
)
def test_forbidden_wording_is_found(old: str, new: str) -> None:
    files = {**FILES, "dialogs/flows/thanks.yaml": FILES["dialogs/flows/thanks.yaml"].replace(old, new)}
    script, _ = parse_script(files)
    assert script is not None
    assert {p.code for p in check_script(script, ENGLISH, None, lexicons_of(shipped().files))} == {"S047"}


def test_word_of_debt_in_a_reminders_preview_is_found() -> None:
    path = "dialogs/flows/reminders.yaml"
    files = {
        **FILES,
        path: FILES[path].replace("Hello, this is the automated", "Hello, your loan is due, says the automated", 1),
    }
    script, _ = parse_script(files)
    assert script is not None
    assert {p.code for p in check_script(script, ENGLISH, None, lexicons_of(shipped().files))} == {"S047"}


def test_every_kind_of_finding_has_a_bad_example() -> None:
    elsewhere = {"S045", "S046", "S047", "S048", "S049", "S056"}
    assert set(FINDINGS) == {code for code, _ in _BAD} | elsewhere


def test_shipped_flows_are_sound_in_every_language() -> None:
    live = shipped()
    assert check_script(live.script, live.catalogs, None, lexicons_of(live.files)) == ()
