"""What a certificate says: the claims that are signed, made from a granted application. Amounts are decimal strings."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tanbiao.platform.certification.models import Application

YEARS_VALID = 2  # 产品碳足迹标识认证通用实施规则（试行）: two years, kept valid by surveillance


def two_years_after(day: dt.date) -> dt.date:
    """The last day of validity: the day before the same date two years on (29 February counts as 28)."""
    try:
        end = day.replace(year=day.year + YEARS_VALID)
    except ValueError:
        end = day.replace(year=day.year + YEARS_VALID, day=28)
    return end - dt.timedelta(days=1)


def exact(value: float) -> str:
    """A float with all its digits as a plain decimal string, without exponent or trailing zeros."""
    return f"{Decimal(repr(float(value))).normalize():f}"


def certificate_claims(application: Application, number: str, issued_at: dt.datetime) -> dict[str, Any]:
    """The claims of one application's certificate (认证证书和认证标志管理办法 art. 7, and the footprint)."""
    study, body, holder = application.study, application.body, application.applicant
    frozen = json.loads(study.frozen)
    product = frozen["system"]["product"]
    report = study.result
    issued_on = issued_at.date()
    return {
        "number": number,
        "issued_at": issued_at.isoformat(),
        "demonstration": application.filed_rule.demonstration,
        "issuer": {
            "id": f"urn:uuid:{body.pk}",
            "name": body.name,
            "name_en": body.name_en,
            "approval_number": body.approval_number,
        },
        "holder": {
            "name": holder.name,
            "name_en": holder.name_en,
            "uscc": holder.uscc,
            "address": holder.address,
        },
        "product": {key: product.get(key, "") for key in ("name", "name_en", "model", "manufacturer", "factory")},
        "footprint": {
            "value": study.published,
            "unit": "kg CO2e",
            "unrounded": frozen["footprint"]["total_kg_co2e"],
        },
        "declared_unit": study.declared_unit,
        "boundary": product["boundary"],
        "stages": [
            {
                "stage": s["stage"],
                "zh": s["zh"],
                "en": s["en"],
                "kg_co2e": exact(s["kg_co2e"]),
                "share": exact(s["share"]),
            }
            for s in report["stages"]
        ],
        "gas_classes": [
            {"class": g["gas_class"], "zh": g["zh"], "en": g["en"], "kg_co2e": exact(g["kg_co2e"])}
            for g in report["gas_classes"]
        ],
        "gwp_set": frozen["gwp_set"],
        "period": {"start": product["period_start"], "end": product["period_end"]},
        "rule": {
            "id": study.rule_id,
            "version": study.rule_version,
            "title": study.rule_title["zh"],
            "title_en": study.rule_title["en"],
            "sha256": study.rule_sha256,
            "filing_number": application.filed_rule.filing_number,
        },
        "data_quality": {
            key: "" if report["data_quality"][key] is None else exact(report["data_quality"][key])
            for key in ("dqr", "primary_share")
        },
        "study_sha256": study.sha256,
        "valid_from": issued_on.isoformat(),
        "valid_until": two_years_after(issued_on).isoformat(),
    }
