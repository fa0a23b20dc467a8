"""A published version never changes: nor do its data sets, but for their retirement; the database itself refuses.

Of a data set its state, successor and reason of retirement may change; and its key where it was the bare id of a starter
factor, which goes to the newest. What reviewers said stays, and a submission that has come to its end.
"""

from django.db import migrations

OF_VERSION = (
    "source_id", "number", "format", "filename", "file_sha256", "upload_id", "records_id", "link_rule",
    "content_sha256", "report", "imported_by_id", "published_at",
)  # fmt: skip
OF_DATASET = (
    "version_id", "uid", "form", "name", "name_en", "product", "product_uid", "category", "unit",
    "dimension", "value", "not_usable",
    "kind", "gas_scope", "life_cycle_scope", "boundary", "region", "year", "year_from", "technology", "quality",
    "confidence", "permitted_use", "use_instead", "provider", "citation", "complete", "document", "factor",
)  # fmt: skip
ENDED = "OLD.state IN ('published', 'turned_down', 'called_back')"


def changed(columns):
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


def kept(table):
    return f"""
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION tanbiao_refuse_change();
"""


FORWARD = f"""
CREATE TRIGGER library_version_sealed BEFORE UPDATE ON library_version
    FOR EACH ROW WHEN (
        OLD.state IN ('published', 'retired')
        AND (NEW.state NOT IN ('published', 'retired') OR (OLD.state, NEW.state) = ('retired', 'published')
             OR {changed(OF_VERSION)}))
    EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER library_version_kept BEFORE DELETE ON library_version
    FOR EACH ROW WHEN (OLD.state IN ('published', 'retired')) EXECUTE FUNCTION tanbiao_refuse_change();
CREATE FUNCTION tanbiao_of_open_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM library_version WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.version_id ELSE NEW.version_id END)
       IN ('published', 'retired') OR
       TG_OP = 'UPDATE' AND (SELECT state FROM library_version WHERE id = OLD.version_id) IN ('published', 'retired')
    THEN
        RAISE EXCEPTION 'table %: % refused, the version is published', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER library_dataset_complete BEFORE INSERT OR DELETE ON library_dataset
    FOR EACH ROW EXECUTE FUNCTION tanbiao_of_open_version();
CREATE TRIGGER library_dataset_sealed BEFORE UPDATE ON library_dataset
    FOR EACH ROW WHEN ({changed(OF_DATASET)} OR OLD.key <> NEW.key AND OLD.key <> OLD.uid)
    EXECUTE FUNCTION tanbiao_of_open_version();
CREATE TRIGGER library_flag_decided BEFORE INSERT OR UPDATE OR DELETE ON library_flag
    FOR EACH ROW EXECUTE FUNCTION tanbiao_of_open_version();
CREATE TRIGGER library_submission_ended BEFORE UPDATE ON library_submission
    FOR EACH ROW WHEN ({ENDED}) EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER library_review_sealed BEFORE UPDATE ON library_review
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
{kept("library_submission")}{kept("library_review")}
"""
BACKWARD = """
DROP TRIGGER library_version_sealed ON library_version;
DROP TRIGGER library_version_kept ON library_version;
DROP TRIGGER library_dataset_complete ON library_dataset;
DROP TRIGGER library_dataset_sealed ON library_dataset;
DROP TRIGGER library_flag_decided ON library_flag;
DROP TRIGGER library_submission_ended ON library_submission;
DROP TRIGGER library_submission_kept ON library_submission;
DROP TRIGGER library_submission_no_truncate ON library_submission;
DROP TRIGGER library_review_sealed ON library_review;
DROP TRIGGER library_review_kept ON library_review;
DROP TRIGGER library_review_no_truncate ON library_review;
DROP FUNCTION tanbiao_of_open_version();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0002_as_it_is_filled"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
