# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..activecampaign import ActiveCampaignError, RetryPolicy
from ..engine import gateway, vault, webhook_setup
from ..engine.button import client_of_button

FAREWELL = RetryPolicy(deadline=5)
ASKED = frozenset([*webhook_setup.GROUPS, "webhook_from_api"])


class AcOdooConfig(models.Model):
    """The webhook over there: made, checked, repaired, taken away."""

    _inherit = "ac.odoo.config"

    def action_connect_webhook(self):
        """Have ActiveCampaign send its events here; made once, repaired afterwards."""
        self._webhook(webhook_setup.connect)
        return self._notify(
            self.env._("Connected"), self.env._("ActiveCampaign will send its events.")
        )

    def action_recreate_webhook(self):
        """Make the webhook anew: the remedy where ActiveCampaign has switched it off."""
        self._webhook(webhook_setup.recreate)
        return self._notify(
            self.env._("Made Anew"), self.env._("ActiveCampaign will send its events.")
        )

    def action_check_webhook(self):
        """Compare the webhook over there with what it should be."""
        self.ensure_one()
        self.check_access("write")
        with client_of_button(self) as client:
            self._note_differences(webhook_setup.differences(self.sudo(), client))
        good = self.env._("The webhook is as it should be.")
        answer = self._notify(self.env._("Checked"), self.webhook_problem or good)
        answer["params"]["type"] = "warning" if self.webhook_problem else "success"
        return answer

    def action_remove_webhook(self):
        """Delete the webhook in ActiveCampaign: nothing is reported here any more."""
        self.ensure_one()
        self.check_access("write")
        with client_of_button(self) as client:
            webhook_setup.remove(self.sudo(), client)
        self._forget_webhook()
        return self._notify(
            self.env._("Removed"),
            self.env._("ActiveCampaign does not report to this database any more."),
        )

    def action_view_arrivals(self):
        """Open when each kind of event has arrived last."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_webhook_arrival"
        )
        return {**action, "domain": [("config_id", "=", self.id)], "context": {}}

    def _webhook(self, work):
        self.ensure_one()
        self.check_access("write")
        with client_of_button(self) as client:
            self._note_webhook(work(self.sudo(), client))

    def _note_webhook(self, webhook_id):
        """Remember what ActiveCampaign has just been told."""
        now = fields.Datetime.now()
        self.write(
            {
                "ac_webhook_id": webhook_id,
                "ac_webhook_events": ",".join(webhook_setup.events_of(self)),
                "webhook_since": self.webhook_since or now,
                "webhook_checked_at": now,
                "webhook_problem": False,
            }
        )
        self._note_token_told()

    def _forget_webhook(self):
        self.write(
            {
                "ac_webhook_id": False,
                "ac_webhook_events": False,
                "webhook_since": False,
                "webhook_problem": False,
                "token_untold": False,
            }
        )

    def _note_differences(self, wrong):
        words = {
            "missing": self.env._("it was deleted in ActiveCampaign"),
            "url": self.env._("it points to another address"),
            "events": self.env._("it reports other events"),
            "sources": self.env._("it reports the doings of others"),
            "list": self.env._("it is limited to one list"),
        }
        problem = wrong and self.env._(
            "The webhook needs repair: %s.", ", ".join(words[each] for each in wrong)
        )
        self.webhook_problem = problem or False
        self.webhook_checked_at = fields.Datetime.now()

    def write(self, vals):
        """ActiveCampaign hears of another choice of events from a job."""
        chosen = ASKED & vals.keys()
        changed = self.filtered(
            lambda c: c.ac_webhook_id and any(c[f] != vals[f] for f in chosen)
        )
        result = super().write(vals)
        for config in changed.filtered(lambda c: c.state == "confirmed"):
            config._enqueue("webhook")
        return result

    def _job_webhook(self):
        """Bring the webhook up to date after another choice of events."""
        with self._border("webhook"), gateway.open_client(self) as client:
            self._note_webhook(webhook_setup.connect(self.sudo(), client))

    def _job_verify(self):
        """Compare the webhook with what it should be; a person decides on the repair."""
        with self._border("verify"), gateway.open_client(self) as client:
            self._note_differences(webhook_setup.differences(self.sudo(), client))

    @api.model
    def _cron_verify(self):
        """Look once a day whether ActiveCampaign still reports here."""
        for config in self._confirmed().filtered("ac_webhook_id"):
            config._enqueue("verify")

    # Farewell ---------------------------------------------------------------------

    def action_disconnect(self):
        """Stop all traffic; nothing is deleted on either side but the webhook, by choice."""
        self.check_access("write")
        self._take_webhook_away()
        return super().action_disconnect()

    def _take_webhook_away(self):
        """Remove the webhook if ActiveCampaign answers at once: nobody is kept waiting,
        and what is left behind over there is refused here."""
        for config in self.filtered(lambda c: c.ac_webhook_id and c.farewell_webhook):
            try:
                with gateway.open_client(config, retry=FAREWELL, timeout=5) as client:
                    webhook_setup.remove(config.sudo(), client)
            except (ActiveCampaignError, vault.VaultError):
                continue
            config._forget_webhook()
