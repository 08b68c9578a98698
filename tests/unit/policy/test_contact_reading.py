"""Reading contact policies: everything wrong is found at once, and a child may tighten but not loosen."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.yaml_reading import YamlFile, read_yaml
from bot.policy.contact import ContactPolicy, read_contact_policy
from bot.policy.contact_policy import Purpose, Strength
from tests.unit.policy.cases import contact_policy, files_in

PARENT = """\
id: TOP
title: Parent
as_of: 2026-11-21
review_by: 2027-05-21
windows:
  - {days: [mon, tue, wed, thu, fri], from: "08:00", to: "20:00", strength: law, source: an act}
  - {days: [sat], from: "09:00", to: "12:00", strength: default, source: product}
holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24], known_through: 2027-12-31, strength: guidance, source: a code}
caps:
  - {id: week, media: [chat, sms], max: 3, days: 7, counted: rolling, per: person, strength: law, source: an act}
  - {id: day, media: [chat], max: 1, days: 1, counted: calendar_days, strength: default, source: product}
min_gap: {hours: 20, strength: guidance, source: a code}
operator_reply: {hours: 24, strength: guidance, source: a code}
statements:
  - {key: stmt.identity, when: first_contact, strength: law, source: an act}
  - {key: stmt.opt_out, when: every_proactive, strength: default, source: product}
triggers:
  dispute: {hold_days: 30, notify: operator, strength: law, source: an act}
  minor: {notify: supervisor, strength: law, source: an act}
  complaint: {hold_days: 7, notify: supervisor, strength: default, source: product}
forbidden: [L1]
"""
CHILD = """\
id: SUB
extends: TOP
title: Child
as_of: 2026-11-22
review_by: 2027-05-21
"""


def files(**texts: str) -> dict[str, YamlFile]:
    return {name: read_yaml(text, f"dialogs/contact/{name}.yaml") for name, text in texts.items()}


def read(**texts: str) -> tuple[dict[str, ContactPolicy], list[str]]:
    policies, problems = read_contact_policy(files(**texts))
    return policies, [f"{p.place.line}:{p.code}" for p in problems]


def child(*lines: str) -> tuple[dict[str, ContactPolicy], list[str]]:
    return read(TOP=PARENT, SUB=CHILD + "".join(f"{line}\n" for line in lines))


def test_every_shipped_policy_reads_without_a_problem() -> None:
    policies, problems = read_contact_policy(files_in("contact"))
    assert [str(p) for p in problems] == []
    assert {"GLOBAL", "CN"} <= policies.keys()


def test_global_is_as_published() -> None:
    policy = contact_policy("GLOBAL")
    [window] = policy.windows
    assert (window.days, window.opens, window.closes) == (frozenset(range(5)), 9 * 60, 18 * 60)
    assert [(c.most, c.days, c.rolling) for c in policy.caps] == [(1, 1, False), (3, 7, True), (10, 30, True)]
    assert policy.min_gap.hours == 20
    assert [rule.calendar for rule in policy.holidays] == ["region"]
    assert {w.basis.strength for w in policy.windows} == {Strength.DEFAULT}


def test_china_is_as_published() -> None:
    policy = contact_policy("CN")
    hours = {purpose: (w.opens, w.closes) for w in policy.windows for purpose in w.purposes}
    assert hours == {
        Purpose.OVERDUE: (8 * 60, 22 * 60),
        Purpose.PRE_DUE: (9 * 60, 21 * 60),
        Purpose.DUE_DAY: (9 * 60, 21 * 60),
    }
    assert policy.windows[0].basis.strength is Strength.GUIDANCE
    assert policy.windows[0].basis.as_of == date(2026, 11, 21)
    assert policy.windows[0].basis.policy == "CN"
    assert policy.holidays == ()
    chat = [(c.name, c.most, c.days) for c in policy.caps if "chat" in c.media]
    assert chat == [("chat_day", 1, 1), ("chat_week", 3, 7)]


def test_what_a_child_leaves_out_it_inherits_with_its_origin() -> None:
    policies, problems = child()
    assert problems == []
    policy = policies["SUB"]
    assert policy.windows == policies["TOP"].windows
    assert policy.min_gap.basis.policy == "TOP"
    assert (policy.title, policy.as_of) == ("Child", date(2026, 11, 22))


def test_triggers_and_forbidden_classes_are_added_to_the_parents() -> None:
    line = "triggers: {hardship: {hold_days: 7, notify: none, strength: default, source: product}}"
    policies, problems = child(line, "forbidden: [L2]")
    assert problems == []
    policy = policies["SUB"]
    assert {t.name for t in policy.triggers} == {"dispute", "minor", "complaint", "hardship"}
    assert policy.forbidden == {"L1", "L2"}
    hardship, dispute = policy.trigger("hardship"), policy.trigger("dispute")
    assert hardship is not None
    assert dispute is not None
    assert (hardship.hold_days, dispute.hold_days) == (7, 30)
    assert policy.trigger("paid") is None


def test_statements_are_found_by_their_moment() -> None:
    policies, _ = child()
    assert [s.key for s in policies["SUB"].statements_due("first_contact")] == ["stmt.identity"]


def test_zones_of_a_child_go_before_those_of_its_parent() -> None:
    policies, problems = read(TOP=PARENT + "zones: [Europe/Berlin]\n", SUB=CHILD + "zones: [Europe/Paris]\n")
    assert problems == []
    assert policies["SUB"].zones == (("SUB", ("Europe/Paris",)), ("TOP", ("Europe/Berlin",)))


TIGHTER = [
    'windows: [{days: [mon], from: "09:00", to: "19:00", strength: law, source: x}]',
    'windows: [{days: [mon], from: "08:00", to: "20:00", strength: law, source: x}]',
    "holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24, 2026-12-31], known_through: 2027-06-30, strength: law, source: x}",
    "caps: [{id: w, media: [chat, sms, email], max: 2, days: 8, counted: rolling, strength: law, source: x}]",
    "min_gap: {hours: 21, strength: law, source: x}",
    "operator_reply: {hours: 1, strength: law, source: x}",
    "statements: [{key: stmt.identity, when: first_contact, strength: law, source: x}]",
    "triggers: {dispute: {hold_days: 31, notify: operator, strength: law, source: x}}",
    "triggers: {dispute: {notify: operator, strength: law, source: x}}",
    "triggers: {complaint: {hold_days: 1, notify: operator, strength: default, source: x}}",
]


@pytest.mark.parametrize("line", TIGHTER)
def test_tightening_is_allowed(line: str) -> None:
    policies, problems = child(line)
    assert problems == []
    assert "SUB" in policies


LOOSER = [
    'windows: [{days: [mon], from: "07:59", to: "19:00", strength: law, source: x}]',
    'windows: [{days: [mon], from: "08:00", to: "20:01", strength: default, source: x}]',
    'windows: [{days: [sun], from: "10:00", to: "11:00", strength: default, source: x}]',
    "holidays: {calendar: DE, contact: allowed, strength: law, source: x}",
    "holidays: {calendar: FR, contact: forbidden, closed: [2026-12-24], known_through: 2027-12-31, strength: law, source: x}",
    "holidays: {calendar: DE, contact: forbidden, known_through: 2027-12-31, strength: law, source: x}",
    "holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24], strength: law, source: x}",
    "holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24], known_through: 2028-01-01, strength: law, source: x}",
    "caps: [{id: w, media: [chat, sms], max: 4, days: 7, counted: rolling, strength: law, source: x}]",
    "caps: [{id: w, media: [chat, sms], max: 3, days: 6, counted: rolling, strength: law, source: x}]",
    "caps: [{id: w, media: [chat], max: 3, days: 7, counted: rolling, strength: law, source: x}]",
    "caps: [{id: w, media: [chat, sms], max: 3, days: 7, counted: calendar_days, strength: law, source: x}]",
    "caps: [{id: w, media: [chat, sms], max: 3, days: 7, counted: rolling, per: loan, strength: law, source: x}]",
    "min_gap: {hours: 19, strength: law, source: x}",
    "operator_reply: {hours: 25, strength: law, source: x}",
    "statements: [{key: stmt.opt_out, when: every_proactive, strength: law, source: x}]",
    "triggers: {dispute: {hold_days: 29, notify: operator, strength: law, source: x}}",
    "triggers: {minor: {hold_days: 3000, notify: operator, strength: law, source: x}}",
]


@pytest.mark.parametrize("line", LOOSER)
def test_loosening_law_or_guidance_is_refused(line: str) -> None:
    policies, problems = child(line)
    assert problems == ["6:C005"]
    assert policies.keys() == {"TOP"}


WRONG = [
    ("title: [a]", "C001", '"title" must be a text.'),
    ("min_gap: 20", "C001", '"min_gap" must be a mapping (lines of `key: value`).'),
    ("min_gap: {hours: soon, strength: law, source: x}", "C001", '"hours" must be a whole number.'),
    ("min_gap: {hours: true, strength: law, source: x}", "C001", '"hours" must be a whole number.'),
    ("caps: day", "C001", '"caps" must be a list.'),
    ("caps: [day]", "C001", '"caps" must be a mapping (lines of `key: value`).'),
    ("zones: [{a: b}]", "C001", '"zones" must be a list of texts.'),
    ("windwos: []", "C002", '"windwos" is not known here. Did you mean "windows"?'),
    ("min_gap: {hours: 20, strength: law, source: x, why: y}", "C002", '"why" is not known here.'),
    ("min_gap: {hours: 20, strength: law}", "C003", '"source" is missing.'),
    ("min_gap: {strength: law, source: x}", "C003", '"hours" is missing.'),
    ("min_gap: {hours: 9999, strength: law, source: x}", "C004", '"hours" is 9999, outside 0 to 8784.'),
    (
        "min_gap: {hours: 20, strength: lax, source: x}",
        "C004",
        '"lax" is not possible for "strength". Did you mean "law"?',
    ),
    (
        "min_gap: {hours: 20, strength: law, source: x, as_of: 2026-02-30}",
        "C004",
        '"2026-02-30" is not a day that exists.',
    ),
    ("regions: [US-NJ, XQ]", "C004", '"XQ" is not a region of ISO 3166.'),
    ("regions: [ZZ]", "C004", '"ZZ" is not a region of ISO 3166.'),
    ("regions: [us-nj]", "C004", '"us-nj" is not a region of ISO 3166.'),
    ("zones: [Mars/Base]", "C004", '"Mars/Base" is not a time zone of the IANA list.'),
    (
        'windows: [{days: [man], from: "08:00", to: "20:00", strength: law, source: x}]',
        "C004",
        '"man" is not possible for "days". Did you mean "mon"?',
    ),
    (
        'windows: [{days: [mon], from: "8:00", to: "20:00", strength: law, source: x}]',
        "C004",
        '"8:00" is not a time of day.',
    ),
    (
        'windows: [{days: [mon], from: "08:00", to: "24:01", strength: law, source: x}]',
        "C004",
        '"24:01" is not a time of day.',
    ),
    ("holidays: {calendar: ZZ, contact: forbidden, strength: law, source: x}", "C004", 'There is no calendar "ZZ".'),
    (
        "holidays: {calendar: DE, contact: forbidden, closed: [2026-12-24, soon], strength: law, source: x}",
        "C004",
        '"soon" is not a day that exists.',
    ),
    (
        "triggers: {disputes: {notify: none, strength: law, source: x}}",
        "C004",
        '"disputes" is not a trigger. Did you mean "dispute"?',
    ),
    ("triggers: {dispute: 30}", "C001", '"dispute" must be a mapping (lines of `key: value`).'),
    (
        'windows: [{days: [mon], from: "10:00", to: "09:00", strength: law, source: x}]',
        "C006",
        "This window opens no minute.",
    ),
    (
        'windows: [{days: [mon], from: "10:00", to: "12:00", purposes: [overdue], strength: law, source: x}]',
        "C006",
        "There is no hour at which contact is allowed (pre_due).",
    ),
    (
        "caps: [{id: w, media: [sms], max: 3, days: 7, counted: rolling, strength: law, source: x}]",
        "C008",
        "No cap limits messages in chats, or it allows none.",
    ),
]


@pytest.mark.parametrize(("line", "code", "sentence"), WRONG)
def test_a_mistake_is_named_with_its_place_and_a_fix(line: str, code: str, sentence: str) -> None:
    _, problems = read_contact_policy(files(TOP=PARENT, SUB=CHILD.replace("title: Child\n", "") + line + "\n"))
    found = [p for p in problems if (p.code, p.sentence) == (code, sentence)]
    assert len(found) == 1
    assert found[0].place.file == "dialogs/contact/SUB.yaml"
    assert found[0].place.line in (1, 5)
    assert found[0].fix


def test_all_mistakes_of_all_files_come_at_once() -> None:
    _, problems = read(
        TOP=PARENT.replace("hours: 20", "hours: 999999").replace("title: Parent\n", ""),
        SUB=CHILD.replace("SUB", "OTHER"),
        THIRD="- a list",
        BROKEN="a: [",
    )
    assert sorted(p.partition(":")[2] for p in problems) == ["C001", "C003", "C004", "C009", "Y002"]


def test_a_file_below_a_broken_parent_is_left_out_without_a_problem_of_its_own() -> None:
    policies, problems = read(TOP="id: TOP\n", SUB=CHILD)
    assert policies == {}
    assert {p.partition(":")[2] for p in problems} == {"C003", "C006", "C008"}


def test_faults_of_a_file_below_a_broken_parent_are_told_at_once() -> None:
    _, problems = read_contact_policy(files(TOP="id: TOP\n", SUB=CHILD + "min_gap: 20\n"))
    assert [(p.place.line, p.code) for p in problems if "SUB" in p.place.file] == [(6, "C001")]


def test_the_id_must_be_the_files_name() -> None:
    _, problems = read(TOP=PARENT.replace("id: TOP", "id: TIP"))
    assert problems == ["1:C009"]


@pytest.mark.parametrize("above", ["NOWHERE", "SUB"])
def test_a_parent_that_is_not_there_is_named(above: str) -> None:
    _, problems = read(TOP=PARENT, SUB=CHILD.replace("extends: TOP", f"extends: {above}"))
    assert "2:C007" in problems


def test_a_circle_of_parents_is_named_once() -> None:
    one = CHILD.replace("SUB", "A").replace("TOP", "B")
    other = CHILD.replace("SUB", "B").replace("TOP", "A")
    policies, problems = read(A=one, B=other)
    assert policies == {}
    assert problems.count("2:C007") == 1


def test_problems_come_in_the_order_of_files_and_lines() -> None:
    _, problems = read_contact_policy(files(B="id: B\nx: 1\n", A="id: A\nx: 1\n"))
    assert [p.place for p in problems] == sorted(p.place for p in problems)
