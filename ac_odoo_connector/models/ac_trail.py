# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.transaction import transaction


class AcTrail(models.Model):
    """Who did what to an account, and when: written once, changed by nobody.

    An entry names its account, record and user in words, too, so that it still tells
    something when they are gone.
    """

    _name = "ac.trail"
    _description = "ActiveCampaign Audit Trail"
    _order = "id desc"
    _rec_name = "record_name"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    user_name = fields.Char("Who", readonly=True)
    config_id = fields.Many2one(
        "ac.odoo.config", "Account", readonly=True, ondelete="set null", index=True
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="set null")
    action = fields.Selection(
        [
            ("changed", "Changed"),
            ("created", "Created"),
            ("deleted", "Deleted"),
            ("tested", "Connection Tested"),
            ("test_failed", "Connection Test Failed"),
            ("confirmed", "Connected"),
            ("rotated", "Secret Replaced"),
            ("shown", "Secret Shown"),
            ("production", "Declared Production"),
            ("exported", "Data Exported"),
            ("erased", "Person Erased"),
            ("readmitted", "Erased Person Readmitted"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    record_model = fields.Char("Kind of Record", readonly=True)
    record_name = fields.Char("Setting Of", readonly=True)
    field_name = fields.Char("Technical Name", readonly=True)
    field_label = fields.Char("Setting", readonly=True)
    before = fields.Char("Old Value", readonly=True)
    after = fields.Char("New Value", readonly=True)
    note = fields.Char(readonly=True)

    def init(self):
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS ac_trail_recent "
            "ON ac_trail (config_id, action, date)"
        )

    def write(self, vals):
        """:raise UserError: always: a trail that can be changed proves nothing"""
        self.check_access("write")
        if self:
            raise UserError(self.env._("The audit trail cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """:raise UserError: always; what is old goes by the account's retention"""
        raise UserError(self.env._("The audit trail cannot be deleted."))

    @api.model
    def _note(self, records, action, **values):
        """Write down one entry per record, in the caller's transaction.

        :param records: accounts, or records of a model with ``config_id``
        :param action: a key of `action`
        :param values: ``note``, ``field_name``, ``before``, ``after`` …; ``user_id`` if
            somebody else than the environment's user did it
        """
        if not self.env.registry.ready:  # an installation: no person has made these
            return
        self.sudo().create(
            [{**self._about(record), "action": action, **values} for record in records]
        )

    @api.model
    def _note_apart(self, record, action, **values):
        """Write an entry down although the caller's transaction is about to fail."""
        with transaction(self.env) as env:
            there = record.with_env(env).exists()
            env["ac.trail"]._note(there, action, **self._doer(self.env.user), **values)

    @api.model
    def _about(self, record):
        is_account = record._name == "ac.odoo.config"
        config = record if is_account else record.sudo()._ac_trail_account()
        return {
            **self._doer(self.env.user),
            "config_id": config.id,
            "company_id": config.company_id.id,
            "record_model": self._kind(record),
            "record_name": record.sudo().display_name,
        }

    @api.model
    def _kind(self, model):
        return self.env["ir.model"].sudo()._get(model._name).name

    @api.model
    def _doer(self, user):
        return {"user_id": user.id, "user_name": user.sudo().display_name}

    @api.model
    def _note_count(self, action, model, count, config=None, **values):
        """Write down what somebody has done with so many records; not with which."""
        records = config if config is not None else self.env["ac.odoo.config"]
        about = self._about(records) if records else self._doer(self.env.user)
        self.sudo().create(
            {
                "company_id": self.env.company.id,
                **about,
                "action": action,
                "record_model": self._kind(model),
                "note": self.env._("%s record(s)", count),
                **values,
            }
        )
