"""What the public page says of a certificate's proof: the checks run again, the answer they give, every hash."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanbiao.platform.certificates.queries import state_on, trust_list
from tanbiao.platform.portal.words import LOOKS
from tanbiao.trust import Verdict, canonical, certificate_sha256, leaf_hash, load_trust, log_entry, verify_certificate

if TYPE_CHECKING:
    from tanbiao.platform.certificates.models import Certificate


@dataclass(frozen=True, slots=True)
class Answer:
    """The one answer of the page: its look, its word on the badge, and the sentence that says it."""

    look: str
    word: str
    sentence: str


def check_again(certificate: Certificate, at: dt.datetime) -> Verdict:
    """Run every check on the stored document, as a stranger would, with the trust list that is public."""
    trust = load_trust(canonical(trust_list()))
    return verify_certificate(certificate.document.encode(), trust, at=at)


def answer_of(certificate: Certificate, verdict: Verdict, today: dt.date) -> Answer:
    """Valid only where the state is active, today is within the dates, and every check holds."""
    state = state_on(certificate, today)
    if state != "active":
        sentence = _("这张证书目前不是有效状态：%(state)s。") % {"state": state.label}
        return Answer(LOOKS[state], str(state.label), sentence)
    if not verdict.valid:
        return Answer("bad", _("查验未通过"), _("证书文件没有通过查验，请勿采信。原因见下方查验结果。"))
    if certificate.claims["demonstration"]:
        return Answer("good", str(state.label), _("演示证书在有效状态，查验全部通过。"))
    return Answer("good", str(state.label), _("证书有效，查验全部通过。"))


def proof_facts(certificate: Certificate) -> list[dict[str, str]]:
    """Every hash, key and signature of the stored document, by name, in the order of the proof."""
    document = json.loads(certificate.document)
    claims, signature, status, log = (document[key] for key in ("certificate", "signature", "status", "log"))
    facts = [
        (_("证书指纹") + " SHA-256", certificate_sha256(document)),
        (_("研究指纹") + " SHA-256", claims["study_sha256"]),
        (_("规则指纹") + " SHA-256", claims["rule"]["sha256"]),
        (_("机构公钥") + " Ed25519", signature["key"]),
        (_("机构签名"), signature["value"]),
        (_("状态时间"), status["as_of"]),
        (_("状态签名"), status["signature"]["value"]),
        (_("日志位置"), str(log["index"])),
        (_("日志叶子"), leaf_hash(log_entry(document)).hex()),
        (_("收录证明"), "\n".join(log["proof"]) or _("（日志只有这一条，不需要）")),
        (_("检查点"), log["checkpoint"].strip()),
    ]
    return [{"name": name, "value": value} for name, value in facts]
