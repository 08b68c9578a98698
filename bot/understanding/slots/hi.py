"""Hindi: डेढ़ हज़ार, kal tak, agle mahine ki 5, 3 kisto me. Day first; कल is tomorrow or yesterday, as the verb says.

Written in Latin letters: `sounds` brings Devanagari to them. Verbs stand at the end, so what a value is for is said
behind it.
"""

from __future__ import annotations

from decimal import Decimal

from bot.understanding.slots import readings as r
from bot.understanding.slots.grammar import Row, Signs, SlotTable, words
from bot.understanding.slots.languages import ENGLISH
from bot.understanding.slots.numbers import NumberWords

_TO_99 = (
    "shunya ek do teen char panch chhah saat aath nau das gyarah barah terah chaudah pandrah solah satrah atharah unnis "
    "bees ikkis bais teis chaubis pachis chhabbis sattais athais untis tees ikattis battis taintis chauntis paintis "
    "chhattis saintis adtis untalis chalis iktalis bayalis taintalis chavalis paintalis chhiyalis saintalis adtalis "
    "unchas pachas ikyavan bavan tirpan chauvan pachpan chhappan sattavan athavan unsath sath iksath basath tirsath "
    "chausath painsath chhiyasath sadsath adsath unhattar sattar ikhattar bahattar tihattar chauhattar pachhattar "
    "chhihattar satattar athhattar unasi assi ikyasi bayasi tirasi chaurasi pachasi chhiyasi satasi athasi navasi nabbe "
    "ikyanve banve tiranve chauranve pachanve chhiyanve sattanve athanve ninyanve"
)
_SMALL = {word: number for number, word in enumerate(_TO_99.split())} | {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10, "fifteen": 15,
    "twenty": 20, "thirty": 30, "fifty": 50, "che": 6, "chhe": 6, "pach": 5,
}  # fmt: skip
_WEEKDAYS = {
    "somvar": 0, "mangalvar": 1, "mangal": 1, "budhvar": 2, "budh": 2, "guruvar": 3, "brihaspativar": 3, "virvar": 3,
    "shukravar": 4, "shukrvar": 4, "shanivar": 5, "sanichar": 5, "ravivar": 6, "itvar": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "thurs": 3, "fri": 4, "sat": 5,
}  # fmt: skip
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "mai": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12, "janvari": 1, "farvari": 2, "aprail": 4, "agast": 8,
    "sitambar": 9, "aktubar": 10, "navambar": 11, "disambar": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_UNITS = {
    "din": 1, "dino": 1, "roj": 1, "day": 1, "days": 1, "hafta": 7, "hafte": 7, "hafto": 7, "saptah": 7, "week": 7,
    "weeks": 7, "mahina": 30, "mahine": 30, "mahino": 30, "month": 30, "months": 30, "maah": 30,
}  # fmt: skip

_PART = "(subah|dopahar|sham|shaam|raat|morning|evening|ko subah|ko sham|subah tak|sham tak|raat tak|hi)"
_TO = "(tak|ko|ke din|vale din|se pehle|ke pehle|ke andar|tak to)"
_NEXT = "(agle|agli|agla|aane vale|aane vali|next|dusre)"
_DATE = "(tarikh|tarik|date|th|st|nd|rd)"
_MONTH = "(mahine|mahina|maah|month)"
#: What numbers count that is not money.
_COUNTED = (
    "bar baar call calls phone message messages sms baje log logo bachche bachcho saal sal year years % percent "
    "pratishat loan loans app apps ghanta dafa pm am minute min number bje otp"
)

_DAYS = (
    Row(f"kal [{_PART[1:-1]}] [tak]", r.either_way, 1),
    Row(f"parso [{_PART[1:-1]}] [tak]", r.either_way, 2),
    Row("narso", r.either_way, 3),
    Row("(aane vale|aane vala) kal", r.days_from_today, 1),
    Row("(bite|beete|gujre|pichle) (kal|din)", r.days_from_today, -1),
    Row("kal (bita|raat ko bita)", r.days_from_today, -1),
    Row(f"(aaj|aaj hi|aaj ke aaj) [{_PART[1:-1]}] [tak]", r.days_from_today, 0),
    Row("(tomorrow|tomorrow morning|tomorrow evening)", r.days_from_today, 1),
    Row("(today|tonight|sham tak|aaj raat)", r.days_from_today, 0),
    Row("day after tomorrow", r.days_from_today, 2),
    Row("yesterday", r.days_from_today, -1),
    Row("{n} <unit> (pehle|phle|purv|ago)", r.gone(r.after)),
    Row("(ek|1) <unit> (pehle|ago)", r.gone(r.after), 1),
    Row("{n} <unit> (baad|ke baad|bad|me|ke andar|ke bhitar|tak me|ke andar andar|after)", r.after),
    Row("(after|within|in) {n} <unit>", r.after),
    Row("<unit> (bhar me|bhar baad|baad)", r.after, 1),
    Row("{n} (ghante|ghanta|ghanto|hours|hour|minute|min) (me|baad|ke andar|tak)", r.hours_from_now),
    Row("(thodi der|kuch der|ghante) (me|baad|bhar me)", r.days_from_today, 0),
    Row(f"<weekday> [{_TO[1:-1]}]", r.weekday),
    Row(f"<weekday> (subah|sham|raat) [{_TO[1:-1]}]", r.weekday),
    Row(f"(is|isi|this|aane vale|aane vala) <weekday> [{_TO[1:-1]}]", r.this_weekday),
    Row(f"(agle|agla|next|dusre) <weekday> [{_TO[1:-1]}]", r.next_weekday),
    Row(f"(agle|next) (hafte|week|saptah) [ke|ki|ka] <weekday> [{_TO[1:-1]}]", r.weekday, 1),
    Row("(pichle|gaye|last|bite) <weekday> [ko]", r.gone(r.weekday)),
    Row("[is] (weekend|vikend|hafte ke end|hafte ke akhir|week end) [tak|me|par|pe]", r.either_weekday),
    Row(f"{_NEXT} (weekend|vikend) [tak|me|par|pe]", r.either_weekday, 1),
    Row(f"{{n}} [{_DATE[1:-1]}] <month> [{{year}}] [{_TO[1:-1]}]", r.month_and_day),
    Row(f"<month> [ki|ke|ko] {{n}} [{_DATE[1:-1]}] [{_TO[1:-1]}]", r.month_and_day),
    Row(f"{{n}} {_DATE} [{_TO[1:-1]}]", r.day_of_month),
    Row(f"(tarikh|date) {{n}} [{_TO[1:-1]}]", r.day_of_month),
    Row(f"pehli (tarikh|date) [{_TO[1:-1]}]", r.first_of_month, 0),
    Row(f"{{n}} {_TO}", r.day_of_month),
    Row(f"(is|isi) {_MONTH} [ki|ke|ko] {{n}} [{_DATE[1:-1]}] [{_TO[1:-1]}]", r.day_of_month),
    Row(f"(agle|agla|next|dusre) {_MONTH} [ki|ke|ko] {{n}} [{_DATE[1:-1]}] [{_TO[1:-1]}]", r.day_of_month_ahead, 1),
    Row(f"{{n}} [{_DATE[1:-1]}] (agle|next) {_MONTH} [{_TO[1:-1]}]", r.day_of_month_ahead, 1),
    Row(f"(agle|next) {_MONTH} [ki|ke] pehli [tarikh] [{_TO[1:-1]}]", r.first_of_month, 1),
    Row(f"(pichle|last) {_MONTH} [ki|ke] {{n}} [{_DATE[1:-1]}] [ko]", r.gone(r.day_of_month_ahead), 1),
    Row("{year} (-|/|.) {n} (-|/|.) {n}", r.year_month_day),
    Row("{n} (-|/|.) {n} (-|/|.) {year}", r.year_last),
    Row(f"{{n}} / {{n}} [{_TO[1:-1]}]", r.day_month_numbers),
    Row(f"{{n}} - {{n}} {_TO}", r.day_month_numbers),
    Row(f"[is|isi] {_MONTH} [ke|ka] (end|akhir|aakhir|ant|last) [tak|me|ko|tak me]", r.month_end, 0),
    Row("(month end|mahine end|mahina khatam hone) [tak|me|ko|se pehle|par]", r.month_end, 0),
    Row(f"(agle|next) {_MONTH} [ke|ka] (end|akhir|aakhir|ant|last) [tak|me|ko]", r.month_end, 1),
    Row("[is] saal [ke] (end|akhir|ant) [tak|me]", r.year_end),
    Row("(christmas|bada din|krismas) [tak|se pehle]", r.yearly, 1225),
    Row("(new year|naya saal|naye saal|1 january) [tak|par|ko]", r.yearly, 101),
    Row("(26 january|republic day)", r.yearly, 126),
)  # fmt: skip

_PAY = (
    "(salary|tankhvah|vetan|pagar|payment|paisa|paise|paiso|pension|bonus|mazduri|majduri|pesa|kamai|income|commission)"
)
_VAGUE_TIMES = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        f"[meri|mera] {_PAY} (aane|aate|milne|milte|aayegi|aa jaye|aa jayegi|mil jaye|milegi|aayega|mil jayega|aaye|mile) "
        "[par|pe|ke baad|hi|to|tab|jab|tak]",
        f"(jab|jaise hi|jab bhi) ... {_PAY} (aayegi|aayega|milegi|milega|aa jaye|mil jaye|aaye|mile|aati|milti)",
        "(salary|tankhvah|vetan|pension) (ke baad|vale din|ke din|day|tak|date)", "salary day",
        f"[{_NEXT[1:-1]}] (agle|agli|agla|next|is|aane vale|dusre) (hafte|week|mahine|month|saal|saptah|hafta|mahina) "
        "[tak|me|se|ko]",
        "(kuch|thode|chand|do char|do teen|ek do|char panch|panch saat|das pandrah|kai) (din|dino|hafte|mahine|time|samay) "
        "[me|baad|ka|ki|aur|ke liye|ke baad|tak]",
        "{n} (se|ya|-) {n} <unit> [me|baad|ka|ki|tak|aur]",
        "(thoda|thodi|thore|kuch) [aur|sa] (time|samay|vakt|mohlat|muhlat|der|mauka)", "(jaldi|jald) [hi|se jaldi|se]",
        "(baad me|later|bad me|jab hoga|jab honge|jab hoge|jab bhi ho|jab ho|soon)", "(abhi|turant|fauran) [hi]",
        "(is|isi|agle|next) (hafte|week|mahine|month) (ke shuru|ke bich|ke beech|ki shuruat|shuru) [me|tak|mein]",
        "(mahine|hafte) (ke shuru|ke beech|ki shuruat|shuru|ke bich) [me|tak]", "(fasal|fasl|katai|dhan bikne) [ke baad|par|tak]",
        "(diwali|divali|holi|eid|id|chhath|rakhi|pongal|onam|dussehra|dashahra|lohri|baisakhi) [tak|ke baad|se pehle|par]",
        "(kuch|thode) time [me|baad]", "time (milne|milte) [par|hi]", "(aaj kal|aajkal)", "(kal parso|aaj kal me) [tak|me]",
    )
)  # fmt: skip

_MORE = "(aur|extra|ka time|ki mohlat|ka samay|ka vakt|ka extension|ki chhut|ke liye|more|ka mauka|badha|tak aur|ka|ki)"
_LENGTHS = (
    Row("{n} (aur|extra|more) <unit> [ka|ki|ke liye]", r.duration),
    Row(f"{{n}} <unit> [{_MORE[1:-1]}]", r.duration),
    Row("(ek|1|aur ek|ek aur) <unit> [aur|ka|ki|ke liye]", r.duration, 1),
    Row("aadhe mahine [ka|ki|aur|tak]", r.days_long, 15),
    Row("{n} (ghante|ghanta|hours|hour) [ka|ki|aur]", r.hours_long),
    Row("{n} <unit> (late|ho gaye|se|ho gaya|hue|delay|overdue|deri)", r.no_value),
)  # fmt: skip

_COUNTS = (
    Row("aadha (abhi|aaj|kal|pehle|is mahine) [aur|,] [baki] aadha [baad me|agle mahine|kal|phir]", r.instalments, 2),
    Row("aadha aadha", r.instalments, 2),
    Row("{n} [chhoti|barabar|easy|monthly|mahine ki|mahine vali|aasan] <part> [me]", r.instalments),
    Row("{n} [aasan|easy|monthly] (emi|installment) (me|karke|bana|banva|kar|banvani)", r.instalments),
    Row("{n} (bar|baar|tukdo|hisso|hisse|bhago|mahine|mahino|month|months|hafto|parts|tukde) me (baant|bant|bat|divide|split|"
        "tod|de|dena|chukana|chuka|pay|karke|kar|dunga|dungi|bana|batva|emi|kist)", r.instalments),
    Row("{n} (bar|baar|hisso|hisse|tukdo|tukde|parts|bhago) me", r.instalments),
    Row("{n} (mahine|mahino|month|months) (ki|ka|vali) (kist|emi|installment|plan)", r.instalments),
    Row("do hisso [me]", r.instalments, 2),
    Row("{n} <part> (baki|bachi|reh gayi|bounce|miss|chhut|pending|ho gayi|bhar|de di|de chuka|ki|late)", r.no_value),
    Row("<ordinal> <part>", r.no_value),
)  # fmt: skip

_RUPEES = "(rupaye|rupay|rupees|rupee|rupya|rupiya|rs|rupe|bucks|takka|rupaiya)"
_SUMS = (
    Row(f"(₹|inr) {{n}} [{_RUPEES[1:-1]}]", r.a_sum("INR")),
    Row("{n} (₹|inr)", r.a_sum("INR")),
    Row("(rs|rs .|rupaye) {n} [/ -]", r.a_sum(None)),
    Row(f"{{n}} {_RUPEES}", r.a_sum(None)),
    Row("($|usd) {n}", r.a_sum("USD")),
    Row("{n} (usd|$|dollar|dollars)", r.a_sum("USD")),
    Row("{n} / -", r.a_sum(None)),
    Row("{n}", r.a_bare_sum),
    Row("{n} <counted>", r.no_value),
    Row("{n} (baje|bje|pm|am) [ke baad|se pehle|tak|ke bad|baad]", r.no_value),
    Row("(subah|sham|raat|dopahar) [ke|ko] {n} [baje]", r.no_value),
    Row("{n} : {n} [pm|am|baje]", r.no_value),
    Row("(number|no .|option|vikalp|ref|account|case|section|dhara|aadhaar|pan|#) {n}", r.no_value),
    Row("(umar|age|umra) {n}", r.no_value),
    Row("{n} <unit> (se|pehle se) (berojgar|bimar|ghar|band|bekar|bhukha|khali)", r.no_value),
    Row("(50|pachas) (%|percent|pratishat)", r.a_share(1, 2)),
    Row("(25|pachis) (%|percent|pratishat)", r.a_share(1, 4)),
    Row("(aadha|aadhe|aadhi|half) [paisa|paise|amount|payment|rakam|kist|emi|hi|loan]", r.a_share(1, 2)),
    Row("(ek chauthai|chauthai)", r.a_share(1, 4)),
    Row("(ek tihai|tihai)", r.a_share(1, 3)),
    Row("(do tihai)", r.a_share(2, 3)),
    Row("(pura|puri|pure|sara|sare|full|total|kul) (paisa|paise|amount|payment|rakam|baki|balance|hisab|loan|udhar|karj|rupaye)",
        r.a_share(1, 1)),
    Row("(pura ka pura|sara ka sara|full and final|ek sath sab|ek bar me pura|ek saath pura)", r.a_share(1, 1)),
    Row("(pura|sara|full) (de|kar|chuka|clear|bhar|jama|lauta|pay)", r.a_share(1, 1)),
    Row("[sirf] (minimum|kam se kam|minimum amount|minimum due|part payment|kuch hissa|thoda hissa|kuch amount)", r.vague_sum),
    Row("(kuch|thoda|thode|thodi|thora) [bahut|sa|se] (paisa|paise|amount|rakam|payment|rupaye|paiso)", r.vague_sum),
    Row("(thoda thoda|thoda thoda karke|thode thode|thoda bahut|jitna hoga|jitna ho sake)", r.vague_sum),
)  # fmt: skip

_PLACES = (
    Row("<ordinal> (vala|vali|vale|option|vikalp)", r.ordinal),
    Row("(option|vikalp) {n}", r.ordinal),
    Row("{n} number (vala|vali|option)", r.ordinal),
    Row("(aakhri|akhri|last) (vala|vali|option|vikalp)", r.ordinal, -1),
    Row("<ordinal>", r.ordinal),
)

_GIVES = (
    "dunga dungi denge de duga dugi karunga karungi karenge chukaunga chukaungi bhejunga bhejungi bharunga bharungi "
    "jama lautaunga lautaungi kara pay transfer clear bhar chuka bhej paunga paungi sakta sakti sakte"
)

TABLE = SlotTable(
    language="hi",
    numbers=NumberWords(
        small=_SMALL,
        multipliers={
            "sau": 100, "hajar": 1000, "hajaro": 1000, "thousand": 1000, "hundred": 100, "k": 1000, "lakh": 100_000,
            "lac": 100_000, "crore": 10_000_000, "karod": 10_000_000, "l": 100_000,
        },
        implied_one=frozenset({"sau", "hajar", "lakh"}),
        broken={"dedh": Decimal("1.5"), "dhai": Decimal("2.5"), "adhai": Decimal("2.5")},
        leading={"sadhe": Decimal("0.5"), "sava": Decimal("0.25"), "paune": Decimal("-0.25")},
    ),
    groups={
        "weekday": _WEEKDAYS,
        "month": _MONTHS,
        "unit": _UNITS,
        "ordinal": {
            "pehla": 1, "pehli": 1, "dusra": 2, "dusri": 2, "tisra": 3, "tisri": 3, "chautha": 4, "chauthi": 4,
        },
        "part": dict.fromkeys(words("kist kiste kisto installment installments instalment instalments"), 0),
        "counted": dict.fromkeys(words(_COUNTED), 0),
    },
    rows=(*_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_SUMS),
    signs=Signs(
        pay=frozenset(),
        owe=words("salary tankhvah kul total loan liya"),
        until=words("tak ko pehle " + _GIVES),
        each=words("har mahine mahina hafte monthly weekly roj"),
        corrected=(
            "nahi", "nahi nahi", "sorry", "matlab", "balki", "galti se", "are nahi", "mera matlab", "no", "actually",
            "ki jagah", "ke bajay", "maaf karna",
        ),
        negated=("na ki",),
        refused=(),
        either=frozenset({"ya", "athva", "or"}),
        pay_behind=words(_GIVES),
        owe_behind=words("hai me baki udhar liya bakaya se ka ki loan tha the"),
        refused_behind=(
            "nahi de", "nahi hai", "nahi ho", "nahi kar", "nahi bhar", "nahi chuka", "nahi de sakta", "to nahi", "nahi hoga",
            "nahi dunga", "nahi dungi", "bhi nahi", "abhi nahi", "nahi hain", "nahi jama", "nahi juta", "ka nahi", "nahi honge",
        ),
        ahead=words(
            _GIVES + " tak milega milegi aayega aayegi jaunga jaungi hoga hogi karna dena denge deta deti chahiye ruko "
            "ruk rukiye rukna milenge karta karti jayega jayegi jaega ho sakega dijiye do lunga lungi bataunga bataungi "
            "batata jaenge doonga doongi de denge ayegi ayega sake karo kijiye baat aana aaunga"
        ) - words("de kara bhar chuka bhej pay jama clear transfer ho"),
        gone=words(
            "kiya kiye ki diya diye di bheja bheji tha thi the gaya gayi gaye aaya aayi aaye hua hui mila mili kiyaa bhara "
            "chukaya karaya daala dala chuka chuki liya kata kati kat bataya"
        ),
    ),
    spellings={
        "tmrw": "tomorrow", "tmr": "tomorrow", "parson": "parso", "prso": "parso", "agale": "agle", "agley": "agle",
        "tarik": "tarikh", "tareek": "tarikh", "tarikhko": "tarikh ko", "tarekh": "tarikh", "dt": "date", "tk": "tak",
        "k": "ke", "hazar": "hajar", "hajjar": "hajar", "hzar": "hajar", "hjar": "hajar", "thaujend": "thousand",
        "lakhs": "lakh", "lacs": "lakh", "cr": "crore", "sao": "sau", "so": "sau", "rupye": "rupaye", "rupey": "rupaye",
        "rupai": "rupaye", "rupyo": "rupaye", "rupayo": "rupaye", "ru": "rs", "rs": "rs", "rupiye": "rupaye", "rupay": "rupaye",
        "paanch": "panch", "paach": "panch", "pnch": "panch", "chah": "chhah", "chha": "chhah", "chhe": "chhah", "tin": "teen",
        "chaar": "char", "aat": "aath", "pandra": "pandrah", "bara": "barah", "gyara": "gyarah", "pachees": "pachis",
        "pachchis": "pachis", "panchas": "pachas", "sade": "sadhe", "saadhe": "sadhe", "savaa": "sava", "sawa": "sava",
        "paun": "paune", "pone": "paune", "ded": "dedh", "dhed": "dedh", "dhaai": "dhai", "dhaee": "dhai", "adhaai": "adhai",
        "adha": "aadha", "aada": "aadha", "aadhaa": "aadha", "adhe": "aadhe", "poora": "pura", "poori": "puri",
        "mangalwar": "mangalvar", "sukravar": "shukravar", "shukrawar": "shukravar", "jumma": "shukravar", "juma": "shukravar",
        "shanichar": "shanivar", "sanivar": "shanivar", "etvar": "itvar", "itwar": "itvar", "ravibar": "ravivar",
        "sombar": "somvar", "budhbar": "budhvar", "brihaspati": "brihaspativar", "veervar": "virvar", "guruwar": "guruvar",
        "mande": "monday", "sande": "sunday", "fraide": "friday", "haftey": "hafte", "mahiney": "mahine", "mahene": "mahine",
        "mhine": "mahine", "mahinay": "mahine", "mnth": "month", "wk": "week", "dinon": "dino", "hafton": "hafto",
        "mahinon": "mahino", "akhir": "aakhir", "aakhri": "aakhri", "endd": "end", "mahineke": "mahine ke",
        "kishton": "kisto", "kiston": "kisto", "kishto": "kisto", "kisht": "kist", "kisht me": "kist me", "kishte": "kiste",
        "kishtein": "kiste", "kistein": "kiste", "qist": "kist", "qiston": "kisto", "kishten": "kiste", "emis": "emi",
        "ghnte": "ghante", "hisson": "hisso", "tukdon": "tukdo", "dusara": "dusra", "doosra": "dusra", "doosri": "dusri",
        "pahla": "pehla", "pahli": "pehli", "pahle": "pehle", "phle": "pehle", "pehley": "pehle", "bd": "baad", "bad": "baad",
        "aaz": "aaj", "aj": "aaj", "kl": "kal", "klh": "kal", "kalh": "kal", "subha": "subah", "shyam": "sham", "fasl": "fasal",
        "saam": "sham", "shaam": "sham", "pagaar": "pagar", "selary": "salary", "sailri": "salary", "sailary": "salary",
        "sallary": "salary", "tankha": "tankhvah", "tankhah": "tankhvah", "tankhwa": "tankhvah", "tankhvaah": "tankhvah",
        "tanakhvah": "tankhvah", "seleri": "salary", "saileri": "salary",
    },
    languages={
        **ENGLISH, "angreji": "en", "angrezi": "en", "inglish": "en", "urdu": "ur", "hindi": "hi", "hinglish": "hi",
        "bangla": "bn", "bengali": "bn", "bangali": "bn", "marathi": "mr", "gujrati": "gu", "gujarati": "gu", "punjabi": "pa",
        "panjabi": "pa", "tamil": "ta", "telugu": "te", "telgu": "te", "kannad": "kn", "kannada": "kn", "malayalam": "ml",
        "odia": "or", "oriya": "or", "udiya": "or", "asamiya": "as", "nepali": "ne", "bhojpuri": "bho", "maithili": "mai",
        "chini": "zh-Hans", "arbi": "ar",
    },
    some_language=("meri bhasha", "apni bhasha", "dusri bhasha", "matribhasha", "matrubhasha", "kisi aur bhasha", "apni language"),
    examples={
        "{day}": "shukravar", "{past}": "2 din pehle", "{language}": "angreji", "{amount}": "500 rupaye", "{date}": "shukravar",
        "{days}": "5 din", "{instalments}": "3 kist", "{choice}": "dusra vala", "{digits}": "1234", "{number}": "7",
    },
)  # fmt: skip
