# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Finding the contact that a lost call may have made by an earlier e-mail.

A contact is made by its e-mail, so repeating a lost call makes no second one, unless the
partner has got another e-mail meanwhile.
"""

from datetime import timedelta

from . import news
from .transaction import transaction

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far AC's clock may be from ours."""


def find(config, client, plan):
    """Return the AC id of the contact that was made for the plan's partner, else None.

    One that is older than the link, or belongs to another partner, is somebody else.
    """
    for contact in client.contacts.list(email=plan.sought):
        if _is_ours(config, plan, contact):
            return str(contact["id"])
    return None


def _is_ours(config, plan, contact):
    made = news.moment(contact.get("cdate"))
    with transaction(config.env) as env:
        link = env["ac.binding"].browse(plan.binding)
        taken = link.search(
            [
                ("config_id", "=", config.id),
                ("object", "=", "contact"),
                ("remote_id", "=", str(contact["id"])),
            ]
        )
        return bool(made and not taken and made >= link.create_date - CLOCKS_DIFFER)
