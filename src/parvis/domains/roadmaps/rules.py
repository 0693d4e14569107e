"""Who may see and do what in the roadmaps. Each permission names its roles; the predicates below say on which rows.

- Everyone reads what is published: plans signed or beyond, and the actions that stand in them.
- The directorate's head, roadmap pilots, data officers and auditors read everything.
- A sector chief executive or an arrondissement mayor's office reads and steers its own sector, at any state.
- A contributor reads and edits the actions that her directorate leads or takes part in.
- Elected readers read what is published, and nothing of what is being prepared.
"""

from django.db.models import Q

from parvis.domains.roadmaps.workflow import PUBLISHED_STATES
from parvis.kernel import access
from parvis.kernel.access import HOUSE, OPEN, SCOPE, Permission, Reach, Role


def plans_within(reach: Reach) -> Q:
    """Plans of the sectors reached, or named; a directorate sees the plans where it has an action."""
    return Q(sector__code__in=reach.sectors) | Q(pk__in=reach.plans) | _directorate_plans(reach)


def plans_held_within(reach: Reach) -> Q:
    """Plans of the sectors reached, or named. A directorate that takes part in a plan neither steers nor signs it."""
    return Q(sector__code__in=reach.sectors) | Q(pk__in=reach.plans)


def actions_within(reach: Reach) -> Q:
    """Actions standing in the reached plans or sectors, or led by or asked of the reached directorates."""
    return (
        Q(pk__among=_placed(Q(plan__sector__code__in=reach.sectors) | Q(plan__in=reach.plans)))
        | Q(lead__code__in=reach.directorates)
        | Q(pk__among=_asked_of(reach))
    )


def commitments_within(reach: Reach) -> Q:
    """A commitment belongs to the directorate asked."""
    return Q(directorate__code__in=reach.directorates)


def asked_within(reach: Reach) -> Q:
    """Whoever steers the action asks its partners."""
    from parvis.domains.roadmaps.models import Action

    return Q(action__pk__among=Action.objects.filter(actions_within(reach)).values("pk"))


def amendments_within(reach: Reach) -> Q:
    return Q(plan__sector__code__in=reach.sectors) | Q(plan__in=reach.plans)


def deployments_within(reach: Reach) -> Q:
    return (
        Q(sector__code__in=reach.sectors)
        | Q(placement__plan__in=reach.plans)
        | Q(placement__action__lead__code__in=reach.directorates)
    )


def published_plans() -> Q:
    return Q(state__in=PUBLISHED_STATES)


def published_actions() -> Q:
    return Q(pk__among=_placed(Q(plan__state__in=PUBLISHED_STATES)))


def published_deployments() -> Q:
    return Q(placement__plan__state__in=PUBLISHED_STATES)


def _placed(condition: Q):
    from parvis.domains.roadmaps.models import Placement

    return Placement.objects.filter(condition).values("action")


def _asked_of(reach: Reach):
    from parvis.domains.roadmaps.models import Commitment

    return Commitment.objects.filter(directorate__code__in=reach.directorates).values("action")


def _directorate_plans(reach: Reach) -> Q:
    from parvis.domains.roadmaps.models import Placement

    if not reach.directorates:
        return Q(pk__in=[])
    mine = Q(action__lead__code__in=reach.directorates) | Q(action__pk__among=_asked_of(reach))
    return Q(pk__among=Placement.objects.filter(mine).values("plan"))


def reads_names(person) -> bool:
    """Whoever works on the roadmaps reads the names of colleagues; the public and elected readers read directorates."""
    return access.may_anywhere(person, "roadmaps.see_campaign")


READERS: dict[Role, str] = {
    Role.DIRECTORATE_HEAD: SCOPE, Role.ROADMAP_PILOT: HOUSE, Role.SECTOR_CHIEF: SCOPE, Role.DISTRICT_OFFICE: SCOPE,
    Role.CONTRIBUTOR: SCOPE, Role.DATA_OFFICER: HOUSE, Role.AUDITOR: HOUSE, Role.ELECTED_READER: OPEN,
}  # fmt: skip
INSIDE: dict[Role, str] = {role: grant for role, grant in READERS.items() if role != Role.ELECTED_READER}
PILOTS: dict[Role, str] = {Role.DIRECTORATE_HEAD: SCOPE, Role.ROADMAP_PILOT: SCOPE, Role.SECTOR_CHIEF: SCOPE}
SIGNERS: dict[Role, str] = {Role.DIRECTORATE_HEAD: SCOPE, Role.SECTOR_CHIEF: SCOPE, Role.DISTRICT_OFFICE: SCOPE}
WRITERS: dict[Role, str] = PILOTS | {Role.CONTRIBUTOR: SCOPE}
STAFF: dict[Role, str] = {role: HOUSE for role in (*READERS, *PILOTS) if role not in (Role.ELECTED_READER, Role.PUBLIC)}

PERMISSIONS = (
    Permission("roadmaps.view_plan", "Voir un plan", READERS | {Role.PUBLIC: OPEN}, plans_within, published_plans),
    Permission("roadmaps.view_action", "Voir une action", READERS | {Role.PUBLIC: OPEN}, actions_within, published_actions),
    Permission("roadmaps.add_action", "Créer une action", WRITERS, plans_within),
    Permission("roadmaps.edit_action", "Modifier une action", WRITERS, actions_within),
    Permission("roadmaps.comment_action", "Commenter une action", WRITERS | {Role.DISTRICT_OFFICE: SCOPE}, actions_within),
    Permission("roadmaps.view_discussion", "Lire les échanges et l’historique d’une action", INSIDE, actions_within),
    Permission("roadmaps.steer_plan", "Faire avancer un plan", PILOTS, plans_held_within),
    Permission("roadmaps.sign_plan", "Signer une feuille de route", SIGNERS, plans_held_within),
    Permission("roadmaps.ask_commitment", "Demander sa part à une direction", PILOTS, asked_within),
    Permission(
        "roadmaps.answer_commitment", "Répondre pour sa direction",
        {Role.DIRECTORATE_HEAD: SCOPE, Role.CONTRIBUTOR: SCOPE}, commitments_within,
    ),
    Permission("roadmaps.steer_amendment", "Préparer un avenant", PILOTS, amendments_within),
    Permission("roadmaps.sign_amendment", "Signer un avenant", SIGNERS, amendments_within),
    Permission(
        "roadmaps.view_deployment", "Voir un déploiement", READERS | {Role.PUBLIC: OPEN},
        deployments_within, published_deployments,
    ),
    Permission("roadmaps.edit_deployment", "Tenir un déploiement", WRITERS, deployments_within),
    Permission("roadmaps.see_campaign", "Suivre une campagne", STAFF),
    Permission("roadmaps.run_campaign", "Conduire une campagne", {Role.DIRECTORATE_HEAD: SCOPE, Role.ROADMAP_PILOT: SCOPE}),
    Permission("roadmaps.import", "Importer dans les feuilles de route", PILOTS | {Role.DATA_OFFICER: HOUSE}),
)  # fmt: skip
