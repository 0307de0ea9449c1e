"""Names that look alike (形似名称): what two firms share whose names differ only to a machine.

`domain.texts.name_key` folds width, case and spaces, which is enough to search. A forger goes
further: letters of another alphabet, a digit for a letter, the other form of a character, a
bracket less, 有限责任公司 for 有限公司. All of these fold here.

Sources: Unicode Technical Standard 39 for the idea of a skeleton and the letters; the tables are
this product's own and small. A skeleton only ever warns a person, who may say that the firms
differ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

SKELETON_LENGTH_MAX = 200

# Letters by their shape, before case is folded: В looks like B, в does not look like b.
_CYRILLIC = dict(
    zip("АВЕЅІЈКМНОРСТУХЗаеѕіјорсухԁԛԝһ", "ABESIJKMHOPCTYX3aesijopcyxdqwh", strict=True)
)
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιονρυϲ", "ABEZHIKMNOPTYXaiovpuc", strict=True))
_OTHER = {"ı": "i", "ɑ": "a", "ɡ": "g", "ꓢ": "S", "Ӏ": "l", "ӏ": "l", "0": "o", "1": "l", "|": "l"}
_LETTERS: Mapping[int, str] = str.maketrans({**_CYRILLIC, **_GREEK, **_OTHER})

# Traditional forms that occur in names of firms, with the simplified ones.
_TRADITIONAL = (
    "國国業业東东華华龍龙實实興兴發发電电機机車车貿贸資资產产開开設设計计銀银錢钱鋼钢鐵铁"
    "銅铜鋁铝鎮镇長长門门廣广廠厂億亿萬万與与麗丽寶宝豐丰達达運运進进遠远聯联網网縣县"
    "灣湾濟济滬沪蘇苏蘭兰藥药醫医學学藝艺術术農农漁渔漢汉環环園园圖图團团員员場场堅坚"
    "塊块壓压處处備备傳传價价優优創创勝胜動动務务勞劳區区協协單单參参雙双變变號号"
    "圓圆報报壽寿夢梦奧奥師师帶带幣币幹干庫库應应廈厦張张強强徑径從从態态慶庆"
    "憶忆戰战戶户擇择據据擔担數数斷断時时曉晓書书會会條条來来極极構构樂乐標标樓楼樹树"
    "橋桥歐欧歲岁歷历氣气決决沒没淨净滿满潔洁澤泽煉炼煙烟熱热營营爾尔獎奖現现瑪玛"
    "當当療疗監监盤盘碼码礦矿禮礼種种積积穩稳競竞筆笔節节範范築筑簡简類类糧粮紅红"
    "紙纸級级純纯紡纺細细紹绍終终組组結结絕绝絲丝經经綠绿維维綱纲線线緣缘編编練练"
    "縱纵總总績绩織织繼继續续羅罗義义習习聖圣聲声職职聽听脈脉腦脑臺台葉叶蓋盖蔣蒋"
    "衛卫裝装補补製制複复見见規规視视親亲覺觉觀观訂订認认訊讯討讨訓训記记許许評评"
    "詞词試试詩诗話话該该詳详語语誠诚說说課课調调談谈請请論论證证識识譯译議议護护"
    "讀读讓让貝贝負负財财貢贡貨货販贩質质費费賀贺賓宾賢贤賣卖賴赖購购賽赛贏赢趙赵"
    "軌轨軍军軟软軸轴較较載载輕轻輝辉輪轮輯辑輸输轉转辦办農农連连週周過过適适選选"
    "遺遗郵邮鄉乡鄭郑鄧邓醬酱釀酿針针鈣钙鉑铂鉛铅銘铭銷销鋒锋錄录錦锦鍋锅鎂镁鏈链"
    "鏡镜鑄铸鑽钻閃闪閉闭間间閣阁關关陳陈陽阳階阶際际陸陆隊队險险隨随雜杂離离"
    "難难雲云霧雾靈灵靜静韓韩頂顶項项順顺預预領领題题顏颜願愿風风飛飞飯饭飲饮飼饲"
    "測测絡络紀纪為为歡欢鳴鸣嶺岭島岛橫横壩坝鹽盐釘钉鈦钛鋰锂鎳镍鋅锌錳锰鎢钨稅税賬账詢询諮咨"
    "館馆馬马駐驻駿骏騰腾驗验驛驿魚鱼鮮鲜鳥鸟鳳凤鴻鸿鵬鹏麥麦黃黄點点齊齐齒齿"
)
_SIMPLE: Mapping[int, str] = str.maketrans(dict(zip(*[iter(_TRADITIONAL)] * 2, strict=True)))

_LEGAL_FORMS = (
    ("有限责任公司", "有限公司"),
    ("股份有限责任公司", "股份有限公司"),
)
_WORDS: Mapping[str, str] = {
    "limited": "ltd",
    "company": "co",
    "corporation": "corp",
    "incorporated": "inc",
}
_WORD = re.compile("[a-z]+")
_LATIN_ACCENTS = range(0x300, 0x370)


def skeleton(name: str) -> str:
    """What look-alike names share; at most 200 characters, never empty for a visible name."""
    decomposed = unicodedata.normalize("NFKD", name)
    bare = "".join(one for one in decomposed if ord(one) not in _LATIN_ACCENTS)
    # NFC: what was taken apart for its accents, Korean syllables among them, is put together.
    shaped = unicodedata.normalize("NFC", bare).translate(_LETTERS).casefold().translate(_SIMPLE)
    worded = _WORD.sub(lambda word: _WORDS.get(word[0], word[0]), shaped)
    kept = "".join(one for one in worded if one.isalnum()) or "".join(worded.split())
    for long, short in _LEGAL_FORMS:
        kept = kept.replace(long, short)
    return kept[:SKELETON_LENGTH_MAX]
