"""Whom somebody in despair can call: a contact policy that a programme names should know a line there.

Where none is known, the bot names the local emergency number and calls a person; a lender can do better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.diagnostics import Diagnostic, Place, Severity
from bot.policy.contact_policy import ContactPolicy
from bot.policy.programme import Programme


def check_crisis_lines(programmes: Iterable[Programme], policies: Mapping[str, ContactPolicy]) -> Iterator[Diagnostic]:
    """C015, a warning, for each contact policy in use that names no line."""
    for name in sorted({programme.contact_policy for programme in programmes}):
        policy = policies.get(name)
        if policy is not None and not policy.crisis_lines:
            sentence = f'The contact policy "{name}" names nobody whom somebody in despair can call.'
            fix = "Add crisis_lines: with a line of the place, and in a comment where it is published and since when."
            yield Diagnostic(Place(f"dialogs/contact/{name}.yaml"), "C015", sentence, fix, Severity.WARNING)
