# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets and one person's data are planted; after a day of failures we look where they
have got to: secrets nowhere, the person's data in the fields made for them."""

import logging
import os
from unittest.mock import patch
from urllib.parse import quote, quote_plus

from cryptography.fernet import Fernet

from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..engine import vault
from .common import KEY
from .inbox_case import InboxCase
from .people_case import PeopleCase

RING = Fernet.generate_key().decode()
TOKEN = "canary-token-Hy5Gf2Dc8Jk4Zx7Vb1Nm9Qw"
WRONG = "canary-wrong-key-5Tg6Yh7Uj8Ik9Ol0Pq"
SEALED = "gAAAA"
"""How what the vault has encrypted begins; shows that the search finds anything."""
SECRETS = {"API key": KEY, "wrong key": WRONG, "token": TOKEN, "encryption key": RING}

EMAIL, PHONE, NOTE = "canary.ada@example.com", "+1 555 0192837", "canarynote"
PERSON = {
    "e-mail": EMAIL,
    "e-mail in an address": quote(EMAIL),
    "phone": PHONE,
    "phone in an address": quote(PHONE),
    "phone in a form": quote_plus(PHONE),
    "sanitised phone": PHONE.replace(" ", ""),
    "digits": "5550192837",
    "note": NOTE,
}
"""How one person's data may be spelled."""

OF_ALERTS = [("model", "=", "ac.alert")]


def places_of(cr, text):
    """Return the ``(table, column)`` of the database that hold a text."""
    cr.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    found = set()
    for (table,) in cr.fetchall():
        cr.execute(
            f'SELECT DISTINCT cell.key FROM "{table}" t, '
            "jsonb_each_text(to_jsonb(t)) cell WHERE position(%s IN cell.value) > 0",
            (text,),
        )
        found |= {(table, column) for (column,) in cr.fetchall()}
    return found


class Listener(logging.Handler):
    """Keeps what the server's log would say, with its traces."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class CanaryCase(InboxCase, PeopleCase):
    """An account after a day of failures, with a log that was listened to."""

    def setUp(self):
        ring = patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: RING})
        ring.start()
        self.addCleanup(ring.stop)
        super().setUp()
        self.listen()
        self.addCleanup(self.forget_mails)
        self.spend_a_day()

    def forget_mails(self):
        self.cr.rollback()
        self.env["mail.mail"].search(OF_ALERTS).unlink()
        self.commit()

    def listen(self):
        """Hear what a server's log says as Odoo is started by default."""
        self.listener = Listener()
        for name in ("", "odoo"):
            logger = logging.getLogger(name)
            self.addCleanup(logger.setLevel, logger.level)
            logger.setLevel(logging.INFO)
        logger = logging.getLogger()
        logger.addHandler(self.listener)
        self.addCleanup(logger.removeHandler, self.listener)

    def spend_a_day(self):
        """Do everything that tempts software to tell what it knows."""
        self.config.alert_user_ids = self.user("operator", email="grace@example.com")
        self.config.ac_webhook_token = TOKEN
        self.ada.write({"email": EMAIL, "phone": PHONE, "comment": NOTE})
        self.run_jobs()
        self.refuse()
        self.hear()
        self.look_around()
        self.enter_wrong_key()

    def refuse(self):
        """Fail in each way: refused, broken off, cut, and by a fault of our own."""
        path = "contact"
        for fault in (
            {"kind": "status", "status": 422, "path": path},
            {"kind": "status", "status": 500, "path": path},
            {"kind": "drop", "path": path},
            {"kind": "truncate", "path": path},
        ):
            self.simulator.faults({**fault, "times": 4})
            self.ada.function = fault["kind"]
            self.work()
            self.simulator.call("DELETE", "faults")
        self.retry_failed()

    def work(self):
        """Perform the jobs; those that are put off stay for later."""
        try:
            self.run_jobs()
        except RetryableJobError:
            self.cr.rollback()
            self.cr.execute("DELETE FROM queue_job WHERE state <> 'done'")
            self.commit()

    def hear(self):
        """Take in events; some cannot be applied."""
        self.edit(self.ada, phone=f"{PHONE} 9")
        self.opened(self.ada)
        self.tell("update", self.ada, 1)
        self.tell("subscriber_note", self.ada, 2, note=NOTE)
        self.tell("unsubscribe", self.ada, 3, list="1")
        self.work()
        allow = self.forbid("ac_engagement", "open_count < 2")
        self.opened(self.ada, 60)
        self.work()
        allow()

    def look_around(self):
        self.config.action_reconcile()
        self.work()
        self.config.action_audit()
        self.work()
        self.config.alert_failures = 1
        self.config.action_check_alerts()
        self.commit()

    def enter_wrong_key(self):
        for key in (WRONG, KEY):
            self.config.ac_api_key = key
            self.commit()
            try:
                self.config.test_connection()
            except UserError as error:
                self.assertNotIn(key, str(error))
            self.cr.rollback()
            self.ada.function = key[:6]
            self.work()

    def found(self, text):
        self.commit()
        return places_of(self.cr, text)
