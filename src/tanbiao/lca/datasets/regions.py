"""Regions by the codes that factors carry: CN, CN-SH, GB, GLO; found by the words that tables write."""

from __future__ import annotations

import re
import unicodedata

_CODES = {
    "BJ": "北京 Beijing", "TJ": "天津 Tianjin", "HE": "河北 Hebei", "SX": "山西 Shanxi", "NM": "内蒙古 Inner Mongolia",
    "LN": "辽宁 Liaoning", "JL": "吉林 Jilin", "HL": "黑龙江 Heilongjiang", "SH": "上海 Shanghai", "JS": "江苏 Jiangsu",
    "ZJ": "浙江 Zhejiang", "AH": "安徽 Anhui", "FJ": "福建 Fujian", "JX": "江西 Jiangxi", "SD": "山东 Shandong",
    "HA": "河南 Henan", "HB": "湖北 Hubei", "HN": "湖南 Hunan", "GD": "广东 Guangdong", "GX": "广西 Guangxi",
    "HI": "海南 Hainan", "CQ": "重庆 Chongqing", "SC": "四川 Sichuan", "GZ": "贵州 Guizhou", "YN": "云南 Yunnan",
    "XZ": "西藏 Tibet", "SN": "陕西 Shaanxi", "GS": "甘肃 Gansu", "QH": "青海 Qinghai", "NX": "宁夏 Ningxia",
    "XJ": "新疆 Xinjiang", "HK": "香港 Hong Kong", "MO": "澳门 Macao", "TW": "台湾 Taiwan",
}  # fmt: skip
_BY_NAME = {
    "中国": "CN", "全国": "CN", "china": "CN", "中国大陆": "CN", "全球": "GLO", "世界": "GLO", "global": "GLO",
    "world": "GLO",
    "欧洲": "RER", "europe": "RER", "欧盟": "EU", "英国": "GB", "united kingdom": "GB", "uk": "GB", "美国": "US",
    "united states": "US", "usa": "US", "日本": "JP", "japan": "JP", "韩国": "KR", "德国": "DE", "germany": "DE",
    "其他地区": "RoW", "rest of world": "RoW",
}  # fmt: skip
for _code, _names in _CODES.items():
    for _name in (_names.split(" ", 1)[0], _names.split(" ", 1)[1].casefold()):
        _BY_NAME[_name] = f"CN-{_code}"
#: as ILCD databases of China write places: the city, its province, the country (HF-AH-CN); provinces as spelt there
_INSIDE_OUT = re.compile(r"(?:[A-Z]{2,4}-)?([A-Z]{2,4})-CN")
_SPELT = {"HAIN": "HI", "HEB": "HE", "HEN": "HA", "HLJ": "HL", "HUB": "HB", "HUN": "HN", "NMG": "NM", "SAX": "SN"}
_SUFFIX = re.compile(r"(省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$")
_CODE = re.compile(r"[A-Z]{2,3}|CN-[A-Z]{1,4}|RoW")


def region_code(written: str) -> str:
    """The code of a region by its name or code; a place that is not in the list stands as it was written."""
    text = " ".join(unicodedata.normalize("NFKC", written).split())
    if _CODE.fullmatch(text):
        return text
    if (found := _INSIDE_OUT.fullmatch(text)) and (province := _SPELT.get(found[1], found[1])) in _CODES:
        return f"CN-{province}"
    return _BY_NAME.get(text.casefold()) or _BY_NAME.get(_SUFFIX.sub("", text)) or text


def region_in(text: str) -> str:
    """The code of the region an address names (上海市宝山区… gives CN-SH), a province before its country; or ""."""
    folded = text.casefold()
    named = [("-" not in code, at, code) for name, code in _BY_NAME.items() if (at := _at(name, folded)) >= 0]
    return min(named)[2] if named else ""


def _at(name: str, text: str) -> int:
    """Where a name stands in a text, -1 where it does not; one in Latin script is a word of its own."""
    if not name.isascii():
        return text.find(name)
    found = re.search(rf"\b{re.escape(name)}\b", text)
    return found.start() if found else -1
