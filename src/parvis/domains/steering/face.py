"""How steering shows itself to the house."""

from parvis.domains.steering import demonstration, reference
from parvis.domains.steering.datasets import DATASETS
from parvis.domains.steering.queries import alerts, definitions, manual_values, objectives, reviews
from parvis.domains.steering.rules import PERMISSIONS
from parvis.domains.steering.workflow import WORKFLOWS
from parvis.kernel.faces import Entry, Face, Retention

FACE = Face(
    code="steering",
    title="Pilotage",
    permissions=PERMISSIONS,
    workflows=WORKFLOWS,
    navigation=(
        Entry("Pilotage", "steering:objectives", "steering.view_objectives", room="Objectifs"),
        Entry("Indicateurs", "steering:indicators", "steering.view_objectives", under="steering:objectives"),
        Entry("Alertes", "steering:alerts", "steering.view_alerts", under="steering:objectives"),
        Entry("Revues", "steering:reviews", "steering.view_review", under="steering:objectives"),
        Entry("Engagements", "steering:public_commitments", "steering.view_objectives", under="steering:objectives"),
        Entry("Définitions", "steering:definitions", "steering.define_indicators", under="steering:objectives"),
        Entry("Saisies", "steering:manual_values", "steering.define_indicators", under="steering:objectives"),
    ),
    resolvers={
        "objective": objectives.objective_cards,
        "review": reviews.review_cards,
        "decision": reviews.decision_cards,
        "alert": alerts.alert_cards,
        "manual-value": manual_values.value_cards,
    },  # fmt: skip
    todos=lambda person, today: [
        *alerts.todos(person, today),
        *reviews.todos(person, today),
        *definitions.todos(person, today),
    ],  # fmt: skip
    digest_changes=alerts.changes,
    digest_kinds={
        "alert": "alertes",
        "decision": "décisions de revue",
        "proposal": "indicateurs et valeurs à approuver",
    },
    retentions=(
        Retention("Revues, relevés et décisions", "Tenir et suivre les revues", 10, "versés aux archives"),
        Retention("Alertes, ce qui s’y est fait, silences", "Savoir ce que valent les chiffres", 5, "supprimées"),
        Retention("Définitions d’indicateurs", "Dire d’où vient un chiffre", 10, "versées aux archives"),
        Retention("Valeurs saisies à la main, motifs et sources", "Prouver un chiffre", 10, "versées aux archives"),
        Retention("Commentaires de revue", "Préparer une revue entre agents", 5, "supprimés"),
    ),
    datasets=DATASETS,
    declared_indicators=definitions.declared_indicators,
    load_reference=reference.load,
    conclude_demonstration=demonstration.conclude,
)
