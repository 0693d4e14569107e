"""The life of what one person proposes and another approves: a definition, a value entered by hand."""

from parvis.kernel.workflow.table import Move, State, Workflow

STATES = (
    State("proposed", "proposée"),
    State("approved", "approuvée"),
    State("refused", "refusée", is_final=True),
    State("withdrawn", "retirée", is_final=True),
    State("replaced", "remplacée", is_final=True),
)


def _moves(permission: str, own: str) -> tuple[Move, ...]:
    """`own` is what it takes to take one's own proposal back."""
    return (
        Move("approve", "Approuver", ("proposed",), "approved", permission),
        Move("refuse", "Refuser", ("proposed",), "refused", permission, True),
        Move("take_back", "Reprendre sa proposition", ("proposed",), "withdrawn", own),
        Move("withdraw", "Retirer", ("approved",), "withdrawn", permission, True),
        Move("replace", "Remplacer", ("approved",), "replaced", permission),
    )


DEFINITION = Workflow(
    code="definition", states=STATES, moves=_moves("steering.approve_definitions", "steering.define_indicators")
)
MANUAL_VALUE = Workflow(
    code="manual-value", states=STATES, moves=_moves("steering.approve_values", "steering.propose_values")
)
