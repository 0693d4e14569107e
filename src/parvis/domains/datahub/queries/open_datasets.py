"""What is open to all: the published datasets, each with its newest edition, and their description for the world."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow.compute as pc
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from parvis.domains.datahub import dcat, open_files, scdl_catalogue
from parvis.domains.datahub.models import Edition, Publication
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot
from parvis.kernel.organisation.models import City
from parvis.kernel.references import Card

SIRET = "21750001600019"  # City of Paris, SIRENE register
PRODUCER = "Direction de la démocratie, des citoyen·ne·s et des territoires"


@dataclass(frozen=True)
class Open:
    """A published dataset and the edition that is online."""

    publication: Publication
    edition: Edition

    @property
    def licence(self) -> tuple[str, str]:
        return dcat.LICENCES[self.publication.licence]

    @property
    def rhythm(self) -> str:
        return dcat.RHYTHMS[self.publication.rhythm][0]

    @property
    def address(self) -> str:
        return reverse("datahub:open_dataset", args=[self.publication.slug])


def newest_editions() -> QuerySet[Edition]:
    """The newest edition of each publication that is published now: one query."""
    last = Edition.objects.filter(publication=OuterRef("publication")).order_by("-number").values("pk")[:1]
    held = Edition.objects.filter(publication__state="published", pk=Subquery(last))
    return held.select_related("publication", "content", "source").order_by("publication__title")


def everything() -> list[Open]:
    return [Open(edition.publication, edition) for edition in newest_editions()]


def one(slug: str) -> Open | None:
    found = newest_editions().filter(publication__slug=slug).first()
    return Open(found.publication, found) if found else None


def geographic() -> list[Open]:
    """Those that the API of places serves."""
    return [held for held in everything() if open_files.is_geographic(held.edition)]


def history(publication: Publication, most: int = 20) -> Sequence[Edition]:
    return list(publication.editions.select_related("content").order_by("-number")[:most])


def publication_cards(ids: Iterable[str], person) -> list[Card]:
    """What is online, for everyone: a link from the journal or a snapshot's citation leads to its page."""
    seen = Publication.objects.filter(slug__in=list(ids), state="published")
    return [
        Card(one.reference(), one.title, reverse("datahub:open_dataset", args=[one.slug]), "données ouvertes")
        for one in seen
    ]


# Described for the world


def absolute(path: str) -> str:
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def service() -> str:
    """Where the interface of places begins."""
    return absolute(reverse("datahub:features_landing"))


def publisher() -> dcat.Publisher:
    here = absolute(reverse("datahub:open_data"))
    name = City.current().name
    return dcat.Publisher(
        name=f"Ville de {name}, {PRODUCER}", address=here, title=f"Données ouvertes de la démocratie locale, {name}",
        description="Les jeux de données que la direction publie : ce qui est promis, ce qui est fait, où et quand.",
        homepage=here, service=service(),
    )  # fmt: skip


def body() -> scdl_catalogue.Body:
    return scdl_catalogue.Body(f"Ville de {City.current().name}", SIRET, PRODUCER, SIRET)


def description(held: Open) -> dcat.Description:
    """A published dataset, as its edition stands."""
    first = held.publication.published_at or held.edition.made_at
    files = tuple(
        dcat.Distribution(form, absolute(file_address(held.publication, form)), open_files.size_of(held.edition, form))
        for form in open_files.forms_of(held.edition)
    )
    days = covered(held.edition)
    return _described(held.publication, files, days, first.date(), held.edition.content.as_of)


def preview(publication: Publication, dataset: Dataset, snapshot: Snapshot) -> dcat.Description:
    """The same before anything is published."""
    roles = {column.place for column in dataset.columns if column.name in publication.columns}
    is_placed = {"longitude", "latitude"} <= roles or roles & set(open_files.ZONED)
    forms = [form for form in open_files.FORMS if form != "geojson" or is_placed]
    files = tuple(dcat.Distribution(form, absolute(file_address(publication, form))) for form in forms)
    return _described(publication, files, (None, snapshot.business_on), snapshot.as_of, snapshot.as_of)


def _described(
    one: Publication, files: tuple[dcat.Distribution, ...], days: tuple[date | None, date | None], issued: date,
    modified: date,
) -> dcat.Description:  # fmt: skip
    return dcat.Description(
        address=absolute(reverse("datahub:open_dataset", args=[one.slug])), identifier=one.slug, title=one.title,
        description=one.description, licence=one.licence, contact=one.contact, contact_name=one.contact_name,
        rhythm=one.rhythm, theme=one.theme, keywords=tuple(one.keywords), issued_on=issued, modified_on=modified,
        covers_from=days[0], covers_to=days[1], schema_url=absolute(file_address(one, "schema")), distributions=files,
    )  # fmt: skip


def file_address(publication: Publication, form: str) -> str:
    if form == "schema":
        return reverse("datahub:open_schema", args=[publication.slug])
    return reverse("datahub:open_file", args=[publication.slug, form])


def covered(edition: Edition) -> tuple[date | None, date | None]:
    """From the first business date to the last."""
    if not edition.business_date:
        return None, None
    ends = pc.min_max(open_files.table(edition)[edition.business_date]).as_py()
    first, last = (d.date() if isinstance(d, datetime) else d for d in (ends["min"], ends["max"]))
    return first, last


def by_sector(edition: Edition) -> dict[str, int]:
    """How many rows in each sector, for the map; nothing when no column tells it."""
    column = next((c["name"] for c in edition.columns if c["place"] == "sector"), "")
    if not column:
        return {}
    counted: dict[Any, int] = {}
    for pair in pc.value_counts(open_files.table(edition)[column]).to_pylist():
        counted[pair["values"]] = pair["counts"]
    counted.pop(None, None)
    return counted


def sample(edition: Edition, count: int = 10) -> list[list[Any]]:
    """The first rows as a reader sees them."""
    kinds = open_files.columns_by_name(edition)
    rows = open_files.table(edition).slice(0, count).to_pylist()
    return [[open_files.plain_value(value, kinds[name]["type"]) for name, value in row.items()] for row in rows]
