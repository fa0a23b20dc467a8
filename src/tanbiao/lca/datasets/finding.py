"""A product of a database by what people call it, and amounts of it in units of its kind."""

from __future__ import annotations

import difflib

from tanbiao.lca.datasets.compiled import Compiled
from tanbiao.lca.datasets.source_units import in_base
from tanbiao.lca.faults import UnknownProduct, WrongDimension


def find_product(compiled: Compiled, product: str) -> int:
    """Index of a product by the id of its process, by an exact name, or by its flow. Raises UnknownProduct."""
    if product in compiled.index:
        return compiled.index[product]
    asked = product.strip()
    for matches in (
        [i for i, name in enumerate(compiled.names) if asked in (name.zh, name.en)],
        [i for i, flow in enumerate(compiled.product_flows) if flow == asked],
        [i for i, name in enumerate(compiled.product_names) if asked in (name.zh, name.en)],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            ids = ", ".join(compiled.processes[i] for i in matches[:5])
            raise UnknownProduct(
                product,
                f"有 {len(matches)} 个产品符合“{product}”；请用编号，例如：{ids}。",
                f'{len(matches)} products match "{product}"; use an id, such as {ids}.',
            )
    raise UnknownProduct(product, *_near(compiled, asked))


def _near(compiled: Compiled, asked: str) -> tuple[str, str]:
    names = {t.zh: t for t in (*compiled.names, *compiled.product_names)}
    english = {t.en: t for t in names.values()}
    near = difflib.get_close_matches(asked, [*names, *english], n=3, cutoff=0.5)
    holding = [name for name in (*names, *english) if asked and asked.lower() in name.lower()]
    said = list(dict.fromkeys([*near, *holding]))[:4]
    zh = f"是否指：{'、'.join(said)}？" if said else "请先用 tanbiao library search 查找。"
    en = f"Did you mean: {'; '.join(said)}?" if said else "Look for it with tanbiao library search."
    return f"数据库中没有产品“{asked}”。{zh}", f'There is no product "{asked}" in the database. {en}'


def units_of(compiled: Compiled, i: int, unit: str) -> float:
    """How many units of the product one `unit` is. Raises WrongDimension."""
    own = compiled.units[i]
    if unit in ("", own):
        return 1.0
    asked, counted = in_base(unit), in_base(own)
    if asked is None or counted is None or asked[0] != counted[0]:
        raise WrongDimension(
            compiled.names[i].zh,
            f"单位“{unit}”不能换算为该产品的单位“{own}”。请改用同类单位。",
            f'the unit "{unit}" cannot be converted to "{own}", the unit of the product. Use one of its kind.',
        )
    return asked[1] / counted[1]
