"""What people have done, and must find in the end whatever went wrong meanwhile."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

Place = tuple
"""What is promised and where: ``("phone", partner id)``."""
BEFORE = object()
"""What was there before anybody did anything."""


class Ledger:
    """Of each place the values that may be there in the end.

    Who has saved something and was told so must find it. Who was told nothing, because
    the server died, may find it or what was there before. A place has one writer.
    """

    def __init__(self) -> None:
        self.may_hold: dict[Place, set] = {}

    @contextmanager
    def promise(self, places: Iterable[Place], value: object) -> Iterator[None]:
        """Note what the block does; if it breaks off, nobody knows whether it was done."""
        places = list(places)
        for place in places:
            self.may_hold[place] = self.may_hold.get(place, {BEFORE}) | {value}
        yield
        self.may_hold.update((place, {value}) for place in places)

    def of(self, what: str) -> dict:
        """Return ``{where: values that may be there}`` of one kind of promise."""
        return {
            place[1]: values
            for place, values in self.may_hold.items()
            if place[0] == what
        }

    def may_be(self, place: Place, value: object) -> bool:
        """Whether a value may be there."""
        values = self.may_hold.get(place, {BEFORE})
        return BEFORE in values or value in values

    def missed(self, what: str, found: dict) -> list:
        """Return where promises of a kind do not hold; see `broken`."""
        places = self.of(what)
        return [w for w in places if not self.may_be((what, w), found.get(w))]

    def broken(self, what: str, found: dict, side: str) -> list[str]:
        """Return in words which promises do not hold.

        :param found: ``{where: value}`` of one side, named `side`
        """
        return [
            f"{what} of {where}: {found.get(where)!r} in {side}, "
            f"not {_words(self.may_hold[what, where])}"
            for where in self.missed(what, found)
        ]


def _words(values: set) -> str:
    return " or ".join(repr(value) for value in values if value is not BEFORE)
