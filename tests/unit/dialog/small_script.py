"""The smallest script that passes all checks, for tests that spoil one thing in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from bot.dialog.check import REMINDERS, check_script
from bot.dialog.check_flows import check_intents
from bot.dialog.check_stages import check_stage_names
from bot.dialog.parse import parse_script
from bot.dialog.script import Script
from bot.dialog.speech import SPOKEN_BY_ENGINE
from bot.dialog.walk import FLOWS_OF_ENGINE
from bot.domain.diagnostics import Diagnostic, Severity
from bot.domain.understanding import SAFETY_INTENTS
from bot.domain.yaml_reading import read_yaml
from bot.policy.wording import Lexicon, read_lexicon
from bot.texts.catalogs import Catalog, Catalogs, plural_forms, read_catalog
from bot.texts.languages import folder_of

ROOT = Path(__file__).parents[3]
INTENTS = (*SAFETY_INTENTS, "greet", "ask_balance", "promise_to_pay", "help")
STAGES = ("early", "late")


def _messages(name: str, steps: tuple[str, ...]) -> str:
    return f"messages: {name}\nsteps:\n" + "".join(f"  {step}: Hello.\n" for step in steps)


SMALL = {
    **{f"dialogs/flows/{name}.yaml": f"flow: {name}\nsteps:\n  done: end\n" for name in FLOWS_OF_ENGINE},
    "dialogs/flows/help.yaml": "flow: help\nstarts: {intents: [help]}\nsteps:\n  done: end\n",
    "dialogs/flows/shared.yaml": _messages("shared", SPOKEN_BY_ENGINE),
    "dialogs/flows/reminders.yaml": _messages("reminders", REMINDERS),
    "dialogs/flows/person.yaml": "flow: person\nstarts:\n  intents: ["
    + ", ".join(SAFETY_INTENTS)
    + "]\nsteps:\n  case:\n    hand_off: asked\n    say: A person will answer here.\n",
}


@lru_cache(maxsize=1)
def small() -> Script:
    script, problems = parse_script(SMALL)
    assert script is not None, problems
    return script


@lru_cache(maxsize=16)
def lexicon(language: str) -> Lexicon:
    """What is forbidden in a language; the English words for one that has no list."""
    path = ROOT / "dialogs/wording" / f"{folder_of(language)}.yaml"
    if not path.exists():
        return replace(lexicon("en"), language=language)
    read, problems = read_lexicon(read_yaml(path.read_text("utf-8"), path.name))
    assert read is not None, problems
    return read


@lru_cache(maxsize=16)
def _said_alike(language: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    forms = plural_forms(language)
    return {
        (s.context, s.source): (s.source,) if s.plural is None else (s.plural,) * forms for _, s in small().sentences()
    }


def problems_of(flows: Mapping[str, str], catalogs: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    """Everything wrong with the small script and these files (path -> text) beside it, in the order of check."""
    extra, found = parse_script(flows)
    read = {"en": Catalog("en")}
    for path, text in (catalogs or {}).items():
        catalog, faults = read_catalog(text, path.split("/")[1])
        read[catalog.language] = Catalog(catalog.language, {**_said_alike(catalog.language), **catalog.entries})
        found += faults
    if extra is None or any(p.severity is Severity.ERROR for p in found):
        return found
    base = small()
    script = Script(
        {**base.flows, **extra.flows},
        {**base.by_intent, **extra.by_intent},
        {**base.by_command, **extra.by_command},
    )
    lexicons = [lexicon(language) for language in read]
    found += check_script(script, Catalogs(read), None, lexicons)
    return (*found, *check_intents(script, INTENTS), *check_stage_names(script, STAGES))
