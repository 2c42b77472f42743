# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Accounts whose secrets are encrypted with keys that the test chooses."""

import os
import tempfile
from unittest.mock import patch

from cryptography.fernet import Fernet, MultiFernet

from odoo.tools import SQL
from odoo.tools import config as odoo_config

from ..engine import erased, ring, vault
from .common import ConnectorCase


def new_key():
    return Fernet.generate_key().decode()


class RingCase(ConnectorCase):
    """The keys are in the environment, as on several hosts."""

    def setUp(self):
        self.old, self.new = new_key(), new_key()
        environment = patch.dict(os.environ)
        environment.start()
        self.addCleanup(environment.stop)
        self.hold(self.old)
        super().setUp()

    def hold(self, *keys):
        """Be a host with these keys in the environment; without any: with the file."""
        if keys:
            os.environ[vault.ENVIRONMENT_VARIABLE] = ",".join(keys)
        else:
            os.environ.pop(vault.ENVIRONMENT_VARIABLE, None)

    def use(self, *keys):
        """Go on as such a host, which sees what the other one has committed."""
        self.hold(*keys)
        self.commit()
        self.env.invalidate_all()

    def stored(self):
        """Return every ciphertext of the database, as PostgreSQL holds it."""
        self.commit()
        columns = SQL(", ").join(map(SQL.identifier, ring.SECRETS))
        self.cr.execute(SQL("SELECT %s FROM ac_odoo_config ORDER BY id", columns))
        texts = [text for row in self.cr.fetchall() for text in row]
        return list(filter(None, [*texts, erased.sealed_pepper(self.env)]))

    def readable(self, *keys):
        """Return the secrets of `stored` in plain text; fail if one cannot be read."""
        fernet = MultiFernet([Fernet(key) for key in keys])
        return [fernet.decrypt(text.encode()).decode() for text in self.stored()]


class KeyFileCase(RingCase):
    """The keys are in the file, in a folder of the test's own."""

    def setUp(self):
        before = odoo_config["data_dir"]
        self.addCleanup(odoo_config.__setitem__, "data_dir", before)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        odoo_config["data_dir"] = folder.name
        super().setUp()

    def hold(self, *keys):
        return super().hold()  # never those of the environment

    def key_file(self):
        return vault._file_of(self.cr.dbname)

    def keys(self):
        with open(self.key_file()) as file:
            return file.read().split(",")
