import json
import shutil
import subprocess
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps.exports import campaigns, dossier, pdf
from parvis.domains.roadmaps.models import Action
from parvis.kernel.organisation.models import City

from .conftest import HOSTILE

TODAY = date(2026, 11, 24)
ADDRESS = "/feuilles-de-route/plans/19-2026/feuille-de-route.pdf"


def made(person, plan, **options) -> bytes:
    options = {"city": City(name="Paris"), "today": TODAY, "shows_people": True} | options
    return pdf.plan(dossier.read(person, plan), **options)


def test_a_roadmap_is_a_tagged_pdf_with_a_title_and_a_language(client, make_plan):
    make_plan("19", 3)
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith('attachment; filename="19-2026_plan_')
    assert response.content.startswith(b"%PDF-")
    for sign in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"pdfuaid"):
        assert sign in response.content, sign


@pytest.mark.parametrize(
    "text",
    [HOSTILE, '#sys.inputs #read("/etc/passwd") #eval("1")', '"} , \\" \\u0022 $', "// /* */ = - + 1. <x> @y ~ `"],
)
def test_a_hostile_title_is_set_as_text(make_plan, person, text):
    plan = make_plan("19", 1, title=text[:200], summary=text)
    Action.objects.update(title=text, address=text, status_reason=text[:300])
    facts = pdf.plan_facts(dossier.read(person("auditor"), plan), city=City(), today=TODAY, shows_people=True)
    assert facts["axes"][0]["actions"][0]["title"] == text
    assert made(person("auditor"), plan).startswith(b"%PDF-")


def test_a_letter_that_the_fonts_lack_still_gives_a_document(make_plan, person):
    plan = make_plan("19", 1, title="Fête 🎉 du quartier 漢字")
    assert made(person("auditor"), plan).startswith(b"%PDF-")


def test_the_page_reads_as_it_should(make_plan, person, tmp_path):
    """Where the machine has pdftotext, the words are read back from the file itself."""
    plan = make_plan("19", 2, version=2, signed_on=date(2026, 3, 27))
    file = tmp_path / "plan.pdf"
    file.write_bytes(made(person("auditor"), plan, city=City(name="Paris", is_invented=True)))
    facts = json.dumps(
        pdf.plan_facts(
            dossier.read(person("auditor"), plan), city=City(is_invented=True), today=TODAY, shows_people=True
        ),
        ensure_ascii=False,
    )
    assert "ville de démonstration" in facts
    assert "version 2 signée le 27 mars 2026" in facts
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        for words in ("Feuille de route du 19e 2026", "24 novembre 2026", "ville de démonstration", "page 1 sur"):
            assert words in text.replace("\u00a0", " "), words


def test_the_public_reads_directorates_and_never_names(make_plan, person):
    plan = make_plan("19", 1)
    owner = person("contributor", "directorate", "DVD", first_name="Awa", last_name="Diallo")
    Action.objects.update(owner=owner, confidence="cloudy")
    read = dossier.read(person(), plan)
    public = json.dumps(pdf.plan_facts(read, city=City(), today=TODAY, shows_people=False), ensure_ascii=False)
    assert "Diallo" not in public and "inquiète" not in public and "@" not in public
    staff = json.dumps(pdf.plan_facts(read, city=City(), today=TODAY, shows_people=True), ensure_ascii=False)
    assert "Awa Diallo" in staff and "inquiète" in staff and "@" not in staff


def test_a_plan_of_another_sector_in_preparation_is_not_found(client, make_plan, person, sign_in):
    make_plan("19", 1, state="draft")
    assert client.get(ADDRESS).status_code == 404
    sign_in(person("sector-chief", "sector", "8"))
    assert client.get(ADDRESS).status_code == 404
    sign_in(person("elected-reader"))
    assert client.get(ADDRESS).status_code == 404
    sign_in(person("sector-chief", "sector", "19"))
    assert client.get(ADDRESS).status_code == 200


def test_a_plan_without_sector_or_action_is_still_a_document(client, make_plan):
    plan = make_plan("19", 0, summary="")
    plan.kind, plan.sector = "thematic", None
    plan.save()
    assert client.get(ADDRESS).status_code == 200


def test_sixty_actions_take_as_many_queries_as_one(client, make_plan):
    make_plan("8", 1)
    make_plan("19", 60)

    def queries(code: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/feuilles-de-route/plans/{code}/feuille-de-route.pdf").status_code == 200
        return len(seen)

    assert queries("8-2026") == queries("19-2026") <= 20


def test_a_campaign_is_a_document_for_those_who_follow_it(client, make_plan, campaign, person, sign_in):
    make_plan("19", 1, campaign=campaign, state="consultation", title=HOSTILE[:200])
    address = "/feuilles-de-route/campagnes/2026/campagne.pdf"
    assert client.get(address).status_code == 302
    sign_in(person("elected-reader"))
    assert client.get(address).status_code == 404
    sign_in(person("sector-chief", "sector", "8"))
    response = client.get(address)
    assert response.status_code == 200 and response.content.startswith(b"%PDF-") and b"pdfuaid" in response.content
    assert client.get("/feuilles-de-route/campagnes/1999/campagne.pdf").status_code == 404
    assert client.get(f"{address}?au=2026-02-01").status_code == 200


def test_a_campaign_says_who_is_late_and_what_comes(make_plan, campaign):
    make_plan("19", 1, campaign=campaign, state="consultation")
    told = campaigns.facts(campaign, as_of=TODAY, today=TODAY, city=City(name="Paris"))
    assert told["rows"][0]["sector"] == "19e arrondissement"
    assert told["rows"][0]["cells"][0]["tone"] == "bad"
    early = campaigns.facts(campaign, as_of=date(2026, 3, 1), today=TODAY, city=City(name="Paris"))
    assert early["deadlines"] == [{"on": "2026-03-31", "label": "Signature", "waiting": "le 19e"}]
    assert early["is_past"]
