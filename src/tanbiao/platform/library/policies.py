"""Who may do what in the library, and if not, why not."""

from __future__ import annotations

from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.accounts.models import OrganisationKind, Role
from tanbiao.platform.accounts.queries import members_of
from tanbiao.platform.kernel.bilingual import bilingual as _
from tanbiao.platform.kernel.policies import ALLOWED, Allowed, Denied
from tanbiao.platform.library.models import KEPT_BY_US, Access, Dataset, Source, Submission, Verdict, Version

#: Who brings databases and measured factors, at an organisation of which kind.
BRINGERS = {
    OrganisationKind.ENTERPRISE: {Role.APPLICANT, Role.RESEARCHER},
    OrganisationKind.INSTITUTE: {Role.RESEARCHER},
}

#: Whoever has the database in hand (the command line, the set-up): an operator without an account, who sees everything.
ADMINISTRATOR = Actor(kind=OrganisationKind.OPERATOR, roles=frozenset({Role.OPERATOR}))


def is_operator(actor: Actor) -> bool:
    return actor.kind == OrganisationKind.OPERATOR and Role.OPERATOR in actor.roles


def is_administrator(actor: Actor) -> bool:
    return is_operator(actor) and actor.user_id is None


def is_data_reviewer(actor: Actor) -> bool:
    return Role.DATA_REVIEWER in actor.roles


def _brings(actor: Actor) -> bool:
    return bool(actor.roles & BRINGERS.get(OrganisationKind(actor.kind), set())) if actor.kind else False


def may_open_source(actor: Actor, thing: object = None) -> Allowed | Denied:
    """A source for one's own organisation; what is open to all is the operator's to open (the action asks)."""
    if _brings(actor) or is_operator(actor):
        return ALLOWED
    return Denied(_("只有企业的认证委托人、企业或技术机构的因子测算人员和平台管理员可以导入数据库。"))


def may_import(actor: Actor, source: Source) -> Allowed | Denied:
    """The people of the licence's holder; the operator for the platform. Nobody where the platform itself enters."""
    if source.name in KEPT_BY_US:
        return Denied(_("这个来源由平台自动维护，不能导入；请导入为新的数据库。"))
    if is_administrator(actor):
        return ALLOWED
    if source.owner_id is None:
        return ALLOWED if is_operator(actor) else Denied(_("只有平台管理员可以导入平台的数据库。"))
    if source.owner_id != actor.organisation_id or not _brings(actor):
        return Denied(_("只有数据库所属单位的认证委托人或因子测算人员可以执行此操作。"))
    return ALLOWED


def may_fill(actor: Actor, version: Version) -> Allowed | Denied:
    return may_import(actor, version.source)


def may_publish(actor: Actor, version: Version) -> Allowed | Denied:
    """Deciding flags, publishing, retiring: of an own database its people, of an open one operator or data reviewer."""
    if version.source.access == Access.OPEN:
        if is_operator(actor) or is_data_reviewer(actor):
            return ALLOWED
        return Denied(_("只有平台管理员或数据审核人员可以检查和发布公开的数据库。"))
    return may_import(actor, version.source)


def may_decide_flags(actor: Actor, thing: Version | Submission) -> Allowed | Denied:
    if isinstance(thing, Submission):
        return _independent(actor, thing)
    return may_publish(actor, thing)


def may_retire(actor: Actor, dataset: Dataset) -> Allowed | Denied:
    """Whoever may publish; of a measured factor, its owner too."""
    if _brings(actor) and any(s.owner_id == actor.organisation_id for s in dataset.measured_as.all()):
        return ALLOWED
    return may_publish(actor, dataset.version)


def may_submit(actor: Actor, thing: object = None) -> Allowed | Denied:
    if _brings(actor):
        return ALLOWED
    return Denied(_("只有企业的认证委托人、企业或技术机构的因子测算人员可以提交因子。"))


def may_correct(actor: Actor, submission: Submission) -> Allowed | Denied:
    if submission.owner_id != actor.organisation_id or not _brings(actor):
        return Denied(_("只有提交单位的人员可以修改或撤回该因子。"))
    return ALLOWED


def _independent(actor: Actor, submission: Submission) -> Allowed | Denied:
    """A data reviewer on nobody's side."""
    if not is_data_reviewer(actor):
        return Denied(_("只有数据审核人员可以审核因子。"))
    if actor.user_id == submission.submitted_by_id:
        return Denied(_("提交因子的人员不得审核该因子。"))
    theirs = members_of(submission.owner_id)
    ours = members_of(actor.organisation_id) if actor.organisation_id else set()
    if submission.owner_id == actor.organisation_id or actor.user_id in theirs or submission.submitted_by_id in ours:
        return Denied(_("提交单位的人员不得审核本单位的因子。"))
    return ALLOWED


def may_review(actor: Actor, submission: Submission) -> Allowed | Denied:
    """Two different people of two different organisations, neither of them the submitter's; one word a round."""
    if not (answer := _independent(actor, submission)):
        return answer
    for review in submission.reviews.all():
        if review.round == submission.round:
            if review.reviewer_id == actor.user_id:
                return Denied(_("您已审核过这一轮提交，请等待另一家机构的审核人员。"))
            if review.organisation_id == actor.organisation_id:
                return Denied(_("本机构已有人员审核过这一轮提交；两名审核人员须来自不同机构。"))
    return ALLOWED


def may_approve(actor: Actor, submission: Submission) -> Allowed | Denied:
    """Follows by itself from the second agreement of a round."""
    agreed = [r for r in submission.reviews.all() if r.round == submission.round and r.verdict == Verdict.AGREE]
    if len({review.organisation_id for review in agreed}) < 2:
        return Denied(_("须有两家不同机构的两名数据审核人员同意。"))
    return _independent(actor, submission)


def may_publish_factor(actor: Actor, submission: Submission) -> Allowed | Denied:
    return ALLOWED if is_operator(actor) else Denied(_("只有平台管理员可以发布审核通过的因子。"))
