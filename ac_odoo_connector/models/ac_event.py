# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models


class AcEvent(models.Model):
    """One thing that ActiveCampaign told us; the inbox."""

    _name = "ac.event"
    _description = "ActiveCampaign Event"
    _order = "id desc"
    _rec_name = "type"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    type = fields.Char(required=True, readonly=True)
    remote_contact_id = fields.Char("Contact in ActiveCampaign", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    occurred_at = fields.Datetime(readonly=True, help="By ActiveCampaign's clock.")
    create_date = fields.Datetime("Received", readonly=True)
    payload = fields.Json(readonly=True, groups="ac_odoo_connector.group_operator")
    payload_text = fields.Text(
        "Content",
        compute="_compute_payload_text",
        groups="ac_odoo_connector.group_operator",
    )
    key = fields.Char(readonly=True, help="Two deliveries of one event have one key.")
    state = fields.Selection(
        [
            ("new", "New"),
            ("applying", "Being Applied"),
            ("done", "Applied"),
            ("ignored", "Nothing To Do"),
            ("failed", "Failed"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    claimed_until = fields.Datetime(readonly=True)
    tries = fields.Integer(readonly=True)
    message = fields.Char(readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS ac_event_key
                ON ac_event (config_id, key);
            CREATE INDEX IF NOT EXISTS ac_event_due
                ON ac_event (config_id, id) WHERE state IN ('new', 'applying');
            CREATE INDEX IF NOT EXISTS ac_event_of_partner
                ON ac_event (partner_id, id) WHERE partner_id IS NOT NULL;
            """
        )

    @api.depends("payload")
    def _compute_payload_text(self):
        for event in self:
            event.payload_text = json.dumps(
                event.payload or {}, indent=2, ensure_ascii=False
            )

    def _value(self, *path):
        """Return the text at a path of the payload, ``""`` when it is not there."""
        node = self.payload
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        return node if isinstance(node, str) else ""

    def _binding(self):
        """Return the link of the contact that the event is about."""
        self.ensure_one()
        return self.env["ac.binding"].search(
            [
                ("config_id", "=", self.config_id.id),
                ("object", "=", "contact"),
                ("remote_id", "=", self.remote_contact_id),
                ("remote_id", "!=", False),
            ],
            limit=1,
        )

    def _deal_binding(self):
        """Return the link of the deal that the event is about."""
        self.ensure_one()
        return self.env["ac.binding"].search(
            [
                ("config_id", "=", self.config_id.id),
                ("object", "=", "deal"),
                ("remote_id", "=", self._value("deal", "id")),
                ("remote_id", "!=", False),
            ],
            limit=1,
        )

    def _partner(self):
        """Return the partner that the event is about, empty when there is none."""
        return self.env["res.partner"].browse(self._binding().res_id).exists()

    def action_replay(self):
        """Apply the events once more."""
        self.config_id._check_operator()
        self.sudo().write({"state": "new", "tries": 0})
        for config in self.config_id:
            config._enqueue("inbox")
        return True
