"""Facts of places: the closed list of what an answer may say of the law and the bodies of one jurisdiction.

A value comes from `dialogs/answers/places/`, with its source and date, and is known only once somebody approved it. Here are
names, kinds and samples; a sentence names such a fact like any other field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FactKind = Literal["count", "money", "day", "text"]

#: How sure a fact is: written law, guidance of a regulator, or a practice that is usual there.
STRENGTHS = ("law", "guidance", "practice")

#: The longest text of a fact, in characters; it stands inside a sentence.
LONGEST_FACT = 120


@dataclass(frozen=True, slots=True)
class LegalFact:
    """`means` is what the value says, for whoever fills it in; `sample` is shown to translators."""

    name: str
    kind: FactKind
    sample: str
    means: str


_ALL = (
    # the credit record
    LegalFact("fact_credit_register", "text", "Credit Reference Centre", "Where a credit record is kept."),
    LegalFact("fact_credit_register_site", "text", "www.example.org", "Where people ask for their own record."),
    LegalFact("fact_credit_record_years", "count", "5", "Years that a late payment stays on a record."),
    LegalFact("fact_credit_report_days", "count", "30", "Days late before lenders there usually report it."),
    LegalFact("fact_free_reports_a_year", "count", "2", "How often a year one's own record is free."),
    LegalFact("fact_credit_correction_days", "count", "20", "Days in which an objection to a record is decided."),
    LegalFact("fact_relief_ended_on", "day", "2025-12-31", "Last day of a relief for credit records."),
    # costs
    LegalFact("fact_rate_cap_percent", "count", "24", "Most that a loan may cost in a year, in percent, all told."),
    LegalFact("fact_cost_cap_percent", "count", "100", "Most that all charges may add up to, in percent of the loan."),
    LegalFact("fact_default_notice_days", "count", "14", "Days of notice before a whole loan may be called in."),
    LegalFact("fact_plan_months", "count", "60", "Longest plan that a bank may agree for a card, in months."),
    # contact
    LegalFact("fact_collection_from", "text", "08:00", "Hour from which people may be contacted about a debt."),
    LegalFact("fact_collection_until", "text", "20:00", "Hour until which they may be."),
    LegalFact("fact_contacts_a_day", "count", "3", "Most contacts about a debt in a day."),
    LegalFact("fact_contacts_a_week", "count", "7", "Most contacts about a debt in a week."),
    LegalFact("fact_dispute_days", "count", "30", "Days in which a debt may be questioned after the first notice."),
    # courts
    LegalFact("fact_limitation_years", "count", "3", "Years after which a claim may be too old for a court."),
    LegalFact("fact_court_check_line", "text", "12368", "Where court papers can be checked."),
    LegalFact("fact_court_list_years", "count", "2", "Years that a court keeps somebody on its list of defaulters."),
    LegalFact("fact_payment_order_days", "count", "15", "Days in which a payment order can be objected to."),
    LegalFact("fact_wage_share_percent", "count", "25", "Most that may be taken from wages, in percent."),
    LegalFact("fact_card_offence_amount", "money", "50000.00 CNY", "Card debt below which there is no offence."),
    LegalFact("fact_card_offence_months", "count", "3", "Months after which an unpaid card debt may be an offence."),
    LegalFact("fact_breathing_space_days", "count", "60", "Days that a legal pause for debts lasts."),
    # people to turn to
    LegalFact("fact_regulator", "text", "Financial Regulator", "The authority that watches over lenders."),
    LegalFact("fact_ombudsman", "text", "Financial Ombudsman", "Who decides complaints about lenders."),
    LegalFact("fact_complaint_line", "text", "12378", "The number for complaints about lenders."),
    LegalFact("fact_free_advice", "text", "StepChange", "Who advises on debts for nothing."),
    LegalFact("fact_legal_aid", "text", "Legal Aid, 12348", "Who gives legal advice for nothing or little."),
    LegalFact("fact_privacy_body", "text", "Data Protection Office", "The authority for personal data."),
    LegalFact("fact_data_answer_days", "count", "30", "Days in which a request about one's data is answered."),
    LegalFact("fact_police_line", "text", "110", "The number of the police."),
    LegalFact("fact_fraud_line", "text", "96110", "Where a fraud can be reported."),
)

LEGAL_FACTS: Mapping[str, LegalFact] = {fact.name: fact for fact in _ALL}
