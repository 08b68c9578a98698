"""Spanish, of America first: "2 lucas", "de hoy en ocho", "la quincena". Day first in 5/12; accents are folded before.

Both marks are used for both things, so 1.250,50 and 1,250.50 are the same. "Pesos" and "$" fix no currency.
"""

from __future__ import annotations

from bot.understanding.slots import readings as r
from bot.understanding.slots.grammar import Row, Signs, SlotTable, words
from bot.understanding.slots.languages import SPANISH
from bot.understanding.slots.numbers import NumberWords

_SMALL = {
    "cero": 0, "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15,
    "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiun": 21,
    "veintiuno": 21, "veintiuna": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25,
    "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40,
    "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100,
    "doscientos": 200, "doscientas": 200, "trescientos": 300, "trescientas": 300, "cuatrocientos": 400,
    "cuatrocientas": 400, "quinientos": 500, "quinientas": 500, "seiscientos": 600, "seiscientas": 600,
    "setecientos": 700, "setecientas": 700, "ochocientos": 800, "ochocientas": 800, "novecientos": 900,
    "novecientas": 900,
}  # fmt: skip
_ORDINALS = {
    "primero": 1, "primer": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercero": 3, "tercer": 3, "tercera": 3,
    "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5,
}  # fmt: skip
_WEEKDAYS = {
    "lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6,
    "lun": 0, "mie": 2, "mier": 2, "jue": 3, "juev": 3, "vie": 4, "vier": 4, "viern": 4, "sab": 5, "dom": 6,
}  # fmt: skip
_MONTHS = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
    "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12, "ene": 1, "feb": 2, "abr": 4,
    "jun": 6, "jul": 7, "ago": 8, "sep": 9, "sept": 9, "set": 9, "oct": 10, "nov": 11, "dic": 12,
}  # fmt: skip
_UNITS = {
    "dia": 1, "dias": 1, "diitas": 1, "semana": 7, "semanas": 7, "semanita": 7, "semanitas": 7, "quincena": 15,
    "quincenas": 15, "mes": 30, "meses": 30, "dias habiles": 1, "dias naturales": 1,
}  # fmt: skip

#: What numbers count that is not money.
_COUNTED = (
    *words("veces vez llamadas mensajes correos personas hijos hijas ninos ano anos % minutos min mins prestamos"),
    *words("bancos tarjetas pm am hrs hs creditos apps aplicaciones celulares numeros"),
    *("por ciento", "anos de edad", "dias de atraso", "dias de mora", "dias de retraso", "dias atrasado"),
    *("dias atrasada", "dias vencido", "meses de atraso", "meses de mora", "meses atrasado", "meses sin cobrar"),
    *("meses sin trabajo", "meses de renta", "meses de alquiler", "meses de embarazo", "veces al dia"),
)
_NEXT = "(que viene|proximo|proxima|siguiente|entrante|que entra)"
_OF_NEXT_WEEK = "de la (semana que viene|proxima semana|semana proxima|siguiente semana|otra semana|semana entrante)"
_NEXT_MONTH = "(mes que viene|proximo mes|mes proximo|mes entrante|siguiente mes|mes que entra|otro mes)"
_LATE = "(por|en|a) la (manana|tarde|noche)"

_DAYS = (
    Row(f"pasado manana [temprano|{_LATE}]", r.days_from_today, 2),
    Row("(traspasado manana|el dia despues de pasado manana)", r.days_from_today, 3),
    Row(f"manana [mismo|temprano|tempranito|{_LATE}|al mediodia|a primera hora|sin falta]", r.days_from_today, 1),
    Row(f"{_LATE}", r.no_value),
    Row("(las|todas las|cada) (mananas|manana)", r.no_value),
    Row(f"(hoy|hoy mismo|hoy dia|esta noche|esta tarde|esta manana|al rato|mas tardecito) [{_LATE}]", r.days_from_today, 0),
    Row("(ahora mismo|ahorita|ahorita mismo|ya mismo|de inmediato|inmediatamente)", r.vague_time),
    Row("(ayer|anoche|ayer por la tarde|ayer en la tarde|ayer por la noche|ayer en la noche)", r.days_from_today, -1),
    Row("(anteayer|antier|antes de ayer|antes de anoche|antenoche|antiayer)", r.days_from_today, -2),
    Row("(hace|hara) {n} <unit>", r.after),
    Row("{n} <unit> atras", r.after),
    Row("(en|dentro de|de aqui a|de aca a|en unos|a mas tardar en|en maximo|maximo en) {n} <unit> [mas]", r.after),
    Row("{n} <unit> (a partir de hoy|desde hoy|contando desde hoy)", r.after),
    Row("de hoy en ocho [dias]", r.days_from_today, 7),
    Row("de hoy en (quince|15) [dias]", r.days_from_today, 14),
    Row("de manana en ocho [dias]", r.days_from_today, 8),
    Row("(del|de) <weekday> en ocho [dias]", r.weekday_after, 1),
    Row("(en|dentro de) {n} (horas|hora|hrs|hs|minutos|min)", r.hours_from_now),
    Row("(en un rato|en un ratito|en un momento|al rato|en una hora|en media hora|en la noche)", r.days_from_today, 0),
    Row("[el|dia|el dia|al] <weekday>", r.weekday),
    Row("(este|este mismo) <weekday>", r.this_weekday),
    Row(f"[el|este] <weekday> {_NEXT}", r.coming_weekday),
    Row("[el] (proximo|siguiente) <weekday>", r.coming_weekday),
    Row(f"[el] <weekday> {_OF_NEXT_WEEK}", r.weekday, 1),
    Row("[el] <weekday> (pasado|anterior)", r.weekday),
    Row("(la semana que viene|la proxima semana) [el] <weekday>", r.weekday, 1),
    Row("[el] <weekday> (de la otra semana|sin ser este|no este el otro)", r.weekday_after, 1),
    Row("[el|este|en el] (fin de semana|finde)", r.either_weekday),
    Row(f"[el|este] (fin de semana|finde) {_NEXT}", r.either_weekday, 1),
    Row("[el] proximo (fin de semana|finde)", r.either_weekday, 1),
    Row("[el] <weekday> {n}", r.day_of_month),
    Row("[el|dia|el dia|este] <weekday> {n} [de] <month> [[de|del] {year}]", r.month_and_day),
    Row("[el|dia|el dia|este] {n} [de] <month> [[de|del] {year}]", r.month_and_day),
    Row("[el|el dia|dia] <ordinal> [dia] de <month>", r.month_and_day),
    Row("(el|el dia|dia|del|al|este|este dia) {n}", r.day_of_month),
    Row("(el|el dia|dia) {n} (de este mes|del mes|del presente|de este)", r.day_of_month),
    Row("(el|el dia|dia) {n} (por la tarde|por la manana|en la tarde|en la manana|temprano)", r.day_of_month),
    Row(f"[el|el dia|dia] {{n}} (del|de) {_NEXT_MONTH}", r.day_of_month_ahead, 1),
    Row(f"[el] {_NEXT_MONTH} (el|el dia|dia) {{n}}", r.day_of_month_ahead, 1),
    Row("(el|dia|el dia) primero", r.first_of_month, 0),
    Row(f"(el|dia|el dia) (primero|1) (del|de) {_NEXT_MONTH}", r.first_of_month, 1),
    Row("{year} (-|/|.) {n} (-|/|.) {n}", r.year_month_day),
    Row("{n} (-|/|.) {n} (-|/|.) {year}", r.year_last, 0),
    Row("[el|dia|el dia] {n} / {n}", r.number_date_day_first),
    Row("(el|dia|el dia) {n} - {n}", r.number_date_day_first),
    Row("[a|al|el] (fin|fines|final|finales|ultimo|ultimos|cierre) (de|del) [este] mes", r.month_end, 0),
    Row("[el] ultimo dia (del mes|de este mes|de mes)", r.month_end, 0),
    Row(f"[a|al|el] (fin|fines|final|finales) (de|del) {_NEXT_MONTH}", r.month_end, 1),
    Row("[a|al|el] (fin|fines|final|finales) (de|del) ano", r.year_end),
    Row("antes de [la] (navidad|navidades)", r.yearly_or_day_before, 1225),
    Row("(navidad|navidades|dia de navidad)", r.yearly, 1225),
    Row("(nochebuena|noche buena)", r.yearly, 1224),
    Row("(ano nuevo|primero de ano)", r.yearly, 101),
    Row("antes de ano nuevo", r.yearly_or_day_before, 101),
    Row("(nochevieja|noche vieja)", r.yearly, 1231),
    Row("(dia de reyes|reyes)", r.yearly, 106),
)  # fmt: skip

_VAGUE_TIMES = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        "(pronto|luego|despues|mas tarde|mas adelante|mas luego|otro dia|algun dia|cuanto antes|lo antes posible)",
        "(cuando|apenas|en cuanto|ni bien|hasta que|una vez que|tan pronto|tan pronto como|despues de que|luego que|al) "
        "[me|yo] (cobre|cobro|cobrar|paguen|pagan|depositen|depositan|pueda|puedo|caiga|cae|llegue) [<income>|la quincena]",
        "(cuando|apenas|en cuanto|ni bien|hasta que) [me] (llegue|caiga|entre|depositen|paguen|den|salga|caen|cae|llega) "
        "(el|la|mi|los) <income>",
        "(el dia de pago|dia de cobro|el dia de cobro|mi dia de pago|dia de paga|fecha de pago)",
        "[en|a] la [proxima|siguiente] (quincena|quincenita) [que viene]", "cobro la quincena",
        "[en|dentro de|por] (unos|algunos|varios|estos|pocos|un par de|un par) (dias|dia|diitas|semanas|meses)",
        "[unas|unos] (semanas|dias|diitas)", "un (tiempo|tiempito|poco de tiempo|ratito mas|rato)", "un poco mas de tiempo",
        "mas (tiempo|plazo|tiempito|dias)", "algo de tiempo",
        "[en|a] la (semana que viene|proxima semana|otra semana|semana proxima|semana entrante|siguiente semana)",
        "[en] (esta semana|este mes|este ano)", "(a|la) semana que viene",
        f"[en|a] [el|al] {_NEXT_MONTH}", "[el] (proximo ano|ano que viene|ano proximo|otro ano)",
        "[a] (principio|principios|inicio|inicios|comienzo|comienzos|primeros|mediados|mitad) (de|del) "
        f"[este] (mes|semana|ano|{_NEXT_MONTH[1:-1]})",
        "[a] fines de [la] semana", "(los primeros dias|los ultimos dias) (del|de) mes", "[al] inicio de mes",
        "[el] (primer|segundo|tercer|cuarto|quinto|{n}) dia habil", "[con|cuando cobre] el aguinaldo", "de a poco",
        "(a la brevedad|en breve|proximamente|eventualmente|cuando se pueda|en la semana|entre semana|en el mes)",
    )
)  # fmt: skip

_LENGTHS = (
    Row("{n} <unit> [mas|extra|adicional|adicionales|de mas|de plazo|de prorroga|de espera|de gracia|de tolerancia]", r.duration),
    Row("[unos|otros|otras] {n} <unit> [mas|de plazo|de prorroga]", r.duration),
    Row("(otra|otro) <unit> [mas]", r.duration, 1),
    Row("{n} (dias|dia) (habil|habiles)", r.vague_time),
    Row("media quincena", r.days_long, 7),
    Row("medio mes [mas]", r.days_long, 15),
    Row("[un] mes y medio", r.days_long, 45),
    Row("(media semana|unos {n} o {n} <unit>)", r.vague_time),
    Row("{n} (o|a|-) {n} <unit> [mas]", r.vague_time),
    Row("(un dia o dos|una o dos semanas|una semana o dos|uno o dos dias)", r.vague_time),
    Row("{n} (horas|hora|hrs|hs) [mas]", r.hours_long),
)  # fmt: skip

_SPLIT = (
    "(dividir|dividirlo|dividirla|dividan|divido|partir|partirlo|repartir|repartirlo|fraccionar|fraccionarlo|diferir|"
    "diferirlo|diferirla|prorratear|financiar|financiarlo|refinanciar|cuotear|pagar|pagarlo|pagarla|pagarles|liquidar|"
    "liquidarlo|cancelar|cancelarlo|abonar|hacer|hacerlo|me lo parten|me lo dividen)"
)
_COUNTS = (
    Row("[la] mitad (ahora|hoy|ya|ahorita|esta semana|este mes) [,] [y] [la] (otra|otra mitad|mitad|"
        "el resto|resto)", r.instalments, 2),
    Row("[la] mitad [y|,] [la] (mitad|otra mitad)", r.instalments, 2),
    Row("mitad y mitad", r.instalments, 2),
    Row("[en|a|con] {n} <part> [iguales|mensuales|semanales|quincenales|fijas|fijos|comodas|chicas|mas chicas]", r.instalments),
    Row(f"{_SPLIT} [todo|la deuda|el saldo|eso|el total|lo que debo] en {{n}} [meses|semanas|quincenas|veces]", r.instalments),
    Row("a {n} (meses|quincenas|semanas) [sin intereses]", r.instalments),
    Row("en {n} (veces|cachos|tantos|tandas)", r.instalments),
    Row("(el resto|lo demas|lo que falta) en {n} (meses|quincenas|semanas)", r.instalments),
    Row("(plan|acuerdo|convenio) (de|a|por) {n} (meses|semanas|quincenas)", r.instalments),
)  # fmt: skip

_PESOS = "(pesos|peso|pesitos|varitos|$)"
_SUMS = (
    Row(f"$ {{n}} [{_PESOS[1:-1]}]", r.a_sum(None)),
    Row(f"{{n}} {_PESOS}", r.a_sum(None)),
    Row("(us|u) $ [s] {n}", r.a_sum("USD")),
    Row("u $ s {n}", r.a_sum("USD")),
    Row("(usd|dolares) {n}", r.a_sum("USD")),
    Row("$ {n} (usd|dolares|dls|dlls)", r.a_sum("USD")),
    Row("{n} (usd|dolares|dolar|dls|dlls|verdes|dolaritos)", r.a_sum("USD")),
    Row("(€|eur) {n}", r.a_sum("EUR")),
    Row("{n} (€|eur|euro|euros|eurillos|pavos|leuros)", r.a_sum("EUR")),
    Row("$ {n} (mxn|mn|m . n .|pesos mexicanos)", r.a_sum("MXN")),
    Row("{n} (mxn|varos|varo|baros|pesos mexicanos|morlacos)", r.a_sum("MXN")),
    Row("mxn {n}", r.a_sum("MXN")),
    Row("[$] {n} (cop|pesos colombianos)", r.a_sum("COP")),
    Row("cop [$] {n}", r.a_sum("COP")),
    Row("[$] {n} (ars|pesos argentinos|mangos)", r.a_sum("ARS")),
    Row("ars [$] {n}", r.a_sum("ARS")),
    Row("[$] {n} (clp|pesos chilenos)", r.a_sum("CLP")),
    Row("clp [$] {n}", r.a_sum("CLP")),
    Row("s / [.] {n} [soles]", r.a_sum("PEN")),
    Row("{n} (soles|sol|pen|luquitas soles|nuevos soles)", r.a_sum("PEN")),
    Row("pen {n}", r.a_sum("PEN")),
    Row("{n} (quetzales|quetzal)", r.a_sum("GTQ")),
    Row("{n} (lempiras|lempira)", r.a_sum("HNL")),
    Row("{n} colones", r.a_sum("CRC")),
    Row("{n} (bolivianos|bs)", r.a_sum("BOB")),
    Row("{n} guaranies", r.a_sum("PYG")),
    Row("{n}", r.a_bare_sum),
    Row("(a|antes de|despues de|desde|hasta|tipo) (las|la) {n} [y media|en punto] [<part of day>]", r.no_value),
    Row("[las] {n} (y media|en punto|de la manana|de la tarde|de la noche|del dia|am|pm|a . m|p . m)", r.no_value),
    Row("(las|la) {n} : {n}", r.no_value),
    Row("{n} : {n} [am|pm|hs|hrs|horas]", r.no_value),
    Row("(50|cincuenta) (%|por ciento)", r.a_share(1, 2)),
    Row("[el|un] (25|veinticinco) (%|por ciento)", r.a_share(1, 4)),
    Row("{n} <counted>", r.no_value),
    Row("(opcion|numero|no .|folio|contrato|referencia|ref|dni|cedula|curp|ine|calle|credito|#) {n}", r.no_value),
    Row("desde hace {n} <unit>", r.no_value),
    Row("{n} <unit> (sin trabajo|sin empleo|desempleado|desempleada|en paro|enfermo|enferma|internado|internada)", r.no_value),
    Row("llevo {n} <unit>", r.no_value),
    Row("[la|una|por lo menos la] mitad [de la deuda|del monto|del total|de eso|del saldo|de lo que debo]", r.a_share(1, 2)),
    Row("(una cuarta parte|la cuarta parte)", r.a_share(1, 4)),
    Row("(un tercio|la tercera parte|una tercera parte)", r.a_share(1, 3)),
    Row("(dos tercios|dos terceras partes)", r.a_share(2, 3)),
    Row("(todo lo que debo|la totalidad|el monto completo|todo completo|todo junto|por completo|"
        "el cien por ciento)", r.a_share(1, 1)),
    Row("[el|la] (total|saldo|monto|deuda|pago|cuota|importe|adeudo) (total|completo|completa|entero|"
        "entera|integro)", r.a_share(1, 1)),
    Row("<paid> todo [de una|de una vez|de un jalon|de un solo|junto]", r.a_share(1, 1)),
    Row("todo (el saldo|el monto|el dinero|el total|el adeudo|de una vez|de un jalon)", r.a_share(1, 1)),
    Row("toda la (deuda|cuota|plata|lana|cantidad)", r.a_share(1, 1)),
    Row("[el|un|lo|pago|solo el] (minimo|pago minimo|pago parcial|abono parcial)", r.vague_sum),
    Row("(una parte|algo|un poco|un poquito|una partecita|un abono|parte de la deuda|algo de dinero|lo que pueda)", r.vague_sum),
    Row("(unos|algunos) (pesos|mangos|soles|cuantos pesos|centavos)", r.vague_sum),
)  # fmt: skip

_PLACES = (
    Row("(la|el) <ordinal> [opcion|alternativa]", r.ordinal),
    Row("[la] <ordinal> (opcion|alternativa)", r.ordinal),
    Row("[la] (opcion|alternativa|numero) {n}", r.ordinal),
    Row("(la|el) (ultima|ultimo) [opcion]", r.ordinal, -1),
    Row("(la|el) de (arriba|antes)", r.ordinal, 1),
)

_PAID = (
    "pagar pagare pago pagarlo pagarles pagarte liquidar liquidare liquido liquidarlo cancelar cancelare "
    "cancelo cubrir cubrire saldar "
    "saldare depositar depositare deposito transferir transferire transfiero doy dar dare abonar abonare abono mando "
    "mandar mandare envio enviar enviare paso pasar pasare giro girar consigno consignar pagamos pagaremos juntar "
    "juntare adelantar adelanto poner pongo"
)

TABLE = SlotTable(
    language="es",
    numbers=NumberWords(
        small=_SMALL,
        multipliers={
            "mil": 1000, "k": 1000, "lucas": 1000, "luca": 1000, "luquitas": 1000, "barras": 1000, "gambas": 100,
            "gamba": 100, "millon": 1_000_000, "millones": 1_000_000, "palo": 1_000_000, "palos": 1_000_000,
        },
        implied_one=frozenset({"mil"}),
        joiners=frozenset({"y"}),
        decimal_mark="",
    ),
    groups={
        "weekday": _WEEKDAYS,
        "month": _MONTHS,
        "unit": _UNITS,
        "ordinal": _ORDINALS,
        "part": dict.fromkeys(
            words("cuotas cuota pagos partes parte plazos mensualidades parcialidades abonos letras cuotitas pagitos "
                "exhibiciones"),
            0,
        ),
        "income": dict.fromkeys(
            words("sueldo salario quincena pension nomina pago aguinaldo paga jornal dinero bono beca finiquito"),
            0,
        ),
        "counted": dict.fromkeys(_COUNTED, 0),
        "paid": dict.fromkeys(words(_PAID), 0),
        "part of day": dict.fromkeys(("de la manana", "de la tarde", "de la noche", "am", "pm", "hrs", "hs", "horas"), 0),
    },
    rows=(*_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_SUMS),
    signs=Signs(
        pay=words(_PAID) | words("puedo podria alcanzo ofrezco"),
        owe=words(
            "debo debia deben debes prestaron prestado prestamo gano ganaba gane cobraron cobran cobrando pedi saque recibi "
            "deuda sube subio dicen aparece sale descontaron"
        ),
        until=words("hasta para antes espera esperen esperar espereme esperenme aguanta aguanten plazo limite") | words(_PAID),
        each=words("cada al mensual mensuales semanal semanales quincenal quincenales mensualmente semanalmente"),
        corrected=(
            "no", "no mejor", "mejor", "mejor dicho", "perdon", "digo", "me equivoque", "corrijo", "mas bien",
            "en realidad", "disculpa", "no espera", "quise decir", "o mejor",
        ),
        negated=("no", "no es", "no para", "no seria", "tampoco"),
        refused=(
            "no puedo pagar", "no puedo dar", "no tengo", "no alcanzo", "no me alcanza", "no llego", "no puedo con",
            "no podre pagar", "no voy a pagar", "no pagare", "no junto", "no podria pagar", "no puedo juntar",
            "no debo", "imposible pagar", "no dispongo",
        ),
        either=frozenset({"o", "u"}),
    ),
    spellings={
        "plata": "dinero",
        "lana": "dinero",
        "mnana": "manana", "mna": "manana",
        "hoi": "hoy", "kincena": "quincena", "qna": "quincena", "qnas": "quincenas", "sem": "semana", "sems": "semanas",
    },
    languages=SPANISH,
    some_language=("mi idioma", "mi lengua", "otro idioma", "otra lengua", "lengua materna", "mi propio idioma", "quechua"),
    examples={
        "{day}": "el viernes",
        "{past}": "ayer",
        "{language}": "ingles",
        "{amount}": "500",
        "{date}": "el viernes",
        "{days}": "5 dias",
        "{instalments}": "3 cuotas",
        "{choice}": "la segunda",
        "{digits}": "1234",
        "{number}": "7",
    },
)  # fmt: skip
