"""Why a concession can be agreed or not, as sentences for operators; `bot.policy.explain` fills them in.

What borrowers read comes from the catalogs.
"""

from __future__ import annotations

#: One sentence per reason. What stands in braces is the fact of that name.
LIMIT_SENTENCES = {
    "limit_holds": "Used {used} of {times} in {period}; all is paid by {last_day}",
    "too_old": "The debt is too old to be enforced; a person decides about any agreement",
    "not_offered": "The programme offers none; a person decides",
    "no_row_for_stage": "The programme offers none in stage {stage}; a person decides",
    "no_row_for_band": "The programme offers none for band {band}; a person decides",
    "no_row_for_currency": "The programme offers none in {currency}; a person decides",
    "no_row_for_balance": "The programme offers none for a balance of {balance}; a person decides",
    "used_up": "Used up: {used} of {times} in {period}; a person decides about more",
    "agreements_broken": "{broken} agreements were broken, {most} at most may be; a person decides about the next",
    "arrangement_open": "{reference} is open and was changed {changes} times, {most} at most",
    "awaiting_approval": "{reference} waits for a person's approval",
    "nothing_to_waive": "Nothing is unpaid of what could be waived",
    "no_budget": "The programme has no budget in {currency}",
    "budget_used_up": "It would give up {needed}, and {available} of this month's budget is left",
    "too_small_to_split": "{amount} is too small to be split, since no part may be below {least}",
    "no_day_left": "The last possible day, {last_day}, is over",
    "no_working_day": "No day that suits is left up to {last_day}",
    "nothing_said": "Neither a day nor an amount was named",
    "covers_all": "That is all of the {amount} asked for, so a promise to pay is enough",
    "no_schedule": "No schedule within the limits comes near it",
    "other_kind": "Asked for was {said}, the nearest is {offered}",
    "days_fewer": "Asked for were {said} days, {offered} are possible",
    "days_more": "Asked for were {said} days, the next day that suits is after {offered}",
    "earlier": "Asked for was {said}, the last possible day is {offered}",
    "later": "Asked for was {said}, the next day that suits is {offered}",
    "now_larger": "{said} were offered at once, at least {offered} is needed",
    "now_smaller": "{said} were offered at once, {offered} would be paid at once",
    "amount_larger": "{said} were offered, at least {offered} is needed",
    "part_larger": "Asked for were parts of {said}, they would be {offered}",
    "parts_fewer": "Asked for were {said} parts, {offered} are possible",
    "parts_more": "Asked for were {said} parts, it would be {offered}",
    "gap_longer": "Asked for were parts {said} days apart, it would be {offered}",
    "gap_shorter": "Asked for were parts {said} days apart, {offered} are possible",
    "cost_stays": "Asked for was no cost, it costs {offered}",
}
