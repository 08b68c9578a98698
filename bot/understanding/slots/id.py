"""Indonesian: 500rb, 1,5 juta, gopek, tgl 15, lusa, seminggu lagi, cicil 3x. Day first; both marks for both things."""

from __future__ import annotations

from bot.understanding.slots import readings as r
from bot.understanding.slots.grammar import Row, Signs, SlotTable, words
from bot.understanding.slots.numbers import NumberWords

_SMALL = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sebelas": 11, "cepek": 100, "gopek": 500, "goceng": 5000, "ceban": 10_000, "goban": 50_000,
    "gocap": 50, "seceng": 1000, "noceng": 2000, "noban": 20_000, "setiao": 1_000_000,
}  # fmt: skip
_ORDINALS = {"pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "terakhir": -1}
_WEEKDAYS = {"senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "sabtu": 5, "minggu": 6, "ahad": 6}
_MONTHS = {
    "januari": 1, "februari": 2, "maret": 3, "april": 4, "mei": 5, "juni": 6, "juli": 7, "agustus": 8, "september": 9,
    "oktober": 10, "november": 11, "desember": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
    "agu": 8, "agt": 8, "sep": 9, "sept": 9, "okt": 10, "nov": 11, "des": 12,
}  # fmt: skip
_UNITS = {"hari": 1, "harian": 1, "minggu": 7, "mingguan": 7, "pekan": 7, "bulan": 30, "bulanan": 30}
_ONE_UNIT = {"sehari": 1, "seminggu": 7, "semingguan": 7, "sepekan": 7, "sebulan": 30, "sebulanan": 30}

_PART_OF_DAY = "(pagi|siang|sore|malam|subuh)"
_LATER = "(lagi|kedepan|ke depan|mendatang|kemudian|dari (sekarang|hari ini))"
#: What numbers count that is not money.
_COUNTED = "orang anak kali x persen % tahun thn pinjol aplikasi apk tempat wa sms chat telpon nomor menit jam kg hp"

_VAGUE_FIRST = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        "minggu (depan|ini|besok|lalu|kemarin)", "(awal|akhir|pertengahan) minggu [depan|ini]",
        "(bulan|bln) (depan|ini|besok|lalu|kemarin)", "besok lusa", "(tahun|thn) (depan|ini|baru imlek)",
        "(awal|pertengahan|tengah) (bulan|tahun|bln) [depan|ini]",
    )
)  # fmt: skip

_DAYS = (
    Row("(tiap|setiap|per|sekali|se) (hari|minggu|bulan|pekan)", r.no_value),
    Row("(hari (ini|gini)|malam ini|sore ini|siang ini|pagi ini|sekarang juga|hari ini juga)", r.days_from_today, 0),
    Row(f"(nanti|tadi|ini) {_PART_OF_DAY}", r.days_from_today, 0),
    Row("tadi", r.days_from_today, 0),
    Row(f"[hari] besok [{_PART_OF_DAY[1:-1]}]", r.days_from_today, 1),
    Row(f"lusa [{_PART_OF_DAY[1:-1]}]", r.days_from_today, 2),
    Row("tulat", r.days_from_today, 3),
    Row("(kemarin|semalam|tadi malam)", r.days_from_today, -1),
    Row("kemarin (pagi|siang|sore|malam)", r.days_from_today, -1),
    Row("kemarin (lusa|dulu)", r.days_from_today, -2),
    Row("{n} <unit> [yang] (lalu|kemarin)", r.vague_time),
    Row(f"{{n}} <unit> {_LATER}", r.after),
    Row(
        "(dalam|dlm|setelah|sesudah|habis|dalam waktu|paling lambat|maksimal|"
        f"maks) {{n}} <unit> [{_LATER[1:-1]}]", r.after,
    ),
    Row("(sehari lagi|dalam sehari)", r.days_from_today, 1),
    Row("(seminggu|sepekan) (lagi|kedepan|ke depan|dari sekarang)", r.days_from_today, 7),
    Row("dalam (seminggu|sepekan)", r.days_from_today, 7),
    Row("(dalam|dlm) {n} jam", r.hours_from_now),
    Row("{n} jam lagi", r.hours_from_now),
    Row("(sebentar lagi|sejam lagi|beberapa jam lagi|setengah jam lagi|{n} menit lagi)", r.days_from_today, 0),
    Row(f"[hari] <weekday> [{_PART_OF_DAY[1:-1]}]", r.weekday),
    Row("[hari] <weekday> (ini|besok)", r.this_weekday),
    Row("[hari] <weekday> (depan|yang akan datang|mendatang)", r.next_weekday),
    Row("[hari] <weekday> (minggu|pekan) depan", r.weekday, 1),
    Row("(minggu|pekan) depan [hari] <weekday>", r.weekday, 1),
    Row("[hari] <weekday> (minggu|pekan) ini", r.this_weekday),
    Row("[hari] <weekday> (lalu|kemarin|yang lalu)", r.weekday),
    Row("(akhir pekan|weekend) [ini]", r.either_weekday),
    Row("(akhir pekan|weekend) depan", r.either_weekday, 1),
    Row("(tanggal|tgl) {n} [bulan ini]", r.day_of_month),
    Row("(tanggal|tgl) {n} (bulan depan|bulan besok|nya bulan depan)", r.day_of_month_ahead, 1),
    Row("(tanggal|tgl) {n} (bulan lalu|bulan kemarin)", r.day_of_month_ahead, 1),
    Row("bulan depan (tanggal|tgl) {n}", r.day_of_month_ahead, 1),
    Row("(tanggal|tgl) (satu|pertama)", r.day_of_month),
    Row("[tanggal|tgl] {n} [bulan] <month> [{year}]", r.month_and_day),
    Row("[tanggal|tgl] {n} / {n}", r.day_month_numbers),
    Row("(tanggal|tgl) {n} - {n}", r.day_month_numbers),
    Row("[tanggal|tgl] {n} (-|/|.) {n} (-|/|.) {year}", r.year_last),
    Row("{year} (-|/|.) {n} (-|/|.) {n}", r.year_month_day),
    Row("(akhir|ujung) (bulan|bln) [ini|november]", r.month_end, 0),
    Row("(akhir|ujung) (bulan|bln) depan", r.month_end, 1),
    Row("akhir tahun [ini]", r.year_end),
    Row("(natal|natalan|hari natal)", r.yearly, 1225),
    Row("sebelum natal", r.yearly_or_day_before, 1225),
    Row("(tahun baru|taun baru)", r.yearly, 101),
    Row("sebelum (tahun baru|taun baru)", r.yearly_or_day_before, 101),
    Row("(malam tahun baru|tahun baruan)", r.yearly, 1231),
    Row("imlek", r.spring_festival, 0),
)  # fmt: skip

_VAGUE_TIMES = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        "(nanti|segera|secepatnya|kapan kapan|sesegera mungkin|suatu saat|sewaktu waktu)",
        "(tanggal|tgl) (muda|tua|gajian)", "[pas|waktu|saat|tunggu|nunggu|sampai|hari] gajian",
        "(habis|setelah|sesudah|sehabis|selesai) <income>",
        "<once> [sudah] (ada|punya|dapat|pegang|megang|terima) (uang|rejeki|rezeki|gaji|duit|dana|pemasukan|bayaran)",
        "<income> (turun|cair|masuk|keluar)", "<once> <income> [sudah] (turun|cair|masuk|keluar)",
        "(beberapa|berapa|bbrp) (hari|minggu|bulan) [lagi|ke depan]",
        "(habis|setelah|sesudah|sebelum|menjelang) (lebaran|panen|puasa)",
        "(lebaran|idul fitri|panen)", "{n} (-|atau|sampai) {n} <unit> [lagi]", "(sehari|satu hari|1 hari) dua hari [lagi]",
        "dalam waktu dekat", "belum tahu kapan", "(sementara|untuk sementara) waktu",
    )
)  # fmt: skip

_LENGTHS = (
    Row("(berapa|berapa banyak) (hari|minggu|bulan|kali) [lagi]", r.no_value),
    Row("(telat|terlambat|nunggak|menunggak|lewat|lambat) {n} (hari|bulan|minggu)", r.no_value),
    Row("{n} <unit> (telat|terlambat|nunggak|tunggakan)", r.no_value),
    Row("(sudah|udah) {n} (hari|bulan|minggu|tahun)", r.no_value),
    Row("[mundur|tambah|tambahan|waktu|selama|tempo|tenggang] {n} <unit>", r.duration),
    Row("{n} (hari|minggu|bulan) (aja|saja|dulu)", r.duration),
    Row("{n} <unit> (cicilan|angsuran)", r.instalments),
    Row("(setengah bulan|separuh bulan)", r.days_long, 15),
    Row("(sehari|satu hari)", r.days_long, 1),
    Row("(seminggu|semingguan|sepekan)", r.days_long, 7),
    Row("(sebulan|sebulanan) [lagi]", r.days_long, 30),
    Row("per (sebulan|bulan|minggu)", r.no_value),
    Row("{n} jam", r.hours_long),
)  # fmt: skip

_COUNTS = (
    Row(
        "<half> (dulu|sekarang|besok|hari ini) [,] [nanti|terus|lalu] (sisanya|setengahnya|separuhnya|"
        "separo|sisa) [lagi]", r.instalments, 2,
    ),
    Row("<half> (dulu|sekarang|besok|hari ini) [,] <half>", r.instalments, 2),
    Row(
        "(cicil|dicicil|nyicil|mencicil|cicilan|angsur|diangsur|ngangsur|angsuran|bayar|dibayar|"
        "split) [jadi|menjadi|dalam|selama|sampai|sebanyak|tenor|utang|hutang|tagihan|ini|nya] {n} (x|"
        "kali|bulan|minggu|tahap|termin|bagian|pembayaran|cicilan)", r.instalments,
    ),
    Row(
        "(dibagi|bagi|dipecah|pecah|split) [jadi|menjadi|dalam] {n} [x|kali|bulan|minggu|tahap|termin|"
        "bagian|pembayaran|cicilan]", r.instalments,
    ),
    Row(
        "(jadi|menjadi|dalam|selama) {n} (x|kali|tahap|termin|cicilan|angsuran|bagian|pembayaran|"
        "kali bayar)", r.instalments,
    ),
    Row("{n} (x|kali) (cicil|cicilan|nyicil|dicicil|bayar|angsuran|pembayaran|angsur|cicil aja)", r.instalments),
    Row("{n} (tahap|termin|cicilan|angsuran)", r.instalments),
    Row("(cicilan|angsuran) (ke|ke -) {n}", r.no_value),
    Row("(tenor|jangka waktu) {n} bulan", r.instalments),
    Row("(sisa|sisanya) [dicicil] {n} (x|kali|bulan)", r.instalments),
    Row("(bayar|bayarnya|cicil|dicicil|lunas|selesai) (dalam|selama) {n} bulan", r.instalments),
    Row("(sekali|sekaligus)", r.no_value),
)  # fmt: skip

_SUMS = (
    Row("[rp|idr] [.] {n} setengah (juta|jt)", r.a_sum_and_half, 1_000_000),
    Row("sejuta setengah", r.a_fixed_sum, 1_500_000),
    Row("setengah (juta|jt)", r.a_fixed_sum, 500_000),
    Row("(rp|idr) [.] {n} [an|rupiah]", r.a_sum("IDR")),
    Row("{n} (rupiah|perak|idr)", r.a_sum("IDR")),
    Row("($|usd) {n}", r.a_sum("USD")),
    Row("{n} (usd|dolar|dollar)", r.a_sum("USD")),
    Row("(enam|tujuh|delapan|sembilan|lima)", r.no_value),
    Row("{n} [an]", r.a_bare_sum),
    Row("(jam|pukul|jm) {n} [. {n}|: {n}]", r.no_value),
    Row("{n} (wib|wita|wit)", r.no_value),
    Row("{n} : {n}", r.no_value),
    Row("{n} <counted>", r.no_value),
    Row("{n} (bulan|hari|minggu) (nunggak|telat)", r.no_value),
    Row("(nomor|no|no .|opsi|ref|kode|rt|rw|blok|ktp|umur|usia) {n}", r.no_value),
    Row("{n} <unit> (sekali|berturut turut)", r.no_value),
    Row("[dari] <half> [dari|tagihan|hutang|utang|nya]", r.a_share(1, 2)),
    Row("(50|lima puluh) (%|persen)", r.a_share(1, 2)),
    Row("(sepertiga|sepertiganya)", r.a_share(1, 3)),
    Row("(seperempat|seperempatnya)", r.a_share(1, 4)),
    Row("dua pertiga", r.a_share(2, 3)),
    Row(
        "(semuanya|seluruhnya|full|lunas semua|total semua|seluruh (tagihan|hutang|utang)|"
        "semua (tagihan|hutang|utang|cicilan))", r.a_share(1, 1),
    ),
    Row(
        "(sebagian|sebisanya|seadanya|semampunya|semampu saya|minimum|minimal|dikit|sedikit|"
        "seberapa adanya)", r.vague_sum,
    ),
    Row("(beberapa|berapa) (ratus|juta|ribu)", r.vague_sum),
)  # fmt: skip

_PLACES = (
    Row("[yang|opsi|pilihan|nomor] <ordinal>", r.ordinal),
    Row("(opsi|pilihan|nomor|no|pilih|yang nomor|yang) {n}", r.ordinal),
)

TABLE = SlotTable(
    language="id",
    numbers=NumberWords(
        small=_SMALL,
        multipliers={
            "puluh": 10, "sepuluh": 10, "ratus": 100, "seratus": 100, "ribu": 1000, "seribu": 1000, "k": 1000,
            "ceng": 1000, "juta": 1_000_000, "sejuta": 1_000_000, "tiao": 1_000_000, "miliar": 1_000_000_000,
        },
        implied_one=frozenset({"sepuluh", "seratus", "seribu", "sejuta"}),
        added={"belas": 10},
        decimal_mark="",
    ),
    groups={
        "weekday": _WEEKDAYS,
        "month": _MONTHS,
        "unit": _UNITS,
        "ordinal": _ORDINALS,
        "half": dict.fromkeys(words("setengah setengahnya separuh separo separonya separuhnya"), 0),
        "once": dict.fromkeys(words("kalau pas tunggu nunggu setelah habis begitu sampai"), 0),
        "income": dict.fromkeys(words("gaji gajian gajihan bonus thr upah honor komisi transferan payday proyek bayaran"), 0),
        "counted": dict.fromkeys(words(_COUNTED), 0),
    },
    rows=(*_VAGUE_FIRST, *_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_SUMS),
    signs=Signs(
        pay=words(
            "bayar dibayar bayarin byr transfer tf ditransfer kirim setor cicil nyicil dicicil lunasi lunasin lunas "
            "angsur kasih masuk dp mampu sanggup bisa cuma"
        ),
        owe=words("utang hutang pinjam pinjem gaji penghasilan denda bunga kena tagihan sisa total potong"),
        until=words("sampai hingga sebelum sblm bayar dibayar lunas lunasin transfer cicil mundur undur tempo janji paling"),
        each=words("per tiap setiap perbulan perminggu sebulan seminggu sehari @"),
        corrected=(
            "eh", "maksudnya", "maksud saya", "salah", "ralat", "bukan", "tidak jadi", "deng", "koreksi", "diralat",
            "revisi", "maaf", "ganti", "jadinya", "jadi nya", "mending",
        ),
        negated=("bukan", "tidak jadi", "jangan", "bukan hari", "bukan tanggal", "tidak bisa"),
        refused=(
            "tidak bisa bayar", "tidak sanggup bayar", "tidak mampu bayar", "belum bisa bayar", "tidak punya",
            "tidak ada", "tidak sanggup", "belum punya", "belum ada",
        ),
        either=frozenset({"atau", "apa", "/"}),
    ),
    spellings={
        "bsk": "besok", "bsok": "besok", "besuk": "besok", "esok": "besok", "sesuk": "besok", "mbesok": "besok",
        "kmrn": "kemarin", "kemaren": "kemarin", "kmren": "kemarin", "wingi": "kemarin", "tgl": "tanggal", "tggl": "tanggal",
        "hr": "hari", "hri": "hari", "mgg": "minggu", "mggu": "minggu", "bln": "bulan", "bulaan": "bulan", "thn": "tahun",
        "taun": "tahun", "malem": "malam", "mlm": "malam", "rb": "ribu", "rbu": "ribu", "rban": "ribu", "ribuan": "ribu",
        "rebu": "ribu", "jt": "juta", "jtan": "juta", "jutaan": "juta", "tiau": "tiao", "setengh": "setengah",
        "stngah": "setengah", "stgh": "setengah", "ntar": "nanti", "entar": "nanti", "nti": "nanti", "mengko": "nanti",
        "abis": "habis", "abs": "habis", "hbs": "habis", "klo": "kalau", "kl": "kalau", "kalo": "kalau", "klu": "kalau",
        "ampe": "sampai", "sampe": "sampai", "smp": "sampai", "smpe": "sampai", "sblm": "sebelum", "sebelom": "sebelum",
        "udah": "sudah", "udh": "sudah", "sdh": "sudah", "uda": "sudah", "dah": "sudah", "wis": "sudah", "dlm": "dalam",
        "gak": "tidak", "ga": "tidak", "nggak": "tidak", "ngga": "tidak", "gk": "tidak", "tdk": "tidak", "enggak": "tidak",
        "kagak": "tidak", "kaga": "tidak", "ndak": "tidak", "ora": "tidak", "engga": "tidak", "g": "tidak",
        "nda": "tidak", "gag": "tidak", "blm": "belum", "blom": "belum", "belom": "belum", "durung": "belum",
        "bs": "bisa", "bsa": "bisa", "iso": "bisa", "jum'at": "jumat", "jumaat": "jumat", "jmt": "jumat", "sbtu": "sabtu",
        "sabtunya": "sabtu", "seninnya": "senin", "jumatnya": "jumat", "sen": "senin", "jum": "jumat", "sab": "sabtu",
        "nov": "november", "gajihan": "gajian", "gajiannya": "gajian", "kl'o": "kalau", "lgi": "lagi", "lg": "lagi",
        "maks": "maksimal", "max": "maksimal", "byr": "bayar", "bayr": "bayar", "mbayar": "bayar", "tf": "transfer",
        "trf": "transfer", "tranfer": "transfer", "ato": "atau", "atw": "atau", "yg": "yang",
    },
    languages={
        "inggris": "en", "bahasa inggris": "en", "english": "en", "mandarin": "zh-Hans", "bahasa mandarin": "zh-Hans",
        "cina": "zh-Hans", "tionghoa": "zh-Hans", "spanyol": "es", "portugis": "pt-BR", "indonesia": "id", "indo": "id",
        "bahasa": "id", "vietnam": "vi", "hindi": "hi", "india": "hi", "jawa": "jv", "bahasa jawa": "jv", "sunda": "su",
        "bahasa sunda": "su", "melayu": "ms", "malaysia": "ms", "arab": "ar", "jepang": "ja", "korea": "ko",
        "thailand": "th", "tagalog": "fil", "perancis": "fr", "prancis": "fr", "jerman": "de", "batak": "bbc",
        "minang": "min", "madura": "mad", "bali": "ban",
    },
    some_language=("bahasa daerah", "bahasa lain", "bahasa saya", "bahasa lainnya", "bahasa sendiri", "bahasa ibu"),
    examples={
        "{day}": "jumat", "{past}": "kemarin", "{language}": "inggris", "{amount}": "500 ribu", "{date}": "jumat",
        "{days}": "5 hari", "{instalments}": "3 cicilan", "{choice}": "yang kedua", "{digits}": "1234", "{number}": "7",
    },
)  # fmt: skip
