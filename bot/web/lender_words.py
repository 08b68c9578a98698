"""What the demo's view of the lender calls the codes of records: stages, holds, reasons, states.

A code that has no sentence is shown as it is, so that nothing is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.money import Money
from bot.texts.catalogs import Catalogs
from bot.texts.messages import Message, Parameter
from bot.texts.render import render


@dataclass(frozen=True, slots=True)
class LenderWords:
    """The view's sentences, from the catalogs with the context `lender_view`."""

    catalogs: Catalogs
    language: str

    def say(self, source: str, **parameters: Parameter) -> str:
        message = Message(SENTENCES.get(source, source), "lender_view", tuple(parameters.items()))
        return render(message, self.catalogs, self.language)

    def reason(self, code: str) -> str:
        """What a decision's outcome is called: a reason, the hold that stood against it, or what became of a promise."""
        code = code.partition(":")[0]
        known = (f"{group} {code}" for group in ("reason", "hold", "status"))
        return self.say(next((name for name in known if name in SENTENCES), code))

    def money(self, amount: Money) -> str:
        return render(
            Message(SENTENCES["amount"], "lender_view", (("amount", amount),)),
            self.catalogs,
            self.language,
        )


#: What the codes of records are called on the page; each is a msgid with the context `lender_view`.
SENTENCES = {
    "stage upcoming": "Due soon",
    "stage due": "Due today",
    "stage mild": "Just past due",
    "stage moderate": "Past due",
    "stage severe": "Well past due",
    "stage middle": "More than a month past due",
    "stage late": "More than two months past due",
    "stage prepare": "Due soon",
    "stage warning": "Just past due",
    "stage reminder": "Past due",
    "stage minor": "Past due",
    "stage early": "Past due",
    "stage phone": "Well past due",
    "stage serious": "Well past due",
    "stage third_party": "More than a month past due",
    "stage legal": "More than two months past due",
    "loan open": "Open",
    "loan settled": "Paid off",
    "loan closed": "Closed by the lender",
    "instalment paid": "paid",
    "instalment past due": "past due",
    "instalment due today": "due today",
    "instalment to come": "to come",
    "commitment promise": "Promise to pay",
    "status open": "open",
    "status kept": "kept",
    "status partly_kept": "partly kept",
    "status broken": "broken",
    "status withdrawn": "withdrawn",
    "status superseded": "replaced",
    "hold dispute": "The debt is disputed",
    "hold hardship": "Hardship is being looked at",
    "hold vulnerable": "Needs special care",
    "hold deceased": "The borrower has died",
    "hold minor": "Said to be under age",
    "hold attorney": "Represented by a lawyer",
    "hold moratorium": "Protected by a moratorium",
    "hold complaint": "A complaint is open",
    "hold wrong_person": "Wrong person",
    "hold stop": "Asked not to be written to",
    "hold inconvenient_times": "Outside the borrower's own hours",
    "hold paid_claim": "Says it is paid; being checked",
    "hold promise_open": "A promise is open",
    "hold plan_active": "An agreed plan is running",
    "hold human_holds": "A person has the chat",
    "hold paused": "Paused by the borrower",
    "timer reminder": "Reminder",
    "timer promise_day_before": "Reminder of the day before a promise",
    "timer promise_day": "Reminder of the promised day",
    "timer promise_check": "Decide whether the promise was kept",
    "timer promise_outcome": "Tell what became of the promise",
    "timer task": "Task for a person",
    "kind reply": "Reply",
    "kind reminder": "Reminder",
    "kind notice": "Notice",
    "kind operator": "Written by a person",
    "kind act": "Act",
    "delivery queued": "waiting",
    "delivery sending": "being sent",
    "delivery sent": "sent",
    "delivery deferred": "deferred",
    "delivery withheld": "withheld",
    "delivery refused": "refused",
    "delivery unknown": "may have arrived",
    "delivery dead": "given up",
    "reason allowed": "Nothing stood against it",
    "reason paid": "It was paid",
    "reason payment_posted": "A payment came in",
    "reason no_address": "There is no chat yet",
    "reason unproven": "Identity is not proven",
    "reason blocked": "The borrower blocked the bot",
    "reason quiet_hours": "Outside the hours in which we may write",
    "reason holiday": "A public holiday",
    "reason min_gap": "Too soon after the last message",
    "reason cap": "As many messages as the rules allow have been sent",
    "reason never_open": "The rules open no hour for this message",
    "reason unknown_zone": "The time zone is not known",
    "reason clock": "The clock jumped, and nobody has confirmed it yet",
    "reason address_changed": "The borrower is reached in another chat by now",
    "reason no_loan": "There is no such loan",
    "reason closed": "Closed by the lender",
    "reason stop_contact": "Asked not to be written to",
    "reason stage_over": "The stage is over",
    "reason anchor_moved": "An older instalment was paid in the meantime",
    "reason superseded": "A later reminder takes its place",
    "reason too_late": "Its day passed too long ago",
    "reason other_band": "Left out for borrowers of this risk",
    "reason mandatory_first": "A mandatory notice goes first",
    "reason ladder_task": "Given to a person",
    "decided": "%(rule)s: %(outcome)s",
    "amount": "%(amount)s",
}
