"""Catalogs go through other people's tools and come back unchanged: GNU gettext, polib, Babel, and how editors write."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po, write_po

from bot.cli.catalog_files import catalog_path, languages_in, template_of, template_text, updated_text
from bot.texts.po_files import Entry, read_entries, write_entries
from tests.conversations.shipped import ROOT

#: Enough of the shipped sentences to meet every kind of entry.
_TEMPLATE = template_of(ROOT / "dialogs")[0][::6]
#: Words in the scripts of our languages, long enough to be wrapped, with what wrapping and escaping have to respect.
_WORDS = {
    "es": 'Usted pagó «%(x)s» — gracias, ¿verdad? ¡Sí! 1.200,00 € y 50 %% (la mitad), "cita" \\ barra; e/o https://example.org/a-b ',
    "zh-Hans": "您已还款“%(x)s”，谢谢（真的）！￥1,200.00、50%%；《合同》第3条：“好的”……A股 ",
    "zh-Hant": "您已還款「%(x)s」，謝謝（真的）！NT$1,200.00、50%%；《合約》第3條：——好的…… ",
    "hi": "आपने “%(x)s” चुका दिया है, धन्यवाद। क्या यह सही है? ₹1,20,000.00 — ५० %% (आधा); ",
    "vi": "Bạn đã trả “%(x)s”, cảm ơn! Số tiền 1.200.000 ₫ – 50 %% (một nửa); ngày 27/11… ",
    "id": 'Anda sudah membayar "%(x)s" Rp1.200.000,00 – terima kasih? 50%% (setengah); dan/atau ',
    "pt-BR": "Você já pagou “%(x)s” R$ 1.200,00 — obrigado! 50%% (metade); e/ou às 18h… ",
}


def _catalog(language: str) -> str:
    """A catalog with every kind of entry: long and short, plural, fuzzy, commented, obsolete, to be translated."""
    words = _WORDS[language]
    started, _ = updated_text(_TEMPLATE, None, language)
    entries, _ = read_entries(started, "x")
    filled = []
    for number, entry in enumerate(entries):
        if entry.is_header or number % 7 == 0:
            filled.append(entry)
            continue
        own = words if "%" in entry.sources[0] else words.replace("%(x)s", "X").replace("%%", "%")
        forms = tuple((own * (number % 5 + 1))[number % 11 :].strip() for _ in entry.forms)
        comments = ("A note of a translator, which says more than what fits on one line of a terminal; see above.",)
        flags = entry.flags | {"fuzzy"} if number % 13 == 0 else entry.flags
        filled.append(Entry(entry.context, entry.sources, forms, comments if number % 3 == 0 else (), flags=flags))
    gone = Entry("gone.step", ("Gone. " * 20,), (words * 3,), ("Kept for later.",))
    text, problems = updated_text(_TEMPLATE, write_entries((*filled, gone)), language)
    assert problems == ()
    assert "#~ msgctxt" in text
    assert "#, fuzzy" in text
    return text


def _run(*command: str, given: str = "") -> str:
    done = subprocess.run(command, input=given.encode(), capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def _polib(text: str) -> str:
    return str(polib.pofile(text))


def _babel(text: str) -> str:
    buffer = io.BytesIO()
    write_po(buffer, read_po(io.BytesIO(text.encode())), width=76)
    return buffer.getvalue().decode()


def _poedit(text: str) -> str:
    """Its own order and lines of the header, and no wrapping."""
    wide = _run("msgcat", "--no-wrap", "-", given=text)
    return wide.replace(
        '"Language: ', '"X-Generator: Poedit 3.4\\n"\n"X-Poedit-Basepath: ../..\\n"\n"Language: '
    ).replace("Last-Translator: the Gracebot authors", "Last-Translator: ")


def _weblate(text: str) -> str:
    return _run("msgcat", "--width=77", "-", given=text).replace(
        '"MIME-Version', '"X-Generator: Weblate 5.8\\n"\n"MIME-Version'
    )


@pytest.mark.parametrize("language", _WORDS)
def test_msgcat_writes_what_we_write(language: str) -> None:
    text = _catalog(language)
    assert _run("msgcat", "-", given=text) == text


@pytest.mark.parametrize("language", _WORDS)
def test_msgmerge_with_the_same_sentences_changes_nothing(language: str, tmp_path: Path) -> None:
    text = _catalog(language)
    (tmp_path / "bot.po").write_text(text, encoding="utf-8")
    (tmp_path / "bot.pot").write_text(template_text(_TEMPLATE), encoding="utf-8")
    merged = _run(
        "msgmerge", "--quiet", "--no-fuzzy-matching", "--previous", f"{tmp_path}/bot.po", f"{tmp_path}/bot.pot"
    )
    assert updated_text(_TEMPLATE, merged, language) == (text, ())


@pytest.mark.parametrize("tool", [_polib, _poedit, _weblate], ids=["polib", "poedit", "weblate"])
@pytest.mark.parametrize("language", ["zh-Hans", "hi"])
def test_update_after_another_tool_gives_the_same_bytes(language: str, tool: Callable[[str], str]) -> None:
    text = _catalog(language)
    other = tool(text)
    assert updated_text(_TEMPLATE, other, language) == (text, ())


def test_update_after_babel_loses_only_what_babel_cannot_keep() -> None:
    lines = _catalog("hi").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("#|"))
    again, problems = updated_text(_TEMPLATE, _babel("".join(lines)), "hi")
    assert problems == ()
    assert "".join(line for line in again.splitlines(keepends=True) if not line.startswith("#|")) == kept


@pytest.mark.parametrize("line_ends", ["\r\n", "\n"])
def test_byte_order_mark_and_line_ends_of_windows_leave_no_trace(line_ends: str) -> None:
    text = _catalog("es")
    assert updated_text(_TEMPLATE, "\ufeff" + text.replace("\n", line_ends), "es") == (text, ())


@pytest.mark.parametrize("tag", [*languages_in(ROOT / "locales")])
def test_gettext_finds_nothing_wrong_with_a_shipped_catalog(tag: str) -> None:
    _run("msgfmt", "--check", "--output-file=/dev/null", str(catalog_path(ROOT / "locales", tag)))
