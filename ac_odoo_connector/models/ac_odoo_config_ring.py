# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import ring, vault

MANAGER = "ac_odoo_connector.group_manager"


class AcOdooConfig(models.Model):
    """The key that the secrets are encrypted with: where it is, whether it fits.

    It belongs to the database, so what is done here is done for all accounts.
    """

    _inherit = "ac.odoo.config"

    vault_source = fields.Selection(
        [
            (vault.ENVIRONMENT, "Environment Variable"),
            (vault.OPTION, "odoo.conf"),
            (vault.FILE, "File Beside the Filestore"),
        ],
        "Encryption Key From",
        compute="_compute_vault",
        groups=MANAGER,
    )
    vault_count = fields.Integer(
        "Keys in the Ring",
        compute="_compute_vault",
        groups=MANAGER,
        help="The first one encrypts, all decrypt. 0: there is none that can be used.",
    )
    vault_problem = fields.Char(
        "Why Secrets Cannot Be Read", compute="_compute_vault", groups=MANAGER
    )

    @api.depends(*ring.SECRETS)
    def _compute_vault(self):
        for config in self:
            config.vault_source = vault.source()
            config.vault_count = self._count_keys()
            config.vault_problem = ring.problem_of(config)

    def _count_keys(self):
        try:
            return vault.count_keys(self.env.cr.dbname)
        except vault.VaultError:
            return 0

    def action_rotate_encryption_key(self):
        """Encrypt the secrets of all accounts with a new key.

        :raise UserError: one of them cannot be read, or there is no new key yet
        """
        self.check_access("write")
        return self._notify(self.env._("Rotated"), self._rotate_encryption_key())

    @api.model
    def _rotate_encryption_key(self):
        """Rotate, and return what to do next; also for Odoo's shell."""
        count = self._with_all_secrets(ring.rotate)
        self._note_on_accounts(self.env._("The encryption key was rotated."))
        return self.env._(
            "%s secrets are encrypted with the first key now. Once no host needs the old "
            "keys any more, take them out.",
            count,
        )

    def action_forget_old_keys(self):
        """Leave only the first key in the key file.

        :raise UserError: a secret needs another one, or the keys are not in the file
        """
        self.check_access("write")
        return self._notify(self.env._("Taken Out"), self._forget_old_keys())

    @api.model
    def _forget_old_keys(self):
        """Take the old keys out, and return what that means; also for Odoo's shell."""
        self._with_all_secrets(ring.forget_old_keys)
        self._note_on_accounts(self.env._("The old encryption keys were taken out."))
        return self.env._(
            "Only the new key is left. Backups of the database from before the rotation "
            "need the old one, from a backup of the file."
        )

    def action_give_up_secrets(self):
        """Delete the secrets that nobody can read any more, so that new ones may be
        entered; for administrators, because it concerns all accounts.

        :raise UserError: there is none
        """
        self.check_access("write")
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("This takes an administrator of Odoo."))
        names, lost_digests = self._with_all_secrets(ring.give_up)
        if not names and not lost_digests:
            raise UserError(self.env._("No secret is lost: nothing was deleted."))
        self._note_on_accounts(self.env._("Unreadable secrets were given up."))
        enter = self.env._(
            "Enter the API key and make a new webhook token: %s.", ", ".join(names)
        )
        decide = self.env._(
            "Erased people cannot be recognised any more, so nothing is sent before "
            "their entries under Privacy > Erased People are deleted."
        )
        words = [enter] * bool(names) + [decide] * lost_digests
        return self._notify(self.env._("Given Up"), " ".join(words))

    def _with_all_secrets(self, work):
        try:
            result = work(self.env)
        except vault.VaultError as error:
            raise UserError(str(error)) from error
        self.env.invalidate_all()
        return result

    def _note_on_accounts(self, words):
        """Say so on every account, because it concerns the secrets of all; return them."""
        accounts = ring.accounts(self.env)
        for account in accounts:
            account.message_post(body=words)
        return accounts
