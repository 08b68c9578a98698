"""Values in messages: one table per language over a shared grammar, and the choice among the values found."""

from __future__ import annotations

from functools import lru_cache

from bot.understanding.slots import en, es, hi, pt, vi, zh
from bot.understanding.slots.grammar import SlotGrammar
from bot.understanding.slots.id import TABLE as INDONESIAN  # the module's own name is a builtin's

#: A language's table by its tag or the first part of it. A new language is a module and a row here.
_TABLES = {
    table.language: table
    for table in (en.TABLE, es.TABLE, hi.TABLE, INDONESIAN, pt.TABLE, vi.TABLE, zh.TABLE, zh.TRADITIONAL)
}

#: What a phrase may use for a value. A vague one counts too: "soon" is a `{date}`, "some of it" an `{amount}`; only
#: `{day}` says which day. What lies behind is a `{past}`, never a `{date}`: "yesterday" promises nothing.
SLOT_LABELS = (
    "{past}",
    "{day}",
    "{amount}",
    "{date}",
    "{days}",
    "{instalments}",
    "{choice}",
    "{digits}",
    "{number}",
    "{language}",
)


@lru_cache(maxsize=64)
def grammar_for(language: str) -> SlotGrammar:
    """The grammar of a language; the English one where a language has none, because digits are everybody's."""
    return SlotGrammar(_TABLES.get(language) or _TABLES.get(language.partition("-")[0], en.TABLE))
