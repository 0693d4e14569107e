"""The life of an alert: people treat it, and the figure alone verifies that it was treated."""

from parvis.kernel.workflow.table import Move, State, Workflow

TREAT, HOUSE_ALONE = (
    "steering.treat_alert",
    "steering.verify_alert",
)  # nobody holds the second: the house moves by itself
WAITING = ("open", "acknowledged", "planned")  # someone must still do something
LIVE = (*WAITING, "resolved")
LADDER = (2, 5, 10)  # working days without a step, after which an alert goes up a rung: the pilot, the head, late
RUNGS = ("son responsable", "le pilotage", "la direction", "la direction, en retard")

ALERT = Workflow(
    code="alert",
    states=(
        State("open", "ouverte"),
        State("acknowledged", "prise en charge"),
        State("planned", "action prévue"),
        State("resolved", "traitée, à vérifier"),
        State("verified", "vérifiée par le chiffre", is_final=True),
        State("subsided", "retombée d’elle-même", is_final=True),
    ),
    moves=(
        Move("acknowledge", "Prendre en charge", ("open",), "acknowledged", TREAT),
        Move("plan", "Prévoir une action", ("open", "acknowledged", "planned"), "planned", TREAT),
        Move("resolve", "Dire traitée", ("acknowledged", "planned"), "resolved", TREAT, True),
        Move("verify", "Vérifier", ("resolved",), "verified", HOUSE_ALONE),
        Move("reopen", "Rouvrir", ("resolved",), "open", HOUSE_ALONE, True),
        Move("subside", "Laisser retomber", ("open", "acknowledged"), "subsided", HOUSE_ALONE),
    ),
)
