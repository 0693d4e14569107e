"""`pk__among=queryset` (of a link, `action__pk__among`): like `__in`, but the inner question is asked once, by itself, and its answer is looked up.

The planner turns `IN (SELECT …)` into a join, and several of them into nested loops when it believes the tables empty,
as it does of rows just written: minutes for a few hundred rows. `IS TRUE` keeps the inner question whole, so that the
cost grows with the rows whatever the planner believes.
"""

from django.db.models import Field, Lookup


@Field.register_lookup
class Among(Lookup):
    """Its right side is always a queryset of one column."""

    lookup_name = "among"

    def as_sql(self, compiler, connection):
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"({left} IN {right}) IS TRUE", [*left_values, *right_values]
