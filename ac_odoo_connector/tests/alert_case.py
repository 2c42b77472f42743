# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An account whose alerts somebody reads, and a clock that the test moves."""

from datetime import timedelta

from odoo import fields

from ..activecampaign import AuthenticationError
from .people_case import PeopleCase


class AlertCase(PeopleCase):
    """An account with one reader, and a clock that the test moves."""

    def setUp(self):
        super().setUp()
        self.grace = self.user("operator", email="grace@example.com")
        self.config.alert_user_ids = self.grace
        self.now = fields.Datetime.now()
        self.run_jobs()
        self.addCleanup(self._forget_mails)

    def _forget_mails(self):
        self.cr.rollback()
        self.env["mail.mail"].search([("model", "=", "ac.alert")]).unlink()
        self.commit()

    def look(self, minutes=0):
        """Let minutes pass and check; return the account's alerts."""
        self.now += timedelta(minutes=minutes)
        self.commit()
        self.env["ac.alert"]._check(self.config, self.now)
        self.commit()
        self.env.invalidate_all()
        return self.config.alert_ids

    def subjects(self):
        """Return the subjects of the e-mails so far, the first one first."""
        mails = self.env["mail.mail"].search([("model", "=", "ac.alert")], order="id")
        self.assertLessEqual(mails.recipient_ids, self.grace.partner_id)
        return mails.mapped("subject")

    def refuse(self, text="The API key is wrong"):
        self.commit()
        self.config._report(AuthenticationError(text, status=403))
        self.commit()
        self.env.invalidate_all()

    def mend(self):
        self.config._all_well()
        self.commit()
