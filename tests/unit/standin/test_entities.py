"""HTML as Telegram reads it: what is accepted, what is refused with which words, and lengths in UTF-16 units."""

import pytest

from bot.standin.entities import FormattedText, commands_in, parse_html, read_text, to_html, utf16_length
from bot.standin.refusals import Refusal


def refused(source: str) -> str:
    with pytest.raises(Refusal) as caught:
        parse_html(source)
    assert caught.value.code == 400
    return caught.value.description


def test_tags_become_entities_and_leave_the_text() -> None:
    assert parse_html("Pay <b>500</b> by <i>Friday</i>") == FormattedText(
        "Pay 500 by Friday",
        ({"type": "bold", "offset": 4, "length": 3}, {"type": "italic", "offset": 11, "length": 6}),
    )


def test_offsets_count_utf16_units() -> None:
    assert parse_html("\U0001f600 <b>\U0001f600 a</b>").entities == ({"type": "bold", "offset": 3, "length": 4},)


def test_outer_tags_come_before_inner_ones() -> None:
    assert [entity["type"] for entity in parse_html("<b><i>both</i></b>").entities] == ["bold", "italic"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&quot;&#33;&#x41;", '"!A'),
        ("&nbsp; &copy; &", "&nbsp; &copy; &"),
        ("&#0;&#xD800;", "&#0;&#xD800;"),
    ],
)
def test_only_four_named_characters_and_numbers_are_decoded(source: str, text: str) -> None:
    assert parse_html(source).text == text


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<script>alert(1)</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("中 <br>", 'Unsupported start tag "br" at byte offset 4'),
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
        ("late</b>", "Unexpected end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="https://x.test', "Unclosed start tag at byte offset 0"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=a/b>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, why: str) -> None:
    assert refused(source) == f"Bad Request: can't parse entities: {why}"


def test_links_keep_their_address_and_a_link_to_nowhere_is_plain_text() -> None:
    assert parse_html('<a href="https://bank.test/?a=1&amp;b=2">here</a>').entities == (
        {"type": "text_link", "offset": 0, "length": 4, "url": "https://bank.test/?a=1&b=2"},
    )
    assert parse_html('<a href="javascript:alert(1)">here</a>') == FormattedText("here")


def test_quotes_spoilers_and_code_have_their_own_entities() -> None:
    source = (
        '<blockquote expandable>q</blockquote><tg-spoiler>s</tg-spoiler><code class="language-py">c</code><pre>p</pre>'
    )
    assert parse_html(source).entities == (
        {"type": "expandable_blockquote", "offset": 0, "length": 1},
        {"type": "spoiler", "offset": 1, "length": 1},
        {"type": "code", "offset": 2, "length": 1, "language": "py"},
        {"type": "pre", "offset": 3, "length": 1},
    )


def test_text_is_trimmed_and_entities_move_with_it() -> None:
    assert read_text("  <b>due </b> ", "HTML", None) == FormattedText(
        "due", ({"type": "bold", "offset": 0, "length": 3},)
    )


def test_without_parse_mode_tags_are_text() -> None:
    assert read_text("<b>1 < 2", None, None) == FormattedText("<b>1 < 2")


@pytest.mark.parametrize(
    ("parse_mode", "why"),
    [
        ("Sauerkraut", "unsupported parse_mode"),
        ("MarkdownV2", "parse_mode Markdown is not served by the stand-in; use HTML"),
    ],
)
def test_other_parse_modes_are_refused(parse_mode: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read_text("x", parse_mode, None)


@pytest.mark.parametrize(
    ("entity", "why"),
    [
        ({"type": "bold", "offset": -1, "length": 1}, "receive an entity with incorrect offset -1"),
        ({"type": "bold", "offset": 0, "length": -2}, "receive an entity with incorrect length -2"),
        ({"type": "bold", "offset": 9, "length": 1}, "entity begins after the end of the text at UTF-16 offset 9"),
        (
            {"type": "bold", "offset": 0, "length": 9},
            "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
        ),
        ({"type": "loud", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),
    ],
)
def test_impossible_entities_are_refused(entity: dict[str, object], why: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_text("hello", None, [entity])
    assert caught.value.description == f"Bad Request: {why}"


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert utf16_length("a中\U0001f600") == 4


def test_commands_of_a_person_are_marked() -> None:
    assert commands_in("\U0001f600 /start abc /x@gracebot a/b") == (
        {"type": "bot_command", "offset": 3, "length": 6},
        {"type": "bot_command", "offset": 14, "length": 11},
    )


def test_shown_html_escapes_everything_but_the_entities() -> None:
    assert to_html(parse_html("<b>1 &lt; 2</b> &amp; <i>\U0001f600</i>")) == "<b>1 &lt; 2</b> &amp; <i>\U0001f600</i>"


def test_shown_html_stays_well_formed_where_entities_overlap() -> None:
    overlapping = ({"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2})
    assert to_html(FormattedText("abc", overlapping)) == "<b>a</b><b><i>b</i></b><i>c</i>"


def test_shown_links_cannot_break_out_of_their_attribute() -> None:
    link = {"type": "text_link", "offset": 0, "length": 1, "url": 'https://x.test/"><script>'}
    assert to_html(FormattedText("a", (link,))) == '<a href="https://x.test/&quot;&gt;&lt;script&gt;">a</a>'
