"""Readings: what the YAML files of a version hold, kept in the database, so that a start need not read them again.

Each is known by the digest of its text: whatever is not known is read, and a file with a fault is never kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.domain.yaml_kept import FORMAT, from_plain, to_plain
from bot.domain.yaml_reading import ReadBefore, read_yaml

#: The setting that holds them, those of the last version that was compiled.
SETTING = "yaml_readings"


def read_ahead(files: Mapping[str, str], kept: str | None) -> tuple[dict[str, str], str | None]:
    """The files with what they hold, as far as they have no fault; and what to keep now, where that is something new."""
    known: dict[str, Any] = json.loads(kept) if kept else {}
    used: dict[str, Any] = {}
    read: dict[str, str] = dict(files)
    for path, text in files.items():
        if not path.endswith(".yaml"):
            continue
        digest = hashlib.sha256(f"{FORMAT}\0{text}".encode()).hexdigest()
        if digest in known:
            read[path] = ReadBefore.of(text, from_plain(known[digest], path))
        else:
            found = read_yaml(text, path)
            if found.root is None or found.problems:
                continue
            read[path] = ReadBefore.of(text, found.root)
            known[digest] = to_plain(found.root)
        used[digest] = known[digest]
    keep = json.dumps(used, ensure_ascii=False, separators=(",", ":"))
    return read, None if keep == kept else keep
