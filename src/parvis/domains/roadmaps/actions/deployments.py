"""Keep the deployment of a measure in a sector: where it stands, with what means, what was learnt, what comes next."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from parvis.domains.roadmaps.models import Deployment, Placement
from parvis.kernel import Refusal, access
from parvis.kernel.calendar import paris_day
from parvis.kernel.journal import entries
from parvis.kernel.territories.models import Sector
from parvis.kernel.workflow import move

KEPT = ("due_on", "means_cents", "fte", "lesson", "sequel")


def advance(
    deployment: Deployment, code: str, *, by, at: datetime, on: date | None = None, reason: str = ""
) -> Deployment:
    """Take a step (plan, begin, deploy, suspend, give_up), said to have happened on a day, today when unsaid."""
    today = paris_day(at)
    on = on or today
    if code not in {m.code for m in deployment.WORKFLOW.moves}:
        raise Refusal("Cette étape n’existe pas.", remedy="Rechargez la page.")
    if on > today:
        raise Refusal("Ce qui est arrivé ne peut pas être daté dans l’avenir.", remedy="Corrigez la date.")
    with transaction.atomic():
        moved = move(deployment, code, by=by, at=at, reason=reason)
        moved.state_on, moved.reason = on, reason.strip()
        moved.save(update_fields=["state_on", "reason"])
    deployment.state_on, deployment.reason = moved.state_on, moved.reason
    return moved


def note(deployment: Deployment, *, by, at: datetime, **fields) -> Deployment:
    """Write down the due day, the means transferred, the lesson and the proposed sequel."""
    access.require(by, "roadmaps.edit_deployment", deployment)
    _refuse_odd(fields)
    with transaction.atomic():
        locked = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
        changed = [name for name in KEPT if name in fields and getattr(locked, name) != fields[name]]
        for name in changed:
            setattr(locked, name, fields[name])
        if changed:
            locked.save(update_fields=changed)
            entries.record("deployment.note", locked.reference(), by=by, at=at, codes={"fields": changed})
    return locked


def _refuse_odd(fields: dict) -> None:
    unknown = set(fields) - set(KEPT)
    if unknown:
        raise ValueError(f"not a field of a deployment: {sorted(unknown)}")
    if fields.get("means_cents", 0) < 0 or fields.get("fte", Decimal(0)) < 0:
        raise Refusal("Des moyens ne sont pas négatifs.", remedy="Corrigez le montant ou les ETP.")


def start_keeping(placement: Placement, sector: Sector, *, by, at: datetime) -> Deployment:
    """Open the cell of a measure in a sector, not planned yet; opening it twice changes nothing."""
    found = Deployment.objects.filter(placement=placement, sector=sector).first()
    if found:
        return found
    access.require(by, "roadmaps.steer_plan", placement.plan)
    if placement.plan.kind != "thematic":
        raise Refusal("Seules les mesures d’un plan thématique se déploient secteur par secteur.")
    try:
        with transaction.atomic():
            made = Deployment.objects.create(placement=placement, sector=sector)
            codes = {"sector": sector.code, "action": placement.action.code}
            entries.record("deployment.open", made.reference(), by=by, at=at, codes=codes)
    except IntegrityError:
        return Deployment.objects.get(placement=placement, sector=sector)
    return made
