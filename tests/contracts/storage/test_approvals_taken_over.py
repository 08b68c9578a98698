"""What is approved anywhere holds in every process with its next look for a new version, without a start."""

from bot.services.live import LiveScripts
from bot.services.writes import AppendApproval
from tests.contracts.storage.builders import NOW
from tests.conversations.shipped import shipped


async def test_an_approval_is_taken_over_and_given_up_by_a_look(storage):
    scripts = LiveScripts(storage, shipped())
    assert (await scripts.refresh(), scripts.approved) == (False, frozenset())
    await storage.commit((AppendApproval("CN", "fact_limitation_years", "d", True, NOW, "Legal"),))
    assert (await scripts.refresh(), scripts.approved) == (False, {"d"})
    await storage.commit((AppendApproval("CN", "fact_limitation_years", "d", False, NOW, "Legal"),))
    assert (await scripts.refresh(), scripts.approved) == (False, frozenset())
