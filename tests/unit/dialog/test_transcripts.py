"""A transcript shows both sides of a talk: what was typed, the label that was pressed, and what was answered, day by day."""

from __future__ import annotations

import pytest

from bot.dialog.conversation_tests import play
from bot.dialog.sample_walks import MOST_TURNS, best_situation, walk
from bot.dialog.script import Flow
from bot.dialog.transcripts import Spoken, Transcript, as_markdown, transcript, walk_told
from tests.conversations.shipped import the_stage

_TALK = """
given: {seen: false, loan: {due: 2026-11-18, owed: "1200.00 CNY"}, language: zh-Hans, now: 2026-11-24T23:58+00:00}
talk:
  - {start: fresh}
  - {wait: 1m}
  - {shares: own number}
  - {wait: 3m}
  - {command: plan}
  - {press: 2026-11-27}
  - {sends: photo}
"""


def _told() -> Transcript:
    [played] = play(_TALK, "talk.yaml", the_stage())
    assert not played.failures
    assert played.rehearsal is not None
    return transcript(played.rehearsal, "A talk")


def _flows() -> list[Flow]:
    return [flow for flow in the_stage().script.flows.values() if not (flow.messages or flow.of_answer)]


def test_the_borrower_is_seen_to_type_to_press_and_to_send() -> None:
    mine = [one for day in _told().days for one in day.spoken if one.by_borrower]
    assert mine == [
        Spoken("23:58", by_borrower=True, words="/start"),
        Spoken("23:59", by_borrower=True, words="分享我的号码", pressed=True),
        Spoken("00:02", by_borrower=True, words="/plan"),
        Spoken("00:02", by_borrower=True, words="11月27日（星期五）", pressed=True),
        Spoken("00:02", by_borrower=True, words="🖼"),
    ]


def test_days_are_told_apart_in_the_language_of_the_talk() -> None:
    assert [day.title for day in _told().days] == ["11月24日（星期二）", "11月25日（星期三）"]


def test_an_answer_has_its_words_and_its_buttons() -> None:
    card = next(one for one in _told().days[1].spoken if "确认" in one.buttons)
    assert card.buttons == ("确认", "修改", "取消")
    assert "¥1,200.00" in card.words


def test_markdown_keeps_lines_buttons_and_signs_that_mean_something_in_it() -> None:
    told = Transcript("T", "Bank_1", "Ana", ())
    [day] = _told().days[1:]
    spoken = (
        Spoken("10:00", by_borrower=True, words="<b> *all* of it", pressed=True),
        Spoken("10:00", by_borrower=False, words="One\nTwo\n\nThree", buttons=("Yes", "No")),
    )
    page = as_markdown([Transcript(told.title, told.lender, told.borrower, (type(day)("Friday", spoken),))], "P", "N")
    assert page == (
        "# P\n\nN\n\n## T\n\n### Friday\n\n"
        "**Ana**, 10:00: [&lt;b&gt; \\*all\\* of it]\n\n"
        "**Bank_1**, 10:00:\n\n> One<br>\n> Two\n>\n> Three\n>\n> `Yes` `No`\n"
    )


@pytest.mark.parametrize("flow", _flows(), ids=lambda flow: flow.id)
def test_each_flow_has_a_walk_that_ends_and_breaks_no_rule(flow: Flow) -> None:
    went = walk(the_stage(), flow, "en", best_situation(the_stage(), flow))
    assert went.shown
    assert went.turns < MOST_TURNS
    assert all(one.words for day in transcript(went, flow.id).days for one in day.spoken)


def test_the_walk_through_a_promise_leads_from_the_day_to_the_receipt_in_every_language() -> None:
    stage = the_stage()
    flow = stage.script.flows["promise"]
    place = best_situation(stage, flow)
    for language in (*stage.catalogs.languages, "en-XA", "ar-XB"):
        steps = [step for message in walk(stage, flow, language, place).shown for step in message.steps]
        assert steps[-3:] == ["promise.day", "promise.card", "promise.receipt"], language
    assert walk_told(stage, flow, "es", place).title == "promise: Prometer un pago"
