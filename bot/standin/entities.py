"""Text as Telegram reads it: the HTML parse mode with Telegram's complaints, lengths in UTF-16 units, and back to HTML.

Strict where Telegram is strict: an unknown tag, an open tag or "1 < 2" without escaping refuses the whole message.
Nothing here knows about chats or limits of length.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

from bot.standin.refusals import Refusal, bad_request

Entity = dict[str, Any]


class FormattedText(NamedTuple):
    """What people see, and the entities over it with offsets and lengths in UTF-16 units."""

    text: str
    entities: tuple[Entity, ...] = ()


NO_TEXT = FormattedText("")

#: What each tag of the HTML parse mode means.
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_ENTITY_TYPES = frozenset(_TAGS.values()) | {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "expandable_blockquote",
    "text_mention",
}
_NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,10})|(lt|gt|amp|quot));?")
_SPACE = " \t\r\n"
_COMMAND = re.compile(r"(?<!\S)/[a-zA-Z0-9_]{1,64}(?:@\w{3,32})?")
_ADDRESS = re.compile(r"(?:https?|tg)://[^\s/?#]+\S*|mailto:\S+|tel:\S+", re.IGNORECASE)


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts: characters beyond U+FFFF are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def read_text(text: str, parse_mode: str | None, entities: Iterable[Entity] | None) -> FormattedText:
    """The text of a message as the bot asked for it, trimmed at its end as Telegram does.

    Raises `Refusal` (400) for a parse mode that is not known, HTML that cannot be parsed and impossible entities.
    MarkdownV2 and Markdown are known to Telegram but not to the stand-in, which says so.
    """
    if not parse_mode:
        return _trim(FormattedText(text, tuple(_check_entity(entity, text) for entity in entities or ())))
    match parse_mode.lower():
        case "html":
            return _trim(parse_html(text))
        case "markdown" | "markdownv2":
            raise bad_request("parse_mode Markdown is not served by the stand-in; use HTML")
        case _:
            raise bad_request("unsupported parse_mode")


def commands_in(text: str) -> tuple[Entity, ...]:
    """The bot commands in what a person wrote, as Telegram marks them."""
    return tuple(
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in _COMMAND.finditer(text)
    )


def parse_html(source: str) -> FormattedText:
    """Text and entities of HTML as Telegram accepts it; `Refusal` with Telegram's words and byte offset otherwise."""
    return _HtmlReader(source).read()


class _OpenTag(NamedTuple):
    name: str
    attributes: Mapping[str, str]
    offset: int


class _HtmlReader:
    """One pass over the source; `at` is the place, `offset` counts what was written in UTF-16 units."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._written: list[str] = []
        self._offset = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def read(self) -> FormattedText:
        while self._at < len(self._source):
            if self._source[self._at] != "<":
                self._read_plain()
            elif self._source.startswith("/", self._at + 1):
                self._read_end_tag()
            else:
                self._read_start_tag()
        if self._open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        # Closed from the inside out, told from the outside in.
        self._entities.reverse()
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return FormattedText("".join(self._written), tuple(self._entities))

    def _read_plain(self) -> None:
        end = self._source.find("<", self._at)
        end = len(self._source) if end < 0 else end
        text = _unescape(self._source[self._at : end])
        self._written.append(text)
        self._offset += utf16_length(text)
        self._at = end

    def _read_start_tag(self) -> None:
        begin = self._at
        name = self._take_until(_SPACE + ">", begin + 1)
        if self._at == len(self._source):
            raise _unparsable(f"Unclosed start tag at byte offset {self._bytes_to(begin)}")
        name = name.lower()
        if name not in _TAGS:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {self._bytes_to(begin)}')
        attributes = self._read_attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes_to(begin)}')
        self._open.append(_OpenTag(name, attributes, self._offset))

    def _read_attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._source.startswith(">", self._at):
                self._at += 1
                return attributes
            name = self._take_until(_SPACE + "=>", self._at)
            if not name and self._at < len(self._source):
                where = self._bytes_to(begin)
                raise _unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
            self._skip_space()
            value = ""
            if self._source.startswith("=", self._at):
                self._at += 1
                value = self._read_value()
            if self._at >= len(self._source):
                raise _unparsable(f"Unclosed start tag at byte offset {self._bytes_to(begin)}")
            attributes[name.lower()] = value

    def _read_value(self) -> str:
        self._skip_space()
        quote = self._source[self._at : self._at + 1]
        if quote in {"'", '"'}:
            value = self._take_until(quote, self._at + 1)
            self._at += 1
            return _unescape(value)
        begin = self._at
        value = self._take_until(_SPACE + ">", begin)
        if not re.fullmatch(r"[a-zA-Z0-9.-]*", value):
            raise _unparsable(f"Unexpected end of name token at byte offset {self._bytes_to(begin)}")
        return value.lower()

    def _read_end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise _unparsable(f"Unexpected end tag at byte offset {self._bytes_to(begin)}")
        name = self._take_until(_SPACE + ">", begin + 2).lower()
        self._skip_space()
        if not self._source.startswith(">", self._at):
            raise _unparsable(f"Unclosed end tag at byte offset {self._bytes_to(begin)}")
        self._at += 1
        opened = self._open.pop()
        if name and name != opened.name:
            raise _unparsable(
                f"Unmatched end tag at byte offset {self._bytes_to(begin)}, "
                f'expected "</{opened.name}>", found "</{name}>"'
            )
        self._add_entity(opened)

    def _add_entity(self, opened: _OpenTag) -> None:
        length = self._offset - opened.offset
        entity: Entity = {"type": _TAGS[opened.name], "offset": opened.offset, "length": length}
        match opened.name:
            case "a":
                # A link without an address that can be opened shows its text and nothing else.
                if not _ADDRESS.fullmatch(opened.attributes.get("href", "")):
                    return
                entity["url"] = opened.attributes["href"]
            case "tg-emoji":
                if not re.fullmatch(r"[0-9]{1,18}", opened.attributes.get("emoji-id", "")):
                    raise _unparsable("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = opened.attributes["emoji-id"]
            case "blockquote" if "expandable" in opened.attributes:
                entity["type"] = "expandable_blockquote"
            case "code" if opened.attributes.get("class", "").startswith("language-"):
                entity["language"] = opened.attributes["class"].removeprefix("language-")
        if length:
            self._entities.append(entity)

    def _take_until(self, ends: str, begin: int) -> str:
        at = begin
        while at < len(self._source) and self._source[at] not in ends:
            at += 1
        self._at = at
        return self._source[begin:at]

    def _skip_space(self) -> None:
        while self._at < len(self._source) and self._source[self._at] in _SPACE:
            self._at += 1

    def _bytes_to(self, at: int) -> int:
        return len(self._source[:at].encode())


def _unparsable(what: str) -> Refusal:
    return bad_request(f"can't parse entities: {what}")


def _unescape(text: str) -> str:
    """The four named characters and the numbered ones; anything else after an ampersand stays as it is."""
    return _CHARACTER.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED_CHARACTERS[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return found.group()
    return chr(code)


def _check_entity(entity: Entity, text: str) -> Entity:
    begin, length, end = entity["offset"], entity["length"], utf16_length(text)
    if entity["type"] not in _ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if begin < 0 or length < 0:
        raise bad_request(
            f"receive an entity with incorrect {'offset' if begin < 0 else 'length'} {min(begin, length)}"
        )
    if begin > end:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {begin}")
    if begin + length > end:
        raise bad_request(
            f"entity beginning at UTF-16 offset {begin} ends after the end of the text at UTF-16 offset {begin + length}"
        )
    return entity


def _trim(formatted: FormattedText) -> FormattedText:
    """Without white space at both ends; entities move with the text and shrink to it."""
    text, entities = formatted
    start = utf16_length(text) - utf16_length(text.lstrip())
    kept = text.strip()
    end = utf16_length(kept)
    if kept == text:
        return formatted
    moved = []
    for entity in entities:
        begin = max(0, entity["offset"] - start)
        length = min(end, entity["offset"] - start + entity["length"]) - begin
        if length > 0:
            moved.append({**entity, "offset": begin, "length": length})
    return FormattedText(kept, tuple(moved))


_SHOWN = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}


def to_html(formatted: FormattedText) -> str:
    """HTML of a message that a page may show as it is: everything escaped but the tags of its entities."""
    spans = [entity for entity in formatted.entities if entity["type"] in _SHOWN]
    if not spans:
        return escape(formatted.text)
    units = formatted.text.encode("utf-16-le")
    cuts = sorted(
        {0, len(units) // 2} | {cut for span in spans for cut in (span["offset"], span["offset"] + span["length"])}
    )
    parts = []
    for begin, end in pairwise(cuts):
        part = escape(units[begin * 2 : end * 2].decode("utf-16-le", "replace"))
        # Tags are closed at every cut, so entities that overlap without nesting give well-formed HTML too.
        for span in reversed(spans):
            if span["offset"] <= begin and end <= span["offset"] + span["length"]:
                part = f"<{_SHOWN[span['type']]}{_address(span)}>{part}</{_SHOWN[span['type']]}>"
        parts.append(part)
    return "".join(parts)


def _address(span: Entity) -> str:
    return f' href="{escape(str(span.get("url", "")))}"' if span["type"] == "text_link" else ""
