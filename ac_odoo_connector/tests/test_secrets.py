# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets are readable only in memory, and only with the key."""

import os
import stat
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import UserError
from odoo.tests import get_db_name, new_test_user, tagged
from odoo.tools import config as odoo_config

from ..engine import key_file, vault
from ..engine.webhook_setup import webhook_url
from .common import KEY, ConnectorCase


@tagged("post_install", "-at_install")
class TestSecrets(ConnectorCase):
    def test_key_and_token_are_not_in_the_database(self):
        """User requirement 27."""
        token = webhook_url(self.config).partition("token=")[2]
        self.assertGreater(len(token), 20)
        self.run_jobs()
        dump = self.dump()
        self.assertIn("ac_odoo_config", dump)
        self.assertNotIn(KEY, dump)
        self.assertNotIn(token, dump)

    def dump(self):
        """Return every text of every table of the addon, of jobs and messages."""
        self.cr.execute(
            """
            SELECT c.table_name, string_agg(quote_ident(c.column_name), ', ')
            FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
            GROUP BY c.table_name
            """
        )
        texts = []
        for table, columns in self.cr.fetchall():
            self.cr.execute(
                f"SELECT '{table}', t::text FROM (SELECT {columns} FROM \"{table}\") t"
            )
            texts += ["|".join(row) for row in self.cr.fetchall()]
        return "\n".join(texts)

    def test_nobody_reads_a_secret_back(self):
        self.assertNotIn(KEY, str(self.config.read()))
        user = new_test_user(
            self.env,
            f"seller{os.getpid()}",
            "base.group_user,ac_odoo_connector.group_user",
        )
        seen = self.config.with_user(user).read()[0]
        self.assertFalse({n for n in seen if "key" in n or "token" in n})

    def test_saving_the_masked_form_keeps_the_secret(self):
        before = self.config.ac_api_key_encrypted
        self.config.write({"ac_api_key": self.config.ac_api_key, "name": "Renamed"})
        self.assertEqual(self.config.ac_api_key_encrypted, before)

    def test_another_key_is_a_clear_error_and_overwrites_nothing(self):
        before = self.config.ac_api_key_encrypted
        other = {vault.ENVIRONMENT_VARIABLE: Fernet.generate_key().decode()}
        with patch.dict(os.environ, other):
            with self.assertRaisesRegex(UserError, "another key"):
                self.config.test_connection()
            self.make_partners({"name": "Ada", "email": "ada@example.com"})
            self.run_jobs()
            self.assertIn("another key", self.config.problem)
        self.assertEqual(self.config.ac_api_key_encrypted, before)
        self.assertEqual(self.simulator.calls(), [])

    def test_ring_reads_what_an_older_key_wrote(self):
        old, new = (Fernet.generate_key().decode() for _ in range(2))
        dbname = get_db_name()
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: old}):
            ciphertext = vault.encrypt("secret", dbname)
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: f"{new},{old}"}):
            self.assertEqual(vault.decrypt(ciphertext, dbname), "secret")

    def test_key_that_is_none_says_how_to_make_one(self):
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: "password"}):
            with self.assertRaisesRegex(UserError, "generate_key"):
                self.config.ac_api_key = "another"

    def test_key_file_is_for_odoo_alone(self):
        name = f"key-file-test-{os.getpid()}"  # others may have run here
        path = Path(odoo_config["data_dir"], "ac_odoo_connector", f"{name}.key")
        self.addCleanup(path.unlink, missing_ok=True)
        with self.assertLogs(key_file.__name__, "WARNING") as log:
            vault.encrypt("x", name)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        (line,) = log.output
        self.assertIn(f"{path}: back this file up", line)
