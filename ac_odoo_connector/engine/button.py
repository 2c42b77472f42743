# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client behind a button, for a person who waits.

A function and no method of the account: what a method returns can be taken from a
server action, and a client holds the key.
"""

from contextlib import contextmanager

from odoo.exceptions import UserError

from ..activecampaign import ActiveCampaignError, RetryPolicy
from . import gateway, vault
from .words import in_words

PATIENCE = RetryPolicy(deadline=20)  # seconds that a person waits for a button


@contextmanager
def client_of_button(config):
    """Yield a client of a connected account, whose errors are what a person reads.

    :raise UserError: what is wrong and what to do about it
    """
    try:
        with gateway.open_client(config, retry=PATIENCE) as client:
            yield client
    except ActiveCampaignError as error:
        raise UserError(in_words(error)) from error
    except vault.VaultError as error:
        raise UserError(str(error)) from error
