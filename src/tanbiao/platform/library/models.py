"""Tables of the background database. A version is filled, then published, and never changes again."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tanbiao.platform.kernel.models import Thing

STARTER = "starter"  # name of the source of the starter library, which the project ships
MEASURED = "measured"  # name of the source that factors measured here are published in
KEPT_BY_US = (STARTER, MEASURED)  # nobody imports into these


class Access(models.TextChoices):
    OPEN = "open", _("公开：所有人可用")
    OWN = "own", _("自有许可：仅本单位可用")


class Source(Thing):
    """Where data sets come from: a publisher's database, a table of factors, our own measured factors."""

    name = models.CharField(max_length=120, unique=True)  # also the first half of every key of its data sets
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=300, blank=True)  # in the words of the publisher
    access = models.CharField(max_length=8, choices=Access, default=Access.OWN)
    #: whose licence it is; None: the platform operator's own
    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=300, blank=True)  # where it was published

    def __str__(self) -> str:
        return self.title


class VersionState(models.TextChoices):
    IMPORTING = "importing", _("导入中")
    FAILED = "failed", _("导入失败")
    STAGED = "staged", _("待检查")
    PUBLISHED = "published", _("已发布")
    RETIRED = "retired", _("已停用")


class Version(Thing):
    """One state of a source: what was imported from one file, or published in one go."""

    NOT_LOGGED = ("report", "progress")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()  # 1, 2, 3, ... within the source
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.IMPORTING)
    format = models.CharField(max_length=20, blank=True)  # id of formats.datasets.reading.Format
    filename = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    upload = models.ForeignKey("kernel.EvidenceFile", on_delete=models.PROTECT, null=True, related_name="+")
    #: what is no data set: flows, methods and parameters, a line of JSON each, gzip
    records = models.ForeignKey("kernel.EvidenceFile", on_delete=models.PROTECT, null=True, related_name="+")
    link_rule = models.CharField(max_length=20, default="declared")  # lca.datasets.linking.LinkRule
    content_sha256 = models.CharField(max_length=64, blank=True)  # of all its data sets, in the order of their uids
    report = models.JSONField(default=dict)  # Report.document() with the counts of the linking
    progress = models.JSONField(default=dict)  # {"phase", "done", "total"} while importing; {"zh", "en"} when failed
    imported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["source", "-number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_number_per_version")]

    def __str__(self) -> str:
        return f"{self.source.title} v{self.number}"


class Form(models.TextChoices):
    PROCESS = "process", _("过程数据集")
    FACTOR = "factor", _("因子")
    DECLARATION = "declaration", _("环境产品声明")


class DatasetState(models.TextChoices):
    CURRENT = "current", _("现行")
    RETIRED = "retired", _("已停用")


class Dataset(Thing):
    """A data set that a product system may use: a factor of its own, or a process of a database with its intensities.

    `key` is what a product system names: "source@version:uid", or the bare id of a starter factor.
    """

    NOT_LOGGED = ("document", "tokens", "factor")

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="datasets")
    uid = models.CharField(max_length=200)  # the id in the source
    key = models.CharField(max_length=340, unique=True)
    form = models.CharField(max_length=12, choices=Form)
    state = models.CharField(max_length=12, choices=DatasetState, default=DatasetState.CURRENT)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    retired_reason = models.CharField(max_length=400, blank=True)

    name = models.CharField(max_length=400)  # Chinese, else as in the source
    name_en = models.CharField(max_length=400, blank=True)
    product = models.CharField(max_length=400, blank=True)  # name of its reference flow
    category = models.CharField(max_length=300, blank=True)  # "a / b / c"
    unit = models.CharField(max_length=40, blank=True)  # that `value` is per
    dimension = models.CharField(max_length=40, blank=True)  # of the unit (lca.units), to find data per kWh for MJ
    value = models.FloatField(null=True)  # kg CO2e per unit, AR6 unless its source has summed it; null: cannot be known
    not_usable = models.JSONField(null=True)  # {"zh", "en"}: why there is no `factor`
    kind = models.CharField(max_length=32, blank=True)  # lca.model.FactorKind
    gas_scope = models.CharField(max_length=12, blank=True)  # lca.model.GasScope
    life_cycle_scope = models.CharField(max_length=20, blank=True)  # lca.model.LifeCycleScope
    boundary = models.CharField(max_length=200, blank=True)  # in words
    region = models.CharField(max_length=40, blank=True)  # "CN-SH", "CN", "US", "GLO", "" unknown
    year = models.IntegerField(null=True)  # of the data, the last of a period
    year_from = models.IntegerField(null=True)
    technology = models.CharField(max_length=400, blank=True)
    quality = models.CharField(max_length=60, blank=True)  # scores as given, e.g. "(1;2;3;4;5)"
    confidence = models.CharField(max_length=200, blank=True)
    permitted_use = models.CharField(max_length=20, default="footprint")  # "footprint", "not_in_footprint"
    use_instead = models.CharField(max_length=340, blank=True)  # key of the one to use where this is not permitted
    provider = models.CharField(max_length=200, blank=True)  # who measured or published it
    citation = models.TextField(blank=True)  # source and document, in words
    complete = models.BooleanField(default=True)  # False: inputs upstream are not linked, the value is too low
    document = models.BinaryField(default=bytes)  # the whole record, compressed JSON of lca.datasets.document
    factor = models.JSONField(null=True)  # document of the lca Factor (emissions gas by gas), where there is one
    tokens = SearchVectorField(null=True)  # kernel.search

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "uid"], name="one_dataset_per_uid")]
        indexes = [
            GinIndex(fields=["tokens"]),
            models.Index(fields=["version", "form"]),
            models.Index(fields=["region", "year"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def says_no_emissions(self) -> bool:
        """Whether it is a process that names no greenhouse gas: an inventory of something else, not a clean process."""
        return self.form == Form.PROCESS and self.value == 0


class Compiled(models.Model):
    """Matrices of a version under a link rule, and the intensities of all its products: made once, kept by hash.

    network      npz of the network, its ids and units (library.matrices)
    intensities  npz: kg of every gas per unit of every product, from which any GWP set is one multiplication away; and
                 why some products have none
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="compiled")
    link_rule = models.CharField(max_length=20)
    network = models.ForeignKey("kernel.EvidenceFile", on_delete=models.PROTECT, related_name="+")
    intensities = models.ForeignKey("kernel.EvidenceFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "link_rule"], name="compiled_once_per_rule")]

    def __str__(self) -> str:
        return f"{self.version} {self.link_rule}"


class Severity(models.TextChoices):
    BLOCKING = "blocking", _("必须处理")
    DOUBTFUL = "doubtful", _("需要判断")
    NOTE = "note", _("提示")


class FlagState(models.TextChoices):
    OPEN = "open", _("待决定")
    ACCEPTED = "accepted", _("已接受")
    UPHELD = "upheld", _("问题成立")


class Flag(Thing):
    """What the quality gate says of a data set or of a submission; a reviewer decides, with a reason."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, null=True, related_name="flags")
    submission = models.ForeignKey("Submission", on_delete=models.CASCADE, null=True, related_name="flags")
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, null=True, related_name="flags")
    check_code = models.CharField(max_length=40)  # code of lca.datasets.gate
    severity = models.CharField(max_length=12, choices=Severity)
    place = models.CharField(max_length=600)
    zh = models.TextField()
    en = models.TextField()
    state = models.CharField(max_length=12, choices=FlagState, default=FlagState.OPEN)
    reason = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=True) ^ models.Q(submission__isnull=True),
                name="a_flag_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.place}"


class SubmissionState(models.TextChoices):
    SUBMITTED = "submitted", _("待审核")
    SENT_BACK = "sent_back", _("退回修改")
    APPROVED = "approved", _("审核通过")
    PUBLISHED = "published", _("已发布")
    TURNED_DOWN = "turned_down", _("不予采用")
    CALLED_BACK = "called_back", _("已撤回")


class Submission(Thing):
    """A measured factor on its way into the library (产品碳排放因子测算): what was measured, how, and how well."""

    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=SubmissionState, default=SubmissionState.SUBMITTED)
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField(default=1)  # grows each time it is corrected and sent in again
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=12)  # kg CO2e per unit
    unit = models.CharField(max_length=40)
    kind = models.CharField(max_length=32)
    gas_scope = models.CharField(max_length=12)
    life_cycle_scope = models.CharField(max_length=20)
    boundary = models.CharField(max_length=200)
    gwp_set = models.CharField(max_length=20, default="AR6")
    region = models.CharField(max_length=40)
    period_start = models.DateField()
    period_end = models.DateField()
    technology = models.CharField(max_length=400)
    method = models.TextField()  # standard and how it was applied
    inventory = models.JSONField(default=list, blank=True)  # [{"name", "amount", "unit", "source"}] per unit
    representativeness = models.TextField()
    quality_scores = models.JSONField(default=dict, blank=True)  # {"technological": 1..5, "geographical", "temporal"}
    documents = models.ManyToManyField("kernel.EvidenceFile", related_name="+")
    document_names = models.JSONField(default=dict, blank=True)  # sha256 -> the name it came with
    replaces = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_as = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="measured_as"
    )

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    AGREE = "agree", _("同意采用")
    SEND_BACK = "send_back", _("退回修改")
    TURN_DOWN = "turn_down", _("不予采用")


class Review(Thing):
    """What one independent reviewer says of one round of a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveIntegerField()
    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict)
    note = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "round", "reviewer"], name="one_review_per_round_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.verdict}"
