"""The database itself refuses to change, delete or empty the journal, and to write into a sealed day."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION parvis_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'parvis: % is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE FUNCTION parvis_day_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.day <= (SELECT max(day) FROM journal_seal) THEN
    RAISE EXCEPTION 'parvis: the day % is sealed', NEW.day USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION parvis_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION parvis_append_only();
CREATE TRIGGER open_day BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION parvis_day_is_open();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal_seal FOR EACH ROW EXECUTE FUNCTION parvis_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON journal_seal FOR EACH STATEMENT EXECUTE FUNCTION parvis_append_only();
"""
BACKWARDS = """
DROP TRIGGER append_only ON journal_entry; DROP TRIGGER never_emptied ON journal_entry; DROP TRIGGER open_day ON journal_entry;
DROP TRIGGER append_only ON journal_seal; DROP TRIGGER never_emptied ON journal_seal;
DROP FUNCTION parvis_append_only(); DROP FUNCTION parvis_day_is_open();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_actors")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
