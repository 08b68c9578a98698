"""Callback data: what fits, what it stands for, and who may have made it."""

from __future__ import annotations

import pytest

from bot.channels.telegram.signing import Signer
from bot.dialog.effects import Choice
from bot.domain.events import ButtonPressed
from bot.texts.messages import Message

OLD = "an-old-secret-of-32-characters-00"
NEW = "a-new-secret-of-32-characters--00"


def a_choice(intent: str | None = None, argument: str | None = None) -> Choice:
    return Choice(Message("Yes", "promise.confirm"), intent=intent, argument=argument)


def test_a_steps_button_names_its_keyboard_and_place() -> None:
    signer = Signer([NEW], bot_id=1)
    data = signer.sign("77", a_choice(), 2, 14)
    assert signer.verify("77", data) == ButtonPressed(keyboard=14, choice=2)


@pytest.mark.parametrize("argument", [None, "", "K7M3QX4A", "with:colon"])
def test_a_lasting_button_names_its_intent_and_argument(argument: str | None) -> None:
    signer = Signer([NEW], bot_id=1)
    data = signer.sign("77", a_choice("change_promise", argument), 0, 14)
    assert signer.verify("77", data) == ButtonPressed(
        keyboard=None, choice=0, intent="change_promise", argument=argument
    )


def test_the_largest_version_fits_into_64_bytes() -> None:
    assert len(Signer([NEW], bot_id=1).sign("-1001234567890", a_choice(), 999, 2**63)) <= 64


def test_an_intent_that_does_not_fit_is_refused_at_once() -> None:
    signer = Signer([NEW], bot_id=1)
    assert len(signer.sign("77", a_choice("x" * 36, "K7M3QX4A12"), 0, 1)) == 64
    with pytest.raises(ValueError, match="64 bytes"):
        signer.sign("77", a_choice("x" * 36, "K7M3QX4A123"), 0, 1)


def test_bytes_count_not_characters() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Signer([NEW], bot_id=1).sign("77", a_choice("pay", "还" * 15), 0, 1)


def test_another_chat_cannot_press_it() -> None:
    signer = Signer([NEW], bot_id=1)
    data = signer.sign("77", a_choice(), 2, 14)
    assert signer.verify("78", data) is None
    assert signer.verify("7", data) is None


def test_another_bot_with_the_same_secret_cannot_make_it() -> None:
    assert Signer([NEW], bot_id=1).verify("77", Signer([NEW], bot_id=2).sign("77", a_choice(), 2, 14)) is None


def test_buttons_signed_before_a_rotation_still_count_and_new_ones_use_the_new_key() -> None:
    before, during, after = Signer([OLD], 1), Signer([NEW, OLD], 1), Signer([NEW], 1)
    old_data, new_data = before.sign("77", a_choice(), 0, 1), during.sign("77", a_choice(), 0, 1)
    assert during.verify("77", old_data) == ButtonPressed(1, 0)
    assert after.verify("77", new_data) == ButtonPressed(1, 0)
    assert after.verify("77", old_data) is None


@pytest.mark.parametrize("data", ["", "1.0", "x" * 16, "x" * 64, "\ud83d" * 20, "还" * 21, "\0"])
def test_anything_at_all_can_be_asked_about(data: str) -> None:
    assert Signer([NEW], bot_id=1).verify("77", data) is None
