"""A workflow as a table that an official could read. No Django."""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """Where a thing can stand; `label` is the French word on screen."""

    code: str
    label: str
    is_final: bool = False


@dataclass(frozen=True)
class Move:
    """A step from some states to one other, and the permission it takes. `label` is a French verb."""

    code: str
    label: str
    sources: tuple[str, ...]
    target: str
    permission: str
    needs_reason: bool = False


@dataclass(frozen=True)
class Workflow:
    """The whole life of a kind of thing. The first state is where it is born."""

    code: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]

    @property
    def initial(self) -> str:
        return self.states[0].code

    def state(self, code: str) -> State:
        return next(s for s in self.states if s.code == code)

    def move(self, code: str) -> Move:
        return next(m for m in self.moves if m.code == code)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(m for m in self.moves if state in m.sources)

    def faults(self) -> list[str]:
        """What is wrong with the table itself: unknown states, states that nothing reaches."""
        known = {s.code for s in self.states}
        unknown = [f"{m.code}: unknown state {s}" for m in self.moves for s in (*m.sources, m.target) if s not in known]
        reached = {self.initial} | {m.target for m in self.moves}
        return unknown + [f"nothing leads to {code}" for code in sorted(known - reached)]
