"""What was filed stays: of a filed rule only the state may change; certificates rest on the rest."""

from django.db import migrations

COLUMNS = ("rule_id", "version", "title", "title_en", "sha256", "document", "filing_number", "filed_on", "demonstration")
CHANGED = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in COLUMNS)
FORWARD = f"""
CREATE TRIGGER rulebook_filedrule_sealed BEFORE UPDATE ON rulebook_filedrule
    FOR EACH ROW WHEN ({CHANGED}) EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER rulebook_filedrule_kept BEFORE DELETE ON rulebook_filedrule
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER rulebook_filedrule_no_truncate BEFORE TRUNCATE ON rulebook_filedrule
    FOR EACH STATEMENT EXECUTE FUNCTION tanbiao_refuse_change();
"""
BACKWARD = "".join(
    f"DROP TRIGGER rulebook_filedrule_{part} ON rulebook_filedrule;" for part in ("sealed", "kept", "no_truncate")
)


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
