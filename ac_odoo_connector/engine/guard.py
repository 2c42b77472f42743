# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may store an event: the webhook's token, the allowed networks, the flood limits.

One query reads what the accounts ask for, so a change counts at once in every worker.
"""

import hashlib
import hmac
import secrets
from functools import lru_cache
from ipaddress import ip_address, ip_network
from math import ceil

from . import vault
from .bucket import Bucket

WRONG_PER_MINUTE = 20
"""Wrong tokens of one address that a worker answers with 403; then it says 429. An
account's own address may send both kinds (of a webhook that was forgotten), so wrong
ones never stop the right ones."""
_FOR_THIS_PROCESS = secrets.token_bytes(32)
_ACCOUNTS = """
SELECT id, allowed_networks, max_events_per_minute, ac_webhook_token_encrypted,
    CASE WHEN token_untold OR old_token_until > now() AT TIME ZONE 'UTC'
        THEN ac_webhook_token_old_encrypted END
FROM ac_odoo_config WHERE active AND state = 'confirmed'
    AND is_copy IS NOT TRUE AND database_uuid IS DISTINCT FROM 'neutralized'
"""
_right, _wrong = Bucket(), Bucket()


class Refusal(Exception):
    """Why an event is not taken: an HTTP status, words for whoever reads the answer."""

    def __init__(self, status, text, retry_after=0):
        super().__init__(text)
        self.status = status
        self.retry_after = ceil(retry_after)


class Unknown(Refusal):
    """Nobody we know: worth an alert when it happens again and again."""


def account_of(cr, token, address):
    """Return the id of the account whose token was sent.

    All tokens are compared, each in constant time. No token configured means that
    nothing is accepted.

    Whoever is refused learns nothing: not whether there is such an account, nor whether
    a token is right and only the address is not.

    :raise Refusal: 403 wrong token or network, or two accounts have it; 429 too many
    """
    found = {}
    sent = _digest(token)
    cr.execute(_ACCOUNTS)
    for id_, networks, per_minute, *ciphertexts in cr.fetchall():
        for ciphertext in filter(None, ciphertexts):
            if hmac.compare_digest(_known(ciphertext, cr.dbname), sent):
                found[id_] = (networks, per_minute)
    allowed = [
        (id_, per_minute)
        for id_, (networks, per_minute) in found.items()
        if not networks or is_allowed(address, networks)
    ]
    if len(found) != 1 or not allowed:
        _refuse_unknown(cr.dbname, address)
    ((id_, per_minute),) = allowed
    if per_minute and (wait := _right.take((cr.dbname, id_), per_minute)):
        raise Refusal(429, "Too many events.", wait)
    return id_


def _refuse_unknown(dbname, address):
    if wait := _wrong.take((dbname, address), WRONG_PER_MINUTE):
        raise Unknown(429, "Too many wrong tokens.", wait)
    raise Unknown(403, "The token is wrong, or is not taken from this address.")


def _digest(token):
    raw = token.encode("utf-8", "replace")
    return hashlib.blake2b(raw, key=_FOR_THIS_PROCESS).digest()


def _known(ciphertext, dbname):
    """Return what the digest of the token must be, nothing when it cannot be read."""
    try:
        return _decrypted_digest(ciphertext, dbname)
    except vault.VaultError:
        return b""


@lru_cache(maxsize=256)
def _decrypted_digest(ciphertext, dbname):
    """Decrypting takes longer than storing the event. What is kept for the next request
    is no secret: the key of the digest lives and dies with this process."""
    return _digest(vault.decrypt(ciphertext, dbname))


def is_allowed(address, networks):
    """Whether an address (IPv4 or IPv6) is in one of the networks of a text."""
    try:
        host = ip_address(address.partition("%")[0])
        host = getattr(host, "ipv4_mapped", None) or host
        return any(host in network for network in parse_networks(networks))
    except ValueError:
        return False


@lru_cache(maxsize=64)
def parse_networks(networks):
    """Return the networks of a text: addresses or CIDR, between commas or blanks.

    :raise ValueError: something in it is neither
    """
    words = networks.replace(",", " ").split()
    return tuple(ip_network(word, strict=False) for word in words)
