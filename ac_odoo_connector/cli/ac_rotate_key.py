# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``odoo-bin ac_rotate_key``: what the buttons on an account's page Secrets do.

Odoo 19 loads this file by itself, outside of the addon, so nothing of the addon is
imported before the database is open.
"""

import logging
import optparse
import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config

_logger = logging.getLogger(__name__)


class RotateKey(Command):
    """Encrypt the secrets of all ActiveCampaign accounts of a database anew."""

    name = "ac_rotate_key"

    def run(self, args):
        """Rotate the encryption key of the database of ``-d``; exit with 1 and the
        reason if that is not possible."""
        options = _options(args)
        names = config["db_name"]
        names = [names] if isinstance(names, str) else names
        if len(names or ()) != 1:
            sys.exit("Name one database with -d.")
        with Registry(names[0]).cursor() as cr:
            _work(api.Environment(cr, SUPERUSER_ID, {}), options.forget_old_keys)


def _options(args):
    group = optparse.OptionGroup(config.parser, "ActiveCampaign")
    group.add_option(
        "--forget-old-keys",
        action="store_true",
        help="take the old keys out of the key file instead",
    )
    config.parser.add_option_group(group)
    return config.parse_config(args, setup_logging=True)


def _work(env, forget):
    from odoo.addons.ac_odoo_connector.engine import ring, vault

    try:
        if forget:
            ring.forget_old_keys(env)
            _logger.info("Only the first key is left in the key file.")
        else:
            count = ring.rotate(env)
            _logger.info("%s secrets are encrypted with the first key now.", count)
    except vault.VaultError as error:
        sys.exit(str(error))
