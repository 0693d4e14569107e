"""Files brought in from the browser: tried, confirmed, corrected; seen by those alone who may import them."""

import resource

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.domains.roadmaps.models import Action
from parvis.kernel.contracts.models import ImportRun, QuarantinedRow

CODE = "roadmaps.winning-projects"
HEAD = "Identifiant;Édition;Titre;Budget;Échelle;Arrondissement;Avancement\n"
ROWS = "1;2019;=Une fontaine;1000;arrondissement;75019;FIN\n2;2019;;500;arrondissement;75019;FIN\n"


@pytest.fixture
def officer(person, client, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    client.force_login(person("data-officer"))
    return client


def deposit(client, content=HEAD + ROWS):
    return client.post(
        reverse("datahub:contract", args=[CODE]), {"file": SimpleUploadedFile("p.csv", content.encode())}
    )


@pytest.fixture
def imported(officer):
    token = deposit(officer).context["token"]
    answer = officer.post(reverse("datahub:confirm", args=[CODE]), {"token": token}, follow=True)
    assert answer.status_code == 200
    return ImportRun.objects.get()


def test_a_deposited_file_is_tried_and_nothing_is_written(officer):
    answer = deposit(officer)
    assert (answer.context["report"].accepted, answer.context["report"].quarantined) == (1, 1)
    assert not Action.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_confirmed_file_is_written(officer, imported):
    assert (imported.accepted_count, imported.quarantined_count, imported.file_name) == (1, 1, "p.csv")
    assert Action.objects.get().code == "BP-1"


def test_an_unusable_file_is_explained_on_the_page(officer):
    answer = deposit(officer, "%PDF-1.7")
    assert answer.status_code == 422
    assert "un PDF" in answer.content.decode()


def test_a_full_disk_is_told_plainly_and_leaves_no_half_copy(officer, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        answer = deposit(officer, HEAD + ROWS * 500)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "le disque est plein" in page
    assert "Rien n’a été écrit" in page
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not ImportRun.objects.exists()


def test_another_person_cannot_confirm_my_file(officer, person, client):
    token = deposit(officer).context["token"]
    client.force_login(person("data-officer", email="other@example.org"))
    assert client.post(reverse("datahub:confirm", args=[CODE]), {"token": token}).status_code == 409
    assert not Action.objects.exists()


def test_a_row_still_wrong_is_refused_and_what_was_typed_is_kept(officer, imported):
    held = QuarantinedRow.objects.get()
    answer = officer.post(reverse("datahub:row", args=[held.pk]), {"title": "", "budget": "beaucoup"})
    assert answer.status_code == 422
    assert QuarantinedRow.objects.get().edits["budget"] == "beaucoup"


def test_the_page_and_the_csv_name_the_column_as_the_file_does(officer, imported):
    page = officer.get(reverse("datahub:run", args=[imported.pk]) + "?regle=required").content.decode()
    assert '<td class="num">3</td><td>Titre</td>' in page
    csv = officer.get(reverse("datahub:run_issues", args=[imported.pk])).content.decode("utf-8-sig")
    assert csv.startswith("ligne;colonne;champ;règle;")
    assert "3;Titre;title;required;error;" in csv


def test_a_corrected_row_is_accepted(officer, imported):
    held = QuarantinedRow.objects.get()
    page = officer.get(reverse("datahub:row", args=[held.pk])).content.decode()
    assert "Projet lauréat 2" in page
    assert officer.post(reverse("datahub:row", args=[held.pk]), {"title": "Un banc"}).status_code == 302
    assert Action.objects.get(code="BP-2").title == "Un banc"
    assert officer.get(reverse("datahub:row", args=[held.pk])).status_code == 404


def test_a_row_is_dropped_with_a_reason_and_not_without(officer, imported):
    held = QuarantinedRow.objects.get()
    assert officer.post(reverse("datahub:row_drop", args=[held.pk]), {"reason": " "}).status_code == 409
    assert officer.post(reverse("datahub:row_drop", args=[held.pk]), {"reason": "doublon"}).status_code == 302
    assert QuarantinedRow.objects.get().outcome == "dropped"


@pytest.mark.parametrize("role", ["sector-chief", "elected-reader", "contributor"])
def test_a_run_is_hidden_from_those_who_may_not_import_it(officer, imported, person, client, role):
    scope = {"sector-chief": ("sector", "19"), "contributor": ("directorate", "DVD")}.get(role, ("house", ""))
    client.force_login(person(role, *scope))
    held = QuarantinedRow.objects.get()
    for name, number in (("run", imported.pk), ("run_issues", imported.pk), ("row", held.pk)):
        assert client.get(reverse(f"datahub:{name}", args=[number])).status_code in (403, 404)


def test_every_page_opens_and_the_template_and_csv_download(officer, imported):
    for name, args in (("imports", []), ("waiting", []), ("run", [imported.pk]), ("contract", [CODE]),
                       ("template", [CODE]), ("run_issues", [imported.pk])):  # fmt: skip
        assert officer.get(reverse(f"datahub:{name}", args=args)).status_code == 200
