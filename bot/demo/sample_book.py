"""The demo's loan book: borrowers at every stage and of every programme, dated from the day the demo starts, in the canonical
columns.

The people are samples; their numbers are from ranges that no operator hands out.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

_HEAD = (
    *("programme", "borrower_id", "borrower_name", "language", "timezone", "region", "phone", "email", "birth_date"),
    *("id_last4", "loan_id", "currency", "instalment", "due_date", "principal", "interest", "fees", "late_fees"),
    *("paid", "paid_at", "risk", "flags"),
)

#: Of borrowers in mainland China, of whom there is one for each of the programmes made for there.
_CHINA = ("zh-Hans", "Asia/Shanghai", "CN")

#: id, name, language, zone, region, phone, birth date, last four, currency, instalment, days from today of each due date
_PEOPLE = (
    (
        "S-1",
        "Mei",
        "zh-Hans",
        "Asia/Shanghai",
        "CN",
        "+8617000000001",
        "1990-05-17",
        "1234",
        "CNY",
        "500.00",
        (3, 33, 64),
    ),
    (
        "S-2",
        "Wei",
        "zh-Hans",
        "Asia/Shanghai",
        "CN",
        "+8617000000002",
        "1987-11-02",
        "5678",
        "CNY",
        "1200.00",
        (-3, 27, 58),
    ),
    (
        "S-3",
        "Lan",
        "zh-Hans",
        "Asia/Shanghai",
        "CN",
        "+8617000000003",
        "1995-01-30",
        "9012",
        "CNY",
        "860.50",
        (-15, 15, 46),
    ),
    ("S-4", "Sam", "en", "Europe/London", "GB", "+447700900004", "1992-03-08", "3456", "GBP", "95.00", (1, 31, 62)),
    (
        "S-5",
        "Jo",
        "en",
        "America/New_York",
        "US-NY",
        "+12025550105",
        "1979-07-21",
        "7890",
        "USD",
        "180.00",
        (-2, 28, 59),
    ),
    ("S-6", "Ravi", "en", "Asia/Kolkata", "IN", "+919000000006", "1985-09-12", "2468", "INR", "4500.00", (-8, 22, 53)),
    ("S-7", "Tess", "en", "Europe/London", "GB", "+447700900007", "1998-12-24", "1357", "GBP", "60.00", (-40, -10, 20)),
    (
        "S-8",
        "Hua",
        "zh-Hans",
        "Asia/Shanghai",
        "CN",
        "+8617000000008",
        "1983-06-06",
        "8642",
        "CNY",
        "2300.00",
        (-70, -40, -9),
    ),
    ("S-9", "Jun", *_CHINA, "+8617000000009", "1991-02-14", "9753", "CNY", "640.00", (-6, 24, 55)),
    ("S-10", "Xia", *_CHINA, "+8617000000010", "1996-08-19", "1470", "CNY", "320.00", (-12, 18, 49)),
    ("S-11", "Bo", *_CHINA, "+8617000000011", "1988-04-25", "2583", "CNY", "780.00", (-5, 25, 56)),
    ("S-12", "Ting", *_CHINA, "+8617000000012", "1993-10-07", "3691", "CNY", "1500.00", (-33, -3, 28)),
    ("S-13", "Ning", *_CHINA, "+8617000000013", "1999-06-30", "8520", "CNY", "210.00", (2, 32, 63)),
)
#: Everybody else's loans are of the programme for products without a file of their own.
_PROGRAMMES = {"S-9": "p2p", "S-10": "fenqile", "S-11": "xinerfu", "S-12": "jiebei", "S-13": "huabei"}


def sample_book(today: date) -> str:
    """The book as CSV text. Interest is a tenth of each instalment; nothing has been paid."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    for person, name, language, zone, region, phone, birth, last4, currency, amount, days in _PEOPLE:
        whole = int(amount.replace(".", ""))
        interest = whole // 10
        for number, offset in enumerate(days, 1):
            due = today + timedelta(days=offset)
            row = [_PROGRAMMES.get(person, "generic"), person, name, language, zone, region, phone, "", birth, last4]
            row += [f"L-{person[2:]}001", currency, str(number), due.isoformat()]
            row += [_amount(whole - interest), _amount(interest), "0.00", "0.00", "0.00", today.isoformat(), "", ""]
            writer.writerow(row)
    return out.getvalue()


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
