"""What the invented directorate has decided on its figures: reviews held, a decision that is late, one to come."""

from datetime import date, datetime, timedelta

from parvis.domains.steering.actions import alerting
from parvis.domains.steering.actions import alerts as treating
from parvis.domains.steering.actions import reviews as acts
from parvis.domains.steering.models import Alert, AlertStep, Evaluation, Objective, ObjectiveConfidence, Review
from parvis.domains.steering.queries import figures
from parvis.kernel.calendar import add_working_days
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

CONFIDENCE = (
    ("P1", 41, "sunny", "Seize feuilles de route sont signées ou en exécution ; la dernière est en arbitrage."),
    (
        "P1",
        6,
        "fair",
        "Trois feuilles de route attendent encore une direction ; la signature reste possible avant la fin du mois.",
    ),
    ("P2", 34, "fair", "Les actions sont localisées ; il reste à nommer les chefs de projet."),
    ("P2", 5, "cloudy", "Quatre projets sur dix menés à plusieurs directions n’ont pas de chef de projet."),
    ("P3", 20, "fair", "Le cadre est fixé avec les mairies ; huit secteurs ont commencé."),
    ("P4", 12, "cloudy", "Les conseils de quartier se réunissent peu dans l’ouest ; rien ne le mesure encore."),
    ("Q3", 9, "fair", "Les moyens sont dits pour neuf actions sur dix."),
    ("E2", 15, "fair", "Le plan avance dans le nord-est ; le 13e attend ses crédits."),
    ("D2", 8, "sunny", "Le plan Climat est le mieux tenu des plans de la Ville."),
    ("D3", 3, "fair", "Les jeux de données sont décrits ; leur qualité se mesure depuis cet automne."),
)


def conclude(today: date, at: datetime) -> None:
    """The reviews of the 19th: last month's held and closed, this month's prepared; once, and only on measured figures."""
    _say_confidence(today, at)
    _alert(today, at)
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


def _say_confidence(today: date, at: datetime) -> None:
    """Two judgments a few weeks apart, so that one sees it move; once."""
    if ObjectiveConfidence.objects.exists():
        return
    head = Person.objects.filter(email__startswith="directrice@").first()
    known = {objective.code: objective for objective in Objective.objects.filter(year="2025-2026")}
    ObjectiveConfidence.objects.bulk_create(
        ObjectiveConfidence(objective=known[code], level=level, sentence=sentence, by=head, at=at - timedelta(days=days))
        for code, days, level, sentence in CONFIDENCE if code in known
    )  # fmt: skip


def _alert(today: date, at: datetime) -> None:
    """The alerts of each evaluation as the house lived them, some of them treated in between; once.

    The journal of past days is sealed: it tells of them today, their own records at the time.
    """
    if Alert.objects.exists():
        return
    pilot = Person.objects.filter(email__startswith="pilote@").first()
    for run in Evaluation.objects.filter(finished_at__isnull=False, as_of__lte=today).order_by("as_of", "pk"):
        alerting.raise_alerts(at=at, today=run.as_of)
        _treat(today, at, pilot)
        then = at - timedelta(days=(today - run.as_of).days)
        Alert.objects.filter(raised_at=at).update(raised_at=then)
        AlertStep.objects.filter(at=at).update(at=then)


def _treat(today: date, at: datetime, pilot: Person | None) -> None:
    """The most urgent are taken: one has its action planned, one is said to be treated."""
    waiting = list(Alert.objects.filter(state="open").order_by("level", "pk")[:3])
    for rank, alert in enumerate(waiting if pilot else ()):
        treating.acknowledge(alert, by=pilot, at=at)
        if rank == 1:
            due = add_working_days(today, 15)
            treating.plan(alert, "Revoir les cas avec les secteurs", who=pilot, due_on=due, by=pilot, at=at)
        if rank == 2:
            treating.resolve(alert, reason="Les fiches concernées ont été complétées.", by=pilot, at=at)


def _decide(review: Review, today: date, at: datetime) -> None:
    """Written down as of that meeting: one is already late."""
    for title, account, days in DECISIONS:
        owner = Person.objects.filter(email__startswith=f"{account}@").first()
        review.decisions.create(title=title, owner=owner, due_on=today + timedelta(days=days), created_at=at)
