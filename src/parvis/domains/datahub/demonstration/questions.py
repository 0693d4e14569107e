"""The invented city knows its data: files profiled, a question answered and another that waits. Twice is the same as once."""

from datetime import datetime

from parvis.domains.datahub.actions import discussions, profiles
from parvis.domains.datahub.models import Thread
from parvis.kernel import faces
from parvis.kernel.access.roles import Role
from parvis.kernel.organisation.models import Person

ASKED = (
    ("roadmaps.milestones", "actual_on", "Une date tenue vaut-elle ouverture au public ?",
     "Deux jalons du même chantier portent la même date tenue.",
     "Non : c’est la fin de l’étape. L’ouverture est un jalon de nature « ouverture »."),
    ("roadmaps.means", "cents", "Les montants sont-ils hors taxes ?", "Le tableau de la direction des finances est hors taxes.",
     ""),
)  # fmt: skip


def conclude(officer: Person | None, now: datetime) -> None:
    """Profile what was photographed; ask and answer once."""
    profiles.profile_all(at=now)
    pilot = Person.objects.filter(assignments__role=Role.ROADMAP_PILOT, is_active=True).order_by("pk").first()
    if officer is None or pilot is None or Thread.objects.exists():
        return
    datasets = faces.house().datasets
    for code, column, title, text, answer in ASKED:
        thread = discussions.ask(datasets[code], title, text, column=column, by=pilot, at=now)
        if answer:
            discussions.reply(thread, answer, by=officer, at=now)
