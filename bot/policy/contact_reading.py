"""Reading contact policies from YAML, with what they inherit. All problems come at once, as diagnostics C001 and up.

A list that a file gives replaces its parent's; triggers are merged by name; forbidden classes add up. Whatever the parent
states as law or guidance may be tightened, never loosened.

C001 wrong shape, C002 unknown key, C003 missing, C004 impossible value, C005 loosened law or guidance, C006 never opens,
C007 unknown or circular parent, C008 no cap on chat, C009 id differs from the file's name, C010 a statement without words
(found where the script is known), C011 a party that may not collect.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.domain.calendar import is_zone
from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.holds import HoldKind
from bot.domain.situation import Reached
from bot.domain.yaml_reading import YamlFile
from bot.policy.contact_checks import check_loosening, check_openings
from bot.policy.contact_policy import (
    BYPASSES,
    MEDIA,
    NOTIFY,
    Basis,
    Cap,
    ContactPolicy,
    HolidayRule,
    Party,
    Purpose,
    Scope,
    Span,
    Statement,
    Strength,
    Trigger,
    Window,
)
from bot.policy.fields import Fields, Problems, root_fields
from bot.policy.file_schema import Schema, schema_of
from bot.policy.windows import has_calendar, is_region

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LINT_CLASSES = tuple(f"L{n}" for n in range(1, 14))
MOMENTS = (
    "conversation_start",
    "first_contact",
    "first_communication",
    "every_communication",
    "every_proactive",
    "every_electronic",
    "within_5_days_of_first",
    "before_plan_accept",
    "after_plan_accept",
    "before_acknowledgement",
    "payment_instruction",
    "consequence_answer",
    "before_agency",
    "dispute_open",
    "hardship",
)
TRIGGERS = (*(kind.value for kind in HoldKind), "self_harm", "paid")
#: Contacts older than the longest cap are not looked at when the gate is asked.
LONGEST_CAP_DAYS = 31
#: What a cap counts, in words of the file, by how far a contact must have got.
COUNTS = {"attempts": Reached.ATTEMPTED, "delivered": Reached.DELIVERED, "connected": Reached.CONNECTED}

#: What stands in for a parent where there is none, or where it cannot be read.
_NOTHING = Basis(Strength.DEFAULT, "", date.min, "")
_EMPTY = ContactPolicy(
    "", "", date.min, date.min, (), (), (), (), Span(0, _NOTHING), Span(0, _NOTHING), (), (), frozenset()
)


def read_contact_policy(files: Mapping[str, YamlFile]) -> tuple[dict[str, ContactPolicy], tuple[Diagnostic, ...]]:
    """Every policy of `files` (by id, which is the file's name) that has no error, and all problems of all files.

    A policy whose parent has an error is left out too, without a problem of its own.
    """
    folder = _Folder(files)
    for name in sorted(files):
        folder.read(name)
    found = [problem for file in files.values() for problem in file.problems] + folder.problems
    policies = {name: policy for name, policy in folder.done.items() if policy is not None}
    return policies, tuple(sorted(found, key=lambda problem: (problem.place, problem.code, problem.sentence)))


def contact_policy_schema() -> Schema:
    """The JSON Schema of contact policy files."""
    return schema_of("Gracebot contact policy", _read_any)


def _read_any(root: Fields, problems: Problems) -> None:
    root.text("extends", "")
    _policy("", root, _EMPTY, problems, inherits=True)


class _Folder:
    """The files of a folder, each read once and after its parent."""

    def __init__(self, files: Mapping[str, YamlFile]) -> None:
        self.files = files
        self.done: dict[str, ContactPolicy | None] = {}
        self.problems: list[Diagnostic] = []

    def read(self, name: str, below: tuple[str, ...] = ()) -> ContactPolicy | None:
        if name not in self.done:
            own = Problems("C")
            file = self.files[name]
            root = None if file.problems else root_fields(file.root, Place(file.file), own)
            self.done[name] = None if root is None else self._with_parent(name, root, (*below, name), own)
            self.problems += own.found
        return self.done[name]

    def _with_parent(self, name: str, root: Fields, path: tuple[str, ...], own: Problems) -> ContactPolicy | None:
        above = root.text("extends", "")
        parent: ContactPolicy | None = _EMPTY
        if above and (above not in self.files or above in path):
            fix = f"Name another file of this folder.{did_you_mean(above, set(self.files) - set(path))}"
            own.note(root.place_of("extends"), 7, f'"{above}" cannot be inherited from.', fix)
            parent = None
        elif above:
            parent = self.read(above, path)
        # Read also below a broken parent, so that this file's own faults are told now and not after the repair.
        policy = _policy(name, root, parent or _EMPTY, own, inherits=bool(above))
        if parent is None:
            return None
        check_loosening(parent, policy, root, own)
        check_openings(policy, root, own)
        return None if own.fatal else policy


def _policy(name: str, root: Fields, parent: ContactPolicy, problems: Problems, *, inherits: bool) -> ContactPolicy:
    policy_id = root.text("id")
    if policy_id and policy_id != name:
        sentence = f'The id is "{policy_id}", the file\'s name says "{name}".'
        problems.note(root.place_of("id"), 9, sentence, "Make them the same.")
    as_of = root.day("as_of")
    reader = _Reader(policy_id, as_of, problems, inherits)
    regions = _regions(policy_id, root, problems)
    parties = frozenset(Party(word) for word in root.words("parties", [p.value for p in Party])) or parent.parties
    party = Party(root.choice("party", [p.value for p in Party], parent.party.value))
    if party not in parties:
        sentence = f"A {party} party may not collect here."
        problems.note(root.place_of("party"), 11, sentence, f"Write party: {', '.join(sorted(parties))}.")
    policy = ContactPolicy(
        policy_id=policy_id,
        title=root.text("title"),
        as_of=as_of,
        review_by=root.day("review_by"),
        zones=_zones(regions, root, parent, problems),
        windows=tuple(reader.window(f) for f in root.sections("windows", required=not inherits)) or parent.windows,
        holidays=reader.holidays(root, parent),
        caps=tuple(reader.cap(f) for f in root.sections("caps", required=not inherits)) or parent.caps,
        min_gap=reader.span(root, "min_gap", parent.min_gap),
        reply_hours=reader.span(root, "operator_reply", parent.reply_hours),
        statements=tuple(reader.statement(f) for f in root.sections("statements")) or parent.statements,
        triggers=reader.triggers(root, parent),
        forbidden=parent.forbidden | frozenset(root.words("forbidden", LINT_CLASSES)),
        regions=regions,
        party=party,
        parties=parties,
        complaints=root.words("complaints") or parent.complaints,
        crisis_lines=root.words("crisis_lines") or parent.crisis_lines,
    )
    root.close()
    return policy


def _regions(policy_id: str, root: Fields, problems: Problems) -> tuple[str, ...]:
    """What it serves; its own name need be no region, as that of the European Union is none."""
    listed = root.words("regions")
    for code in listed:
        if code != policy_id and not is_region(code):
            sentence = f'"{code}" is not a region of ISO 3166.'
            problems.note(root.place_of("regions"), 4, sentence, "Write it like CN or US-NY.")
    return listed or (policy_id,)


def _zones(
    regions: tuple[str, ...], root: Fields, parent: ContactPolicy, problems: Problems
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = root.words("zones")
    for name in names:
        if not is_zone(name):
            sentence = f'"{name}" is not a time zone of the IANA list.'
            problems.note(root.place_of("zones"), 4, sentence, "Write it like Asia/Shanghai.")
    if not names:
        return parent.zones
    return (*((region, names) for region in regions), *(z for z in parent.zones if z[0] not in regions))


class _Reader:
    """Reads single values of one file, which share its id and its date."""

    def __init__(self, policy_id: str, as_of: date, problems: Problems, inherits: bool) -> None:
        self._inherits = inherits
        self._policy_id = policy_id
        self._as_of = as_of
        self._problems = problems

    def basis(self, fields: Fields) -> Basis:
        strength = Strength(fields.choice("strength", [s.value for s in Strength]))
        basis = Basis(strength, fields.text("source"), fields.day("as_of", self._as_of), self._policy_id)
        fields.close()
        return basis

    def window(self, fields: Fields) -> Window:
        days = frozenset(DAYS.index(word) for word in fields.words("days", DAYS, required=True))
        opens, closes = fields.clock("from"), fields.clock("to")
        if closes <= opens and fields.has("from") and fields.has("to"):
            fix = "End after the beginning; two entries make a night."
            self._problems.note(fields.place, 6, "This window opens no minute.", fix)
        words = fields.words("purposes", [p.value for p in Purpose])
        purposes = frozenset(Purpose(word) for word in words) or frozenset(Purpose)
        return Window(days, opens, closes, purposes, self.basis(fields))

    def holidays(self, root: Fields, parent: ContactPolicy) -> tuple[HolidayRule, ...]:
        fields = root.section("holidays", required=not self._inherits)
        if fields is None:
            return parent.holidays
        calendar = fields.text("calendar")
        if calendar not in ("", "region", "none") and not has_calendar(calendar):
            fix = "Write a country such as CN or DE-BY, region, or none."
            self._problems.note(fields.place_of("calendar"), 4, f'There is no calendar "{calendar}".', fix)
        contact = fields.choice("contact", ("forbidden", "allowed"))
        closed, opened = frozenset(self._days(fields, "closed")), frozenset(self._days(fields, "open"))
        through = fields.day("known_through") if fields.has("known_through") else None
        basis = self.basis(fields)
        return () if contact == "allowed" else (HolidayRule(calendar, closed, through, basis, opened),)

    def _days(self, fields: Fields, name: str) -> list[date]:
        days = []
        for text in fields.words(name):
            try:
                days.append(date.fromisoformat(text))
            except ValueError:
                sentence = f'"{text}" is not a day that exists.'
                self._problems.note(fields.place_of(name), 4, sentence, "Write it as 2026-11-21.")
        return days

    def cap(self, fields: Fields) -> Cap:
        return Cap(
            name=fields.text("id"),
            media=frozenset(fields.words("media", MEDIA, required=True)),
            most=fields.integer("max", 0, 100),
            days=fields.integer("days", 1, LONGEST_CAP_DAYS),
            rolling=fields.choice("counted", ("calendar_days", "rolling")) == "rolling",
            scope=Scope(fields.choice("per", [s.value for s in Scope], "person")),
            reached=COUNTS[fields.choice("counts", COUNTS, "attempts")],
            after_conversation=fields.integer("after_conversation_days", 0, LONGEST_CAP_DAYS, 0),
            bypass=frozenset(fields.words("bypass", BYPASSES)),
            basis=self.basis(fields),
        )

    def span(self, root: Fields, name: str, inherited: Span) -> Span:
        fields = root.section(name, required=not self._inherits)
        return inherited if fields is None else Span(fields.integer("hours", 0, 24 * 366), self.basis(fields))

    def statement(self, fields: Fields) -> Statement:
        word = fields.choice("party", [p.value for p in Party]) if fields.has("party") else None
        return Statement(
            fields.text("key"), fields.choice("when", MOMENTS), self.basis(fields), Party(word) if word else None
        )

    def triggers(self, root: Fields, parent: ContactPolicy) -> tuple[Trigger, ...]:
        merged = {t.name: t for t in parent.triggers}
        for key, node in root.named("triggers"):
            if key.text not in TRIGGERS:
                sentence = f'"{key.text}" is not a trigger.{did_you_mean(key.text, TRIGGERS)}'
                self._problems.note(key.place, 4, sentence, f"Choose from: {', '.join(TRIGGERS)}.")
            fields = root.below(node, key.text)
            if fields is not None:
                merged[key.text] = self._trigger(key.text, fields)
        return tuple(merged.values())

    def _trigger(self, name: str, fields: Fields) -> Trigger:
        days = fields.integer("hold_days", 0, 3660) if fields.has("hold_days") else None
        return Trigger(name, days, fields.choice("notify", NOTIFY), self.basis(fields))
