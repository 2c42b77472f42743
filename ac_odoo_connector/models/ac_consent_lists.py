# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is to be on which list of an account, for a chunk of partners at a time."""

from odoo import api, models

from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from .ac_consent import GRANTED, WITHDRAWN

GENERAL = ""
"""Key of what was said of marketing in general, beside the lists' AC ids."""


class AcConsent(models.Model):
    _inherit = "ac.consent"

    @api.model
    def _lists_of(self, config, partners, more=None, told=None):
        """Return what ActiveCampaign is to be told of lists.

        Wanted are the account's lists, those of a partner's tags, those of `more` and
        those that a person has asked for by name. What nobody has spoken of is left
        alone. The number of queries does not depend on the number of partners.

        :param more: ``{partner id: {AC list id}}`` wanted by audience rules
        :param told: what `_told` says, if somebody has asked before
        :return: ``{partner id: {AC list id: 1 subscribe | 2 unsubscribe}}``
        """
        self, partners = self.sudo(), partners.sudo()
        said = self._said(config, partners)
        barred = self._barred(partners)
        if told is None:
            told = self._told(config, partners)
        wanted = self._wanted(config, partners, more or {})
        lowest = SUBSCRIBED if config.consent_mode != "no_list" else UNSUBSCRIBED
        return {
            partner.id: {
                list_id: status
                for list_id, status in self._statuses(
                    said[partner.id],
                    wanted[partner.id],
                    told.get(partner.id, ()),
                    partner.id in barred,
                )
                if status >= lowest
            }
            for partner in partners
        }

    @api.model
    def _statuses(self, said, wanted, told, barred):
        """Yield ``(AC list id, status)`` of one partner.

        :param said: ``{AC list id or GENERAL: entry}``, the newest ones
        """
        named = said.keys() - {GENERAL}
        for list_id in sorted(wanted | set(told) | named):
            entry = self._decisive(said, list_id)
            if barred or entry.state == WITHDRAWN:
                yield list_id, UNSUBSCRIBED
            elif entry.state == GRANTED and list_id in wanted | named:
                yield list_id, SUBSCRIBED

    @api.model
    def _decisive(self, said, list_id):
        """Return the newer one of what was said of a list and in general."""
        entries = [said[key] for key in (list_id, GENERAL) if key in said]
        return max(entries, key=lambda e: (e.date, e.id), default=self.browse())

    @api.model
    def _said(self, config, partners):
        """Return ``{partner id: {AC list id or GENERAL: newest entry}}``."""
        said = {partner.id: {} for partner in partners}
        for partner, key, entry in self._spoken(config, partners):
            said[partner.id][key] = entry
        return said

    @api.model
    def _refusals(self, config, partners, list_id):
        """Return ``{partner id: every no to a list or in general that no later yes has
        taken back}``: the newest may be from elsewhere than those before it."""
        standing = {partner.id: self.browse() for partner in partners}
        for partner, key, entry in self.sudo()._spoken(config, partners):
            if key in (list_id, GENERAL) and entry.state == WITHDRAWN:
                standing[partner.id] |= entry
            elif key in (list_id, GENERAL):
                standing[partner.id] = self.browse()
        return standing

    @api.model
    def _spoken(self, config, partners):
        """Return ``[(partner, AC list id or GENERAL, entry)]``, the oldest first."""
        by_email = partners.grouped("email_normalized")
        emails = [email for email in by_email if email]
        entries = self.search_fetch(
            ["|", ("partner_id", "in", partners.ids), ("email", "in", emails)],
            ["partner_id", "email", "list_id", "list_name", "state", "date"],
            order="date, id",
        )
        if not entries:
            return []
        list_ids = self.env["ac.metadata"]._ids_by_name(config, "list")
        spoken = []
        for entry in entries:
            key = entry._key(config, list_ids)
            people = by_email.get(entry.email or None, partners.browse())
            for partner in (people | entry.partner_id) & partners:
                if key is not None and entry._counts_for(partner, config):
                    spoken.append((partner, key, entry))
        return spoken

    def _key(self, config, list_ids):
        """Return the AC id of the list spoken of, GENERAL, or None: not this account's.

        A list that the account has forgotten is found by its name again, but only to
        keep people away from it.
        """
        if not self.list_name:
            return GENERAL
        if self.list_id:
            return self.list_id.remote_id if self.list_id.config_id == config else None
        return list_ids.get(self.list_name.lower()) if self.state == WITHDRAWN else None

    def _counts_for(self, partner, config):
        """A yes to one company is no yes to another; a no is heard everywhere."""
        said_to = self.partner_id.company_id
        return (
            self.state == WITHDRAWN
            or self.partner_id == partner
            or not said_to
            or said_to in partner.company_id | config.company_id
        )

    @api.model
    def _barred(self, partners):
        """Return the ids of the partners whose e-mail is blacklisted in Odoo."""
        emails = {email for email in partners.mapped("email_normalized") if email}
        entries = self.env["mail.blacklist"].search_fetch(
            [("email", "in", list(emails)), ("active", "=", True)], ["email"]
        )
        blacklisted = set(entries.mapped("email"))
        return set(partners.filtered(lambda p: p.email_normalized in blacklisted).ids)

    @api.model
    def _told(self, config, partners):
        """Return ``{partner id: {AC list id: status}}``: what AC was told last."""
        self.env["ac.binding"].flush_model(["config_id", "object", "res_id", "sent"])
        self.env.cr.execute(
            """
            SELECT res_id, sent->'lists' FROM ac_binding
            WHERE config_id = %s AND object = 'contact' AND res_id = ANY(%s)
                AND sent->'lists' IS NOT NULL
            """,
            (config.id, partners.ids),
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _wanted(self, config, partners, more):
        """Return ``{partner id: {AC list id}}`` by account, tags and audience rules."""
        everybody = self._list_ids(config, config.list_ids)
        categories = partners.category_id
        of_tag = {c.id: self._list_ids(config, c.ac_list_ids) for c in categories}
        return {
            partner.id: everybody.union(
                *(of_tag[category.id] for category in partner.category_id),
                map(str, more.get(partner.id, ())),
            )
            for partner in partners
        }

    @api.model
    def _list_ids(self, config, lists):
        """Return the AC ids of an account's lists that still exist over there."""
        own = lists.filtered(lambda entry: entry.config_id == config and entry.active)
        return set(own.mapped("remote_id"))
