"""Fields: the closed list of what a sentence may name and a condition may read, with type, sensitivity and a sample.

The samples stand in translators' catalogs and in previews. Where the values come from is `bot.dialog.facts`'s work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.legal_facts import LEGAL_FACTS


class FieldType(StrEnum):
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    COUNT = "count"
    TEXT = "text"
    FLAG = "flag"  # in conditions only
    WORD = "word"  # in conditions only: a code such as a stage


class Sensitivity(StrEnum):
    """Who may read it: anybody, somebody whose identity is proven."""

    PUBLIC = "public"
    PERSONAL = "personal"
    DEBT = "debt"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: FieldType
    sensitivity: Sensitivity
    sample: str = ""


_P, _D, _I = Sensitivity.PUBLIC, Sensitivity.DEBT, Sensitivity.PERSONAL
_T = FieldType

_ALL = (
    # who speaks, and to whom
    Field("lender", _T.TEXT, _P, "Northbank"),
    Field("language_name", _T.TEXT, _P, "English"),
    Field("topic", _T.TEXT, _P, "Promise a payment"),
    Field("guess", _T.TEXT, _P, "What I owe"),
    Field("today", _T.DAY, _P, "Saturday, 21 November"),
    Field("yesterday", _T.DAY, _P, "Friday, 20 November"),
    Field("borrower_name", _T.TEXT, _I, "Ana Lee"),
    # identity
    Field("verified", _T.FLAG, _P),
    Field("bound", _T.FLAG, _P),
    Field("proof", _T.WORD, _P),  # contact, birth_date, id_last4, none
    Field("known_birth_date", _T.FLAG, _P),
    Field("known_id", _T.FLAG, _P),
    Field("proof_locked", _T.FLAG, _P),
    Field("tries_left", _T.COUNT, _P, "2"),
    Field("link", _T.WORD, _P),  # none, unknown, expired, used, other, mine, fresh
    Field("asked_about", _T.WORD, _P),  # the topic of a question about consequences
    Field("wish_waits", _T.FLAG, _P),  # something was asked for that needs the proof first
    Field("case_number", _T.TEXT, _P, "8H3QTW6N"),  # of what is handed to people in this turn
    Field("reason", _T.WORD, _I),  # why paying is hard, as told in this conversation
    Field("question", _T.WORD, _P),  # which of the questions Q01 to Q64 was asked
    # the loan
    Field("has_loan", _T.FLAG, _P),
    Field("loan_count", _T.COUNT, _D, "2"),
    Field("loan_number", _T.TEXT, _D, "4821"),
    Field("loan_mark", _T.WORD, _D),
    Field("stage", _T.WORD, _D),
    Field("days_past_due", _T.COUNT, _D, "4"),
    Field("days_to_due", _T.COUNT, _D, "3"),
    Field("due_on", _T.DAY, _D, "Tuesday, 17 November"),
    Field("next_due_on", _T.DAY, _D, "Thursday, 17 December"),
    Field("next_reminder_on", _T.DAY, _D, "Monday, 23 November"),
    Field("next_due_amount", _T.MONEY, _D, "CN¥1,200.00"),
    Field("due_now", _T.MONEY, _D, "CN¥1,200.00"),
    Field("past_due", _T.MONEY, _D, "CN¥1,200.00"),
    Field("past_due_parts", _T.COUNT, _D, "2"),  # instalments that are past due
    Field("outstanding", _T.MONEY, _D, "CN¥8,400.00"),
    Field("payable", _T.MONEY, _D, "CN¥1,200.00"),
    Field("half_payable", _T.MONEY, _D, "CN¥600.00"),
    Field("bill_principal", _T.MONEY, _D, "CN¥1,000.00"),
    Field("bill_interest", _T.MONEY, _D, "CN¥120.00"),
    Field("bill_fees", _T.MONEY, _D, "CN¥30.00"),
    Field("bill_late_fees", _T.MONEY, _D, "CN¥50.00"),
    Field("bill_paid", _T.MONEY, _D, "CN¥0.00"),
    Field("bill_total", _T.MONEY, _D, "CN¥1,200.00"),
    # what comes when, where a loan stays unpaid
    Field("has_next_steps", _T.FLAG, _D),
    Field("next_step_on", _T.DAY, _D, "Friday, 27 November"),
    Field("next_step", _T.TEXT, _D, "A person looks at your loan"),
    # what the lender has laid down
    Field("lender_grace_days", _T.COUNT, _P, "3"),
    Field("lender_late_fee", _T.TEXT, _P, "0.05 percent of the late amount a day"),
    Field("lender_posting_days", _T.COUNT, _P, "2"),
    Field("lender_reports_to", _T.TEXT, _P, "the national credit register"),
    Field("lender_report_days", _T.COUNT, _P, "30"),
    Field("lender_report_on", _T.DAY, _D, "Thursday, 17 December"),
    Field("lender_update_days", _T.COUNT, _P, "30"),
    Field("lender_total_rate", _T.TEXT, _P, "18 percent a year"),
    Field("lender_part_payments", _T.FLAG, _P),
    Field("lender_complaint_days", _T.COUNT, _P, "15"),
    Field("lender_licence", _T.TEXT, _P, "licence 12345 of the regulator"),
    Field("lender_agency", _T.TEXT, _P, "Northbank Services"),
    Field("lender_allocation", _T.TEXT, _P, "costs first, then interest, then the loan"),
    Field("lender_hours", _T.TEXT, _P, "09:00-18:00"),
    # promises
    Field("time_barred", _T.FLAG, _D),
    Field("has_promise", _T.FLAG, _D),
    Field("promise_count", _T.COUNT, _D, "2"),
    Field("promise_fresh", _T.FLAG, _D),
    Field("undo_minutes", _T.COUNT, _P, "15"),
    Field("promise_amount", _T.MONEY, _D, "CN¥500.00"),
    Field("promise_day", _T.DAY, _D, "Friday, 27 November"),
    Field("promise_reference", _T.TEXT, _D, "7K2MPX4R"),
    Field("promise_last_day", _T.DAY, _D, "Saturday, 28 November"),
    Field("promise_latest_day", _T.DAY, _D, "Monday, 21 December"),
    Field("promise_least", _T.MONEY, _D, "CN¥120.00"),
    Field("promise_status", _T.TEXT, _D, "open"),
    Field("promise_received", _T.MONEY, _D, "CN¥300.00"),
    Field("promise_change", _T.FLAG, _D),
    Field("dispute_by", _T.DAY, _D, "Monday, 21 December"),
    Field("plan_cost", _T.MONEY, _D, "CN¥0.00"),
    # how to pay, and whom to ask
    Field("has_ways_to_pay", _T.FLAG, _P),
    Field("has_help", _T.FLAG, _P),
    Field("pay_label", _T.TEXT, _D, "Account number"),
    Field("pay_value", _T.TEXT, _D, "6222 0000 1111 2222"),
    Field("help_label", _T.TEXT, _P, "Phone"),
    Field("help_value", _T.TEXT, _P, "+86 400 000 0000"),
    # what must be said
    Field("statement", _T.TEXT, _P, "Please pay only to Northbank."),
    Field("complaint_route", _T.TEXT, _P, "Financial Ombudsman Service"),
    Field("crisis_line", _T.TEXT, _P, "Samaritans 116 123"),
    # holds
    Field("stopped", _T.FLAG, _P),
    Field("paused", _T.FLAG, _P),
    Field("hold_until", _T.DAY, _P, "Saturday, 5 December"),
    Field("hold_days", _T.COUNT, _P, "14"),
    # what holds where the borrower lives
    *(Field(fact.name, FieldType(fact.kind), _P, fact.sample) for fact in LEGAL_FACTS.values()),
)

FIELDS: Mapping[str, Field] = {f.name: f for f in _ALL}

#: Lists that a line may be said for each row of, and the fields that only such a row has.
LISTS: Mapping[str, tuple[str, ...]] = {
    "loans": ("loan_number", "due_now", "outstanding"),
    "ways_to_pay": ("pay_label", "pay_value"),
    "help": ("help_label", "help_value"),
    "promises": ("promise_amount", "promise_day", "promise_reference", "promise_status"),
    "complaint_routes": ("complaint_route",),
    "crisis_lines": ("crisis_line",),
    "next_steps": ("next_step_on", "next_step"),
    "hardship_statements": ("statement",),
    "dispute_statements": ("statement",),
    "payment_statements": ("statement",),
    "consequence_statements": ("statement",),
    "plan_statements": ("statement",),
    "agreed_statements": ("statement",),
    "acknowledgement_statements": ("statement",),
}

#: What a slot's value is when a sentence names it.
SLOT_FIELDS: Mapping[str, FieldType] = {
    "amount": FieldType.MONEY,
    "date": FieldType.DAY,
    "days": FieldType.COUNT,
    "instalments": FieldType.COUNT,
    "yes_no": FieldType.FLAG,
    "choice": FieldType.TEXT,
    "text": FieldType.TEXT,
    "digits": FieldType.TEXT,
    "phone": FieldType.TEXT,
}

#: A parameter that a button made by code stands for.
CHOICE = "choice"
