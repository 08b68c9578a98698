"""What plain `pybabel` uses of ours: extractors for flows and answers, and the checker of translations.

They are entry points (`babel.extractors`, `babel.checkers`), so `pybabel extract` finds the same sentences and `pybabel
compile` names the same mistakes as our own commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog, Message, TranslationError

from bot.domain.yaml_reading import YamlFile, read_yaml
from bot.texts.catalog_checks import length_faults, message_faults
from bot.texts.extract import Extracted, extract_answers, extract_flow, format_entries, groups_in

#: (line, gettext function, context and sentences, comments)
Found = tuple[int, str, tuple[str, ...], list[str]]


def flows(
    fileobj: BinaryIO, keywords: Sequence[str], comment_tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Babel's extractor for `dialogs/flows/*.yaml`. A file that cannot be read gives nothing: `dialogs check` says why."""
    yield from _found(extract_flow(_read(fileobj)))


def answers(
    fileobj: BinaryIO, keywords: Sequence[str], comment_tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Babel's extractor for `dialogs/answers/**.yaml`. The answers of one place find their group in the folder above."""
    file = _read(fileobj)
    near = Path(file.file).parent
    others = [path for folder in (near, near.parent) for path in sorted(folder.glob("*.yaml"))]
    groups = groups_in(read_yaml(path.read_bytes().decode("utf-8", "replace"), str(path)) for path in others)
    yield from _found(extract_answers(file, groups))


def formats(
    fileobj: BinaryIO, keywords: Sequence[str], comment_tags: Sequence[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Babel's extractor for the patterns of days, which stand in the program."""
    yield from _found(format_entries())


def _read(fileobj: BinaryIO) -> YamlFile:
    return read_yaml(fileobj.read().decode("utf-8", "replace"), getattr(fileobj, "name", "dialog.yaml"))


def _found(sentences: Iterable[Extracted]) -> Iterator[Found]:
    for found in sentences:
        function = "pgettext" if found.plural is None else "npgettext"
        yield found.line, function, (found.context, *found.sources), list(found.notes)


def check_message(catalog: Catalog, message: Message) -> None:
    """Babel's checker: raises TranslationError for the first mistake of a translated message."""
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    if not message.id or message.fuzzy or not forms or not all(forms):
        return
    faults = (*message_faults(sources, forms, catalog.num_plurals), *length_faults(message.auto_comments, forms))
    for code, sentence, fix in faults:
        raise TranslationError(f"{code} {sentence} {fix}")
