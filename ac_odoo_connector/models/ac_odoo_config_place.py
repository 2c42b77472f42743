# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import place, vault

_logger = logging.getLogger(__name__)

MODULE = "ac_odoo_connector"


class AcOdooConfig(models.Model):
    """Where the account was connected, and what becomes of it in a copy.

    Changes are still marked and events still stored where nobody knows: if this is
    production after all, nothing is lost.
    """

    _inherit = "ac.odoo.config"

    is_copy = fields.Boolean(
        "Declared a Copy",
        readonly=True,
        copy=False,
        tracking=True,
        help="A manager has said that this database is a copy: nothing leaves it.",
    )
    database_place = fields.Char("Place of the Database", readonly=True, copy=False)
    known_addresses = fields.Text(
        "Addresses of Production",
        readonly=True,
        copy=False,
        tracking=True,
        help="Where people have reached this database when a manager has said that it "
        "is production. Another address may be a restored copy.",
    )
    place_doubt = fields.Selection(
        [
            (place.COPY, "Copy"),
            (place.NEUTRALIZED, "Neutralized"),
            (place.DATABASE, "Another Database"),
            (place.ADDRESS, "Another Address"),
        ],
        "Stopped As",
        compute="_compute_place_doubt",
    )
    place_problem = fields.Char("Why It Is Stopped", compute="_compute_place_doubt")

    @api.depends(
        "state", "is_copy", "known_addresses", "database_uuid", "database_place"
    )
    def _compute_place_doubt(self):
        words = self._words_of_doubt()
        for config in self:
            config.place_doubt = place.doubt(config) or False
            config.place_problem = words.get(config.place_doubt, False)

    @api.model
    def _words_of_doubt(self):
        return {
            place.COPY: self.env._(
                "This database is a copy. Nothing is sent or taken in, and the webhook "
                "in ActiveCampaign stays as it is."
            ),
            place.NEUTRALIZED: self.env._(
                "This database was neutralized, so it seems to be a copy. Nothing is "
                "sent or taken in until you say what it is."
            ),
            place.DATABASE: self.env._(
                "This is another database than the one where the account was connected, "
                "perhaps a copy. Nothing is sent or taken in until you say what it is."
            ),
            place.ADDRESS: self.env._(
                "This database is reached at “%s”, and the account was connected at "
                "another address: this may be a restored copy. Nothing is sent or taken "
                "in until you say what it is.",
                place.address(self.env),
            ),
        }

    def _is_stopped(self):
        """Whether nothing may go out, because this is a copy or may be one."""
        self.ensure_one()
        return bool(place.doubt(self))

    @api.model
    def get_place_banner(self):
        """Return why accounts are stopped, for the top of every page; ``""`` if none is.

        People who cannot set anything in motion are not bothered with it.
        """
        if not self.env.user.has_group(f"{MODULE}.group_operator"):
            return ""
        doubts = {config.place_doubt for config in self.search([])} - {False}
        if not doubts:
            return ""
        if doubts == {place.COPY}:
            return self.env._(
                "ActiveCampaign: this database is a copy, nothing is sent."
            )
        return self.env._(
            "ActiveCampaign is stopped: this database may be a copy. Open the account "
            "and say what it is."
        )

    # What stops --------------------------------------------------------------------

    @api.model
    def _confirmed(self):
        return super()._confirmed().filtered(lambda config: not config._is_stopped())

    @api.model
    def _all_stopped(self):
        """Whether all accounts are stopped: scheduled actions that belong to none of
        them rest, too, so that a copy stays as it was copied."""
        configs = self.sudo().search([("active", "=", True)])
        return bool(configs) and all(config._is_stopped() for config in configs)

    def _enqueue(self, job, eta=None):
        """Set nothing in motion that would only find out that it may not run."""
        if self._is_stopped():
            return None
        return super()._enqueue(job, eta=eta)

    def _job_inbox(self):
        """Leave the events where they are: to apply one may need a request, and what it
        writes may be sent by the copy's other systems."""
        return None if self._is_stopped() else super()._job_inbox()

    def _report(self, error, job=None):
        """A job that was copied with its database is no problem of the account."""
        if isinstance(error, place.NotConfirmed):
            _logger.info("Account %s is silent: %s", self.id, error.text)
            return
        super()._report(error, job)

    # What a person decides ----------------------------------------------------------

    def action_confirm(self):
        """Connect, and remember where.

        :raise UserError: first say what this database is
        """
        self.check_access("write")
        for config in self:
            if config._is_stopped():
                raise UserError(
                    self.env._(
                        "%s Choose “This Is Production” or “This Is a Copy”, or enter "
                        "the URL of another ActiveCampaign account.",
                        config.place_problem,
                    )
                )
            config.write(place.remembered(config))
        return super().action_confirm()

    def action_is_production(self):
        """Let everything flow from this database, at this address."""
        self.check_access("write")
        for config in self:
            problem = config._problem_of_key()
            config.write({**place.remembered(config), "problem": problem})
            config._go_on()
        words = self[:1].problem or self._words_of_production()
        return self._notify(self.env._("Production"), words)

    def _problem_of_key(self):
        """Return why the API key cannot be read, False if it can: after a restore the
        key that it was encrypted with may have stayed behind."""
        try:
            vault.decrypt(self.sudo().ac_api_key_encrypted, self.env.cr.dbname)
        except vault.VaultError as error:
            return str(error)
        return False

    def _go_on(self):
        """Send and apply what has waited; ActiveCampaign may have to call elsewhere."""
        if self.state != "confirmed":
            return
        if self.ac_webhook_id:
            self._enqueue("webhook")
        for job in self.env["ac.binding"].sudo()._jobs_due(self):
            self._enqueue(job)

    def _words_of_production(self):
        """Neutralizing has switched Odoo's scheduled actions off, ours among them."""
        data = self.env["ir.model.data"].sudo()
        ids = data.search([("module", "=", MODULE), ("model", "=", "ir.cron")])
        crons = self.env["ir.cron"].sudo().with_context(active_test=False)
        off = (
            crons.browse(ids.mapped("res_id")).exists().filtered(lambda c: not c.active)
        )
        if not off:
            return self.env._("What has waited is sent now.")
        return self.env._(
            "What has waited is sent now. %s scheduled actions of ActiveCampaign are "
            "switched off: have an administrator switch them on.",
            len(off),
        )

    def action_is_copy(self):
        """Stay silent here; ActiveCampaign and its webhook are not touched."""
        self.check_access("write")
        self.write({"is_copy": True})
        return self._notify(
            self.env._("Copy"),
            self.env._("Nothing leaves this database. ActiveCampaign stays as it is."),
        )

    def _forget_account(self):
        """Another account may be connected from a copy, too: a sandbox, for example."""
        self.write(
            {
                "is_copy": False,
                "known_addresses": False,
                "database_uuid": False,
                "database_place": False,
            }
        )
        return super()._forget_account()
