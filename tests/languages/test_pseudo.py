"""Pseudo-locales: every message of the product is translated whole, glued from nothing, and safe from right to left."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from bot.cli.catalog_files import template_of
from bot.dialog.conversation_tests import run_conversation
from bot.dialog.gallery import Bubble, gallery
from bot.dialog.given import read_given
from bot.dialog.rehearsal import Rehearsal
from bot.domain.events import TextReceived
from bot.domain.money import Money
from bot.texts.catalogs import Catalogs
from bot.texts.messages import Message, Words
from bot.texts.pseudo import CLOSING, OPENING, PSEUDO_LANGUAGES, pseudo_catalog, with_pseudo
from bot.texts.render import render
from tests.conversations.shipped import ROOT, shipped, the_stage

_ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
_TURNED = re.compile("\u202e[^\u202e\u202c]*\u202c")
_PAY = ("a.pay", "Pay %(amount)s, that is 50 %%.", None)
_DAYS = ("a.days", "%(n)s day", "%(n)s days")
_TITLE = ("a.title", "Promise", None)
_BACK = ("a.back", "Back to %(topic)s.", None)


@lru_cache(maxsize=1)
def _catalogs() -> Catalogs:
    """Of the sentences that translators get: what is said besides has no brackets."""
    entries, _ = template_of(ROOT / "dialogs")
    return with_pseudo(
        Catalogs({}), [(e.key[0], e.sources[0], e.sources[1] if e.sources[1:] else None) for e in entries]
    )


@lru_cache(maxsize=2)
def _bubbles(language: str) -> tuple[tuple[str, Bubble], ...]:
    flows = gallery(shipped().script, _catalogs(), language)
    return tuple((step.context, b) for flow in flows for step in flow.steps for b in (*step.lines, *step.buttons))


def _is_whole(text: str) -> bool:
    """Whether one pair of brackets holds all of it."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == OPENING) - (character == CLOSING)
        if depth == 0 and at < len(text) - 1:
            return False
    return text.startswith(OPENING) and depth == 0


def test_every_message_of_the_gallery_is_bracketed_whole() -> None:
    found = _bubbles("en-XA")
    assert len(found) > 1000
    assert [(context, b.words) for context, b in found if b.is_source or not _is_whole(b.words)] == []


def test_in_the_language_from_right_to_left_every_value_is_isolated_and_every_word_turned() -> None:
    left = {context: _TURNED.sub("", _ISOLATED.sub("", b.words)) for context, b in _bubbles("ar-XB")}
    assert {context: rest for context, rest in left.items() if rest.strip()} == {}


def _rendered(source: tuple[str, str, str | None], language: str, **values: object) -> str:
    context, text, plural = source
    catalogs = with_pseudo(Catalogs({}), (_PAY, _DAYS, _TITLE, _BACK))
    count_by = "n" if plural else None
    return render(Message(text, context, tuple(values.items()), plural, count_by), catalogs, language)


def test_accented_english_is_longer_and_leaves_values_alone() -> None:
    assert _rendered(_PAY, "en-XA", amount=Money(50000, "CNY")) == "⟦Þååý CN¥500.00, ţĥååţ îîš 50 %.⟧"


@pytest.mark.parametrize(("count", "words"), [(1, "⟦1 ðååý⟧"), (3, "⟦3 ðååýš⟧")])
def test_plural_is_chosen_as_in_english(count: int, words: str) -> None:
    assert _rendered(_DAYS, "en-XA", n=count) == words


def test_arabic_has_six_forms_and_only_one_is_for_one() -> None:
    [forms] = pseudo_catalog("ar-XB", (_DAYS,)).entries.values()
    assert [form.count("days") for form in forms] == [1, 0, 1, 1, 1, 1]


def test_words_within_words_are_bracketed_by_themselves() -> None:
    title = Words(Message("Promise", "a.title"))
    assert _rendered(_BACK, "en-XA", topic=title) == "⟦Ɓååçķ ţöö ⟦Þŕööɱîîšéé⟧.⟧"
    glued = Words(Message("Promised", "a.title"))
    assert _rendered(_BACK, "en-XA", topic=glued) == "Back to Promised."


def test_tags_stay_as_they_are() -> None:
    catalogs = with_pseudo(Catalogs({}), (("a", "Pay <b>now</b>", None),))
    assert render(Message("Pay <b>now</b>", "a"), catalogs, "en-XA") == "⟦Þååý <b>ñööŵ</b>⟧"


def test_sentences_are_about_a_third_longer() -> None:
    sources = [sentence.source for _, sentence in shipped().script.sentences()]
    length = sum(map(len, sources))
    made = pseudo_catalog("en-XA", ((str(at), source, None) for at, source in enumerate(sources)))
    longer = sum(len(forms[0]) for forms in made.entries.values())
    assert 1.25 < longer / length < 1.45


def test_pseudo_locales_are_never_offered() -> None:
    live = shipped()
    assert set(PSEUDO_LANGUAGES) & {*live.languages, *with_pseudo(live.catalogs, ()).languages} == set()


_TALK = """
title: What is owed, and a promise.
given: {loan: {due: 2026-11-17, owed: "1200.00 CNY"}, now: 2026-11-21T10:00Z}
languages: [en-XA, ar-XB]
talk:
  - {borrower: What do I owe?, bot: balance.bill}
  - {borrower: I will pay on Friday, bot: promise.card}
"""


def test_talk_is_held_in_pseudo_locales_and_every_line_of_it_is_bracketed() -> None:
    stage = the_stage()
    assert run_conversation(_TALK, "talk.yaml", stage).failures == ()
    given = read_given({"loan": {"due": "2026-11-17", "owed": "1200.00 CNY"}, "language": "en-XA"}, stage.programmes[0])
    rehearsal = Rehearsal.begin(stage, given)
    rehearsal.hear(TextReceived("What do I owe?"))
    [message] = rehearsal.shown
    lines = [line for line in message.content.text.split("\n") if line]
    assert len(lines) > 4
    assert [line for line in lines if not _is_whole(line)] == []
