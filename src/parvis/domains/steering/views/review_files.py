"""What a review leaves as files: the pack, the workbook, the slides, and the template of the slides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from parvis.domains.steering.actions import slide_templates as acts
from parvis.domains.steering.exports import figures_book, pack, slides
from parvis.domains.steering.models import Review, ReviewFreeze
from parvis.domains.steering.queries import reviews as queries
from parvis.domains.steering.views.reviews import found_or_404, sentence
from parvis.kernel import Refusal, access
from parvis.kernel.organisation.models import City
from parvis.kernel.organisation.requests import Request

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf", "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
}  # fmt: skip


@login_required
@require_safe
def review_pdf(request: Request, code: str) -> HttpResponse:
    review, freeze = _frozen(request, code)
    said = sentence(freeze.content["lines"], review)
    return _file(pack.document(review, freeze, city=City.current(), sentence=said), "pdf", review.code)


@login_required
@require_safe
def review_workbook(request: Request, code: str) -> HttpResponse:
    review, freeze = _frozen(request, code)
    return _file(figures_book.workbook(review, freeze), "xlsx", review.code)


@login_required
@require_safe
def review_slides(request: Request, code: str) -> HttpResponse:
    review, freeze = _frozen(request, code)
    said = sentence(freeze.content["lines"], review)
    with acts.opened() as template:
        made = slides.presentation(review, freeze, template=template, sentence=said)
    return _file(made, "pptx", review.code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def slide_template(request: Request) -> HttpResponse:
    """The template in force, and a way to give another."""
    access.require(request.user, "steering.hold_review")
    if request.method == "POST":
        if "template" not in request.FILES:
            raise Refusal("Aucun fichier n’a été choisi.", remedy="Choisissez un fichier .pptx.")
        acts.replace(request.FILES["template"], by=request.user, at=request.now)
        messages.success(request, "Le nouveau modèle servira aux prochaines présentations.")
        return redirect("steering:slide_template")
    return render(request, "steering/slide_template.html", {
        "given": acts.given(), "layouts": slides.LAYOUTS,
        "may_replace": access.may_anywhere(request.user, "steering.define_indicators"),
    })  # fmt: skip


@login_required
@require_safe
def slide_template_file(request: Request) -> HttpResponse:
    access.require(request.user, "steering.hold_review")
    with acts.opened() as template:
        return _file(template.read() if template else slides.default_template(), "pptx", "modele-de-revue")


def _frozen(request: Request, code: str) -> tuple[Review, ReviewFreeze]:
    review = found_or_404(request, code)
    freeze = queries.frozen(review)
    if freeze is None:
        raise Refusal("Les chiffres de cette revue ne sont pas encore figés.", remedy="Figez-les, puis imprimez.")
    return review, freeze


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(True, f"{name}.{kind}") or ""
    return HttpResponse(content, content_type=TYPES[kind], headers={"Content-Disposition": disposition})
