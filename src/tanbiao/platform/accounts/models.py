"""Organisations, people and what a person may do where."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.accounts.uscc import validate_uscc
from tanbiao.platform.kernel.models import Thing


class OrganisationKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    CERTIFICATION_BODY = "certification_body", _("认证机构")
    REGULATOR = "regulator", _("监管部门")
    ADOPTER = "adopter", _("采信方")
    INSTITUTE = "institute", _("技术机构")
    OPERATOR = "operator", _("平台运营方")


class Role(models.TextChoices):
    APPLICANT = "applicant", _("认证委托人")
    APPLICATION_REVIEWER = "application_reviewer", _("受理人员")
    VERIFIER = "verifier", _("核查员")
    REVIEWER = "reviewer", _("复核人员")
    DECISION_MAKER = "decision_maker", _("认证决定人员")
    REGULATOR = "regulator", _("监管人员")
    ADOPTER = "adopter", _("采信人员")
    RESEARCHER = "researcher", _("因子测算人员")
    DATA_REVIEWER = "data_reviewer", _("数据审核人员")
    OPERATOR = "operator", _("平台管理员")


#: Which roles there are at an organisation of which kind.
ROLES_AT = {
    OrganisationKind.ENTERPRISE: {Role.APPLICANT, Role.RESEARCHER},
    OrganisationKind.CERTIFICATION_BODY: {
        Role.APPLICATION_REVIEWER,
        Role.VERIFIER,
        Role.REVIEWER,
        Role.DECISION_MAKER,
        Role.DATA_REVIEWER,
    },
    OrganisationKind.INSTITUTE: {Role.RESEARCHER, Role.DATA_REVIEWER},
    OrganisationKind.REGULATOR: {Role.REGULATOR},
    OrganisationKind.ADOPTER: {Role.ADOPTER},
    OrganisationKind.OPERATOR: {Role.OPERATOR},
}


class Organisation(Thing):
    """A legal person (or the platform's operator) that acts through its members."""

    kind = models.CharField(max_length=24, choices=OrganisationKind)
    name = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=160, blank=True)
    uscc = models.CharField(max_length=18, unique=True, validators=[validate_uscc])
    approval_number = models.CharField(max_length=40, blank=True)  # 认证机构批准号, certification bodies only
    address = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class User(Thing, AbstractBaseUser):
    """A person, known by e-mail address (in small letters: to most mail servers they are all the same)."""

    NOT_LOGGED = ("name", "email", "password")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = BaseUserManager["User"]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="an_address_in_small_letters")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an organisation, with the roles held there."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=24, choices=Role))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_organisation")]

    def __str__(self) -> str:
        return f"{self.user} @ {self.organisation}"
