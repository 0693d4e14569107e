from xml.etree import ElementTree

from parvis.domains.roadmaps.exports.stratml import NAMESPACE
from parvis.domains.roadmaps.models import Action, IndicatorValue, Placement

from .conftest import AT, HOSTILE

S = f"{{{NAMESPACE}}}"
ADDRESS = "/feuilles-de-route/plans/19-2026/stratml.xml"
# The order that the schema's sequences demand (PerformancePlanOrReport 2.2.6)
ORDER = {
    "PerformancePlanOrReport": ["Name", "Description", "OtherInformation", "StrategicPlanCore", "AdministrativeInformation"],
    "StrategicPlanCore": ["Organization", "Vision", "Mission", "Value", "Goal"],
    "Organization": ["Name", "Acronym", "Identifier", "Description", "Stakeholder"],
    "Goal": ["Name", "Description", "Identifier", "SequenceIndicator", "Stakeholder", "OtherInformation", "Objective"],
    "Objective": ["Name", "Description", "Identifier", "SequenceIndicator", "Stakeholder", "OtherInformation", "PerformanceIndicator"],
    "PerformanceIndicator": [
        "SequenceIndicator", "MeasurementDimension", "UnitOfMeasurement", "Identifier", "Relationship",
        "MeasurementInstance", "OtherInformation",
    ],
    "MeasurementInstance": ["TargetResult", "ActualResult"],
    "TargetResult": ["StartDate", "EndDate", "NumberOfUnits", "Descriptor", "Description"],
    "ActualResult": ["StartDate", "EndDate", "NumberOfUnits", "Descriptor", "Description"],
    "Vision": ["Description", "Identifier"],
    "Mission": ["Description", "Identifier"],
    "AdministrativeInformation": ["Identifier", "StartDate", "EndDate", "PublicationDate", "Source"],
    "Stakeholder": ["Name", "Description", "Role"],
    "Role": ["Name", "Description", "RoleType"],
}  # fmt: skip


def read(client) -> ElementTree.Element:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="19-2026_stratml_')
    return ElementTree.fromstring(response.content)


def test_axes_are_goals_actions_are_objectives_and_indicators_are_measured(client, make_plan):
    make_plan("19", 2)
    root = read(client)
    assert (root.tag, root.get("Type")) == (f"{S}PerformancePlanOrReport", "Performance_Plan")
    assert [goal.findtext(f"{S}Name") for goal in root.iter(f"{S}Goal")] == ["Vivre le quartier"]
    objectives = list(root.iter(f"{S}Objective"))
    assert [o.findtext(f"{S}Name") for o in objectives] == ["Action 1 du 19-2026", "Action 2 du 19-2026"]
    indicator = objectives[0].find(f"{S}PerformanceIndicator")
    assert indicator.findtext(f"{S}UnitOfMeasurement") == "heures par semaine"
    assert indicator.findtext(f"{S}MeasurementInstance/{S}TargetResult/{S}NumberOfUnits") == "40"
    actual = [a.findtext(f"{S}NumberOfUnits") for a in indicator.iter(f"{S}ActualResult")]
    assert actual == ["0", "16.5"]


def test_elements_stand_in_the_order_of_the_schema_and_identifiers_are_unique(client, make_plan):
    plan = make_plan("19", 3)
    Placement.objects.filter(plan=plan, action__code__endswith="3").update(axis=None)
    root = read(client)
    for element in root.iter():
        name = element.tag.removeprefix(S)
        if children := [child.tag.removeprefix(S) for child in element]:
            places = [ORDER[name].index(child) for child in children]
            assert places == sorted(places), (name, children)
    identifiers = [e.text for e in root.iter(f"{S}Identifier")]
    assert len(identifiers) == len(set(identifiers))
    assert all(i[0].isalpha() for i in identifiers)


def test_a_correction_of_a_measure_replaces_what_was_said_first(client, make_plan):
    make_plan("19", 1)
    first = IndicatorValue.objects.get()
    IndicatorValue.objects.create(
        indicator=first.indicator, measured_on=first.measured_on, value=20, reported_at=AT.replace(month=7)
    )
    actual = [a.findtext(f"{S}NumberOfUnits") for a in read(client).iter(f"{S}ActualResult")]
    assert actual == ["0", "20"]


def test_a_hostile_title_is_text_and_nothing_else(client, make_plan):
    make_plan("19", 1)
    Action.objects.update(title=HOSTILE, description="</Description><Goal/>")
    root = read(client)
    objective = root.find(f".//{S}Objective")
    assert objective.findtext(f"{S}Name") == HOSTILE.replace("\u0007", "")
    assert len(list(root.iter(f"{S}Goal"))) == 1


def test_no_address_of_a_person_leaves_and_no_plan_of_another_sector(client, make_plan, person, sign_in):
    make_plan("19", 1, state="draft")
    assert client.get(ADDRESS).status_code == 404
    sign_in(person("district-office", "sector", "8"))
    assert client.get(ADDRESS).status_code == 404
    chief = person("sector-chief", "sector", "19")
    Action.objects.update(owner=chief)
    sign_in(chief)
    assert b"@example.org" not in client.get(ADDRESS).content


def test_a_plan_without_actions_is_still_a_valid_document(client, make_plan):
    make_plan("19", 0)
    assert len(list(read(client).iter(f"{S}Goal"))) == 1
