# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets and one person's data are planted; after a day of failures we look where they
have got to: secrets nowhere, the person's data in the fields made for them."""

import logging
import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.exception import RetryableJobError

from ..controllers.audit import written
from ..engine import vault
from .access_case import own_models
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
PERSON = {"e-mail": EMAIL, "phone": PHONE, "note": NOTE}

OF_ALERTS = [("model", "=", "ac.alert")]
FOR_PERSON = {
    "res_partner": {"email", "email_normalized", "phone", "phone_sanitized", "comment"},
    # what the person is known by over there
    "ac_binding": {"identity", "sent"},
    # what ActiveCampaign has said, until its retention ends
    "ac_event": {"payload", "known"},
    # proof of what was agreed to, or taken back
    "ac_consent": {"email"},
    "ac_suppression": {"email"},
    "mail_blacklist": {"email"},
    # two values, until somebody has chosen
    "ac_conflict": {"odoo_value", "ac_value"},
    # the partner's own timeline: notes of ActiveCampaign, and what Odoo itself tracks
    "mail_message": {"body"},
    "mail_tracking_value": {"old_value_char", "new_value_char"},
}
"""``{table: columns}`` that may hold a person's data."""
FOR_LONG = {"res_partner", "ac_binding", "ac_consent", "ac_suppression"}
FOR_LONG |= {"mail_blacklist", "mail_message", "mail_tracking_value"}
"""Those that keep them as long as the person is kept."""


class Listener(logging.Handler):
    """Keeps what the server's log would say, with its traces."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@tagged("post_install", "-at_install")
class TestCanaries(InboxCase, PeopleCase):
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
        """Return the ``(table, column)`` of the database that hold a text."""
        self.commit()
        self.cr.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = set()
        for (table,) in self.cr.fetchall():
            self.cr.execute(
                f'SELECT DISTINCT cell.key FROM "{table}" t, '
                "jsonb_each_text(to_jsonb(t)) cell WHERE cell.value LIKE %s",
                (f"%{text}%",),
            )
            found |= {(table, column) for (column,) in self.cr.fetchall()}
        return found

    def test_there_was_something_to_find(self):
        """Errors, messages, mail, an audit trail and a log were written."""
        self.assertTrue(self.listener.lines)
        for name in ("ac.error.log", "ac.trail", "ac.event", "queue.job"):
            self.assertTrue(self.env[name].search([]), name)
        self.assertTrue(self.env["mail.mail"].search(OF_ALERTS))
        said = [("model", "=", "ac.odoo.config"), ("res_id", "=", self.config.id)]
        self.assertTrue(self.env["mail.message"].search(said))

    def test_a_secret_is_nowhere(self):
        """User requirements 25, 27: no table and no line of the log has one."""
        log = "\n".join(self.listener.lines)
        self.assertIn("ac_odoo_config", str(self.found(SEALED)))
        for name, secret in SECRETS.items():
            with self.subTest(secret=name):
                self.assertEqual(self.found(secret), set())
                self.assertNotIn(secret, log)

    def test_a_person_is_in_the_fields_made_for_them(self):
        """User requirement 25: neither in jobs nor in errors, messages, mail, logs."""
        log = "\n".join(self.listener.lines)
        allowed = {
            (t, column) for t, columns in FOR_PERSON.items() for column in columns
        }
        self.assertIn(("res_partner", "email"), self.found(EMAIL))
        self.assertTrue(self.env["ac.error.log"].search([]))
        for name, value in PERSON.items():
            with self.subTest(value=name):
                self.assertEqual(self.found(value) - allowed, set())
                self.assertNotIn(value, log)
                self.assertLessEqual(self.told_on(value), {"res.partner"})

    def told_on(self, value):
        """Return the models on whose timelines a text stands."""
        messages = self.env["mail.message"].search([("body", "like", value)])
        tracked = self.env["mail.tracking.value"].search(
            ["|", ("old_value_char", "like", value), ("new_value_char", "like", value)]
        )
        return {*messages.mapped("model"), *tracked.mail_message_id.mapped("model")}

    def test_what_was_said_goes_with_its_retention(self):
        self.assertIn(("ac_event", "payload"), self.found(NOTE))
        for table, moments in {
            "ac_event": ("create_date",),
            "ac_conflict": ("create_date", "resolved_at"),
        }.items():
            for moment in moments:
                self.cr.execute(f"UPDATE {table} SET {moment} = '2020-01-01'")
        self.cr.execute("UPDATE ac_conflict SET state = 'odoo'")
        self.commit()
        self.env["ac.odoo.config"]._cron_forget()
        for name, value in PERSON.items():
            with self.subTest(value=name):
                self.assertEqual({t for t, _ in self.found(value)} - FOR_LONG, set())

    def test_no_group_is_shown_a_secret(self):
        """Whatever is read or exported, of every model, by everybody who works here."""
        for level in ("internal", "user", "operator", "manager"):
            user = self.person(level)
            for name in own_models(self.env):
                with self.subTest(group=level, model=name):
                    shown = self.shown(self.env[name].with_user(user))
                    for secret in SECRETS.values():
                        self.assertNotIn(secret, shown)

    def person(self, level):
        groups = "base.group_user,base.group_allow_export"
        if level != "internal":
            groups += f",ac_odoo_connector.group_{level}"
        user = new_test_user(self.env, f"canary_{level}", groups)
        self.addCleanup(self.commit)
        self.addCleanup(user.unlink)
        return user

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model")
    def shown(self, model):
        """Return all that a person can get of a model, as text; "" if refused."""
        self.env.invalidate_all()
        try:
            records = model.with_context(active_test=False).search([])
            names = [n for n, f in records.fields_get().items() if f.get("exportable")]
            spec = {name: {} for name in records.fields_get()}
            return str(
                (
                    records.read(),
                    records.web_search_read([], spec),
                    records.export_data(names),
                )
            )
        except AccessError:
            return ""

    def test_the_file_of_an_audit_tells_of_nobody(self):
        run = self.env["ac.audit.run"].search([], limit=1)
        file = written(run._csv_rows())
        for value in {**SECRETS, **PERSON}.values():
            self.assertNotIn(value, file)

    def test_no_parameter_holds_anything_of_it(self):
        parameters = self.env["ir.config_parameter"].search([]).mapped("value")
        for value in {**SECRETS, **PERSON}.values():
            self.assertNotIn(value, "\n".join(map(str, parameters)))
