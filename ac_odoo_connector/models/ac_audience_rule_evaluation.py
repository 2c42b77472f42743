# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models

from ..engine import audience, living_domain
from ..engine.transaction import transaction

_logger = logging.getLogger(__name__)


class AcAudienceRule(models.Model):
    """How partners enter and leave, and what the engine is told about it."""

    _inherit = "ac.audience.rule"

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
        configs = self.env["ac.odoo.config"]._confirmed()
        rules = self.with_context(active_test=False).search(
            [
                ("config_id", "in", configs.ids),
                "|",
                ("active", "=", True),
                ("evaluated_at", "!=", False),
            ]
        )
        rules._evaluate()

    # What the engine asks ------------------------------------------------------

    @api.model
    def _facts_of(self, config, partners):
        """Return what the account's rules say about partners; constant queries.

        :return: ``{partner id: {"tags": set of names, "lists": set of AC list ids,
            "left_lists": set of AC list ids to unsubscribe from,
            "automations": {AC automation id: entry}}}`` with every partner; the
            entry is the ISO time (UTC) of the entering or leaving that starts it
        """
        self.flush_model(["active", "config_id"])
        members = audience.members_of(self.env, config, partners.ids)
        actions = self._actions_of({rule_id for _partner, rule_id, *_ in members})
        facts = {id_: _no_facts() for id_ in partners.ids}
        for partner_id, rule_id, inside, moment, automation in members:
            fact = facts[partner_id]
            for name, values in actions.get((rule_id, inside), {}).items():
                fact[name] |= values
            if automation:  # of several entries the last one counts
                known = fact["automations"].get(automation, "")
                fact["automations"][automation] = max(known, _iso(moment))
        for fact in facts.values():
            fact["left_lists"] -= fact["lists"]
        return facts

    @api.model
    def _actions_of(self, ids):
        """Return ``{(rule id, inside): {fact: set}}``; a rule deleted by now is missing."""
        rules = self.sudo().search([("id", "in", list(ids))])
        return {
            (rule.id, inside): facts
            for rule in rules
            for inside, facts in rule._actions().items()
        }

    def _actions(self):
        """Return ``{inside: {fact: set}}`` of one rule."""
        lists = set(self.list_ids.filtered("active").mapped("remote_id"))
        left_lists = lists if self.unsubscribe_on_leave else set()
        return {
            True: {"tags": _names(self.enter_tags), "lists": lists},
            False: {"tags": _names(self.leave_tags), "left_lists": left_lists},
        }


def _no_facts():
    return {"tags": set(), "lists": set(), "left_lists": set(), "automations": {}}


def _names(text):
    return {name.strip() for name in (text or "").split(",")} - {""}


def _iso(moment):
    return f"{moment.isoformat(timespec='microseconds')}Z"
