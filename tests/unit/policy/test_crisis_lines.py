"""A contact policy in use that names nobody to call in despair is told of; one that nobody uses is not."""

from dataclasses import replace

from bot.policy.crisis_lines import check_crisis_lines
from tests.conversations.shipped import shipped


def test_a_policy_in_use_without_a_line_is_told_of_once() -> None:
    generic = shipped().programme("generic")
    assert generic is not None
    policies = shipped().contact_policies
    found = [*check_crisis_lines((generic, replace(generic, programme_id="other")), policies)]
    assert [(d.place.file, d.code, d.severity.value) for d in found] == [
        ("dialogs/contact/GLOBAL.yaml", "C015", "warning")
    ]


def test_a_policy_with_a_line_is_not_told_of() -> None:
    generic = shipped().programme("generic")
    assert generic is not None
    assert [*check_crisis_lines((replace(generic, contact_policy="UK"),), shipped().contact_policies)] == []
