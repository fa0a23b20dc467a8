"""Two columns that were written and never read; the trigger that seals data sets names its columns, so it is made anew."""

from django.db import migrations

OF_DATASET = (
    "version_id", "uid", "form", "name", "name_en", "product", "category", "unit", "dimension", "value", "not_usable",
    "kind", "gas_scope", "life_cycle_scope", "boundary", "region", "year", "year_from", "technology", "quality",
    "confidence", "permitted_use", "use_instead", "provider", "citation", "complete", "document", "factor",
)  # fmt: skip
UNSEALED = "DROP TRIGGER library_dataset_sealed ON library_dataset;"


def sealed(columns):
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    return f"""
CREATE TRIGGER library_dataset_sealed BEFORE UPDATE ON library_dataset
    FOR EACH ROW WHEN ({changed} OR OLD.key <> NEW.key AND OLD.key <> OLD.uid)
    EXECUTE FUNCTION tanbiao_of_open_version();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0003_published_stays")]
    operations = [
        migrations.RunSQL(UNSEALED, sealed((*OF_DATASET, "product_uid"))),
        migrations.RemoveField(model_name="dataset", name="product_uid"),
        migrations.RemoveField(model_name="compiled", name="report"),
        migrations.RunSQL(sealed(OF_DATASET), UNSEALED),
    ]
