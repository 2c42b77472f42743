# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import audience

ACTIONS = {"enter_tags", "leave_tags", "list_ids", "unsubscribe_on_leave"}
"""Settings that concern everybody who is inside or has left."""
SETTINGS = ACTIONS | {"active", "config_id", "domain"}
SHOWN = 80
"""So many names are shown in the preview; its counts are complete."""


class AcAudienceRule(models.Model):
    """Partners that match a filter get tags, lists and automations while they do."""

    _name = "ac.audience.rule"
    _description = "ActiveCampaign Audience Rule"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        help="Switched off, the rule forgets its members: its tags go, nobody is "
        "unsubscribed and no automation on leaving starts.",
    )
    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_config(),
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    config_state = fields.Selection(related="config_id.state")
    domain = fields.Char(
        "Who",
        required=True,
        default="[]",
        help="Only active partners that the account's own filter lets through.",
    )
    enter_tags = fields.Char(
        "Tags while Inside", help="Names of ActiveCampaign tags, separated by commas."
    )
    leave_tags = fields.Char(
        "Tags after Leaving",
        help="Names of ActiveCampaign tags, separated by commas; they go when the "
        "partner enters again.",
    )
    list_ids = fields.Many2many(
        "ac.metadata",
        "ac_audience_rule_list_rel",
        string="Lists",
        domain="[('config_id', '=', config_id), ('kind', '=', 'list')]",
        help="Whoever has given consent is subscribed while inside.",
    )
    unsubscribe_on_leave = fields.Boolean(
        "Unsubscribe",
        help="Unsubscribe from the lists above whoever leaves or has left, unless "
        "another rule holds the partner there.",
    )
    enter_automation_id = fields.Many2one(
        "ac.metadata",
        string="Start Automation on Entering",
        domain="[('config_id', '=', config_id), ('kind', '=', 'automation')]",
        ondelete="set null",
        help="Once for every entry. Who leaves and enters again starts it again.",
    )
    include_existing = fields.Boolean(
        "Also for Those Inside Already",
        help="Also start the automation for those who are inside when the rule is "
        "switched on. A later change of this choice concerns nobody inside.",
    )
    leave_automation_id = fields.Many2one(
        "ac.metadata",
        string="Start Automation on Leaving",
        domain="[('config_id', '=', config_id), ('kind', '=', 'automation')]",
        ondelete="set null",
    )
    member_ids = fields.One2many("ac.audience.member", "rule_id", readonly=True)
    member_count = fields.Integer("Members", compute="_compute_member_count")
    evaluated_at = fields.Datetime("Last Evaluated", readonly=True, copy=False)
    outdated = fields.Boolean(
        readonly=True, copy=False, help="Its members have to hear of a change."
    )
    problem = fields.Char(
        readonly=True, copy=False, help="Why the members are not up to date."
    )

    matching_count = fields.Integer("Match Now", compute="_compute_preview")
    entering_count = fields.Integer("Would Enter", compute="_compute_preview")
    leaving_count = fields.Integer("Would Leave", compute="_compute_preview")
    entering_ids = fields.Many2many(
        "res.partner", string="Who Would Enter", compute="_compute_preview"
    )
    leaving_ids = fields.Many2many(
        "res.partner", string="Who Would Leave", compute="_compute_preview"
    )
    preview_problem = fields.Char(compute="_compute_preview")

    @api.model
    def _default_config(self):
        configs = self.env["ac.odoo.config"].search([], limit=2)
        return configs if len(configs) == 1 else configs.browse()

    @api.depends("member_ids.inside")
    def _compute_member_count(self):
        counts = dict(
            self.env["ac.audience.member"]._read_group(
                [("rule_id", "in", self.ids), ("inside", "=", True)],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.member_count = counts.get(rule._origin, 0)

    @api.constrains("domain", "config_id")
    def _check_domain(self):
        for rule in self:
            try:
                with self.env.cr.savepoint(flush=False):
                    # as the person: with all rights a filter would answer
                    # questions about fields that they may not read
                    people = self.sudo(False).env["res.partner"]
                    people.search(rule._domain(), limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "“Who” of %(rule)s is not a valid filter: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    @api.constrains(
        "config_id", "list_ids", "enter_automation_id", "leave_automation_id"
    )
    def _check_account(self):
        for rule in self:
            entries = rule.list_ids + rule.enter_automation_id
            foreign = (entries + rule.leave_automation_id).filtered(
                lambda entry, rule=rule: entry.config_id != rule.config_id
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(names)s belongs to another ActiveCampaign account than the "
                        "rule %(rule)s. Choose from the lists and automations of its "
                        "own.",
                        names=", ".join(foreign.mapped("name")),
                        rule=rule.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._evaluate_soon()
        return rules

    def write(self, vals):
        if "config_id" in vals:
            self.filtered(lambda r: r.config_id.id != vals["config_id"])._forget()
        if not ACTIONS.isdisjoint(vals):
            vals = {**vals, "outdated": True}
        result = super().write(vals)
        if not SETTINGS.isdisjoint(vals):
            self._evaluate_soon()
        return result

    def unlink(self):
        self.check_access("unlink")
        self._forget()
        return super().unlink()

    # Who would be inside: follows the filter while it is edited ---------------------

    @api.depends("config_id", "domain", "active")
    def _compute_preview(self):
        for rule in self:
            rule.update({**rule._no_preview(), **rule._preview()})

    @api.model
    def _no_preview(self):
        nobody = self.env["res.partner"]
        return {
            "matching_count": 0,
            "entering_count": 0,
            "leaving_count": 0,
            "entering_ids": nobody,
            "leaving_ids": nobody,
            "preview_problem": False,
        }

    def _preview(self):
        """Return the values of the preview, with the eyes of the user who looks."""
        if not self.config_id:
            return {}
        try:
            with self.env.cr.savepoint(flush=False):
                return self._look()
        except Exception as error:  # a filter that is being typed may be anything
            return {"preview_problem": str(error).strip().splitlines()[0]}

    def _look(self):
        partners = self.env["res.partner"].with_context(active_test=False)
        entering, leaving = self._matching(), partners._search([])
        audience.keep_entering(self._origin, entering)
        audience.keep_leaving(self._origin, leaving, self._matching())
        return {
            "matching_count": len(self._matching()),
            "entering_count": len(entering),
            "leaving_count": len(leaving),
            "entering_ids": _first(partners, entering),
            "leaving_ids": _first(partners, leaving),
        }

    # Buttons ----------------------------------------------------------------------

    def action_evaluate(self):
        """Evaluate now; answer with a notification.

        :raise UserError: the account is not connected, or a filter fails
        """
        self.env["ac.odoo.config"]._check_operator()
        if self.config_id.filtered(lambda config: config.state != "confirmed"):
            raise UserError(self.env._("Connect the account first."))
        moved = self.sudo()._evaluate()
        if failed := self.filtered(lambda rule: rule.id not in moved):
            raise UserError(
                self.env._(
                    "Not evaluated: %s. What is wrong stands on the form of the rule.",
                    ", ".join(failed.mapped("name")),
                )
            )
        entered, left = map(sum, zip(*moved.values(), strict=True))
        return self.config_id[:1]._notify(
            self.env._("Evaluated"),
            self.env._(
                "%(entered)s entered, %(left)s left.", entered=entered, left=left
            ),
        )

    def action_view_members(self):
        """Open those who are inside, or were."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_audience_member"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        action["context"] = {"search_default_inside": 1}
        return action

    def action_view_matching(self):
        """Open the partners that match now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match Now: %s", self.name),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": self._domain(),
            "context": {"create": False},
        }


def _first(partners, query):
    query.limit = SHOWN
    return partners.browse(query.get_result_ids())
