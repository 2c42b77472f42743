# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import escape

from odoo import fields, models
from odoo.fields import Command

ACTIVITY = "mail.mail_activity_data_warning"
TEMPLATE = "ac_odoo_connector.mail_template_alert"


class AcAlert(models.Model):
    """One message when an incident begins, one when it is over."""

    _inherit = "ac.alert"

    address = fields.Char("Web Address", compute="_compute_address")

    def _compute_address(self):
        for alert in self:
            alert.address = (
                f"{alert.get_base_url()}/odoo/"
                f"action-ac_odoo_connector.action_ac_alert/{alert.id}"
            )

    def _tell(self, config, now):
        """Tell the account's people what they have not heard yet.

        What was over before anybody was told of it (in quiet hours) is not told at all.
        """
        readers = config._alert_readers()
        if not readers:
            return
        begun = self.filtered(lambda a: a.state == "open" and not a.told_at)
        over = self.filtered(
            lambda a: a.state == "recovered" and a.told_at and not a.recovery_told_at
        )
        for user in readers:
            (begun + over)._mail(user)
            begun._schedule(user)
        begun.write({"told_at": now})
        over.write({"recovery_told_at": now})

    def _mail(self, user):
        """Queue an e-mail per incident in the reader's language."""
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not (self and template and self.config_id.alert_by_mail):
            return
        template = template.with_context(lang=user.lang)
        to = {"recipient_ids": [Command.link(user.partner_id.id)]}
        for alert in self:
            template.send_mail(alert.id, email_values=to)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _schedule(self, user):
        """Put an activity on the reader's list; no second e-mail about it."""
        if not self.config_id.alert_by_activity:
            return
        for alert in self.with_context(lang=user.lang, mail_activity_quick_update=True):
            alert.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=alert.title,
                note=escape(alert.hint or ""),
            )
