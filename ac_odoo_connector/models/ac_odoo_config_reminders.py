# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MANAGER = "ac_odoo_connector.group_manager"
LONGEST = 3650  # days
AGAIN = timedelta(days=7)
"""Whoever has ticked a reminder off without changing anything hears of it again."""
ACTIVITIES = {
    "ac_api_key": "ac_odoo_connector.activity_api_key",
    "ac_webhook_token": "ac_odoo_connector.activity_webhook_token",
}
"""Beginning of the fields of a secret: the type of its reminder."""


class AcOdooConfig(models.Model):
    """When API key and webhook token are to be changed, and who is reminded of it."""

    _name = "ac.odoo.config"
    _inherit = ["ac.odoo.config", "mail.activity.mixin"]

    ac_api_key_days = fields.Integer(
        "Days for an API Key",
        default=365,
        required=True,
        tracking=True,
        groups=MANAGER,
        help="Change the key after so many days. 0: no reminder.",
    )
    ac_webhook_token_days = fields.Integer(
        "Days for a Webhook Token",
        default=365,
        required=True,
        tracking=True,
        groups=MANAGER,
        help="Make a new token after so many days. 0: no reminder.",
    )
    reminder_days = fields.Integer(
        "Remind Days Before",
        default=14,
        required=True,
        tracking=True,
        help="Those who are told of alerts and may change secrets get an activity.",
    )
    ac_api_key_due = fields.Date(
        "API Key to Be Changed", compute="_compute_due", store=True, groups=MANAGER
    )
    ac_webhook_token_due = fields.Date(
        "Webhook Token to Be Changed",
        compute="_compute_due",
        store=True,
        groups=MANAGER,
    )
    ac_api_key_reminded = fields.Date(
        "Last Reminder of the API Key", readonly=True, copy=False, groups=MANAGER
    )
    ac_webhook_token_reminded = fields.Date(
        "Last Reminder of the Token", readonly=True, copy=False, groups=MANAGER
    )

    @api.depends(
        *[f"{name}_{part}" for name in ACTIVITIES for part in ("since", "days")]
    )
    def _compute_due(self):
        for config in self:
            for name in ACTIVITIES:
                config[f"{name}_due"] = config._due_of(name)

    def _due_of(self, name):
        since, days = self[f"{name}_since"], self[f"{name}_days"]
        return since and days > 0 and since.date() + timedelta(days=days)

    @api.constrains("ac_api_key_days", "ac_webhook_token_days", "reminder_days")
    def _check_reminders(self):
        """:raise ValidationError: it would never be time, or always"""
        for config in self.sudo():
            for name in ACTIVITIES:
                config._check_days_of_secret(f"{name}_days")

    def _check_days_of_secret(self, name):
        days, before = self[name], self.reminder_days
        if before < 0 or not 0 <= days <= LONGEST or 0 < days <= before:
            raise ValidationError(
                self.env._(
                    "“%(setting)s” must be 0, or more than the days before (%(before)s) "
                    "and at most ten years (%(most)s); the days before are 0 or more.",
                    setting=self._fields[name]._description_string(self.env),
                    before=before,
                    most=LONGEST,
                )
            )

    @api.model
    def _cron_secrets(self):
        """Delete dead tokens, remind people of secrets that are to be changed."""
        if self._is_silent():
            return
        self._forget_dead_tokens()
        for config in self._confirmed():
            config._remind(fields.Date.today())

    def _remind(self, today):
        """Put an activity on the lists of those who can change what is due.

        :param today: date
        """
        for name in ACTIVITIES:
            due, last = self[f"{name}_due"], self[f"{name}_reminded"]
            soon = due and due - timedelta(days=self.reminder_days) <= today
            if soon and not (last and last > today - AGAIN) and self._schedule(name):
                self[f"{name}_reminded"] = today

    def _schedule(self, name):
        """Return who was reminded; who still has the reminder gets no second one."""
        readers = self._reminded_users()
        for user in readers:
            if not self.activity_search([ACTIVITIES[name]], user_id=user.id):
                self._schedule_for(user, name)
        return readers

    def _schedule_for(self, user, name):
        config = self.with_context(lang=user.lang, mail_activity_quick_update=True)
        hints = {
            "ac_api_key": config.env._(
                "Make a new key in ActiveCampaign, then press “Change API Key” on the "
                "account's page Secrets."
            ),
            "ac_webhook_token": config.env._(
                "Press “New Webhook Token” on the account's page Secrets. Addresses that "
                "were entered by hand, such as in automations, need the new one."
            ),
        }
        config.activity_schedule(
            ACTIVITIES[name],
            date_deadline=self[f"{name}_due"],
            note=hints[name],
            user_id=user.id,
        )

    def _reminded_users(self):
        """Return those of the alerts' readers who may change a secret; if none may,
        those who can tell somebody."""
        readers = self._alert_readers()
        return readers.filtered(lambda user: user.has_group(MANAGER)) or readers

    def _end_reminder(self, name):
        """What was due is done; Odoo 19 archives what was done before."""
        self[f"{name}_reminded"] = False
        config = self.sudo().with_context(active_test=True)
        config.activity_feedback([ACTIVITIES[name]])
