"""Publish a dataset: prepare, check at the gate, approve, put online, renew, withdraw."""

from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from parvis.domains.datahub import dcat, open_files, public_view
from parvis.domains.datahub.models import Edition, Publication
from parvis.domains.datahub.queries import publications as queries
from parvis.domains.datahub.schema_proposal import EMAIL
from parvis.kernel import Refusal, access, faces
from parvis.kernel.contracts.headers import letters
from parvis.kernel.journal import entries
from parvis.kernel.lake import snapshots
from parvis.kernel.workflow.moves import move

WORDS = ("title", "description", "contact", "contact_name", "licence", "rhythm", "theme")
CHOICES: dict[str, Any] = {"licence": dcat.LICENCES, "rhythm": dcat.RHYTHMS, "theme": dcat.THEMES}
MOST_KEYWORDS = 12


@transaction.atomic
def prepare(code: str, *, by, at: datetime) -> Publication:
    """Begin the publication of a dataset: every column that tells of no person is proposed."""
    _require(by, "datahub.publish")
    dataset = faces.house().datasets.get(code)
    if dataset is None:
        raise Refusal("Ce jeu de données n’existe pas.", remedy="Choisissez-en un dans le catalogue.")
    if Publication.objects.filter(dataset=code).exists():
        raise Refusal("Ce jeu de données a déjà une publication.", remedy="Ouvrez-la depuis la liste.")
    made = Publication.objects.create(
        dataset=code, slug=_slug(dataset.title), title=dataset.title, description=dataset.sentence, created_at=at,
        columns=[column.name for column in public_view.open_columns(dataset, dataset.by_name)],
        licence="etalab-2.0", rhythm=_rhythm(dataset.rhythm_days), theme="GOVE",
    )  # fmt: skip
    entries.record("publication.prepare", made.reference(), by=by, at=at, codes={"dataset": code})
    return made


def _slug(title: str) -> str:
    stem = "-".join(letters(title).encode("ascii", "ignore").decode().split())[:60].strip("-") or "jeu"
    taken = set(Publication.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(s for n in range(1, 10_000) if (s := f"{stem}{f'-{n}' if n > 1 else ''}") not in taken)


def _rhythm(days: int) -> str:
    return next((code for code, (_, most) in dcat.RHYTHMS.items() if most >= days > 0), "IRREG")


@transaction.atomic
def describe(publication: Publication, said: dict[str, Any], *, by, at: datetime) -> None:
    """Write the words, and the columns while it is in preparation; online, only the words may change."""
    _require(by, "datahub.publish")
    locked = Publication.objects.select_for_update().get(pk=publication.pk)
    if locked.state == "checked":
        raise Refusal("Cette publication attend une approbation.", remedy="Reprenez d’abord sa préparation.")
    columns = list(said.get("columns", locked.columns))
    if locked.state != "draft" and (columns != locked.columns or said.get("count_column", "") != locked.count_column):
        raise Refusal("Les colonnes d’une publication en ligne ne changent pas.", remedy="Retirez-la d’abord.")
    for name in WORDS:
        setattr(locked, name, _word(name, said.get(name, getattr(locked, name))))
    locked.columns, locked.count_column = columns, said.get("count_column", locked.count_column)
    locked.keywords = [word.strip()[:40] for word in said.get("keywords", locked.keywords) if word.strip()][
        :MOST_KEYWORDS
    ]
    _refuse_words(locked)
    locked.save()
    entries.record("publication.describe", locked.reference(), by=by, at=at, codes={"columns": len(columns)})


def _refuse_words(said: Publication) -> None:
    if not said.title or len(said.title) > 120:
        raise Refusal("Le titre compte de 1 à 120 signes.", remedy="Écrivez-le, puis enregistrez.")
    if said.contact and not EMAIL.fullmatch(said.contact):
        raise Refusal(f"« {said.contact[:60]} » n’est pas une adresse électronique.", remedy="Corrigez-la.")


def _word(name: str, text: str) -> str:
    if text and name in CHOICES and text not in CHOICES[name]:
        raise Refusal("Ce choix n’est pas dans la liste.", remedy="Choisissez-en un autre.")
    return text.strip()


@transaction.atomic
def propose(publication: Publication, *, by, at: datetime) -> Publication:
    """Pass the gate and wait for someone else's approval. Raises Refusal that names each gate that does not hold."""
    locked = move(publication, "check", by=by, at=at, check=queries.blockers)
    locked.proposed_by, locked.proposed_at = by, at
    locked.save(update_fields=["proposed_by", "proposed_at"])
    return locked


@transaction.atomic
def publish(publication: Publication, *, by, at: datetime) -> Edition:
    """Approve and put online: the gate again, another person than who proposed, an edition, its snapshots cited."""

    def blockers(locked: Any) -> list[str]:
        _refuse_own(locked, by)
        return queries.blockers(locked)

    locked = move(publication, "publish", by=by, at=at, check=blockers)
    locked.approved_by, locked.published_at, locked.held_back = by, locked.published_at or at, ""
    locked.save(update_fields=["approved_by", "published_at", "held_back"])
    return _edition(locked, by=by, at=at)


def _refuse_own(locked: Publication, by) -> None:
    if by is not None and locked.proposed_by_id == by.pk:
        raise Refusal(
            "Vous avez proposé cette publication : une autre personne l’approuve.",
            remedy="Demandez-le à la direction ou au responsable des données.",
        )


@transaction.atomic
def step(publication: Publication, code: str, *, reason: str = "", by, at: datetime) -> Publication:
    """Take preparation up again, withdraw (with a reason), prepare anew."""
    locked = move(publication, code, by=by, at=at, reason=reason)
    locked.reason = reason.strip()[:300]
    locked.save(update_fields=["reason"])
    return locked


def renew_all(*, at: datetime) -> int:
    """Give each published dataset an edition of its newest snapshot, if it moved; returns how many were made.

    One that no longer passes its gate keeps its edition online and says what holds it back. Twice is the same as once.
    """
    return sum(renew(one, at=at) for one in Publication.objects.filter(state="published"))


def renew(publication: Publication, *, at: datetime) -> bool:
    """A new edition when the public rows changed and every gate holds."""
    with transaction.atomic():
        locked = Publication.objects.select_for_update().get(pk=publication.pk)
        if locked.state != "published" or not _moved(locked):
            return False
        held_back = " ".join(queries.blockers(locked))[:300]
        if held_back != locked.held_back:
            locked.held_back = held_back
            locked.save(update_fields=["held_back"])
        return False if held_back else _renewed(locked, at)


def _renewed(locked: Publication, at: datetime) -> bool:
    before = locked.editions.count()
    _edition(locked, by=None, at=at)
    return locked.editions.count() > before


def _moved(locked: Publication) -> bool:
    newest = snapshots.latest([locked.dataset]).get(locked.dataset)
    last = locked.editions.order_by("-number").select_related("source").first()
    return newest is not None and (last is None or last.source_id != newest.pk)


def _edition(publication: Publication, *, by, at: datetime) -> Edition:
    """Write the public rows into the lake and cite both snapshots; unchanged rows make no new edition."""
    held = queries.candidate(publication)
    if held.view is None or held.dataset is None or held.snapshot is None:
        raise Refusal("Les lignes à publier ne se lisent pas.", remedy=held.trouble)
    shown = public_view.published_as(held.dataset, publication.columns)
    last = publication.editions.order_by("-number").select_related("content").first()
    written = snapshots.write(shown, held.view.table.cast(shown.arrow).to_batches())
    columns = [_said(column) for column in shown.columns]
    if last and last.content.sha256 == written.sha256 and last.columns == columns:
        return last
    origin = {"publication": publication.slug, "source": held.snapshot.sha256}
    content = snapshots.keep(shown, written, as_of=held.snapshot.as_of, by=by, at=at, origin=origin)
    made = Edition.objects.create(
        publication=publication, number=last.number + 1 if last else 1, source=held.snapshot, content=content,
        columns=columns, key=shown.key, business_date=shown.business_date, hidden_count=held.view.hidden_count,
        changes=_changes(last, held.view.table, columns, shown.key), made_at=at, made_by=by,
    )  # fmt: skip
    snapshots.cite([held.snapshot, content], publication.reference(), at=at)
    codes = {"edition": made.number, "rows": content.row_count, "sha256": content.sha256}
    entries.record("publication.edition", publication.reference(), by=by, at=at, codes=codes)
    for form in open_files.forms_of(made):
        open_files.path_of(made, form)
    return made


def _said(column: Any) -> dict[str, str]:
    return {
        "name": column.name, "type": column.type, "sentence": column.sentence, "unit": column.unit, "place": column.place,
    }  # fmt: skip


def _changes(last: Edition | None, now: pa.Table, columns: list[dict[str, str]], key: str) -> list[str]:
    """What a reader of the last edition would notice, in sentences."""
    if last is None:
        return ["Première édition."]
    before = open_files.table(last)
    told = _columns_changed(last.columns, columns)
    if key in before.column_names and key in now.column_names:
        old, new = (set(pc.unique(held[key]).to_pylist()) for held in (before, now))
        told += [said for count, said in (
            (len(new - old), f"{len(new - old)} lignes ajoutées."), (len(old - new), f"{len(old - new)} lignes retirées."),
        ) if count]  # fmt: skip
    return told or ["Des valeurs corrigées, les mêmes lignes."]


def _columns_changed(before: list[dict[str, str]], now: list[dict[str, str]]) -> list[str]:
    old, new = ({column["name"] for column in columns} for columns in (before, now))
    return [f"Colonne « {name} » ajoutée." for name in sorted(new - old)] + [
        f"Colonne « {name} » retirée." for name in sorted(old - new)
    ]


def _require(by, permission: str) -> None:
    """`by=None` is the house itself (the demonstration, a nightly task)."""
    if by is not None:
        access.require(by, permission)
