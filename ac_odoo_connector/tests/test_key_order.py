# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where the encryption key comes from: the environment, then odoo.conf, then a file."""

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.tests import BaseCase, tagged
from odoo.tools import config as odoo_config

from ..compat import SECTION, server_options
from ..engine import key_file, vault
from .ring_case import new_key

NAME = "key-order-test"


@tagged("post_install", "-at_install")
class TestKeyOrder(BaseCase):
    """A host whose folder is empty and whose odoo.conf and environment are our own."""

    def setUp(self):
        super().setUp()
        environment = patch.dict(os.environ)
        environment.start()
        self.addCleanup(environment.stop)
        os.environ.pop(vault.ENVIRONMENT_VARIABLE, None)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.conf = Path(folder.name, "odoo.conf")
        self.set("data_dir", folder.name)
        self.set("config", str(self.conf))
        self.addCleanup(server_options.cache_clear)  # runs before what it had is back
        server_options.cache_clear()

    def set(self, name, value):
        self.addCleanup(odoo_config.__setitem__, name, odoo_config[name])
        odoo_config[name] = value

    def write_option(self, key):
        """Write the key where an administrator would; Odoo reads it when it starts."""
        self.conf.write_text(f"[options]\n[{SECTION}]\nkey = {key}\n")
        server_options.cache_clear()

    def make_file(self):
        """Return the key of a file that the vault has made."""
        with self.assertLogs(key_file.__name__, "WARNING"):
            vault.encrypt("x", NAME)
        return Path(key_file.path_of(NAME)).read_text()

    def assertUses(self, source, key):
        """New secrets are encrypted with this key, and those of it are read."""
        self.assertEqual(vault.source(), source)
        sealed = vault.encrypt("secret", NAME).encode()
        self.assertEqual(Fernet(key).decrypt(sealed), b"secret")
        typed = Fernet(key).encrypt(b"older").decode()
        self.assertEqual(vault.decrypt(typed, NAME), "older")

    def test_each_place_comes_before_the_next(self):
        in_file = self.make_file()
        self.assertUses(vault.FILE, in_file)
        in_conf, in_environment = new_key(), new_key()
        self.write_option(in_conf)
        self.assertUses(vault.OPTION, in_conf)
        os.environ[vault.ENVIRONMENT_VARIABLE] = in_environment
        self.assertUses(vault.ENVIRONMENT, in_environment)
        del os.environ[vault.ENVIRONMENT_VARIABLE]
        self.assertUses(vault.OPTION, in_conf)

    def test_no_file_is_made_where_the_key_is_elsewhere(self):
        """A second key beside the one that counts would be backed up in its place."""
        self.write_option(new_key())
        vault.encrypt("x", NAME)
        self.write_option("")
        os.environ[vault.ENVIRONMENT_VARIABLE] = new_key()
        vault.encrypt("x", NAME)
        self.assertFalse(Path(key_file.path_of(NAME)).exists())

    def test_keys_of_odoo_conf_are_a_ring(self):
        old, new = new_key(), new_key()
        self.write_option(f"{new},{old}")
        self.assertUses(vault.OPTION, new)
        older = Fernet(old).encrypt(b"before").decode()
        self.assertEqual(vault.decrypt(older, NAME), "before")
        with self.assertRaisesRegex(vault.VaultError, "key of odoo.conf"):
            vault.forget_old_keys(NAME)

    def test_each_new_key_of_the_file_has_to_be_backed_up(self):
        """Nobody looks for a file that they have not been told of."""
        for change in (lambda: vault.encrypt("x", NAME), lambda: vault.add_key(NAME)):
            with self.assertLogs(key_file.__name__, "WARNING") as log:
                change()
            (line,) = log.output
            self.assertIn(key_file.path_of(NAME), line)
            self.assertIn("back this file up", line)
            keys = Path(key_file.path_of(NAME)).read_text().split(",")
            self.assertFalse([key for key in keys if key in line])
