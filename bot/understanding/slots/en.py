"""English: number words, days, lengths of time, sums and counts. Month first in 12/5, unless only day first can be."""

from __future__ import annotations

from bot.understanding.slots import readings as r
from bot.understanding.slots.grammar import Row, Signs, SlotTable, words
from bot.understanding.slots.languages import ENGLISH
from bot.understanding.slots.numbers import NumberWords

_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    "twenty first": 21, "twenty second": 22, "twenty third": 23, "twenty fourth": 24, "twenty fifth": 25,
    "twenty sixth": 26, "twenty seventh": 27, "twenty eighth": 28, "twenty ninth": 29, "thirty first": 31,
}  # fmt: skip
_WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4,
}  # fmt: skip
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14, "month": 30, "months": 30}

_DEBT = ("it", "this", "that", "the loan", "the debt", "the balance", "the amount", "everything")
#: What numbers count that is not money.
_COUNTED = "times calls messages texts emails people kids children years year percent % loans minutes mins late overdue"

_NTH = "({n} (st|nd|rd|th)|<ordinal>)"

_DAYS = (
    Row("2 (moro|tomorrow|mrw|mro)", r.days_from_today, 1),
    Row("2 (nite|night)", r.days_from_today, 0),
    Row("the day after tomorrow", r.days_from_today, 2),
    Row("day after tomorrow", r.days_from_today, 2),
    Row("overmorrow", r.days_from_today, 2),
    Row("day after day after tomorrow", r.days_from_today, 3),
    Row("(tomorrow|tomorrow morning|tomorrow afternoon|tomorrow evening|tomorrow night)", r.days_from_today, 1),
    Row("(today|tonight|later today|this (morning|afternoon|evening)|end of [the] day)", r.days_from_today, 0),
    Row("(right now|straight away|right away|immediately)", r.vague_time),
    Row("(yesterday|last night)", r.days_from_today, -1),
    Row("day before yesterday", r.days_from_today, -2),
    Row("{n} <unit> ago", r.after),
    Row("a <unit> ago", r.after, 1),
    Row("(in|after) {n} [more] <unit> [time|from now|from today]", r.after),
    Row("{n} [more] <unit> (from now|from today|time)", r.after),
    Row("(within|in the next|over the next) {n} <unit>", r.after),
    Row("(in|after|within) (a|another|one) <unit> [time|from now|from today]", r.after, 1),
    Row("(a|one) <unit> (from now|from today)", r.after, 1),
    Row("(in|after|within) a couple of <unit>", r.after, 2),
    Row("(in|within) {n} (hours|hour|hrs|hr|minutes|minute|mins|min)", r.hours_from_now),
    Row("(in|within) (an|a|half an) (hour|minute)", r.days_from_today, 0),
    Row("in a (minute|moment|bit|few minutes|few hours|couple of hours)", r.days_from_today, 0),
    Row("<weekday>", r.weekday),
    Row("(this|coming|this coming) <weekday>", r.this_weekday),
    Row("next <weekday>", r.next_weekday),
    Row("<weekday> [of] next week", r.weekday, 1),
    Row("next week [on] <weekday>", r.weekday, 1),
    Row("<weekday> after next", r.weekday_after, 1),
    Row("<weekday> week", r.weekday_after, 1),
    Row("(a|one) week (from|after|on) [this|next] <weekday>", r.weekday_after, 1),
    Row("{n} weeks (from|after) <weekday>", r.weekday_after),
    Row("last <weekday>", r.weekday),
    Row("(the|this|at the) weekend", r.either_weekday),
    Row("next weekend", r.either_weekday, 1),
    Row("<weekday> [the] {n} (st|nd|rd|th)", r.day_of_month),
    Row(f"[the] {_NTH} of <month> [[,] {{year}}]", r.month_and_day),
    Row(f"<month> [the] {_NTH} [[,] {{year}}]", r.month_and_day),
    Row("{n} [of] <month> [[,] {year}]", r.month_and_day),
    Row("<month> {n} [[,] {year}]", r.month_and_day),
    Row("[the] {n} (st|nd|rd|th) <month> [[,] {year}]", r.month_and_day),
    Row("[the] {n} (st|nd|rd|th)", r.day_of_month),
    Row(f"(on|by|until|till|before|from|after) the {_NTH}", r.day_of_month),
    Row("(the|on the|by the|until the|till the|before the|on|by|until|till|before) {n}", r.day_of_month),
    Row(f"[the] {_NTH} of (the|this) month", r.day_of_month),
    Row("the (fifth|tenth|fifteenth|twentieth|twenty fifth|thirtieth)", r.day_of_month),
    Row(f"[the] {_NTH} of [the] next month", r.day_of_month_ahead, 1),
    Row(f"next month [on] the {_NTH}", r.day_of_month_ahead, 1),
    Row("(start|beginning) of next month", r.vague_time),
    Row("[the] first (day|thing) of next month", r.vague_time),
    Row("{year} (-|/|.) {n} (-|/|.) {n}", r.year_month_day),
    Row("{n} (-|/) {n} (-|/) {year}", r.year_last, 1),
    Row("{n} / {n}", r.number_date_month_first),
    Row("[the] (end of [the|this] month|month end|months end|eom)", r.month_end, 0),
    Row("[the] (last day of the month|last of the month)", r.month_end, 0),
    Row("[the] end of next month", r.month_end, 1),
    Row("[the] (end of the year|year end)", r.year_end),
    Row("(before|by) (christmas|xmas)", r.yearly_or_day_before, 1225),
    Row("[on] (christmas|xmas|christmas day|xmas day)", r.yearly, 1225),
    Row("christmas eve", r.yearly, 1224),
    Row("boxing day", r.yearly, 1226),
    Row("(new years eve|new year eve)", r.yearly, 1231),
    Row("(new years|new year|new years day|new year day)", r.yearly, 101),
    Row("before (new years|new year|the new year)", r.yearly_or_day_before, 101),
    Row("(valentines day|valentine day)", r.yearly, 214),
)  # fmt: skip

_VAGUE_TIMES = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        "[very] soon", "later", "asap", "as soon as (i can|possible|i get paid)", "when i can", "whenever i can",
        "[my|the|on|next|until|till|by|after] (payday|pay day|paycheck|paycheque|salary day)",
        "[when|once|after|until|till] i (get|am) (paid|my <income>)",
        "[until|till|when|once|after] my <income> (comes|come|arrives|lands|hits|clears) [in|through]",
        "[in|within|for|after] (a few|some|several|a couple) [more|of] (days|weeks|months)",
        "[in|within] (the next|next) (few|couple of) (days|weeks)", "(this|next|the following) (week|month|year)",
        "(this|next) (weeks|months)", "one of these days", "some day", "some time", "sometime", "in a while", "eventually",
        "[the] end of [the|this] week", "[a] few days", "any day now", "[a] bit [more] time", "[some] more time",
        "[the] (start|beginning|middle) of the (week|month|year)", "mid month", "early next (week|month)",
    )
)  # fmt: skip

_LENGTHS = (
    Row("by {n} [more] <unit>", r.duration),
    Row("by (a|another|one) <unit>", r.duration, 1),
    Row("{n} [more|extra|additional] <unit> [more|extra|longer|later|late|extension]", r.duration),
    Row("(a|another|one more|an extra|one extra|an additional|one additional) <unit> [more|longer|later]", r.duration, 1),
    Row("(a week|week) or two", r.vague_time),
    Row("(a|another) day or two", r.vague_time),
    Row("{n} or {n} [more] <unit>", r.vague_time),
    Row("{n} (-|to) {n} [more] <unit>", r.vague_time),
    Row("half a month", r.days_long, 15),
    Row("(a fortnight|another fortnight|fortnight)", r.days_long, 14),
    Row("{n} [more] (hours|hrs)", r.hours_long),
)  # fmt: skip

_COUNTS = (
    Row("half (now|today|first|tomorrow) [and|,] [then] [the] (half|other half|rest) [later|after]", r.instalments, 2),
    Row("half (now|today|first) [and|,] [then] [the] (half|other half|rest|remaining half|remainder)", r.instalments, 2),
    Row("{n} [equal|monthly|weekly|small|smaller|separate|easy|even|biweekly] <part>", r.instalments),
    Row("(over|across|spread over|spread across|for the next) [the next] {n} (months|weeks|paydays|paychecks)", r.instalments),
    Row("(split|divide|break|spread|pay|clear) <debt> [up] (in|into|over|by|across) {n}", r.instalments),
    Row("(split|divided|broken|spread) (in|into|over|across) {n} [months|weeks]", r.instalments),
    Row("(in|into) {n} (goes|lots|bits|halves)", r.instalments),
    Row("[the] (rest|remaining|remainder|balance) (in|over) {n} [months|weeks]", r.instalments),
    Row("{n} month (plan|payment plan|instalment plan|repayment plan)", r.instalments),
    Row("{n} (times|x) (monthly|a month)", r.no_value),
    Row("(in|into) (half|two halves)", r.instalments, 2),
)  # fmt: skip

_DOLLARS = "(dollar|dollars|bucks|buck|usd|us dollars)"
_SUMS = (
    Row(f"[us] $ {{n}} [{_DOLLARS[1:-1]}]", r.a_sum("USD")),
    Row(f"{{n}} ($|{_DOLLARS[1:-1]})", r.a_sum("USD")),
    Row("usd {n}", r.a_sum("USD")),
    Row("(£|gbp) {n}", r.a_sum("GBP")),
    Row("{n} (£|pounds|pound|quid|gbp)", r.a_sum("GBP")),
    Row("(€|eur) {n}", r.a_sum("EUR")),
    Row("{n} (€|euro|euros|eur)", r.a_sum("EUR")),
    Row("(₹|inr) {n}", r.a_sum("INR")),
    Row("{n} (₹|inr)", r.a_sum("INR")),
    Row("(rmb|cny) {n}", r.a_sum("CNY")),
    Row("{n} (rmb|cny|yuan|kuai)", r.a_sum("CNY")),
    Row("php {n}", r.a_sum("PHP")),
    Row("₱ {n}", r.a_sum("PHP")),
    Row("{n} (php|₱)", r.a_sum("PHP")),
    Row("(rs|rs .|¥) {n}", r.a_sum(None)),
    Row("{n} (rupees|rupee|rs|pesos|peso|shillings|¥)", r.a_sum(None)),
    Row("{n}", r.a_bare_sum),
    Row("{n} (am|pm|a . m|p . m|oclock)", r.clock_time),
    Row("(at|around|by|before|after) {n} (am|pm)", r.no_value),
    Row("at {n}", r.clock_time),
    Row("{n} : {n} [am|pm]", r.no_value),
    Row("{n} (times|time|x) [a|per] [day|week]", r.no_value),
    Row("{n} <counted>", r.no_value),
    Row("(number|no .|option|ref|reference|#) {n}", r.no_value),
    Row("{n} days (late|overdue|past due)", r.no_value),
    Row("half [of] (it|that|this|the (money|amount|debt|balance|loan|payment|total|bill|sum))", r.a_share(1, 2)),
    Row("half", r.a_share(1, 2)),
    Row("(50|fifty) (%|percent)", r.a_share(1, 2)),
    Row("(a|one) quarter of (it|the (amount|balance|total))", r.a_share(1, 4)),
    Row("(a|one) third of (it|the (amount|balance|total))", r.a_share(1, 3)),
    Row("two thirds of (it|the (amount|balance|total))", r.a_share(2, 3)),
    Row("(all of it|the whole thing|it all|everything|in full|the lot|all the money|all that i owe|what i owe)", r.a_share(1, 1)),
    Row("[the] (full|whole|entire|total) (amount|balance|sum|payment|debt|loan|thing|bill|total)", r.a_share(1, 1)),
    Row("[the|a|my] (minimum|partial payment|partial amount|part payment)", r.vague_sum),
    Row("(some|part|a bit|a little|most) [of] (it|that|the (money|amount|debt|balance))", r.vague_sum),
    Row("(some money|a bit|a little|something)", r.vague_sum),
    Row("(a couple|few) hundred", r.vague_sum),
)  # fmt: skip

_PLACES = (
    Row("the <ordinal> (one|option|choice)", r.ordinal),
    Row("<ordinal> (one|option|choice)", r.ordinal),
    Row("the {n} (st|nd|rd|th) (one|option)", r.ordinal),
    Row("(option|choice|number) {n}", r.ordinal),
    Row("the (last|latter) [one|option]", r.ordinal, -1),
    Row("the former", r.ordinal, 1),
)

TABLE = SlotTable(
    language="en",
    numbers=NumberWords(
        small=_SMALL,
        multipliers={"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 1_000_000, "lakh": 100_000},
        implied_one=frozenset({"hundred", "thousand"}),
        articles=frozenset({"a"}),
        joiners=frozenset({"and"}),
    ),
    groups={
        "weekday": _WEEKDAYS,
        "month": _MONTHS,
        "unit": _UNITS,
        "ordinal": _ORDINALS,
        "part": dict.fromkeys(words("instalments instalment payments payment parts portions pieces chunks"), 0),
        "income": dict.fromkeys(words("salary wages pay paycheck check benefits pension"), 0),
        "debt": dict.fromkeys(_DEBT, 0),
        "counted": dict.fromkeys(
            (*words(_COUNTED), "months old", "years old", "hours ago", "days late", "days overdue"), 0
        ),
    },
    rows=(*_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_SUMS),
    signs=Signs(
        pay=words(
            "pay paying payment send sending give giving transfer transferring deposit settle clear put do afford"
        ),
        owe=words("owe owed borrow borrowed earn lent charged took received get gets got arrives pays"),
        until=words("until till til by before on pay paying send wait move postpone extend to settle clear"),
        each=words("a per each every weekly monthly fortnightly biweekly"),
        corrected=(
            "no",
            "no wait",
            "actually",
            "sorry",
            "i mean",
            "i meant",
            "make it",
            "make that",
            "rather",
            "correction",
            "or rather",
            "scratch that",
            "instead",
        ),
        negated=("not", "not on", "not the", "not by"),
        refused=(
            "can not pay",
            "can not do",
            "can not afford",
            "could not pay",
            "will not pay",
            "unable to pay",
            "do not have",
            "can not send",
        ),
        either=frozenset({"or"}),
    ),
    spellings={
        "tmrw": "tomorrow",
        "tmr": "tomorrow",
        "tmrow": "tomorrow",
        "tmw": "tomorrow",
        "tomo": "tomorrow",
        "tomoz": "tomorrow",
        "tommorrow": "tomorrow",
        "morrow": "tomorrow",
        "tonite": "tonight",
        "wk": "week",
        "wks": "weeks",
        "mth": "month",
        "mths": "months",
        "yr": "year",
        "yrs": "years",
        "weds": "wednesday",
        "sat": "saturday",
        "sun": "sunday",
        "hrs": "hours",
        "o'clock": "oclock",
        "installment": "instalment",
        "installments": "instalments",
        "thousands": "thousand",
        "hundreds": "hundred",
    },
    languages=ENGLISH,
    some_language=(
        "my language",
        "my own language",
        "another language",
        "other language",
        "different language",
        "native language",
        "mother tongue",
        "other languages",
    ),
    examples={
        "{day}": "friday",
        "{past}": "yesterday",
        "{language}": "spanish",
        "{amount}": "500",
        "{date}": "friday",
        "{days}": "5 days",
        "{instalments}": "3 instalments",
        "{choice}": "the second one",
        "{digits}": "1234",
        "{number}": "7",
    },
)
