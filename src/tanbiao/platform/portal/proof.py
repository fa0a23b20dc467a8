"""What the public page says of a certificate's proof: the answer its checks give, and every hash."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanbiao.platform.certificates.queries import UNPROVEN, Standing
from tanbiao.trust import certificate_sha256, leaf_hash, log_entry

if TYPE_CHECKING:
    from tanbiao.platform.certificates.models import Certificate


def sentence_of(standing: Standing) -> str:
    """The one answer of the page. Valid only where the state is active and every check holds."""
    if standing.state == UNPROVEN:
        return _("证书文件没有通过查验，请勿采信。原因见下方查验结果。")
    if standing.state != "active":
        return _("这张证书目前不是有效状态：%(state)s。") % {"state": standing.get_state_display()}
    if standing.certificate.claims["demonstration"]:
        return _("演示证书在有效状态，查验全部通过。")
    return _("证书有效，查验全部通过。")


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
