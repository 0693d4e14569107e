"""A review fixes its figures, decides, and is followed at the next one; nothing that it fixed moves."""

import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from pptx import Presentation
from python_calamine import CalamineWorkbook
from tests.domains.roadmaps import drafts

from parvis.domains.roadmaps.models import Action
from parvis.domains.steering.actions import measuring, slide_templates
from parvis.domains.steering.actions import reviews as acts
from parvis.domains.steering.exports import figures_book, pack, slides
from parvis.domains.steering.models import Decision, Evaluation, Review, ReviewFreeze
from parvis.domains.steering.queries import reviews as queries
from parvis.kernel import Forbidden, Refusal
from parvis.kernel.calendar import paris_day
from parvis.kernel.lake import snapshots
from parvis.kernel.lake.models import Citation
from parvis.kernel.organisation.models import City, Directorate
from parvis.kernel.territories.models import Sector

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def measured(now):
    """A small house whose figures were measured this morning."""
    drafts.plan("19", state="signed", actions=3)
    Action.objects.update(sector_code="19", grade=6)
    snapshots.take_all(by=None, at=now)
    return measuring.measure_all(by=None, at=now)


@pytest.fixture
def review(now):
    return monthly(now)


def monthly(now, period=OCTOBER, sector="19"):
    return acts.prepare(
        "monthly", period, planned_on=date(2026, 11, 30), by=None, at=now, sector=Sector.objects.get(code=sector)
    )


def quarterly(now, directorate="DEVE"):
    return acts.prepare(
        "quarterly", OCTOBER, planned_on=date(2026, 12, 4), by=None, at=now,
        directorate=Directorate.objects.get(code=directorate),
    )  # fmt: skip


def test_a_review_is_prepared_once_for_a_scope_and_a_period_with_its_agenda(now, review):
    assert review.code == "mensuelle-19-2026-10"
    assert [item.title for item in review.agenda.all()] == list(acts.STANDING_AGENDA)
    with pytest.raises(Refusal, match="existe déjà"):
        monthly(now, date(2026, 10, 31))
    assert Review.objects.count() == 1


def test_a_monthly_review_demands_a_sector_and_a_quarterly_one_a_directorate(now):
    for kind, word in (("monthly", "secteur"), ("quarterly", "direction")):
        with pytest.raises(Refusal, match=word):
            acts.prepare(kind, OCTOBER, planned_on=OCTOBER, by=None, at=now)
    assert quarterly(now).period == date(2026, 10, 1)
    yearly = acts.prepare("yearly", OCTOBER, planned_on=OCTOBER, by=None, at=now)
    assert (yearly.period, yearly.scope_name) == (date(2026, 1, 1), "toute la direction")


def test_the_database_refuses_a_review_of_two_scopes_at_once(now, review):
    review.directorate = Directorate.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        review.save()


def test_figures_cannot_be_frozen_before_anything_was_measured(now, review):
    with pytest.raises(Refusal, match="Aucune évaluation"):
        acts.freeze(review, by=None, at=now)
    assert queries.frozen(review) is None


def test_frozen_figures_are_those_of_the_sector_with_their_lineage_and_are_kept(now, review, measured):
    freeze = acts.freeze(review, by=None, at=now)
    line = next(x for x in freeze.content["lines"] if x["code"] == "roadmaps.operationality")
    snapshot = snapshots.latest(["roadmaps.action-months"])["roadmaps.action-months"]
    assert snapshot.sha256 in {sha for _, sha in line["snapshots"].values()}
    assert Citation.objects.filter(snapshot=snapshot, kind="review", subject=review.code).exists()
    assert acts.holds(ReviewFreeze.objects.get(pk=freeze.pk))


def test_what_was_frozen_never_moves_even_for_who_holds_the_database(now, review, measured):
    freeze = acts.freeze(review, by=None, at=now)
    with pytest.raises(Exception, match="append-only|ajout"), transaction.atomic():
        ReviewFreeze.objects.filter(pk=freeze.pk).update(sha256="0" * 64)
    Action.objects.update(grade=1)
    snapshots.take_all(by=None, at=now + timedelta(days=1))
    measuring.measure_all(by=None, at=now + timedelta(days=1))
    assert queries.frozen(review).content == freeze.content


def test_thawing_keeps_what_was_frozen_and_freezing_again_makes_another_set(now, review, measured):
    acts.freeze(review, by=None, at=now)
    with pytest.raises(Refusal, match="motif"):
        acts.thaw(review, reason=" ", by=None, at=now)
    acts.thaw(review, reason="Il manque un jeu de données.", by=None, at=now)
    acts.freeze(review, by=None, at=now)
    assert [f.number for f in review.freezes.all()] == [1, 2]


def test_the_state_of_a_review_changes_through_its_steps_alone(review):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE steering_review SET state = 'closed'")


def test_minutes_are_validated_only_when_written_and_every_decision_has_someone(now, review, measured, person):
    head = person("directorate-head")
    acts.freeze(review, by=head, at=now)
    acts.hold(review, by=head, at=now)
    decision = acts.decide(review, "Relancer la DEVE", owner=None, due_on=date(2026, 12, 20), by=head, at=now)
    with pytest.raises(Refusal) as refused:
        acts.close(review, by=head, at=now)
    assert len(refused.value.blockers) == 2
    acts.write_minutes(review, "La DEVE a présenté son plan.", by=head, at=now)
    Decision.objects.filter(pk=decision.pk).update(owner=head)
    assert acts.close(review, by=head, at=now).state == "closed"
    with pytest.raises(Refusal, match="ne change plus"):
        acts.write_minutes(review, "Autre chose", by=head, at=now)
    with pytest.raises(Refusal, match="ne change plus"):
        acts.comment(review, "Trop tard", by=head, at=now)


@pytest.mark.parametrize(
    ("title", "due"), [("", date(2026, 12, 1)), ("Relancer", None), ("Relancer", date(2026, 11, 1))]
)
def test_a_decision_says_what_and_for_a_day_to_come(now, review, person, title, due):
    with pytest.raises(Refusal):
        acts.decide(review, title, owner=None, due_on=due, by=person("directorate-head"), at=now)
    assert not Decision.objects.exists()


def test_a_decision_comes_back_at_the_next_review_until_it_is_done(now, review, measured, person):
    head = person("directorate-head")
    decision = acts.decide(review, "Relancer la DEVE", owner=head, due_on=date(2026, 12, 1), by=head, at=now)
    following = monthly(now, date(2026, 11, 1))
    assert list(queries.carried(following)) == [decision]
    assert list(queries.carried(monthly(now, date(2026, 11, 1), sector="18"))) == []
    acts.freeze(review, by=head, at=now)
    acts.hold(review, by=head, at=now)
    acts.settle(decision, "finish", by=head, at=now)
    assert [d.state for d in queries.carried(following)] == ["done"]
    later = now + timedelta(days=40)
    acts.freeze(following, by=head, at=later)
    acts.hold(following, by=head, at=later)
    assert list(queries.carried(monthly(now, date(2026, 12, 1)))) == []


def test_who_must_carry_out_a_decision_finds_it_among_her_things_to_do(now, review, person):
    head, someone = person("directorate-head"), person("contributor", "directorate", "DEVE")
    decision = acts.decide(review, "Planter", owner=someone, due_on=date(2026, 12, 1), by=head, at=now)
    assert [t.key for t in queries.todos(someone, paris_day(now))] == [f"decision:{decision.pk}"]
    assert acts.settle(decision, "finish", by=someone, at=now).settled_on == paris_day(now)
    assert queries.todos(someone, paris_day(now)) == []


def test_a_sector_chief_holds_her_own_reviews_and_sees_no_other(now, review, measured, person):
    own, other = person("sector-chief", "sector", "19"), person("sector-chief", "sector", "18")
    assert list(queries.visible(own)) == [review]
    assert list(queries.visible(other)) == []
    with pytest.raises(Forbidden):
        acts.freeze(review, by=other, at=now)
    with pytest.raises(Forbidden):
        acts.prepare(
            "monthly", date(2026, 9, 1), planned_on=OCTOBER, by=other, at=now, sector=Sector.objects.get(code="19")
        )
    assert Review.objects.count() == 1
    assert acts.freeze(review, by=own, at=now).number == 1


def test_an_elected_reader_sees_the_reviews_whose_minutes_are_validated(now, review, person):
    reader = person("elected-reader")
    assert list(queries.visible(reader)) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL parvis.moving = 'on'")
        Review.objects.update(state="closed")
    assert list(queries.visible(reader)) == [review]


def test_a_directorate_reads_the_indicators_that_tell_its_own_part(now, measured):
    review = quarterly(now, "DVD")
    freeze = acts.freeze(review, by=None, at=now)
    codes = {line["code"] for line in freeze.content["lines"]}
    assert "roadmaps.operationality" in codes
    assert all("directorate" in _indicator(code).dimensions for code in codes)


def _indicator(code):
    from parvis.kernel import faces

    return faces.house().indicators[code]


def test_the_pack_says_the_figures_that_were_frozen(now, review, measured, person):
    head = person("directorate-head", first_name="Anne", last_name="Roy")
    freeze = acts.freeze(review, by=head, at=now)
    acts.decide(review, "=SOMME(1)", owner=head, due_on=date(2026, 12, 1), by=head, at=now)
    said = pack.facts(review, freeze, city=City.current(), sentence="Trois actions.")
    shown = [line["title"] for group in said["groups"] for line in group["lines"]]
    assert len(shown) == len(freeze.content["lines"])
    assert said["decisions"] == [["=SOMME(1)", "Anne Roy", "2026-12-01", "à faire"]]
    assert pack.document(review, freeze, city=City.current(), sentence="Trois actions.").startswith(b"%PDF")


def test_the_workbook_holds_every_figure_with_its_lineage(now, review, measured):
    freeze = acts.freeze(review, by=None, at=now)
    book = CalamineWorkbook.from_filelike(BytesIO(figures_book.workbook(review, freeze)))
    rows = book.get_sheet_by_name("Chiffres").to_python()[1:]
    assert [row[1] for row in rows] == [line["code"] for line in freeze.content["lines"]]
    lineage = {tuple(row[:2]) for row in book.get_sheet_by_name("Lignée").to_python()[1:]}
    assert lineage == {(x["code"], code) for x in freeze.content["lines"] for code in x["snapshots"]}


def test_the_slides_take_the_layouts_of_the_template_that_was_given(now, review, measured, person):
    freeze = acts.freeze(review, by=None, at=now)
    changed = Presentation(BytesIO(slides.default_template()))
    changed.core_properties.subject = "charte de la Ville"
    file = BytesIO()
    changed.save(file)
    file.seek(0)
    made = Presentation(BytesIO(slides.presentation(review, freeze, template=file, sentence="Trois actions.")))
    assert made.core_properties.subject == "charte de la Ville"
    assert made.slides[0].slide_layout.name == slides.COVER
    assert "19" in made.slides[0].shapes.title.text
    assert made.slides[len(made.slides) - 1].shapes.title.text == "Décisions"


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"], ids=["empty", "text", "broken"])
def test_a_template_that_is_not_a_presentation_is_refused_in_plain_words(content):
    with pytest.raises(Refusal, match="présentation"):
        slides.checked(BytesIO(content))


def test_what_is_written_on_a_review_closed_in_the_meantime_is_refused(now, review, measured, person):
    head, read_before = person("directorate-head"), Review.objects.get(pk=review.pk)
    acts.freeze(review, by=head, at=now)
    acts.hold(review, by=head, at=now)
    acts.write_minutes(review, "Ce qui a été dit.", by=head, at=now)
    acts.close(review, by=head, at=now)
    writes = (
        lambda: acts.write_minutes(read_before, "Autre chose.", by=head, at=now),
        lambda: acts.comment(read_before, "Trop tard.", by=head, at=now),
        lambda: acts.add_point(read_before, "Un point de plus", by=head, at=now),
        lambda: acts.decide(read_before, "Planter", owner=head, due_on=date(2027, 1, 5), by=head, at=now),
    )
    for write in writes:
        with pytest.raises(Refusal, match="validé"):
            write()
    review.refresh_from_db()
    assert (review.minutes, review.comments.count(), review.decisions.count()) == ("Ce qui a été dit.", 0, 0)


def altered(part: str, change) -> BytesIO:
    """The house's own template with one of its parts changed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(slides.default_template())) as whole, zipfile.ZipFile(file, "w") as out:
        for name in whole.namelist():
            out.writestr(name, change(whole.read(name)) if name == part else whole.read(name))
    file.seek(0)
    return file


@pytest.mark.parametrize("part", ["ppt/slideLayouts/slideLayout1.xml", "ppt/_rels/presentation.xml.rels"])
def test_a_template_whose_parts_do_not_read_is_refused_in_plain_words(part):
    with pytest.raises(Refusal, match="présentation"):
        slides.checked(altered(part, lambda content: content[:200]))


@pytest.mark.parametrize(("kind", "is_taken"), [("image", False), ("oleObject", False), ("hyperlink", True)])
def test_a_template_that_fetches_something_elsewhere_is_refused_and_a_link_is_not(kind, is_taken):
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId99" Type="{office}/{kind}" Target="https://exemple.fr/x" TargetMode="External"/>'
    end = b"</Relationships>"
    file = altered(
        "ppt/slideMasters/_rels/slideMaster1.xml.rels", lambda content: content.replace(end, link.encode() + end)
    )
    if is_taken:
        assert slides.checked(file)
    else:
        with pytest.raises(Refusal, match="ailleurs"):
            slides.checked(file)


def test_a_title_that_looks_like_a_formula_stays_text_in_the_workbook_of_its_chart(now, review, measured):
    freeze = acts.freeze(review, by=None, at=now)
    line = next(line for line in freeze.content["lines"] if line["value"] is not None)
    line["title"], line["history"] = '=HYPERLINK(\x01"https://exemple.fr")', [["2026-09-01", 1], ["2026-10-01", 2]]
    freeze.content["lines"] = [line]
    made = slides.presentation(review, freeze, template=None, sentence="Une action.")
    with zipfile.ZipFile(BytesIO(made)) as deck:
        (held,) = [name for name in deck.namelist() if name.endswith(".xlsx")]
        with zipfile.ZipFile(BytesIO(deck.read(held))) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
            assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")


def test_a_template_without_the_named_layouts_is_refused_and_the_old_one_stays(person, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = BytesIO()
    Presentation().save(file)
    with pytest.raises(Refusal, match="Parvis couverture"):
        slide_templates.replace(
            SimpleUploadedFile("modele.pptx", file.getvalue()), by=person("directorate-head"), at=now
        )
    assert slide_templates.given() is None


def test_the_page_goes_from_preparation_to_the_printed_pack(now, measured, person):
    client = Client()
    client.force_login(person("directorate-head"))
    client.post(reverse("steering:reviews"), {
        "kind": "monthly", "sector": "19", "period": "2026-10-12", "planned_on": "2026-11-30",
    })  # fmt: skip
    page = reverse("steering:review", args=["mensuelle-19-2026-10"])
    assert "pas encore figé" in client.get(page).content.decode()
    pdf = reverse("steering:review_pdf", args=["mensuelle-19-2026-10"])
    assert client.get(pdf).status_code == 409
    client.post(reverse("steering:review_move", args=["mensuelle-19-2026-10", "freeze"]))
    assert "figés le" in client.get(page).content.decode()
    assert client.get(pdf).content.startswith(b"%PDF")


def test_a_period_that_is_no_date_is_refused_and_makes_no_review(person):
    client = Client()
    client.force_login(person("directorate-head"))
    answer = client.post(reverse("steering:reviews"), {"kind": "monthly", "sector": "19", "period": "jamais"})
    assert answer.status_code == 409
    assert not Review.objects.exists() and not Evaluation.objects.exists()
