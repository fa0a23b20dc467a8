"""What people judged and decided stays: the database itself refuses to rewrite a case once its turn is over.

An application never changes after its end; findings and judgements only while the evaluation runs; nobody who had
the evaluation in hand is ever taken off the list of evaluators; nothing of a case is deleted.
"""

from django.db import migrations

TABLES = (
    "certification_application",
    "certification_application_evaluators",
    "certification_finding",
    "certification_judgement",
)
KEPT = "".join(
    f"""
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION tanbiao_refuse_change();
"""
    for table in TABLES
)
NOT_KEPT = "".join(f"DROP TRIGGER {t}_kept ON {t}; DROP TRIGGER {t}_no_truncate ON {t};" for t in TABLES)
SETTLED = """
CREATE TRIGGER certification_application_ended BEFORE UPDATE ON certification_application
    FOR EACH ROW WHEN (OLD.state IN ('granted', 'denied', 'refused', 'called_back'))
    EXECUTE FUNCTION tanbiao_refuse_change();
CREATE TRIGGER certification_evaluators_sealed BEFORE UPDATE ON certification_application_evaluators
    FOR EACH ROW EXECUTE FUNCTION tanbiao_refuse_change();
CREATE FUNCTION tanbiao_only_while() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.application_id <> NEW.application_id THEN
        RAISE EXCEPTION 'table %: a row stays with its application', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (SELECT state FROM certification_application WHERE id = NEW.application_id) <> ALL (TG_ARGV) THEN
        RAISE EXCEPTION 'table %: % refused at this stage of the case', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certification_finding_in_evaluation BEFORE INSERT OR UPDATE ON certification_finding
    FOR EACH ROW EXECUTE FUNCTION tanbiao_only_while('in_evaluation');
CREATE TRIGGER certification_judgement_in_evaluation BEFORE INSERT OR UPDATE ON certification_judgement
    FOR EACH ROW EXECUTE FUNCTION tanbiao_only_while('in_evaluation');
CREATE TRIGGER certification_evaluators_while_open BEFORE INSERT ON certification_application_evaluators
    FOR EACH ROW EXECUTE FUNCTION tanbiao_only_while('accepted', 'in_evaluation');
"""
NOT_SETTLED = """
DROP TRIGGER certification_application_ended ON certification_application;
DROP TRIGGER certification_evaluators_sealed ON certification_application_evaluators;
DROP TRIGGER certification_finding_in_evaluation ON certification_finding;
DROP TRIGGER certification_judgement_in_evaluation ON certification_judgement;
DROP TRIGGER certification_evaluators_while_open ON certification_application_evaluators;
DROP FUNCTION tanbiao_only_while();
"""


class Migration(migrations.Migration):
    dependencies = [("certification", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [migrations.RunSQL(KEPT, NOT_KEPT), migrations.RunSQL(SETTLED, NOT_SETTLED)]
