"""The open datasets described in DCAT-AP 3, and the check of that description by SHACL. No Django.

Knows the vocabulary: classes, properties, the European authority tables. Refuses to know where the words come from.
Source: SEMIC, *DCAT-AP 3.0.0*; our shapes of its mandatory and recommended properties are in `reference/dcat-ap.ttl`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
SH = Namespace("http://www.w3.org/ns/shacl#")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
FRENCH = URIRef(f"{AUTHORITY}language/FRA")
PARIS = URIRef("http://publications.europa.eu/resource/authority/place/FRA_PAR")
RHYTHMS = {
    "CONT": ("en continu", 0), "DAILY": ("chaque jour", 1), "WEEKLY": ("chaque semaine", 7),
    "MONTHLY": ("chaque mois", 31), "QUARTERLY": ("chaque trimestre", 92), "ANNUAL": ("chaque année", 366),
    "IRREG": ("sans rythme fixe", 0),
}  # fmt: skip
LICENCES = {
    "etalab-2.0": ("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence"),
    "odbl-1.0": ("Licence ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}
THEMES = {
    "GOVE": "Gouvernement et secteur public", "SOCI": "Population et société", "REGI": "Régions et villes",
    "EDUC": "Éducation, culture et sport", "ECON": "Économie et finances", "ENVI": "Environnement",
    "TRAN": "Transports", "HEAL": "Santé", "JUST": "Justice et sécurité", "TECH": "Science et technologie",
}  # fmt: skip
FORMATS = {
    "csv": ("CSV", "text/csv"), "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "geojson": ("GeoJSON", "application/geo+json"),
}  # fmt: skip


@dataclass(frozen=True)
class Distribution:
    """One file of a dataset: its form (a key of FORMATS), address, size in octets (None when not yet made)."""

    form: str
    url: str
    byte_count: int | None = None


@dataclass(frozen=True)
class Description:
    """A dataset as the world reads it. Codes are keys of LICENCES, RHYTHMS, THEMES; addresses are absolute."""

    address: str
    identifier: str
    title: str
    description: str
    licence: str = ""
    contact: str = ""
    contact_name: str = ""
    rhythm: str = ""
    theme: str = ""
    keywords: tuple[str, ...] = ()
    issued_on: date | None = None
    modified_on: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    schema_url: str = ""
    distributions: tuple[Distribution, ...] = ()


@dataclass(frozen=True)
class Publisher:
    """Who publishes: name, address of the catalogue, its title and description; `service` is the address of its API."""

    name: str
    address: str
    title: str
    description: str
    homepage: str
    service: str = ""


def catalogue(publisher: Publisher, datasets: Sequence[Description]) -> Graph:
    """The whole catalogue as a graph: catalogue, datasets, distributions, agent."""
    graph = Graph()
    for prefix, space in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", VCARD), ("dcatap", DCATAP)):
        graph.bind(prefix, space)
    agent = _agent(graph, publisher)
    here = URIRef(publisher.address)
    _say(graph, here, (RDF.type, DCAT.Catalog), (DCTERMS.title, _french(publisher.title)),
         (DCTERMS.description, _french(publisher.description)), (DCTERMS.publisher, agent),
         (DCTERMS.language, FRENCH), (FOAF.homepage, URIRef(publisher.homepage)), (DCTERMS.spatial, PARIS),
         (DCAT.themeTaxonomy, URIRef(f"{AUTHORITY}data-theme")),
         (DCTERMS.modified, _day(max((d.modified_on for d in datasets if d.modified_on), default=None))),
         (DCTERMS.issued, _day(min((d.issued_on for d in datasets if d.issued_on), default=None))),
         (DCTERMS.license, _licence(LICENCES["etalab-2.0"][1])))  # fmt: skip
    _typed(graph)
    served = [_dataset(graph, described, agent) for described in datasets]
    for dataset in served:
        graph.add((here, DCAT.dataset, dataset))
    if publisher.service:
        graph.add((here, DCAT.service, _service(graph, publisher, served, agent)))
    return graph


def _service(graph: Graph, publisher: Publisher, served: Sequence[URIRef], agent: URIRef) -> URIRef:
    here = URIRef(f"{publisher.service}#service")
    _say(graph, here, (RDF.type, DCAT.DataService), (DCTERMS.title, _french("Interface OGC API – Features")),
         (DCTERMS.description, _french("Les mêmes lignes, par page, par lieu et par date, pour un programme.")),
         (DCAT.endpointURL, URIRef(publisher.service)), (DCTERMS.publisher, agent),
         (DCAT.endpointDescription, URIRef(f"{publisher.service}api")),
         *((DCAT.servesDataset, dataset) for dataset in served))  # fmt: skip
    return here


def _typed(graph: Graph) -> None:
    """The concepts and documents of the authority tables, named as what they are."""
    graph.add((FRENCH, RDF.type, DCTERMS.LinguisticSystem))
    graph.add((PARIS, RDF.type, DCTERMS.Location))
    for _, address in LICENCES.values():
        graph.add((URIRef(address), RDF.type, DCTERMS.LicenseDocument))


def _agent(graph: Graph, publisher: Publisher) -> URIRef:
    agent = URIRef(f"{publisher.address}#editeur")
    _say(graph, agent, (RDF.type, FOAF.Agent), (FOAF.name, _french(publisher.name)))
    return agent


def _dataset(graph: Graph, held: Description, agent: URIRef) -> URIRef:
    here = URIRef(f"{held.address}#jeu")
    _say(
        graph, here, (RDF.type, DCAT.Dataset), (DCTERMS.title, _french(held.title)),
        (DCTERMS.description, _french(held.description)), (DCTERMS.identifier, _text(held.identifier)),
        (DCTERMS.publisher, agent), (DCTERMS.language, FRENCH), (DCTERMS.spatial, PARIS),
        (DCTERMS.issued, _day(held.issued_on)), (DCTERMS.modified, _day(held.modified_on)),
        (DCAT.theme, _coded("data-theme", held.theme)), (DCAT.landingPage, URIRef(held.address)),
        (DCTERMS.accrualPeriodicity, _coded("frequency", held.rhythm)),
        (DCAT.contactPoint, _contact(graph, held)), (DCTERMS.temporal, _period(graph, held)),
        (DCTERMS.conformsTo, _schema(graph, held)), (DCTERMS.accessRights, _coded("access-right", "PUBLIC")),
        *((DCAT.keyword, _french(word)) for word in held.keywords),
        *((DCAT.distribution, _distribution(graph, held, one)) for one in held.distributions),
    )  # fmt: skip
    for table, code, kind in (("frequency", held.rhythm, DCTERMS.Frequency),
                              ("access-right", "PUBLIC", DCTERMS.RightsStatement)):  # fmt: skip
        _say(graph, _coded(table, code), (RDF.type, kind))
    graph.add((URIRef(held.address), RDF.type, FOAF.Document))
    return here


def _distribution(graph: Graph, held: Description, one: Distribution) -> URIRef:
    word, media_type = FORMATS[one.form]
    here = URIRef(f"{one.url}#fichier")
    size = Literal(one.byte_count, datatype=XSD.nonNegativeInteger) if one.byte_count is not None else None
    _say(
        graph, here, (RDF.type, DCAT.Distribution), (DCTERMS.title, _french(f"{held.title} ({word})")),
        (DCAT.accessURL, URIRef(one.url)), (DCAT.downloadURL, URIRef(one.url)), (DCAT.byteSize, size),
        (DCAT.mediaType, URIRef(IANA + media_type)), (DCTERMS.format, _coded("file-type", word.upper())),
        (DCTERMS.license, _licence(LICENCES.get(held.licence, ("", ""))[1])),
        (DCATAP.availability, URIRef(f"{AUTHORITY}planned-availability/STABLE")),
        (DCTERMS.description, _french(f"Toutes les lignes publiées, au format {word}.")),
    )  # fmt: skip
    graph.add((URIRef(IANA + media_type), RDF.type, DCTERMS.MediaType))
    _say(graph, _coded("file-type", word.upper()), (RDF.type, DCTERMS.MediaTypeOrExtent))
    return here


def _contact(graph: Graph, held: Description) -> BNode | None:
    if not held.contact:
        return None
    node = BNode()
    _say(graph, node, (RDF.type, VCARD.Kind), (VCARD.fn, _french(held.contact_name or held.contact)),
         (VCARD.hasEmail, URIRef(f"mailto:{held.contact}")))  # fmt: skip
    return node


def _period(graph: Graph, held: Description) -> BNode | None:
    if not held.covers_from and not held.covers_to:
        return None
    node = BNode()
    _say(graph, node, (RDF.type, DCTERMS.PeriodOfTime), (DCAT.startDate, _day(held.covers_from)),
         (DCAT.endDate, _day(held.covers_to)))  # fmt: skip
    return node


def _schema(graph: Graph, held: Description) -> URIRef | None:
    if not held.schema_url:
        return None
    graph.add((URIRef(held.schema_url), RDF.type, DCTERMS.Standard))
    return URIRef(held.schema_url)


def _say(graph: Graph, subject: Any, *pairs: tuple[Any, Any]) -> None:
    for predicate, value in pairs if subject is not None else ():
        if value is not None:
            graph.add((subject, predicate, value))


def _french(text: str) -> Literal | None:
    return Literal(text, lang="fr") if text else None


def _text(text: str) -> Literal | None:
    return Literal(text) if text else None


def _day(day: date | None) -> Literal | None:
    return Literal(day.isoformat(), datatype=XSD.date) if day else None


def _coded(table: str, code: str) -> URIRef | None:
    return URIRef(f"{AUTHORITY}{table}/{code}") if code else None


def _licence(address: str) -> URIRef | None:
    return URIRef(address) if address else None


# The check


@dataclass(frozen=True)
class Finding:
    """What a shape found: `is_fault` for a mandatory property, else a recommended one is missing."""

    message: str
    path: str
    focus: str
    is_fault: bool


@cache
def shapes() -> Graph:
    """Our shapes of DCAT-AP 3: mandatory properties as violations, recommended ones as warnings."""
    text = (resources.files(__package__) / "reference" / "dcat-ap.ttl").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")


def findings(graph: Graph) -> tuple[Finding, ...]:
    """What SHACL finds in a description, faults first; nothing when it is whole."""
    from pyshacl import validate  # half a second to load: only who checks pays it

    _, report, _ = validate(graph, shacl_graph=shapes(), inference="none", advanced=False)
    found = {_finding(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)}
    return tuple(sorted(found, key=lambda f: (not f.is_fault, f.focus, f.path, f.message)))


def _finding(report: Graph, node: Any) -> Finding:
    said = {name: str(report.value(node, SH[name]) or "") for name in ("resultPath", "focusNode", "resultSeverity")}
    message = next((str(m) for m in report.objects(node, SH.resultMessage)), "")
    path = said["resultPath"].rpartition("#")[2].rpartition("/")[2]
    return Finding(message, path, said["focusNode"], said["resultSeverity"] == str(SH.Violation))
