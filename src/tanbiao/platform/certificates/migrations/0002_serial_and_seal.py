"""Serial numbers of certificates, and the seal: what was decided, signed and logged never changes."""

from django.db import migrations

SEALED = {
    "certificates_certificate": (
        "number", "signed", "log", "application_id", "holder_id", "body_id", "product_name", "valid_from", "valid_until",
    ),
    "certificates_status": ("certificate_id", "statement"),
    "certificates_issuerkey": ("public_key", "organisation_id", "name", "valid_from"),
}  # fmt: skip


def seal(table, columns):
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    return f"""
CREATE TRIGGER {table}_sealed BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION tanbiao_refuse_change();
"""


def unseal(table):
    return "".join(f"DROP TRIGGER {table}_{part} ON {table};" for part in ("sealed", "kept", "no_truncate"))


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE certificates_serial;", "DROP SEQUENCE certificates_serial;"),
        *(migrations.RunSQL(seal(table, columns), unseal(table)) for table, columns in SEALED.items()),
    ]
