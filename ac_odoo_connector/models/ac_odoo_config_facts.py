# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import cache

from odoo import fields, models

from ..mapping import account, text
from ..mapping.contact import UNSUBSCRIBED
from ..mapping.facts import Facts
from ..mapping.registry import OBJECTS

ARCHIVED_TAG = "Odoo-Archived"


class AcOdooConfig(models.Model):
    """What shall be over there beside a record's own fields; queries per chunk."""

    _inherit = "ac.odoo.config"

    sync_accounts = fields.Boolean(
        "Companies as Accounts",
        default=True,
        tracking=True,
        help="Companies become accounts, and their people are linked with them.",
    )
    account_domain = fields.Char(
        "Which Companies",
        default='[("is_company", "=", True), ("ref_company_ids", "=", False)]',
        required=True,
        tracking=True,
    )
    customer_tag = fields.Char(
        default="Odoo-Customer",
        tracking=True,
        help="Contact tag of partners with a confirmed order. Empty: none.",
    )
    lead_tag = fields.Char(
        default="Odoo-Lead",
        tracking=True,
        help="Contact tag of the other partners in scope. Empty: none.",
    )
    account_link_policy = fields.Selection(
        [
            ("move", "Move it to the company in Odoo"),
            ("keep", "Leave it with the company in ActiveCampaign"),
        ],
        "Contact of Another Company",
        default="move",
        required=True,
        tracking=True,
        help="ActiveCampaign links a contact with one company only.",
    )
    archive_policy = fields.Selection(
        [
            ("nothing", "Leave the contact as it is"),
            ("tag", "Tag the contact Odoo-Archived"),
            ("unsubscribe", "Unsubscribe the contact from its lists"),
        ],
        "When a Partner Is Archived",
        default="nothing",
        required=True,
        tracking=True,
    )
    delete_policy = fields.Selection(
        [
            ("detach", "Forget the link, leave the contact"),
            ("nothing", "Keep the link, leave the contact"),
            ("delete", "Delete the contact in ActiveCampaign"),
        ],
        "When a Partner Is Deleted",
        default="detach",
        required=True,
        tracking=True,
    )

    def _excludes_automations(self, binding):
        """Return whether the contact of a link starts no automation in an import."""
        return self.exclude_automations

    def _tells_archived(self, binding):
        """Return whether ActiveCampaign hears that the record of a link is archived."""
        if binding.object == "product":  # the catalogue hides it
            return bool(binding.remote_id)
        return bool(binding.remote_id) and self.archive_policy != "nothing"

    def _facts(self, synced_object, records):
        """Return `mapping.facts.Facts` of a chunk of records.

        The number of queries does not depend on the number of records.
        """
        self.ensure_one()
        mappings = self.env["ac.field.mapping"]._resolve(self, synced_object)
        return getattr(self, f"_facts_of_{synced_object.name}s")(records, mappings)

    def _facts_of_accounts(self, companies, mappings):
        owners = self._owners(companies.user_id)
        owners.pop(False, None)  # nobody's company keeps the owner it has over there
        return Facts(mappings=mappings, owners=owners)

    def _facts_of_contacts(self, partners, mappings):
        rules = self.env["ac.audience.rule"]._facts_of(self, partners)
        return Facts(
            mappings=mappings,
            tags=self._tags_of(partners, rules),
            lists=self._lists_of(partners, rules),
            automations={id_: rule["automations"] for id_, rule in rules.items()},
            accounts=self._accounts_of(partners),
            leave_links=not self.sync_accounts,
        )

    def _tags_of(self, partners, rules):
        customers = set(partners._ac_customers(self.company_id).ids)
        by_orders = self._order_tags_of(partners)
        teams = self._team_tags_of(partners)
        customer, lead = self.customer_tag, self.lead_tag
        tags_archived = self.archive_policy == "tag"
        clean = cache(text.clean)  # many partners have the same few
        tags = {}
        for partner in partners:
            names = {category.name for category in partner.category_id}
            names.add(customer if partner.id in customers else lead)
            names |= rules[partner.id]["tags"] | by_orders.get(partner.id, set())
            names.add(teams.get(partner.id, ""))
            if tags_archived and not partner.active:
                names.add(ARCHIVED_TAG)
            tags[partner.id] = set(map(clean, names)) - {""}
        return tags

    def _lists_of(self, partners, rules):
        """Return ``{partner id: {AC list id: 1 or 2}}``: consent, rules, archive.

        Who has left an audience or is archived is taken off the lists that the
        connector has put them on, and off no other.
        """
        consent = self.env["ac.consent"]
        wanted = {id_: rule["lists"] for id_, rule in rules.items()}
        told = consent._told(self, partners)
        lists = consent._lists_of(self, partners, wanted, told)
        unsubscribes_archived = self.archive_policy == "unsubscribe"
        for partner in partners:
            mine = lists[partner.id]
            known = told.get(partner.id, {})
            left = rules[partner.id]["left_lists"] & known.keys() - mine.keys()
            if unsubscribes_archived and not partner.active:
                left = known.keys()
            mine.update(dict.fromkeys(left, UNSUBSCRIBED))
        return lists

    def _accounts_of(self, partners):
        """Return ``{partner id: {"id", "name"}}`` of the companies' accounts.

        A company that nobody has marked yet is marked; its people follow when it has
        an account.
        """
        if not self.sync_accounts:
            return {}
        companies = partners.commercial_partner_id.filtered("is_company")
        links = self._links(companies)
        missing = companies - companies.browse(links.mapped("res_id"))
        if missing:
            self._in_scope(missing, OBJECTS["account"])._ac_mark(["account"])
        accounts = self._by_company(companies, links)
        return {
            partner.id: accounts[partner.commercial_partner_id.id]
            for partner in partners
            if partner.commercial_partner_id.id in accounts
        }

    def _links(self, companies):
        domain = [
            ("config_id", "=", self.id),
            ("object", "=", "account"),
            ("res_id", "in", companies.ids),
        ]
        return self.env["ac.binding"].search(domain)

    def _by_company(self, companies, links):
        """Return ``{company id: {"id", "name"}}``; companies of one name share one
        account. The name is the one AC knows, empty while a new one is on its way."""
        mains = self.env["ac.binding"].search(
            [
                ("config_id", "=", self.id),
                ("object", "=", "account"),
                ("identity", "in", links.mapped("identity")),
                ("is_main", "=", True),
                ("remote_id", "!=", False),
            ]
        )
        by_name = {main.identity: main for main in mains}
        names = {c.id: text.clean(c.name, account.NAME_LENGTH) for c in companies}
        accounts = {}
        for link in links:
            main = link if link.remote_id else by_name.get(link.identity)
            if main:
                name = names[link.res_id]
                told = (link.sent or {}).get("identity")
                known = main == link and told == name.lower()
                accounts[link.res_id] = {
                    "id": main.remote_id,
                    "name": name if known else "",
                }
        return accounts
