"""A value entered by hand says its reason and source, and counts once another person has approved it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from parvis.domains.steering.actions import manual_values as acts
from parvis.domains.steering.actions import measuring
from parvis.domains.steering.datasets import MANUAL_VALUES
from parvis.domains.steering.models import ManualSeries, ManualValue, Measurement
from parvis.domains.steering.queries import manual_values as queries
from parvis.domains.steering.queries.rows import Place, rows_of
from parvis.kernel import Forbidden, Refusal, faces
from parvis.kernel.indicators.indicator import Target
from parvis.kernel.journal.models import Entry
from parvis.kernel.lake import snapshots

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def own_lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    settings.HOME = tmp_path


@pytest.fixture
def head(person):
    return person("directorate-head")


@pytest.fixture
def chief(person):
    return person("sector-chief", "sector", "19")


def a_series(**more) -> ManualSeries:
    said = {
        "code": "agents.formes", "title": "Agents formés", "question": "Combien d’agents formés ?", "unit": "agents",
        "better": "up", "objective": "P2", "owner": "DDCT", "rhythm": "quarter", "is_by_sector": False,
        "aggregation": "sum", "delay_days": 5, "targets": [["2026-12-31", 120]],
    }  # fmt: skip
    return ManualSeries(**(said | more))


@pytest.fixture
def series(now, head):
    return acts.open_series(a_series(), by=head, at=now)


def said(value="42", period=JULY, place="", justification="Feuilles de présence", source="Service formation"):
    return acts.Said(period, place, Decimal(value), justification, source)


def measured(now, code="agents.formes") -> Measurement:
    snapshots.take(MANUAL_VALUES, by=None, at=now)
    house = faces.house()
    held = snapshots.latest([MANUAL_VALUES.code])
    (made,) = measuring.measured([house.indicators[code]], house.datasets, held, date(2026, 11, 24))
    made.evaluation = measuring.Evaluation.objects.create(as_of=date(2026, 11, 24), started_at=now, finished_at=now)
    made.save()
    return made


def test_a_value_counts_once_another_person_has_approved_it(now, series, chief, head):
    value = acts.propose(series, said(), by=chief, at=now)
    assert measured(now).outcome == "no-facts"
    acts.settle(value, "approve", by=head, at=now)
    held = measured(now)
    assert (held.period, held.value) == (JULY, 42)
    found = rows_of(held, head, Place(JULY))
    assert found.cards[str(value.pk)].url.endswith(f"#valeur-{value.pk}")


def test_a_series_is_an_indicator_of_the_house(series):
    found = faces.house().indicators["agents.formes"]
    assert (found.aggregation, found.targets) == ("sum", (Target(date(2026, 12, 31), 120),))


def test_cents_of_a_value_are_kept_exactly_and_sectors_add_up(now, head, chief):
    series = acts.open_series(a_series(is_by_sector=True), by=head, at=now)
    for place, value in (("19", "0.10"), ("20", "0.20")):
        acts.settle(acts.propose(series, said(value, place=place), by=chief, at=now), "approve", by=head, at=now)
    held = measured(now)
    assert (held.value, held.numerator) == (0.3, 30)
    assert {place: row[0] for place, row in held.places.items()} == {"19": 0.1, "20": 0.2}


def test_nobody_decides_on_her_own_value_and_the_database_agrees(now, series, head):
    value = acts.propose(series, said(), by=head, at=now)
    with pytest.raises(Refusal, match="une autre personne"):
        acts.settle(value, "approve", by=head, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualValue.objects.filter(pk=value.pk).update(state="approved")


def test_approving_a_correction_replaces_the_value_that_counted(now, series, chief, head):
    first = acts.settle(acts.propose(series, said(), by=chief, at=now), "approve", by=head, at=now)
    second = acts.settle(acts.propose(series, said("45"), by=chief, at=now), "approve", by=head, at=now)
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "approved")
    assert measured(now).value == 45


def test_a_value_that_is_withdrawn_or_taken_back_counts_no_more(now, series, chief, head):
    first = acts.settle(acts.propose(series, said(), by=chief, at=now), "approve", by=head, at=now)
    acts.settle(first, "withdraw", by=head, at=now, reason="mauvaise période")
    second = acts.propose(series, said(), by=chief, at=now)
    acts.settle(second, "take_back", by=chief, at=now)
    assert not queries.approved(JULY).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"period": date(2026, 8, 1)}, "premier jour"),
        ({"period": date(2027, 1, 1)}, "n’a pas commencé"),
        ({"value": "1.005"}, "Deux décimales"),
        ({"value": "NaN"}, "nombre crédible"),
        ({"value": "1e30"}, "nombre crédible"),
        ({"justification": "  "}, "comment cette valeur"),
        ({"source": ""}, "Nommez la source"),
        ({"place": "19"}, "ne se saisit pas par secteur"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_not_kept(now, series, chief, change, words):
    with pytest.raises(Refusal) as refused:
        acts.propose(series, said(**change), by=chief, at=now)
    assert words in str(refused.value)
    assert not ManualValue.objects.exists()


def test_a_value_by_sector_names_its_sector(now, head, chief):
    series = acts.open_series(a_series(is_by_sector=True), by=head, at=now)
    with pytest.raises(Refusal, match="Choisissez le secteur"):
        acts.propose(series, said(place="75019"), by=chief, at=now)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"question": "Combien"}, "point d’interrogation"), ({"baseline": 120.0}, "égale à la valeur de départ"),
        ({"code": "roadmaps.operationality"}, "déjà pris"), ({"objective": "Z1"}, "n’existe pas"),
        ({"code": "Agents formés"}, "minuscules"),
    ],
)  # fmt: skip
def test_a_series_that_cannot_be_measured_is_refused(now, head, change, words):
    with pytest.raises(Refusal) as refused:
        acts.open_series(a_series(**change), by=head, at=now)
    assert words in str(refused.value)
    assert not ManualSeries.objects.exists()


def test_a_code_serves_one_series(now, head, series):
    with pytest.raises(Refusal, match="déjà pris par une série"):
        acts.open_series(a_series(), by=head, at=now)


def test_who_may_not_propose_or_open_is_refused(now, person, series, chief):
    with pytest.raises(Forbidden):
        acts.propose(series, said(), by=person("elected-reader"), at=now)
    with pytest.raises(Forbidden):
        acts.open_series(a_series(code="autre"), by=chief, at=now)
    value = acts.propose(series, said(), by=chief, at=now)
    with pytest.raises(Forbidden):
        acts.settle(value, "approve", by=person("contributor", "directorate", "DEVE"), at=now)


def test_what_people_wrote_enters_neither_the_lake_nor_the_journal(now, series, chief, head):
    acts.settle(acts.propose(series, said(), by=chief, at=now), "approve", by=head, at=now)
    assert {c.name for c in MANUAL_VALUES.columns}.isdisjoint({"justification", "source", "reason", "author"})
    told = str(list(Entry.objects.filter(subject_kind="manual-value").values_list("codes", flat=True)))
    assert "présence" not in told
    assert "formation" not in told


# Pages.


def signed_in(someone) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def test_a_page_leads_from_the_series_to_the_value_its_document_and_its_approval(now, head, chief):
    opened = signed_in(head).post(reverse("steering:manual_series_new"), {
        "code": "agents.formes", "title": "Agents formés", "question": "Combien ?", "unit": "agents", "better": "up",
        "objective": "P2", "owner": "DDCT", "rhythm": "quarter", "delay_days": "5", "aggregation": "sum",
    })  # fmt: skip
    assert opened.status_code == 302
    typed = {
        "period": "2026-08-14", "value": "1 042,5", "source": "Tableau", "justification": "Additionné",
        "document": SimpleUploadedFile("presence.csv", b"nom;jour\n", "text/csv"),
    }  # fmt: skip
    assert signed_in(chief).post(opened.url, typed).status_code == 302
    value = ManualValue.objects.get()
    assert (value.period, value.hundredths) == (JULY, 104_250)
    page = signed_in(head).get(opened.url).content.decode()
    assert "presence.csv" in page
    assert ">Approuver<" in page
    assert ">Approuver<" not in signed_in(chief).get(opened.url).content.decode()
    (document,) = queries.with_moves(value.series, head)[0].documents
    kept = signed_in(chief).get(reverse("steering:manual_value_document", args=[value.pk, document.pk]))
    assert b"".join(kept.streaming_content) == b"nom;jour\n"
    signed_in(head).post(reverse("steering:manual_value_move", args=[value.pk, "approve"]))
    value.refresh_from_db()
    assert value.state == "approved"


def test_a_reader_who_may_not_propose_is_refused_before_her_form_is_read(series, person):
    reader = signed_in(person("elected-reader"))
    assert reader.post(reverse("steering:manual_series", args=[series.code]), {}).status_code == 403
    assert (
        "Proposer une valeur" not in reader.get(reverse("steering:manual_series", args=[series.code])).content.decode()
    )


def test_a_refused_value_keeps_what_was_typed(now, series, chief):
    typed = {"period": "2027-01-01", "value": "3", "source": "Tableau", "justification": "Additionné"}
    text = signed_in(chief).post(reverse("steering:manual_series", args=[series.code]), typed).content.decode()
    assert "n’a pas commencé" in text
    assert 'value="Tableau"' in text


def test_the_page_of_a_series_asks_as_often_for_one_value_as_for_twenty(
    now, series, chief, head, django_assert_max_num_queries
):
    for n in range(20):
        acts.propose(series, said(str(n)), by=chief, at=datetime(2026, 11, 1, tzinfo=UTC))
    client = signed_in(head)
    client.get(reverse("steering:manual_series", args=[series.code]))
    with django_assert_max_num_queries(16):
        client.get(reverse("steering:manual_series", args=[series.code]))
