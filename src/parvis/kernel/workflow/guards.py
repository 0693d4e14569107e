"""The database side of `move()`: a trigger that refuses any other writer of a state."""

FUNCTION_SQL = """
CREATE OR REPLACE FUNCTION parvis_guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('parvis.moving', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION 'parvis: the state of % changes through move() alone', TG_TABLE_NAME
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""


def guard_sql(table: str) -> str:
    """SQL that guards the column `state` of a table; run it from a migration of the table's own domain."""
    return (
        f"{FUNCTION_SQL}\n"
        f"DROP TRIGGER IF EXISTS guard_state ON {table};\n"
        f"CREATE TRIGGER guard_state BEFORE UPDATE OF state ON {table} FOR EACH ROW "
        f"WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION parvis_guard_state();"
    )


def unguard_sql(table: str) -> str:
    return f"DROP TRIGGER IF EXISTS guard_state ON {table};"
