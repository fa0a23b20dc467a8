from __future__ import annotations

from tanbiao.formats.workbook import XLSX, read_workbook
from tanbiao.lca.document import to_document
from tanbiao.platform.accounts.actor import Actor
from tanbiao.platform.kernel.actions import action
from tanbiao.platform.kernel.evidence import keep_file
from tanbiao.platform.products.models import Product, Workbook
from tanbiao.platform.products.policies import may_bring_data


@action("products.upload_workbook", policy=may_bring_data)
def upload_workbook(actor: Actor, thing: None, /, *, data: bytes, filename: str) -> Workbook:
    """Read a workbook and keep it; the product is found by name and model, or entered.

    Raises Problems with every fault of the file by sheet and cell; then nothing is kept.
    """
    reading = read_workbook(data, filename)
    about = reading.system.product
    product, _created = Product.objects.get_or_create(
        owner_id=actor.organisation_id, name=about.name, model=about.model
    )
    return Workbook.objects.create(
        product=product,
        file=keep_file(data, XLSX),
        filename=filename[-200:],
        system=to_document(reading.system),
        warnings=[{"place": w.place, "zh": w.text.zh, "en": w.text.en} for w in reading.warnings],
        uploaded_by_id=actor.user_id,
    )
