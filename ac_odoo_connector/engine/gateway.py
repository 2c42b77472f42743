# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one door out: whoever wants to talk to ActiveCampaign asks here."""

from contextlib import contextmanager
from urllib.parse import urlsplit

from odoo.tools import str2bool

from ..activecampaign import (
    ActiveCampaignClient,
    ActiveCampaignError,
    RateLimited,
    RetryPolicy,
)
from ..activecampaign.hosts import api_root
from ..compat import server_options
from . import breaker, place, vault
from .place import NotConfirmed, database_uuid
from .throttle import DatabaseLimiter
from .transaction import transaction
from .watch import Watch

__all__ = ["NotConfirmed", "database_uuid", "open_client", "trial_client"]

PATIENCE = RetryPolicy(deadline=60)
"""Seconds that one call of a job may take with all its retries; what fails longer
is for the next job, because workers have a time limit."""
PROBE = RetryPolicy(attempts=3, first_wait=0.5, deadline=15)
PROBE_TIMEOUT = 10


@contextmanager
def open_client(config, **options):
    """Yield a ready client for one account.

    When the account was paused and it is time to look, this asks first whether it
    answers again (`probe`).

    :param config: an `ac.odoo.config` record whose account is confirmed
    :param options: passed on to `ActiveCampaignClient` (``timeout``, ``retry``)
    :raise NotConfirmed: the account is a draft, or this may be a copy of its database
    :raise Paused: the breaker is open: nothing is sent for now
    :raise VaultError: the key of the secrets is missing or wrong
    """
    _check_connected(config)
    watch = Watch(config)
    with _client(config, watch, **{"retry": PATIENCE, **options}) as client:
        if breaker.enter(config.env, config.id):
            probe(config, _prober(config))
        try:
            yield client
        finally:
            # told by the last thing it said that we may not: is it the key?
            if watch.in_doubt:
                client.users.me()


def _check_connected(config):
    if config.state != "confirmed":
        raise NotConfirmed("The account is not confirmed: open it and confirm it.")


def trial_client(config, **options):
    """Return a client for a person's own test, before the account is confirmed.

    :param options: passed on to `ActiveCampaignClient`; ``key``: another API key than
        the stored one
    :raise NotConfirmed: this may be a copy of the database where it was confirmed
    """
    return _client(config, Watch(config, guarded=False), **options)


def _client(config, observer, key=None, **options):
    """Return a client; there is no other way to one, so no way out of a copy."""
    place.check(config)
    dbname = config.env.cr.dbname
    root = api_root(config.ac_base_url, localhost_allowed())
    return ActiveCampaignClient(
        config.ac_base_url,
        key or vault.decrypt(config.sudo().ac_api_key_encrypted, dbname),
        limiter=DatabaseLimiter(config.env, urlsplit(root).netloc.removesuffix(":443")),
        allow_local=localhost_allowed(),
        observer=observer,
        **options,
    )


def probe(config, client):
    """Ask a paused account who we are: it goes on, or stays paused for longer.

    Only whoever has the turn (`breaker.enter`, `breaker.take_turn`) does so.

    :param client: a `_prober`; it is closed here, so that its calls are counted before
        what has failed is forgiven
    :raise ActiveCampaignError: it does not answer yet, or does not let us in
    """
    failure = _failure_of(client)
    with transaction(config.env) as env:
        used = breaker.credentials(config)
        breaker.conclude(env, config.id, failure, used)
    if failure:
        raise failure


def _prober(config):
    return trial_client(config, retry=PROBE, timeout=PROBE_TIMEOUT)


def try_now(config):
    """Let a person ask before the pause is over.

    :raise NotConfirmed: the account is a draft, or this may be a copy of its database
    :raise Paused: a worker is asking just now
    :raise ActiveCampaignError: it does not answer yet, or does not let us in
    """
    _check_connected(config)
    client = _prober(config)  # first: a copy must not use up the turn
    if breaker.take_turn(config.env, config.id):
        probe(config, client)


def _failure_of(client):
    """Return why nobody answers; whoever says that we are too fast does answer."""
    try:
        with client:
            client.users.me()
    except RateLimited:
        return None
    except ActiveCampaignError as error:
        return error
    return None


def localhost_allowed():
    """Whether odoo.conf lets a developer talk to a simulator on this machine."""
    return str2bool(server_options().get("allow_localhost", ""), False)
