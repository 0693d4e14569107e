"""Say at year end what became of each action, and carry over what is not finished, without a copy."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from parvis.domains.roadmaps.models import Axis, Evaluation, Placement, Plan
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import entries

OPEN_TO_EVALUATION = ("in_execution", "mid_year_review")


def evaluate(placement: Placement, outcome: str, sentence: str, *, by, at: datetime) -> Evaluation:
    """The outcome of one action in its plan, with a sentence that says why. Saying it again replaces it, until the plan closes."""
    return evaluate_all(placement.plan, {placement.pk: (outcome, sentence)}, by=by, at=at)[0]


def evaluate_all(plan: Plan, outcomes: Mapping[int, tuple[str, str]], *, by, at: datetime) -> list[Evaluation]:
    """The outcomes of several placements of one plan, all or none: {placement id: (outcome, sentence)}."""
    access.require(by, "roadmaps.steer_plan", plan)
    with transaction.atomic():
        locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        _refuse_closed(locked)
        placements = {
            p.pk: p for p in Placement.objects.filter(plan=locked, pk__in=list(outcomes)).select_related("action")
        }
        _refuse_unfounded(outcomes, placements)
        made = Evaluation.objects.bulk_create(
            (
                Evaluation(
                    placement=placements[pk], outcome=outcome, sentence=sentence.strip(), evaluated_on=paris_day(at), by=by
                )
                for pk, (outcome, sentence) in outcomes.items()
            ),
            update_conflicts=True, unique_fields=["placement"], update_fields=["outcome", "sentence", "evaluated_on", "by"],
        )  # fmt: skip
        entries.append(
            entries.draft(
                "action.evaluate", placements[pk].action.reference(), by=by, at=at,
                codes={"plan": locked.code, "outcome": outcome},
            )
            for pk, (outcome, _) in outcomes.items()
        )  # fmt: skip
    return made


def _refuse_closed(plan: Plan) -> None:
    if plan.state not in OPEN_TO_EVALUATION:
        raise Refusal(
            f"On n’évalue pas un plan « {plan.get_state_display()} ».",
            remedy="L’évaluation se fait pendant l’exécution, et s’arrête quand elle est close.",
        )


def _refuse_unfounded(outcomes: Mapping[int, tuple[str, str]], placements: Mapping[int, Placement]) -> None:
    unknown = [pk for pk in outcomes if pk not in placements]
    if unknown:
        raise Refusal("Une des actions n’est pas dans ce plan.", remedy="Rechargez la page.")
    wrong = tuple(
        f"« {placements[pk].action.title} » : {fault}"
        for pk, (outcome, sentence) in outcomes.items()
        if (fault := _fault(outcome, sentence))
    )
    if wrong:
        raise Refusal("Rien n’est enregistré : chaque résultat demande une phrase.", blockers=wrong)


def _fault(outcome: str, sentence: str) -> str:
    if outcome not in Evaluation.Outcome.values:
        return "choisissez réalisée, partiellement réalisée, abandonnée ou reportée."
    return "" if sentence.strip() else "écrivez en une phrase ce qui s’est passé."


def carry_over(plan: Plan, following: Plan, *, by, at: datetime) -> int:
    """Stand what was carried over in the following plan: the same action, `carried_from` its place of last year.

    Doing it twice changes nothing. Returns how many were carried.
    """
    present = set(Placement.objects.filter(plan=following).values_list("action_id", flat=True))
    axes = dict(Axis.objects.filter(plan=following).values_list("code", "pk"))
    carried = [
        p
        for p in Placement.objects.filter(plan=plan, evaluation__outcome="carried_over").select_related(
            "axis", "action"
        )
        if p.action_id not in present
    ]
    Placement.objects.bulk_create(
        Placement(
            plan=following, action_id=p.action_id, order=p.order, carried_from=p,
            axis_id=axes.get(p.axis.code) if p.axis else None,
        )
        for p in carried
    )  # fmt: skip
    entries.append(
        entries.draft(
            "action.carry_over", p.action.reference(), by=by, at=at, codes={"from": plan.code, "to": following.code}
        )
        for p in carried
    )
    return len(carried)


def carry_to_next_year(plan: Plan, *, by, at: datetime) -> int:
    """Carry over to the roadmap of next year, once it is open; it takes the right to steer both."""
    access.require(by, "roadmaps.steer_plan", plan)
    following = Plan.objects.filter(kind=plan.kind, sector=plan.sector, year=plan.year + 1, previous=plan).first()
    following = following or Plan.objects.filter(kind="roadmap", sector=plan.sector, year=plan.year + 1).first()
    if following is None or plan.kind != "roadmap":
        raise Refusal(
            f"La feuille de route {plan.year + 1} n’existe pas encore.", remedy="Ouvrez d’abord la campagne suivante."
        )
    access.require(by, "roadmaps.steer_plan", following)
    if following.state not in ("draft", "consultation", "arbitration"):
        raise Refusal(
            f"La feuille de route {following.year} est déjà « {following.get_state_display()} ».",
            remedy="Préparez un avenant.",
        )
    with transaction.atomic():
        return carry_over(plan, following, by=by, at=at)
