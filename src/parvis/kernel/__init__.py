"""What every domain leans on. Nothing enters before two domains need it.

The one thing that every room shares is how to say no: `Refusal`.
"""


class Refusal(Exception):
    """An action that was not done, with the reason and what to do next, in plain French.

    `message` says what is wrong; `remedy` what the person can do; `blockers` lists named reasons when there
    are several. A refusal leaves everything as it was.
    """

    def __init__(self, message: str, *, remedy: str = "", blockers: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.blockers = blockers

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, *self.blockers, self.remedy) if part)


class Forbidden(Refusal):
    """The person has no right to do this; shown as 403, or as 404 where even existence is not theirs to know."""
