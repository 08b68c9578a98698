"""Vietnamese: 2tr5, triệu rưỡi, 2 củ, thứ 6 tuần sau, ngày mốt, chia 3 kỳ. Day first; both marks for both things.

Written as `normalize` leaves it: without accents, but for the few words it keeps (nửa, sáu, mốt).
"""

from __future__ import annotations

from bot.understanding.slots import readings as r
from bot.understanding.slots.grammar import Row, Signs, SlotTable, words
from bot.understanding.slots.numbers import NumberWords

#: "sau" is also "after", "nam" a year, "tam" for now, "bay" now, "lam" to do: they count only beside other numbers.
_SMALL = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "sáu": 6, "bay": 7,
    "tam": 8, "chin": 9, "ruoi": 5,
}  # fmt: skip
_WEEKDAYS = {
    f"{day} {said}": number
    for day in ("thu", "t", "ngay thu")
    for said, number in (
        ("hai", 0), ("ba", 1), ("tu", 2), ("nam", 3), ("sau", 4), ("sáu", 4), ("bay", 5),
        ("2", 0), ("3", 1), ("4", 2), ("5", 3), ("6", 4), ("7", 5),
    )
} | {"chu nhat": 6, "cn": 6, "ngay chu nhat": 6}  # fmt: skip
_UNITS = {"ngay": 1, "hom": 1, "bua": 1, "tuan": 7, "tuan le": 7, "thang": 30}

_PART = "(sang|trua|chieu|toi|dem|khuya)"
_HALF = "(nửa|nua)"
_MORE = "(nua|nửa|toi|sau|tiep|ke tiep)"
_WHEN = "(khi|luc|doi|cho|chung|bao gio|hoi|khi nao|chung nao|den khi|toi khi|sau khi|dot|ngay|hom|den luc|ky)"
#: What numbers count that is not money.
_COUNTED = "lan cuoc nguoi con dua tuoi nam gio h phut app % phan don so tin cai may cuoc goi lan goi"

_DAYS = (
    Row("(moi|hang|mot) (ngay|tuan|thang)", r.no_value),
    Row(
        "(hom nay|hnay|bua nay|toi nay|dem nay|chieu nay|trua nay|sang nay|trong ngay [hom nay]|"
        "ngay hom nay|cuoi ngay)", r.days_from_today, 0,
    ),
    Row(f"[{_PART[1:-1]}] [ngay] mai [{_PART[1:-1]}]", r.days_from_today, 1),
    Row("(hom sau|bua sau|ngay hom sau)", r.days_from_today, 1),
    Row(f"[{_PART[1:-1]}] (ngay kia|ngay mốt|ngay mot|mốt|bua mốt|bua kia)", r.days_from_today, 2),
    Row("(hom qua|hqua|toi qua|chieu qua|dem qua|sang qua|ngay hom qua|bua qua|khi hom)", r.days_from_today, -1),
    Row("(hom kia|bua kia roi|hom truoc nua)", r.days_from_today, -2),
    Row("{n} (ngay|hom|bua|tuan|thang) truoc", r.vague_time),
    Row(f"{{n}} <unit> {_MORE}", r.after),
    Row("(sau|qua|trong|trong vong|toi da|cham nhat) {n} <unit> [nua|nửa|toi]", r.after),
    Row(f"{_HALF} thang {_MORE}", r.days_from_today, 15),
    Row("{n} (tieng|gio) (nua|nửa)", r.hours_from_now),
    Row("(lat nua|ti nua|chut nua|lat nửa|tí nữa|mot lat|lat|may tieng nua|{n} phut nua)", r.days_from_today, 0),
    Row(f"[{_PART[1:-1]}] <weekday> [nay]", r.weekday),
    Row(f"[{_PART[1:-1]}] <weekday> (toi|ke|gan nhat)", r.weekday),
    Row(f"[{_PART[1:-1]}] <weekday> tuan (sau|toi|ke|ke tiep)", r.weekday, 1),
    Row(f"[{_PART[1:-1]}] <weekday> sau", r.next_weekday),
    Row("tuan (sau|toi) <weekday>", r.weekday, 1),
    Row(f"[{_PART[1:-1]}] <weekday> tuan nay", r.this_weekday),
    Row("<weekday> (vua roi|tuan truoc|vua qua|truoc)", r.weekday),
    Row("cuoi tuan [nay]", r.either_weekday),
    Row("cuoi tuan (sau|toi)", r.either_weekday, 1),
    Row("(ngay|hom|mung|mong) {n} [thang nay|nay]", r.day_of_month),
    Row("ngay (mung|mong) {n}", r.day_of_month),
    Row("[ngay|hom|mung|mong] {n} thang (sau|toi)", r.day_of_month_ahead, 1),
    Row("thang (sau|toi) ngay {n}", r.day_of_month_ahead, 1),
    Row("(ngay|hom) {n} thang truoc", r.day_of_month_ahead, 1),
    Row("[ngay|hom|mung|mong] {n} thang {n} [nam {year}|{year}]", r.day_month_numbers),
    Row("[ngay|hom|mung|mong] {n} / {n}", r.day_month_numbers),
    Row("(ngay|hom) {n} (-|.) {n}", r.day_month_numbers),
    Row("[ngay] {n} (-|/|.) {n} (-|/|.) {year}", r.year_last),
    Row("{year} (-|/|.) {n} (-|/|.) {n}", r.year_month_day),
    Row("(cuoi|het|het ngay cuoi) thang [nay|11]", r.month_end, 0),
    Row("ngay cuoi (cung cua thang|thang)", r.month_end, 0),
    Row("(cuoi|het) thang (sau|toi)", r.month_end, 1),
    Row("(cuoi|het) nam [nay]", r.year_end),
    Row("(noel|giang sinh|le giang sinh)", r.yearly, 1225),
    Row("truoc (noel|giang sinh)", r.yearly_or_day_before, 1225),
    Row("(tet tay|tet duong lich|tet duong|nam moi duong lich)", r.yearly, 101),
    Row("truoc (tet tay|tet duong lich|tet duong)", r.yearly_or_day_before, 101),
    Row("(tet|tet am|tet nguyen dan|tet ta|mung (1|mot) tet)", r.spring_festival, 0),
    Row("(truoc tet|30 tet|giao thua|truoc tet nguyen dan)", r.spring_festival, -1),
)  # fmt: skip

_VAGUE_TIMES = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        "(tuan|thang|nam) (sau|toi|nay|truoc|roi|ke)", "(dau|giua|cuoi) tuan (nay|sau|toi)", "(dau|giua) (tuan|thang|nam)",
        "(dau|giua) thang (sau|toi|nay)", "mai (mốt|mot)", "mai kia", "(sau|qua|ra|an) tet",
        f"(vai|may|it|dam) (ngay|hom|bua|tuan|thang) [{_MORE[1:-1]}]", "(vai|may) hom",
        f"[{_WHEN[1:-1]}] <gets> (luong|tien|tien luong|thuong|tien cong)",
        f"{_WHEN} [em|minh|anh|chi|toi] (co|nhan|linh|lanh|duoc) [tien|luong|tien luong]",
        f"[{_WHEN[1:-1]}] (luong|tien|tien luong|thuong) (ve|vo|vao)", f"{_WHEN} (luong|tra luong|phat luong)",
        "(som nhat|som nhat co the|som thoi|sap toi|bua nao|hom nao|luc nao|khi nao|bao gio)", "(mot|1) thoi gian [nua|nửa|ngan]",
        "{n} (-|den|hoac|hay) {n} <unit> [nua|nửa]", "(ram|ngay ram)",
        "(mot hai|mot vai|hai ba|ba bon|1 2|2 3) (ngay|hom|bua|tuan|thang) [nua|nửa]",
        "ngay ngay", "bay gio", "ngay bay gio", "ngay lap tuc", "chieu toi",
    )
)  # fmt: skip

_LENGTHS = (
    Row("(bao nhieu|may) (ngay|thang|lan|tuan) [nua|nửa]", r.no_value),
    Row("(tre|cham|qua han|qua) {n} (ngay|thang|hom|tuan)", r.no_value),
    Row("{n} (ngay|thang) (tre|cham|qua han)", r.no_value),
    Row("[them|khat|gian|gia han|hoan|trong|cham|lui|doi] {n} <unit> [them|thoi]", r.duration),
    Row(f"[them] {_HALF} thang", r.days_long, 15),
    Row("[them] (mot|1) thang ruoi", r.days_long, 45),
    Row("[them] (mot|1) tuan", r.days_long, 7),
)  # fmt: skip

_COUNTS = (
    Row(
        f"[mot] {_HALF} (truoc|bay gio|hom nay|nay|mai) [,] [roi|con] [mot] ({_HALF[1:-1]}) [con lai|sau|"
        "nua]", r.instalments, 2,
    ),
    Row(
        "(chia|tach|chia nho|chia deu) [ra|lam|thanh|nho|trong|no|deu|khoan nay] [lam|thanh|"
        "ra] {n} [lan|ky|thang|dot|phan|tuan|giai doan]", r.instalments,
    ),
    Row("(tra gop|gop|tra dan|tra) [ra|lam|thanh|trong] {n} (lan|ky|thang|dot|phan|tuan)", r.instalments),
    Row(
        "(tra|dong|thanh toan|gop|tra dan|tra gop|keo dai|het) (lam|thanh|trong|trong vong|ra) {n} (lan|"
        "ky|thang|dot|phan)", r.instalments,
    ),
    Row("(tra|dong|thanh toan) {n} (lan|ky|dot)", r.instalments),
    Row("(lam|thanh|ra) {n} (lan|ky|dot|phan)", r.instalments),
    Row("{n} (ky|dot)", r.instalments),
    Row("{n} (lan|thang) (tra|gop|dong)", r.instalments),
    Row("(con lai|phan con lai) [chia|tra|gop] [lam|trong] {n} (lan|ky|thang|dot)", r.instalments),
    Row("(ky|lan|dot) (thu|so) {n}", r.no_value),
    Row("(ky|dot) {n}", r.no_value),
    Row("(tra|dong|mot|1) (mot|1) (lan|cuc)", r.no_value),
)  # fmt: skip

_SUMS = (
    Row("{n} (d|dong|vnd|viet nam dong)", r.a_sum("VND")),
    Row("(vnd|₫) {n}", r.a_sum("VND")),
    Row("{n} ₫", r.a_sum("VND")),
    Row("($|usd) {n}", r.a_sum("USD")),
    Row("{n} (usd|$|do|do la|dola)", r.a_sum("USD")),
    Row("(nam|sau|sáu|bay|tam|chin|lam|tu|muoi|chuc|tram|trieu|ruoi|nghin)", r.no_value),
    Row("{n}", r.a_bare_sum),
    Row("{n} (gio|h)", r.clock_time),
    Row("{n} (gio|h|tieng)", r.hours_long),
    Row("{n} (gio|h|:) {n}", r.no_value),
    Row("(luc|truoc|sau) {n} (gio|h) [sang|chieu|toi|trua]", r.no_value),
    Row("{n} <counted>", r.no_value),
    Row("(tam thoi|nam vien|nam nay|nam ngoai|lam viec|lam gi|lam sao|lam on|tam hoan|tam dung)", r.no_value),
    Row("(nghe|hieu|viec|cong|that|benh) {n}", r.no_value),
    Row("(so|stt|ma|cccd|cmnd|quan|phuong|lop) {n}", r.no_value),
    Row(f"(mot|1) {_HALF} [so tien|khoan|tien|no|so no]", r.a_share(1, 2)),
    Row("nửa", r.a_share(1, 2)),
    Row("(50|nam muoi) (%|phan tram)", r.a_share(1, 2)),
    Row("{n} phan tram", r.no_value),
    Row("(mot|1) phan ba", r.a_share(1, 3)),
    Row("(mot|1) phan (tu|4)", r.a_share(1, 4)),
    Row("(hai|2) phan ba", r.a_share(2, 3)),
    Row("(tat ca|toan bo|het so tien|tron goi|het no|toan bo so tien|het tat ca)", r.a_share(1, 1)),
    Row("(mot phan|mot it|1 it|1 phan|chut dinh|toi thieu|so tien toi thieu|mot chut)", r.vague_sum),
    Row("(vai|may) (tram|trieu|chuc|nghin|ngan|tr|cu)", r.vague_sum),
)  # fmt: skip

_PLACES = (
    Row("(cai|phuong an|lua chon|cach) [thu|so] {n}", r.ordinal),
    Row("(chon|so) {n}", r.ordinal),
    Row("cai thu (hai|nhi)", r.ordinal, 2),
    Row("(cai|phuong an|cach) (dau|dau tien|thu nhat)", r.ordinal, 1),
    Row("(cai|phuong an|cach) (cuoi|cuoi cung)", r.ordinal, -1),
)

TABLE = SlotTable(
    language="vi",
    numbers=NumberWords(
        small=_SMALL,
        multipliers={
            "muoi": 10, "chuc": 10, "tram": 100, "nghin": 1000, "ngan": 1000, "ngin": 1000, "k": 1000, "lit": 100_000,
            "xi": 100_000, "trieu": 1_000_000, "tr": 1_000_000, "cu": 1_000_000, "chai": 1_000_000, "m": 1_000_000,
            "ty": 1_000_000_000,
        },
        implied_one=frozenset({"muoi", "chuc", "tram", "trieu"}),
        joiners=frozenset({"linh", "le"}),
        elided=True,
        decimal_mark="",
    ),
    groups={
        "weekday": _WEEKDAYS,
        "unit": _UNITS,
        "gets": dict.fromkeys(("co", "nhan", "lanh", "linh", "duoc tra", "duoc nhan", "rut", "ra"), 0),
        "counted": dict.fromkeys((*words(_COUNTED), "cuoc goi", "lan goi", "nam nay", "nguoi con", "ngan hang"), 0),
    },
    rows=(*_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_SUMS),
    signs=Signs(
        pay=words("tra dong chuyen nop gui dua gop thanh toan ck coc bo"),
        owe=words("no vay luong phat muon thu"),
        until=words("den toi truoc tra dong chuyen thanh nop khat hoan doi hen gian han cham lui"),
        each=words("moi hang 1"),
        corrected=(
            "a nham", "nham", "a khong", "y em la", "y la", "khong phai", "a quen", "doi lai", "thoi de", "ay nham", "noi nham",
            "sua lai", "chinh lai", "thoi", "y minh la", "a ma khong",
        ),
        negated=("khong phai", "khong phai ngay", "dung", "khong phai la"),
        refused=(
            "khong tra noi", "khong co", "khong du", "khong tra duoc", "chua co", "khong the tra", "khong kham noi",
            "khong the dong", "chua tra duoc",
        ),
        either=frozenset({"hoac", "hay"}),
    ),
    spellings={
        "nha't": "nhat",
        "ng": "ngay",
        "thag": "thang",
        "ngin": "nghin",
        "mun": "muon",
        "ko": "khong",
        "k0": "khong",
        "hok": "khong",
        "hong": "khong",
        "kg": "khong",
        "kh": "khong",
        "khg": "khong",
        "hk": "khong",
        "khum": "khong",
        "mng": "moi nguoi",
        "trc": "truoc",
        "dog": "dong",
        "triu": "trieu",
        "ki": "ky",
        "trd": "trieu dong",
        "hnay": "hom nay",
        "hqua": "hom qua",
        "lun": "luon",
        "mjh": "minh",
        "ti": "ty",
    },
    languages={
        "tieng anh": "en", "anh ngu": "en", "tieng trung": "zh-Hans", "tieng hoa": "zh-Hans", "tieng tau": "zh-Hans",
        "tieng quang dong": "zh-Hant", "tieng dai loan": "zh-Hant", "tieng tay ban nha": "es", "tieng bo dao nha": "pt-BR",
        "tieng indo": "id", "tieng indonesia": "id", "tieng viet nam": "vi", "tieng an do": "hi", "tieng hindi": "hi",
        "tieng phap": "fr", "tieng duc": "de", "tieng nga": "ru", "tieng nhat": "ja", "tieng han": "ko",
        "tieng han quoc": "ko", "tieng thai": "th", "tieng khmer": "km", "tieng khome": "km", "tieng lao": "lo",
    },
    some_language=("tieng khac", "ngon ngu khac", "tieng dan toc", "tieng me de", "ngon ngu cua toi", "tieng cua toi"),
    examples={
        "{day}": "thu 6", "{past}": "hom qua", "{language}": "tieng anh", "{amount}": "500 nghin", "{date}": "thu 6",
        "{days}": "5 ngay", "{instalments}": "3 ky", "{choice}": "cai thu hai", "{digits}": "1234", "{number}": "7",
    },
)  # fmt: skip
