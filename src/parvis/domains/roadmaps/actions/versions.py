"""Freeze what was signed. A version never changes afterwards: the database refuses it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from parvis.domains.roadmaps.models import Campaign, Plan, PlanVersion
from parvis.domains.roadmaps.queries import versions
from parvis.domains.roadmaps.workflow import FROZEN_STATES
from parvis.kernel import Refusal
from parvis.kernel.journal import entries


def freeze(plan: Plan, *, by, at: datetime) -> PlanVersion:
    """Keep the plan's content of this instant as its next version. The plan must be signed, or beyond."""
    return freeze_all([plan], by=by, at=at)[0]


def freeze_campaign(campaign: Campaign, *, by, at: datetime) -> list[PlanVersion]:
    """Freeze every signed roadmap of a campaign that has no version yet; doing it twice changes nothing."""
    waiting = campaign.plans.filter(state__in=FROZEN_STATES, version=0)
    return freeze_all(list(waiting), by=by, at=at)


@transaction.atomic
def freeze_all(plans: Sequence[Plan], *, by, at: datetime, read: dict[int, dict] | None = None) -> list[PlanVersion]:
    """The next version of each plan, in a constant number of queries; `read` is the content already read and signed."""
    locked = list(Plan.objects.select_for_update(of=("self",)).filter(pk__in=[p.pk for p in plans]).order_by("pk"))
    _refuse_unsigned(locked)
    found = read or versions.contents(locked)
    for plan in locked:
        plan.version += 1
    made = PlanVersion.objects.bulk_create(
        PlanVersion(
            plan=plan, number=plan.version, frozen_at=at, content=found[plan.pk],
            sha256=versions.fingerprint(found[plan.pk]),
        )
        for plan in locked
    )  # fmt: skip
    Plan.objects.bulk_update(locked, ["version"])
    entries.append(
        entries.draft("plan.freeze", v.plan.reference(), by=by, at=at, codes={"version": v.number, "sha256": v.sha256})
        for v in made
    )
    _tell(plans, locked)
    return made


def _refuse_unsigned(plans: Sequence[Plan]) -> None:
    unsigned = [
        f"« {plan.title} » est {plan.get_state_display()}." for plan in plans if plan.state not in FROZEN_STATES
    ]
    if unsigned:
        raise Refusal("Seul un plan signé se fige.", blockers=tuple(unsigned), remedy="Faites-le signer d’abord.")


def _tell(plans: Sequence[Plan], locked: Sequence[Plan]) -> None:
    """The caller's own objects show the new number too."""
    numbers = {plan.pk: plan.version for plan in locked}
    for plan in plans:
        plan.version = numbers[plan.pk]
