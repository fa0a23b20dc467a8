"""Units as background databases write them, brought to base units; one that is not known stays a kind of its own.

To the units of `lca.units` come those of openLCA, ILCD, EcoSpold and SimaPro: US and imperial ones by their exact
definitions (1 lb = 0.45359237 kg, 1 Btu = 1055.05585262 J), products such as m2*a, t*mi or ha a by their parts. As in
the reference units of those formats a year has 365 days, "ton" is a metric one, "gal" and "bbl" are the US ones for
liquids, and "p" alone is a piece but a person in p*km. Money of a given year ("EUR 2000") is not that of today.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from tanbiao.lca import units

# base unit -> "factor = written forms, separated by bars"
_FURTHER: dict[str, str] = {
    "kg": """
        1 = kilogram | Kg | KG
        0.001 = gram | gm
        1000 = Mg | metric ton | metric tonne | tonne | ton | tons | tn
        1e6 = kt | Gg | kton
        1e9 = Mt | Mton | Tg
        0.1 = hg
        0.01 = dag
        1e-4 = dg
        1e-5 = cg
        1e-6 = mg
        1e-9 = ug | μg
        1e-12 = ng
        1e-15 = pg
        0.45359237 = lb | lbs | lb av | pound
        0.028349523125 = oz | oz av
        0.0311034768 = oz t
        0.00155517384 = dwt
        6.479891e-5 = gr
        0.0017718451953125 = dr (Av)
        907.18474 = sh tn | short ton | tn.sh
        1016.0469088 = long tn | long ton | tn.lg
        45.359237 = cwt
        0.0002 = ct | metric Carat | metrisches Karat
        50 = centner | Zentner
    """,
    "MJ": """
        1e-6 = J
        1e9 = PJ
        1e12 = EJ
        0.0036 = Wh
        3.6 = kwh | KWh | KWH | kilowatt hour
        3.6e9 = TWh
        4.1868e-6 = cal
        0.0041868 = kcal
        4.1868 = Mcal
        4186.8 = Gcal
        0.00105505585262 = Btu | btu | BTU
        1055.05585262 = MMBtu | MMBTU | mmbtu | mmBtu
        105.505585262 = therm | thm
        29307.6 = TCE
        41868 = TOE | toe
        2.6845195376961733 = hp*h | hph
    """,
    "m3": """
        1 = cubic meter | cubic metre
        0.001 = l | liter | litre | dm3 | ltr
        0.1 = hl
        0.01 = dal
        1e-4 = dl
        1e-5 = cl
        1e-6 = ml | mL | cm3
        1e-9 = ul | μl | mm3
        1e9 = km3
        0.003785411784 = gal | gal* | gal (US liq) | gal (US fl) | gal (US)
        0.00440488377086 = gal (US dry)
        0.00454609 = gal (Imp) | gal (UK)
        0.000946352946 = qt (US liq)
        0.001101220942715 = qt (US dry)
        0.000473176473 = pt (US fl)
        0.0005506104713575 = pt (US dry)
        0.00056826125 = pt (Imp)
        2.95735295625e-5 = US fl oz
        2.84130625e-5 = fl oz (Imp)
        0.000118294118250 = gill
        0.158987294928 = bbl
        0.119240471196 = bl (US fl)
        0.115627123584 = bl (US dry)
        0.117347765304 = bl (US beer)
        0.16365924 = bl (Imp)
        0.03523907016688 = bsh (US) | bushel
        0.03636872 = bsh (Imp)
        0.00880976754172 = pk
        0.028316846592 = ft3 | cu ft | cuft | cu.ft
        0.764554857984 = yd3 | cu yd | cu.yd
        1.6387064e-5 = in3 | cu.in
    """,
    "Nm3": "1 = normal cubic meter",
    "m2": """
        1 = sqm | qm
        10000 = ha
        100 = are
        1e6 = km2 | qkm
        0.01 = dm2
        1e-4 = cm2
        1e-6 = mm2
        0.09290304 = ft2 | sqft | sq.ft | sq ft
        0.00064516 = in2 | sq.in
        0.83612736 = yd2 | sq.yd
        4046.8564224 = acre | ac
        2589988.110336 = mi2 | sq.mi
        3429904 = nmi2
    """,
    "km": """
        0.001 = meter | metre
        0.1 = hm
        0.01 = dam
        1e-4 = dm
        1e-5 = cm
        1e-6 = mm
        1e-9 = um | μm
        2.54e-5 = in | inch
        0.0003048 = ft | foot
        0.0009144 = yd | yard
        1.609344 = mi | mile
        1.852 = nmi
        0.201168 = fur
        0.0201168 = ch
        0.0018288 = ftm
    """,
    "h": """
        1 = hr | hour | hours
        24 = day | days
        8760 = a | yr | y | year | years
    """,
    "piece": """
        1 = Item(s) | Items | items | item | unit | units | p | pcs.
        12 = Dozen(s)
        1000 = kp
    """,
    "kBq": """
        0.001 = Bq
        1e3 = MBq
        1e6 = GBq
        1e9 = TBq
        1e-6 = mBq
        1e-9 = uBq | μBq
        1e-12 = nBq
        3.7e7 = Ci
        1000 = Rutherford
    """,
    "mol": "1000 = kmol",
    "CNY": "1 = RMB",
}
# Seconds and minutes are no decimal fractions of an hour.
_FRACTIONS = {"min": ("h", Fraction(1, 60)), "s": ("h", Fraction(1, 3600))}

# Only as a part of a product: what is moved, and what moves.
_MOVED = {
    "p": "person", "person": "person", "persons": "person", "passenger": "person", "pers": "person",
    "v": "vehicle", "vehicle": "vehicle", "vehicles": "vehicle",
}  # fmt: skip
# Base units of two parts -> base unit of their product, and how many of it one product of the parts is.
_PRODUCTS = {
    ("kg", "km"): ("t*km", Fraction(1, 1000)),
    ("person", "km"): ("p*km", Fraction(1)),
    ("vehicle", "km"): ("v*km", Fraction(1)),
    ("m3", "km"): ("m3*km", Fraction(1)),
    ("piece", "km"): ("piece*km", Fraction(1)),
    ("m2", "h"): ("m2*a", Fraction(1, 8760)),
    ("m3", "h"): ("m3*a", Fraction(1, 8760)),
    ("kg", "h"): ("kg*a", Fraction(1, 8760)),
    ("km", "h"): ("km*a", Fraction(1, 8760)),
    ("piece", "h"): ("piece*a", Fraction(1, 8760)),
}
# Products written in one word; "ma", a metre over a year, is ecoinvent's, "my" and the like SimaPro's.
_ONE_WORD = re.compile(
    r"(kg|kt|t|lb|l|m3|pers|person|passenger|p|vehicle|v)(km|mi|nmi)\*?"
    r"|(m2|ha|km2|cm2|mm2|ft2|sqft|mi2|acre|m3|l|cm3|kg|g|t|ton|km|m|mi)(a|y|yr|year|d|day)\*?"
)


def in_base(symbol: str) -> tuple[str, float] | None:
    """The base unit of a unit of a source, and how many of it one is: ("kg", 0.45359237) for "lb"; None if unknown.

    Base units: kg, MJ, m3, Nm3, m2, km, h, piece, t*km, p*km, v*km, m2*a, m3*a, kg*a, km*a, kBq, mol, CNY, USD, EUR
    and a few more; each is a unit of `lca.units` too.
    """
    found = _found(_normal(symbol))
    return found and (found[0], float(found[1]))


def as_unit(symbol: str) -> tuple[units.Unit, Decimal] | None:
    """A unit of product systems, and how many of it one unit of the source is; None where nothing is written so."""
    try:
        return units.unit(symbol), Decimal(1)
    except units.UnknownUnit:
        base = in_base(symbol)
    return (units.unit(base[0]), units.exact(base[1])) if base else None


def _normal(symbol: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", symbol).replace("·", "*").replace("⋅", "*").split())


@functools.cache
def _table() -> dict[str, tuple[str, Fraction]]:
    bases = {u.dimension: u.symbol for u in units.UNITS.values() if u.factor == 1}
    table = {
        _normal(written): (_normal(bases[unit.dimension]), Fraction(unit.factor))
        for written, unit in units.written_forms().items()
    }
    for base, lines in _FURTHER.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            factor, _, forms = line.partition(" = ")
            table |= {form.strip(): (base, Fraction(factor)) for form in forms.split("|")}
    return table | _FRACTIONS


@functools.lru_cache(maxsize=4096)
def _found(written: str) -> tuple[str, Fraction] | None:
    return _table().get(written) or _product(written)


def _product(written: str) -> tuple[str, Fraction] | None:
    """Two units multiplied: "m2*a", "metric ton*km", "ha a", "tkm"."""
    if glued := _ONE_WORD.fullmatch(written):
        first, second = filter(None, glued.groups())
    else:
        first, _, second = (part.strip() for part in written.rpartition("*" if "*" in written else " "))
    one = (_MOVED[first], Fraction(1)) if first in _MOVED else _table().get(first)
    two = _table().get(second)
    if one is None or two is None or (one[0], two[0]) not in _PRODUCTS:
        return None
    base, factor = _PRODUCTS[one[0], two[0]]
    return base, one[1] * two[1] * factor
