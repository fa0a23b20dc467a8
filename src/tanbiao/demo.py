"""The main job, once through: from the rebar workbook to a certificate a stranger can check.

`walk` uses the same actions as pages and API, as the people of a small cast; run again it finds what is there and
changes nothing. All organisations, people and numbers of approval and filing are made up and say so.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tanbiao.formats.uscc import check_digit
from tanbiao.platform.accounts.actions import first_operator, open_account, open_organisation
from tanbiao.platform.accounts.actor import Actor, actor_for
from tanbiao.platform.accounts.models import Organisation, OrganisationKind, Role, User
from tanbiao.platform.certificates.actions import publish_trust_list, register_key
from tanbiao.platform.certificates.models import Certificate
from tanbiao.platform.certificates.queries import has_key
from tanbiao.platform.certification import actions as case
from tanbiao.platform.certification.models import Application
from tanbiao.platform.certification.queries import checklist
from tanbiao.platform.footprints.actions import freeze_study, study_from_workbook
from tanbiao.platform.footprints.models import Study
from tanbiao.platform.library.actions import ensure_starter
from tanbiao.platform.publiclog.actions import open_log
from tanbiao.platform.publiclog.queries import log_is_open
from tanbiao.platform.rulebook.actions import register_filing
from tanbiao.platform.rulebook.queries import rules_in_force
from tanbiao.site.place import write_secret

RULE = "steel-eaf"


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str
    roles: tuple[Role, ...]
    home: str  # key of the organisation

    @property
    def email(self) -> str:
        return f"{self.key}@example.com"


ORGANISATIONS = {
    "steel": {
        "kind": OrganisationKind.ENTERPRISE,
        "name": "示例钢铁（上海）有限公司",
        "name_en": "Example Steel (Shanghai) Co., Ltd.",
        "address": "上海市宝山区示例路 1 号",
    },
    "rival": {
        "kind": OrganisationKind.ENTERPRISE,
        "name": "示例特钢有限公司",
        "name_en": "Example Special Steel Co., Ltd.",
        "address": "江苏省示例市示例路 2 号",
    },
    "body": {
        "kind": OrganisationKind.CERTIFICATION_BODY,
        "name": "示例认证（上海）有限公司",
        "name_en": "Example Certification (Shanghai) Co., Ltd.",
        "approval_number": "CNCA-R-示例-001",
        "address": "上海市徐汇区示例路 3 号",
    },
    "body2": {
        "kind": OrganisationKind.CERTIFICATION_BODY,
        "name": "示例质量认证中心",
        "name_en": "Example Quality Certification Centre",
        "approval_number": "CNCA-R-示例-002",
        "address": "北京市朝阳区示例路 4 号",
    },
    "institute": {
        "kind": OrganisationKind.INSTITUTE,
        "name": "示例计量研究院",
        "name_en": "Example Institute of Metrology",
        "address": "上海市浦东新区示例路 5 号",
    },
}
PEOPLE = (
    Person("steel", "沈钢（企业）", (Role.APPLICANT,), "steel"),
    Person("rival", "郑特（另一企业）", (Role.APPLICANT,), "rival"),
    Person("acceptance", "陆受理（认证机构）", (Role.APPLICATION_REVIEWER,), "body"),
    Person("verifier", "何核查（认证机构）", (Role.VERIFIER,), "body"),
    Person("reviewer", "傅复核（认证机构）", (Role.REVIEWER,), "body"),
    Person("decision", "严决定（认证机构）", (Role.DECISION_MAKER,), "body"),
    Person("body2", "另一机构人员", (Role.APPLICATION_REVIEWER, Role.VERIFIER, Role.DATA_REVIEWER), "body2"),
    Person("researcher", "沈测算（企业）", (Role.RESEARCHER,), "steel"),
    Person("institute", "钱测算（研究院）", (Role.RESEARCHER,), "institute"),
    Person("data", "孙审核（研究院）", (Role.DATA_REVIEWER,), "institute"),
    Person("data2", "吴审核（认证机构）", (Role.DATA_REVIEWER,), "body"),
)
OPERATOR = Person("operator", "平台管理员", (Role.OPERATOR,), "operator")


def uscc(serial: int) -> str:
    """A made-up credit code with a right check digit."""
    first17 = f"91310113DEM{serial:06d}"
    return first17 + check_digit(first17)


def accounts_file() -> Path:
    var: Path = settings.VAR
    return var / "demo" / "accounts.json"


def passwords() -> dict[str, str]:
    """The demo accounts' passwords: made at the first run, kept in a 0600 file, so that no installation shares them.

    Whoever joined the cast since gets one too.
    """
    path = accounts_file()
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if missing := [person.email for person in (OPERATOR, *PEOPLE) if person.email not in kept]:
        all_of_them = path.with_suffix(".new") if kept else path
        write_secret(all_of_them, json.dumps(kept | {email: secrets.token_urlsafe(9) for email in missing}, indent=1))
        all_of_them.replace(path)
        kept = json.loads(path.read_text())
    return kept


def open_house() -> dict[str, Actor]:
    """The cast: organisations and accounts, entered where they are missing; answers with an actor for each person."""
    keys = passwords()
    if not User.objects.filter(email=OPERATOR.email).exists():
        first_operator(
            organisation={
                "name": "碳标平台（演示）",
                "name_en": "Tanbiao platform (demonstration)",
                "uscc": uscc(0),
            },
            email=OPERATOR.email,
            name=OPERATOR.name,
            password=keys[OPERATOR.email],
        )
    operator = actor_for(User.objects.get(email=OPERATOR.email))
    if not log_is_open():
        open_log(operator, Organisation.objects.get(pk=operator.organisation_id))
    ensure_starter()
    actors = {"operator": operator}
    homes: dict[str, Organisation] = {}
    for serial, (key, fields) in enumerate(ORGANISATIONS.items(), start=1):
        home = Organisation.objects.filter(name=fields["name"]).first()
        home = home or open_organisation(operator, None, uscc=uscc(serial), **fields)
        if home.kind == OrganisationKind.CERTIFICATION_BODY and not has_key(home):
            register_key(operator, home)
        homes[key] = home
    for person in PEOPLE:
        user = User.objects.filter(email=person.email).first() or open_account(
            actors["operator"],
            homes[person.home],
            email=person.email,
            name=person.name,
            roles=person.roles,
            password=keys[person.email],
        )
        actors[person.key] = actor_for(user)
    return actors


def walk(workbook: Path, say: Callable[[str], None]) -> Certificate:
    """The whole loop for one workbook; `say` is told each step. Answers with the certificate (old or new)."""
    actors = open_house()
    if not rules_in_force().filter(rule_id=RULE).exists():
        register_filing(
            actors["operator"],
            None,
            rule_id=RULE,
            filing_number="演示备案-2026-001",
            filed_on=dt.date(2026, 1, 5),
            demonstration=True,
        )
    issued = Certificate.objects.filter(holder_id=actors["steel"].organisation_id).order_by("created_at").first()
    if issued:
        say(f"证书已在 / certificate found: {issued.number}")
        return _leave(issued)
    return _leave(_certify(actors, workbook, say))


@transaction.atomic
def _certify(actors: dict[str, Actor], workbook: Path, say: Callable[[str], None]) -> Certificate:
    """From the upload to the certificate, or nothing of it where the run is killed: the next one begins anew."""
    body = Organisation.objects.get(name=ORGANISATIONS["body"]["name"])
    study: Study = study_from_workbook(actors["steel"], data=workbook.read_bytes(), filename=workbook.name)
    say(f"企业上传工作簿 / workbook uploaded: {study.product_name}")
    say(f"核算 / footprint: {study.published} kg CO2e / {study.declared_unit}")
    study = freeze_study(actors["steel"], study)
    say(f"冻结研究 / study frozen: sha256 {study.sha256[:16]}…")
    application: Application = case.apply_for_certification(actors["steel"], study, body_id=body.pk)
    say(f"提交认证委托 / application: {application}")
    application = case.accept_application(actors["acceptance"], application)
    application = case.assign_verifier(actors["acceptance"], application, verifier_id=actors["verifier"].user_id)
    say("受理并指派核查员 / accepted, verifier assigned")
    rows = checklist(application)
    finding = case.raise_finding(
        actors["verifier"],
        application,
        clause=rows[0]["clause"],
        statement="请补充声明单位对应的出厂检验记录样本。",
    )
    finding = case.answer_finding(actors["steel"], finding, answer="已补充 2024 年 1 至 12 月出厂检验记录抽样各一份。")
    case.close_finding(actors["verifier"], finding, note="已核对抽样记录，规格与声明单位一致。")
    say("记录并关闭发现项 / finding raised, answered, closed")
    for row in rows:
        if row["verdict"] == "judgement":
            case.judge_clause(
                actors["verifier"],
                application,
                clause=row["clause"],
                conforms=True,
                note="演示：已查看工作簿来源列与说明，接受。",
            )
    application = case.complete_evaluation(
        actors["verifier"], application, conclusion="活动数据与来源记录相符，计算可重现，建议批准。（演示）"
    )
    say("完成核查 / evaluation completed, recalculated with the same digits")
    application = case.review_application(actors["reviewer"], application, review="资料完整，程序符合要求。（演示）")
    case.grant_certification(actors["decision"], application, note="同意发证。（演示）")
    certificate = Certificate.objects.get(application=application)
    say(f"复核、决定、签发 / reviewed, decided, issued: {certificate.number}")
    return certificate


def _leave(certificate: Certificate) -> Certificate:
    """Leave the certificate file and the trust list where a stranger's verifier finds them."""
    folder = settings.VAR / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "certificate.json").write_bytes(certificate.document.encode())
    publish_trust_list()
    return certificate
