"""Composing: what becomes of a message on its way to a channel."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialog.compose import apology, render_message, render_say
from bot.dialog.effects import Choice, Say
from bot.dialog.script import Script
from bot.domain.errors import CannotSay
from bot.texts.catalogs import Catalog, Catalogs
from bot.texts.messages import DayInYear, Message
from tests.conversations.shipped import shipped

_CATALOGS = Catalogs(
    {"en": Catalog("en"), "zh-Hans": Catalog("zh-Hans", {("a.b", "Hello"): ("您好",), ("a.b", "Yes"): ("是",)})}
)


def _sign(choice: Choice, place: int) -> str:
    return f"{choice.intent or 'step'}:{place}"


def test_buttons_are_signed_by_their_place_over_all_rows() -> None:
    yes, no, help_ = (
        Choice(Message(label, "a.b"), intent) for label, intent in (("Yes", None), ("No", None), ("Help", "help"))
    )
    content = render_say(Say((Message("Hello", "a.b"),), ((yes, no), (help_,))), _CATALOGS, "en", _sign)
    assert [[(b.label, b.data) for b in row] for row in content.rows] == [
        [("Yes", "step:0"), ("No", "step:1")],
        [("Help", "help:2")],
    ]


def test_button_that_copies_links_or_shares_is_not_signed() -> None:
    label = Message("Yes", "a.b")
    row = (
        Choice(label, copy_text="REF"),
        Choice(label, url="https://example.org"),
        Choice(label, request_contact=True),
    )
    content = render_say(Say((Message("Hello", "a.b"),), (row,)), _CATALOGS, "en", _sign)
    assert [(b.copy_text, b.url, b.request_contact, b.data) for b in content.rows[0]] == [
        ("REF", None, False, None),
        (None, "https://example.org", False, None),
        (None, None, True, None),
    ]


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        ((date(2026, 11, 24), date(2026, 11, 27)), ["martes 24 de noviembre", "viernes 27 de noviembre", "No"]),
        ((date(2026, 9, 23), date(2026, 9, 25)), ["mié 23 de sept", "vie 25 de sept", "No"]),
        ((DayInYear(date(2027, 9, 22)),), ["mié 22 de sept de 2027", "No"]),
    ],
)
def test_days_on_buttons_are_short_on_all_of_them_or_on_none(
    days: tuple[date | DayInYear, ...], labels: list[str]
) -> None:
    choices = [Choice(Message("%(choice)s", "a.b", (("choice", day),))) for day in days]
    choices.append(Choice(Message("No", "a.b")))
    own = {("a.b", "%(choice)s"): ("%(choice)s",), ("a.b", "No"): ("No",)}
    spanish = Catalog("es", {**shipped().catalogs.by_language["es"].entries, **own})
    content = render_say(Say((), (tuple(choices),)), Catalogs({"es": spanish}), "es", _sign)
    assert [b.label for b in content.rows[0]] == labels


@pytest.mark.parametrize(("label", "text"), [("Yes", "您好"), ("Never translated", "Hello")])
def test_text_and_buttons_are_always_of_one_language(label: str, text: str) -> None:
    say = Say((Message("Hello", "a.b"),), ((Choice(Message(label, "a.b")),),))
    assert render_say(say, _CATALOGS, "zh-Hans", _sign).text == text


def test_reply_keyboard_goes_once_no_contact_is_asked_for() -> None:
    contact = Say((Message("Hello", "a.b"),), ((Choice(Message("Yes", "a.b"), request_contact=True),),))
    assert render_say(contact, _CATALOGS, "en", _sign).remove_reply_keyboard is False
    assert render_say(Say((Message("Hello", "a.b"),)), _CATALOGS, "en", _sign).remove_reply_keyboard is True


def test_line_on_a_button_is_never_longer_than_a_channel_shows() -> None:
    assert render_message(Message("word " * 60, "a.b"), _CATALOGS, "en").endswith("word…")
    assert len(render_message(Message("word " * 60, "a.b"), _CATALOGS, "en")) <= 200
    assert render_message(Message("Hello", "a.b"), _CATALOGS, "zh-Hans") == "您好"


def test_apology_is_the_scripts_own() -> None:
    assert apology(shipped().script).lines[0].context == "shared.apology"
    with pytest.raises(CannotSay):
        apology(Script({}))
