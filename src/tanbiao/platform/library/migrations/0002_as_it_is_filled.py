"""Columns that filling a version asks for; a licence without an owner is the operator's own."""

import django.db.models.deletion
from django.db import migrations, models


def evidence_file(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.evidencefile", **options
    )


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]
    operations = [
        migrations.RemoveConstraint("source", "who_holds_the_licence_is_known"),
        migrations.AddField("version", "records", evidence_file(null=True)),
        migrations.AddField("dataset", "not_usable", models.JSONField(null=True)),
        migrations.AddField("compiled", "intensities", evidence_file(default=""), preserve_default=False),
        migrations.AddField("dataset", "dimension", models.CharField(blank=True, max_length=40)),
        migrations.RemoveField("compiled", "gwp_sets"),
        migrations.AddField("submission", "document_names", models.JSONField(blank=True, default=dict)),
        migrations.AlterField("submission", "inventory", models.JSONField(blank=True, default=list)),
        migrations.AlterField("submission", "quality_scores", models.JSONField(blank=True, default=dict)),
        migrations.AlterField(
            "submission",
            "replaces",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="library.dataset",
            ),
        ),
        migrations.AlterField(
            "submission",
            "published_as",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measured_as",
                to="library.dataset",
            ),
        ),
        migrations.AlterField(
            "submission",
            "state",
            models.CharField(
                choices=[
                    ("submitted", "待审核"),
                    ("sent_back", "退回修改"),
                    ("approved", "审核通过"),
                    ("published", "已发布"),
                    ("turned_down", "不予采用"),
                    ("called_back", "已撤回"),
                ],
                default="submitted",
                max_length=12,
            ),
        ),
    ]
