"""Chinese: 三千二, 1.2万, 下周五, 月底, 半个月, 分三期. Month first. Cantonese (听日, 一千蚊) and Taiwan's words are here too.

Both scripts share the rows, because traditional characters are folded before. Only money differs: 块 and 元 are the yuan
in simplified Chinese; in traditional Chinese they, and $, are the dollars of the place, so the loan tells which.
"""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.slots import readings as r
from bot.understanding.slots.grammar import Row, Signs, SlotTable, words
from bot.understanding.slots.languages import CHINESE
from bot.understanding.slots.numbers import NumberWords

_SMALL = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_WEEKDAYS = {
    f"{week}{day}": number
    for week in ("周", "星期", "礼拜", "拜")
    for day, number in (
        ("一", 0), ("二", 1), ("三", 2), ("四", 3), ("五", 4), ("六", 5), ("日", 6), ("天", 6),
        ("1", 0), ("2", 1), ("3", 2), ("4", 3), ("5", 4), ("6", 5),
    )
}  # fmt: skip
_UNITS = {
    "天": 1, "日": 1, "周": 7, "个星期": 7, "星期": 7, "个礼拜": 7, "礼拜": 7, "个周": 7, "个月": 30, "月": 30,
}  # fmt: skip

_PARTS_OF_DAY = words("朝早 晏昼 夜晚 早上 上午 中午 下午 晚上 傍晚 夜里 早晨 一早 凌晨")
_BEFORE = words("之前 以前 前 或之前")
_LATER = words("后 之后 以后 过后")
_INSIDE = words("内 之内 以内 里 里面 里边")

#: What numbers count that is not money.
_COUNTED = words(
    "次 个 岁 年 遍 人 口 条 通 分钟 % 个电话 个人 个孩子 年前 级 楼 位 家 套 倍 折 分 下 点儿 点多 张 样 本 种 句 "
    "起 只 件 些 直 般 定 共"
)
_SOME = words(
    "一部分 部分 一点 一些 点 一点点 些 最低 最低还款 最低还款额 最低额 最低金额 几百 几千 几百块 几千块 一两千 两三百 两三千"
)
#: Words that hold a number word and no number.
_IDIOMS = words(
    "一下 一直 一样 一般 一定 一共 一起 一边 一切 一旦 十分 万一 千万 千万别 三番五次 三天两头 两清 乱七八糟 "
    "一概 一律 统一 唯一 百度"
)

_DAYS = (
    Row("(今天|今晚|今日|今儿|今夜|当天|待会|待会儿|一会儿|等会|等会儿|等一下|晚些时候) [<part of day>]", r.days_from_today, 0),
    Row("(今天|今日|今儿) [<part of day>] (之前|以前|前|内|之内)", r.days_from_today, 0),
    Row("(明天|明日|明儿|明晚|明早|明儿个|第二天|隔天) [<part of day>] [<before>]", r.days_from_today, 1),
    Row("(听日|听晚|听朝|明朝|翌日) [<part of day>] [<before>]", r.days_from_today, 1),
    Row("(今朝|今晚夜|等阵|阵间) [<part of day>] [<before>]", r.days_from_today, 0),
    Row("(寻日|琴日|噚日|寻晚|琴晚|噚晚) [<part of day>]", r.days_from_today, -1),
    Row("(后天|后日|后儿) [<part of day>] [<before>]", r.days_from_today, 2),
    Row("(大后天|大后日) [<part of day>] [<before>]", r.days_from_today, 3),
    Row("(昨天|昨晚|昨日|昨儿) [<part of day>]", r.days_from_today, -1),
    Row("(前天|前晚|前日)", r.days_from_today, -2),
    Row("大前天", r.days_from_today, -3),
    Row("<unit> 前", r.vague_time),
    Row("{n} <unit> (前|之前|以前)", r.vague_time),
    Row("[再] [过] {n} <unit> <later>", r.after),
    Row("再过 {n} <unit>", r.after),
    Row("过 {n} <unit>", r.after),
    Row("[在] [这] {n} <unit> <inside>", r.after),
    Row("半个月 <later>", r.days_from_today, 15),
    Row("(半个月|半月) (内|之内|以内)", r.days_from_today, 15),
    Row("[再] 过半个月", r.days_from_today, 15),
    Row("{n} (个小时|小时|钟头|个钟头) (<later>|<inside>)", r.hours_from_now),
    Row("(半小时|半个小时|{n} 分钟|几分钟|几个小时|半个钟头) (<later>|<inside>)", r.days_from_today, 0),
    Row("<weekday> [<part of day>] [<before>]", r.weekday),
    Row("(这|这个|本|这一|呢|呢个|今个|今) <weekday> [<part of day>] [<before>]", r.this_weekday),
    Row("(下|下个|下一个) <weekday> [<part of day>] [<before>]", r.weekday, 1),
    Row("(下下|下下个) <weekday> [<part of day>] [<before>]", r.weekday, 2),
    Row("(上|上个) <weekday>", r.weekday),
    Row("(周末|这周末|本周末|这个周末|礼拜末)", r.either_weekday),
    Row("(下周末|下个周末)", r.either_weekday, 1),
    Row("{n} (号|日) [<part of day>] [<before>]", r.day_of_month),
    Row("[这个|本|当] 月 {n} (号|日) [<before>]", r.day_of_month),
    Row("(这个月|本月|当月) {n} (号|日) [<part of day>] [<before>]", r.day_of_month),
    Row("(下个月|下月) {n} [号|日] [<part of day>] [<before>]", r.day_of_month_ahead, 1),
    Row("(下下个月|下下月) {n} [号|日] [<before>]", r.day_of_month_ahead, 2),
    Row("(上个月|上月) {n} (号|日)", r.day_of_month_ahead, 1),
    Row("(每个月|每月|每个月的|每月的) {n} (号|日)", r.day_of_month),
    Row("[阳历|公历] {n} 月 [份] {n} [号|日] [<part of day>] [<before>]", r.month_day_numbers),
    Row("{year} 年 {n} 月 {n} [号|日] [<before>]", r.year_month_day),
    Row("{year} (-|/|.) {n} (-|/|.) {n}", r.year_month_day),
    Row("{n} (-|/) {n} (-|/) {year}", r.year_last, 1),
    Row("{n} / {n} [号|日] [<before>]", r.month_day_numbers),
    Row("{dotted} (号|日|之前|以前|前|那天|还|还款|还清|还上)", r.dotted),
    Row("(这个月尾|今个月尾|呢个月尾|本月尾|今个月底|呢个月底) [<before>]", r.month_end, 0),
    Row("(月底|月末|本月底|这个月底|这月底|本月末|月底月末|月尾) [<before>]", r.month_end, 0),
    Row("(下个月尾|下月尾|出月尾|下个月底|下月底|下个月末|下月末|下个月的月底) [<before>]", r.month_end, 1),
    Row("(年底|年末|今年底|今年年底) [<before>]", r.year_end),
    Row("(元旦|元旦节|新年第一天) [<before>]", r.yearly, 101),
    Row("(元旦前|元旦之前|元旦以前)", r.yearly_or_day_before, 101),
    Row("(圣诞|圣诞节)", r.yearly, 1225),
    Row("(国庆|国庆节|十一国庆)", r.yearly, 1001),
    Row("(五一|劳动节|五一节)", r.yearly, 501),
    Row("(春节|大年初一|正月初一|过年那天)", r.spring_festival, 0),
    Row("(除夕|大年三十|年三十|除夕夜)", r.spring_festival, -1),
    Row("(过年|春节) (前|之前|以前)", r.spring_festival, -1),
    Row("(正月十五|元宵节|元宵)", r.spring_festival, 14),
)  # fmt: skip

_VAGUE_TIMES = tuple(
    Row(pattern, r.vague_time)
    for pattern in (
        "(马上|立刻|现在就|晚点|立马)",
        "[再] 过 (几|些|两三|三四|三五|十来|十几) (天|日)", "(几|些|两三|三五|十几) 天 [后|之后|以后|内|之内]",
        "(过|等) [一] (段|阵) [时间|子]", "[等] (过|再过) 一阵", "[等] 过段时间", "过些日子", "过几日", "改天", "回头",
        "(晚|迟|缓|宽限|延|多) (几|几多|两三) (天|日)", "初 {n}", "月头", "(下|下个|出) (月头|粮期)",
        "[等] (出|出了|领|领了|发|支) (粮|双粮|薪|薪水|工资|人工|花红|奖金) [了|后|之后|以后|那日|那天|当日|当天|就|先]",
        "(发薪日|出粮日|领薪日)",
        "(呢个|这个|今个|下个|呢|今) (礼拜|星期)", "(迟些|迟下|稍后|晚点|晚一点|迟少少|过排|过阵)",
        "[等] 发了工资 [后|之后|以后|那天]",
        "[等] 发工资 [了|后|之后|以后|那天|的时候|时|当天|就]", "[等] <income> <arrives> [了] [<later>|就]",
        "[等] 开工资 [了|后|那天]", "[等] 有钱 [了] [的时候|后|之后|以后|就]", "[等] 手头 (宽裕|松) [了|点|一点] [后|的时候]",
        "(下周|下个星期|下星期|下礼拜|下个礼拜|这周|本周|这个星期|这星期|这礼拜|本星期|这一周)",
        "(下个月|下月|这个月|本月|当月|这月)",
        "(下个月|下月|月|下个月的) (初|中|中旬|上旬|下旬)", "月中", "月初", "年后", "过完年 [后|之后]", "年前", "(明年|今年)",
        "(最近|近期|以后|之后|到时候|到时|届时|尽快|尽早|早点|迟些|晚点再|过后)", "[这] (两天|几天|两日|几日)",
        "(一两|两三|三四|三五|五六|七八) (天|周|个月|个星期|个礼拜)",
    )
)  # fmt: skip

_LENGTHS = (
    Row("{n} 月 [份]", r.named_month),
    Row("{n} <unit> [时间|的时间|左右|功夫]", r.duration),
    Row("(半个月|半月|半拉月) [时间|的时间]", r.days_long, 15),
    Row("一个半月", r.days_long, 45),
    Row("个把 (月|星期)", r.vague_time),
    Row("(成|一) 个 几 月", r.vague_time),
    Row("{n} (个小时|小时|个钟头|钟头)", r.hours_long),
)

_COUNTS = (
    Row("一半 [,] [另|另外|剩下|剩下的] 一半", r.instalments, 2),
    Row("(分|分成|分做|分个|拆成|拆|分作|做|办) {n} (期|次|个月|笔|份|批|回|个期|部分|期还|次还)", r.instalments),
    Row("(分|分成|分开|分返) {n} (还|付|给|期|次|个月|个月还|找|缴)", r.instalments),
    Row("{n} (期|个期)", r.instalments),
    Row("{n} (个月|月) (还清|还完|结清|付清|还|内分期|分期)", r.instalments),
    Row("(分期|摊到|摊|平摊到|分摊到|分摊|分期还) {n} (个月|期|次|月)", r.instalments),
    Row("{n} (次|回) (还清|还完|付清|还|结清|性还)", r.instalments),
    Row("(剩下|剩下的|余下|余下的|其余|其余的|剩余|剩余的) [分] {n} (期|次|个月)", r.instalments),
    Row("(一次性|一次|一次还清)", r.no_value),
    Row("第 {n} (期|次)", r.no_value),
    Row("{n} (期|次) (没还|逾期|都还了|还了|未还)", r.no_value),
)  # fmt: skip

#: Money that says of itself whose it is not.
_OWN_MONEY = "{n} [多|几] (元|块|块钱|元钱|圆|大洋|元整|块大洋)"
_SIMPLIFIED_SUMS = (Row(_OWN_MONEY, r.a_sum("CNY")), Row("$ {n}", r.a_sum("USD")))
_TRADITIONAL_SUMS = (
    Row(_OWN_MONEY, r.a_sum(None)),
    Row("$ {n} [元|块|蚊]", r.a_sum(None)),
    Row("{n} (毫|毫子|角)", r.no_value),
)


def _put_off(hearing: r.Hearing) -> r.Reading | None:
    days = hearing.whole(0)
    return r.Reading("days", number=days) if days is not None and 0 < days <= 365 else None


#: "三日" alone is the third of the month; put off by so much it is three days.
_PUT_OFF = (Row("(迟|晚|拖|延|缓|宽限|延后|延迟|多|给|给我|多给我) [多|我] {n} 日", _put_off),)

_SUMS = (
    Row("(¥|rmb|人民币|cny) {n} [元|块|块钱]", r.a_sum("CNY")),
    Row("{n} [多] (人民币|rmb)", r.a_sum("CNY")),
    Row("(美元|美金|usd) {n}", r.a_sum("USD")),
    Row("us $ {n}", r.a_sum("USD")),
    Row("{n} [几] (蚊|蚊鸡|水|蚊纸)", r.a_sum("HKD")),
    Row("(港币|港元|hkd) {n} [元|块|蚊]", r.a_sum("HKD")),
    Row("(新台币|台币|ntd|twd|nt) [$] {n} [元|块]", r.a_sum("TWD")),
    Row("{n} (美元|美金|刀|美刀|usd)", r.a_sum("USD")),
    Row("{n} [元|块|蚊] (港币|港元|港纸|hkd)", r.a_sum("HKD")),
    Row("hk $ {n} [元|块|蚊]", r.a_sum("HKD")),
    Row("{n} [元|块] (新台币|台币|ntd|twd)", r.a_sum("TWD")),
    Row("{n} (欧元|欧)", r.a_sum("EUR")),
    Row("{n} (英镑|镑)", r.a_sum("GBP")),
    Row("{n}", r.a_bare_sum),
    Row("{n} (点|点钟|时|点半|点之前|点前|点以前)", r.clock_time),
    Row("{n} : {n}", r.no_value),
    Row("{n} <counted>", r.no_value),
    Row("百分之 {n}", r.no_value),
    Row("(百分之五十|50%)", r.a_share(1, 2)),
    Row("(第|编号|尾号|后四位|客服|工号) {n}", r.no_value),
    Row("{n} 号 (客服|员工|楼)", r.no_value),
    Row("(一半|半数|二分之一|五成)", r.a_share(1, 2)),
    Row("三分之一", r.a_share(1, 3)),
    Row("三分之二", r.a_share(2, 3)),
    Row("(四分之一|两成半)", r.a_share(1, 4)),
    Row("(全部|全额|所有|全款|总额|全数|全部的钱|所有的钱|整笔|全部欠款|所有欠款)", r.a_share(1, 1)),
    Row("<some>", r.vague_sum),
    Row("<idiom>", r.no_value),
)  # fmt: skip

_PLACES = (
    Row("第 {n} (个|种|项|条|款|档|套|方案|笔|行)", r.ordinal),
    Row("(选|要|方案|选项|选第) {n}", r.ordinal),
    Row("(最后|最后一个|最后那个|后面那个|最后一种|最下面那个)", r.ordinal, -1),
    Row("(前者|前面那个|上面那个)", r.ordinal, 1),
    Row("后者", r.ordinal, -1),
)

TABLE = SlotTable(
    language="zh",
    numbers=NumberWords(
        small=_SMALL,
        multipliers={
            "十": 10,
            "百": 100,
            "千": 1000,
            "万": 10_000,
            "亿": 100_000_000,
            "旧": 100,
            "嚿": 100,
            "拾": 10,
            "佰": 100,
            "仟": 1000,
            "w": 10_000,
            "k": 1000,
        },
        implied_one=frozenset({"十", "拾"}),
        joiners=frozenset({"零"}),
        elided=True,
    ),
    groups={
        "weekday": _WEEKDAYS,
        "unit": _UNITS,
        "counted": dict.fromkeys(_COUNTED, 0),
        "some": dict.fromkeys(_SOME, 0),
        "idiom": dict.fromkeys(_IDIOMS, 0),
        "part of day": dict.fromkeys(_PARTS_OF_DAY, 0),
        "income": dict.fromkeys(words("工资 薪水 奖金 货款 钱 款 工程款 提成 年终奖"), 0),
        "arrives": dict.fromkeys(words("发 到 下来 到账 到位 发下来 回来 结"), 0),
        "before": dict.fromkeys(_BEFORE, 0),
        "later": dict.fromkeys(_LATER, 0),
        "inside": dict.fromkeys(_INSIDE, 0),
    },
    rows=(*_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_SIMPLIFIED_SUMS, *_SUMS),
    signs=Signs(
        pay=words("还 付 给 转 打 交 汇 凑 出 拿 存 缴 入"),
        owe=words("欠 争 借 赚 挣 收 扣 骗 贷 多"),
        until=words("到 至 还 付 转 前 再 等 给"),
        each=words("每 各"),
        corrected=(
            "不对",
            "不是",
            "说错了",
            "打错了",
            "错了",
            "应该是",
            "改成",
            "改到",
            "哦不",
            "还是",
            "算了",
            "不不",
            "更正",
            "讲错",
        ),
        negated=("不是", "不要", "别"),
        refused=(
            "还不了",
            "还不起",
            "拿不出",
            "付不起",
            "没有",
            "凑不出",
            "凑不齐",
            "不能还",
            "没法还",
            "还不到",
            "给不到",
            "给不起",
            "缴不出",
            "缴不起",
        ),
        either=frozenset({"或", "或者", "要么", "抑"}),
    ),
    spellings={},
    languages=CHINESE,
    some_language=(
        "我的语言",
        "母语",
        "其他语言",
        "别的语言",
        "外语",
        "另一种语言",
        "方言",
        "家乡话",
        "四川话",
        "客家话",
    ),
    examples={
        "{day}": "周五",
        "{past}": "昨天",
        "{language}": "英文",
        "{amount}": "500元",
        "{date}": "周五",
        "{days}": "5天",
        "{instalments}": "分三期",
        "{choice}": "第二个",
        "{digits}": "1234",
        "{number}": "7",
    },
)

TRADITIONAL = replace(
    TABLE,
    language="zh-Hant",
    rows=(*_PUT_OFF, *_DAYS, *_VAGUE_TIMES, *_LENGTHS, *_COUNTS, *_PLACES, *_TRADITIONAL_SUMS, *_SUMS),
)
