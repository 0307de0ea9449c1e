"""Names of firms and people. The places are invented, so no firm of such a name is registered."""

from __future__ import annotations

from dataclasses import dataclass

from runner.demo.synthetic.dice import Dice

# No city of China bears these names today.
PLACES = ("江州", "澜州", "屿城", "汐州", "栎城", "霁州", "岫城", "沄州")

_FIRST = "云瑞恒嘉启晟泰景鸿立佳永锦天星海金华宏德源润博远安正明新卓睿"
_SECOND = "帆达诚信航宇林辉石腾丰和盛昌力禾川创宁驰峰森洋颐维迅"

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余"
_GIVEN = (
    *("建国", "志强", "晓燕", "丽华", "文博", "海涛", "国栋", "雪梅", "伟明", "佳宁", "振宇"),
    *("思远", "静怡", "俊杰", "秀英", "永康", "梓涵", "浩然", "春生", "玉兰", "立新", "庆丰"),
    *("少华", "若琳", "卫东", "明哲", "慧敏", "启航", "德胜", "素芬", "子墨", "光耀"),
)


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: section of GB/T 4754 and what its sheets look like.

    Unit: per mille of revenue (`gross_margin`, `overheads`), of assets (`fixed`), of assets a year
    (`turnover`); days (`receivable_days`, `inventory_days`, `payable_days`).
    """

    section: str
    words: tuple[str, ...]
    weight: int
    gross_margin: int
    overheads: int
    turnover: int
    fixed: int
    receivable_days: int
    inventory_days: int
    payable_days: int


TRADES: tuple[Trade, ...] = (
    Trade("C", ("精密机械", "机电设备", "自动化装备"), 9, 260, 150, 1050, 300, 75, 80, 60),
    Trade("C", ("纺织品", "服装", "印染"), 6, 190, 105, 1400, 260, 55, 85, 50),
    Trade("C", ("包装材料", "塑胶制品", "新型建材"), 6, 200, 110, 1300, 320, 65, 50, 55),
    Trade("C", ("食品", "粮油加工", "乳品"), 5, 210, 125, 1700, 280, 35, 45, 40),
    Trade("C", ("电子元件", "光电科技", "半导体材料"), 6, 280, 165, 950, 330, 80, 75, 65),
    Trade("C", ("医药化工", "生物制药"), 4, 420, 290, 800, 300, 70, 90, 55),
    Trade("F", ("农产品贸易", "建材贸易", "五金机电贸易"), 9, 110, 65, 2300, 60, 45, 40, 35),
    Trade("F", ("连锁超市", "电子商务"), 5, 230, 180, 2100, 150, 12, 35, 50),
    Trade("E", ("建筑工程", "市政工程", "装饰工程"), 7, 140, 75, 1000, 120, 120, 60, 110),
    Trade("G", ("道路运输", "物流", "冷链物流"), 6, 180, 110, 1150, 520, 60, 6, 40),
    Trade("I", ("软件技术", "信息技术", "数据服务"), 6, 450, 330, 900, 90, 85, 15, 35),
    Trade("H", ("酒店管理", "餐饮管理"), 4, 520, 440, 1100, 480, 8, 12, 45),
    Trade("A", ("农业科技", "畜牧养殖", "水产养殖"), 4, 240, 140, 900, 380, 30, 95, 40),
    Trade("D", ("热力", "新能源发电"), 3, 330, 110, 450, 700, 50, 10, 45),
    Trade("L", ("设备租赁", "商务服务"), 3, 350, 220, 700, 350, 60, 8, 30),
    Trade("M", ("检测技术", "工程设计"), 3, 420, 290, 900, 180, 90, 10, 30),
    Trade("N", ("环保科技", "水务"), 3, 310, 150, 600, 480, 95, 15, 60),
    Trade("Q", ("康复医院管理",), 1, 380, 290, 850, 450, 55, 20, 45),
    Trade("R", ("文化传媒", "影视制作"), 2, 360, 270, 800, 120, 90, 30, 40),
)
TRADES_BY_WEIGHT = tuple(trade for trade in TRADES for _ in range(trade.weight))
GROUP_WORD = "控股集团"

DIVISIONS = (
    *("110105", "120101", "130100", "140100", "210100", "310115", "320500", "320100", "330100"),
    *("330200", "340100", "350100", "360100", "370100", "370200", "410100", "420100", "430100"),
    *("440100", "440300", "450100", "500103", "510100", "520100", "530100", "610100", "650100"),
)

_SHORT = len(_FIRST) * len(_SECOND)
BRANDS_MAX = _SHORT * (1 + len(_SECOND))


def brand(index: int) -> str:
    """The brand of a number; two numbers below BRANDS_MAX never share one.

    Steps through first and last characters together, so that neighbours differ in both. Once all
    of two characters are used, a third stands between them.
    """
    middle, short = divmod(index, _SHORT)
    first = short % len(_FIRST)
    last = (short // len(_FIRST) + short) % len(_SECOND)
    between = _SECOND[middle - 1] if middle else ""
    return _FIRST[first] + between + _SECOND[last]


def company_name(place: str, of: str, word: str) -> str:
    """A full registered name."""
    return f"{place}{of}{word}有限公司"


def person_name(dice: Dice, name: str) -> str:
    """A person's name."""
    return dice.pick(f"{name}/surname", _SURNAMES) + dice.pick(f"{name}/given", _GIVEN)
