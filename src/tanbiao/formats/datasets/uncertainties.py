"""Uncertainties as records keep them: complete and sensible, or none, which is then said."""

from __future__ import annotations

from collections.abc import Mapping

from tanbiao.lca.datasets.report import Report

Uncertainty = Mapping[str, object]  # as `ExchangeRecord.uncertainty`
_ENDS = {"minimum": "maximum", "maximum": "minimum"}


def spread(kind: str, **values: float | None) -> Uncertainty:
    """An uncertainty; {} where a number of it is missing, its ends are not in order, or it is narrower than nothing.

    values  mean, gsd | mean, sd | minimum, mode, maximum | minimum, maximum
    """
    if any(value is None for value in values.values()):
        return {}
    low, mode, high = (values.get(key) for key in ("minimum", "mode", "maximum"))
    if low is not None and high is not None and not low <= (low if mode is None else mode) <= high:
        return {}
    if (values.get("gsd") or 1.0) < 1 or (values.get("sd") or 0.0) < 0:
        return {}
    return {"kind": kind, **values}


def scaled(uncertainty: Uncertainty, by: float) -> Uncertainty:
    """The uncertainty of `by` times the amount; below zero its ends change places."""
    if by == 1.0:
        return uncertainty
    found: dict[str, object] = {}
    for key, value in uncertainty.items():
        if key == "gsd" or not isinstance(value, float | int):
            found[key] = value
        elif key == "sd":
            found[key] = value * abs(by)
        else:
            found[_ENDS.get(key, key) if by < 0 else key] = value * by
    return found


def uncertainty_not_read(said: str, place: str, report: Report) -> None:
    """An uncertainty, as the source names it, that is incomplete, makes no sense or is of a kind not known here."""
    report.warn(
        "uncertainty_not_read",
        place,
        f"不确定性（{said}）不完整、不合理或不支持，此数量按确定值",
        f"its uncertainty ({said}) is incomplete, makes no sense or is not supported; the amount is taken as certain",
    )
