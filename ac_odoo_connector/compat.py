# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo 18 and 19 spell differently and no third spelling serves."""

from configparser import ConfigParser
from functools import cache

from odoo.tools import config

SECTION = "ac_odoo_connector"


@cache
def server_options():
    """Return the section ``[ac_odoo_connector]`` of odoo.conf as a dictionary of text.

    Odoo 18 keeps sections that it does not know in ``config.misc``; Odoo 19 does not
    read them at all.
    """
    path = config.get("config") or getattr(config, "rcfile", None)
    parser = ConfigParser(interpolation=None)
    parser.read([path] if path else [])
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}
