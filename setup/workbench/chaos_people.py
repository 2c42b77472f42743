"""Who is busy while everything goes wrong, and who may change what."""

import http.client
import random
import time
import xmlrpc.client
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

from .server import OdooError

UNKNOWN = (OSError, http.client.HTTPException, xmlrpc.client.Error, ExpatError)
"""The server or the network broke off: it was done, or it was not."""
ODOO, THERE, BOTH = "odoo", "there", "both"
DONE, UNCERTAIN = "done", "uncertain"


@dataclass(frozen=True)
class Person:
    """A partner and its contact over there."""

    number: int
    partner: int
    email: str
    contact: str

    def owner(self, unit: str) -> str:
        """Who changes the name, phone or e-mail of this person while we look on.

        What both change they are asked about; what one side changes is promised.
        """
        if unit == "email":
            return ODOO if self.number % 5 == 3 else ""
        if unit == "phone" and self.number % 5 == 4:
            return BOTH
        return (ODOO, THERE)[(self.number + (unit == "name")) % 2]


class Busy:
    """Somebody who does one thing after the other, in an order that the seed decides."""

    pause = 1.5
    """Seconds between two deeds, on average."""

    def __init__(self, name: str, seed: int):
        self.name = name
        self.chance = random.Random(f"{seed} {name}")
        self.tally: Counter = Counter()

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what this one can do, by name."""
        raise NotImplementedError

    def work(self, until: float) -> None:
        """Go on until a moment of the monotonic clock; `tally` counts."""
        deeds = self.deeds()
        self.tally.update({(name, DONE): 0 for name in deeds})
        for name in self._turns([*deeds]):
            if time.monotonic() > until:
                return
            self._do(name, deeds[name])
            time.sleep(self.chance.uniform(0.5, 1.5) * self.pause)

    def _turns(self, names: list[str]) -> Iterator[str]:
        """Each of them again and again, always in another order."""
        while True:
            yield from self.chance.sample(names, len(names))

    def _do(self, name: str, deed: Callable[[], object]) -> None:
        try:
            deed()
        except (*UNKNOWN, OdooError):
            self.tally[name, UNCERTAIN] += 1
        else:
            self.tally[name, DONE] += 1
