"""Serial numbers of certificates, and the seal: what was signed and logged never changes."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE certificates_serial;
CREATE TRIGGER certificates_certificate_sealed BEFORE UPDATE ON certificates_certificate
    FOR EACH ROW WHEN (
        OLD.number IS DISTINCT FROM NEW.number
        OR OLD.claims IS DISTINCT FROM NEW.claims
        OR OLD.document IS DISTINCT FROM NEW.document
        OR OLD.log_index IS DISTINCT FROM NEW.log_index
    ) EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER certificates_certificate_kept BEFORE DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
"""
BACKWARD = """
DROP TRIGGER certificates_certificate_kept ON certificates_certificate;
DROP TRIGGER certificates_certificate_sealed ON certificates_certificate;
DROP SEQUENCE certificates_serial;
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
