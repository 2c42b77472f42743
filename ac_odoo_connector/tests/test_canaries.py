# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets and one person's data are planted; after a day of failures we look where they
have got to: secrets nowhere, the person's data in the fields made for them."""

from odoo.tests import tagged

from ..controllers.audit import written
from .canary_case import EMAIL, NOTE, OF_ALERTS, PERSON, SEALED, SECRETS, CanaryCase

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


@tagged("post_install", "-at_install")
class TestCanaries(CanaryCase):
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

    def test_the_file_of_an_audit_tells_of_nobody(self):
        run = self.env["ac.audit.run"].search([], limit=1)
        file = written(run._csv_rows())
        for value in {**SECRETS, **PERSON}.values():
            self.assertNotIn(value, file)

    def test_no_parameter_holds_anything_of_it(self):
        parameters = self.env["ir.config_parameter"].search([]).mapped("value")
        for value in {**SECRETS, **PERSON}.values():
            self.assertNotIn(value, "\n".join(map(str, parameters)))
