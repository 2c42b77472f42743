# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import marks
from ..engine.wake import wake_after_commit
from ..mapping.registry import OBJECTS

DELETION = [
    ("detach", "Forget the link, leave it there"),
    ("nothing", "Keep the link, leave it there"),
    ("delete", "Delete it in ActiveCampaign"),
]


class AcOdooConfig(models.Model):
    """What of orders and products shall be over there; queries per chunk."""

    _inherit = "ac.odoo.config"

    sync_deals = fields.Boolean(
        "Orders as Deals",
        tracking=True,
        help="Every quotation and order becomes a deal in a pipeline.",
    )
    sync_orders = fields.Boolean(
        "Orders as E-Commerce Orders",
        tracking=True,
        help="Confirmed orders with their lines, for segments and automations.",
    )
    sync_products = fields.Boolean(
        "Products as Catalogue",
        tracking=True,
        help="Every variant becomes a product of the connected shop.",
    )
    order_domain = fields.Char(
        "Which Orders", default="[]", required=True, tracking=True
    )
    product_domain = fields.Char(
        "Which Products",
        default='[("sale_ok", "=", True)]',
        required=True,
        tracking=True,
    )
    order_delete_policy = fields.Selection(
        DELETION,
        "When an Order Is Deleted",
        default="detach",
        required=True,
        tracking=True,
    )
    product_delete_policy = fields.Selection(
        DELETION,
        "When a Product Is Deleted",
        default="delete",
        required=True,
        tracking=True,
    )
    contact_fallback = fields.Selection(
        [
            ("skip", "Skip the order"),
            ("company", "Use its company's contact"),
        ],
        "Order of a Partner without E-Mail",
        default="company",
        required=True,
        tracking=True,
    )

    orders_since = fields.Datetime(
        compute="_compute_orders_since",
        store=True,
        copy=False,
        help="What was ordered before is history, whoever saves it now.",
    )

    @api.depends("sync_orders")
    def _compute_orders_since(self):
        for config in self:
            since = config.orders_since or fields.Datetime.now()
            config.orders_since = config.sync_orders and since

    def _is_past(self, record):
        """Return whether an order was made before the account took any."""
        if record._name != "sale.order" or not self.orders_since:
            return False
        return record.date_order < self.orders_since

    def _has_orders(self):
        return self.sync_deals or self.sync_orders

    def _contacts_of(self, partners):
        """Return ``({partner id: AC contact id}, ids of partners that go first)``.

        Of several partners with one e-mail the main one speaks for all. Who has no link
        yet is marked. By the account's policy a partner who cannot be a contact is
        represented by the company's.
        """
        companies = partners.browse()
        if self.contact_fallback == "company":
            companies = partners.commercial_partner_id
        everybody = partners | companies
        links = self.env["ac.binding"].search(
            [
                ("config_id", "=", self.id),
                ("object", "=", "contact"),
                ("res_id", "in", everybody.ids),
            ]
        )
        known = self._remote_ids(links)
        missing = everybody.filtered("email") - everybody.browse(links.mapped("res_id"))
        new = missing and self._in_scope(missing, OBJECTS["contact"])
        self._send_first(new)
        waiting = {*new.ids, *links.filtered(_is_coming).mapped("res_id")}
        return self._represented(partners, companies, known, waiting)

    def _send_first(self, partners):
        """Mark people whose orders wait for them: with the run that brings these, so
        that a run which starts no automation starts none for them either."""
        run = self.env["ac.sync.run"].browse(self.env.context.get("ac_run"))
        if not run or not partners:
            partners._ac_mark(["contact"])
            return
        query = partners._search([("id", "in", partners.ids)])
        run.total += marks.mark_query(self, OBJECTS["contact"], query, run)
        wake_after_commit(self.env, self.ids, "run")

    def _own_contacts(self, partners):
        """Return the ids of partners with a contact of their own e-mail."""
        links = self.env["ac.binding"].search(
            [
                ("config_id", "=", self.id),
                ("object", "=", "contact"),
                ("res_id", "in", partners.ids),
            ]
        )
        return self._remote_ids(links).keys()

    def _emails_of(self, contact_ids):
        """Return ``({partner id: e-mail}, ids of contacts about to get another one)``.

        ActiveCampaign makes a second contact of an order whose e-mail it does not know:
        what it knows the contact by counts, not what the partner has by now. A change
        whose answer was lost may have happened; only one that it refuses never does.
        """
        links = self.env["ac.binding"].search(
            [
                ("config_id", "=", self.id),
                ("object", "=", "contact"),
                ("remote_id", "in", list(contact_ids)),
            ]
        )
        emails = {link.res_id: (link.sent or {}).get("identity") for link in links}
        people = self.env["res.partner"].browse(emails).exists()
        changed = people.filtered(lambda p: p.email_normalized != emails[p.id])
        due = links.filtered(lambda b: _is_due(b) or _is_tried_again(b))
        renamed = due.filtered(lambda b: b.res_id in changed.ids)
        return emails, frozenset(renamed.mapped("remote_id"))

    def _represented(self, partners, companies, known, waiting):
        contacts, held_up = {}, set()
        for partner in partners:
            for each in (partner, partner.commercial_partner_id & companies):
                if each.id in known:
                    contacts[partner.id] = known[each.id]
                elif each.id in waiting:
                    held_up.add(partner.id)
                else:
                    continue
                break
        return contacts, frozenset(held_up)

    def _remote_ids(self, links):
        """Return ``{record id: AC id}``, of the main record where that speaks for it."""
        mains = self.env["ac.binding"].search(
            [
                ("config_id", "=", self.id),
                ("object", "=", "contact"),
                ("identity", "in", [i for i in links.mapped("identity") if i]),
                ("is_main", "=", True),
                ("remote_id", "!=", False),
            ]
        )
        by_identity = {main.identity: main.remote_id for main in mains}
        ids = {
            link.res_id: link.remote_id or by_identity.get(link.identity)
            for link in links
        }
        return {id_: remote_id for id_, remote_id in ids.items() if remote_id}


def _is_coming(link):
    """Whether a link without an AC id is about to get one."""
    return not link.remote_id and _is_due(link)


def _is_due(link):
    return link.state in ("pending", "sending", "sent")


def _is_tried_again(link):
    return link.state == "failed" and link.skip_reason != "conflict"
