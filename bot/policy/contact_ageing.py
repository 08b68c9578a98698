"""What a contact policy outlives: C013 the day until which somebody must have looked at it, C014 the end of its holidays.

Warnings both: a policy is as right on the last of its days as on the first, but somebody has to act before they are over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.domain.diagnostics import Diagnostic, Place, Severity
from bot.domain.yaml_reading import MapNode, YamlFile
from bot.policy.contact_policy import ContactPolicy, HolidayRule
from bot.policy.jurisdictions import FALLBACK
from bot.policy.windows import calendar_ends

#: So long before `review_by` somebody should begin to look.
REVIEW_NOTICE = timedelta(days=30)
#: Holidays should be known for so long ahead: plans for instalments reach about that far.
HOLIDAYS_NOTICE = timedelta(days=365)


def check_ages(
    files: Mapping[str, YamlFile], policies: Mapping[str, ContactPolicy], today: date
) -> tuple[Diagnostic, ...]:
    """What has to be renewed on `today` or soon, policy by policy. `files` are those the policies were read from, by id."""
    found = (d for name, policy in policies.items() if name in files for d in _check(files[name], policy, today))
    return tuple(sorted(found, key=lambda problem: (problem.place, problem.code)))


def _check(file: YamlFile, policy: ContactPolicy, today: date) -> Iterator[Diagnostic]:
    if policy.review_by < today:
        sentence = (
            f"{policy.policy_id} was to be looked at by {policy.review_by}; {FALLBACK} holds beside it until it is."
        )
        yield _warning(file, "review_by", "C013", sentence, "Look at its facts again and move the day.")
    elif policy.review_by - today < REVIEW_NOTICE:
        sentence = (
            f"{policy.policy_id} is to be looked at by {policy.review_by}; from then on {FALLBACK} holds beside it."
        )
        yield _warning(file, "review_by", "C013", sentence, "Look at its facts again and move the day.")
    # What is inherited is told where it stands.
    for rule in (r for r in policy.holidays if r.basis.policy == policy.policy_id):
        last = _last_known(rule, policy)
        if last is not None and last - today < HOLIDAYS_NOTICE:
            sentence = f"The holidays of {policy.policy_id} are known through {last} only; every day after is closed."
            yield _warning(file, "holidays", "C014", sentence, "Add the next holidays and move known_through.")


def _last_known(rule: HolidayRule, policy: ContactPolicy) -> date | None:
    """The last day that the rule and every calendar behind it can tell; None where none is named."""
    calendars = policy.regions if rule.calendar == "region" else (rule.calendar,)
    ends = [rule.known_through, *(calendar_ends(name) for name in calendars)]
    return min((end for end in ends if end is not None), default=None)


def _warning(file: YamlFile, key: str, code: str, sentence: str, fix: str) -> Diagnostic:
    node = file.root.get(key) if isinstance(file.root, MapNode) else None
    return Diagnostic(node.place if node else Place(file.file), code, sentence, fix, Severity.WARNING)
