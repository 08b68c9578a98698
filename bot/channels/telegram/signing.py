"""Signing: what a button stands for travels in its callback data, and nobody but us can make such data.

The data is signed for one bot and one chat, so a press forged, altered or carried over from another chat does not verify.
It says which button, never what it does: the conversation's own state decides whether a step's button is still live.

data    = mac payload                 at most 64 bytes; mac: 12 bytes of HMAC-SHA256 in 16 characters
payload = keyboard "." choice         a button of a step: the keyboard's version and the place on it
        | "i" intent [":" argument]   a lasting button
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from bot.dialog.effects import Choice
from bot.domain.events import ButtonPressed

#: What Telegram takes as callback data, in bytes.
LONGEST = 64
_MAC_BYTES = 12
_MAC_CHARACTERS = 16


class Signer:
    """Signs with the newest of several secrets and accepts all of them, so that keys can be rotated."""

    def __init__(self, secrets: Sequence[str], bot_id: int) -> None:
        purpose = f"callback data of bot {bot_id}".encode()
        self._keys = tuple(hmac.digest(secret.encode(), purpose, "sha256") for secret in secrets)

    def sign(self, chat_key: str, choice: Choice, place: int, keyboard: int) -> str:
        """The callback data of a choice at a place (from 0) on the keyboard of a version, in one chat.

        Raises ValueError for an intent and argument of more than 48 bytes together.
        """
        if choice.intent is None:
            payload = f"{keyboard}.{place}"
        else:
            payload = f"i{choice.intent}" if choice.argument is None else f"i{choice.intent}:{choice.argument}"
        data = _mac(self._keys[0], chat_key, payload) + payload
        if len(data.encode()) > LONGEST:
            raise ValueError(f"the button for {choice.intent} needs more than {LONGEST} bytes")
        return data

    def verify(self, chat_key: str, data: str) -> ButtonPressed | None:
        """What the button stands for; None unless this chat was given exactly this data. Compares in constant time."""
        mac, payload = data[:_MAC_CHARACTERS], data[_MAC_CHARACTERS:]
        given = mac.encode("utf-8", "surrogatepass")
        fits = [hmac.compare_digest(given, _mac(key, chat_key, payload).encode()) for key in self._keys]
        return _read(payload) if any(fits) else None


def _mac(key: bytes, chat_key: str, payload: str) -> str:
    signed = f"{chat_key}\n{payload}".encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(hmac.digest(key, signed, "sha256")[:_MAC_BYTES]).decode()


def _read(payload: str) -> ButtonPressed:
    if payload[0] != "i":
        keyboard, _, place = payload.partition(".")
        return ButtonPressed(int(keyboard), int(place))
    intent, given, argument = payload[1:].partition(":")
    return ButtonPressed(None, 0, intent, argument if given else None)
