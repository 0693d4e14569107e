"""What the invented directorate has decided on its figures: reviews held, a decision that is late, one to come."""

from datetime import date, datetime, timedelta

from parvis.domains.steering.actions import reviews as acts
from parvis.domains.steering.models import Review
from parvis.domains.steering.queries import figures
from parvis.kernel.indicators.cells import period_of
from parvis.kernel.organisation.models import Directorate, Person
from parvis.kernel.territories.models import Sector

MINUTES = (
    "Les trois actions en retard ont été passées en revue. La mairie demande que les échéances repoussées soient "
    "annoncées avant la réunion, et que les projets menés à plusieurs directions aient tous un chef de projet."
)
DECISIONS = (
    ("Nommer un chef de projet pour chaque action menée par plusieurs directions", "secteur19", -6),
    ("Mettre à jour les jalons des actions en retard avant la prochaine revue", "secteur19", 12),
    ("Demander à la DEVE sa réponse sur les parts qui attendent depuis plus d’un mois", "pilote", 20),
)


def conclude(today: date, at: datetime) -> None:
    """The reviews of the 19th: last month's held and closed, this month's prepared; once, and only on measured figures."""
    if Review.objects.exists() or figures.last_evaluation(today) is None:
        return
    sector, month = Sector.objects.get(code="19"), period_of(today, "month")
    before = period_of(month - timedelta(days=1), "month")
    held = acts.prepare("monthly", before, planned_on=today, by=None, at=at, sector=sector)
    acts.freeze(held, by=None, at=at)
    acts.hold(held, by=None, at=at)
    _decide(held, today, at)
    held.minutes = MINUTES
    held.save(update_fields=["minutes"])
    acts.close(held, by=None, at=at)
    acts.prepare("monthly", month, planned_on=today + timedelta(days=14), by=None, at=at, sector=sector)
    quarter = period_of(period_of(today, "quarter") - timedelta(days=1), "quarter")
    acts.prepare(
        "quarterly", quarter, planned_on=today + timedelta(days=7), by=None, at=at,
        directorate=Directorate.objects.get(code="DEVE"),
    )  # fmt: skip


def _decide(review: Review, today: date, at: datetime) -> None:
    """Written down as of that meeting: one is already late."""
    for title, account, days in DECISIONS:
        owner = Person.objects.filter(email__startswith=f"{account}@").first()
        review.decisions.create(title=title, owner=owner, due_on=today + timedelta(days=days), created_at=at)
