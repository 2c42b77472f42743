# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Code that an administrator enters runs with all rights, and finds ciphertext."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import erased, ring, vault
from .access_case import AccessCase

SEALED = "gAAAA"
"""How a ciphertext begins: whoever is shown it was where the secret would be."""
STORED = {"ac_api_key_encrypted": "API key", "ac_webhook_token_encrypted": "token"}
NAMES = ["name", "ac_api_key", "ac_webhook_token", *ring.SECRETS]
FINDS_CIPHERTEXT = (
    "record.sudo().ac_api_key_encrypted",
    "record.sudo().mapped('ac_webhook_token_encrypted')",
    "record.sudo().search_read([], ['ac_api_key_encrypted'])",
    "record.sudo().filtered_domain([('id', '>', 0)]).ac_api_key_encrypted",
    "[env.cr.execute('SELECT * FROM ac_odoo_config'), env.cr.fetchall()]",
    "env['ir.config_parameter'].sudo().search([]).read()",
    f"env['ir.config_parameter'].sudo().get_param('{erased.PEPPER}')",
    "record._encrypt('typed')",
)
FINDS_NO_SECRET = (
    "record.sudo().read()",
    "record.sudo().ac_api_key",
    "record.sudo().ac_webhook_token",
    "record.sudo().copy_data()",
    "record.sudo().copy().read()",
    f"record.sudo().export_data({NAMES})",
    f"record.sudo().web_read({dict.fromkeys(NAMES, {})})",
    "record.sudo()._convert_to_write(record.sudo().read()[0])",
    "record.sudo().fields_get()",
    "record.sudo().get_dashboard(record.id)",
    "record.sudo().action_change_api_key()",
    "env['ac.api.key.change'].sudo().search([]).read()",
    "env['ac.trail'].sudo().search([]).read()",
)
REFUSALS = (ValidationError, ValueError, NameError)
REFUSED = {
    "import odoo.addons.ac_odoo_connector.engine.vault": "forbidden opcode",
    "raise UserError(str(record.__class__))": "__class__",
    "raise UserError(str(record._encrypt.__globals__))": "__globals__",
    "raise UserError(open('/etc/hostname').read())": "'open' is not defined",
}


@tagged("post_install", "-at_install")
class TestServerActions(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        config = cls.alpha.config
        config.ac_webhook_token = "token-alphacanary"
        cls.secrets = {
            "API key": "secret-alphacanary",
            "token": "token-alphacanary",
            "key of the digests": erased._make(cls.env),
            "encryption key": vault._keys(cls.env.cr.dbname)[0],
        }
        cls.action = cls.env["ir.actions.server"].create(
            {
                "name": "Curious",
                "model_id": cls.env["ir.model"]._get_id("ac.odoo.config"),
                "state": "code",
            }
        )

    def run_code(self, code):
        """Run code as a server action of the account."""
        self.action.code = code
        context = {"active_model": "ac.odoo.config", "active_id": self.alpha.config.id}
        self.env.flush_all()
        self.action.with_context(**context).run()

    def found_by(self, expression):
        """Return what an expression finds, as the code that ran has told it."""
        with self.assertRaises(UserError) as told:
            self.run_code(f"raise UserError('found: ' + str({expression}))")
        found = str(told.exception)
        self.assertTrue(found.startswith("found: "), found)
        return found

    def assertNoSecret(self, text):
        for name, secret in self.secrets.items():
            self.assertNotIn(secret, text, name)

    def test_the_secrets_are_there_to_be_found(self):
        config, dbname = self.alpha.config, self.env.cr.dbname
        for field, name in STORED.items():
            self.assertEqual(vault.decrypt(config[field], dbname), self.secrets[name])
        self.assertIn("alphacanary", self.found_by("record.sudo().name"))

    def test_what_is_stored_is_ciphertext(self):
        for expression in FINDS_CIPHERTEXT:
            with self.subTest(expression=expression):
                found = self.found_by(expression)
                self.assertIn(SEALED, found)
                self.assertNoSecret(found)

    def test_what_is_shown_is_no_secret(self):
        for expression in FINDS_NO_SECRET:
            with self.subTest(expression=expression):
                found = self.found_by(expression)
                self.assertNotIn(found, ("found: ", "found: False", "found: []"))
                self.assertNoSecret(found)

    @mute_logger("odoo.tools.safe_eval", "odoo.addons.base.models.ir_actions")
    def test_code_reaches_no_python(self):
        """Some of it is refused when it is written, the rest when it runs."""
        for code, why in REFUSED.items():
            with self.subTest(code=code):
                with self.assertRaisesRegex(REFUSALS, why):
                    self.run_code(code)
