"""One check for all: what `dialogs check` lists is what publishing refuses, and what was published once still runs."""

from __future__ import annotations

import pytest

from bot.domain.diagnostics import Severity
from bot.domain.errors import ConfigurationProblems
from bot.services.live import compile_files
from bot.services.ports import ExactVersion
from bot.services.publish_scripts import errors_of, load_or_publish, publish
from tests.unit.services.small_draft import NOW, TRIAL, Shelf, a_draft, changed

_CATALOG = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: es\\n"

msgctxt "trial.done"
msgid "Thank you."
msgstr "Gracias, %(nobody)s."
"""


def planted() -> dict[str, str]:
    """A draft with a fault of each kind of file."""
    files = a_draft(
        TRIAL.replace("Thank you.", "Pay now or we come to your house."), locales__es__LC_MESSAGES__bot_dot_po=_CATALOG
    )
    files = changed(files, "dialogs/policies/p2p.yaml", "stages:", "stagez:")
    files = changed(files, "dialogs/contact/UK.yaml", "review_by:", "reviewed_by:")
    return files | {"locales/en/phrases/hardship.yaml": "phrases: |\n  I have {no} money\n"}


async def test_publishing_refuses_what_check_lists_in_the_same_words_and_stores_nothing():
    shelf = Shelf()
    live, problems = compile_files(planted(), 1)
    assert live is None
    with pytest.raises(ConfigurationProblems) as refused:
        await publish(shelf, planted(), NOW, "admin", "a mistake of each kind")
    assert list(refused.value.problems) == errors_of(problems)
    assert {p.place.file for p in problems if p.severity is Severity.ERROR} >= {
        "dialogs/flows/trial.yaml",
        "dialogs/policies/p2p.yaml",
        "dialogs/contact/UK.yaml",
        "locales/es/LC_MESSAGES/bot.po",
        "locales/en/phrases/hardship.yaml",
    }
    assert (shelf.published, shelf.settings) == ([], {})


#: A step that nothing leads to: untidy, and no borrower ever meets it.
_UNREACHED = TRIAL + "  lost: {say: Nobody hears this., next: end}\n"
#: An action that a newer program no longer has.
_UNKNOWN = TRIAL.replace("done: {say: Thank you., next: end}", "done: {do: fly_away, on: {gone: end}}")


def test_a_rule_made_after_publishing_is_a_warning_for_what_was_published():
    assert compile_files(a_draft(_UNREACHED), 3)[0] is None
    live, problems = compile_files(a_draft(_UNREACHED), 3, published=True)
    assert live is not None
    assert live.number == 3
    assert [(p.code, p.severity) for p in problems] == [("S031", Severity.WARNING)]


def test_what_a_published_version_cannot_run_with_still_stops_it():
    live, problems = compile_files(a_draft(_UNKNOWN), 3, published=True)
    assert live is None
    assert "S022" in [p.code for p in problems if p.severity is Severity.ERROR]


async def test_a_start_with_a_live_version_that_no_longer_runs_says_what_to_do():
    files = tuple(sorted(a_draft(_UNKNOWN).items()))
    shelf = Shelf([ExactVersion(4, files, "d", NOW, "admin", "an older program")])
    with pytest.raises(ConfigurationProblems) as refused:
        await load_or_publish(shelf, a_draft(), NOW)
    first = refused.value.problems[0]
    assert first.startswith("Version 4, which is live, does not run with this program.")
    assert "`gracebot dialogs check`" in first
