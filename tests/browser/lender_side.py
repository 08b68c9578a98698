"""A lender's side for the page's tests: the requests under `/demo/` with answers that a test sets.

It records what the page asked for (`moves`, `payments`, `languages`) and tells the page of changes only when told to.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

Json = dict[str, Any]


class LenderSide:
    """`views` by borrower id; `now` and `next_event` are aware instants."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.next_event: datetime | None = None
        self.views: dict[str, Json] = {}
        self.moves: list[Json] = []
        self.payments: list[Json] = []
        self.languages: list[str] = []
        self._listeners: set[asyncio.Queue[bool]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/demo/view/{borrower_id}", self._show_view),
            web.get("/demo/clock", self._show_clock),
            web.post("/demo/clock", self._move_clock),
            web.post("/demo/payments", self._post_payment),
            web.get("/demo/events", self._stream),
        ]

    def tell_change(self) -> None:
        for listener in self._listeners:
            listener.put_nowait(True)

    async def close(self, app: web.Application) -> None:
        """Ends every stream."""
        for listener in self._listeners:
            listener.put_nowait(False)

    async def _show_view(self, request: web.Request) -> web.Response:
        self.languages.append(request.query["lang"])
        view = self.views.get(request.match_info["borrower_id"])
        return (
            web.json_response(view)
            if view is not None
            else web.json_response({"error": "no such borrower"}, status=404)
        )

    async def _show_clock(self, request: web.Request) -> web.Response:
        following = None if self.next_event is None else self.next_event.isoformat()
        return web.json_response({"now": self.now.isoformat(), "next_event": following})

    async def _move_clock(self, request: web.Request) -> web.Response:
        move = await request.json()
        self.moves.append(move)
        if "advance_seconds" in move:
            self.now += timedelta(seconds=move["advance_seconds"])
        elif "to" in move:
            self.now = datetime.fromisoformat(move["to"])
        elif self.next_event is not None:
            self.now, self.next_event = self.next_event, None
        return web.json_response({"now": self.now.isoformat()})

    async def _post_payment(self, request: web.Request) -> web.Response:
        payment = await request.json()
        self.payments.append(payment)
        return web.json_response({"reference": f"PAY-{len(self.payments)}"})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        changes: asyncio.Queue[bool] = asyncio.Queue()
        self._listeners.add(changes)
        try:
            await response.write(b": open\n\n")
            while await changes.get():
                await response.write(b"event: changed\ndata: {}\n\n")
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._listeners.discard(changes)
        return response


def an_instalment(number: int, due_on: str, state: str, amount: str = "CN¥500.00", paid: str = "CN¥0.00") -> Json:
    """`state`: paid, past_due, due_today or to_come."""
    words = state.replace("_", " ")
    return {"number": number, "due_on": due_on, "amount": amount, "paid": paid, "status": words, "state": state}


def a_loan(**changes: Any) -> Json:
    """A loan with one instalment paid, one three days late, one to come."""
    return {
        "loan_id": "L-17",
        "programme": "Instalment loan",
        "stage": "Just past due",
        "days_past_due": 3,
        "past_due": "CN¥500.00",
        "due_now": "CN¥500.00",
        "due_now_amount": "500.00",
        "currency": "CNY",
        "outstanding": "CN¥1,000.00",
        "status": "Open",
        "instalments": [
            an_instalment(1, "2026-02-01", "paid", paid="CN¥500.00"),
            an_instalment(2, "2026-03-01", "past_due"),
            an_instalment(3, "2026-04-01", "to_come"),
        ],
    } | changes


def a_view(**changes: Any) -> Json:
    """What the lender sees of a borrower about whom nothing has happened yet but the loan."""
    return {
        "borrower": {
            "name": "王小明",
            "language": "zh-Hans",
            "timezone": "Asia/Shanghai",
            "region": "CN",
            "verified": False,
            "holder": "bot",
            "reach": "no_address",
        },
        "loans": [a_loan()],
        "holds": [],
        "commitments": [],
        "timers": [],
        "deliveries": [],
        "why": [],
    } | changes


def a_full_view() -> Json:
    """A borrower with something in every section."""
    return a_view(
        borrower=a_view()["borrower"] | {"verified": True, "reach": "ok"},
        holds=[{"kind": "A promise is open", "until": "2026-03-07T02:00:00+00:00", "reason": "promise K7P2M9QX"}],
        commitments=[
            {
                "reference": "K7P2M9QX",
                "kind": "Promise to pay",
                "status": "open",
                "state": "open",
                "payments": [{"due_on": "2026-03-06", "amount": "CN¥500.00"}],
                "made_at": "2026-03-04T02:00:00+00:00",
            }
        ],
        timers=[
            {
                "at": "2026-03-05T01:00:00+00:00",
                "local": "2026-03-05T09:00:00+08:00",
                "what": "Reminder of the day before a promise",
                "why": "promise_day_before",
            }
        ],
        deliveries=[
            a_delivery("2026-03-04T02:01:00+00:00", "Reply", "sent", text="承诺已记录。"),
            a_delivery("2026-03-04T02:05:00+00:00", "Reminder", "withheld", reason="A promise is open"),
        ],
        why=[{"at": f"2026-03-04T02:0{minute}:00+00:00", "text": f"Decision number {minute}."} for minute in range(8)],
    )


def a_delivery(at: str, kind: str, state: str, *, reason: str | None = None, text: str | None = None) -> Json:
    return {"at": at, "kind": kind, "rule": None, "status": state, "state": state, "reason": reason, "text": text}
