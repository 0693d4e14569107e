"""A link to a thing in another domain: `Reference(kind, id)`, resolved by the house through the faces.

Knows links and how to show their ends. Refuses to know what a thing is: that is its domain's business.
"""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Reference:
    """A thing somewhere in the house. `kind` is declared by one face; `id` is that domain's stable identifier."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Card:
    """How a referenced thing shows itself: a title, its address, and a word on its kind."""

    reference: Reference
    title: str
    url: str
    kind_label: str = ""
