"""What lenders' published articles imply, capability by capability: shown here, or told in docs/programmes.md as done otherwise.

Each test is named after a row there, and runs for the programmes of the sources that imply it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.dialog.compose import reminder_message, render_say
from bot.domain.calendar import instant_of
from bot.domain.delivery import MessageKind
from bot.domain.situation import Contact
from bot.policy.contact import Allowed, DeferredUntil, may_contact
from bot.policy.ladder import classify
from bot.policy.programme import REASONS, Programme
from bot.policy.reminder_policy import TaskTouch
from bot.policy.reminders import touches_ahead
from bot.policy.scorecard import facts_of, score
from bot.policy.wording import Written, check_wording
from bot.services.rehearse import lexicons_of
from tests.conversations.shipped import shipped
from tests.unit.policy.cases import DUE, a_loan, a_situation, at, contact_policy, programme

P2P, FENQILE, XINERFU, JIEBEI, HUABEI = "p2p", "fenqile", "xinerfu", "jiebei", "huabei"
ALL = (P2P, FENQILE, XINERFU, JIEBEI, HUABEI)
BEFORE = at("2025-02-20 12:00")

#: The stages of each source, with their first days, mildest first.
STAGES = {
    P2P: [
        ("upcoming", -3),
        ("due", 0),
        ("warning", 1),
        ("reminder", 4),
        ("phone", 11),
        ("third_party", 31),
        ("legal", 91),
    ],
    FENQILE: [("upcoming", -3), ("due", 0), ("minor", 1), ("serious", 11)],
    XINERFU: [("upcoming", -3), ("due", 0), ("mild", 1), ("moderate", 4), ("severe", 11)],
    JIEBEI: [("prepare", -30), ("upcoming", -3), ("due", 0), ("early", 1), ("middle", 31), ("late", 61)],
    HUABEI: [("prepare", -30), ("upcoming", -3), ("due", 0), ("early", 1), ("middle", 31), ("late", 61)],
}


def of(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names)


def touches(name: str) -> list[tuple[int, str]]:
    """The days and rules of all messages that a loan sees whom nobody pays."""
    ahead = touches_ahead(a_loan(), programme(name), None, BEFORE)
    return [((touch.at.date() - DUE).days, touch.rule) for touch in ahead]


def words(by: Programme, day: int, language: str, band: str | None = None) -> str:
    """What the reminder of a day says."""
    live, on = shipped(), DUE + timedelta(days=day)
    now = instant_of(on, time(10), by.timezone)
    loan = replace(a_loan(), programme=by.programme_id)
    say = reminder_message(
        live.script, loan, classify(loan, on, by.ladder), a_situation(now, loans=(loan,)), by, now, band
    )
    return render_say(say, live.catalogs, language, lambda _choice, _place: "-").text


@of(*ALL)
def test_staged_escalation(name: str) -> None:
    seen = dict.fromkeys(
        classify(a_loan(), DUE + timedelta(days=day), programme(name).ladder).stage for day in range(-30, 400)
    )
    assert [stage for stage in seen if stage] == [stage for stage, _ in STAGES[name]]


@of(*ALL)
def test_stage_bounds_in_days(name: str) -> None:
    ladder = programme(name).ladder
    assert [(s.stage_id, s.first) for s in reversed(ladder.stages)] == STAGES[name]
    # Editable: another bound, another stage.
    first_late = ladder.stages[0]
    earlier = replace(ladder, stages=(replace(first_late, first=first_late.first - 1), *ladder.stages[1:]))
    on = DUE + timedelta(days=first_late.first - 1)
    assert classify(a_loan(), on, ladder).stage == ladder.stages[1].stage_id
    assert classify(a_loan(), on, earlier).stage == first_late.stage_id


@of(P2P, FENQILE, JIEBEI, HUABEI)
def test_preparation_before_the_due_date(name: str) -> None:
    # What is prepared is inside the house: the band is known, and nobody is written to before the third day.
    card = programme(name).scorecard
    assert card is not None
    assert score(card, facts_of(a_loan(), (), 0, DUE - timedelta(days=20))).band == "low"
    assert touches(name)[0] == (-3, "upcoming.d-3")


@of(P2P)
def test_due_day_notice(name: str) -> None:
    assert (0, "due.d0") in touches(name)
    assert "is due today" in words(programme(name), 0, "en")


@of(*ALL)
def test_automatic_notices(name: str) -> None:
    # A whole way up the ladder is reminded of with nobody doing anything.
    assert [day for day, _ in touches(name)][:3] == [-3, 0, 1]


@of(*ALL)
def test_several_channels(name: str) -> None:
    media = {task.medium for stage in programme(name).reminders.stages for task in stage.tasks}
    assert media & {"call", "letter"}


@of(FENQILE, JIEBEI, HUABEI)
def test_contact_schedule_with_time_and_content(name: str) -> None:
    by = programme(name)
    for day, rule in touches(name):
        assert rule.endswith(f".d{day}")
        assert "1,200" in words(by, day, "en")
    assert by.reminders.hour == time(10)


@of(*ALL)
def test_tone_per_severity(name: str) -> None:
    order = ("friendly", "gentle", "clear", "firm", "formal")
    tones = [order.index(stage.tone) for stage in reversed(programme(name).ladder.stages)]
    assert tones == sorted(tones)
    assert tones[-1] > tones[0]


@of(*ALL)
def test_ask_the_reason(name: str) -> None:
    by = programme(name)
    assert by.reasons == REASONS
    late = [day for day, _ in touches(name) if day > 0]
    asking = ("stands in the way", "which day suits you", "money is short", "what is possible")
    assert [day for day in late if not any(part in words(by, day, "en") for part in asking)] == []


@of(P2P)
def test_several_payment_methods(name: str) -> None:
    assert [way.kind for way in programme(name).ways_to_pay] == ["bank_transfer", "app"]


@of(P2P, FENQILE, XINERFU)
def test_negotiation_within_limits(name: str) -> None:
    rules = programme(name).promise
    assert (rules.max_open, rules.max_broken, rules.max_days_ahead, rules.min_amount_percent) == (1, 2, 14, 10)
    limits = programme(name).limits
    assert limits.extension
    assert limits.instalments
    assert bool(limits.waiver) is (name == "xinerfu")


@of(*ALL)
def test_follow_up_on_time(name: str) -> None:
    rules = programme(name).promise
    assert (rules.grace_days, rules.kept_at_percent) == (1, 95)
    assert all(
        stage.touches or stage.tasks or stage.stage_id == "prepare" for stage in programme(name).reminders.stages
    )


@of(*ALL)
def test_risk_segment(name: str) -> None:
    by, on = programme(name), DUE + timedelta(days=40)
    assert by.scorecard is not None
    facts = facts_of(a_loan(), (), 2, on)
    assert score(by.scorecard, facts).sentence() == (
        "Band high: 80 points: 2 broken promises (30), 1 instalment past due (10), 1 payment missed or late (5), "
        "40 days past due (15), 1200.00 CNY past due (15), first payment due 40 days ago (5)."
    )
    assert score(by.scorecard, facts, imported="low").band == "low"


@of(P2P, FENQILE, JIEBEI, HUABEI)
def test_hand_over_to_a_human(name: str) -> None:
    late = [stage for stage in programme(name).reminders.stages if stage.tasks]
    assert late
    assert programme(name).reminders.unreachable_task_from is not None


def with_visit(name: str) -> Programme:
    """The programme with a visit in its most severe stage, as a lender may add one."""
    by = programme(name)
    worst = by.ladder.stages[0].stage_id
    stages = tuple(
        replace(s, tasks=(*s.tasks, TaskTouch(100, "visit"))) if s.stage_id == worst else s for s in by.reminders.stages
    )
    return replace(by, reminders=replace(by.reminders, stages=stages))


@of(P2P, FENQILE, JIEBEI, HUABEI)
def test_door_visit_is_a_task_for_a_person(name: str) -> None:
    shipped_media = {task.medium for stage in programme(name).reminders.stages for task in stage.tasks}
    assert "visit" not in shipped_media
    by = with_visit(name)
    assert list(touches_ahead(a_loan(), by, None, BEFORE)) == list(
        touches_ahead(a_loan(), programme(name), None, BEFORE)
    )


@of(P2P, FENQILE, JIEBEI, HUABEI)
def test_lawyers_letter_and_court_are_tasks_for_people(name: str) -> None:
    by = programme(name)
    media = {task.medium for stage in by.reminders.stages for task in stage.tasks}
    assert media & {"letter", "legal"}
    told = " ".join(words(by, day, "en") for day, _ in touches(name)).lower()
    assert not [word for word in ("lawyer", "court", "legal", "sue") if word in told]


@of(P2P, FENQILE, XINERFU)
def test_no_threat_no_insult(name: str) -> None:
    by = programme(name)
    lexicons = {lexicon.language: lexicon for lexicon in lexicons_of(shipped().files)}
    for language in ("en", "zh-Hans"):
        for day, _ in touches(name):
            for band in (None, "low", "high"):
                assert check_wording(words(by, day, language, band), lexicons[language], Written.TYPED) == ()


@of(*ALL)
def test_comply_with_law(name: str) -> None:
    # Where nothing is paid every touch finds an open hour and room under the caps of mainland China, on its own day.
    by, policy = programme(name), contact_policy("CN")
    assert (by.contact_policy, by.jurisdiction, by.timezone) == ("CN", "CN", "Asia/Shanghai")
    contacts: tuple[Contact, ...] = ()
    for touch in touches_ahead(a_loan(), by, None, BEFORE):
        situation = a_situation(touch.at, loans=(a_loan(),), contacts=contacts)
        answer = may_contact(situation, "L1", policy, touch.at, MessageKind.REMINDER, not_after=touch.not_after)
        # A public holiday may move a message on by a day or two, never out of its stage.
        assert isinstance(answer, Allowed | DeferredUntil), (touch.rule, answer)
        went = touch.at if isinstance(answer, Allowed) else answer.until
        contacts = (*contacts, Contact(went, MessageKind.REMINDER, "telegram", "L1", touch.rule, "bot"))


@of(FENQILE)
def test_concise_clear_text(name: str) -> None:
    for day, _ in touches(name):
        assert len(words(programme(name), day, "en")) <= 600
        assert len(words(programme(name), day, "zh-Hans")) <= 300


@of(*ALL)
def test_build_trust(name: str) -> None:
    # Who writes comes first, in every message.
    for day, _ in touches(name):
        assert words(programme(name), day, "zh-Hans").startswith("您好，我是Example Lender的智能助理")


@of(*ALL)
def test_every_stage_has_words_in_every_language_and_band(name: str) -> None:
    by = programme(name)
    stages = {stage.stage_id: stage for stage in by.ladder.stages}
    for day in range(STAGES[name][0][1], 120):
        stage = stages[str(classify(a_loan(), DUE + timedelta(days=day), by.ladder).stage)]
        for band in (None, *stage.tone_by_band):
            assert words(by, day, "en", band)
            assert words(by, day, "zh-Hans", band) != words(by, day, "en", band)


@pytest.mark.parametrize(
    ("name", "day", "band", "part"),
    [
        ("p2p", 1, None, "Perhaps it is on its way."),
        ("fenqile", 11, None, "We would like to find a way with you."),
        ("fenqile", 11, "low", "If money is short, tell me"),
        ("xinerfu", 5, "low", "Perhaps it is on its way."),
        ("jiebei", 1, None, "If money is short, tell me"),
        ("huabei", 62, None, "It is not too late to talk."),
    ],
)
def test_a_stage_speaks_in_its_tone(name: str, day: int, band: str | None, part: str) -> None:
    assert part in words(programme(name), day, "en", band)


def test_the_two_credit_lines_differ_in_name_alone() -> None:
    jiebei, huabei = programme(JIEBEI), programme(HUABEI)
    assert replace(huabei, programme_id=JIEBEI, title=jiebei.title) == jiebei
    assert (jiebei.title, huabei.title) == ("Cash credit line", "Purchase credit line")
    assert date(2025, 3, 3) == DUE
