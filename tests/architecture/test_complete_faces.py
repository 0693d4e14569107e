"""What a face declares, it declares whole; what no face declares is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from parvis.kernel import Forbidden, access, faces
from parvis.kernel.access.roles import HOUSE, LABELS, OPEN, SCOPE, SECOND_FACTOR_ROLES, Role

HOUSE_OF = faces.house()
PERMISSIONS = [p for face in HOUSE_OF.faces for p in face.permissions]
WORKFLOWS = [w for face in HOUSE_OF.faces for w in face.workflows]
MOVES = [(flow, move) for flow in WORKFLOWS for move in flow.moves]


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda p: p.code)
def test_a_permission_has_a_label_known_roles_and_known_reaches(permission):
    assert permission.label
    assert set(permission.grants) <= set(Role)
    assert set(permission.grants.values()) <= {HOUSE, SCOPE, OPEN}
    if OPEN in permission.grants.values():
        assert permission.open_rows, "what is open must say which rows are"


@pytest.mark.parametrize("face", HOUSE_OF.faces, ids=lambda f: f.code)
def test_a_permission_belongs_to_its_face(face):
    assert [p.code for p in face.permissions if not p.code.startswith(f"{face.code}.")] == []


def test_no_permission_is_declared_twice():
    codes = [p.code for p in PERMISSIONS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("flow", WORKFLOWS, ids=lambda w: w.code)
def test_a_workflow_has_no_fault(flow):
    assert flow.faults() == []


# The house makes these by itself: a figure verifies an alert, nobody does.
HOUSE_ALONE = {"steering.verify_alert"}


@pytest.mark.parametrize(("flow", "move"), MOVES, ids=lambda x: getattr(x, "code", ""))
def test_a_move_takes_a_permission_that_somebody_holds_unless_the_house_makes_it_alone(flow, move):
    assert bool(HOUSE_OF.permissions[move.permission].grants) != (move.permission in HOUSE_ALONE)
    assert move.label and not move.label.endswith(".")


def test_every_layer_and_every_entry_names_a_declared_permission():
    named = [e.permission for e in HOUSE_OF.navigation] + [layer.permission for layer in HOUSE_OF.layers.values()]
    named += [c.permission for c in HOUSE_OF.contracts.values() if hasattr(c, "permission")]
    assert [code for code in named if code not in HOUSE_OF.permissions] == []


def test_every_entry_of_the_navigation_leads_somewhere():
    for entry in HOUSE_OF.navigation:
        assert reverse(entry.url_name)


def test_every_layer_has_its_table():
    assert [layer.code for layer in HOUSE_OF.layers.values() if layer.rows is None] == []


def test_every_domain_that_keeps_records_says_how_long():
    keepers = {face.code for face in HOUSE_OF.faces if face.workflows} | {"web", "datahub"}
    assert {face.code for face in HOUSE_OF.faces if face.retentions} >= keepers


def test_every_role_is_named_in_french():
    assert set(LABELS) == set(Role)


def test_whoever_may_sign_needs_a_second_factor():
    signers = {role for p in PERMISSIONS if "sign" in p.code for role in p.grants}
    assert signers and signers <= SECOND_FACTOR_ROLES


@pytest.mark.django_db
def test_a_permission_that_no_face_declares_is_refused_to_everyone(person):
    from parvis.kernel.organisation.models import Directorate

    for someone in (AnonymousUser(), person("directorate-head"), person("data-officer")):
        assert not access.may_anywhere(someone, "roadmaps.no_such_thing")
        assert not access.visible(someone, "roadmaps.no_such_thing", Directorate.objects.all()).exists()
        with pytest.raises(Forbidden):
            access.require(someone, "roadmaps.no_such_thing")


@pytest.mark.django_db
def test_a_closed_account_holds_nothing(person):
    someone = person("directorate-head")
    someone.is_active = False
    assert not access.may_anywhere(someone, "roadmaps.steer_plan")


@pytest.mark.django_db
def test_an_assignment_that_has_ended_or_not_begun_gives_nothing(person):
    from datetime import date

    from parvis.kernel.organisation.models import Assignment

    someone = person()
    Assignment.objects.create(
        person=someone, role="auditor", scope_kind="house", starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1)
    )
    Assignment.objects.create(person=someone, role="roadmap-pilot", scope_kind="house", starts_on=date(2200, 1, 1))
    assert someone.live_assignments() == ()


@pytest.mark.django_db
def test_no_migration_is_pending():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_of_ours_says_why_in_its_name():
    loader = MigrationLoader(None)
    ours = [name for (app, name), m in loader.disk_migrations.items() if m.__module__.startswith("parvis.")]
    assert ours and [name for name in ours if "auto_" in name] == []
