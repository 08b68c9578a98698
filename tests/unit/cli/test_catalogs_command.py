"""`catalogs`: from dialogs to a translated language, with every mistake named and no file spoilt; and the same by pybabel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import polib
import pytest
from typer.testing import CliRunner

from bot.cli.catalogs import app
from tests.conversations.shipped import ROOT

_FLOW = """
flow: visit
title: A visit
steps:
  hello: {say: "Hello %(borrower_name)s."}
  days: {say: {one: "%(tries_left)s day", other: "%(tries_left)s days", count: tries_left}}
  bye: {say: Good-bye., buttons: [{label: Talk to a person, intent: request_human}]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dialogs/flows").mkdir(parents=True)
    (tmp_path / "dialogs/flows/visit.yaml").write_text(_FLOW, encoding="utf-8")
    (tmp_path / "locales").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.output


def _catalog(folder: Path, **words: str) -> Path:
    """A Spanish catalog with these words: `hello` for the first sentence and so on."""
    _run("update", "es")
    path = folder / "locales/es/LC_MESSAGES/bot.po"
    catalog = polib.pofile(str(path))
    for entry in catalog:
        said = words.get(entry.msgctxt.partition(".")[2] if "person" not in entry.msgid else "button", "")
        if entry.msgid_plural:
            entry.msgstr_plural = {0: said, 1: said}
        else:
            entry.msgstr = said
    catalog.save()
    return path


_ALL = {
    "day": "EEEE d 'de' MMMM",
    "day_in_year": "EEEE d 'de' MMMM 'de' y",
    "day_short": "EEE d 'de' MMM",
    "day_short_in_year": "EEE d 'de' MMM 'de' y",
    "title": "Una visita",
    "hello": "Hola, %(borrower_name)s.",
    "days": "%(tries_left)s día(s)",
    "bye": "Adiós.",
    "button": "Hablar con alguien",
}


def test_language_goes_from_nothing_to_safe(folder: Path) -> None:
    assert _run("update", "es") == "locales/es/LC_MESSAGES/bot.po: 0 of 9 sentences; 9 missing, 0 of them fuzzy\n"
    _catalog(folder, **_ALL)
    assert _run("status") == "locales/es/LC_MESSAGES/bot.po: 9 of 9 sentences; safe to enable\n"


def test_status_tells_programs_everything(folder: Path) -> None:
    _catalog(folder, **{**_ALL, "bye": ""})
    [row] = json.loads(_run("status", "--format", "json"))
    assert row == {
        "language": "es",
        "file": "locales/es/LC_MESSAGES/bot.po",
        "sentences": 9,
        "translated": 8,
        "fuzzy": 0,
        "missing": 1,
        "obsolete": 0,
        "safe_to_enable": False,
        "missing_in": ["visit.bye"],
        "flows": {"format": {"translated": 4, "sentences": 4}, "visit": {"translated": 4, "sentences": 5}},
        "problems": [],
    }
    assert _run("status", "--flows", "--format", "csv").splitlines() == [
        "language,flow,sentences,translated",
        "es,format,4,4",
        "es,visit,5,4",
    ]


def test_every_mistake_is_named_at_once_and_none_is_compiled(folder: Path) -> None:
    wrong = {
        "hello": "Hola.",
        "days": "%(tries_left)5s",
        "button": "Quiero hablar con una persona",
        "bye": "Adiós\u202e.",
    }
    path = _catalog(folder, **{**_ALL, **wrong})
    said = _run("status", code=1)
    assert [code for code in ("G007", "G005", "G012", "G009") if code not in said] == []
    assert "3 missing" in said
    refused = _run("compile", code=1)
    assert f"{path.relative_to(folder)} was not compiled." in refused
    assert not path.with_suffix(".mo").exists()


def test_term_said_otherwise_is_a_warning_and_no_mistake(folder: Path) -> None:
    _catalog(folder, **_ALL)
    (folder / "locales/es/terms.yaml").write_text("terms: {visit: [cita]}", encoding="utf-8")
    said = _run("status")
    assert "warning: locales/es/LC_MESSAGES/bot.po" in said
    assert '"visit" is not said as cita here.' in said
    assert "safe to enable" in said


def test_compiled_catalog_is_read_by_gettext(folder: Path) -> None:
    path = _catalog(folder, **_ALL)
    _run("compile")
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {(e.msgctxt, e.msgid): e.msgstr for e in compiled}["visit.hello", "Hello %(borrower_name)s."] == _ALL[
        "hello"
    ]
    assert compiled.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"


def test_catalog_that_cannot_be_read_is_left_alone_and_the_others_are_not(folder: Path) -> None:
    path = _catalog(folder, **_ALL)
    path.write_text(path.read_text(encoding="utf-8") + '\nmsgid "broken\n', encoding="utf-8")
    before = path.read_bytes()
    said = _run("update", "es", "vi", code=1)
    assert "G001" in said
    assert f"{path.relative_to(folder)} was left as it is." in said
    assert path.read_bytes() == before
    assert (folder / "locales/vi/LC_MESSAGES/bot.po").exists()


def test_flow_that_cannot_be_read_takes_no_translation_with_it(folder: Path) -> None:
    path = _catalog(folder, **_ALL)
    before = path.read_bytes()
    (folder / "dialogs/flows/visit.yaml").write_text("flow: [", encoding="utf-8")
    assert "dialogs/flows/visit.yaml:1" in _run("update", code=1)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("update", "klingon"), "klingon is not a language that CLDR knows; write a tag such as es or pt-BR."),
        (("update", "en-XA"), "en-XA is made by the program and has no catalog."),
        (
            ("extract", "--dialogs", "nowhere"),
            "nowhere holds no flows; name the folder with --dialogs or GRACE_DIALOGS_DIR.",
        ),
    ],
)
def test_wrong_use_is_said_in_one_sentence(folder: Path, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in _run(*words, code=2)


def test_language_without_a_catalog_is_told_how_to_begin(folder: Path) -> None:
    assert "locales/hi/LC_MESSAGES/bot.po is not there; begin it with catalogs update." in _run("status", "hi", code=1)


def test_template_has_every_sentence_without_words(folder: Path) -> None:
    assert _run("extract") == "locales/bot.pot: 9 sentences\n"
    assert len(polib.pofile(str(folder / "locales/bot.pot")).untranslated_entries()) == 9


def _pybabel(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Plain pybabel, with our entry points as an installation has them."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    about = folder / "gracebot-0.1.0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: gracebot\nVersion: 0.1.0\n")
    lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in named.items()) for group, named in points.items()]
    (about / "entry_points.txt").write_text("\n".join(lines))
    return subprocess.run(
        [sys.executable, "-c", "import sys; from babel.messages.frontend import main; sys.exit(main())", *words],
        env={**os.environ, "PYTHONPATH": f"{folder}:{ROOT}"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_pybabel_extracts_the_sentences_that_we_extract(folder: Path) -> None:
    (folder / "dialogs/answers/places").mkdir(parents=True)
    answers = "{answers: credit, questions: {how_long: {title: How long, say: [Some years., Or less.]}}}"
    (folder / "dialogs/answers/credit.yaml").write_text(answers)
    (folder / "dialogs/answers/places/CN.yaml").write_text("{place: CN, answers: {how_long: {say: [Five years.]}}}")
    mapping, program = str(ROOT / "pyproject.toml"), str(ROOT / "bot")
    done = _pybabel(folder, "extract", "--mapping", mapping, "--output", "theirs.pot", "dialogs", program)
    assert done.returncode == 0, done.stderr
    assert _run("extract") == "locales/bot.pot: 13 sentences\n"
    ours = {(e.msgctxt, e.msgid, e.msgid_plural) for e in polib.pofile("locales/bot.pot")}
    theirs = {(e.msgctxt, e.msgid, e.msgid_plural) for e in polib.pofile("theirs.pot")}
    assert ("credit.how_long.CN", "Five years.", "") in theirs
    assert theirs == ours


def test_pybabel_refuses_what_we_refuse(folder: Path) -> None:
    wrong = {"hello": "Hola, %(borrower_name)1000000s.", "bye": "Adiós\u202e.", "title": "Una <b>visita"}
    _catalog(folder, **{**_ALL, **wrong, "button": "Quiero hablar con una persona"})
    done = _pybabel(folder, "compile", "--domain", "bot", "--directory", "locales")
    assert [code for code in ("G005", "G009", "G008", "G012") if code not in done.stderr] == []
    assert done.returncode == 1
    _catalog(folder, **_ALL)
    assert _pybabel(folder, "compile", "--domain", "bot", "--directory", "locales").returncode == 0
