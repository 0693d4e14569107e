"""A difference that an elected official reads: before, after, in French."""

from copy import deepcopy

import pytest

from parvis.domains.roadmaps import difference

NAMES = {
    "policy": {"logement": "Logement", "sport": "Sport"},
    "axis": {"A": "Vivre ensemble"},
    "extra": {"visa": "Visa du maire"},
}
ACTION = {
    "code": "A-1", "title": "Rue aux écoles", "state": "live", "policy": "logement", "lead": "DVD", "axis": "A", "order": 0,
    "description": "", "deliverable": "", "starts_on": None, "due_on": "2026-05-01", "weight": 1, "is_climate": False,
    "milestones": [{"id": 1, "kind": "works", "title": "Travaux", "order": 0, "planned_on": "2026-03-31", "precision": "month"}],
    "indicators": [{"id": 7, "name": "Mètres", "unit": "m", "direction": "up", "baseline": "0", "target": "1200.5",
                    "baseline_on": None, "target_on": "2026-12-31", "definition": "", "source": "DVD"}],
    "means": [{"year": 2026, "amount_cents": 123456750, "fte": "1.5"}],
    "partners": [{"directorate": "DEVE", "part": "Planter", "answer": "asked"}],
    "extra": {"visa": "oui", "secret": "non"},
}  # fmt: skip
CONTENT = {
    "plan": {"title": "Le 19e", "summary": ""},
    "axes": [{"code": "A", "title": "Vivre ensemble", "order": 0}],
    "actions": [ACTION],
}


def changed(**fields):
    after = deepcopy(CONTENT)
    after["actions"][0].update(fields)
    found = difference.between(CONTENT, after, NAMES)
    return [(c.label, c.before, c.after) for c in found.changed[0].changes] if found.changed else []


def test_two_equal_contents_are_identical():
    found = difference.between(CONTENT, deepcopy(CONTENT), NAMES)
    assert found.is_empty and found.sentence == "Les deux versions sont identiques."


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"due_on": "2026-11-30"}, ("Échéance", "1er mai 2026", "30 novembre 2026")),
        ({"due_on": None}, ("Échéance", "1er mai 2026", "non précisé")),
        ({"policy": "sport"}, ("Politique publique", "Logement", "Sport")),
        ({"is_climate": True}, ("Climat", "non", "oui")),
        ({"state": "dropped"}, ("Suivi", "suivie", "abandonnée")),
        ({"means": [{"year": 2026, "amount_cents": 100, "fte": "0"}]}, ("Moyens", "2026 : 1\u202f234\u202f567,50\u00a0€ et 1,5 ETP", "2026 : 1\u00a0€")),
        ({"partners": [{"directorate": "DEVE", "part": "Planter", "answer": "accepted"}]}, ("Partenaire", "DEVE : Planter (réponse attendue)", "DEVE : Planter (acceptée)")),
        ({"milestones": []}, ("Jalon", "Travaux, mars 2026", "")),
        ({"extra": {"visa": "non", "secret": "non"}}, ("Visa du maire", "oui", "non")),
    ],
)  # fmt: skip
def test_each_change_is_told_before_and_after_in_words(fields, told):
    assert changed(**fields) == [told]


def test_a_field_that_she_may_not_see_is_not_told():
    assert changed(extra={"visa": "oui", "secret": "oui"}) == []


def test_a_line_written_again_the_same_is_no_change():
    again = [ACTION["milestones"][0] | {"id": 99}]
    assert changed(milestones=again) == []


def test_an_indicator_is_told_with_its_unit_and_its_path():
    ((label, before, after),) = changed(indicators=[ACTION["indicators"][0] | {"target": "900"}])
    assert (label, before) == ("Indicateur", "Mètres, 0 m → 1\u202f200,5 m, doit augmenter, le 31 décembre 2026, DVD")
    assert "900 m" in after


def test_added_and_removed_actions_are_told_in_a_sentence():
    after = deepcopy(CONTENT)
    after["actions"] = [ACTION | {"code": "A-2", "title": "Fontaine"}]
    found = difference.between(CONTENT, after, NAMES)
    assert found.sentence == "1 action ajoutée, 1 retirée."
    assert (
        found.added[0].sentence == "Logement · DVD avec DEVE · échéance le 1er mai 2026 · 1\u202f234\u202f567,50\u00a0€"
    )
    assert found.removed[0].title == "Rue aux écoles"


def test_chapters_and_the_plan_s_own_words_are_told_too():
    after = deepcopy(CONTENT) | {"plan": {"title": "Le 19e", "summary": "Mieux vivre"}, "axes": []}
    found = difference.between(CONTENT, after, NAMES)
    assert [(c.label, c.kind) for c in found.plan] == [("Présentation", "changed"), ("Axe", "removed")]
    assert found.sentence == "Aucune action ne change."


def test_all_that_an_action_promises_is_said_line_by_line():
    told = dict(difference.said(ACTION, NAMES))
    assert (
        told["Échéance"] == "1er mai 2026" and told["Jalon"] == "Travaux, mars 2026" and told["Visa du maire"] == "oui"
    )
    assert "Description" not in told and "secret" not in str(told)
