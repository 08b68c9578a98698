"""Reading programmes from YAML, with what they inherit. All problems come at once, as diagnostics P001 and up.

P005 unknown contact policy, P010 the hour is outside the windows, P012 unknown or circular parent, P013 touches that the
caps would hold back (a warning), P014 id differs from the file's name, P020 an abstract file that nobody extends (a warning);
the others are those of the sections' readers.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.calendar import is_zone
from bot.domain.diagnostics import Diagnostic, Place, Severity, did_you_mean
from bot.domain.yaml_reading import MapNode, Node, YamlFile
from bot.policy.contact_policy import ContactPolicy
from bot.policy.details import read_help, read_lender_facts, read_ways_to_pay
from bot.policy.fields import Fields, Problems, root_fields
from bot.policy.file_schema import Schema, schema_of
from bot.policy.limits_reading import read_limits
from bot.policy.programme import Programme
from bot.policy.programme_sections import read_ladder, read_promise_rules, read_reasons, read_retry
from bot.policy.scorecard_reading import read_scorecard
from bot.policy.touch_checks import check_touches
from bot.policy.touch_reading import read_reminders
from bot.policy.windows import is_region

#: The programme of a loan that names none.
DEFAULT = "generic"


def read_programmes(
    files: Mapping[str, YamlFile], version: int, policies: Mapping[str, ContactPolicy]
) -> tuple[dict[str, Programme], tuple[Diagnostic, ...]]:
    """Every programme of `files` (by id, which is the file's name) that has no error, and all problems of all files.

    DEFAULT comes first: it stands for the installation where nothing tells of which programme something is.
    An abstract file holds what others share and is no programme itself; what is wrong with it shows in those that extend it.
    """
    programmes: dict[str, Programme] = {}
    problems: list[Diagnostic] = []
    for name in sorted(files, key=lambda name: (name != DEFAULT, name)):
        if is_abstract(files[name]):
            problems += _unused(name, files)
            continue
        programme, found = read_programme(files[name], version, policies, files)
        problems += found
        if programme is not None:
            programmes[name] = programme
    # What several programmes inherit is found in each of them, and is one mistake.
    return programmes, tuple(dict.fromkeys(problems))


def is_abstract(file: YamlFile) -> bool:
    """Whether the file says `abstract: true` itself; a child is not abstract because its parent is."""
    return isinstance(file.root, MapNode) and Fields(file.root, Problems("P")).flag("abstract")


def _unused(name: str, files: Mapping[str, YamlFile]) -> list[Diagnostic]:
    for other in files.values():
        if isinstance(other.root, MapNode) and Fields(other.root, Problems("P")).text("extends", "") == name:
            return []
    problems = Problems("P")
    fix = "Let a programme extend it, or take the file out."
    problems.note(Place(files[name].file), 20, "No programme extends this abstract file.", fix, Severity.WARNING)
    return problems.found


def read_programme(
    file: YamlFile,
    version: int,
    policies: Mapping[str, ContactPolicy],
    parents: Mapping[str, YamlFile] | None = None,
) -> tuple[Programme | None, tuple[Diagnostic, ...]]:
    """The programme of one file, or None with at least one error. `parents` are the files that `extends` may name.

    What a file says replaces what its parent says, section by section and inside a section line by line.
    """
    if file.problems:
        return None, file.problems
    problems = Problems("P")
    root = root_fields(_merged(file, parents or {}, problems), Place(file.file), problems)
    if root is None or problems.fatal:
        return None, tuple(problems.found)
    programme = _read(root, version, policies, problems)
    name = file.file.rpartition("/")[2].removesuffix(".yaml")
    if programme.programme_id not in ("", name):
        sentence = f'The id is "{programme.programme_id}", the file\'s name says "{name}".'
        problems.note(root.place_of("id"), 14, sentence, "Make them the same.")
    root.close()
    return (None if problems.fatal else programme), tuple(sorted(problems.found, key=lambda p: (p.place, p.code)))


def merged_root(file: YamlFile, files: Mapping[str, YamlFile]) -> Node | None:
    """The file with all that it inherits from others of `files`; each value keeps the place where it stands."""
    return _merged(file, files, Problems("P"))


def programme_schema() -> Schema:
    """The JSON Schema of programme files."""
    return schema_of("Gracebot programme", _read_any, laid_over=True)


def _read_any(root: Fields, problems: Problems) -> None:
    root.text("extends", "")
    root.flag("abstract")
    _read(root, 1, {}, problems)


def _merged(file: YamlFile, parents: Mapping[str, YamlFile], problems: Problems) -> Node | None:
    """The file's root laid over those of its ancestors."""
    node, seen = file.root, {file.file}
    while isinstance(node, MapNode):
        above = Fields(node, Problems("P")).text("extends", "")
        if not above:
            break
        parent = parents.get(above)
        if parent is None or parent.file in seen or not isinstance(parent.root, MapNode):
            place = Fields(node, problems).place_of("extends")
            fix = f"Name another programme that can be read.{did_you_mean(above, parents)}"
            problems.note(place, 12, f'"{above}" cannot be inherited from.', fix)
            break
        seen.add(parent.file)
        node = _laid_over(node, parent.root)
    return node


def _laid_over(child: MapNode, parent: MapNode) -> MapNode:
    """The child's entries and those of the parent that it lacks. The parent's own `extends` takes the child's place."""
    entries = tuple((key, _below(value, parent.get(key.text))) for key, value in child.entries if key.text != "extends")
    # A child is not abstract because its parent is.
    own = {"abstract", *(key.text for key, _ in entries)}
    return MapNode(child.place, (*entries, *(e for e in parent.entries if e[0].text not in own)))


def _below(value: Node, inherited: Node | None) -> Node:
    if not (isinstance(value, MapNode) and isinstance(inherited, MapNode)):
        return value
    return MapNode(value.place, (*value.entries, *(e for e in inherited.entries if value.get(e[0].text) is None)))


def _read(root: Fields, version: int, policies: Mapping[str, ContactPolicy], problems: Problems) -> Programme:
    lender, timezone = _lender(root, problems)
    card = read_scorecard(root, problems)
    ladder = read_ladder(root, card, problems)
    programme = Programme(
        programme_id=root.text("id"),
        version=version,
        title=root.text("title"),
        lender=lender,
        timezone=timezone,
        jurisdiction=_jurisdiction(root, problems),
        contact_policy=root.text("contact_policy"),
        ladder=ladder,
        reminders=read_reminders(root, ladder, card, problems),
        promise=read_promise_rules(root, timezone),
        ways_to_pay=read_ways_to_pay(root, problems),
        help=read_help(root, problems),
        retry=read_retry(root, problems),
        scorecard=card,
        reasons=read_reasons(root),
        facts=read_lender_facts(root),
        limits=read_limits(root, ladder, card, timezone, problems),
    )
    _check_contact(programme, root, policies, problems)
    return programme


def _lender(root: Fields, problems: Problems) -> tuple[str, str]:
    fields = root.section("lender")
    if fields is None:
        return "", "UTC"
    name, timezone = fields.text("name"), fields.text("timezone")
    if timezone and not is_zone(timezone):
        sentence = f'"{timezone}" is not a time zone of the IANA list.'
        problems.note(fields.place_of("timezone"), 4, sentence, "Write it like Asia/Shanghai.")
    fields.close()
    return name, timezone


def _jurisdiction(root: Fields, problems: Problems) -> str | None:
    code = root.text("jurisdiction", "")
    if code and not is_region(code):
        sentence = f'"{code}" is not a region of ISO 3166.'
        problems.note(root.place_of("jurisdiction"), 4, sentence, "Write it like CN or US-NY.")
    return code or None


def _check_contact(
    programme: Programme, root: Fields, policies: Mapping[str, ContactPolicy], problems: Problems
) -> None:
    policy = policies.get(programme.contact_policy)
    if policy is not None:
        check_touches(programme.reminders, policy, root.place_of("reminders"), problems)
    elif programme.contact_policy:
        near = did_you_mean(programme.contact_policy, policies)
        sentence = f'There is no contact policy "{programme.contact_policy}" without errors.{near}'
        problems.note(root.place_of("contact_policy"), 5, sentence, f"Choose from: {', '.join(sorted(policies))}.")
