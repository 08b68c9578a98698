"""Present: rendered content becomes the parameters of `sendMessage`, one set for each message that it needs.

A text beyond Telegram's 4096 characters is cut at a paragraph, else at a line, else at a word; marks open at the cut are
closed and opened again. The buttons stand under the last part, so nobody answers before having been told everything.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from telegram.constants import MessageLimit, ParseMode

from bot.domain.delivery import Button, Content

#: In UTF-16 code units, counted without markup.
LONGEST_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)

_BORDERS = ("\n\n", "\n", " ")
_TAG = r"<(?P<closing>/?)(?P<tag>[a-z][a-z0-9-]*)[^<>]*>"
_HTML = re.compile(rf"{_TAG}|&(?:[a-z]+|#[0-9]+|#x[0-9a-f]+);|.", re.IGNORECASE | re.DOTALL)

Parameters = dict[str, Any]


def present(chat_id: int, content: Content) -> tuple[Parameters, ...]:
    """One set of parameters for each message, in order; none for a text that is empty."""
    as_html = content.markup == "html"
    common: Parameters = {"chat_id": chat_id, "link_preview_options": {"is_disabled": True}}
    if as_html:
        common["parse_mode"] = ParseMode.HTML.value
    if content.protect:
        common["protect_content"] = True
    messages = [common | {"text": part} for part in parts(content.text, as_html=as_html)]
    markup = _reply_markup(content)
    if messages and markup:
        messages[-1]["reply_markup"] = markup
    return tuple(messages)


def plain(text: str) -> str:
    """HTML without its marks, as it would be read."""
    return html.unescape(re.sub(_TAG, "", text, flags=re.IGNORECASE))


def parts(text: str, *, as_html: bool) -> list[str]:
    """The text in pieces that Telegram takes, none of them blank. Nothing but space is lost at a cut."""
    # Most texts are short, and then their markup need not be looked at.
    if _units(text) <= LONGEST_TEXT:
        return [text] if text.strip() else []
    atoms = list(_atoms(text, as_html=as_html))
    pieces: list[str] = []
    still_open: list[_Atom] = []
    while atoms:
        end = _cut(atoms)
        now_open = _open_after(still_open, atoms[:end])
        opening = "".join(atom.markup for atom in still_open)
        closing = "".join(f"</{atom.tag}>" for atom in reversed(now_open))
        if any(not atom.shown.isspace() for atom in atoms[:end] if atom.shown):
            pieces.append(opening + "".join(atom.markup for atom in atoms[:end]) + closing)
        atoms, still_open = atoms[end:], now_open
    return pieces


@dataclass(frozen=True, slots=True)
class _Atom:
    """What must not be cut apart: a character, an entity, a tag (which shows nothing)."""

    markup: str
    shown: str
    tag: str | None = None
    closes: bool = False


def _atoms(text: str, *, as_html: bool) -> Iterator[_Atom]:
    if not as_html:
        yield from (_Atom(character, character) for character in text)
        return
    for found in _HTML.finditer(text):
        markup = found.group()
        if found["tag"]:
            yield _Atom(markup, "", found["tag"].lower(), bool(found["closing"]))
        else:
            yield _Atom(markup, html.unescape(markup))


def _cut(atoms: Sequence[_Atom]) -> int:
    """Where the first piece ends: before what no longer fits, at the last of the best kind of border."""
    room, end = LONGEST_TEXT, 0
    while end < len(atoms) and (room := room - _units(atoms[end].shown)) >= 0:
        end += 1
    if end == len(atoms):
        return end
    # One character for each atom, so that a place in the string is a place in the list.
    shown = "".join(atom.shown[:1] or "\0" for atom in atoms[:end])
    for border in _BORDERS:
        at = shown.rfind(border)
        if at > 0:
            return at + len(border)
    return max(end, 1)


def _open_after(still_open: Sequence[_Atom], atoms: Sequence[_Atom]) -> list[_Atom]:
    stack = list(still_open)
    for atom in atoms:
        if atom.tag and not atom.closes:
            stack.append(atom)
        elif atom.tag and stack:
            stack.pop()
    return stack


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _reply_markup(content: Content) -> Parameters | None:
    buttons = [button for row in content.rows for button in row]
    if any(button.request_contact for button in buttons):
        # Only a reply keyboard can ask for a contact. Its other buttons are typed for the borrower: their labels count.
        keyboard = [[_key(button) for button in row] for row in content.rows]
        return {"keyboard": keyboard, "resize_keyboard": True, "one_time_keyboard": True}
    if buttons:
        # A message has one markup: inline buttons win over removing a one-time keyboard, which is folded away by then.
        return {"inline_keyboard": [[_inline_button(button) for button in row] for row in content.rows if row]}
    return {"remove_keyboard": True} if content.remove_reply_keyboard else None


def _key(button: Button) -> Parameters:
    key: Parameters = {"text": button.label}
    if button.request_contact:
        key["request_contact"] = True
    return _styled(key, button)


def _inline_button(button: Button) -> Parameters:
    shown: Parameters = {"text": button.label}
    if button.url is not None:
        shown["url"] = button.url
    elif button.copy_text is not None:
        shown["copy_text"] = {"text": button.copy_text}
    else:
        shown["callback_data"] = button.data
    return _styled(shown, button)


def _styled(button: Parameters, wanted: Button) -> Parameters:
    return button | {"style": wanted.style} if wanted.style else button
