"""The invented people of the demonstration city: one sign-in per role, then a head and contributors everywhere.

Every address ends with DOMAIN, which no mail server serves; all share one password, printed at start.
"""

from datetime import date

from django.contrib.auth.hashers import make_password

from parvis.kernel.access.roles import LABELS, Role, ScopeKind
from parvis.kernel.organisation.models import Assignment, City, Directorate, Person
from parvis.kernel.territories.models import Sector

DOMAIN = "demo.parvis.example"
PASSWORD = "parvis-demonstration"  # noqa: S105 - printed on screen, opens an invented city alone
START = date(2024, 1, 1)

# e-mail name, first name, last name, job title, role, scope kind, scope, directorate
SIGN_INS = (
    ("directrice", "Claire", "Delmas", "Directrice", Role.DIRECTORATE_HEAD, ScopeKind.HOUSE, "", "DDCT"),
    ("pilote", "Karim", "Benali", "Pilote des feuilles de route", Role.ROADMAP_PILOT, ScopeKind.HOUSE, "", "DDCT"),
    ("secteur19", "Hélène", "Vasseur", "Directrice générale du 19e", Role.SECTOR_CHIEF, ScopeKind.SECTOR, "19", "DDCT"),
    ("mairie19", "Julien", "Arnaud", "Directeur de cabinet, mairie du 19e", Role.DISTRICT_OFFICE, ScopeKind.SECTOR, "19", None),
    ("deve", "Sophie", "Marchand", "Cheffe de projet", Role.CONTRIBUTOR, ScopeKind.DIRECTORATE, "DEVE", "DEVE"),
    ("donnees", "Nadia", "Cherif", "Responsable qualité et données", Role.DATA_OFFICER, ScopeKind.HOUSE, "", "DDCT"),
    ("audit", "Paul", "Lemoine", "Auditeur", Role.AUDITOR, ScopeKind.HOUSE, "", "DDCT"),
    ("elue", "Aïssata", "Diallo", "Adjointe au maire", Role.ELECTED_READER, ScopeKind.HOUSE, "", None),
)  # fmt: skip
FIRST_NAMES = (
    "Camille",
    "Louis",
    "Inès",
    "Thomas",
    "Fatou",
    "Marc",
    "Léa",
    "Antoine",
    "Yasmine",
    "Hugo",
    "Alice",
    "Rachid",
)
LAST_NAMES = (
    "Morel",
    "Nguyen",
    "Girard",
    "Traoré",
    "Lopez",
    "Faure",
    "Haddad",
    "Roche",
    "Perrin",
    "Cohen",
    "Blanc",
    "Sow",
    "Rey",
)


def sign_ins() -> list[tuple[str, str]]:
    """(role in French, e-mail) of the demonstration sign-ins."""
    return [(LABELS[role], f"{name}@{DOMAIN}") for name, _, _, _, role, *_ in SIGN_INS]


def load() -> None:
    """Name the city as invented and put its people in their posts."""
    City.objects.update_or_create(pk=1, defaults={"name": "Paris", "is_invented": True})
    posts = [*SIGN_INS, *_sector_posts(), *_directorate_posts()]
    secret = make_password(PASSWORD)
    directorates = {d.code: d for d in Directorate.objects.all()}
    people = [
        Person(
            email=f"{name}@{DOMAIN}", first_name=first, last_name=last, job_title=title, password=secret,
            directorate=directorates.get(directorate),
        )
        for name, first, last, title, _, _, _, directorate in posts
    ]  # fmt: skip
    Person.objects.bulk_create(people)
    Assignment.objects.bulk_create(
        Assignment(person=person, role=role, scope_kind=kind, scope_id=scope, starts_on=START)
        for person, (_, _, _, _, role, kind, scope, _) in zip(people, posts, strict=True)
    )


def _sector_posts() -> list[tuple]:
    posts = []
    for n, sector in enumerate(Sector.objects.exclude(code="19")):
        chief, office = _name(n), _name(n + 31)
        place = sector.short_name if sector.code != "centre" else "Centre"
        posts += [
            (f"secteur{sector.code}", *chief, f"Directeur général de secteur, {place}", Role.SECTOR_CHIEF, ScopeKind.SECTOR, sector.code, "DDCT"),
            (f"mairie{sector.code}", *office, f"Cabinet du maire, {place}", Role.DISTRICT_OFFICE, ScopeKind.SECTOR, sector.code, None),
        ]  # fmt: skip
    return posts


def _directorate_posts() -> list[tuple]:
    posts = []
    for n, directorate in enumerate(Directorate.objects.filter(is_external=False).exclude(code="DDCT")):
        code = directorate.code
        posts.append(
            (
                f"chef.{code.lower()}",
                *_name(n + 57),
                f"Direction, {code}",
                Role.DIRECTORATE_HEAD,
                ScopeKind.DIRECTORATE,
                code,
                code,
            )
        )
        posts += [
            (
                f"projet{k}.{code.lower()}",
                *_name(n * 3 + k + 83),
                f"Chef de projet, {code}",
                Role.CONTRIBUTOR,
                ScopeKind.DIRECTORATE,
                code,
                code,
            )
            for k in (1, 2)
        ]
    return posts


def _name(n: int) -> tuple[str, str]:
    return FIRST_NAMES[n * 5 % len(FIRST_NAMES)], LAST_NAMES[n * 7 % len(LAST_NAMES)]
