# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""All secrets of a database together: can they be read, and with which key?

Changing the encryption key takes three steps, and all hosts go on working in between:
every host gets the ring ``new,old``; the secrets are encrypted anew (`rotate`); every
host gets ``new``. The key file goes the same way by itself.
"""

from odoo.models import BaseModel

from . import breaker, erased, marks, vault
from .transaction import transaction

SECRETS = (
    "ac_api_key_encrypted",
    "ac_api_key_old_encrypted",
    "ac_webhook_token_encrypted",
    "ac_webhook_token_old_encrypted",
)
"""Every field of `ac.odoo.config` that holds a ciphertext. Besides these only the key of
the digests of erased people (`erased.py`) is encrypted for long: what a form has been
given for a moment goes with the rotation."""


def check(env):
    """Let a secret be stored only by a host that can read those that are stored.

    Otherwise a host whose key is lost or wrong would overwrite what the others can
    read, or a new key file would take the place of one that could still be restored.

    :raise vault.VaultError: none of the stored secrets can be read
    """
    problems = [_problem(text, env.cr.dbname) for _name, text in _stored(env)]
    if problems and all(problems):
        raise vault.VaultError(
            env._(
                "Nothing is stored, because none of the stored secrets can be read: "
                "%(problem)s If the key is lost for good, an administrator gives the "
                "unreadable secrets up on the account.",
                problem=str(problems[0]),
            )
        )


def problem_of(config):
    """Return why a secret that an account needs cannot be read, False if all can."""
    dbname = config.env.cr.dbname
    needed = [*_secrets(config).values(), erased.sealed_pepper(config.env)]
    problems = (_problem(text, dbname) for text in needed)
    return str(next(filter(None, problems), "")) or False


def plain(config, name):
    """Return a secret in plain text, "" when there is none or it is unreadable.

    A function and no method: what a method returns can be taken from a server action.
    """
    try:
        return vault.decrypt(config[name], config.env.cr.dbname) if config[name] else ""
    except vault.VaultError:
        return ""


def rotate(env):
    """Encrypt all secrets of the database with the ring's first key; one transaction.

    The key file gets a new first key before. Repeated or broken off it does no harm:
    the whole ring stays readable.

    :return: how many secrets
    :raise vault.VaultError: a secret is unreadable, or there is no second key: nothing
        is changed
    """
    with transaction(env) as apart:
        configs = _locked(apart)
        _check_readable(apart)
        vault.add_key(env.cr.dbname)
        count = sum(_renew(config) for config in configs) + erased.reseal(apart)
        apart["ac.api.key.change"].search([]).unlink()
        _tell_sealed_values(configs)
    return count


def forget_old_keys(env):
    """Take the old keys out of the key file.

    :raise vault.VaultError: a secret still needs one of them, or they are elsewhere
    """
    with transaction(env) as apart:
        _locked(apart)
        for name, text in _stored(apart):
            if not vault.is_current(text, env.cr.dbname):
                raise vault.VaultError(
                    env._(
                        "“%s” has a secret that needs an old key. Rotate the encryption "
                        "key first.",
                        name,
                    )
                )
        vault.forget_old_keys(env.cr.dbname)


def give_up(env):
    """Delete the secrets whose key is lost; a person enters them again.

    What cannot be read for another reason, such as a mistyped key, is kept.

    :return: ``(names of the accounts that have lost one, whether the digests of erased
        people have lost theirs)``
    """
    names = []
    with transaction(env) as apart:
        for config in _locked(apart):
            secrets = _secrets(config).items()
            lost = [name for name, text in secrets if _is_lost(text, env.cr.dbname)]
            if lost:
                config.write(dict.fromkeys(lost, False))
                names.append(config.name)
        lost_pepper = _is_lost(erased.sealed_pepper(apart), env.cr.dbname)
        if lost_pepper:
            erased.forget_pepper(apart)
    return names, lost_pepper


def accounts(env):
    """Return all accounts, archived ones as well."""
    return env["ac.odoo.config"].sudo().with_context(active_test=False).search([])


def _locked(env):
    """Return all accounts; nobody changes a secret until the transaction ends.

    First the breakers, then the accounts: a breaker that closes goes the same way.
    """
    env.cr.execute("SELECT id FROM ac_breaker ORDER BY id FOR NO KEY UPDATE")
    env.cr.execute("SELECT id FROM ac_odoo_config ORDER BY id FOR NO KEY UPDATE")
    return env["ac.odoo.config"].browse(id_ for (id_,) in env.cr.fetchall())


def _stored(env):
    """Return ``[(whose it is, ciphertext)]`` of the whole database."""
    stored = [(c.name, text) for c in accounts(env) for text in _secrets(c).values()]
    pepper = erased.sealed_pepper(env)
    return stored + ([(_digests(env), pepper)] if pepper else [])


def _digests(env):
    return env._("Erased People")


def _secrets(config):
    config = config.sudo()
    return {name: config[name] for name in SECRETS if config[name]}


def _problem(text, dbname):
    try:
        vault.decrypt(text, dbname)
    except vault.VaultError as error:
        return error
    return None


def _is_lost(text, dbname):
    return bool(text) and isinstance(
        _problem(text, dbname), (vault.KeyMissing, vault.WrongKey)
    )


def _check_readable(env):
    for name, text in _stored(env):
        if problem := _problem(text, env.cr.dbname):
            raise vault.VaultError(f"{name}: {problem}")


def _renew(config):
    """Encrypt the secrets of one account anew. A key that ActiveCampaign has refused
    stays refused: it is the same key. So nothing is changed that the account's trail
    would tell of, hence the plain write."""
    before, dbname = breaker.credentials(config), config.env.cr.dbname
    renewed = {
        name: vault.encrypt(vault.decrypt(text, dbname), dbname)
        for name, text in _secrets(config).items()
    }
    BaseModel.write(config, renewed)
    refused = config.breaker_ids.filtered(lambda row: row.refused == before)
    refused.write({"refused": breaker.credentials(config)})
    return len(renewed)


def _tell_sealed_values(configs):
    """Encrypted values in ActiveCampaign are told anew, under the new key."""
    encrypted = [("transformation", "=", "encrypt")]
    if configs.env["ac.field.mapping"].search_count(encrypted, limit=1):
        for config in configs._confirmed().filtered("active"):
            marks.mark_again(config)
