"""The demo's view of the lender: what it refuses, and that its clock moves forward only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from aiohttp import ClientSession

from bot.domain.errors import MoneyError
from bot.domain.money import Money
from bot.web.lender_view import LenderView
from bot.web.server import WebServer, web_application
from tests.end_to_end.terminals import START, Terminals

JSON = {"Content-Type": "application/json"}
PAYMENT = b'{"loan_id": "L-4001", "amount": "95.00", "currency": "GBP"}'


@pytest.fixture
def paid() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def stops() -> list[datetime]:
    """Where the clock stood whenever it was moved."""
    return []


@pytest.fixture
async def page(office: Terminals, paid: list[tuple[str, str]], stops: list[datetime]) -> AsyncIterator[ClientSession]:
    async def pay(loan_id: str, amount: Money) -> str:
        if loan_id != "L-4001":
            raise MoneyError("There is no loan of this id.")
        paid.append((loan_id, str(amount)))
        return "DEMO-1"

    async def moved() -> None:
        stops.append(office.clock.now())

    view = LenderView(office.storage, office.scripts, office.clock, post_payment=pay, moved=moved)
    server = WebServer(web_application(view.routes()), "127.0.0.1", 0)
    await server.start()
    async with ClientSession(f"http://127.0.0.1:{server.port}") as client:
        yield client
    await server.stop()


async def test_a_borrower_is_shown_with_loan_and_stage(page: ClientSession) -> None:
    async with page.get("/demo/view/S-7") as answer:
        shown = await answer.json()
    (loan,) = shown["loans"]
    assert (shown["borrower"]["name"], loan["loan_id"], loan["days_past_due"], loan["due_now"]) == (
        "Tess",
        "L-7001",
        40,
        "£120.00",
    )
    assert [part["state"] for part in loan["instalments"]] == ["past_due", "past_due", "to_come"]


async def test_an_unknown_borrower_is_not_found(page: ClientSession) -> None:
    async with page.get("/demo/view/S-99") as answer:
        assert (answer.status, await answer.text()) == (404, "There is no such borrower.")


async def test_a_day_ahead_lets_every_event_on_the_way_happen_at_its_own_hour(
    page: ClientSession, stops: list[datetime]
) -> None:
    async with page.get("/demo/clock") as answer:
        event = datetime.fromisoformat((await answer.json())["next_event"])
    assert START < event < START + timedelta(days=1)
    async with page.post("/demo/clock", json={"advance_seconds": 86_400}) as answer:
        assert (await answer.json())["now"] == (START + timedelta(days=1)).isoformat()
    assert (stops[0], stops[-1], stops) == (event, START + timedelta(days=1), sorted(set(stops)))


async def test_the_clock_moves_forward_and_never_back(page: ClientSession) -> None:
    async with page.post("/demo/clock", json={"advance_seconds": 3600}) as answer:
        assert (await answer.json())["now"] == (START + timedelta(hours=1)).isoformat()
    for back in ({"advance_seconds": -7200}, {"to": START.isoformat()}):
        async with page.post("/demo/clock", json=back) as answer:
            assert (await answer.json())["now"] == (START + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    "asked",
    [
        b"nonsense",
        b"[]",
        b"{}",
        b'{"to": "soon"}',
        b'{"to": "2026-12-01T00:00"}',
        b'{"advance_seconds": "x"}',
        b'{"advance_seconds": 1e30}',
    ],
)
async def test_a_clock_that_cannot_be_moved_so_stays(page: ClientSession, asked: bytes) -> None:
    async with page.post("/demo/clock", data=asked, headers=JSON) as answer:
        assert answer.status == 400
    async with page.get("/demo/clock") as answer:
        assert (await answer.json())["now"] == START.isoformat()


@pytest.mark.parametrize(
    "asked",
    [
        b"nonsense",
        b"7",
        b"{}",
        b'{"loan_id": "L-4001", "amount": "much", "currency": "GBP"}',
        b'{"loan_id": "L-4001", "amount": "5.001", "currency": "GBP"}',
        b'{"loan_id": "L-4001", "amount": "5.00", "currency": "XYZ"}',
        b'{"loan_id": "L-9", "amount": "5.00", "currency": "GBP"}',
    ],
)
async def test_a_payment_that_makes_no_sense_is_refused_and_posts_nothing(
    page: ClientSession, paid: list[tuple[str, str]], asked: bytes
) -> None:
    async with page.post("/demo/payments", data=asked, headers=JSON) as answer:
        assert answer.status == 400
    assert paid == []


async def test_a_payment_is_posted_and_its_reference_given(page: ClientSession, paid: list[tuple[str, str]]) -> None:
    asked = {"loan_id": "L-4001", "amount": "95.00", "currency": "GBP"}
    async with page.post("/demo/payments", json=asked) as answer:
        assert await answer.json() == {"reference": "DEMO-1"}
    assert paid == [("L-4001", "95.00 GBP")]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_s_page_can_neither_pay_nor_move_the_clock(
    page: ClientSession, paid: list[tuple[str, str]], site: str
) -> None:
    headers = JSON | {"Sec-Fetch-Site": site}
    for path, body in (("/demo/payments", PAYMENT), ("/demo/clock", b'{"advance_seconds": 3600}')):
        async with page.post(path, data=body, headers=headers) as answer:
            assert answer.status == 403
    assert paid == []
    async with page.get("/demo/clock") as answer:
        assert (await answer.json())["now"] == START.isoformat()


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
async def test_what_a_form_of_any_site_can_send_is_refused(
    page: ClientSession, paid: list[tuple[str, str]], content_type: str
) -> None:
    async with page.post("/demo/payments", data=PAYMENT, headers={"Content-Type": content_type}) as answer:
        assert answer.status == 415
    assert paid == []


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_our_own_page_may_pay(page: ClientSession, paid: list[tuple[str, str]], site: str) -> None:
    async with page.post("/demo/payments", data=PAYMENT, headers=JSON | {"Sec-Fetch-Site": site}) as answer:
        assert answer.status == 200
    assert paid == [("L-4001", "95.00 GBP")]
