"""Reading programmes: gaps, overlaps, touches outside their stage and every other mistake, all at once, with a fix."""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.diagnostics import Diagnostic, Severity
from bot.domain.yaml_reading import YamlFile, read_yaml
from bot.policy.programme import Programme
from bot.policy.programme_reading import read_programme, read_programmes
from bot.policy.reminder_policy import TaskTouch
from tests.unit.policy.cases import cny, contact_policies, files_in

GOOD = """\
id: shop
title: Shop loan
lender: {name: Shop, timezone: Asia/Shanghai}
jurisdiction: CN
contact_policy: CN
minimums: {CNY: "5.00"}
stages:
  - {id: late, from: 11, tone: firm}
  - {id: early, from: 1, to: 10, tone: gentle}
  - {id: before, from: -3, to: 0, tone: friendly}
reminders:
  hour: "10:00"
  catch_up_days: 3
  unreachable_task_from: late
  touches:
    before: {days: [-3, 0]}
    early: {days: [4]}
    late: {every_days: 7, max_attempts: 3, then: task}
promise: {grace_days: 1, kept_at_percent: 95, max_open: 1, max_days_ahead: 14, min_amount_percent: 10, max_broken: 2}
ways_to_pay:
  - {kind: bank_transfer, account_number: "123", account_name: Shop}
  - {kind: link, url: "https://pay.example/x"}
help: {hours: daily, phone: "+86 10"}
retry: {max_attempts: 5, first_wait_seconds: 10, longest_wait_seconds: 900}
"""
CHILD = """\
id: kiosk
extends: shop
title: Kiosk loan
promise: {grace_days: 3}
"""


def a_file(text: str, name: str = "shop") -> YamlFile:
    return read_yaml(text, f"dialogs/policies/{name}.yaml")


def read(text: str) -> tuple[Programme | None, tuple[Diagnostic, ...]]:
    return read_programme(a_file(text), 7, contact_policies())


def good() -> Programme:
    programme, problems = read(GOOD)
    assert [str(p) for p in problems] == []
    assert programme is not None
    return programme


def test_every_shipped_programme_reads_without_a_problem() -> None:
    programmes, problems = read_programmes(files_in("policies"), 1, contact_policies())
    assert [str(p) for p in problems] == []
    assert "generic" in programmes


def test_generic_covers_every_day_from_three_before_the_due_date_on() -> None:
    programmes, _ = read_programmes(files_in("policies"), 1, contact_policies())
    ladder = programmes["generic"].ladder
    covered = [day for day in range(-10, 4000) if any(stage.covers(day) for stage in ladder.stages)]
    assert covered == list(range(-3, 4000))


def test_a_programme_holds_what_its_file_says() -> None:
    programme = good()
    assert (programme.programme_id, programme.version, programme.title) == ("shop", 7, "Shop loan")
    assert (programme.lender, programme.timezone, programme.jurisdiction) == ("Shop", "Asia/Shanghai", "CN")
    assert programme.minimums == {"CNY": cny("5.00")}
    assert programme.reminders.hour == time(10)
    touches = {s.stage_id: (s.touches, s.last, s.tasks) for s in programme.reminders.stages}
    assert touches == {
        "before": ((-3, 0), 0, ()),
        "early": ((4,), 10, ()),
        "late": ((11, 18, 25), None, (TaskTouch(26, "review"),)),
    }
    assert programme.promise.timezone == "Asia/Shanghai"
    assert programme.ways_to_pay[0].lines == (("account_number", "123"), ("account_name", "Shop"))
    assert programme.help.lines == (("hours", "daily"), ("phone", "+86 10"))
    assert programme.retry.longest_wait_seconds == 900


@pytest.mark.parametrize(("stage", "tone"), [("late", "firm"), ("unheard_of", "friendly"), (None, "friendly")])
def test_tone_of_a_stage(stage: str | None, tone: str) -> None:
    assert good().tone_of(stage) == tone


def test_a_cadence_stops_at_the_end_of_its_stage() -> None:
    programme, problems = read(GOOD.replace("early: {days: [4]}", "early: {every_days: 8, max_attempts: 5}"))
    assert programme is not None
    assert problems == ()
    assert programme.reminders.stages[1].touches == (1, 9)


WRONG = [
    ("title: Shop loan", "title: {a: b}", "P001", '"title" must be a text.'),
    ("jurisdiction: CN", "juristiction: CN", "P002", '"juristiction" is not known here. Did you mean "jurisdiction"?'),
    ("title: Shop loan\n", "", "P003", '"title" is missing.'),
    ("contact_policy: CN\n", "", "P003", '"contact_policy" is missing.'),
    ("lender: {name: Shop, timezone: Asia/Shanghai}\n", "", "P003", '"lender" is missing.'),
    ("promise:", "promises:", "P003", '"promise" is missing.'),
    ("retry:", "retries:", "P003", '"retry" is missing.'),
    ('help: {hours: daily, phone: "+86 10"}\n', "", "P003", '"help" is missing.'),
    ("stages:", "stage:", "P003", '"stages" is missing.'),
    ("reminders:", "reminder:", "P003", '"reminders" is missing.'),
    ("  touches:", "  touched:", "P003", '"touches" is missing.'),
    ("    early: {days: [4]}\n", "", "P003", '"early" is missing.'),
    ('- {kind: link, url: "https://pay.example/x"}', "- {kind: link}", "P003", "This way to pay says nothing."),
    ("timezone: Asia/Shanghai", "timezone: Shanghai", "P004", '"Shanghai" is not a time zone of the IANA list.'),
    ("tone: firm", "tone: furious", "P004", '"furious" is not possible for "tone".'),
    ("grace_days: 1", "grace_days: 99", "P004", '"grace_days" is 99, outside 0 to 30.'),
    (
        'minimums: {CNY: "5.00"}',
        'minimums: {CNY: "5.001"}',
        "P004",
        "This cannot be an amount: 5.001 has more decimals than CNY has (2).",
    ),
    (
        'minimums: {CNY: "5.00"}',
        "minimums: {XYZ: [1]}",
        "P004",
        "This cannot be an amount: 'XYZ' is not a currency code of ISO 4217.",
    ),
    ("longest_wait_seconds: 900", "longest_wait_seconds: 9", "P004", "The longest wait is shorter than the first."),
    ("https://pay.example", "http://pay.example", "P004", '"http://pay.example/x" is not a safe link.'),
    (
        "contact_policy: CN",
        "contact_policy: GLOBALE",
        "P005",
        'There is no contact policy "GLOBALE" without errors. Did you mean "GLOBAL"?',
    ),
    ("jurisdiction: CN", "jurisdiction: CNN", "P004", '"CNN" is not a region of ISO 3166.'),
    ("from: 1, to: 10", "from: 3, to: 10", "P006", "No stage covers the days 1 to 2."),
    ("{id: late, from: 11, tone", "{id: late, from: 11, to: 40, tone", "P006", "No stage covers the days from 41 on."),
    ("from: -3, to: 0", "from: -3, to: -1", "P006", "No stage covers the days 0 to 0."),
    (
        "from: 1, to: 10",
        "from: 1, to: 12",
        "P007",
        'The stage "early" covers days that a more severe stage covers (11 to 12).',
    ),
    (
        "from: 1, to: 10",
        "from: 12, to: 20",
        "P008",
        'The stage "early" can never hold: more severe stages cover all its days.',
    ),
    ("from: 1, to: 10", "from: 10, to: 1", "P008", 'The stage "early" has no day: it ends before it begins.'),
    ("days: [4]", "days: [4, 11]", "P009", 'Day 11 is outside the stage "early" (from 1 to 10).'),
    (
        "late: {every_days: 7, max_attempts: 3, then: task}",
        "late: {days: [10]}",
        "P009",
        'Day 10 is outside the stage "late" (from 11 on).',
    ),
    ('hour: "10:00"', 'hour: "08:30"', "P010", "The hour lies outside the hours of CN for pre_due messages."),
    ("id: early", "id: late", "P011", 'The stage "late" stands twice.'),
    ("id: shop", "id: shops", "P014", 'The id is "shops", the file\'s name says "shop".'),
    (
        "from: 11, tone: firm}\n  - {id: early, from: 1, to: 10,",
        "from: 1, to: 10, tone: firm}\n  - {id: early, from: 11,",
        "P015",
        'The stage "early" begins later than "late" but stands below it.',
    ),
    ("days: [4]", "days: [four]", "P001", '"days" must be a list of whole numbers.'),
    ("days: [4]", "days: 4", "P001", '"days" must be a list.'),
    (
        "unreachable_task_from: late",
        "unreachable_task_from: lat",
        "P004",
        '"lat" is not possible for "unreachable_task_from". Did you mean "late"?',
    ),
]


@pytest.mark.parametrize(("line", "instead", "code", "sentence"), WRONG)
def test_a_mistake_is_named_with_its_place_and_a_fix(line: str, instead: str, code: str, sentence: str) -> None:
    assert line in GOOD
    programme, problems = read(GOOD.replace(line, instead, 1))
    assert programme is None
    found = [p for p in problems if (p.code, p.sentence) == (code, sentence)]
    assert len(found) == 1, [str(p) for p in problems]
    assert found[0].place.file == "dialogs/policies/shop.yaml"
    assert found[0].place.line > 0
    assert found[0].fix


def test_mistakes_come_all_at_once_in_the_order_of_lines() -> None:
    text = GOOD.replace("grace_days: 1", "grace_days: 99").replace("title: Shop loan\n", "").replace("CNY", "XYZ")
    _, problems = read(text)
    assert [p.code for p in problems] == ["P003", "P004", "P004"]
    assert [p.place.line for p in problems] == sorted(p.place.line for p in problems)


@pytest.mark.parametrize(
    ("days", "held_back"),
    [
        ("[1, 2, 3, 4, 5]", '"early.d1" is never sent: the cap "chat_week" of CN holds it back.'),
        ("[3, 4, 5]", '"early.d4" is never sent: the cap "chat_week" of CN holds it back.'),
    ],
)
def test_touches_that_a_cap_would_hold_back_are_a_warning(days: str, held_back: str) -> None:
    text = GOOD.replace(
        "before: {days: [-3, 0]}", "before: {days: [-3, -1, 0]}" if "[1," in days else "before: {days: [0]}"
    )
    text = text.replace("days: [4]", f"days: {days}")
    if "[3," in days:
        text = text.replace("before: {days: [0]}", "before: {days: [-1, 0]}")
    programme, problems = read(text)
    assert programme is not None
    assert {(p.code, p.severity) for p in problems} == {("P013", Severity.WARNING)}
    assert f"Where nothing is paid, {held_back}" in [p.sentence for p in problems]


def test_the_days_of_a_band_are_held_against_the_caps_too() -> None:
    card = "scorecard: {bands: {low: 0, high: 40}, points: [{fact: days_past_due, from: 30, points: 40}]}\nretry:"
    text = GOOD.replace("retry:", card).replace("[4]}", "[4], by_band: {high: {days: [3, 4, 5, 6]}}}")
    text = text.replace("before: {days: [-3, 0]}", "before: {days: [-3, 0], by_band: {high: {days: [-3, -2, 0]}}}")
    _, problems = read(text)
    assert [(p.code, p.sentence) for p in problems] == [
        (
            "P013",
            f'In the band high, where nothing is paid, "early.d{day}" is never sent: '
            'the cap "chat_week" of CN holds it back.',
        )
        for day in (3, 6)
    ]


def test_a_message_that_a_cap_keeps_from_everybody_is_not_told_once_more_for_a_band() -> None:
    card = "scorecard: {bands: {low: 0, high: 40}, points: [{fact: days_past_due, from: 30, points: 40}]}\nretry:"
    text = GOOD.replace("retry:", card).replace("before: {days: [-3, 0]}", "before: {days: [-3, -1, 0]}")
    text = text.replace("days: [4]}", "days: [1], by_band: {high: {days: [1, 6]}}}")
    _, problems = read(text)
    assert [p.sentence for p in problems] == [
        'Where nothing is paid, "early.d1" is never sent: the cap "chat_week" of CN holds it back.'
    ]


def test_a_longer_pause_than_a_day_holds_back_the_next_days_touch() -> None:
    policy = contact_policies()["CN"]
    policies = {
        "CN": policy.__class__(**{**_fields(policy), "min_gap": type(policy.min_gap)(48, policy.min_gap.basis)})
    }
    text = GOOD.replace("days: [-3, 0]", "days: [0]").replace("days: [4]", "days: [1, 5]")
    _, problems = read_programme(a_file(text), 1, policies)
    [problem] = problems
    assert '"early.d1" is never sent: the pause between contacts' in problem.sentence


def _fields(policy: object) -> dict[str, object]:
    return {name: getattr(policy, name) for name in policy.__slots__}  # type: ignore[attr-defined]


def test_an_hour_is_only_asked_of_the_purposes_that_are_used() -> None:
    early = GOOD.replace('hour: "10:00"', 'hour: "08:30"').replace("days: [-3, 0]", "days: []")
    programme, problems = read(early)
    assert programme is not None
    assert problems == ()


def test_a_stage_with_just_the_days_of_a_more_severe_one_can_never_hold() -> None:
    _, problems = read(GOOD.replace("from: 1, to: 10", "from: 11"))
    assert "P008" in [p.code for p in problems]
    assert "P007" not in [p.code for p in problems]


def test_a_stage_with_a_condition_may_lie_over_a_milder_one() -> None:
    heavy = '  - {id: heavy, from: 11, tone: firm, least_past_due: {CNY: "900.00"}, least_instalments: 2}\n'
    text = GOOD.replace("stages:\n", "stages:\n" + heavy).replace("  touches:\n", "  touches:\n    heavy: {days: []}\n")
    programme, problems = read(text)
    assert [str(p) for p in problems] == []
    assert programme is not None
    assert programme.ladder.stages[0].least_past_due == {"CNY": cny("900.00")}


def test_a_child_takes_over_what_it_does_not_say() -> None:
    files = {"shop": a_file(GOOD), "kiosk": a_file(CHILD, "kiosk")}
    programmes, problems = read_programmes(files, 1, contact_policies())
    assert [str(p) for p in problems] == []
    kiosk, shop = programmes["kiosk"], programmes["shop"]
    assert (kiosk.title, kiosk.lender, kiosk.ladder) == ("Kiosk loan", "Shop", shop.ladder)
    assert (kiosk.promise.grace_days, kiosk.promise.max_days_ahead) == (3, 14)
    assert shop.promise.grace_days == 1


def test_a_mistake_that_several_programmes_inherit_is_told_once() -> None:
    files = {"shop": a_file(GOOD.replace("contact_policy: CN", "contact_policy: XX")), "kiosk": a_file(CHILD, "kiosk")}
    programmes, problems = read_programmes(files, 1, contact_policies())
    assert (programmes, [(p.code, str(p.place)) for p in problems]) == (
        {},
        [("P005", "dialogs/policies/shop.yaml:5:17")],
    )


def test_a_grandchild_inherits_through_its_parent() -> None:
    grandchild = "id: cart\nextends: kiosk\ntitle: Cart loan\n"
    files = {"shop": a_file(GOOD), "kiosk": a_file(CHILD, "kiosk"), "cart": a_file(grandchild, "cart")}
    programmes, problems = read_programmes(files, 1, contact_policies())
    assert [str(p) for p in problems] == []
    assert (programmes["cart"].title, programmes["cart"].promise.grace_days) == ("Cart loan", 3)


@pytest.mark.parametrize("above", ["shops", "kiosk", "broken"])
def test_a_parent_that_cannot_be_read_is_named(above: str) -> None:
    child = CHILD.replace("extends: shop", f"extends: {above}")
    files = {"shop": a_file(GOOD), "kiosk": a_file(child, "kiosk"), "broken": a_file("a: [", "broken")}
    programmes, problems = read_programmes(files, 1, contact_policies())
    assert programmes.keys() == {"shop"}
    [problem] = [p for p in problems if p.code == "P012"]
    assert problem.place.line == 2
    assert problem.sentence == f'"{above}" cannot be inherited from.'


@pytest.mark.parametrize("text", ["- a list", "", "word"])
def test_a_file_that_is_no_mapping_is_named(text: str) -> None:
    programme, problems = read(text)
    assert programme is None
    assert [p.code for p in problems] == ["P001"]


def test_a_file_that_is_no_yaml_gives_the_readers_problem() -> None:
    programme, problems = read("a: [")
    assert programme is None
    assert [p.code for p in problems] == ["Y002"]
