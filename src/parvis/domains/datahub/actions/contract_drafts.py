"""Add a dataset from a dropped file, change its contract, withdraw it: each wholly or not at all."""

import re
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from parvis.domains.datahub import contract_effect, dropped_files, typed_contract
from parvis.domains.datahub.actions.imports import stored
from parvis.domains.datahub.models import AddedDataset, ContractDraft, ContractVersion, Publication
from parvis.domains.datahub.queries import added_datasets, contract_drafts
from parvis.kernel import Refusal, access, faces
from parvis.kernel.contracts.headers import letters
from parvis.kernel.journal import entries
from parvis.kernel.lake import deposits
from parvis.kernel.lake.dataset import table_name

FOLDER = "drafts"
KEPT = timedelta(days=30)


def begin(upload, *, by, at: datetime) -> ContractDraft:
    """Keep a dropped file, read it whole, propose a contract. Raises Refusal (size, content); nothing is then kept."""
    access.require(by, "datahub.add_dataset")
    forget_old(at)
    name = stored(upload, f"{FOLDER}/{uuid.uuid4().hex}")
    path = Path(default_storage.path(name))
    try:
        found = dropped_files.profile(path, upload.name or "")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    title = re.sub(r"[_\s]+", " ", Path(upload.name or "données").stem).strip().capitalize()[:120]
    owner = by.directorate.code if by.directorate_id else ""
    return ContractDraft.objects.create(
        file_name=(upload.name or "fichier")[:200], stored_name=name, sha256=found.sha256, made_at=at, made_by=by,
        typed=typed_contract.proposed(title, found.proposal, owner),
        profile={"says": found.says, "row_count": found.row_count, "sample": [list(row) for row in found.sample]},
    )  # fmt: skip


def write(draft: ContractDraft, typed: typed_contract.Typed) -> None:
    """Keep what was typed, right or wrong."""
    draft.typed = typed
    draft.save()


def path_of(draft: ContractDraft) -> Path:
    if not draft.stored_name or not default_storage.exists(draft.stored_name):
        raise Refusal("Ce fichier n’est plus en attente.", remedy="Déposez-le à nouveau.")
    return Path(default_storage.path(draft.stored_name))


def confirm(draft: ContractDraft, *, by, at: datetime) -> AddedDataset:
    """The dataset exists and its rows enter: contract, rows and journal together, or nothing."""
    access.require(by, "datahub.add_dataset")
    typed = draft.typed
    _refuse_faults(typed)
    path, schema = path_of(draft), typed_contract.schema_of(draft.typed)
    _refuse_broken_key(contract_effect.on_file(path, schema, draft.file_name))
    with transaction.atomic():
        _refuse_confirmed(draft)
        dataset = AddedDataset.objects.create(code=_code(typed["title"]), added_at=at, added_by=by)
        version = _version(dataset, typed, number=1, changes=[], breaks=[], by=by, at=at)
        entries.record("dataset.add", dataset.reference(), by=by, at=at, codes={"sha256": draft.sha256[:16]})
        with contract_effect.laid_out(path, schema, draft.file_name) as aside:
            described = added_datasets.as_dataset(version)
            deposits.deposit(described, aside, by=by, at=at, file_name=draft.file_name)
        draft.delete()
    path.unlink(missing_ok=True)
    return dataset


def _refuse_confirmed(draft: ContractDraft) -> None:
    """Two confirmations at once would make two datasets of one file: the second waits here, then finds it gone."""
    if not ContractDraft.objects.select_for_update().filter(pk=draft.pk).first():
        raise Refusal("Ce fichier n’est plus en attente.", remedy="Regardez dans le catalogue : il y est déjà.")


def change(draft: ContractDraft, *, understood: bool, by, at: datetime) -> ContractVersion:
    """Make the next version. What breaks is shown first; `understood` says that the person saw it."""
    access.require(by, "datahub.edit_contract")
    _refuse_faults(draft.typed)
    with transaction.atomic():
        version = _in_force(draft)
        _refuse_closing_what_is_online(version.dataset.code, draft.typed)
        impact = contract_drafts.impact(draft)
        if impact.effect:
            _refuse_broken_key(impact.effect)
        if not impact.changes:
            raise Refusal("Rien ne change dans ce contrat.", remedy="Modifiez-le, ou quittez la page.")
        if impact.needs_second_look and not understood:
            raise Refusal(
                "Ce changement rompt quelque chose.", blockers=impact.warnings, remedy="Cochez « Je confirme »."
            )
        made = _version(
            version.dataset, draft.typed, number=version.number + 1, changes=impact.changes,
            breaks=[one.code for one, _ in impact.broken], by=by, at=at,
        )  # fmt: skip
        codes = {"version": made.number, "breaks": made.breaks}
        entries.record("contract.change", made.dataset.reference(), by=by, at=at, codes=codes)
        if draft.pk:
            draft.delete()
    return made


@transaction.atomic
def withdraw(dataset: AddedDataset, *, reason: str, by, at: datetime) -> None:
    """Take a dataset out of the catalogue. Refused while something rests on it; its snapshots stay in the lake."""
    access.require(by, "datahub.edit_contract")
    locked = AddedDataset.objects.select_for_update().get(pk=dataset.pk)
    if locked.withdrawn_at:
        raise Refusal("Ce jeu de données est déjà retiré.")
    used = added_datasets.uses(locked)
    if used:
        raise Refusal(
            "Ce jeu de données sert encore : il n’est pas retiré.", blockers=tuple(used),
            remedy="Retirez d’abord ce qui s’appuie sur lui.",
        )  # fmt: skip
    if not reason.strip():
        raise Refusal("Retirer un jeu de données demande un motif.", remedy="Écrivez-le en une phrase.")
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_reason = at, by, reason.strip()[:300]
    locked.save()
    entries.record("dataset.withdraw", locked.reference(), by=by, at=at)


def _refuse_closing_what_is_online(code: str, typed: typed_contract.Typed) -> None:
    """What tells of persons is never open to all: a dataset that closes must leave the open data first."""
    online = Publication.objects.select_for_update().filter(dataset=code, state="published").first()
    if online and typed["audience"] != "public":
        raise Refusal(
            f"Ce jeu est en ligne sous « {online.title} » : il ne peut pas être réservé à des agents.",
            remedy="Retirez d’abord sa publication.",
        )


def abandon(draft: ContractDraft) -> None:
    """Let a draft go, with its file."""
    if draft.stored_name:
        default_storage.delete(draft.stored_name)
    if draft.pk:
        draft.delete()


def forget_old(at: datetime) -> int:
    """Drafts left for 30 days go with their files."""
    old = list(ContractDraft.objects.filter(made_at__lt=at - KEPT))
    for draft in old:
        abandon(draft)
    return len(old)


def _refuse_faults(typed: typed_contract.Typed) -> None:
    found = contract_drafts.faults(typed)
    if found:
        titles = {column["name"]: f"« {column['title'] or column['name']} » : " for column in typed["columns"]}
        said = tuple(titles.get(name, "") + fault for name, several in found.items() for fault in several)
        raise Refusal(
            "Ce contrat ne peut pas être tenu.", blockers=said, remedy="Corrigez ces règles, puis recommencez."
        )


def _refuse_broken_key(effect: contract_effect.Effect) -> None:
    if effect.is_key_broken:
        said = next(told for told in effect.told if told.rule == "primary-key")
        raise Refusal(
            f"La clé n’est pas unique : {said.count} lignes n’en ont pas, ou la répètent.",
            blockers=(f"Ligne {said.line} : {said.message}",),
            remedy="Choisissez une autre colonne, ou laissez Parvis numéroter les lignes.",
        )


def _in_force(draft: ContractDraft) -> ContractVersion:
    """The version that the draft starts from, its dataset locked. Raises Refusal when it is no longer the newest."""
    locked = AddedDataset.objects.select_for_update().filter(pk=draft.dataset_id or 0).first()
    version = added_datasets.newest(locked.code) if locked else None
    if version is None:
        raise Refusal("Ce jeu de données a été retiré.", remedy="Son contrat ne change plus.")
    if draft.profile.get("version") != version.number:
        raise Refusal(
            "Quelqu’un a changé ce contrat entre-temps.", remedy="Rechargez la page : elle part de sa version."
        )
    return version


def _code(title: str) -> str:
    """A code of the house from a title, whose table name nothing else has."""
    stem = "-".join(letters(title).encode("ascii", "ignore").decode().split())[:50].strip("-") or "jeu"
    taken = {table_name(code) for code in faces.house().datasets}
    taken |= {table_name(code) for code in AddedDataset.objects.values_list("code", flat=True)}
    tries = (f"{added_datasets.PREFIX}{stem}{f'-{n}' if n > 1 else ''}" for n in range(1, 10_000))
    return next(code for code in tries if table_name(code) not in taken)


def _version(
    dataset: AddedDataset, typed: typed_contract.Typed, *, number: int, changes: list[str], breaks: list[str], by,
    at: datetime,
) -> ContractVersion:  # fmt: skip
    return ContractVersion.objects.create(
        dataset=dataset, number=number, title=typed["title"], sentence=typed["sentence"], owner=typed["owner"],
        audience=typed["audience"], key=typed["key"], business_date=typed["business_date"],
        rhythm_days=int(typed["rhythm_days"]), schema=typed_contract.schema_of(typed), changes=changes, breaks=breaks,
        made_at=at, made_by=by,
    )  # fmt: skip
