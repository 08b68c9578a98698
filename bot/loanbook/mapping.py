"""Mapping files: how another system's export becomes the columns of a loan book. YAML in, a Mapping or all mistakes out.

    book: "*schedule.csv"                     # optional; a * in a joined file's name stands for the same text
    columns: {loan_id: ListingId, paid: [due, -open], borrower_id: loan.client}
    formats: {date: "%d/%m/%Y", birth_date: czech_birth_number, decimal: ",", excess_decimals: carry}
    defaults: {currency: CNY}
    values: {status: {A: paid, "*": open}}
    null: ['\\N', '']
    schedule: {amount: amount, months: term, payment: rate, first_due: {column: date, months_later: 1}}
    join: [{file: loans.csv, on: {loan_id: id}, as: loan, where: {type: OWNER}}]

A list of columns is a sum, `-` subtracts. `@row` is the row's number. Columns of a joined file are written `alias.column`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.domain.yaml_reading import ListNode, MapNode, Node, ScalarNode, read_yaml
from bot.loanbook.columns import LOAN_COLUMNS, SCHEDULE_COLUMNS, Column, Kind
from bot.loanbook.dates import format_mistake
from bot.loanbook.sources import BookMapping, Join, Term

_KEYS = ("book", "columns", "formats", "defaults", "values", "null", "schedule", "join")
_MARKS = ("decimal", "thousands")


def read_mapping(text: str, file: str, payments: bool = False) -> BookMapping | tuple[Diagnostic, ...]:
    """The mapping in `text`, or every mistake in it. `payments` says it is for a payment file instead of a loan book."""
    parsed = read_yaml(text, file)
    if parsed.problems:
        return parsed.problems
    reading = _Reading(file, payments)
    mapping = reading.read(parsed.root)
    return tuple(sorted(reading.problems, key=lambda problem: problem.place)) or mapping


@dataclass(slots=True)
class _Reading:
    """One mapping file being read; `problems` gathers all that is wrong with it."""

    file: str
    payments: bool
    problems: list[Diagnostic] = field(default_factory=list)

    def read(self, root: Node | None) -> BookMapping:
        if not isinstance(root, MapNode):
            self._say(root, "M001", "A mapping file is a list of names and values.", "Begin with `columns:`.")
            return BookMapping()
        for key, _ in root.entries:
            if key.text not in _KEYS:
                self._say(
                    key, "M002", f'"{key.text}" is not known here.{did_you_mean(key.text, _KEYS)}', _one_of(_KEYS)
                )
        generates = root.get("schedule") is not None
        known = BookMapping(payments=self.payments, generates=generates).row_columns
        joins = tuple(self._joins(root.get("join")))
        aliases = {join.alias for join in joins}
        columns = self._columns(root.get("columns"), known, aliases)
        mapping = BookMapping(
            file=self.file,
            payments=self.payments,
            book=self._text(root.get("book"), "*"),
            columns=columns,
            defaults=self._texts(root.get("defaults"), known),
            values=self._values(root.get("values"), known),
            nulls=frozenset({"", *self._null(root.get("null"))}),
            generates=generates,
            joins=joins,
        )
        if mapping.book.count("*") > 1:
            self._say(root.get("book"), "M004", "One * at most may stand in `book`.", 'Write it as in "*schedule.csv".')
        mapping = self._with_formats(mapping, root.get("formats"), known)
        mapping = self._with_schedule(mapping, root.get("schedule"), aliases)
        if mapping.carry and generates:
            self._say(
                root.get("formats"), "M009", "A generated schedule carries nothing on.", "Leave excess_decimals out."
            )
        self._check_required(root, mapping, known)
        return mapping

    # columns, defaults, values -----------------------------------------------------------------------------------

    def _columns(
        self, node: Node | None, known: Mapping[str, Column], aliases: set[str]
    ) -> dict[str, tuple[Term, ...]] | None:
        if node is None:
            return None
        columns: dict[str, tuple[Term, ...]] = {}
        for key, value in self._entries(node, "columns"):
            if key.text in SCHEDULE_COLUMNS and known is LOAN_COLUMNS:
                self._say(key, "M003", f'"{key.text}" belongs into `schedule`.', "Move it there.")
            elif self._is_known(key, known):
                columns[key.text] = self._terms(value, known[key.text], aliases)
        return columns

    def _terms(self, node: Node, column: Column, aliases: set[str]) -> tuple[Term, ...]:
        parts = node.items if isinstance(node, ListNode) else (node,)
        if isinstance(node, ListNode) and (self.payments or column.kind is not Kind.AMOUNT):
            self._say(
                node, "M005", f"Only amounts of a loan book can be sums; {column.name} cannot.", "Name one column."
            )
        terms = []
        for part in parts:
            name = self._text(part, "")
            minus = isinstance(node, ListNode) and name.startswith("-")
            term = Term(name[1:] if minus else name, -1 if minus else 1)
            self._check_source(part, term.name, aliases)
            terms.append(term)
        return tuple(terms)

    def _check_source(self, node: Node, name: str, aliases: set[str]) -> None:
        alias, dot, _ = name.partition(".")
        if dot and aliases and alias not in aliases:
            self._say(
                node, "M006", f'No joined file is called "{alias}".{did_you_mean(alias, aliases)}', _one_of(aliases)
            )

    def _texts(self, node: Node | None, known: Mapping[str, Column]) -> dict[str, str]:
        entries = self._entries(node, "defaults") if node is not None else ()
        return {key.text: self._text(value, "") for key, value in entries if self._is_known(key, known)}

    def _values(self, node: Node | None, known: Mapping[str, Column]) -> dict[str, dict[str, str]]:
        entries = self._entries(node, "values") if node is not None else ()
        return {
            key.text: {word.text: self._text(meant, "") for word, meant in self._entries(words, f"values.{key.text}")}
            for key, words in entries
            if self._is_known(key, known)
        }

    def _null(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, ListNode):
            self._say(node, "M001", "`null` is a list of texts.", r"Write it as in null: ['\N', NULL].")
            return ()
        return tuple(self._text(part, "") for part in node.items)

    # formats -----------------------------------------------------------------------------------------------------

    def _with_formats(self, mapping: BookMapping, node: Node | None, known: Mapping[str, Column]) -> BookMapping:
        dates = ["date", *(c.name for c in known.values() if c.kind is Kind.DATE)]
        allowed = (*dates, *_MARKS, "excess_decimals")
        formats: dict[str, str] = {}
        marks: dict[str, str] = {}
        for key, value in self._entries(node, "formats") if node is not None else ():
            text = self._text(value, "")
            if key.text in dates:
                if mistake := format_mistake(text):
                    self._say(value, "M007", f"This is not a date format: {mistake}", 'Write it as in "%d/%m/%Y".')
                formats[key.text] = text
            elif key.text in _MARKS:
                if text not in (".", ",", " ", "'"):
                    self._say(value, "M008", "This is not a mark between digits.", 'Write "." or ",".')
                marks[key.text] = text
            elif key.text == "excess_decimals":
                if text not in ("refuse", "carry"):
                    self._say(value, "M009", f'"{text}" is not known here.', "Write refuse or carry.")
                mapping = replace(mapping, carry=text == "carry")
            else:
                self._say(
                    key, "M002", f'"{key.text}" is not known here.{did_you_mean(key.text, allowed)}', _one_of(allowed)
                )
        return replace(mapping, formats=formats, decimal=self._decimal(node, marks))

    def _decimal(self, node: Node | None, marks: Mapping[str, str]) -> str:
        decimal, thousands = marks.get("decimal", ""), marks.get("thousands", "")
        if decimal in (" ", "'") or (decimal and decimal == thousands):
            self._say(node, "M008", "The decimal mark must differ from the thousands mark.", 'Write "." or ",".')
        return decimal or {".": ",", ",": "."}.get(thousands, "")

    # schedule and joins ------------------------------------------------------------------------------------------

    def _with_schedule(self, mapping: BookMapping, node: Node | None, aliases: set[str]) -> BookMapping:
        if node is None:
            return mapping
        columns = dict(mapping.columns or {})
        months_later = 0
        for key, value in self._entries(node, "schedule"):
            if key.text not in SCHEDULE_COLUMNS:
                hint = did_you_mean(key.text, SCHEDULE_COLUMNS)
                self._say(key, "M002", f'"{key.text}" is not known here.{hint}', _one_of(SCHEDULE_COLUMNS))
            elif key.text == "first_due" and isinstance(value, MapNode):
                columns[key.text] = (Term(self._text(value.get("column"), "", value)),)
                months_later = self._months_later(value)
            else:
                columns[key.text] = self._terms(value, LOAN_COLUMNS[key.text], aliases)
        for name in SCHEDULE_COLUMNS:
            if name not in columns:
                self._say(node, "M010", f"`schedule` does not say where {name} comes from.", f"Add `{name}: COLUMN`.")
        if self.payments:
            self._say(node, "M010", "A payment file has no schedule.", "Take it out.")
        return replace(mapping, columns=columns, months_later=months_later)

    def _months_later(self, node: MapNode) -> int:
        later = node.get("months_later")
        value = later.value if isinstance(later, ScalarNode) else 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 12:
            self._say(
                later, "M010", "`months_later` is a whole number from 0 to 12.", "Write it as in months_later: 1."
            )
            return 0
        return value

    def _joins(self, node: Node | None) -> Iterator[Join]:
        if node is None:
            return
        if not isinstance(node, ListNode):
            self._say(node, "M001", "`join` is a list.", "Write it as in join: [{file: loans.csv, on: loan_id}].")
            return
        seen: set[str] = set()
        for part in node.items:
            join = self._join(part)
            if join is None:
                continue
            if join.alias in seen:
                self._say(
                    part, "M011", f'Two joined files are called "{join.alias}".', "Give one another name with `as`."
                )
            seen.add(join.alias)
            yield join

    def _join(self, node: Node) -> Join | None:
        if not isinstance(node, MapNode):
            self._say(
                node, "M001", "A join names a file and what it is joined on.", "Write {file: loans.csv, on: loan_id}."
            )
            return None
        for key, _ in node.entries:
            if key.text not in ("file", "on", "as", "where"):
                hint = did_you_mean(key.text, ("file", "on", "as", "where"))
                self._say(key, "M002", f'"{key.text}" is not known here.{hint}', "Use file, on, as or where.")
        file, on, where = self._text(node.get("file"), ""), node.get("on"), node.get("where")
        left = right = ""
        if isinstance(on, MapNode) and len(on.entries) == 1:
            left, right = on.entries[0][0].text, self._text(on.entries[0][1], "")
        elif isinstance(on, ScalarNode):
            left = on.text
            right = left.rpartition(".")[2]
        if not file or not left or not right:
            self._say(node, "M011", "A join needs `file` and `on`.", "Write {file: loans.csv, on: {loan_id: id}}.")
            return None
        conditions = self._entries(where, "where") if where is not None else ()
        alias = self._text(node.get("as"), re.split(r"[./]", file)[0].strip("*") or "joined")
        return Join(file, alias, left, right, tuple((key.text, self._text(value, "")) for key, value in conditions))

    # shapes ------------------------------------------------------------------------------------------------------

    def _check_required(self, root: MapNode, mapping: BookMapping, known: Mapping[str, Column]) -> None:
        if mapping.columns is None:
            return
        for column in known.values():
            given = column.name in mapping.columns or column.name in mapping.defaults
            # The programme may also come from the command line.
            if column.required and not given and column.name not in ("programme", *SCHEDULE_COLUMNS):
                node = root.get("columns") or root
                self._say(
                    node,
                    "M012",
                    f"Nothing says where {column.name} comes from.",
                    f"Add `{column.name}: COLUMN` to `columns`, or a default.",
                )

    def _is_known(self, key: ScalarNode, known: Mapping[str, Column]) -> bool:
        if key.text in known:
            return True
        hint = did_you_mean(key.text, known)
        self._say(key, "M003", f'"{key.text}" is not a column of a {self._what}.{hint}', _one_of(known))
        return False

    @property
    def _what(self) -> str:
        return "payment file" if self.payments else "loan book"

    def _entries(self, node: Node, name: str) -> tuple[tuple[ScalarNode, Node], ...]:
        if isinstance(node, MapNode):
            return node.entries
        self._say(node, "M001", f"`{name}` is a list of names and values.", "Write one `name: value` a line.")
        return ()

    def _text(self, node: Node | None, absent: str, parent: Node | None = None) -> str:
        if isinstance(node, ScalarNode):
            return node.text
        if node is not None or parent is not None:
            self._say(node or parent, "M001", "A plain text is wanted here.", "Write it in one line.")
        return absent

    def _say(self, node: Node | None, code: str, sentence: str, fix: str) -> None:
        place = node.place if node is not None else Place(self.file)
        self.problems.append(Diagnostic(place, code, sentence, fix))


def _one_of(names: Iterable[str]) -> str:
    return f"Use one of: {', '.join(sorted(names))}."
