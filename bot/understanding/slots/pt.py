"""Portuguese of Brazil: R$ 1.250,50, "mil e duzentos", "sexta que vem", "em 3x". Day first in 5/12; accents are folded.

Modern slang counts single reais: "200 conto", "50 pila", "300 pau".
"""

from __future__ import annotations

from bot.understanding.slots import readings as r
from bot.understanding.slots.grammar import Row, Signs, SlotTable, words
from bot.understanding.slots.languages import PORTUGUESE
from bot.understanding.slots.numbers import NumberWords

_SMALL = {
    "zero": 0, "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6,
    "sete": 7, "oito": 8, "nove": 9, "dez": 10, "onze": 11, "doze": 12, "treze": 13, "quatorze": 14, "catorze": 14,
    "quinze": 15, "dezesseis": 16, "dezessete": 17, "dezoito": 18, "dezenove": 19, "vinte": 20, "trinta": 30,
    "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80, "noventa": 90, "cem": 100,
    "cento": 100, "duzentos": 200, "duzentas": 200, "trezentos": 300, "trezentas": 300, "quatrocentos": 400,
    "quatrocentas": 400, "quinhentos": 500, "quinhentas": 500, "seiscentos": 600, "seiscentas": 600,
    "setecentos": 700, "setecentas": 700, "oitocentos": 800, "oitocentas": 800, "novecentos": 900, "novecentas": 900,
}  # fmt: skip
_ORDINALS = {
    "primeiro": 1, "primeira": 1, "segundo": 2, "segunda": 2, "terceiro": 3, "terceira": 3, "quarto": 4, "quarta": 4,
    "quinto": 5,
}  # fmt: skip
_WEEKDAYS = {
    f"{day}{ending}": number
    for number, day in enumerate(("segunda", "terca", "quarta", "quinta", "sexta"))
    for ending in ("", " feira", " - feira")
} | {
    "sabado": 5, "sabadao": 5, "domingo": 6, "seg": 0, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6,
    "2 a feira": 0, "3 a feira": 1, "4 a feira": 2, "5 a feira": 3, "6 a feira": 4,
}  # fmt: skip
_MONTHS = {
    "janeiro": 1, "fevereiro": 2, "marco": 3, "abril": 4, "maio": 5, "junho": 6, "julho": 7, "agosto": 8,
    "setembro": 9, "outubro": 10, "novembro": 11, "dezembro": 12, "jan": 1, "fev": 2, "abr": 4, "jun": 6, "jul": 7,
    "ago": 8, "set": 9, "out": 10, "nov": 11, "dez": 12,
}  # fmt: skip
_UNITS = {
    "dia": 1, "dias": 1, "diazinho": 1, "diazinhos": 1, "semana": 7, "semanas": 7, "semaninha": 7, "semaninhas": 7,
    "quinzena": 15, "quinzenas": 15, "mes": 30, "meses": 30, "dias corridos": 1,
}  # fmt: skip

#: What numbers count that is not money.
_COUNTED = (
    *words(
        "vezes vez ligacoes mensagens emails pessoas filhos filhas criancas ano anos % minutos min mins emprestimos"
    ),
    *words("bancos cartoes hrs h celulares numeros contratos boletos aninhos"),
    *("por cento", "anos de idade", "dias de atraso", "dias atrasado", "dias atrasada", "dias em atraso"),
    *("meses de atraso", "meses atrasado", "meses atrasada", "meses desempregado", "meses desempregada"),
    *("meses de aluguel", "meses de gravidez", "vezes por dia", "vezes ao dia", "ligacoes por dia"),
)
_OF_NEXT_WEEK = "(da|na) (semana que vem|proxima semana|outra semana|semana seguinte)"
_NEXT_MONTH = "(mes que vem|proximo mes|mes seguinte|outro mes|mes q vem)"
_LATE = "(de manha|a tarde|de tarde|a noite|de noite|cedo|pela manha|bem cedo|de manhazinha)"
_ON = "(dia|no dia|o dia|ao dia|de dia|do dia)"

_DAYS = (
    Row(f"depois de amanha [{_LATE[1:-1]}]", r.days_from_today, 2),
    Row(f"amanha [mesmo|sem falta|{_LATE[1:-1]}]", r.days_from_today, 1),
    Row("(de|pela|toda|todas as|na) (manha|manhas)", r.no_value),
    Row(f"(hoje|hoje mesmo|hoje ainda|ainda hoje|essa noite|esta noite|essa tarde|daqui a pouco|"
        f"mais tarde) [{_LATE[1:-1]}]", r.days_from_today, 0),
    Row("(agora mesmo|agora|imediatamente|ja ja|agorinha)", r.vague_time),
    Row(f"(ontem|onti) [mesmo|{_LATE[1:-1]}]", r.days_from_today, -1),
    Row("(anteontem|antes de ontem|antiontem)", r.days_from_today, -2),
    Row("(ha|faz|tem) {n} <unit> [atras]", r.after),
    Row("{n} <unit> atras", r.after),
    Row("(em|dentro de|daqui a|daqui|daqui uns|em ate|no maximo em|com mais) {n} <unit>", r.after),
    Row("{n} <unit> (a partir de hoje|a contar de hoje)", r.after),
    Row("de hoje a oito [dias]", r.days_from_today, 7),
    Row("de hoje a (quinze|15) [dias]", r.days_from_today, 14),
    Row("(daqui a|em|dentro de|daqui) {n} (horas|hora|hrs|h|minutos|min)", r.hours_from_now),
    Row("(daqui a pouco|daqui a pouquinho|logo mais|mais tarde|em meia hora)", r.days_from_today, 0),
    Row("[na|no|de] <weekday>", r.weekday),
    Row("(nesta|nessa|esta|essa|neste|nesse|este|esse|agora na) <weekday>", r.this_weekday),
    Row("[na|no] <weekday> (agora|dessa semana|desta semana)", r.this_weekday),
    Row("[na|no|a|o] <weekday> (que vem|q vem|proxima|proximo|seguinte)", r.coming_weekday),
    Row("[na|no|a|o] (proxima|proximo) <weekday>", r.coming_weekday),
    Row(f"[na|no] <weekday> {_OF_NEXT_WEEK}", r.weekday, 1),
    Row("(semana que vem|na semana que vem|na proxima semana|proxima semana) [,] [na|no] <weekday>", r.weekday, 1),
    Row("[na|no] <weekday> (passada|passado|retrasada)", r.weekday),
    Row("[na|no] <weekday> sem ser (essa|esta|esse|este)", r.weekday_after, 1),
    Row("[no|nesse|neste|este|esse|o] (fim de semana|final de semana|fds|finde)", r.either_weekday),
    Row("[no|o] (fim de semana|final de semana|fds) (que vem|q vem)", r.either_weekday, 1),
    Row("[no|o] proximo (fim de semana|final de semana|fds)", r.either_weekday, 1),
    Row("[na|no] <weekday> [,] dia {n}", r.day_of_month),
    Row("<weekday> {n} / {n}", r.number_date_day_first),
    Row("[dia|no dia] {n} [o] de <month> [[de] {year}]", r.month_and_day),
    Row("[dia|no dia] {n} <month> [[de] {year}]", r.month_and_day),
    Row("[dia|no dia|em] <ordinal> de <month>", r.month_and_day),
    Row(f"{_ON} {{n}}", r.day_of_month),
    Row(f"{_ON} {{n}} (agora|deste mes|desse mes|do mes|de manha|a tarde)", r.day_of_month),
    Row(f"[{_ON[1:-1]}] {{n}} (do|de|no) {_NEXT_MONTH}", r.day_of_month_ahead, 1),
    Row(f"[no|do] {_NEXT_MONTH} [,] (dia|no dia) {{n}}", r.day_of_month_ahead, 1),
    Row("(dia primeiro|dia 1 o|no dia primeiro)", r.first_of_month, 0),
    Row("{year} (-|/|.) {n} (-|/|.) {n}", r.year_month_day),
    Row("{n} (-|/|.) {n} (-|/|.) {year}", r.year_last, 0),
    Row("[dia|no dia|em] {n} / {n}", r.number_date_day_first),
    Row("[no|o|ao] (fim|final|finzinho) (do|de|desse|deste) mes", r.month_end, 0),
    Row("[no|o] ultimo dia (do|deste|desse) mes", r.month_end, 0),
    Row(f"[no|o] (fim|final) do {_NEXT_MONTH}", r.month_end, 1),
    Row("[no|o] (fim|final) do ano", r.year_end),
    Row("antes do natal", r.yearly_or_day_before, 1225),
    Row("[no] (natal|dia de natal)", r.yearly, 1225),
    Row("vespera de natal", r.yearly, 1224),
    Row("(ano novo|primeiro dia do ano)", r.yearly, 101),
    Row("antes do ano novo", r.yearly_or_day_before, 101),
    Row("(reveillon|vespera de ano novo)", r.yearly, 1231),
)  # fmt: skip

_WHEN = "(quando|assim que|logo que|so quando|depois que|ate|a hora que|na hora que)"
_VAGUE_TIMES = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        "(em breve|logo|depois|mais pra frente|mais para frente|outro dia|um dia desses|o quanto antes|assim que der)",
        f"{_WHEN} [eu|me] (receber|recebo|puder|posso|pagarem|cair|der|entrar|receba) [<income>|meu <income>|o <income>]",
        f"{_WHEN} [o|a|meu|minha] <income> (cair|sair|entrar|chegar|for depositado|bater)",
        "[no|o] (dia do pagamento|dia de pagamento|dia que eu recebo|dia que recebo)",
        "[no|o] [{n} o|{n}|quinto|primeiro|segundo|terceiro|{n} º] dia util", "[no] (quinto|5 o) util",
        "[na|a] (proxima quinzena|quinzena)", "[na|a] virada do mes",
        "[em|daqui a|daqui|por|nos proximos] (alguns|uns|poucos|varios|proximos) (dias|diazinhos|meses)",
        "[em|daqui a|daqui|por] (algumas|umas|"
            "poucas) semanas", "uns (dias|diazinhos)", "(um tempo|um tempinho|um pouco de tempo)",
        "[um pouco] mais (tempo|prazo|de tempo|de prazo|tempinho|dias|um tempo|um prazo)", "um prazo [maior|a mais]",
        "[na|a] (semana que vem|proxima semana|outra semana|semana q vem|semana seguinte)",
        "[nessa|nesta|essa|esta] semana", "(esse mes|este mes|nesse mes|neste mes|esse ano|este ano)",
        f"[no|o] {_NEXT_MONTH}", "(ano que vem|proximo ano|no ano que vem)",
        f"[no|o|ao] (comeco|inicio|meio|comecinho) (do|de) (mes|ano|{_NEXT_MONTH[1:-1]})",
        "[no] (comeco|inicio|meio|fim|final) da semana", "(com o|quando cair o|no) (decimo terceiro|13 o)", "aos poucos",
        "(durante a semana|meados do mes|qualquer dia|uma hora|em algum momento)",
    )
)  # fmt: skip

_LENGTHS = (
    Row("[mais|uns] {n} <unit> [a mais|de prazo|extra|extras|de prorrogacao|de carencia|de folga|pra frente]", r.duration),
    Row("(outra|outro) <unit>", r.duration, 1),
    Row("{n} (dia|dias) (util|uteis)", r.vague_time),
    Row("meia quinzena", r.days_long, 7),
    Row("meio mes", r.days_long, 15),
    Row("[um] mes e meio", r.days_long, 45),
    Row("{n} (ou|a|-) {n} <unit>", r.vague_time),
    Row("(um dia ou dois|um ou dois dias|uma semana ou duas|uma ou duas semanas|uns {n} ou {n} dias)", r.vague_time),
    Row("[mais] {n} (horas|hora|hrs|h)", r.hours_long),
)  # fmt: skip

_SPLIT = (
    "(dividir|dividam|divide|dividindo|parcelar|parcelo|parcelando|parcela|parcelado|parcelem|fracionar|pagar|pago|quitar|"
    "repartir|desmembrar|refinanciar|fazer|faz|fazem|fatiar|quebrar|negociar|renegociar|acertar)"
)
_COUNTS = (
    Row("[a] metade (agora|hoje|ja|esse mes|essa semana) [e|,] [a] (outra|outra metade|metade|o resto|"
        "resto|o restante)", r.instalments, 2),
    Row("[a] metade [e|,] [a] (metade|outra metade)", r.instalments, 2),
    Row("meio a meio", r.instalments, 2),
    Row("[em|de|com] {n} <part> [iguais|mensais|semanais|fixas|menores|sem juros|pequenas]", r.instalments),
    Row("[em|por] {n} (x|vezes) [sem juros|fixas|iguais|no cartao|no boleto|no cartao de credito]", r.instalments),
    Row(f"{_SPLIT} [isso|tudo|a divida|o valor|o saldo|esse valor|o total] (em|por) {{n}} [meses|semanas|"
        f"quinzenas|vezes|x]", r.instalments),
    Row("por {n} meses", r.instalments),
    Row("[o resto|o restante] em {n} (x|vezes|meses)", r.instalments),
    Row("(plano|acordo) (de|em) {n} (meses|vezes|x|parcelas)", r.instalments),
)  # fmt: skip

_REAIS = "(reais|real|rs|brl|contos|conto|pila|pilas|pau|paus|mangos|mango|reaus|reis|dinheiros|pratas)"
_SUMS = (
    Row(f"r $ {{n}} [{_REAIS[1:-1]}]", r.a_sum("BRL")),
    Row(f"{{n}} {_REAIS}", r.a_sum("BRL")),
    Row("(rs|brl) {n}", r.a_sum("BRL")),
    Row("{n} r $", r.a_sum("BRL")),
    Row("$ {n}", r.a_sum(None)),
    Row("(us|u) $ {n}", r.a_sum("USD")),
    Row("usd {n}", r.a_sum("USD")),
    Row("{n} (usd|dolares|dolar)", r.a_sum("USD")),
    Row("(€|eur) {n}", r.a_sum("EUR")),
    Row("{n} (€|eur|euro|euros)", r.a_sum("EUR")),
    Row("{n}", r.a_bare_sum),
    Row("(as|pelas|das|ate as|depois das|antes das|a partir das|la pelas) {n} [e meia|em ponto|horas|h|hrs]", r.no_value),
    Row("{n} (e meia|da manha|da tarde|da noite|em ponto|am|pm)", r.no_value),
    Row("{n} h [{n}]", r.no_value),
    Row("{n} : {n} [h|hrs]", r.no_value),
    Row("(50|cinquenta) (%|por cento)", r.a_share(1, 2)),
    Row("(um quarto|25 %|a quarta parte)", r.a_share(1, 4)),
    Row("{n} <counted>", r.no_value),
    Row("(opcao|numero|nº|protocolo|contrato|cpf|rg|final|fim|rua|#) {n}", r.no_value),
    Row("(ha|faz|estou ha|tem) {n} <unit> (sem|desempregado|desempregada|parado|parada|internado|"
        "internada|doente)", r.no_value),
    Row("[a|uma|pelo menos a|so a] metade [da divida|do valor|disso|do total|do saldo]", r.a_share(1, 2)),
    Row("(um terco|a terca parte)", r.a_share(1, 3)),
    Row("dois tercos", r.a_share(2, 3)),
    Row("(tudo que devo|tudo o que devo|o valor cheio|tudo de uma vez|tudo junto|a vista|a divida toda|"
        "integralmente)", r.a_share(1, 1)),
    Row("[o|a] (total|saldo|valor|divida|pagamento|parcela|montante|debito|conta) (total|completo|"
        "completa|inteiro|inteira|integral|toda|todo)", r.a_share(1, 1)),
    Row("<paid> tudo [de uma vez|junto|logo]", r.a_share(1, 1)),
    Row("(toda a divida|todo o valor|todo o saldo|todo o debito)", r.a_share(1, 1)),
    Row("[o|um|so o|pagamento] (minimo|valor minimo|pagamento minimo|pagamento parcial)", r.vague_sum),
    Row("(uma parte|parte da divida|parte do valor|alguma coisa|um pouco|um pouquinho|uma entrada|"
        "um valor|um tanto|algum dinheiro)", r.vague_sum),
)  # fmt: skip

_PLACES = (
    Row("(a|o) <ordinal> [opcao|alternativa]", r.ordinal),
    Row("[a] <ordinal> (opcao|alternativa)", r.ordinal),
    Row("[a] (opcao|alternativa) {n}", r.ordinal),
    Row("(a|o) (ultima|ultimo) [opcao]", r.ordinal, -1),
)

_PAID = (
    "pagar pagarei pago pagando depositar deposito depositarei transferir transfiro transferirei mandar mando mandarei "
    "enviar envio quitar quito quitarei dar dou acertar acerto liquidar liquido passar passo fazer faco adiantar "
    "adianto pagamos pagaremos juntar pix fecho fechar quita acertamos"
)

TABLE = SlotTable(
    language="pt",
    numbers=NumberWords(
        small=_SMALL,
        multipliers={"mil": 1000, "k": 1000, "milhao": 1_000_000, "milhoes": 1_000_000, "mi": 1_000_000},
        implied_one=frozenset({"mil"}),
        joiners=frozenset({"e"}),
        decimal_mark="",
    ),
    groups={
        "weekday": _WEEKDAYS,
        "month": _MONTHS,
        "unit": _UNITS,
        "ordinal": _ORDINALS,
        "part": dict.fromkeys(
            words("parcelas parcela parcelinhas prestacoes prestacao pagamentos partes parte mensalidades boletos"), 0
        ),
        "income": dict.fromkeys(
            words("salario pagamento dinheiro grana auxilio aposentadoria beneficio bolsa vale adiantamento fgts decimo pensao"),
            0,
        ),
        "counted": dict.fromkeys(_COUNTED, 0),
        "paid": dict.fromkeys(words(_PAID), 0),
    },
    rows=(*_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_SUMS),
    signs=Signs(
        pay=words(_PAID) | words("consigo posso poderia ofereco"),
        owe=words(
            "devo devia devendo emprestaram emprestado emprestimo peguei ganho ganhava ganhei cobraram cobrando cobram recebi "
            "recebo divida descontaram subiu aparece consta"
        ),
        until=words("ate pra para antes espera espere esperar esperem aguarda aguarde aguardar prazo limite") | words(_PAID),
        each=words("cada por ao mensal mensais semanal semanais mensalmente todo toda"),
        corrected=(
            "nao", "nao melhor", "melhor", "alias", "quer dizer", "digo", "desculpa", "errei", "corrigindo", "na verdade",
            "ou melhor", "opa", "perai", "quis dizer", "nao pera", "melhor dizendo",
        ),
        negated=("nao", "nao e", "nao no", "nao na", "nao em", "nem"),
        refused=(
            "nao posso pagar", "nao consigo pagar", "nao tenho", "nao da pra pagar", "nao posso dar", "nao vou pagar",
            "nao tem como pagar", "nao consigo", "nao dou conta de", "nao devo", "nao posso",
        ),
        either=frozenset({"ou"}),
    ),
    spellings={
        "pra": "para",
        "pro": "para",
        "p": "para",
        "q": "que",
        "amnh": "amanha", "amnha": "amanha", "amn": "amanha", "hj": "hoje", "oje": "hoje",
        "ont": "ontem", "qnd": "quando", "qndo": "quando", "sext": "sexta",
        "kd": "cade", "atraz": "atras",
    },
    languages=PORTUGUESE,
    some_language=("meu idioma", "minha lingua", "outro idioma", "outra lingua", "lingua materna"),
    examples={
        "{day}": "na sexta",
        "{past}": "ontem",
        "{language}": "ingles",
        "{amount}": "500 reais",
        "{date}": "na sexta",
        "{days}": "5 dias",
        "{instalments}": "3 parcelas",
        "{choice}": "a segunda opcao",
        "{digits}": "1234",
        "{number}": "7",
    },
)  # fmt: skip
