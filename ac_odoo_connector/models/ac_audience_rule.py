# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import audience, living_domain
from ..engine.transaction import transaction

_logger = logging.getLogger(__name__)

ACTIONS = {"enter_tags", "leave_tags", "list_ids", "unsubscribe_on_leave"}
"""Settings that concern everybody who is inside or has left."""
SETTINGS = ACTIONS | {"active", "config_id", "domain"}


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
        help="Unsubscribe from the lists above whoever leaves, unless another rule "
        "holds the partner there.",
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
                    self.env["res.partner"].sudo().search(rule._domain(), limit=1)
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

    # Evaluation ------------------------------------------------------------------

    def _domain(self):
        """Return the domain of the members: the account's scope and the rule's filter."""
        config = self.config_id
        company = [("company_id", "in", [False, config.company_id.id])]
        return [
            *config._domain(),
            *(company if config.company_id else []),
            ("active", "=", True),
            *living_domain.read(self.domain),
        ]

    def _matching(self):
        """Return the query of the partners that match now.

        :raise Exception: whatever is wrong with the filter
        """
        partners = self.env["res.partner"].with_context(active_test=True)
        return partners._search(self._domain())

    def _evaluate(self):
        """Let partners enter and leave; each rule in a short transaction of its own.

        A rule whose filter fails keeps its members and shows why.

        :return: ``{rule id: (entered, left)}`` of those that went well
        """
        moved = {}
        for rule in self:
            try:
                with transaction(self.env) as env:
                    moved[rule.id] = env[self._name].browse(rule.id)._move()
            except Exception as error:
                _logger.info("Audience rule %s: %s", rule.id, error)
                rule._report(error)
        self.invalidate_recordset()
        return moved

    def _move(self):
        """Evaluate one rule in this transaction; return (entered, left)."""
        if not audience.lock(self):
            return 0, 0
        if not self.active:
            return 0, self._forget()
        entered, left = audience.move(
            self, self._matching(), self._automation_now(), self.leave_automation_id
        )
        if entered or left or self.outdated:
            everybody = audience.EVERYBODY
            which = everybody if self.outdated else audience.moved_now(self)
            audience.mark(self, which)
            self.config_id._enqueue("run")
        self.write(
            {"evaluated_at": fields.Datetime.now(), "outdated": False, "problem": False}
        )
        return entered, left

    def _automation_now(self):
        """Return what those start who enter now, if anything."""
        first = not self.evaluated_at
        quiet = first and not self.include_existing
        return self.enter_automation_id.browse() if quiet else self.enter_automation_id

    def _report(self, error):
        """Show on the rule why its members are not up to date."""
        problem = str(error).strip().splitlines()[:1] or [type(error).__name__]
        with transaction(self.env) as env:
            env[self._name].browse(self.id).exists().write({"problem": problem[0]})

    def _forget(self):
        """Drop the members, without what leaving brings; return how many."""
        count = 0
        for rule in self.sudo():
            audience.mark_for_good(rule)
            count += audience.forget(rule)
        self.sudo().write({"evaluated_at": False, "outdated": False, "problem": False})
        return count

    def _evaluate_soon(self):
        """Wake the cron: what takes seconds is nothing to wait for on saving."""
        cron = self.env.ref("ac_odoo_connector.cron_audience", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    @api.model
    def _cron_evaluate(self):
        """Evaluate the rules of all connected accounts, also those just switched off."""
        rules = self.with_context(active_test=False).search(
            [
                ("config_id.state", "=", "confirmed"),
                ("config_id.active", "=", True),
                "|",
                ("active", "=", True),
                ("evaluated_at", "!=", False),
            ]
        )
        rules._evaluate()

    # What the engine asks ----------------------------------------------------------

    @api.model
    def _facts_of(self, config, partners):
        """Return what the account's rules say about partners; constant queries.

        :return: ``{partner id: {"tags": set of names, "lists": set of AC list ids,
            "left_lists": set of AC list ids to unsubscribe from,
            "automations": {AC automation id: entry}}}`` with every partner; the
            entry is the ISO time (UTC) of the entering or leaving that starts it
        """
        rules = self.sudo().search([("config_id", "=", config.id)])
        actions = {rule.id: rule._actions() for rule in rules}
        facts = {id_: _no_facts() for id_ in partners.ids}
        for row in audience.members_of(self.env, config, partners.ids):
            partner_id, rule_id, inside, moment, automation = row
            fact = facts[partner_id]
            for name, values in actions[rule_id][inside].items():
                fact[name] |= values
            if automation:  # of several entries the last one counts
                known = fact["automations"].get(automation, "")
                fact["automations"][automation] = max(known, _iso(moment))
        for fact in facts.values():
            fact["left_lists"] -= fact["lists"]
        return facts

    def _actions(self):
        """Return ``{inside: {fact: set}}`` of one rule."""
        lists = set(self.list_ids.filtered("active").mapped("remote_id"))
        left_lists = lists if self.unsubscribe_on_leave else set()
        return {
            True: {"tags": _names(self.enter_tags), "lists": lists},
            False: {"tags": _names(self.leave_tags), "left_lists": left_lists},
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


def _no_facts():
    return {"tags": set(), "lists": set(), "left_lists": set(), "automations": {}}


def _names(text):
    return {name.strip() for name in (text or "").split(",")} - {""}


def _iso(moment):
    return f"{moment.isoformat(timespec='microseconds')}Z"
