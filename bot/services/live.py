"""Live: all scripts, policies, catalogs and phrases of one version, compiled; and which version a conversation runs on.

Compiling is all or nothing: every mistake is a diagnostic, and a version with an error never becomes live.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from pathlib import PurePosixPath

import structlog

from bot.dialog.answer_flows import with_answers
from bot.dialog.check import check_script
from bot.dialog.check_flows import check_intents
from bot.dialog.check_stages import check_stages
from bot.dialog.check_statements import check_statements
from bot.dialog.moves import Moves, moved
from bot.dialog.parse import parse_script
from bot.dialog.parse_answers import ANSWERS, parse_answers
from bot.dialog.script import Script
from bot.dialog.state import DialogState
from bot.domain.diagnostics import Diagnostic, Place, Severity
from bot.domain.situation import Conversation, Situation
from bot.domain.yaml_reading import YamlFile, read_yaml
from bot.policy.contact import ContactPolicy, read_contact_policy, stricter
from bot.policy.contact_ageing import check_ages
from bot.policy.crisis_lines import check_crisis_lines
from bot.policy.jurisdictions import FALLBACK, overdue_for_review, policies_of_region
from bot.policy.places import stage_places, statement_places
from bot.policy.programme import Programme
from bot.policy.programme_reading import read_programmes
from bot.policy.wording import Lexicon, read_lexicon
from bot.services import readings
from bot.services.approvals import approved_digests
from bot.services.ports import Storage, VersionRecord
from bot.texts.catalogs import Catalog, Catalogs, read_catalog
from bot.understanding.phrases import PhraseBook, check_phrases, read_phrases

_log = structlog.get_logger(__name__)

#: The language of the source sentences; always spoken, and the last to fall back to.
SOURCE_LANGUAGE = "en"

PROGRAMMES = "dialogs/policies/"
CONTACT_POLICIES = "dialogs/contact/"
WORDING = "dialogs/wording/"


@dataclass(frozen=True, repr=False)
class Live:
    """One compiled version. `languages` are BCP 47 tags, the source language first."""

    number: int
    script: Script
    catalogs: Catalogs
    phrases: PhraseBook
    programmes: tuple[Programme, ...]
    contact_policies: Mapping[str, ContactPolicy]
    languages: tuple[str, ...]
    files: Mapping[str, str]

    def __repr__(self) -> str:
        # The whole of it is megabytes of text, and asyncio prints results of tasks when it looks at signal handlers.
        return f"Live({self.number})"

    @cached_property
    def digest(self) -> str:
        return digest_of(self.files)

    def programme(self, programme_id: str) -> Programme | None:
        return next((p for p in self.programmes if p.programme_id == programme_id), None)

    def language_of(self, conversation: Conversation | None) -> str:
        """The conversation's language where the bot speaks it, else the source language."""
        wanted = conversation.language if conversation else None
        return wanted if wanted and wanted in self.catalogs.by_language else self.languages[0]

    def contact_policy_of(self, situation: Situation, loan_id: str | None = None) -> ContactPolicy:
        """The contact policy for a loan: its programme's, made stricter by where loan and borrower are and by other loans.

        A message without a loan is held to all of them, so that nobody is written to more freely for owing twice. Where one
        of them is overdue for review, the fallback holds besides, until somebody has looked.
        """
        loans = [x for x in situation.loans if loan_id is None or x.loan_id == loan_id]
        programmes = [p for x in loans if (p := self.programme(x.programme))]
        ids = dict.fromkeys(p.contact_policy for p in programmes)
        regions = [p.jurisdiction for p in programmes] + [situation.borrower.region if situation.borrower else None]
        for region in filter(None, regions):
            ids |= dict.fromkeys(policies_of_region(region, self.contact_policies))
        known = [i for i in ids if i in self.contact_policies]
        if overdue_for_review((self.contact_policies[i] for i in known), situation.now.date()):
            known.append(FALLBACK)
        return self._strictest(tuple(dict.fromkeys(known)))

    def _strictest(self, ids: tuple[str, ...]) -> ContactPolicy:
        """All these policies in one. There are few combinations, and each is asked for at every message."""
        if ids not in self._combined:
            policies = [self.contact_policies[i] for i in ids] or [self.contact_policies[FALLBACK]]
            self._combined[ids] = reduce(stricter, policies)
        return self._combined[ids]

    @cached_property
    def _combined(self) -> dict[tuple[str, ...], ContactPolicy]:
        return {}


def digest_of(files: Mapping[str, str]) -> str:
    """SHA-256 over all paths and texts, so that the same files are the same version."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path}\0{len(files[path])}\0{files[path]}".encode())
    return total.hexdigest()


def compile_files(
    files: Mapping[str, str], number: int, *, published: bool = False
) -> tuple[Live | None, tuple[Diagnostic, ...]]:
    """A version from its files (paths such as `dialogs/flows/promise.yaml`), or None with at least one error.

    Without `published` it is a draft, and all is checked: what `dialogs check` shows is what publishing obeys. What was
    published passed the checks of its day, and its wording and phrases are not gone through at every start; of what this
    program checks besides, only what the version could not run with is an error, the rest is a warning.
    """
    script, problems = parse_script(_below(files, "dialogs/flows/"))
    catalogs, found = _catalogs(files)
    problems += found
    phrases, found = phrases_of(files)
    problems += found
    contact_files, ladders = _yaml_files(files, CONTACT_POLICIES), programme_files(files)
    programmes, policies, found = _policies(contact_files, ladders, number)
    problems += found
    if script is not None:
        answers, found = parse_answers(_below(files, ANSWERS), script)
        script, problems = with_answers(script, answers), problems + found
        problems += check_script(script, catalogs, lexicons=() if published else lexicons_of(files))
        problems += tuple(check_intents(script, phrases.contract.intents)) if phrases.contract else ()
        problems += check_statements(script, policies, statement_places(contact_files))
        problems += check_stages(script, catalogs.by_language.values(), programmes.values(), stage_places(ladders))
    problems += () if published else (*check_phrases(phrases), *_wording_problems(files))
    problems += () if published else tuple(check_crisis_lines(programmes.values(), policies))
    problems += _missing(files)
    if published:
        unread = {f"{CONTACT_POLICIES}{i}.yaml" for i in contact_files if i not in policies}
        unread |= {f"{PROGRAMMES}{i}.yaml" for i in ladders if i not in programmes}
        problems = tuple(_of_published(problem, unread) for problem in problems)
    if script is None or any(p.severity is Severity.ERROR for p in problems):
        return None, tuple(sorted(problems, key=lambda p: p.place))
    texts = {path: str(text) for path, text in files.items()}  # without what was read ahead
    live = Live(number, script, catalogs, phrases, tuple(programmes.values()), policies, catalogs.languages, texts)
    return live, tuple(problems)


#: What a version cannot run with, or must not: something named does not exist, a step leads nowhere, a condition or a sentence
#: has no value, a debt is told or something agreed too early. Codes of form (S001 to S015) leave no script at all.
_STOPPING = frozenset(
    {"S020", "S021", "S022", "S024", "S025", "S026", "S027", "S029", "S030", "S035", "S036", "S037"}
    | {"S038", "S039", "S040", "S041", "S048", "S051", "S056", "S075", "L001"}
)


def _of_published(problem: Diagnostic, unread: Collection[str]) -> Diagnostic:
    """An error that does not keep a published version from running is a warning: it was right when it was published."""
    stops = problem.code in _STOPPING or problem.place.file in unread or "S001" <= problem.code <= "S015"
    return problem if stops else replace(problem, severity=Severity.WARNING)


def lexicons_of(files: Mapping[str, str]) -> tuple[Lexicon, ...]:
    """The lexicons of what is never said, one a language; those with mistakes are left out."""
    read = [read_lexicon(file)[0] for _, file in sorted(_yaml_files(files, WORDING).items())]
    return tuple(lexicon for lexicon in read if lexicon is not None)


def _wording_problems(files: Mapping[str, str]) -> Iterator[Diagnostic]:
    """A list of forbidden words that cannot be read forbids nothing, so it must be told."""
    for _, file in sorted(_yaml_files(files, WORDING).items()):
        yield from read_lexicon(file)[1]


def phrases_of(files: Mapping[str, str]) -> tuple[PhraseBook, tuple[Diagnostic, ...]]:
    """The phrases of a version, all languages, and every mistake in them."""
    return read_phrases(_below(files, "locales/", "/phrases/") | _below(files, "dialogs/intents.yaml"))


def read_policies(
    files: Mapping[str, str], number: int
) -> tuple[dict[str, Programme], dict[str, ContactPolicy], tuple[Diagnostic, ...]]:
    """The programmes and contact policies of a version by id, those with an error left out, and all that is wrong."""
    return _policies(_yaml_files(files, CONTACT_POLICIES), programme_files(files), number)


def _policies(
    contact_files: Mapping[str, YamlFile], ladders: Mapping[str, YamlFile], number: int
) -> tuple[dict[str, Programme], dict[str, ContactPolicy], tuple[Diagnostic, ...]]:
    policies, problems = read_contact_policy(contact_files)
    programmes, found = read_programmes(ladders, number, policies)
    return programmes, policies, (*problems, *found)


def ages(files: Mapping[str, str], policies: Mapping[str, ContactPolicy], today: date) -> tuple[Diagnostic, ...]:
    """What of the contact policies has to be renewed by now or soon. It depends on the day, so no version fails by it."""
    return check_ages(_yaml_files(files, CONTACT_POLICIES), policies, today)


def programme_files(files: Mapping[str, str]) -> dict[str, YamlFile]:
    """The files of programmes and of their parents, by name."""
    return _yaml_files(files, PROGRAMMES)


def _yaml_files(files: Mapping[str, str], start: str) -> dict[str, YamlFile]:
    return {PurePosixPath(path).stem: read_yaml(text, path) for path, text in _below(files, start).items()}


def _below(files: Mapping[str, str], start: str, within: str = "") -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith(start) and within in path}


#: What borrowers read, and what operators' pages say.
_DOMAINS = ("bot.po", "console.po")


def _catalogs(files: Mapping[str, str]) -> tuple[Catalogs, tuple[Diagnostic, ...]]:
    read: dict[str, Catalog] = {}
    problems: tuple[Diagnostic, ...] = ()
    for path, text in sorted(files.items()):
        folder, _, name = path.removeprefix("locales/").partition("/LC_MESSAGES/")
        if name in _DOMAINS:
            catalog, found = read_catalog(text, folder)
            before = read.get(catalog.language, catalog)
            read[catalog.language] = Catalog(
                catalog.language, {**before.entries, **catalog.entries}, before.faulty | catalog.faulty
            )
            problems += found
    return Catalogs(read), problems


def _missing(files: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    wanted = {
        "dialogs/flows/": "a flow",
        "dialogs/policies/": "a programme",
        "dialogs/contact/GLOBAL.yaml": "the contact policy GLOBAL",
        "dialogs/intents.yaml": "the intents",
        "locales/en/": "the English phrases",
    }
    return tuple(
        Diagnostic(
            Place(start), "L001", f"There is no file with {what}.", "Check GRACE_DIALOGS_DIR and GRACE_LOCALES_DIR."
        )
        for start, what in wanted.items()
        if not any(path.startswith(start) for path in files)
    )


@dataclass(slots=True)
class LiveScripts:
    """The version that is live in this process, and older ones for conversations in the middle of a flow."""

    storage: Storage
    current: Live
    #: Digests of the facts and texts of places that may be said.
    approved: frozenset[str] = frozenset()
    #: A version published since that does not compile in this process, which goes on with the one it has.
    refused: int | None = None
    _older: dict[int, Live] = field(default_factory=dict)
    _moves: tuple[int, tuple[tuple[int, Moves], ...]] = (0, ())  # the maps in force under a live version, oldest first
    _compiling: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def place_of(self, conversation: Conversation | None) -> tuple[Live, DialogState]:
        """The version this conversation goes on with, and where it stands in it: its own version while a flow is open, as
        far as no map that was published since takes it further; else the live one."""
        state = DialogState.from_json(conversation.state if conversation else None)
        number = conversation.script_version if conversation else None
        if number is None or number == self.current.number or not state.frames:
            return self.current, state
        for later, moves in await self._maps():
            if later > number and number in moves.alike:
                there = moved(state, moves, number, (await self.numbered(later)).script)
                number, state = (number, state) if there is None else (later, there)
        return await self.numbered(number), state

    async def _maps(self) -> tuple[tuple[int, Moves], ...]:
        if self._moves[0] != self.current.number:
            records = reversed(await self.storage.versions())
            known = _maps_in_force(r for r in records if r.number <= self.current.number)
            self._moves = self.current.number, known
        return self._moves[1]

    async def numbered(self, number: int) -> Live:
        """A published version, compiled once; the live one where it is not there or no longer compiles."""
        if number == self.current.number:
            return self.current
        if number not in self._older:
            async with self._compiling:
                if number not in self._older:  # after a start, many conversations ask for it at once
                    self._older[number] = await self._compiled(number) or self.current
        return self._older[number]

    async def _compiled(self, number: int) -> Live | None:
        stored = await self.storage.version(number)
        # In a thread: it takes a second or more, in which nobody should wait for an answer.
        return (await asyncio.to_thread(_compiled, dict(stored.files), None, number))[0] if stored else None

    async def refresh(self) -> bool:
        """Takes over what was approved, and a version published, meanwhile by any process; True if there was a version."""
        self.approved = approved_digests(await self.storage.approvals())
        stored = await self.storage.live_version()
        if stored is None or stored.number in (self.current.number, self.refused):
            return False
        kept = await self.storage.setting(readings.SETTING)
        live, problems = await asyncio.to_thread(_compiled, dict(stored.files), kept, stored.number)
        if live is None:
            self.refused = stored.number
            _log.error("version_refused", number=stored.number, problems=len(problems))
            return False
        needed = {talk.script_version async for talk in self.storage.open_talks()}
        known = {**self._older, self.current.number: self.current}
        self.current = live
        # A version that somebody comes to need after all is compiled when they write.
        self._older = {older: kept_live for older, kept_live in known.items() if older in needed}
        return True


def _maps_in_force(records: Iterable[VersionRecord]) -> tuple[tuple[int, Moves], ...]:
    """The maps of all versions, oldest first. Where the files of an older version became live again, what was published
    in between takes nobody along any more: it was taken back."""
    newest_of: dict[str, int] = {}
    maps: list[tuple[int, Moves]] = []
    for record in records:
        back_to = newest_of.get(record.digest)
        if back_to is not None:
            maps = [(number, moves) for number, moves in maps if number <= back_to]
        if record.moves:
            maps.append((record.number, Moves.from_json(record.moves)))
        newest_of[record.digest] = record.number
    return tuple(maps)


def _compiled(files: Mapping[str, str], kept: str | None, number: int) -> tuple[Live | None, tuple[Diagnostic, ...]]:
    live, problems = compile_files(readings.read_ahead(files, kept)[0], number, published=True)
    if live is not None:
        tell_outgrown(number, problems)
    return live, problems


def tell_outgrown(number: int, problems: tuple[Diagnostic, ...]) -> None:
    """Into the log: what a published version would not pass any more, for whoever publishes next."""
    if problems:
        codes = sorted({problem.code for problem in problems})
        _log.warning("version_outgrown", number=number, problems=len(problems), codes=codes)
