# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.engagement import CHART_DAYS

SHOWN = ("level", "last_at", "last_campaign", "open_count", "click_count")


class ResPartner(models.Model):
    """How warm a person is; read from `ac.engagement`, for a page of partners at once."""

    _inherit = "res.partner"

    ac_engagement_ids = fields.One2many(
        "ac.engagement",
        "partner_id",
        string="ActiveCampaign Engagement",
        groups="ac_odoo_connector.group_user",
    )
    ac_level = fields.Selection(
        selection="_selection_ac_level",
        string="Engagement",
        compute="_compute_ac_engagement",
        search="_search_ac_level",
        groups="ac_odoo_connector.group_user",
    )
    ac_last_at = fields.Datetime(
        "Last Engaged",
        compute="_compute_ac_engagement",
        groups="ac_odoo_connector.group_user",
    )
    ac_last_campaign = fields.Char(
        "Last Campaign",
        compute="_compute_ac_engagement",
        groups="ac_odoo_connector.group_user",
    )
    ac_open_count = fields.Integer(
        "Opens",
        compute="_compute_ac_engagement",
        groups="ac_odoo_connector.group_user",
    )
    ac_click_count = fields.Integer(
        "Clicks",
        compute="_compute_ac_engagement",
        groups="ac_odoo_connector.group_user",
    )
    ac_event_count = fields.Integer(
        "ActiveCampaign Events",
        compute="_compute_ac_event_count",
        groups="ac_odoo_connector.group_user",
    )
    ac_engagement_chart = fields.Json(
        "Engagement of 90 Days",
        compute="_compute_ac_engagement_chart",
        groups="ac_odoo_connector.group_user",
    )

    @api.model
    def _selection_ac_level(self):
        levels = self.env["ac.engagement"]._fields["level"]
        return levels._description_selection(self.env)

    @api.depends(*(f"ac_engagement_ids.{name}" for name in SHOWN))
    def _compute_ac_engagement(self):
        self.ac_engagement_ids.fetch(SHOWN)
        for partner in self:
            engagement = partner.ac_engagement_ids[:1]
            for name in SHOWN:
                partner[f"ac_{name}"] = engagement[name]

    def _compute_ac_event_count(self):
        counts = dict(
            self.env["ac.event"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.ac_event_count = counts.get(partner._origin, 0)

    def _compute_ac_engagement_chart(self):
        """What the widget `ac_engagement` shows: figures, and days with a sign of life."""
        end = fields.Date.today()
        days = self._ac_days(end)
        self.ac_engagement_ids.fetch(self.ac_engagement_ids._glanced())
        for partner in self:
            engagement = partner.ac_engagement_ids[:1]
            rows = days.get(partner._origin, ())
            partner.ac_engagement_chart = {
                **engagement._glance(),
                "end": fields.Date.to_string(end),
                "length": CHART_DAYS,
                "days": [[(end - r.day).days, r.opens, r.clicks] for r in rows],
            }

    def _ac_days(self, end):
        """Return ``{partner: days}`` of the chart that ends on a day."""
        start = end - timedelta(days=CHART_DAYS - 1)
        days = self.env["ac.engagement.day"].search_fetch(
            [("partner_id", "in", self.ids), ("day", ">=", start), ("day", "<=", end)],
            ["partner_id", "day", "opens", "clicks"],
            order="day",
        )
        return days.grouped("partner_id")

    @api.model
    def _search_ac_level(self, operator, value):
        """Find by level; False: those of whom nothing is known."""
        values = {value} if isinstance(value, str) or not value else set(value)
        negative = operator in ("!=", "not in")
        if False in values:
            levels = {code for code, _label in self._selection_ac_level()}
            values, negative = levels - values, not negative
        some = "not any" if negative else "any"
        return [("ac_engagement_ids", some, [("level", "in", list(values))])]

    def _field_to_sql(self, alias, fname, *args, **kwargs):
        """Let lists be grouped and sorted by what is not stored with the partner."""
        if fname not in [f"ac_{name}" for name in SHOWN]:
            return super()._field_to_sql(alias, fname, *args, **kwargs)
        known = self.env["ac.engagement"]._search([])
        known.add_where(
            SQL("ac_engagement.partner_id = %s", SQL.identifier(alias, "id"))
        )
        column = SQL.identifier("ac_engagement", fname.removeprefix("ac_"))
        return known.subselect(column)

    def action_ac_events(self):
        """Open what ActiveCampaign has told of a person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_event"
        )
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}
