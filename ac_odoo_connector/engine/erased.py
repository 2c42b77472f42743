# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who was erased at their own wish: known again by a digest, never by an e-mail.

The digest is keyed with a random value that the vault has encrypted: whoever has a dump
of the database cannot try e-mails on it. Where that value cannot be read nothing is sent
or applied, or a person could come back unnoticed.
"""

import hashlib
import hmac
import re
import secrets

from odoo.tools import email_normalize

from ..mapping.skip import Skip
from . import vault

PEPPER = "ac_odoo_connector.erasure_pepper"
"""Name of the system parameter; its value is a ciphertext of the vault."""
NOBODY = re.compile(r"erased-[0-9a-f]{32}@example\.invalid")
"""An address of nobody: the domain is reserved (RFC 2606)."""


def nobody():
    """Return a new e-mail for a contact that was emptied; `among` knows it."""
    return f"erased-{secrets.token_hex(16)}@example.invalid"


def among(config, emails):
    """Return those of the e-mails (normalised) whose people were erased for an account,
    and those of contacts that were emptied: no partner is made of one.

    For an account of all companies, whoever was erased for one of them. One query where
    nobody was erased, two else, however many e-mails.

    :raise VaultError: somebody was erased, and the key of the secrets is missing
    """
    emails = {each for email in emails if (each := email_normalize(email or ""))}
    erased = config.env["ac.erased"].sudo()
    mine = [("company_id", "=", config.company_id.id)] if config.company_id else []
    emptied = {email for email in emails if NOBODY.fullmatch(email)}
    if not emails or not erased.search_count(mine, limit=1):
        return emptied
    by_digest = {digest: email for email, digest in _digests(config.env, emails)}
    found = erased.search([*mine, ("digest", "in", list(by_digest))])
    return emptied | {by_digest[digest] for digest in found.mapped("digest")}


def people(config, synced_object, records):
    """Return those of the records who were erased, and the orders of such people: the
    name of a deal may name the buyer, even where the company stands for them."""
    buyer = {"contact": "", "deal": "partner_id.", "order": "partner_id."}
    if synced_object.name not in buyer:
        return records.browse()
    path = f"{buyer[synced_object.name]}email_normalized"
    emails = among(config, records.mapped(path))
    return records.filtered(lambda r: emails and r.mapped(path)[0] in emails)


def check(record, gone):
    """:raise Skip: the record is one of the erased people"""
    if record in gone:
        raise Skip("erased")


def remember(env, emails, companies):
    """Note that people were erased; twice is once.

    :param companies: ids of the companies of the accounts, None for accounts without
        one: nobody decides for the accounts of another company
    """
    for _email, digest in _digests(env, sorted(emails), make=True):
        for company in companies:
            env.cr.execute(
                """
                INSERT INTO ac_erased (digest, company_id, create_uid, create_date)
                VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC')
                ON CONFLICT DO NOTHING
                """,
                (digest, company, env.uid),
            )


def take_along(env, old, new):
    """Keep out whoever was erased for accounts of one company when an account is given
    to another.

    :param old: the company (empty: all of them) that it belonged to
    :param new: the one that it belongs to
    """
    env.cr.execute(
        """
        INSERT INTO ac_erased (digest, company_id, create_uid, create_date)
        SELECT digest, %s::int, create_uid, create_date FROM ac_erased
        WHERE %s::int IS NULL OR company_id = %s::int
        ON CONFLICT DO NOTHING
        """,
        (new.id or None, old.id or None, old.id or None),
    )


def digests_of(env, emails):
    """Return the digests of e-mails (normalised)."""
    return [digest for _email, digest in _digests(env, emails)]


def reseal(env):
    """Encrypt the key of the digests with the first key of the ring: a rotation.

    :return: how many secrets, 0 or 1
    """
    if pepper := _pepper(env):
        _store(env, pepper)
    return int(bool(pepper))


def sealed_pepper(env):
    """Return the ciphertext of the digests' key, None where nobody was erased yet."""
    # past the cache: another transaction may just have made it
    env.cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", (PEPPER,))
    row = env.cr.fetchone()
    return row and row[0]


def forget_pepper(env):
    """Delete the digests' key: nobody can read it any more."""
    env["ir.config_parameter"].sudo().set_param(PEPPER, False)


def _digests(env, emails, make=False):
    """Return ``[(e-mail, digest)]``."""
    pepper = _pepper(env)
    if not pepper and make and not env["ac.erased"].sudo().search_count([], limit=1):
        pepper = _make(env)
    if not (pepper := pepper or _pepper(env)):  # somebody may just have made it
        raise vault.VaultError(
            f"The system parameter {PEPPER} is gone, so erased people cannot be "
            "recognised. Restore it, or delete the entries under Privacy > Erased "
            "People: these people may then come back."
        )
    return [
        (email, hmac.new(pepper.encode(), email.encode(), hashlib.sha256).hexdigest())
        for email in emails
    ]


def _pepper(env):
    return vault.decrypt(sealed_pepper(env), env.cr.dbname)


def _make(env):
    """Make the digests' key; of two that erase for the first time at once, one does."""
    ciphertext = vault.encrypt(secrets.token_hex(32), env.cr.dbname)
    env.cr.execute(
        """
        INSERT INTO ir_config_parameter (key, value, create_uid, create_date)
        VALUES (%s, %s, %s, now() AT TIME ZONE 'UTC')
        ON CONFLICT DO NOTHING
        """,
        (PEPPER, ciphertext, env.uid),
    )
    return _pepper(env)


def _store(env, pepper):
    ciphertext = vault.encrypt(pepper, env.cr.dbname)
    env["ir.config_parameter"].sudo().set_param(PEPPER, ciphertext)
