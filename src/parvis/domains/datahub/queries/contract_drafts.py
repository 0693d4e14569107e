"""A contract being written: what is impossible in it, what it would do to rows, which indicators it would break."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parvis.domains.datahub import contract_effect, table_schema, typed_contract
from parvis.domains.datahub.contract_effect import Effect
from parvis.domains.datahub.models import ContractDraft, ContractVersion
from parvis.domains.datahub.queries import added_datasets, lineage
from parvis.kernel.lake import snapshots
from parvis.kernel.organisation.models import Directorate


@dataclass(frozen=True)
class Impact:
    """What the next version of a contract would do. `broken` pairs each indicator with why."""

    changes: list[str] = field(default_factory=list)
    effect: Effect | None = None
    broken: list[tuple[Any, str]] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[str, ...]:
        said = [f"Indicateur « {one.title} » : {why}" for one, why in self.broken]
        if self.effect and self.effect.refused_count:
            said.append(f"{self.effect.refused_count} lignes du dernier dépôt seraient refusées.")
        return tuple(said)

    @property
    def needs_second_look(self) -> bool:
        return bool(self.warnings)


def of(person) -> list[ContractDraft]:
    """The files that this person has begun to add."""
    return list(ContractDraft.objects.filter(made_by=person, dataset=None))


def for_change(version: ContractVersion, person, at: datetime) -> ContractDraft:
    """The draft of the next version that this person left, or one as the version stands, not yet kept."""
    left = ContractDraft.objects.filter(dataset=version.dataset, made_by=person).select_related("dataset").first()
    if left and left.profile.get("version") == version.number:
        return left
    kept = {"typed": typed_of(version), "profile": {"version": version.number}, "made_at": at}
    return ContractDraft(pk=left.pk if left else None, dataset=version.dataset, made_by=person, **kept)


def owners() -> list[tuple[str, str]]:
    return list(Directorate.objects.filter(is_external=False).values_list("code", "name"))


def faults(typed: typed_contract.Typed) -> dict[str, list[str]]:
    """What is impossible in a contract as typed, by column name ("" for the whole)."""
    return typed_contract.faults(typed, owners=[code for code, _ in owners()], audiences=added_datasets.AUDIENCES)


def typed_of(version: ContractVersion) -> typed_contract.Typed:
    """The form as it opens on a version."""
    return typed_contract.held(
        table_schema.columns_of(version.schema), title=version.title, sentence=version.sentence, owner=version.owner,
        audience=version.audience, key=version.key, business_date=version.business_date,
        rhythm_days=version.rhythm_days,
    )  # fmt: skip


def impact(draft: ContractDraft) -> Impact:
    """The effect of a draft on a dataset that exists. Asked of a contract without faults."""
    version = added_datasets.newest(draft.dataset.code) if draft.dataset else None
    if version is None:
        return Impact()
    last = snapshots.latest([version.dataset.code]).get(version.dataset.code)
    schema = typed_contract.schema_of(draft.typed)
    return Impact(
        changes=typed_contract.changes(typed_of(version), draft.typed),
        effect=contract_effect.on_snapshot(last, schema) if last else None,
        broken=_broken(draft, version),
    )


def _broken(draft: ContractDraft, version: ContractVersion) -> list[tuple[Any, str]]:
    """The indicators that read a column which goes or changes its type, each with which."""
    after = {column.name: column for column in typed_contract.columns_of(draft.typed)}
    before = {column.name: column for column in table_schema.columns_of(version.schema)}
    changed = [name for name, held in before.items() if name not in after or after[name].type != held.type]
    broken = lineage.broken_by(version.dataset.code, changed) if changed else []
    return [(one, " ; ".join(_told(name, name in after) for name in names) + ".") for one, names in broken]


def _told(name: str, stays: bool) -> str:
    return f"il lit « {name} », qui change de type" if stays else f"il lit « {name} », qui disparaît"


def versions(code: str) -> list[ContractVersion]:
    held = ContractVersion.objects.filter(dataset__code=code).select_related("made_by", "dataset")
    return list(held.order_by("-number"))
