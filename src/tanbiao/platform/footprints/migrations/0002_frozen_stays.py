"""A frozen study never changes: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER footprints_study_frozen BEFORE UPDATE OR DELETE ON footprints_study
    FOR EACH ROW WHEN (OLD.state = 'frozen') EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER footprints_study_no_truncate BEFORE TRUNCATE ON footprints_study
    FOR EACH STATEMENT EXECUTE FUNCTION tanbiao_refuse_change();
"""
BACKWARD = """
DROP TRIGGER footprints_study_frozen ON footprints_study;
DROP TRIGGER footprints_study_no_truncate ON footprints_study;
"""


class Migration(migrations.Migration):
    dependencies = [("footprints", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
