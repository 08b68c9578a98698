"""Statements that contact policies name: each needs words in the script, and none may tell a stranger about a debt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialog.script import Script, step_sentences
from bot.domain.diagnostics import Diagnostic
from bot.policy.contact_policy import ContactPolicy, Statement
from bot.policy.places import Places
from bot.policy.statements import STATEMENTS, UNPROVEN, step_of
from bot.texts.fields import FIELDS, Sensitivity
from bot.texts.placeholders import read_template


def check_statements(script: Script, policies: Mapping[str, ContactPolicy], places: Places) -> tuple[Diagnostic, ...]:
    """C010 for a statement without words, C012 for one that may be due before anybody is proven and speaks of a debt."""
    found = (d for policy in policies.values() for s in policy.statements for d in _check(script, s, places))
    # A policy repeats what it inherits: the file that says it is named once.
    return tuple(dict.fromkeys(found))


def _check(script: Script, statement: Statement, places: Places) -> Iterator[Diagnostic]:
    place = places[statement.basis.policy, statement.key]
    step = script.message(STATEMENTS, step_of(statement))
    if step is None:
        fix = f'Write the sentence in dialogs/flows/statements.yaml as the step "{step_of(statement)}".'
        yield Diagnostic(place, "C010", f'The statement "{statement.key}" has no words.', fix)
        return
    names = {name for sentence in step_sentences(step) for name in read_template(sentence.source).names}
    told = sorted(n for n in names if n in FIELDS and FIELDS[n].sensitivity is not Sensitivity.PUBLIC)
    if statement.when in UNPROVEN and told:
        sentence = (
            f'"{statement.key}" is due at {statement.when}, before anybody is proven, and names {", ".join(told)}.'
        )
        yield Diagnostic(place, "C012", sentence, "Take the names out, or have it said at another moment.")
