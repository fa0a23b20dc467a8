"""What a compilation tells the report: counts, and every process, input or loop that somebody should look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tanbiao.lca.datasets.columns import Columns
from tanbiao.lca.datasets.compiled import Compiled
from tanbiao.lca.datasets.linking import REASONS, LinkRule, Links, Offers, Reason
from tanbiao.lca.datasets.loops import find_loops, upstream_of
from tanbiao.lca.datasets.products import Exchanges, Made
from tanbiao.lca.datasets.report import KEPT, Report, refused

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Inputs of products and outputs of waste, with their links."""

    inputs: Index
    links: Links
    wastes: Index
    treated: Links


def count(report: Report, x: Exchanges, made: Made, offers: Offers, linked: Linked) -> None:
    """What was linked, under report.counts and report.facts["linking"]; what was read is counted as it is read."""
    links, treated = linked.links, linked.treated
    reasons = Counter(REASONS[code] for code in links.reasons[links.reasons >= 0].tolist())
    total = int(np.sum(~links.found))
    report.counts["linked"], report.counts["unlinked"] = int(np.sum(links.found)), total
    made_somewhere = np.isin(x.flow[linked.inputs], offers.flow[offers.reference])
    missing = _has(links, Reason.PROVIDER_MISSING)
    report.facts["linking"] = {
        "product_inputs": int(linked.inputs.size),
        "linked_by_provider": int(links.by_provider.sum()),
        "linked_by_unique_flow": int(links.by_flow.sum()),
        "linked_by_co_product": int(links.by_co_product.sum()),
        "ambiguous_inputs": reasons[Reason.SEVERAL_MAKERS],
        "provider_named_but_missing": reasons[Reason.PROVIDER_MISSING],
        "provider_makes_other": reasons[Reason.PROVIDER_MAKES_OTHER],
        "unlinked_inputs": reasons[Reason.NO_MAKER] + int(np.sum(missing & ~made_somewhere)),
        "unit_mismatch": reasons[Reason.OTHER_UNIT],
        "waste_outputs": int(linked.wastes.size),
        "wastes_linked": int(np.sum(treated.reasons < 0)),
        "linked_to_unusable": reasons[Reason.MAKER_UNUSABLE],
        "inputs_without_link_total": total,
        "usable_processes": int(made.usable.sum()),
        "treatments": int(made.treatment.sum()),
        "co_products": int(np.sum(~offers.reference)),
        "strict_products": _strict(x, made, linked),
    }


def _has(links: Links, reason: Reason) -> Mask:
    return np.asarray(links.reasons == REASONS.index(reason))


def _strict(x: Exchanges, made: Made, linked: Linked) -> int:
    """Usable processes in whose whole upstream every input has one usable maker or none, and no co-product occurs."""
    n = made.usable.size
    tainted = np.zeros(n, dtype=bool)
    tainted[x.process[x.co_product | x.given_away]] = True
    doubtful = _has(linked.links, Reason.SEVERAL_MAKERS) | _has(linked.links, Reason.MAKER_UNUSABLE)
    tainted[x.process[linked.inputs[doubtful]]] = True
    by_link = linked.links.product >= 0
    taker, maker = x.process[linked.inputs[by_link]], made.process[linked.links.product[by_link]]
    takers = sparse.csr_array((np.ones(taker.size), (maker, taker)), shape=(n, n))
    tainted[upstream_of(takers, np.flatnonzero(tainted))] = True
    return int(np.sum(made.usable & ~tainted))


def tell_processes(report: Report, columns: Columns, x: Exchanges, made: Made, rule: LinkRule) -> None:
    """Processes that nothing can be linked to, and those whose burdens had no measure to share them by."""
    amount = x.reference_amount()
    told = report.seen["no_reference"] > 0  # by the reader, with its place in the source
    for process in np.flatnonzero(~made.usable & ~made.treatment).tolist():
        name = columns.process_names[process]
        if x.reference_of[process] < 0:
            if not told:
                zh, en = "没有基准流，不能使用。", "has no reference flow and cannot be used."
                report.warn("no_reference", name.zh, zh, en)
        elif amount[process] == 0:
            report.warn(
                "zero_reference",
                name.zh,
                "基准流数量为 0 或缺失，不能使用。",
                "the amount of its reference flow is zero or missing; it cannot be used.",
            )
        else:
            report.warn(
                "reference_is_input",
                name.zh,
                "基准流是投入，不是产出，不能使用。",
                "its reference flow is an input, not an output; it cannot be used.",
            )
    if rule is LinkRule.MAIN_PRODUCT:
        return
    _tell_left_out(report, columns, x)
    for process, method in made.methods.items():
        name = columns.process_names[process]
        if method in ("mass", "energy"):
            word = {"mass": "质量", "energy": "能量"}[method]
            report.note(
                f"allocated_by_{method}",
                name.zh,
                f"数据集没有给出可用的分配系数；按{word}在产品之间分配。",
                f"the data set gives no usable allocation factors; burdens are shared by {method}.",
            )
        elif not method:
            report.warn(
                "not_allocated",
                name.zh,
                "有共生产品，但没有分配系数，产品也没有共同的质量或能量；全部由基准产品承担，共生产品不能使用。",
                "has co-products, but neither allocation factors nor a common mass or energy; the reference product "
                "carries everything and the co-products cannot be used.",
            )


def _tell_left_out(report: Report, columns: Columns, x: Exchanges) -> None:
    """Exchanges that neither supply nor take anything, although their process is used."""
    own_flow = x.flow[x.reference_of[x.process]] if x.flow.size else x.flow
    for left_out, code, zh, en in (
        (
            x.waste_input,
            "waste_taken_in",
            "除基准流外还接收这种废物；接收不减少此过程的负荷，也不提供给产生废物的过程。",
            "is taken in for treatment beside the reference flow; that neither lessens the burdens of the process nor "
            "serves those that give the waste.",
        ),
        (
            x.co_product & (x.amount < 0) & (x.flow != own_flow),
            "negative_output",
            "产出为负数；既不作产品，也不作投入，未计入。请核对符号。",
            "is an output of a negative amount; it is neither a product nor an input and does not count. Check its "
            "sign.",
        ),
    ):
        for e in np.flatnonzero(left_out).tolist():
            flow = columns.fact(int(x.flow[e])).name
            place = columns.process_names[int(x.process[e])].zh
            report.warn(code, place, f"“{flow.zh}”（{x.amount[e]:g}）{zh}", f'"{flow.en}" ({x.amount[e]:g}) {en}')


def tell_unlinked(report: Report, compiled: Compiled) -> None:
    """Every input without a supplier; texts are made for those that are kept, the rest is counted."""
    for unlinked in compiled.unlinked:
        code = f"unlinked_{unlinked.reason.value}"
        if report.seen[code] >= KEPT:
            report.seen[code] += 1
            continue
        text = unlinked.text()
        report.warn(code, unlinked.process_name.zh, text.zh, text.en)


def tell_loops(report: Report, compiled: Compiled) -> None:
    """Loops without a meaningful solution. Raises SourceRefused where they leave nothing that can be solved."""
    loops = find_loops(compiled.network)
    for loop in loops:
        report.warn("unproductive_loop", compiled.names[int(loop.members[0])].zh, loop.text.zh, loop.text.en)
    singular = [loop.members for loop in loops if loop.singular]
    if singular and upstream_of(compiled.network.inputs.T, np.concatenate(singular)).size == len(compiled.processes):
        text = next(loop.text for loop in loops if loop.singular)
        raise refused("", f"没有一个产品可以求解：{text.zh}", f"No product has a solution: {text.en}")
