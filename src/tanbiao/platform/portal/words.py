"""Words and colours that are the same on every page: states, checks, verbs; a verdict has its own (rules.Verdict)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Every state and verdict has one look: good, wait, settled, warn, bad, over or draft (tanbiao.css, section 6).
LOOKS = {
    "active": "good",
    "suspended": "warn",
    "withdrawn": "bad",
    "cancelled": "over",
    "expired": "over",
    "unproven": "bad",
    "draft": "draft",
    "frozen": "settled",
    "filed": "settled",
    "submitted": "wait",
    "accepted": "wait",
    "in_evaluation": "wait",
    "evaluated": "wait",
    "reviewed": "wait",
    "granted": "good",
    "refused": "bad",
    "denied": "bad",
    "called_back": "over",
    "open": "warn",
    "answered": "wait",
    "closed": "settled",
    "pass": "good",
    "fail": "bad",
    "judgement": "wait",
}

CHECKS = {True: ("good", _("通过")), False: ("bad", _("未通过")), None: ("over", _("未检查"))}

#: What happened, for the timeline; the subject is the person.
VERBS = {
    "accounts.open_organisation": pgettext_lazy("done", "登记组织"),
    "accounts.first_operator": pgettext_lazy("done", "开通平台运营方"),
    "accounts.open_account": pgettext_lazy("done", "开通账号"),
    "publiclog.open_log": pgettext_lazy("done", "开通公开日志"),
    "certificates.register_key": pgettext_lazy("done", "登记机构签名密钥"),
    "rulebook.register_filing": pgettext_lazy("done", "登记规则备案"),
    "products.upload_workbook": pgettext_lazy("done", "上传工作簿"),
    "footprints.calculate": pgettext_lazy("done", "核算碳足迹"),
    "footprints.freeze": pgettext_lazy("done", "冻结研究"),
    "certification.apply": pgettext_lazy("done", "提交认证委托"),
    "certification.call_back": pgettext_lazy("done", "撤回委托"),
    "certification.accept": pgettext_lazy("done", "受理委托"),
    "certification.refuse": pgettext_lazy("done", "不予受理"),
    "certification.assign_verifier": pgettext_lazy("done", "指派核查员"),
    "certification.raise_finding": pgettext_lazy("done", "提出发现项"),
    "certification.answer_finding": pgettext_lazy("done", "答复发现项"),
    "certification.reopen_finding": pgettext_lazy("done", "退回整改"),
    "certification.close_finding": pgettext_lazy("done", "关闭发现项"),
    "certification.judge_clause": pgettext_lazy("done", "判断条款"),
    "certification.complete_evaluation": pgettext_lazy("done", "完成核查"),
    "certification.send_back": pgettext_lazy("done", "退回核查"),
    "certification.review": pgettext_lazy("done", "完成复核"),
    "certification.grant": pgettext_lazy("done", "批准发证"),
    "certification.deny": pgettext_lazy("done", "决定不予发证"),
    "certificates.issue": pgettext_lazy("done", "签发证书"),
}
