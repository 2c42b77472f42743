# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcWebhookArrival(models.Model):
    """When each kind of event that an account asks for has arrived last."""

    _name = "ac.webhook.arrival"
    _description = "ActiveCampaign Webhook Arrival"
    _auto = False
    _order = "last_at desc nulls last, type"
    _rec_name = "type"

    config_id = fields.Many2one("ac.odoo.config", string="Account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    type = fields.Char("Event", readonly=True)
    last_at = fields.Datetime("Last Arrival", readonly=True)
    state = fields.Selection(
        [("recent", "Arriving"), ("old", "Quiet"), ("never", "Never Arrived")],
        readonly=True,
    )

    def init(self):
        """The index makes each row one look-up, however many events there are."""
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS ac_event_type ON ac_event (config_id, type, id);
            CREATE INDEX IF NOT EXISTS ac_event_contact
                ON ac_event (config_id, remote_contact_id, type);
            DROP VIEW IF EXISTS ac_webhook_arrival;
            CREATE VIEW ac_webhook_arrival AS
            SELECT c.id * 1000 + asked.place AS id, c.id AS config_id, c.company_id,
                asked.type, last.at AS last_at,
                CASE WHEN last.at IS NULL THEN 'never'
                    WHEN last.at > now() AT TIME ZONE 'UTC' - INTERVAL '7 days'
                    THEN 'recent' ELSE 'old' END AS state
            FROM ac_odoo_config c
            CROSS JOIN LATERAL unnest(string_to_array(c.ac_webhook_events, ','))
                WITH ORDINALITY AS asked(type, place)
            CROSS JOIN LATERAL (
                SELECT (SELECT e.create_date FROM ac_event e
                    WHERE e.config_id = c.id AND e.type = asked.type
                    ORDER BY e.id DESC LIMIT 1) AS at) last;
            """
        )
