"""A frozen study never changes: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER footprints_study_frozen BEFORE UPDATE OR DELETE ON footprints_study
    FOR EACH ROW WHEN (OLD.state = 'frozen') EXECUTE FUNCTION tanbiao_refuse_change();
"""
BACKWARD = "DROP TRIGGER footprints_study_frozen ON footprints_study;"


class Migration(migrations.Migration):
    dependencies = [("footprints", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
