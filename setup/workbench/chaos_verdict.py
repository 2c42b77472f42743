"""Whether anything was lost, done twice, over a limit, or is stuck."""

from collections import Counter
from collections.abc import Iterable

from . import chaos_evidence
from .chaos_end import JOBS
from .chaos_ledger import Ledger
from .chaos_stage import Stage
from .demo_check import BothSides
from .demo_sales_check import SalesSides
from .idle import WAITING, twice_bound

PER_SECOND, IMPORTS, MINUTE = 5, 100, 60.0
"""What the account allows (REF:rate-limits, OAS bulk-import-contacts)."""
PEOPLE = """
SELECT p.id, p.name, p.phone, p.email, b.remote_id
FROM res_partner p JOIN ac_binding b ON b.object = 'contact' AND b.res_id = p.id
WHERE b.remote_id > ''
"""
CLICKS = """
SELECT payload->'link'->>'url', count(*) FROM ac_event
WHERE type = 'click' AND state = 'done' GROUP BY 1
"""
NOTES = """
SELECT substring(body FROM 'https://example\\.com/chaos/\\d+'), count(*)
FROM mail_message WHERE body LIKE '%%https://example.com/chaos/%%' GROUP BY 1
"""
COUNTED = "SELECT COALESCE(sum(click_count), 0) FROM ac_engagement"
WITHDRAWN = """
SELECT DISTINCT b.remote_id FROM ac_consent c JOIN ac_binding b
    ON b.object = 'contact' AND b.res_id = c.partner_id WHERE c.state = 'withdrawn'
"""
PLACES = """
SELECT remote_id, sent->'place'->>'stage' FROM ac_binding WHERE object = 'deal'
"""
DEAD = """
SELECT 'link', object, message FROM ac_binding WHERE state = 'dead'
UNION ALL SELECT 'event', type, message FROM ac_event WHERE state = 'dead'
"""

FAILED = "SELECT name, exc_name, exc_message FROM queue_job WHERE state = 'failed'"

UNTOLD = ("contact_untold", "deal_untold")


class Verdict:
    """Compares both sides with each other and with the ledger; each finding in words."""

    def __init__(self, stage: Stage, ledger: Ledger, reconciled: Counter):
        self.account = stage.account
        self.reconciled = reconciled
        self.evidence: list[str] = []
        self.ledger = ledger
        self.state = stage.simulator.control.state()
        self.log = stage.simulator.control.log()
        self.people = self.account.sql(PEOPLE)

    def findings(self) -> dict[str, list[str]]:
        """Return what is wrong, by kind; all empty when nothing is."""
        return {
            "lost": [
                *self._differences(),
                *self._broken(),
                *self._unheard(),
                *self._forgotten(),
            ],
            "duplicated": [*self._twice(), *self._told_twice()],
            "over a limit": self._too_fast(),
            "stuck": self._stuck(),
        }

    # ----------------------------------------------------------------------- lost

    def _differences(self) -> list[str]:
        """What the two sides do not have alike."""
        sides = BothSides(self.account.server, self.state)
        sales = SalesSides(self.account.server, self.state, [*sides.links.values()])
        return [
            *self.account.differences(),
            *sides.differences(),
            *sales.differences(),
            *self._misplaced(),
        ]

    def _misplaced(self) -> list[str]:
        """Deals that were moved over there, and Odoo believes them elsewhere."""
        here = dict(self.account.sql(PLACES))
        moved = {
            id_ for id_, values in self.ledger.of("stage").items() if len(values) == 1
        }
        there = {id_: str(self.state["deals"][id_]["stage"]) for id_ in moved}
        return [
            f"deal {id_}: in stage {here.get(id_)} for Odoo, in {stage} over there"
            for id_, stage in there.items()
            if here.get(id_) != stage
        ]

    def _broken(self) -> list[str]:
        """What somebody has saved and does not find any more, on either side."""
        rows = self.people
        contacts = self.state["contacts"]
        in_odoo = {
            "name": {id_: name for id_, name, *_ in rows},
            "phone": {id_: phone for id_, _name, phone, *_ in rows},
            "email": {id_: email for id_, _name, _phone, email, _ in rows},
            "made": {email: True for _id, _name, _phone, email, _ in rows},
        }
        there = {row[0]: contacts[row[-1]] for row in rows if row[-1] in contacts}
        over_there = {
            "name": {id_: _name(contact) for id_, contact in there.items()},
            "phone": {id_: contact["phone"] for id_, contact in there.items()},
            "email": {id_: contact["email"] for id_, contact in there.items()},
            "made": {contact["email"]: True for contact in contacts.values()},
            "stage": {id_: str(d["stage"]) for id_, d in self.state["deals"].items()},
        }
        missed = {
            partner
            for found in (in_odoo, over_there)
            for what in ("name", "phone", "email")
            for partner in self.ledger.missed(what, found[what])
        }
        for partner in sorted(missed):
            self.evidence += chaos_evidence.of_partner(self.account, partner, self.log)
        return [
            line
            for side, found in (("Odoo", in_odoo), ("ActiveCampaign", over_there))
            for what, values in found.items()
            for line in self.ledger.broken(what, values, side)
        ]

    def _unheard(self) -> list[str]:
        """Clicks that nobody was told of, and people who left and are not off the list."""
        clicks, notes = self.account.sql(CLICKS), self.account.sql(NOTES)
        found = {url: True for url, _ in {*clicks}}
        noted = {url: True for url, _ in notes}
        gone = {contact: True for (contact,) in self.account.sql(WITHDRAWN)}
        return [
            *self.ledger.broken("click", found, "the inbox"),
            *self.ledger.broken("click", noted, "the timelines"),
            *self.ledger.broken("left", gone, "the consents"),
        ]

    def _forgotten(self) -> list[str]:
        """What Odoo believed to have told: the reconciliation mends it, but a push must
        not need that."""
        return [
            f"{self.reconciled[kind]} times {kind}, seen by the reconciliation alone"
            for kind in UNTOLD
            if self.reconciled[kind]
        ]

    # -------------------------------------------------------------------- doubled

    def _twice(self) -> list[str]:
        """What is there twice."""
        state = self.state
        emails = (contact["email"] for contact in state["contacts"].values())
        titles = (deal["title"] for deal in state["deals"].values())
        orders = (o["storeOrderId"] for o in state["graphqlOrders"].values())
        found = [
            *_more_than_once("contact", emails),
            *_more_than_once("deal", titles),
            *_more_than_once("order", orders),
            *(f"two links: {row}" for row in twice_bound(self.account)),
        ]
        if len(state["orders"]) != len(state["graphqlOrders"]):
            found.append(f"{len(state['orders'])} orders by REST")
        if len(state["connections"]) > 1:
            found.append(f"{len(state['connections'])} shops")
        return found

    def _told_twice(self) -> list[str]:
        """Clicks that were noted or counted more than once."""
        clicks = [row for row in self.account.sql(CLICKS)]
        ((counted,),) = self.account.sql(COUNTED)
        found = [f"{n} events {url}" for url, n in clicks if n > 1]
        found += [f"{n} notes {url}" for url, n in self.account.sql(NOTES) if n > 1]
        if counted != len(clicks):
            found.append(f"{counted} clicks counted, {len(clicks)} heard")
        return found

    # ---------------------------------------------------------- limits, stuck work

    def _too_fast(self) -> list[str]:
        """Moments in which more was sent than the account allows."""
        found = []
        if (most := self.log["max_per_second_seen"]) > PER_SECOND:
            found.append(f"{most} requests in a second")
        if (most := self.imports_in_a_minute()) > IMPORTS:
            found.append(f"{most} imports in a minute")
        if refused := self.refused():
            found.append(f"{refused} requests refused by the limit")
        return found

    def imports_in_a_minute(self) -> int:
        """Return the most imports in any sixty seconds."""
        moments = [
            entry["t"]
            for entry in self.log["entries"]
            if entry["method"] == "POST" and entry["path"].endswith("/bulk_import")
        ]
        windows = ([t for t in moments if 0 <= t - begin < MINUTE] for begin in moments)
        return max(map(len, windows), default=0)

    def refused(self) -> int:
        """Return how many requests the limit has refused, not a fault."""
        entries = self.log["entries"]
        return sum(e["status"] == 429 and not e["fault"] for e in entries)

    def _stuck(self) -> list[str]:
        """What waits although nothing is in its way, and what was given up."""
        sql = self.account.sql
        return [
            *(f"waits: {row}" for row in sql(WAITING)),
            *(f"dead: {row}" for row in sql(DEAD)),
            *(["a job waits or runs"] if sql(JOBS) else []),
            *(f"failed: {row}" for row in sql(FAILED)),
        ]


def _name(contact: dict) -> str:
    return f"{contact['firstName']} {contact['lastName']}".strip()


def _more_than_once(what: str, keys: Iterable[str]) -> list[str]:
    counts = Counter(keys)
    return [f"{n} times {what} {key}" for key, n in counts.items() if n > 1]
