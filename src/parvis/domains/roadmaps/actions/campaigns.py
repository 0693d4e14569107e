"""Open the campaign of a year: its stages, its 17 roadmaps, and what last year carried over."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from parvis.domains.roadmaps import campaign as calendar
from parvis.domains.roadmaps.actions.evaluations import carry_over
from parvis.domains.roadmaps.models import Axis, Campaign, CampaignStage, Mandate, Plan
from parvis.domains.roadmaps.sentences import of_sector
from parvis.kernel import Refusal, access
from parvis.kernel.journal import entries
from parvis.kernel.territories.models import Sector


def open_campaign(year: int, opens_on: date, *, by, at: datetime, title: str = "") -> Campaign:
    """Open the year's campaign. Roadmaps that already exist join it; the missing ones are created with last year's axes.

    Actions that last year's evaluation carried over stand in the new roadmap too: the same action, with its lineage.
    """
    access.require(by, "roadmaps.run_campaign")
    _refuse_odd_days(year, opens_on)
    try:
        with transaction.atomic():
            return _open(year, opens_on, by=by, at=at, title=title)
    except IntegrityError as taken:
        raise Refusal(f"La campagne {year} est déjà ouverte.", remedy="Ouvrez sa page.") from taken


def _refuse_odd_days(year: int, opens_on: date) -> None:
    if not date(year - 1, 6, 1) <= opens_on <= date(year, 3, 1):
        raise Refusal(
            f"Une campagne {year} s’ouvre entre le 1er juin {year - 1} et le 1er mars {year}.",
            remedy="Corrigez la date d’ouverture ou l’année.",
        )


def _open(year: int, opens_on: date, *, by, at: datetime, title: str) -> Campaign:
    mandate = Mandate.objects.filter(starts_on__lte=date(year, 6, 1), ends_on__gt=date(year, 6, 1)).first()
    made = Campaign.objects.create(
        code=f"campagne-{year}",
        title=title or f"Feuilles de route {year}",
        mandate=mandate,
        year=year,
        opens_on=opens_on,
    )
    CampaignStage.objects.bulk_create(
        CampaignStage(
            campaign=made, code=due.code, label=due.label, target_state=due.target_state, order=due.order,
            working_days=due.working_days, due_on=due.due_on,
        )
        for due in calendar.planned(opens_on, year)
    )  # fmt: skip
    collected = Plan.objects.filter(kind="roadmap", year=year, campaign__isnull=True).update(campaign=made)
    created = _create_missing(made, at)
    carried = sum(
        carry_over(plan.previous, plan, by=by, at=at) for plan in made.plans.select_related("previous") if plan.previous
    )
    entries.record(
        "campaign.open", made.reference(), by=by, at=at,
        codes={"created": len(created), "collected": collected, "carried": carried},
    )  # fmt: skip
    return made


def _create_missing(campaign: Campaign, at: datetime) -> Sequence[Plan]:
    """A roadmap for each sector that has none this year, with last year's axes."""
    present = set(Plan.objects.filter(kind="roadmap", year=campaign.year).values_list("sector_id", flat=True))
    last = {p.sector_id: p for p in Plan.objects.filter(kind="roadmap", year=campaign.year - 1)}
    made = Plan.objects.bulk_create(
        Plan(
            code=f"fdr-{campaign.year}-{sector.code}", kind=Plan.Kind.ROADMAP,
            title=f"Feuille de route {of_sector(sector.short_name)}, {campaign.year}", mandate=campaign.mandate,
            year=campaign.year, sector=sector, campaign=campaign, previous=last.get(sector.pk), created_at=at,
        )
        for sector in Sector.objects.all()
        if sector.pk not in present
    )  # fmt: skip
    _copy_axes(made)
    return made


def _copy_axes(plans: Sequence[Plan]) -> None:
    following = {plan.previous_id: plan for plan in plans if plan.previous_id}
    Axis.objects.bulk_create(
        Axis(plan=following[axis.plan_id], code=axis.code, title=axis.title, order=axis.order)
        for axis in Axis.objects.filter(plan__in=list(following))
    )
