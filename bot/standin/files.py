"""Files that the bot sent or people sent to it, by file id and by the path that `getFile` gives."""

from dataclasses import dataclass
from itertools import count

from bot.standin.refusals import bad_request

#: What a bot may fetch with `getFile`, in bytes.
_MOST_FETCHED = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; `path` is what comes after `/file/bot<token>/`."""

    file_id: str
    path: str
    file_name: str
    content_type: str
    body: bytes

    def as_telegram(self) -> dict[str, str | int]:
        """The fields that every kind of file has."""
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": len(self.body)}


class Files:
    """All files of one bot, kept in memory."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, folder: str, file_name: str, content_type: str, body: bytes) -> StoredFile:
        """Keeps a file in `folder` ("photos", "documents", "voice")."""
        number = next(self._numbers)
        suffix = file_name[file_name.rfind(".") :] if "." in file_name else ""
        stored = StoredFile(f"{folder}-{number}", f"{folder}/file_{number}{suffix}", file_name, content_type, body)
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    def at_path(self, path: str) -> StoredFile | None:
        """The file with this path."""
        return self._by_path.get(path)

    def to_fetch(self, file_id: str) -> StoredFile:
        """The file for `getFile`; 400 where there is none or it is too big for a bot."""
        stored = self.find(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if len(stored.body) > _MOST_FETCHED:
            raise bad_request("file is too big")
        return stored
