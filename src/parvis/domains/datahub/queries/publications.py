"""Publications, and the gate that each must pass: what holds, what does not, what would mend it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Max, QuerySet

from parvis.domains.datahub import contract_effect, dcat, public_view
from parvis.domains.datahub.models import Edition, Publication
from parvis.domains.datahub.queries import open_datasets
from parvis.kernel import Refusal, access, faces
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.dataset import Dataset
from parvis.kernel.lake.models import Snapshot

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Gate:
    """One condition: what it asks, whether it holds, what was found, and what mends it."""

    code: str
    label: str
    is_met: bool
    said: str
    mend: str = ""


@dataclass
class Candidate:
    """A publication with what its gates look at, read once."""

    publication: Publication
    dataset: Dataset | None
    snapshot: Snapshot | None
    view: public_view.PublicView | None = None
    trouble: str = ""


def all_of(person) -> QuerySet[Publication]:
    """Every publication, for those who prepare or approve; the others see none here."""
    seen = Publication.objects.annotate(last_at=Max("editions__made_at"), last_number=Max("editions__number"))
    return seen if may_prepare(person) else seen.none()


def may_prepare(person) -> bool:
    return any(access.may_anywhere(person, code) for code in ("datahub.publish", "datahub.approve_publication"))


def publishable(person) -> list[Dataset]:
    """The datasets open to all that nobody has begun to publish."""
    taken = set(Publication.objects.values_list("dataset", flat=True))
    found = [d for code, d in faces.house().datasets.items() if code not in taken and public_view.is_open(d)]
    return sorted(found, key=lambda dataset: dataset.title) if may_prepare(person) else []


def candidate(publication: Publication) -> Candidate:
    """Read the dataset, its newest snapshot and its public rows; what fails is kept as a sentence."""
    dataset = faces.house().datasets.get(publication.dataset)
    snapshot = snapshots.latest([publication.dataset]).get(publication.dataset) if dataset else None
    held = Candidate(publication, dataset, snapshot)
    if dataset and snapshot:
        try:
            held.view = public_view.of(dataset, snapshot, publication.columns, publication.count_column)
        except Refusal as refusal:
            held.trouble = str(refusal)
    return held


def gates(publication: Publication) -> list[Gate]:
    """Every gate in order. The same answer whoever asks."""
    held = candidate(publication)
    return [gate for judge in JUDGES for gate in judge(held)]


def blockers(publication: Any) -> list[str]:
    """The gates that do not hold, each with what mends it."""
    return [f"{gate.label} : {gate.said} {gate.mend}".strip() for gate in gates(publication) if not gate.is_met]


def _rows(held: Candidate) -> Iterable[Gate]:
    label = "Des lignes à publier"
    if held.dataset is None:
        yield Gate("rows", label, False, "ce jeu de données n’existe plus.", "Retirez cette publication.")
    elif held.snapshot is None:
        yield Gate("rows", label, False, "aucune photographie.", "Prenez une photographie, ou déposez un fichier.")
    elif held.view is None:
        yield Gate("rows", label, False, held.trouble)
    else:
        count = held.view.table.num_rows
        counted = f"{count:,}".replace(",", "\u202f")
        said = (
            f"{counted} ligne{'s' if count > 1 else ''} que tout le monde peut voir, au {held.snapshot.as_of:%d/%m/%Y}."
        )
        yield Gate("rows", label, count > 0, said, "" if count else "Publiez d’abord ce que ces lignes décrivent.")


def _audience(held: Candidate) -> Iterable[Gate]:
    if held.dataset is None:
        return
    is_open = public_view.is_open(held.dataset)
    said = "tout le monde peut lire ce jeu." if is_open else "ce jeu est réservé à des agents."
    yield Gate("audience", "Ouvert à tous", is_open, said, "" if is_open else "Ouvrez-le à tous dans son contrat.")


def _contract(held: Candidate) -> Iterable[Gate]:
    """Every published row keeps the contract: its schema when it has one, its key in any case."""
    if held.view is None or held.dataset is None or held.snapshot is None:
        return
    count = _contract_faults(held.dataset, held.snapshot) or public_view.key_faults(held.view.table, held.dataset.key)
    said = "aucune ligne fautive." if not count else f"{count} lignes ne tiennent pas le contrat."
    mend = "Corrigez ces lignes et déposez à nouveau le fichier, ou changez le contrat." if count else ""
    yield Gate("contract", "Le contrat tient", not count, said, mend)


def _contract_faults(dataset: Dataset, snapshot: Snapshot) -> int:
    schema = dataset.schema
    if schema is None:
        return 0
    digest = hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()
    return _once(
        f"contract:{snapshot.sha256}:{digest}", lambda: contract_effect.on_snapshot(snapshot, schema).refused_count
    )


def _personal(held: Candidate) -> Iterable[Gate]:
    """No personal column is ever published; texts are read for addresses and telephone numbers all the same."""
    if held.view is None or held.dataset is None:
        return
    table = held.view.table
    names = hashlib.sha256(",".join(table.column_names).encode()).hexdigest()
    key = f"personal:{held.snapshot.sha256 if held.snapshot else ''}:{names}:{table.num_rows}"
    found = _once(key, lambda: public_view.personal_texts(table))
    kept_back = [column.name for column in held.dataset.columns if column.is_personal]
    told = ", ".join(f"« {name} » ({count})" for name, count in found.items())
    said = f"adresses ou téléphones dans {told}." if found else _said_personal(kept_back)
    mend = "Retirez ces colonnes de la publication, ou corrigez ces cellules à leur source." if found else ""
    yield Gate("personal", "Sans données personnelles", not found, said, mend)


def _said_personal(kept_back: Sequence[str]) -> str:
    return f"{len(kept_back)} colonnes personnelles retirées." if kept_back else "aucune colonne ne parle de personnes."


def _small(held: Candidate) -> Iterable[Gate]:
    name = held.publication.count_column
    if held.view is None or held.dataset is None:
        return
    label = "Petits nombres retenus"
    if not name:
        yield Gate("small", label, True, "ce n’est pas une statistique de personnes.")
    elif name not in held.view.table.column_names:
        mend = "Choisissez la colonne qui compte, parmi celles que vous publiez."
        yield Gate("small", label, False, f"la colonne « {name} » n’est pas publiée.", mend)
    else:
        total, gone = held.view.table.num_rows, held.view.hidden_count
        said = f"{gone} lignes sur {total} gardent leur nombre pour elles." if gone else "aucun nombre sous 5."
        mend = "Regroupez des catégories : il ne resterait rien à lire." if gone and gone == total else ""
        yield Gate("small", label, not mend, said, mend)


def _words(held: Candidate) -> Iterable[Gate]:
    one = held.publication
    asked: tuple[tuple[str, str, bool, str], ...] = (
        ("description", "Une description", len(one.description.strip()) >= 30, "Dites en deux phrases ce que c’est."),
        ("columns", "Des colonnes", bool(one.columns), "Choisissez au moins une colonne."),
        ("licence", "Une licence", one.licence in dcat.LICENCES, "Choisissez la licence."),
        ("contact", "Un contact", bool(one.contact), "Donnez l’adresse électronique d’un service."),
        ("rhythm", "Un rythme de mise à jour", one.rhythm in dcat.RHYTHMS, "Choisissez le rythme."),
    )
    for code, label, is_met, mend in asked:
        yield Gate(code, label, is_met, "c’est dit." if is_met else "cela manque.", "" if is_met else mend)


def _dcat(held: Candidate) -> Iterable[Gate]:
    """The catalogue as it would stand with this publication, under our SHACL shapes of DCAT-AP 3."""
    if held.dataset is None or held.snapshot is None:
        return
    described = open_datasets.preview(held.publication, held.dataset, held.snapshot)
    found = _once(
        f"dcat:{hashlib.sha256(repr(described).encode()).hexdigest()}",
        lambda: dcat.findings(dcat.catalogue(open_datasets.publisher(), [described])),
    )
    missing = [finding.message for finding in found if finding.path not in EXCUSED]
    said = "valide sous SHACL." if not missing else " ".join(missing)
    yield Gate("dcat", "Description DCAT-AP 3", not missing, said, "Complétez la description." if missing else "")


EXCUSED = frozenset({"temporal"})  # a table without a date covers no period that one could say
JUDGES: tuple[Callable[[Candidate], Iterable[Gate]], ...] = (
    _rows, _audience, _contract, _personal, _small, _words, _dcat,
)  # fmt: skip


def _once(key: str, compute: Callable[[], Any]) -> Any:
    """What depends on files that never change is computed once."""
    return cache.get_or_set(f"publication:{key}", compute, KEPT_SECONDS)


def editions(publication: Publication) -> QuerySet[Edition]:
    return publication.editions.select_related("content", "source", "made_by").order_by("-number")
