"""Who is asked to treat an alert: the one who answers for the indicator, else whoever steers. One query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parvis.kernel.access.roles import Role
from parvis.kernel.organisation.models import Assignment, Person

STEERS = (Role.ROADMAP_PILOT, Role.DIRECTORATE_HEAD, Role.DATA_OFFICER, Role.CONTRIBUTOR)
KEEPS_DATA = (Role.DATA_OFFICER, Role.ROADMAP_PILOT, Role.DIRECTORATE_HEAD, Role.CONTRIBUTOR)


@dataclass(frozen=True)
class Routes:
    """The people in post who may treat an alert, each in a role."""

    posts: tuple[tuple[str, Person], ...]

    def owner(self, label: str, *, is_about_data: bool = False) -> Person | None:
        """By her function or team, else in the directorate named, else whoever steers; None in an empty house."""
        order = KEEPS_DATA if is_about_data else STEERS
        for holds in (_is_named, _is_of_directorate, lambda person, label: True):
            found = _first(order, [(role, person) for role, person in self.posts if holds(person, label)])
            if found:
                return found
        return None


def routes(today: date) -> Routes:
    rows = Assignment.objects.live_on(today).filter(role__in=STEERS, person__is_active=True)
    rows = rows.select_related("person__directorate", "person__team").order_by("pk")
    return Routes(tuple((row.role, row.person) for row in rows))


def _first(order: Iterable[Role], posts: list[tuple[str, Person]]) -> Person | None:
    """In the order of their roles; contributors last, who treat what is theirs."""
    return next((person for role in order for held, person in posts if held == role), None)


def _is_named(person: Person, label: str) -> bool:
    team = person.team.name if person.team else ""
    return label.casefold() in (person.job_title.casefold(), team.casefold()) if label else False


def _is_of_directorate(person: Person, label: str) -> bool:
    return bool(person.directorate and person.directorate.code == label)
