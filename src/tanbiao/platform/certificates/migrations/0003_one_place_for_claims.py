"""The claims stand in the signed document only; the seal closes every column that says what was decided."""

from django.db import migrations

SEALED = ("number", "document", "log_index", "application_id", "holder_id", "body_id", "product_name")
SEALED += ("valid_from", "valid_until")
OLD_SEALED = ("number", "claims", "document", "log_index")


def seal(columns):
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    return f"""
CREATE TRIGGER certificates_certificate_sealed BEFORE UPDATE ON certificates_certificate
    FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION tanbiao_refuse_change();
"""


UNSEAL = "DROP TRIGGER certificates_certificate_sealed ON certificates_certificate;"
KEYS = """
CREATE TRIGGER certificates_issuerkey_kept BEFORE DELETE ON certificates_issuerkey
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER certificates_issuerkey_sealed BEFORE UPDATE ON certificates_issuerkey
    FOR EACH ROW WHEN (
        OLD.public_key IS DISTINCT FROM NEW.public_key
        OR OLD.organisation_id IS DISTINCT FROM NEW.organisation_id
        OR OLD.valid_from IS DISTINCT FROM NEW.valid_from
    ) EXECUTE FUNCTION tanbiao_refuse_change();
"""
NO_KEYS = """
DROP TRIGGER certificates_issuerkey_kept ON certificates_issuerkey;
DROP TRIGGER certificates_issuerkey_sealed ON certificates_issuerkey;
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_serial_and_seal")]
    operations = [
        migrations.RunSQL(UNSEAL, seal(OLD_SEALED)),
        migrations.RemoveField("certificate", "claims"),
        migrations.RunSQL(seal(SEALED), UNSEAL),
        migrations.RunSQL(KEYS, NO_KEYS),
    ]
