# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .ac_error_log import UNSOLVED

OPERATOR = "ac_odoo_connector.group_operator"


class AcErrorLog(models.Model):
    """From what went wrong to its errors, and from there back."""

    _inherit = "ac.error.log"

    @api.model
    def _count_unsolved(self, column, ids, also=()):
        """Return ``{id: how many}`` of the unsolved errors by a column; one query."""
        domain = [(column, "in", ids), ("state", "in", UNSOLVED), *also]
        groups = self._read_group(domain, [column], ["__count"])
        return {getattr(value, "id", value): count for value, count in groups}

    @api.model
    def _opened(self, domain):
        """Return the action that shows some errors, solved ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_error_log"
        )
        return {**action, "domain": domain, "context": {}}


class AcHasErrors(models.AbstractModel):
    """Something of the connector's own that errors name by a column of theirs."""

    _name = "ac.has.errors"
    _description = "Has ActiveCampaign Errors"

    _error_column = ""

    error_count = fields.Integer(
        "Unsolved Errors", compute="_compute_error_count", groups=OPERATOR
    )

    def _compute_error_count(self):
        log = self.env["ac.error.log"]
        counts = log._count_unsolved(self._error_column, self.ids)
        for record in self:
            record.error_count = counts.get(record.id, 0)

    def action_view_errors(self):
        """Open what went wrong with this record."""
        self.ensure_one()
        return self.env["ac.error.log"]._opened([(self._error_column, "=", self.id)])


class AcBinding(models.Model):
    _name = "ac.binding"
    _inherit = ["ac.binding", "ac.has.errors"]

    _error_column = "binding_id"

    def unlink(self):
        """Their errors stay, with the names of the records; nobody need mend them."""
        if self:
            self.env["ac.error.log"].sudo()._let_go(self)
        return super().unlink()

    def _record(self):
        """Return the record of the link, whether it exists or not."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _with_record(self):
        """Return those whose record exists; one query per model."""
        there = {
            model: set(self.env[model].browse(links.mapped("res_id")).exists().ids)
            for model, links in self.grouped("res_model").items()
        }
        return self.filtered(lambda link: link.res_id in there[link.res_model])


class AcEvent(models.Model):
    _name = "ac.event"
    _inherit = ["ac.event", "ac.has.errors"]

    _error_column = "event_id"

    def _records(self):
        """Return ``{event: the order or partner that it is about}`` of those that are
        linked; two queries."""
        deals = self.env["ac.binding"].search(
            [
                ("config_id", "in", self.config_id.ids),
                ("object", "=", "deal"),
                ("remote_id", "in", [event._value("deal", "id") for event in self]),
            ]
        )
        orders = {(link.config_id, link.remote_id): link._record() for link in deals}
        found = {}
        for event in self:
            order = orders.get((event.config_id, event._value("deal", "id")))
            if record := order or event.linked_partner_id:
                found[event] = record
        return found


class AcSyncRun(models.Model):
    _name = "ac.sync.run"
    _inherit = ["ac.sync.run", "ac.has.errors"]

    _error_column = "run_id"


class AcOdooConfig(models.Model):
    _name = "ac.odoo.config"
    _inherit = ["ac.odoo.config", "ac.has.errors"]

    _error_column = "config_id"


class AcSyncScreen(models.AbstractModel):
    _inherit = "ac.sync.screen"

    ac_error_count = fields.Integer(
        "ActiveCampaign Errors", compute="_compute_ac_error_count", groups=OPERATOR
    )

    def _compute_ac_error_count(self):
        ours = [("res_model", "=", self._name)]
        counts = self.env["ac.error.log"]._count_unsolved("res_id", self.ids, ours)
        for record in self:
            record.ac_error_count = counts.get(record.id, 0)

    def action_ac_errors(self):
        """Open what went wrong with the record, in either direction."""
        self.ensure_one()
        return self.env["ac.error.log"]._opened(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
