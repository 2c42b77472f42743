"""The people over there: contacts who read mails, and a user of the account."""

from simulator.running import SimulatorControl

from .chaos_ledger import Ledger
from .chaos_people import BOTH, THERE, Busy, Person

OFFER = "https://example.com/chaos"


class Audience(Busy):
    """Everybody in ActiveCampaign."""

    pause = 1.0

    def __init__(
        self,
        seed: int,
        control: SimulatorControl,
        people: list[Person],
        ledger: Ledger,
    ):
        super().__init__("audience", seed)
        # a session of its own: the others have theirs in other threads
        self.act = SimulatorControl(control.url).act
        self.people = people
        self.ledger = ledger
        self.done = 0
        self.members: list[Person] = []
        self.places: dict[str, list[str]] = {}

    def join(self, members: list[Person]) -> None:
        """Before anything goes wrong: some people are on a list, to leave it later."""
        for person in members:
            self.act("subscribe", contact=person.contact, email=person.email)
        self.members = [*members]

    def deeds(self) -> dict:
        """Return what happens in the account."""
        return {
            "phone": self.edit_phone,
            "name": self.edit_name,
            "phone that both change": self.contest,
            "open": self.open,
            "click": self.click,
            "another click": self.click,
            "reply": self.reply,
            "unsubscribe": self.leave,
            "deal moved": self.move_deal,
        }

    def edit_phone(self) -> None:
        """Another phone of somebody whose phone only the account changes."""
        phone = self._phone()
        self._edit("phone", phone, phone=phone)

    def edit_name(self) -> None:
        """Another name."""
        last = f"There{self._next()}"
        self._edit("name", f"Theo {last}", firstName="Theo", lastName=last)

    def _edit(self, unit: str, value: str, **values: str) -> None:
        person = self._somebody(unit, THERE)
        with self.ledger.promise([(unit, person.partner)], value):
            self.act("edit", contact=person.contact, source="admin", **values)

    def contest(self) -> None:
        """A phone that somebody changes in Odoo as well."""
        person = self._somebody("phone", BOTH)
        self.act("edit", contact=person.contact, source="admin", phone=self._phone())

    def open(self) -> None:
        """Somebody opens a mail."""
        self.act("open", contact=self._anybody().contact)

    def click(self) -> None:
        """Somebody clicks what nobody has clicked before: it must be told once."""
        number = self._next()
        url, person = f"{OFFER}/{number}", self._anybody()
        with self.ledger.promise([("click", url)], True):
            self.act("click", contact=person.contact, url=url, link=number)

    def reply(self) -> None:
        """Somebody replies to a mail."""
        self.act("reply", contact=self._anybody().contact)

    def leave(self) -> None:
        """Somebody leaves the list, who must not get another mail."""
        if not self.members:
            return self.open()
        person = self.members.pop()
        with self.ledger.promise([("left", person.contact)], True):
            self.act("unsubscribe", contact=person.contact, reason="Too many")

    def move_deal(self) -> None:
        """A user drags a deal to another stage."""
        deal = self.chance.choice([*self.places])
        stage = self.chance.choice(self.places[deal])
        with self.ledger.promise([("stage", deal)], stage):
            self.act("deal_update", deal=deal, stage=stage)

    def _somebody(self, unit: str, owner: str) -> Person:
        return self.chance.choice([p for p in self.people if p.owner(unit) == owner])

    def _anybody(self) -> Person:
        return self.chance.choice(self.people)

    def _phone(self) -> str:
        return f"+1 555 {self._next()}"

    def _next(self) -> str:
        """A number that nobody had before; those of the offices begin with 1 and 2."""
        self.done += 1
        return f"9{self.done:05}"
