from __future__ import annotations

from django.db import models
from django.utils.functional import cached_property

from tanbiao.lca.document import system_from_document
from tanbiao.lca.model import ProductSystem
from tanbiao.platform.kernel.models import Thing


class Product(Thing):
    """A product of one enterprise: name and model, as the certificate will carry them."""

    owner = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    model = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name", "model"], name="one_product_per_name_and_model")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.model}".strip()


class Workbook(Thing):
    """One upload: the file as it came (by hash) and the product system read from it, with the factors chosen since.

    `choices` tells how the system differs from the file, oldest first: [{"process", "process_name", "row", "line",
    "place", "column", "from": {"id", "zh", "en", "value"}, "to": {...}, "reason", "by", "at"}].
    """

    NOT_LOGGED = ("system", "warnings", "choices")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="workbooks")
    file = models.ForeignKey("kernel.EvidenceFile", on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    system = models.JSONField()  # lca.document of the product system
    warnings = models.JSONField(default=list)  # [{"place", "zh", "en"}]
    choices = models.JSONField(default=list)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.filename

    @cached_property
    def product_system(self) -> ProductSystem:
        """`system`, read once."""
        return system_from_document(self.system)
