"""An uploaded workbook stays as it was read: studies rest on it, frozen ones for good."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER products_workbook_as_uploaded BEFORE UPDATE OR DELETE ON products_workbook
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
"""
BACKWARD = "DROP TRIGGER products_workbook_as_uploaded ON products_workbook;"


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
