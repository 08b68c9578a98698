"""The demo's view of what the lender sees of one borrower, and its clock: loan, stage, promises, timers, deliveries, why.

Only the demo serves these routes: they need no sign-in and can post payments and move the clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from aiohttp import web

from bot.domain.calendar import local_day, zone
from bot.domain.errors import GraceError
from bot.domain.holds import Hold
from bot.domain.loan import Instalment, Loan
from bot.domain.money import Money
from bot.domain.situation import Situation
from bot.policy.ladder import classify
from bot.policy.reminders import next_touch_after, still_due
from bot.services.live import LiveScripts
from bot.services.ports import DueTimer, Storage
from bot.web.lender_words import LenderWords

#: An idle stream says so this often, so that nobody takes it for broken.
_QUIET_SECONDS = 15


class DemoClock(Protocol):
    """A clock that the page may move forward."""

    def now(self) -> datetime: ...

    def move_to(self, instant: datetime) -> None: ...


@dataclass(slots=True)
class LenderView:
    """The routes under `/demo/`. `post_payment` posts money for a loan and gives its reference; `moved` follows the clock."""

    storage: Storage
    scripts: LiveScripts
    clock: DemoClock
    post_payment: Callable[[str, Money], Awaitable[str]]
    moved: Callable[[], Awaitable[None]]
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _count: int = 0
    _closed: bool = False

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/demo/view/{borrower_id}", self.view),
            web.get("/demo/clock", self.show_clock),
            web.post("/demo/clock", self.move_clock),
            web.post("/demo/payments", self.pay),
            web.get("/demo/events", self.events),
        ]

    async def changed(self) -> None:
        """Tells every open page to look again."""
        async with self._changed:
            self._count += 1
            self._changed.notify_all()

    async def view(self, request: web.Request) -> web.Response:
        now = self.clock.now()
        situation = await self.storage.situation_of_borrower(request.match_info["borrower_id"], now)
        if situation.borrower is None:
            raise web.HTTPNotFound(text="There is no such borrower.")
        words = LenderWords(self.scripts.current.catalogs, request.query.get("lang", "en"))
        body = {
            "borrower": _borrower(situation),
            "loans": [self._loan(loan, now, words) for loan in situation.loans],
            "holds": [
                {"kind": words.say(f"hold {h.kind}"), "until": _iso(h.ends_at), "reason": _told_beside(h, words)}
                for h in situation.active_holds()
            ],
            "commitments": [
                {
                    "reference": c.reference,
                    "kind": words.say(f"commitment {c.kind}"),
                    "status": words.say(f"status {c.status}"),
                    "state": c.status,
                    "payments": [{"due_on": p.due_on.isoformat(), "amount": words.money(p.amount)} for p in c.payments],
                    "made_at": c.made_at.isoformat(),
                }
                for c in situation.commitments
            ],
            "timers": await self._timers(situation, now, words),
            "deliveries": await self._deliveries(situation, words),
            "why": await self._why(situation, words),
        }
        return web.json_response(body)

    def _loan(self, loan: Loan, now: datetime, words: LenderWords) -> dict[str, Any]:
        programme = self.scripts.current.programme(loan.programme)
        today = local_day(now, programme.timezone if programme else "UTC")
        delinquency = classify(loan, today, programme.ladder) if programme else None
        return {
            "loan_id": loan.loan_id,
            "programme": programme.title if programme else loan.programme,
            "stage": words.say(f"stage {delinquency.stage}") if delinquency and delinquency.stage else None,
            "days_past_due": delinquency.days_past_due if delinquency else None,
            "past_due": words.money(loan.past_due(today)),
            "due_now": words.money(loan.due_by(today)),
            "due_now_amount": f"{loan.due_by(today).decimal:f}",
            "currency": loan.currency,
            "outstanding": words.money(loan.outstanding),
            "status": words.say(f"loan {loan.status}"),
            "instalments": [_instalment(i, today, words) for i in loan.instalments],
        }

    async def _timers(self, situation: Situation, now: datetime, words: LenderWords) -> list[dict[str, Any]]:
        borrower = situation.borrower
        assert borrower is not None
        rows = [
            (t.due_at, t.kind, dict(t.about).get("rule", ""))
            for t in await self.storage.timers_of(borrower.borrower_id)
            if self._stands(t, situation, now)
        ]
        planned = {rule for _, _, rule in rows}
        for loan in situation.loans:
            programme = self.scripts.current.programme(loan.programme)
            touch = next_touch_after(loan, programme, borrower.timezone, now) if programme else None
            if touch is not None and touch.rule not in planned:
                rows.append((touch.at, "reminder", touch.rule))
        local = zone(borrower.timezone or "UTC")
        return [
            {
                "at": at.isoformat(),
                "local": at.astimezone(local).isoformat(),
                "what": words.say(f"timer {kind}"),
                "why": rule,
            }
            for at, kind, rule in sorted(rows)
        ]

    def _stands(self, timer: DueTimer, situation: Situation, now: datetime) -> bool:
        """Whether a reminder's timer will still have something to say, as things are now."""
        loan, about = situation.loan(timer.loan_id or ""), dict(timer.about)
        programme = self.scripts.current.programme(loan.programme) if loan else None
        if timer.kind != "reminder" or loan is None or programme is None or situation.borrower is None:
            return timer.kind != "reminder"
        anchor = date.fromisoformat(about["anchor"])
        later = max(timer.due_at, now)
        return still_due(loan, about["stage"], anchor, programme, situation.borrower.timezone, later) is None

    async def _deliveries(self, situation: Situation, words: LenderWords) -> list[dict[str, Any]]:
        assert situation.borrower is not None
        records = [d async for d in self.storage.deliveries(situation.borrower.borrower_id, with_text=True)]
        return [
            {
                "at": (d.sent_at or d.planned_at).isoformat(),
                "kind": words.say(f"kind {d.kind}"),
                "rule": d.rule,
                "status": words.say(f"delivery {d.status}"),
                "state": d.status,
                "reason": words.reason(d.reason) if d.reason else None,
                "text": d.text,
            }
            for d in records[-20:]
            if d.text or d.reason
        ]

    async def _why(self, situation: Situation, words: LenderWords) -> list[dict[str, Any]]:
        assert situation.borrower is not None
        turns = [t async for t in self.storage.turns(situation.borrower.borrower_id)]
        rows = [{"at": t.at.isoformat(), "text": line} for t in turns[-10:] for line in t.why]
        for loan in situation.loans:
            found = [d async for d in self.storage.decisions(loan.loan_id)]
            rows += [
                {
                    "at": d.at.isoformat(),
                    "text": words.say("decided", rule=d.rule, outcome=words.reason(d.outcome)),
                }
                for d in found[-10:]
            ]
        return sorted(rows, key=lambda row: row["at"])[-20:]

    async def show_clock(self, _request: web.Request) -> web.Response:
        return web.json_response({"now": self.clock.now().isoformat(), "next_event": _iso(await self._next_event())})

    async def _next_event(self) -> datetime | None:
        """The next timer, or the next reminder that tomorrow's plan will set, whichever comes first."""
        now = self.clock.now()
        known = await self.storage.next_timer_at()
        candidates = [known] if known and known > now else []
        for programme in self.scripts.current.programmes:
            async for loan_id in self.storage.loan_ids(programme.programme_id):
                ledger = await self.storage.ledger(loan_id)
                touch = next_touch_after(ledger.loan, programme, None, now) if ledger else None
                candidates += [touch.at] if touch else []
        return min(candidates, default=None)

    async def move_clock(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        now = self.clock.now()
        try:
            if asked.get("to_next_event"):
                target = await self._next_event() or now
            elif "to" in asked:
                target = datetime.fromisoformat(asked["to"])
            else:
                target = now + timedelta(seconds=int(asked["advance_seconds"]))
            target = max(target, now)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise web.HTTPBadRequest(text=f"The clock cannot be moved so: {error}.") from None
        await self._pass(target)
        await self.changed()
        return await self.show_clock(request)

    async def _pass(self, target: datetime) -> None:
        """Lets every event on the way happen at its own hour, so that a day ahead holds what that day brings."""
        while (event := await self._next_event()) is not None and event < target:
            self.clock.move_to(event)
            await self.moved()
        self.clock.move_to(target)
        await self.moved()

    async def pay(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        try:
            amount = Money.of(str(asked["amount"]), str(asked["currency"]))
            reference = await self.post_payment(str(asked["loan_id"]), amount)
        except (KeyError, TypeError) as error:
            raise web.HTTPBadRequest(text=f"A payment needs loan_id, amount and currency: {error}.") from None
        except GraceError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        await self.changed()
        return web.json_response({"reference": reference})

    async def events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        seen = self._count
        while not self._closed:
            changed = await self._next_change(seen)
            seen = self._count
            try:
                await response.write(b"event: changed\ndata: {}\n\n" if changed else b": still here\n\n")
            except ConnectionError:
                break
        return response

    async def _next_change(self, seen: int) -> bool:
        """True when something changed after the count `seen`, False after a quiet while."""
        async with self._changed:
            try:
                news = self._changed.wait_for(lambda: self._closed or self._count != seen)
                await asyncio.wait_for(news, _QUIET_SECONDS)
            except TimeoutError:
                return False
        return True

    async def close(self) -> None:
        """Ends every page's stream, so that the server need not wait for them."""
        self._closed = True
        await self.changed()


async def _asked(request: web.Request) -> dict[str, Any]:
    """The JSON object that our own page or a program sent. Raises HTTPForbidden for another site's page, which a visitor's
    browser lets write here as well, and HTTPBadRequest or HTTPUnsupportedMediaType for anything else.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise web.HTTPForbidden
    # A browser that does not say where a page is from asks first before it lets a foreign one send this type.
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        asked = await request.json()
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return asked


def _borrower(situation: Situation) -> dict[str, Any]:
    borrower, conversation = situation.borrower, situation.conversation
    assert borrower is not None
    return {
        "name": borrower.name,
        "language": (conversation.language if conversation else None) or borrower.language,
        "timezone": borrower.timezone,
        "region": borrower.region,
        "verified": bool(conversation and conversation.verified),
        "holder": conversation.holder if conversation else "bot",
        "reach": situation.reach,
    }


def _told_beside(hold: Hold, words: LenderWords) -> str | None:
    """Why a hold was set, where that says more than its name."""
    told = words.reason(hold.reason) if hold.reason else None
    return None if told in (words.say(f"hold {hold.kind}"), hold.kind) else told


def _instalment(part: Instalment, today: Any, words: LenderWords) -> dict[str, Any]:
    if not part.unpaid:
        status = "paid"
    elif part.due_on < today:
        status = "past due"
    else:
        status = "due today" if part.due_on == today else "to come"
    return {
        "number": part.number,
        "due_on": part.due_on.isoformat(),
        "amount": words.money(part.amount),
        "paid": words.money(part.paid),
        "unpaid": f"{part.unpaid.decimal:f}",
        "status": words.say(f"instalment {status}"),
        "state": status.replace(" ", "_"),
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
