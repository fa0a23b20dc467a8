from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("products", "0002_as_uploaded")]
    operations = [
        migrations.AddField(model_name="workbook", name="choices", field=models.JSONField(default=list)),
    ]
