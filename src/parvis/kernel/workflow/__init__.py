"""States and moves as a plain table; `move()` locks, checks, saves and journals: the only writer of a state."""

from parvis.kernel.workflow.moves import available_moves, move
from parvis.kernel.workflow.table import Move, State, Workflow

__all__ = ["Move", "State", "Workflow", "available_moves", "move"]
