"""Invitations of many borrowers at once: a running bot beside them waits for a batch, never for all."""

from __future__ import annotations

from bot.services.invite import invite
from bot.services.ports import Storage
from bot.services.writes import Batch, CreateLink
from bot.storage.database import DatabaseStorage
from tests.end_to_end.terminals import START, Terminals


class Counting(DatabaseStorage):
    """The same database, which counts the invitations of each transaction."""

    def __init__(self, storage: Storage) -> None:
        assert isinstance(storage, DatabaseStorage)
        self.__dict__.update(storage.__dict__)
        self.counted: list[int] = []

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        self.counted.append(sum(isinstance(write, CreateLink) for write in batch))
        return await super().commit(batch)


async def test_so_many_invitations_are_one_transaction_and_all_are_stored(office: Terminals) -> None:
    counting = Counting(office.storage)
    links = await invite(counting, ("S-4",) * 1001, START, "test")
    assert counting.counted == [500, 500, 1]
    assert len({link.token for link in links}) == 1001
