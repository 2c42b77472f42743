# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one door out: whoever wants to talk to ActiveCampaign asks here."""

from urllib.parse import urlsplit

from odoo.tools import str2bool

from ..activecampaign import ActiveCampaignClient, RetryPolicy
from ..activecampaign.hosts import api_root
from ..compat import server_options
from . import place, vault
from .place import NotConfirmed, database_uuid
from .throttle import DatabaseLimiter

__all__ = ["NotConfirmed", "database_uuid", "open_client", "trial_client"]

PATIENCE = RetryPolicy(deadline=60)
"""Seconds that one call of a job may take with all its retries; what fails longer
is for the next job, because workers have a time limit."""


def open_client(config, **options):
    """Return a ready client for one account.

    :param config: an `ac.odoo.config` record whose account is confirmed
    :param options: passed on to `ActiveCampaignClient` (``deadline``, ``retry``)
    :raise NotConfirmed: the account is a draft, or this may be a copy of its database
    :raise VaultError: the key of the secrets is missing or wrong
    """
    if config.state != "confirmed":
        raise NotConfirmed("The account is not confirmed: open it and confirm it.")
    return trial_client(config, **{"retry": PATIENCE, **options})


def trial_client(config, **options):
    """Return a client for a person's own test, before the account is confirmed.

    :raise NotConfirmed: this may be a copy of the database where it was confirmed
    """
    place.check(config)
    dbname = config.env.cr.dbname
    root = api_root(config.ac_base_url, localhost_allowed())
    return ActiveCampaignClient(
        config.ac_base_url,
        vault.decrypt(config.sudo().ac_api_key_encrypted, dbname),
        limiter=DatabaseLimiter(config.env, urlsplit(root).netloc.removesuffix(":443")),
        allow_local=localhost_allowed(),
        **options,
    )


def localhost_allowed():
    """Whether odoo.conf lets a developer talk to a simulator on this machine."""
    return str2bool(server_options().get("allow_localhost", ""), False)
