# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AcOdooConfig(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.odoo.config"

    list_ids = fields.Many2many(
        "ac.metadata",
        "ac_odoo_config_list_rel",
        string="Lists",
        domain="[('kind', '=', 'list'), ('config_id', '=', id)]",
        copy=False,
        help="Everybody in scope who has consented is subscribed to these lists. "
        "Further lists come from a partner's tags and from audience rules.",
    )
    consent_mode = fields.Selection(
        [
            ("consent", "Subscribe people who have consented"),
            ("no_list", "Put nobody on a list"),
            ("existing", "Only contacts that ActiveCampaign already has"),
        ],
        default="consent",
        required=True,
        tracking=True,
        help="Nobody is ever subscribed without a recorded consent, whichever you "
        "choose. Withdrawals are always passed on.",
    )
    consent_text = fields.Text(
        translate=True,
        help="The words beside the checkbox in the portal and on the sign-up page. "
        "Empty: there is no checkbox.",
    )
    mailing_link_ids = fields.One2many(
        "ac.mailing.link", "config_id", string="Odoo Mailing Lists"
    )
    has_mailing_lists = fields.Boolean(compute="_compute_has_mailing_lists")

    def _compute_has_mailing_lists(self):
        self.has_mailing_lists = "mailing.subscription" in self.env

    @api.constrains("list_ids")
    def _check_list_ids(self):
        """:raise ValidationError: a list of another account"""
        for config in self:
            foreign = config.list_ids.filtered(lambda e, c=config: e.config_id != c)
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%(list)s” is no list of %(account)s: choose one of its own.",
                        list=foreign[0].name,
                        account=config.name,
                    )
                )

    def _lists_now(self, partners):
        """Return what ActiveCampaign is to be told of lists; see `_lists_of`."""
        rules = self.env["ac.audience.rule"]._facts_of(self, partners)
        return self._lists_of(partners, rules)

    def action_preview_lists(self):
        """Show who would be subscribed and unsubscribed; nothing is sent."""
        self.ensure_one()
        self._check_operator()
        preview = self.env["ac.list.preview"].create({"config_id": self.id})
        preview._compare()
        return preview._show()

    @api.model
    def _cron_batch(self):
        """Take over what people said in Odoo's mailing lists, then look for changes."""
        self._confirmed().mailing_link_ids._take_over()
        return super()._cron_batch()

    @api.model
    def _asking(self, company):
        """Return the account whose consent text a visitor of a company is shown."""
        configs = self.sudo().search(
            [
                ("state", "=", "confirmed"),
                ("company_id", "in", (False, company.id)),
            ]
        )
        return configs.filtered("consent_text")[:1]
