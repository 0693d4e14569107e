"""The evaluation of a plan at year end: one outcome and one sentence per action, then what is carried over."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.domains.roadmaps.actions import evaluations as acts
from parvis.domains.roadmaps.models import Evaluation, Placement, Plan
from parvis.domains.roadmaps.sentences import counted, listed
from parvis.domains.roadmaps.views.steps import found_or_404
from parvis.domains.roadmaps.views.versions import prepares
from parvis.kernel import Forbidden, access
from parvis.kernel.organisation.requests import Request

PLURALS = {
    "delivered": "réalisées",
    "partly": "partiellement réalisées",
    "dropped": "abandonnées",
    "carried_over": "reportées",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation(request: Request, code: str) -> HttpResponse:
    plan = found_or_404(request, code)
    if not prepares(request.user, plan):
        raise Forbidden(
            "L’évaluation se prépare avec ceux qui pilotent le plan.", remedy="Close, elle se lit à la page du plan."
        )
    if request.method == "POST":
        return _save(request, plan)
    rows = list(_placements(plan))
    counts = Counter(p.evaluation.outcome for p in rows if hasattr(p, "evaluation"))
    is_open = plan.state in acts.OPEN_TO_EVALUATION and access.may(request.user, "roadmaps.steer_plan", plan)
    return render(request, "roadmaps/evaluation.html", {
        "plan": plan, "rows": rows, "outcomes": Evaluation.Outcome.choices, "is_open": is_open,
        "sentence": _sentence(counts, len(rows)), "done": sum(counts.values()),
        "counts": [(code, label, counts[code]) for code, label in Evaluation.Outcome.choices],
        "following": _following(request, plan),
        "may_steer": access.may(request.user, "roadmaps.steer_plan", plan),
    })  # fmt: skip


def _following(request: Request, plan: Plan) -> Plan | None:
    """Next year's roadmap of the sector, when this person sees it."""
    following = Plan.objects.filter(kind="roadmap", sector=plan.sector, year=plan.year + 1)
    return access.visible(request.user, "roadmaps.view_plan", following).first() if plan.sector else None


def _placements(plan: Plan):
    rows = plan.placements.select_related("action__lead", "axis", "evaluation", "carried_from__plan")
    return rows.prefetch_related("carried_to__plan").order_by("order", "action__code")


def _sentence(counts: Counter, total: int) -> str:
    """« 12 actions sur 60 ont leur résultat : 8 réalisées, 3 reportées et 1 abandonnée. »"""
    done = sum(counts.values())
    if not done:
        return (
            f"Aucune des {counted(total, 'action')} n’a encore son résultat."
            if total > 1
            else "Rien n’est encore évalué."
        )
    labels = dict(Evaluation.Outcome.choices)
    parts = [f"{n} {PLURALS[code] if n > 1 else labels[code]}" for code in labels if (n := counts[code])]
    return f"{counted(done, 'action')} sur {total} {'ont leur' if done > 1 else 'a son'} résultat : {listed(parts)}."


def _save(request: Request, plan: Plan) -> HttpResponse:
    """Only the rows where something was chosen or written are saved."""
    ids = Placement.objects.filter(plan=plan).values_list("pk", flat=True)
    typed = {
        pk: (request.POST.get(f"outcome-{pk}", ""), request.POST.get(f"sentence-{pk}", ""))
        for pk in ids
        if request.POST.get(f"outcome-{pk}") or request.POST.get(f"sentence-{pk}", "").strip()
    }
    acts.evaluate_all(plan, _changed(plan, typed), by=request.user, at=request.now)
    messages.success(request, "Les résultats sont enregistrés.")
    return redirect("roadmaps:evaluation", plan.code)


def _changed(plan: Plan, typed: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    known = {e.placement_id: (e.outcome, e.sentence) for e in Evaluation.objects.filter(placement__plan=plan)}
    return {pk: (outcome, words) for pk, (outcome, words) in typed.items() if known.get(pk) != (outcome, words.strip())}


@login_required
@require_POST
def carry(request: Request, code: str) -> HttpResponse:
    plan = found_or_404(request, code)
    count = acts.carry_to_next_year(plan, by=request.user, at=request.now)
    messages.success(
        request, f"{counted(count, 'action reportée', 'actions reportées')} dans la feuille de route {plan.year + 1}."
    )
    return redirect("roadmaps:evaluation", plan.code)
