"""The event log can only grow: the database itself refuses every other change."""

from django.db import migrations

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION tanbiao_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER kernel_event_append_only BEFORE UPDATE OR DELETE ON kernel_event
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER kernel_event_no_truncate BEFORE TRUNCATE ON kernel_event
    FOR EACH STATEMENT EXECUTE FUNCTION tanbiao_refuse_change();
"""
UNDO = """
DROP TRIGGER kernel_event_append_only ON kernel_event;
DROP TRIGGER kernel_event_no_truncate ON kernel_event;
DROP FUNCTION tanbiao_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
