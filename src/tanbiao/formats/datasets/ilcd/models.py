"""Links between processes that life-cycle models (eILCD) say: who supplies whom with which flow."""

from __future__ import annotations

from tanbiao.formats.datasets import xml
from tanbiao.formats.datasets.ilcd.index import Index
from tanbiao.formats.datasets.ilcd.parts import reference
from tanbiao.lca.datasets.report import Report


def providers_of(index: Index, report: Report) -> dict[tuple[str, str], str]:
    """(process, flow it takes in) -> the process it gets it from; what two models say differently is left open."""
    found: dict[tuple[str, str], str] = {}
    open_ones = set()
    for entry, root in index.trees("lifeCycleModelDataSet"):
        report.counts["life_cycle_models"] += 1
        for consumer, flow, provider in _links(root):
            if found.setdefault((consumer, flow), provider) != provider:
                open_ones.add((consumer, flow))
                report.warn(
                    "models_differ",
                    f"{entry.name} · {consumer}",
                    f"各生命周期模型对流 {flow} 的供应过程说法不一，未采用",
                    f"life-cycle models name different suppliers of the flow {flow}; none was taken",
                )
    return {key: provider for key, provider in found.items() if key not in open_ones}


def _links(root: xml.Element) -> list[tuple[str, str, str]]:
    """(consumer, flow, provider) of each connection; connections stand with the process upstream."""
    processes, connections = {}, []
    for instance in root.iter("{*}processInstance"):
        number, process = instance.get("dataSetInternalID", ""), reference(xml.child(instance, "referenceToProcess"))[0]
        processes[number] = process
        for output in xml.children(xml.child(instance, "connections"), "outputExchange"):
            for downstream in xml.children(output, "downstreamProcess"):
                flow = xml.attribute(downstream, "flowUUID") or xml.attribute(output, "flowUUID")
                connections.append((xml.attribute(downstream, "id"), flow, process))
    return [(processes[number], flow, process) for number, flow, process in connections if number in processes]
