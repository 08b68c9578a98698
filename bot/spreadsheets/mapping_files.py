"""Finds mapping files: those that come with Gracebot by name (berka, fineract, lendingclub, ppdai), all others by path."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from bot.domain.diagnostics import Diagnostic, Place, did_you_mean
from bot.loanbook.mapping import read_mapping
from bot.loanbook.sources import BookMapping


def mapping_names() -> tuple[str, ...]:
    """The mappings that come with Gracebot."""
    found = (entry.name for entry in files("bot.loanbook").joinpath("mappings").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def load_mapping(name_or_path: str, payments: bool = False) -> BookMapping | tuple[Diagnostic, ...]:
    """The mapping of that name or in that file, or all that is wrong with it."""
    if name_or_path in mapping_names():
        entry = files("bot.loanbook").joinpath("mappings", f"{name_or_path}.yaml")
        return read_mapping(entry.read_text(encoding="utf-8"), entry.name, payments)
    try:
        text = Path(name_or_path).read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        hint = did_you_mean(name_or_path, mapping_names())
        why = f"This mapping cannot be read: {error.strerror}.{hint}"
        fix = f"Name a file, or one of: {', '.join(mapping_names())}."
        return (Diagnostic(Place(name_or_path), "M000", why, fix),)
    return read_mapping(text, name_or_path, payments)
