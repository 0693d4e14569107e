"""Pages of the plans: the overview of the 17 roadmaps, and each plan."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis.domains.roadmaps.models import Plan
from parvis.domains.roadmaps.queries import coverage, extra_fields, gates, plan_page, plans, tallies
from parvis.domains.roadmaps.workflow import PUBLISHED_STATES
from parvis.kernel import access
from parvis.kernel.organisation.requests import Request
from parvis.kernel.workflow import available_moves

SHOWN_HOLES = 4
Measure = Callable[[plans.Line], float | None]


@require_safe
def overview(request: Request) -> HttpResponse:
    access.require(request.user, "roadmaps.view_plan")
    offered = plans.periods(request.user)
    period = plans.chosen_period(offered, request.GET.get("period", ""), request.today)
    lines = plans.lines(request.user, period, request.today)
    return render(request, "roadmaps/overview.html", {
        "periods": offered, "period": period, "lines": lines,
        "signed": sum(line.is_signed for line in lines),
        "whole": tallies.together(line.tally for line in lines),
        "sentence": plans.overview_sentence(lines, period),
        "policies": plan_page.policies_in_force(request.today), "campaign": _campaign(request, lines),
        "thematic": plans.thematic(request.user, request.today),
        "editions": plans.editions(request.user), "holes": _holes(request, period),
        **_mapped(request.GET.get("measure", ""), lines),
    })  # fmt: skip


def _holes(request: Request, period: plans.Period):
    """The holes that most peers fill."""
    found = coverage.matrix(request.user, period.year, today=request.today, mandate=period.mandate)
    return found.holes[:SHOWN_HOLES]


def _campaign(request: Request, lines: Sequence[plans.Line]):
    """The campaign of these roadmaps, for those who follow campaigns."""
    if not access.may_anywhere(request.user, "roadmaps.see_campaign"):
        return None
    return next((line.plan.campaign for line in lines if line.plan and line.plan.campaign), None)


def _late_share(line: plans.Line) -> float | None:
    return line.tally.late / line.tally.live if line.tally.live else None


def _operational_share(line: plans.Line) -> float | None:
    return line.tally.operational_share


def _located_share(line: plans.Line) -> float | None:
    return line.tally.located_share


MEASURES: dict[str, tuple[str, Measure]] = {
    "operational": ("Actions opérationnelles", _operational_share),
    "late": ("Actions en retard", _late_share),
    "located": ("Actions localisées", _located_share),
}


def _mapped(asked: str, lines: Sequence[plans.Line]) -> dict:
    """What the map of the overview shows: a share per sector, as a whole percentage."""
    code = asked if asked in MEASURES else "operational"
    title, measure = MEASURES[code]
    shares = {line.sector.code: measure(line) for line in lines}
    return {
        "measure": code, "measure_title": title, "measures": [(key, label) for key, (label, _) in MEASURES.items()],
        "shares": {key: None if share is None else round(share * 100) for key, share in shares.items()},
    }  # fmt: skip


@require_safe
def plan(request: Request, code: str) -> HttpResponse:
    """A plan that the person may not see is not found: even that it exists is not hers to know."""
    shown = plans.found(request.user, code)
    if shown is None:
        raise Http404
    chapters = plan_page.chapters(shown, request.user)
    actions = plan_page.live_actions(chapters)
    reported = plan_page.progress_of(actions)
    moves = available_moves(shown, request.user)
    return render(request, "roadmaps/plan.html", {
        "plan": shown, "state_tone": "good" if shown.state in PUBLISHED_STATES else "watch", "chapters": chapters, "tally": plans.tally_of(shown, request.user, request.today),
        "progress": reported, "progress_gap": plan_page.progress_gap(reported, len(actions)),
        "missing": plan_page.missing_criteria(shown, actions),
        "waiting": plan_page.waiting(shown, request.user, request.today),
        "gate_passes": gates.passes(shown),
        "is_amending": shown.amendments.filter(state="open").exists(),
        "steps": plan_page.steps(shown, moves, request.today),
        "extra_fields": extra_fields.visible_fields(request.user, [shown]),
        "can_add": access.may(request.user, "roadmaps.add_action", shown),
        "can_steer": access.may(request.user, "roadmaps.steer_plan", shown),
        **_content(shown, actions, request),
    })  # fmt: skip


def _content(shown: Plan, actions: Sequence, request: Request) -> dict:
    """What the plan covers, said only when the person sees the whole of it."""
    partial = plan_page.is_partial(shown, request.user)
    holes = () if partial else plan_page.holes(shown, request.user, request.today)
    covered = len({action.policy_id for action in actions if action.policy_id})
    policies = plan_page.policies_in_force(request.today)
    sentence = plan_page.standfirst(shown, len(actions), covered, policies, holes, is_partial=partial)
    return {"holes": holes, "sentence": sentence, "is_partial": partial, "covered": covered, "policies": policies}
