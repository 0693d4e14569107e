"""The planner is told what the tables hold after many rows came at once."""

import pytest
from django.db import connection

from parvis.kernel import planner


@pytest.mark.django_db
def test_after_a_load_the_planner_knows_how_many_rows_there_are():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = 0 WHERE relname = 'territories_sector'")
        planner.refresh()
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'territories_sector'")
        assert cursor.fetchone() == (17,)
