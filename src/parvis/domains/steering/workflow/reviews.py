"""The life of a review and of what it decides."""

from parvis.kernel.workflow.table import Move, State, Workflow

REVIEW = Workflow(
    code="review",
    states=(
        State("prepared", "en préparation"),
        State("frozen", "chiffres figés"),
        State("held", "tenue"),
        State("closed", "relevé validé", is_final=True),
    ),
    moves=(
        Move("freeze", "Figer les chiffres", ("prepared",), "frozen", "steering.hold_review"),
        Move("thaw", "Rouvrir la préparation", ("frozen",), "prepared", "steering.hold_review", True),
        Move("hold", "Marquer la revue tenue", ("frozen",), "held", "steering.hold_review"),
        Move("close", "Valider le relevé", ("held",), "closed", "steering.hold_review"),
    ),
)

DECISION = Workflow(
    code="decision",
    states=(
        State("open", "à faire"),
        State("done", "faite"),
        State("dropped", "abandonnée"),
    ),
    moves=(
        Move("finish", "Marquer faite", ("open",), "done", "steering.follow_decision"),
        Move("drop", "Abandonner", ("open",), "dropped", "steering.follow_decision", True),
        Move("reopen", "Rouvrir", ("done", "dropped"), "open", "steering.follow_decision", True),
    ),
)
