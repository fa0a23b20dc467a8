"""Which data sets the studies use: a table of its own, filled from the studies there are."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    Study, FactorUse = (apps.get_model("footprints", name) for name in ("Study", "FactorUse"))
    FactorUse.objects.bulk_create(
        FactorUse(study=study, key=factor["id"])
        for study in Study.objects.select_related("workbook").iterator(chunk_size=50)
        for factor in study.workbook.system["factors"]
        if not factor["own"]
    )


class Migration(migrations.Migration):
    dependencies = [("footprints", "0002_frozen_stays"), ("products", "0003_choices")]
    operations = [
        migrations.CreateModel(
            name="FactorUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=340)),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="factor_uses",
                        to="footprints.study",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("study", "key"), name="one_use_per_study_and_data_set")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
