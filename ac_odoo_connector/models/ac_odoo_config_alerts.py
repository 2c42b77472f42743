# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

THRESHOLDS = ("alert_failures", "alert_backlog_minutes", "alert_backlog_records")
DAY = 24  # hours


class AcOdooConfig(models.Model):
    """Who is told when something is wrong, and from when on it is."""

    _inherit = "ac.odoo.config"

    alert_user_ids = fields.Many2many(
        "res.users",
        "ac_odoo_config_alert_user",
        string="Who Is Told",
        default=lambda self: self._default_alert_users(),
        copy=False,
        help="Internal users with an e-mail address and a role in ActiveCampaign.",
    )
    alert_by_mail = fields.Boolean("By E-Mail", default=True)
    alert_by_activity = fields.Boolean("By Activity", default=True)
    alert_failures = fields.Integer(
        "Failures Within an Hour",
        default=20,
        required=True,
        tracking=True,
        help="So many records or events that fail are an alert.",
    )
    alert_backlog_minutes = fields.Integer(
        "Minutes of Waiting",
        default=60,
        required=True,
        tracking=True,
        help="A record or event that waits for so long is an alert.",
    )
    alert_backlog_records = fields.Integer(
        "Records in a Growing Backlog",
        default=1000,
        required=True,
        tracking=True,
        help="So many that wait, and more and more within an hour, are an alert.",
    )
    alert_quiet_from = fields.Float(
        "Quiet From",
        help="Between these hours nobody is told; what is not over by then is told "
        "afterwards. The same hour twice: no quiet hours.",
    )
    alert_quiet_until = fields.Float("Quiet Until")
    alert_tz = fields.Selection(
        _tz_get,
        "Time Zone of Quiet Hours",
        default=lambda self: self.env.user.tz or "UTC",
        required=True,
    )
    alert_ids = fields.One2many("ac.alert", "config_id", readonly=True)
    open_alert_count = fields.Integer(
        "Open Alerts", compute="_compute_open_alert_count"
    )

    @api.model
    def _default_alert_users(self):
        """Whoever makes an account hears of it, if that is a person with an e-mail."""
        user = self.env.user
        return user.filtered(lambda u: u.active and not self._alert_user_problem(u))

    @api.depends("alert_ids.state")
    def _compute_open_alert_count(self):
        counts = dict(
            self.env["ac.alert"]._read_group(
                [("config_id", "in", self.ids), ("state", "=", "open")],
                ["config_id"],
                ["__count"],
            )
        )
        for config in self:
            config.open_alert_count = counts.get(config, 0)

    @api.constrains(*THRESHOLDS)
    def _check_alert_thresholds(self):
        """:raise ValidationError: a threshold that everything or nothing exceeds"""
        for config in self:
            for name in THRESHOLDS:
                if config[name] < 1:
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._("“%s” has to be 1 or more.", label)
                    )

    @api.constrains("alert_quiet_from", "alert_quiet_until")
    def _check_alert_quiet_hours(self):
        for config in self:
            hours = (config.alert_quiet_from, config.alert_quiet_until)
            if not all(0 <= hour < DAY for hour in hours):
                raise ValidationError(
                    self.env._("Quiet hours are times of the day: 00:00 to 23:59.")
                )

    @api.constrains("alert_user_ids", "company_id")
    def _check_alert_users(self):
        """:raise ValidationError: somebody could not read what they are told of"""
        # whoever gives an account away may not read it any more: that is said elsewhere
        for config in self.sudo():
            for user in config.alert_user_ids.filtered("active"):
                if problem := config._alert_user_problem(user):
                    raise ValidationError(
                        self.env._(
                            "%(name)s cannot be told of alerts: %(problem)s.",
                            name=user.name,
                            problem=problem,
                        )
                    )

    def _alert_user_problem(self, user):
        """Return why a user cannot be told, None when nothing speaks against it."""
        if not user.has_group("ac_odoo_connector.group_user"):
            return self.env._("this takes the role “User” of ActiveCampaign")
        if self.company_id and self.company_id not in user.company_ids:
            return self.env._("the account belongs to another company")
        if not user.email:
            return self.env._("there is no e-mail address")
        return None

    def _alert_readers(self):
        """Return whom to tell: who has left, or lost their role, hears nothing."""
        users = self.alert_user_ids.filtered("active")
        return users.filtered(lambda user: not self._alert_user_problem(user))

    def action_check_alerts(self):
        """Look now whether something is wrong; show the open alerts."""
        self.ensure_one()
        self._check_operator()
        self.env["ac.alert"].sudo()._check(self.sudo())
        return self.action_view_alerts()

    def action_view_alerts(self):
        """Open the alerts of this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_alert"
        )
        context = {"search_default_open": 1}
        return {**action, "domain": [("config_id", "=", self.id)], "context": context}
