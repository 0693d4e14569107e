"""Read and sign, versions and their differences, amendments."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.domains.roadmaps import difference
from parvis.domains.roadmaps import signing as pens
from parvis.domains.roadmaps.actions import amendments
from parvis.domains.roadmaps.actions import signatures as acts
from parvis.domains.roadmaps.models import Plan, PlanVersion
from parvis.domains.roadmaps.queries import gates, signatures
from parvis.domains.roadmaps.queries import versions as queries
from parvis.domains.roadmaps.views.steps import found_or_404
from parvis.kernel import Forbidden, access
from parvis.kernel.organisation.requests import Request

PREPARING = "preparation"


def prepares(person, plan: Plan) -> bool:
    """She steers or signs this plan: what is not signed yet is hers to read."""
    return any(access.may(person, code, plan) for code in ("roadmaps.steer_plan", "roadmaps.sign_plan"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: Request, code: str) -> HttpResponse:
    plan = found_or_404(request, code)
    if request.method == "POST":
        return _sign(request, plan)
    if not prepares(request.user, plan):
        raise Forbidden(
            "La page des signatures est celle des parties qui signent.", remedy="Le plan signé se lit à sa page."
        )
    amendment, content = queries.open_amendment(plan), queries.content(plan)
    sha256, known = queries.fingerprint(content), queries.names(plan, request.user)
    number = amendment.number if amendment else gates.version_prepared(plan)
    last = queries.latest(plan) if amendment else None
    obstacles = gates.obstacles([plan], "sign", today=request.today)[plan.pk]
    return render(request, "roadmaps/sign.html", {
        "plan": plan, "amendment": amendment, "number": number, "sha256": sha256, "obstacles": obstacles,
        "is_held": any(not o.passed for o in obstacles), "passes": gates.passes(plan),
        "is_open": bool(amendment) or plan.state == "finalised",
        "parties": _parties(request, plan, number, sha256),
        "chapters": queries.chapters(content, known), "total": len(content["actions"]), "last": last,
        "difference": difference.between(last.content, content, known) if last else None,
        "may_steer": access.may(request.user, "roadmaps.steer_plan", plan),
    })  # fmt: skip


def _parties(request: Request, plan: Plan, number: int, sha256: str) -> list[dict]:
    """Each party with its signature or its absence, and whether this person holds its pen."""
    given = {signature.party: signature for signature in signatures.given(plan, number, sha256)}
    has_signed = any(signature.signer_id == request.user.pk for signature in given.values())
    return [
        {
            "code": party, "label": pens.LABELS[party], "for": pens.FOR[party], "signature": given.get(party),
            "pen": None if has_signed or party in given else signatures.pen_of(request.user, party, plan),
        }
        for party in pens.PARTIES[plan.kind]
    ]  # fmt: skip


def _sign(request: Request, plan: Plan) -> HttpResponse:
    party = request.POST.get("party", "")
    acts.sign(
        plan, party, by=request.user, at=request.now, seen_sha256=request.POST.get("sha256", ""),
        document_reference=request.POST.get("document_reference", "")[:120],
    )  # fmt: skip
    messages.success(request, f"C’est signé {pens.FOR[party]}.")
    return redirect("roadmaps:signing", plan.code)


@require_safe
def versions(request: Request, code: str) -> HttpResponse:
    plan = found_or_404(request, code)
    may_prepare = prepares(request.user, plan)
    return render(request, "roadmaps/versions.html", {
        "plan": plan, "versions": queries.of(plan), "passes": gates.passes(plan),
        "amendment": queries.open_amendment(plan) if may_prepare else None, "may_prepare": may_prepare,
        "withdrawn": plan.amendments.filter(state="withdrawn").select_related("opened_by") if may_prepare else (),
        "reasons": plan.reasons.select_related("by") if may_prepare else (),
        "may_steer": access.may(request.user, "roadmaps.steer_plan", plan),
        "can_amend": plan.state in queries.IN_FORCE and plan.version > 0,
    })  # fmt: skip


@require_safe
def version(request: Request, code: str, number: int) -> HttpResponse:
    plan = found_or_404(request, code)
    shown = _version(plan, number)
    return render(request, "roadmaps/version.html", {
        "plan": plan, "version": shown, "total": len(shown.content["actions"]),
        "chapters": queries.chapters(shown.content, queries.names(plan, request.user)),
        "is_intact": queries.fingerprint(shown.content) == shown.sha256,
        "signatures": plan.signatures.filter(version=number, content_sha256=shown.sha256).select_related("signer"),
    })  # fmt: skip


@require_safe
def compare(request: Request, code: str, before: int, after: str) -> HttpResponse:
    """Between two signed versions, or from the last one to the amendment in preparation."""
    plan = found_or_404(request, code)
    old = _version(plan, before)
    content, label = _after(request, plan, after)
    return render(request, "roadmaps/version_compare.html", {
        "plan": plan, "before": old, "after_label": label,
        "difference": difference.between(old.content, content, queries.names(plan, request.user)),
        "versions": queries.of(plan),
    })  # fmt: skip


def _after(request: Request, plan: Plan, after: str) -> tuple[dict, str]:
    if after == PREPARING and prepares(request.user, plan):
        return queries.content(plan), "l’avenant en préparation"
    if not after.isdecimal() or len(after) > 4:
        raise Http404
    return _version(plan, int(after)).content, f"la version {after}"


def _version(plan: Plan, number: int) -> PlanVersion:
    found = PlanVersion.objects.filter(plan=plan, number=number).first() if number < 30_000 else None
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def amendment_open(request: Request, code: str) -> HttpResponse:
    plan = found_or_404(request, code)
    amendments.open_amendment(plan, request.POST.get("reason", ""), by=request.user, at=request.now)
    messages.success(request, "L’avenant est ouvert : les actions peuvent être modifiées, puis les parties signeront.")
    return redirect("roadmaps:versions", plan.code)


@login_required
@require_POST
def amendment_withdraw(request: Request, code: str) -> HttpResponse:
    plan = found_or_404(request, code)
    amendment = queries.open_amendment(plan)
    if amendment is None:
        raise Http404
    amendments.withdraw(amendment, request.POST.get("reason", ""), by=request.user, at=request.now)
    messages.success(request, f"L’avenant est retiré : le plan est revenu à la version {plan.version}.")
    return redirect("roadmaps:versions", plan.code)
