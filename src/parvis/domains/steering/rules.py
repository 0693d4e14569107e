"""Who may see objectives, figures, alerts and reviews, and who decides on them.

- The objectives and what the house publishes of their figures are open to everyone.
- The figures themselves are read by everyone who works here; the rows behind them only as far as the dataset allows.
- A definition is proposed by those who steer and answer for data; another person than its author approves it.
- An alert is treated where it arises; a review is held where it belongs.
"""

from django.db.models import Q

from parvis.kernel.access import HOUSE, OPEN, SCOPE, Permission, Reach, Role

STAFF = (
    Role.DIRECTORATE_HEAD, Role.ROADMAP_PILOT, Role.SECTOR_CHIEF, Role.DISTRICT_OFFICE, Role.CONTRIBUTOR,
    Role.DATA_OFFICER, Role.AUDITOR, Role.ELECTED_READER,
)  # fmt: skip


def alerts_within(reach: Reach) -> Q:
    """The alerts that concern a sector reached, and those that the person must treat or has promised to."""
    hers = Q(owner=reach.person_id) | Q(plan_by=reach.person_id) if reach.person_id else Q(pk__in=[])
    return Q(places__overlap=sorted(reach.sectors)) | hers if reach.sectors else hers


def reviews_within(reach: Reach) -> Q:
    """A sector's reviews, or a directorate's."""
    return Q(sector__code__in=reach.sectors) | Q(directorate__code__in=reach.directorates)


def decisions_within(reach: Reach) -> Q:
    """The decisions of those reviews, and those that the person herself must carry out."""
    return (
        Q(review__sector__code__in=reach.sectors)
        | Q(review__directorate__code__in=reach.directorates)
        | Q(owner=reach.person_id, owner__isnull=False)
    )


def closed_reviews() -> Q:
    """A review whose minutes are validated is read by everyone who works here."""
    return Q(state="closed")


PERMISSIONS = (
    Permission("steering.view_objectives", "Voir les objectifs", {Role.PUBLIC: HOUSE}),
    Permission("steering.view_figures", "Lire les indicateurs", dict.fromkeys(STAFF, HOUSE)),
    Permission(
        "steering.define_indicators", "Définir un indicateur",
        {Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE},
    ),
    Permission(
        "steering.approve_definitions", "Approuver la définition d’un indicateur",
        {Role.DIRECTORATE_HEAD: HOUSE, Role.DATA_OFFICER: HOUSE},
    ),
    Permission(
        "steering.propose_values", "Proposer une valeur saisie à la main",
        {
            Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE,
            Role.SECTOR_CHIEF: HOUSE, Role.DISTRICT_OFFICE: HOUSE, Role.CONTRIBUTOR: HOUSE,
        },
    ),
    Permission(
        "steering.approve_values", "Approuver une valeur saisie à la main",
        {Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE},
    ),
    Permission(
        "steering.judge_objectives", "Dire sa confiance dans un objectif",
        {Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE},
    ),
    Permission("steering.measure", "Lancer une évaluation", {Role.DIRECTORATE_HEAD: HOUSE, Role.DATA_OFFICER: HOUSE}),
    Permission(
        "steering.view_review", "Lire une revue",
        {
            Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE, Role.AUDITOR: HOUSE,
            Role.SECTOR_CHIEF: SCOPE, Role.DISTRICT_OFFICE: SCOPE, Role.CONTRIBUTOR: SCOPE, Role.ELECTED_READER: OPEN,
        },
        within=reviews_within, open_rows=closed_reviews,
    ),
    Permission(
        "steering.comment_review", "Commenter une revue",
        {
            Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE,
            Role.SECTOR_CHIEF: SCOPE, Role.DISTRICT_OFFICE: SCOPE, Role.CONTRIBUTOR: SCOPE,
        },
        within=reviews_within,
    ),
    Permission(
        "steering.hold_review", "Préparer et tenir une revue",
        {Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.SECTOR_CHIEF: SCOPE}, within=reviews_within,
    ),
    Permission(
        "steering.follow_decision", "Suivre une décision",
        {
            Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.SECTOR_CHIEF: SCOPE,
            Role.DISTRICT_OFFICE: SCOPE, Role.CONTRIBUTOR: SCOPE, Role.DATA_OFFICER: SCOPE,
        },
        within=decisions_within,
    ),
    Permission("steering.view_alerts", "Lire les alertes", dict.fromkeys(STAFF[:-1], HOUSE)),
    Permission(
        "steering.raise_alert", "Signaler un indicateur",
        dict.fromkeys(
            (
                Role.DIRECTORATE_HEAD, Role.ROADMAP_PILOT, Role.DATA_OFFICER, Role.SECTOR_CHIEF, Role.DISTRICT_OFFICE,
                Role.CONTRIBUTOR,
            ), HOUSE,
        ),
    ),
    Permission(
        "steering.treat_alert", "Traiter une alerte",
        {
            Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE,
            Role.SECTOR_CHIEF: SCOPE, Role.CONTRIBUTOR: SCOPE,
        },
        within=alerts_within,
    ),
    Permission("steering.verify_alert", "Vérifier une alerte : le chiffre seul le fait", {}),
    Permission(
        "steering.silence_alerts", "Faire taire des alertes, recalculer des limites",
        {Role.DIRECTORATE_HEAD: HOUSE, Role.ROADMAP_PILOT: HOUSE, Role.DATA_OFFICER: HOUSE},
    ),
)  # fmt: skip
