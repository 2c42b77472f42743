# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..mapping.registry import OBJECTS

CAUSES = [
    ("waiting", "On its way"),
    ("held", "Skipped or given up"),
    ("unsent", "Changed in Odoo, not sent yet"),
    ("unheard", "Changed in ActiveCampaign, not taken in"),
    ("conflict", "Changed on both sides: a conflict waits"),
    ("lost", "Told, but not so there (any more)"),
    ("deleted", "Deleted in ActiveCampaign"),
    ("foreign", "Not made by this database"),
]


class AcAuditLine(models.Model):
    """One difference: what, on which record, why; a person's values are veiled."""

    _name = "ac.audit.line"
    _inherit = "ac.difference.mixin"
    _description = "ActiveCampaign Audit: Difference"
    _order = "id"
    _rec_name = "label"

    run_id = fields.Many2one(
        "ac.audit.run", required=True, readonly=True, ondelete="cascade", index=True
    )
    config_id = fields.Many2one(related="run_id.config_id", store=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    label = fields.Char("What Differs", required=True, readonly=True)
    here = fields.Char("In Odoo", readonly=True)
    there = fields.Char("Value in ActiveCampaign", readonly=True)
    unit = fields.Char("Technical Name", readonly=True)
    sampled = fields.Boolean(
        "Found by Sample", readonly=True, help="Else by counting everything."
    )
    event = fields.Json(readonly=True, groups="ac_odoo_connector.group_operator")
    done = fields.Selection(
        [
            ("inbox", "Taken in"),
            ("outbox", "Told again"),
            ("left", "Left as it is"),
        ],
        "Repair",
        readonly=True,
    )

    @api.model
    def _words(self):
        """Return what the parts of objects are called; custom fields have names."""
        return {
            "record": self.env._("Record"),
            "name": self.env._("Name"),
            "email": self.env._("E-Mail"),
            "phone": self.env._("Phone"),
            "tag": self.env._("Tag"),
            "list": self.env._("List"),
            "accountUrl": self.env._("Website"),
            "owner": self.env._("Owner"),
            "title": self.env._("Title"),
            "value": self.env._("Value"),
            "currency": self.env._("Currency"),
            "contact": self.env._("Contact"),
            "place": self.env._("Stage"),
            "pipeline": self.env._("Pipeline"),
            "status": self.env._("Status"),
            **self._words_of_the_shop(),
        }

    @api.model
    def _words_of_the_shop(self):
        return {
            "orderNumber": self.env._("Order Number"),
            "normalizedStatus": self.env._("Order Status"),
            "storeStatus": self.env._("Status in the Shop"),
            "finalAmount": self.env._("Total"),
            "totalPrice": self.env._("Total"),
            "taxAmount": self.env._("Taxes"),
            "shippingAmount": self.env._("Shipping"),
            "discountsAmount": self.env._("Discounts"),
            "baseProductName": self.env._("Product"),
            "baseProductDescription": self.env._("Description"),
            "baseProductUrl": self.env._("Page"),
            "storeBaseProductId": self.env._("Product ID"),
            "variantSku": self.env._("Internal Reference"),
            "variantName": self.env._("Variant"),
            "variantUrl": self.env._("Page of the Variant"),
            "variantPriceAmount": self.env._("Price"),
            "variantPriceCurrency": self.env._("Currency"),
            "categories": self.env._("Categories"),
            "tags": self.env._("Tags"),
            "upc": self.env._("Barcode"),
            "stockStatus": self.env._("Stock"),
            "isVisible": self.env._("Visible"),
            "isDeleted": self.env._("Deleted"),
        }

    @api.model
    def _values(self, found):
        """Return the values of an `engine.audit_step.Found`."""
        return {
            "object": found.object,
            "remote_id": found.remote_id,
            "res_model": OBJECTS[found.object].model,
            "res_id": found.res_id,
            "cause": found.cause,
            "label": self._words().get(found.label, found.label),
            "unit": found.unit,
            "sampled": found.sampled,
            "here": found.here,
            "there": found.there,
            "event": found.event,
        }


class AcAuditCheck(models.Model):
    """One number of both sides: how many contacts carry a tag, what a pipeline's open
    deals are worth."""

    _name = "ac.audit.check"
    _description = "ActiveCampaign Audit: Number"
    _order = "run_id desc, id"
    _rec_name = "label"

    run_id = fields.Many2one(
        "ac.audit.run", required=True, readonly=True, ondelete="cascade", index=True
    )
    config_id = fields.Many2one(related="run_id.config_id", store=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    started_at = fields.Datetime(related="run_id.started_at", store=True)
    object = fields.Selection(
        [(row.name, row.label) for row in OBJECTS.values()],
        required=True,
        readonly=True,
    )
    label = fields.Char("Of What", required=True, readonly=True)
    measure = fields.Selection(
        [("count", "Number"), ("value", "Value")], required=True, readonly=True
    )
    currency = fields.Char(readonly=True)
    here = fields.Float("In Odoo", readonly=True, digits=(16, 2), aggregator="avg")
    there = fields.Float(
        "In ActiveCampaign", readonly=True, digits=(16, 2), aggregator="avg"
    )
    difference = fields.Float(readonly=True, digits=(16, 2), aggregator="avg")
    state = fields.Selection(
        [("equal", "Equal"), ("different", "Different"), ("info", "Not Odoo's")],
        "Result",
        required=True,
        readonly=True,
    )

    @api.model
    def _words(self):
        return {
            "orders": self.env._("Orders and Carts"),
            "products": self.env._("Catalogue"),
        }

    @api.model
    def _values(self, check):
        """Return the values of an `engine.audit_step.Check`."""
        difference = round(check.there - check.here, 2)
        state = "different" if difference else "equal"
        return {
            "object": check.object,
            "label": self._words().get(check.label, check.label),
            "measure": check.measure,
            "currency": check.currency,
            "here": check.here,
            "there": check.there,
            "difference": difference,
            "state": "info" if check.info else state,
        }


class AcAuditSeen(models.Model):
    """What one phase of an audit under way has seen so far, of either side."""

    _name = "ac.audit.seen"
    _description = "ActiveCampaign Audit: Seen"
    _log_access = False

    run_id = fields.Many2one("ac.audit.run", required=True, ondelete="cascade")
    kind = fields.Char(required=True)
    remote_id = fields.Char(required=True)
    data = fields.Json()

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_audit_seen_object "
            "ON ac_audit_seen (run_id, kind, remote_id)"
        )
