"""Approvals of what places say: only ever added, the last word about a content counts, and an audit entry goes with it."""

from datetime import timedelta

from bot.services.ports import Approval
from bot.services.writes import AppendApproval, AppendAudit
from tests.contracts.storage.builders import NOW

LATER = NOW + timedelta(hours=1)


def a_word(digest: str, approved: bool, at=NOW, name: str = "fact_limitation_years") -> AppendApproval:
    return AppendApproval("CN", name, digest, approved, at, "admin")


async def test_nothing_is_approved_at_first(storage):
    assert await storage.approvals() == ()


async def test_an_approval_is_found_with_who_gave_it_and_when(storage):
    await storage.commit((a_word("d1", True), AppendAudit(NOW, "admin", "answer_approved", "CN fact_limitation_years")))
    assert await storage.approvals() == (Approval("CN", "fact_limitation_years", "d1", True, NOW, "admin"),)
    assert await storage.verify_audit() is None


async def test_what_was_taken_back_stays_in_the_list_as_taken_back(storage):
    await storage.commit((a_word("d1", True),))
    await storage.commit((a_word("d1", False, LATER),))
    assert await storage.approvals() == (Approval("CN", "fact_limitation_years", "d1", False, LATER, "admin"),)


async def test_each_content_of_one_fact_has_a_word_of_its_own(storage):
    await storage.commit((a_word("old", True), a_word("new", False, LATER)))
    assert [(a.digest, a.approved) for a in await storage.approvals()] == [("old", True), ("new", False)]
