# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import alerts


class AcAlert(models.Model):
    """What an incident is called, what it means, what to do, and where to look."""

    _inherit = "ac.alert"

    title = fields.Char(compute="_compute_words")
    message = fields.Char("What Happened", compute="_compute_words")
    hint = fields.Char("What To Do", compute="_compute_words")

    @api.depends("kind", "facts", "state", "config_id.name")
    @api.depends_context("lang")
    def _compute_words(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self:
            name, kind = alert.config_id.name, kinds.get(alert.kind)
            alert.title = f"{name}: {kind}"
            if alert.state == "recovered":
                alert.title = self.env._("%s, is over", alert.title)
            words = getattr(alert, f"_words_{alert.kind}", alert._no_words)
            alert.message, alert.hint = words(alert.facts or {})

    def _no_words(self, facts):
        return False, False

    def _words_access(self, facts):
        return (
            self.env._("Nothing is sent: %s", facts.get("problem", "")),
            self.env._("Mend the cause, then press “Test Connection” on the account."),
        )

    def _words_breaker(self, facts):
        return (
            self.env._(
                "Nothing is sent for the moment: too much has failed. %s",
                facts.get("problem", ""),
            ),
            self.env._(
                "It is tried again by itself. If ActiveCampaign is well again, press "
                "“Try Now” on the account."
            ),
        )

    def _words_failures(self, facts):
        return (
            self.env._(
                "%s records or events have failed within an hour.", facts.get("count")
            ),
            self.env._(
                "Open the errors: each says what to do. Group them by their code to "
                "find a common cause."
            ),
        )

    def _words_backlog(self, facts):
        return (
            self.env._(
                "%(count)s records or events wait, the oldest for %(minutes)s minutes.",
                count=facts.get("count"),
                minutes=facts.get("minutes"),
            ),
            self.env._(
                "Look whether the job runner is at work: Odoo has to load queue_job "
                "with its channels in odoo.conf."
            ),
        )

    def _words_growth(self, facts):
        return (
            self.env._(
                "%(count)s records or events wait, an hour ago %(before)s did.",
                count=facts.get("count"),
                before=facts.get("before"),
            ),
            self.env._(
                "Changes come faster than ActiveCampaign takes them. Look at the "
                "dashboard whether its limit is used up, and what changes so much."
            ),
        )

    def _words_webhook(self, facts):
        if facts.get("problem"):
            hint = self.env._("On the account, press “Repair Webhook”.")
            return facts["problem"], hint
        return (
            self.env._("No event has arrived for %s hours.", facts.get("hours")),
            self.env._(
                "On the account, page Pull, press “Check”; where it finds nothing, "
                "make the webhook anew."
            ),
        )

    def _words_audit(self, facts):
        if "count" in facts:
            message = self.env._(
                "The last audit has found %s differences.", facts["count"]
            )
            return message, self.env._(
                "Open it: each says its cause. Repair it, and look at the records that "
                "were skipped or given up."
            )
        message = self.env._(
            "The last comparison of both sides has failed. %s", facts.get("problem", "")
        )
        return message, self.env._("Open it, mend what it names and start it again.")

    # Where to look ----------------------------------------------------------------

    def _place(self):
        """Return the action that opens what an alert is about."""
        config = self.config_id
        if self.kind == "failures" and self._may_read("ac.error.log"):
            return self._list("ac_error_log", alerts.failures(config))
        if self.kind in ("backlog", "growth"):
            waiting = ("state", "in", ("pending", "sending"))
            return self._list("ac_binding", [("config_id", "=", config.id), waiting])
        if self.kind == "audit" and self.facts:
            return self._form(self.facts["model"], self.facts["id"])
        return self._form(config._name, config.id)

    def _form(self, model, id_):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": id_,
            "views": [(False, "form")],
        }

    def _may_read(self, model):
        return self.env[model].has_access("read")

    def _list(self, name, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"ac_odoo_connector.action_{name}"
        )
        return {**action, "domain": domain, "context": {}}
