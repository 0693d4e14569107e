"""States change through move() alone; a signed version and its signatures never change."""

from django.db import migrations

from parvis.kernel.workflow.guards import guard_sql, unguard_sql

TABLES = ("roadmaps_plan", "roadmaps_action", "roadmaps_commitment", "roadmaps_amendment", "roadmaps_deployment")
FROZEN = ("roadmaps_planversion", "roadmaps_signature")


def freeze_sql(table):
    return (
        f"CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION parvis_append_only();",
        f"DROP TRIGGER frozen ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("roadmaps", "0001_initial"), ("journal", "0003_append_only")]
    operations = [
        *(migrations.RunSQL(guard_sql(table), unguard_sql(table)) for table in TABLES),
        *(migrations.RunSQL(*freeze_sql(table)) for table in FROZEN),
    ]
