"""Looks into a workbook's archive before anything opens it, so that no small file can fill memory or disk.

Sizes are counted while unpacking, not believed: what an archive says of itself may be a lie. Nothing unpacked is kept.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_UNPACKED = 50 * 1024 * 1024
MOST_ENTRIES = 1_000
MOST_RATIO = 100
#: A workbook's reader makes room for every cell up to the last one, filled or not.
MOST_CELLS = 5_000_000

_END = struct.Struct("<4s4H2LH")
_DIRECTORY_BYTES = 1024 * 1024
_CHUNK = 256 * 1024
#: Small parts are harmless however well they are packed.
_RATIO_FROM = 512 * 1024
_NESTED_NAMES = (".zip", ".xlsx", ".xlsm", ".docx", ".gz", ".7z", ".rar", ".jar", ".tar")
_NESTED_BYTES = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,3})(\d{1,7})\s*["']""")


class Refused(Exception):
    """The archive is not opened; the message says why."""


def inspect(path: Path) -> None:
    """Returns where the workbook may be opened; raises Refused or OSError."""
    with path.open("rb") as file:
        _check_directory(file)
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError) as error:
            raise Refused("its archive is damaged") from error
        for entry in entries:
            _check_name(entry)
        if "xl/workbook.xml" not in {entry.filename for entry in entries}:
            raise Refused("it is no .xlsx workbook")
        left = MOST_UNPACKED
        for entry in entries:
            left -= _unpacked(file, entry, left)


def _check_directory(file: BinaryIO) -> None:
    """Before the list of entries is read at all: it must end the file, and be short."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size))
    end = file.read(_END.size)
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise Refused("its archive does not end as it should")
    _, disk, _, _, entries, directory, offset, comment = _END.unpack(end)
    if disk or comment or 0xFFFF in (entries,) or 0xFFFFFFFF in (directory, offset):
        raise Refused("its archive is of an unusual kind")
    if entries > MOST_ENTRIES or directory > _DIRECTORY_BYTES:
        raise Refused(f"it has more than {MOST_ENTRIES} parts")


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/") or "\0" in name:
        raise Refused("a part of it has a path that leads elsewhere")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("a part of it is a link")
    if name.lower().endswith(_NESTED_NAMES):
        raise Refused("it holds another archive")
    if entry.flag_bits & 1:
        raise Refused("it is protected by a password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("it is packed in an unusual way")
    if entry.file_size > MOST_UNPACKED:
        raise Refused(f"it unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB")


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo, left: int) -> int:
    """Unpacks one part to nowhere and returns its true size."""
    file.seek(entry.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Refused("its archive is damaged")
    name_length, extra_length = struct.unpack("<2H", header[26:30])
    file.seek(name_length + extra_length, 1)
    looker = _Looker(entry, left)
    stored = entry.compress_type == zipfile.ZIP_STORED
    unpacker = zlib.decompressobj(-15)
    packed = entry.compress_size
    try:
        while packed > 0 and (piece := file.read(min(_CHUNK, packed))):
            packed -= len(piece)
            if stored:
                looker.look(piece)
                continue
            while piece:
                looker.look(unpacker.decompress(piece, _CHUNK))
                piece = unpacker.unconsumed_tail
    except zlib.error as error:
        raise Refused("its archive is damaged") from error
    if looker.size != entry.file_size:
        raise Refused("a part of it is not as large as it says")
    return looker.size


@dataclass(slots=True)
class _Looker:
    """Watches one part while it is unpacked."""

    entry: zipfile.ZipInfo
    left: int
    size: int = 0
    last_row: int = 0
    last_column: int = 0
    _tail: bytes = b""

    def look(self, piece: bytes) -> None:
        if not self.size and piece.startswith(_NESTED_BYTES):
            raise Refused("it holds another archive")
        self.size += len(piece)
        if self.size > self.left:
            raise Refused(f"it unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB")
        if self.size > _RATIO_FROM and self.size > MOST_RATIO * max(1, self.entry.compress_size):
            raise Refused(f"it unpacks to more than {MOST_RATIO} times its size")
        if self.entry.filename.startswith("xl/worksheets/"):
            self._look_at_cells(self._tail + piece)
            self._tail = piece[-32:]

    def _look_at_cells(self, xml: bytes) -> None:
        for letters, digits in set(_PLACE.findall(xml)):
            self.last_row = max(self.last_row, int(digits))
            self.last_column = max(self.last_column, _column_number(letters))
        if self.last_row * max(1, self.last_column) > MOST_CELLS:
            raise Refused("its cells reach too far down or to the right")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
