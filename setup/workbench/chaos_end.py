"""The end of chaos: nothing goes wrong any more, and everything comes to its end."""

import time
from collections import Counter
from contextlib import suppress

import psutil

from .account import Account
from .chaos_ledger import Ledger
from .chaos_people import UNKNOWN
from .chaos_stage import Stage
from .idle import WAITING
from .server import OdooError, OdooServer

PATIENCE = 600
STATE = "breaker_state"
LEASE = 180
"""Seconds of a claim (`engine.outbox`, `engine.inbox`)."""
JOBS = "SELECT 1 FROM queue_job WHERE state IN ('pending', 'enqueued', 'started')"
NOW = "SELECT date_trunc('second', now() AT TIME ZONE 'UTC')"
LATER = "now() AT TIME ZONE 'UTC' + INTERVAL '2 seconds'"
HURRY = f"""
UPDATE queue_job SET eta = NULL WHERE state = 'pending' AND eta > {LATER};
UPDATE ac_binding SET next_try_at = now() AT TIME ZONE 'UTC'
WHERE state = 'failed' AND next_try_at > {LATER};
UPDATE ac_event SET next_try_at = now() AT TIME ZONE 'UTC'
WHERE state = 'failed' AND next_try_at > {LATER}
"""
DEAD_LEASES = """
UPDATE ac_binding SET claimed_until = now() AT TIME ZONE 'UTC'
WHERE state = 'sending' AND claimed_until < %(until)s + %(lease)s * INTERVAL '1 second';
UPDATE ac_event SET claimed_until = now() AT TIME ZONE 'UTC'
WHERE state = 'applying' AND claimed_until < %(until)s + %(lease)s * INTERVAL '1 second'
"""
CONFLICTS = """
SELECT id, partner_id, unit, odoo_value FROM ac_conflict WHERE state = 'open'
"""
UNHEARD = "SELECT 1 FROM ac_poll_state WHERE enabled AND cursor < %s"
RECONCILING = "SELECT 1 FROM ac_reconciliation WHERE state NOT IN ('done', 'failed')"
FOUND = "SELECT counts FROM ac_reconciliation ORDER BY id DESC LIMIT 1"


class Calm:
    """Waits for the end. Nothing is done that would not happen by itself, but sooner:
    nobody waits for the end of a dead worker's lease, or for the next try of a record.

    `found` is what the reconciliations have found, `asked` whom a person was asked about,
    `requests` how many there were while things went wrong.
    """

    def __init__(self, stage: Stage, ledger: Ledger):
        self.stage = stage
        self.account: Account = stage.account
        self.ledger = ledger
        self.found: Counter = Counter()
        self.asked: Counter = Counter()
        self.requests = 0

    def come(self) -> None:
        """Return when everything has come to its end, or could not in a long time."""
        self._stop_faults()
        self._bury_workers()
        self._try_now()
        self._settle()
        self._answer()
        self._hear()
        self._reconcile()
        if self._answer():
            self._reconcile()

    def _stop_faults(self) -> None:
        control = self.stage.simulator.control
        control.clear_faults()
        self.requests = len(control.log()["entries"])
        control.options(webhook_duplicate=0.0, webhook_reorder=0.0, webhook_drop=0.0)

    def _bury_workers(self) -> None:
        """End the leases of whoever has died; that nobody else holds one is certain
        when all have just died."""
        ((until,),) = self.account.sql(NOW)
        self.stage.revive()
        for node in self.stage.nodes:
            with suppress(psutil.NoSuchProcess):
                node.kill_workers()
        self.account.sql(DEAD_LEASES, {"until": until, "lease": LEASE})
        self.account.wait(
            "the nodes answer", lambda: all(map(_answers, self.stage.nodes)), PATIENCE
        )

    def _try_now(self) -> None:
        """Press the button of an account that is paused because so much went wrong."""
        known = self.account.server.call("ac.odoo.config", "fields_get", [STATE])
        if known and self.account.read(STATE) != "closed":
            self.account.call("action_try_now")

    def _settle(self) -> None:
        """Wait until nothing waits; after a long time the verdict will say what does."""
        give_up = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 3 and time.monotonic() < give_up:
            self.stage.simulator.control.deliveries()
            self.account.sql(HURRY)
            quiet = quiet + 1 if self._is_idle() else 0
            time.sleep(1)

    def _is_idle(self) -> bool:
        return not (self.account.sql(WAITING) or self.account.sql(JOBS))

    def _hear(self) -> None:
        """Ask for everything that webhooks have not told: a full pass of each stream."""
        ((mark,),) = self.account.sql(NOW)
        give_up = time.monotonic() + PATIENCE
        while self.account.sql(UNHEARD, [mark]) and time.monotonic() < give_up:
            self.account.call("action_poll")
            self._settle()

    def _reconcile(self) -> None:
        """Compare both sides once, and have done what that has set in motion."""
        self.account.call("action_reconcile")
        self.account.wait(
            "it is reconciled", lambda: not self.account.sql(RECONCILING), PATIENCE
        )
        self._settle()
        ((counts,),) = self.account.sql(FOUND)
        self.found.update(counts or {})

    def _answer(self) -> bool:
        """Answer as a person would who knows who was right; whether any was asked."""
        rows = self.account.sql(CONFLICTS)
        for id_, partner, unit, value in rows:
            place = (unit, partner)
            self.asked["both changed it" if self._is_contested(place) else unit] += 1
            ours = place in self.ledger.may_hold and self.ledger.may_be(place, value)
            button = "action_keep_odoo" if ours else "action_take_ac"
            self.account.server.call("ac.conflict", button, [id_])
        self._settle()
        return bool(rows)

    def _is_contested(self, place: tuple) -> bool:
        return place not in self.ledger.may_hold


def _answers(node: OdooServer) -> bool:
    try:
        return bool(node.call("res.users", "search_count", []))
    except (*UNKNOWN, OdooError):
        return False
