from datetime import UTC, datetime, timedelta

import drafts
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.domains.roadmaps import addresses
from parvis.domains.roadmaps.actions import commitments, editing
from parvis.domains.roadmaps.queries import changes
from parvis.kernel import faces
from parvis.kernel.journal import entries
from parvis.kernel.references import Reference

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SINCE, UNTIL = AT - timedelta(hours=1), AT + timedelta(hours=1)


def told(person, since=SINCE, until=UNTIL):
    return list(changes.changes(person, since, until))


def line(verb: str, kind: str, code: str, at=AT, by=None, **codes):
    entries.record(verb, Reference(kind, code), by=by, at=at, codes=codes)


@pytest.fixture
def auditor(person):
    return person("auditor")


def test_an_edit_is_told_with_what_was_changed_and_where_to_read_it(auditor, person):
    plan = drafts.plan("19")
    action = plan.placements.get().action
    chief = person("sector-chief", "sector", "19")
    editing.edit(action, {"due_on": action.due_on + timedelta(days=30), "title": "Rue aux écoles"}, by=chief, at=AT)
    (said,) = [todo for todo in told(auditor) if todo.kind == "change.action"]
    assert said.sentence == "« Rue aux écoles » a été modifiée : titre et échéance"
    assert said.url == addresses.action(action.code)


def test_nobody_is_told_of_what_she_did_herself(person):
    plan = drafts.plan("19")
    chief = person("sector-chief", "sector", "19")
    editing.edit(plan.placements.get().action, {"title": "Rue aux écoles"}, by=chief, at=AT)
    assert not [todo for todo in told(chief) if todo.kind == "change.action"]


def test_what_a_person_may_not_see_is_not_told(person):
    drafts.plan("19")
    line("action.edit", "action", "roadmap-19-2026-1", fields=["title"])
    line("plan.consult", "plan", "roadmap-19-2026", to="consultation")
    assert not told(person("sector-chief", "sector", "8"))
    assert not told(person("elected-reader"))
    assert {todo.kind for todo in told(person("sector-chief", "sector", "19"))} == {"change.action", "change.plan"}


def test_a_partners_answer_names_the_directorate(person, auditor):
    plan = drafts.plan("19")
    asked = drafts.asked(plan.placements.get().action, "DEVE")
    commitments.decline(asked, "Hors programme", by=person("contributor", "directorate", "DEVE"), at=AT)
    (said,) = told(auditor)
    assert said.kind == "change.answer"
    assert said.sentence == "La DEVE décline sa part dans « Action roadmap-19-2026-1 »"
    assert "Hors programme" not in said.sentence


def test_several_lines_on_one_thing_are_one_sentence_with_a_new_key_each_time(auditor):
    drafts.plan("19")
    line("milestone.report", "action", "roadmap-19-2026-1", milestone=1)
    line("indicator.report", "action", "roadmap-19-2026-1", at=AT + timedelta(minutes=5), indicator=2)
    (first,) = told(auditor)
    assert first.sentence == "« Action roadmap-19-2026-1 » : 2 points de suivi"
    line("milestone.report", "action", "roadmap-19-2026-1", at=AT + timedelta(minutes=9), milestone=1)
    (second,) = told(auditor)
    assert first.key != second.key


def test_only_a_status_that_turns_late_is_worth_telling(auditor):
    drafts.plan("19", actions=2)
    line("action.status", "action", "roadmap-19-2026-1", **{"from": "on_time", "to": "late"})
    line("action.status", "action", "roadmap-19-2026-2", **{"from": "late", "to": "complete"})
    (said,) = told(auditor)
    assert (said.kind, said.urgency) == ("change.late", "watch")
    assert said.sentence == "« Action roadmap-19-2026-1 » est passée en retard"


def test_a_plan_tells_its_last_state_and_a_freeze_its_version(auditor):
    drafts.plan("19")
    line("plan.consult", "plan", "roadmap-19-2026", to="consultation")
    line("plan.arbitrate", "plan", "roadmap-19-2026", at=AT + timedelta(minutes=1), to="arbitration")
    line("plan.freeze", "plan", "roadmap-19-2026", version=2)
    assert {todo.sentence for todo in told(auditor)} == {
        "« Feuille de route 19 2026 » est maintenant en arbitrage",
        "« Feuille de route 19 2026 » : la version 2 est signée",
    }


def test_the_instants_are_exact_the_end_excluded(auditor):
    drafts.plan("19")
    line("action.edit", "action", "roadmap-19-2026-1", fields=["title"])
    assert len(told(auditor, AT, AT + timedelta(seconds=1))) == 1
    assert not told(auditor, AT - timedelta(hours=1), AT)
    assert not told(auditor, AT + timedelta(microseconds=1), UNTIL)


def test_beyond_a_few_the_others_are_counted(auditor):
    drafts.plan("19", actions=20)
    for n in range(1, 21):
        line("action.edit", "action", f"roadmap-19-2026-{n}", fields=["title"])
    said = told(auditor)
    assert len(said) == changes.MOST + 1
    assert said[-1].sentence == "12 autres actions modifiées"


def test_remarks_are_told_to_those_who_may_answer_them(person, auditor):
    drafts.plan("19", state="in_execution")
    line("action.comment", "action", "roadmap-19-2026-1")
    assert [todo.kind for todo in told(person("sector-chief", "sector", "19"))] == ["change.comment"]
    assert not told(person("elected-reader"))


def test_a_thing_deleted_since_is_silent(auditor):
    line("action.edit", "action", "gone", fields=["title"])
    line("commitment.accept", "commitment", "999999")
    line("amendment.sign", "amendment", "999999")
    assert not told(auditor)


def test_one_line_and_two_hundred_take_the_same_number_of_queries(auditor):
    drafts.plan("19", actions=40)
    auditor.live_assignments()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            told(auditor)
        return len(seen)

    line("action.edit", "action", "roadmap-19-2026-1", fields=["title"])
    line("plan.consult", "plan", "roadmap-19-2026", to="consultation")
    one = queries()
    for n in range(1, 41):
        for verb in ("action.edit", "milestone.report", "action.comment", "action.status", "action.edit"):
            line(verb, "action", f"roadmap-19-2026-{n}", to="late")
    assert queries() == one <= 8


def test_the_face_declares_the_changes_and_names_their_kinds():
    house = faces.house()
    face = next(face for face in house.faces if face.code == "roadmaps")
    assert face.digest_changes is changes.changes
    assert set(changes.LABELS) <= set(house.digest_kinds)
