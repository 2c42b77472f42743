# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL, Query

URGENCY = ["dead", "failed", "sending", "sent", "pending", "skipped", "synced"]
QUIET = [
    "no_email",
    "not_in_ac",
    "deleted",
    "archived",
    "other_company",
    "out_of_scope",
    "no_stage",
    "not_confirmed",
]
"""Reasons to skip that are nobody's mistake: a company that is in step as an account
is in step, though it has no e-mail to be a contact with."""


class AcSyncScreen(models.AbstractModel):
    """The state of a record over all its links: shown, searched and grouped by.

    It is not stored: the engine would have to write to records that users edit.
    """

    _name = "ac.sync.screen"
    _description = "Shows Its State in ActiveCampaign"

    ac_sync_state = fields.Selection(
        selection="_selection_ac_sync_state",
        string="ActiveCampaign",
        compute="_compute_ac_sync_state",
        search="_search_ac_sync_state",
        groups="ac_odoo_connector.group_user",
        help="The most urgent state over all ActiveCampaign accounts.",
    )
    ac_sync_message = fields.Char(
        string="ActiveCampaign Message",
        compute="_compute_ac_sync_state",
        groups="ac_odoo_connector.group_user",
    )
    ac_synced_at = fields.Datetime(
        string="Last Sync with ActiveCampaign",
        compute="_compute_ac_sync_state",
        groups="ac_odoo_connector.group_user",
    )
    ac_unlinked = fields.Char(
        string="Not Linked With",
        compute="_compute_ac_unlinked",
        groups="ac_odoo_connector.group_user",
        help="Connected accounts that do not know the record.",
    )

    @api.model
    def _selection_ac_sync_state(self):
        return self.env["ac.binding"]._fields["state"]._description_selection(self.env)

    @api.depends(
        "ac_binding_ids.state",
        "ac_binding_ids.skip_reason",
        "ac_binding_ids.message",
        "ac_binding_ids.synced_at",
    )
    def _compute_ac_sync_state(self):
        # one query for the page: some series lose the prefetch in sorted()
        self.ac_binding_ids.fetch(["state", "skip_reason", "message", "synced_at"])
        for record in self:
            worst = record.ac_binding_ids.sorted(_urgency)[:1]
            moments = record.ac_binding_ids.mapped("synced_at")
            record.ac_sync_state = worst.state
            record.ac_sync_message = worst._explanation() if worst else False
            record.ac_synced_at = max((m for m in moments if m), default=False)

    @api.depends("ac_binding_ids.config_id")
    def _compute_ac_unlinked(self):
        accounts = self.env["ac.odoo.config"].search([("state", "=", "confirmed")])
        accounts = accounts.filtered(lambda a: a._synchronises(self))
        for record in self:
            own = (record.company_id, record.company_id.browse())
            missing = accounts - record.ac_binding_ids.config_id
            if record.company_id:
                missing = missing.filtered(lambda a, o=own: a.company_id in o)
            record.ac_unlinked = ", ".join(missing.mapped("name"))

    @api.model
    def _search_ac_sync_state(self, operator, value):
        """Find by the most urgent state; False: those without any link.

        Odoo 18 passes "=" and "in", Odoo 19 only "in".
        """
        values = {value} if isinstance(value, str) or not value else set(value)
        negative = operator in ("!=", "not in")
        if False in values:  # without a link: not in any of the other states
            values, negative = set(URGENCY) - values, not negative
        links = self._ac_links()
        links.order = SQL("ac_binding.res_id, %s", RANK)
        worst = links.select(
            "DISTINCT ON (ac_binding.res_id) ac_binding.res_id AS id",
            "ac_binding.state",
        )
        found = Query(self.env, "ac_worst", SQL("(%s)", worst))
        found.add_where(SQL("state = ANY(%s)", list(values)))
        return [("id", "not in" if negative else "in", found)]

    def _field_to_sql(self, alias, fname, *args, **kwargs):
        """Let lists be grouped and sorted by the state, though it is not stored."""
        if fname != "ac_sync_state":
            return super()._field_to_sql(alias, fname, *args, **kwargs)
        links = self._ac_links()
        links.add_where(SQL("ac_binding.res_id = %s", SQL.identifier(alias, "id")))
        links.order = RANK
        links.limit = 1
        return links.subselect("ac_binding.state")

    @api.model
    def _ac_links(self):
        """Return the query of all links of the model's records that the user may see."""
        bindings = self.env["ac.binding"]
        bindings.flush_model(["res_model", "res_id", "state", "skip_reason"])
        return bindings._search([("res_model", "=", self._name)])

    def action_ac_links(self):
        """Open the record's links, or the only one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_binding"
        )
        links = self.ac_binding_ids
        action.update(domain=[("id", "in", links.ids)], context={})
        if len(links) == 1:
            action.update(views=[(False, "form")], res_id=links.id)
        return action


RANK = SQL(
    """CASE WHEN ac_binding.state = 'skipped' AND ac_binding.skip_reason = ANY(%s)
    THEN %s ELSE array_position(%s, ac_binding.state::text) END""",
    QUIET,
    len(URGENCY) + 1,
    URGENCY,
)


def _urgency(binding):
    """Return what `RANK` does, of one link."""
    if binding.state == "skipped" and binding.skip_reason in QUIET:
        return len(URGENCY)
    return URGENCY.index(binding.state)
