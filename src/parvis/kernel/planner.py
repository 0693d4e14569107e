"""What the database's planner believes of the tables: told again after many rows came at once."""

from django.db import connection

MANY = 1000  # rows; below, what the planner already believes will do


def refresh() -> None:
    """Count the tables anew. The database does so by itself within minutes; people come before that."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
