"""The invented city opens its data: a file dropped by a service, three datasets published by two people.

Names of markets are real; their figures are invented.
"""

from datetime import date, datetime
from importlib import resources

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from parvis.domains.datahub.actions import contract_drafts, publications
from parvis.domains.datahub.demonstration import questions
from parvis.domains.datahub.models import Publication
from parvis.kernel.access.roles import Role
from parvis.kernel.organisation.models import Person

CONTACT = {"contact": "donnees@demo.parvis.example", "contact_name": "Mission qualité et données"}
ACTIONS = (
    "code", "plan", "kind", "year", "sector", "directorate", "policy_code", "state", "computed", "starts_on", "due_on",
    "in_priority_neighbourhood", "is_climate", "is_gender_equality", "longitude", "latitude", "changed_at",
)  # fmt: skip
OPEN = {
    "roadmaps.actions": {
        "title": "Actions des feuilles de route",
        "description": "Chaque action des feuilles de route signées et en cours : qui la pilote, où elle se fait, quand elle"
        " commence et finit, où elle en est. Les actions encore en préparation n’y sont pas.",
        "keywords": ("feuilles de route", "démocratie locale", "actions"), "columns": ACTIONS, "rhythm": "WEEKLY",
        "theme": "GOVE",
    },
    "roadmaps.coverage": {
        "title": "Politiques publiques servies, secteur par secteur",
        "description": "Combien d’actions publiées servent chaque politique publique dans chacun des 17 secteurs. Une case à"
        " zéro dit qu’aucune action publiée n’y répond.",
        "keywords": ("politiques publiques", "secteurs", "couverture"), "theme": "REGI",
    },
}  # fmt: skip
MARKETS = {
    "title": "Marchés alimentaires découverts",
    "description": "Les marchés de plein air : où ils se tiennent, quels jours, combien d’emplacements, quelle redevance. Les"
    " chiffres de cette ville de démonstration sont inventés.",
    "keywords": ("marchés", "commerce", "alimentation"), "theme": "ECON", "rhythm": "ANNUAL",
}  # fmt: skip


def conclude(today: date, now: datetime) -> None:
    """Once the city is photographed: drop, prepare, approve. Doing it again changes nothing."""
    officer, head = _someone(Role.DATA_OFFICER), _someone(Role.DIRECTORATE_HEAD)
    questions.conclude(officer, now)
    if officer is None or head is None or Publication.objects.exists():
        return
    with transaction.atomic():
        for code, words in (*OPEN.items(), (_dropped(officer, now), MARKETS)):
            _open(code, words, officer, head, now)


def _someone(role: Role) -> Person | None:
    return Person.objects.filter(assignments__role=role, is_active=True).order_by("pk").first()


def _dropped(officer: Person, now: datetime) -> str:
    content = (resources.files(__package__) / "marches.csv").read_bytes()
    draft = contract_drafts.begin(SimpleUploadedFile("marches.csv", content), by=officer, at=now)
    said = {
        "title": "Marchés", "sentence": "Un marché alimentaire découvert.", "owner": "DAE", "audience": "public",
        "rhythm_days": "366",
    }  # fmt: skip
    contract_drafts.write(draft, draft.typed | said)
    return contract_drafts.confirm(draft, by=officer, at=now).code


def _open(code: str, words: dict, officer: Person, head: Person, now: datetime) -> None:
    made = publications.prepare(code, by=officer, at=now)
    publications.describe(made, {**CONTACT, **words}, by=officer, at=now)
    made.refresh_from_db()
    publications.propose(made, by=officer, at=now)
    made.refresh_from_db()
    publications.publish(made, by=head, at=now)
