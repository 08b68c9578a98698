"""No forged, altered or carried-over callback data is ever taken for ours."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.channels.telegram.signing import Signer
from bot.dialog.effects import Choice
from bot.domain.events import ButtonPressed
from bot.texts.messages import Message

SIGNER = Signer(["the-first-secret-of-32-characters", "the-other-secret-of-32-characters"], bot_id=123456)
CHATS = st.integers(-(2**52), 2**52).map(str)
LABEL = Message("Yes", "flow.step")
CHOICES = st.one_of(
    st.just(Choice(LABEL)),
    st.builds(
        Choice,
        st.just(LABEL),
        st.from_regex(r"[a-z_]{1,30}", fullmatch=True),
        st.none() | st.from_regex(r"[A-Z0-9:]{0,16}", fullmatch=True),
    ),
)


@given(CHATS, CHOICES, st.integers(0, 999), st.integers(0, 2**63))
def test_what_is_signed_verifies_in_its_chat_and_says_the_same(
    chat: str, choice: Choice, place: int, keyboard: int
) -> None:
    press = SIGNER.verify(chat, SIGNER.sign(chat, choice, place, keyboard))
    if choice.intent is None:
        assert press == ButtonPressed(keyboard, place)
    else:
        assert press == ButtonPressed(None, 0, choice.intent, choice.argument)


@given(CHATS, CHATS, CHOICES)
def test_no_other_chat_verifies(chat: str, other: str, choice: Choice) -> None:
    assume(chat != other)
    assert SIGNER.verify(other, SIGNER.sign(chat, choice, 0, 1)) is None


@given(CHATS, CHOICES, st.data())
def test_no_mutation_verifies(chat: str, choice: Choice, data: st.DataObject) -> None:
    signed = SIGNER.sign(chat, choice, 3, 17)
    start = data.draw(st.integers(0, len(signed)))
    end = data.draw(st.integers(start, min(len(signed), start + 3)))
    mutated = signed[:start] + data.draw(st.text(max_size=3)) + signed[end:]
    assume(mutated != signed)
    assert SIGNER.verify(chat, mutated) is None


@given(CHATS, st.text(max_size=64))
def test_no_invention_verifies(chat: str, data: str) -> None:
    assert SIGNER.verify(chat, data) is None
