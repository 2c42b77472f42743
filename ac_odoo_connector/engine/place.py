# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Is this the database where the account was confirmed?

Remembered at confirmation are the id that Odoo gives every database anew (and every
duplicate that it makes), what PostgreSQL knows it by (which a dump does not bring along),
and the addresses that people reach it by. What differs may be a copy, so nothing goes out
until a manager has said what it is.
"""

from urllib.parse import urlsplit

from ..activecampaign import FatalError

COPY, NEUTRALIZED, DATABASE, ADDRESS = "copy", "neutralized", "database", "address"
"""Why an account is silent: a person has said so, or nobody knows what this is."""
MARK = "neutralized"
"""What ``data/neutralize.sql`` writes where the id of the database was."""
LOCAL = ("127.0.0.1", "[::1]")


class NotConfirmed(FatalError):
    """Nothing may be sent for this account in this database."""

    hint = "Open the account in Odoo and say what this database is."


def doubt(config):
    """Return why nothing may go out: COPY, NEUTRALIZED, DATABASE, ADDRESS or None.

    None also for an account that was never confirmed: there is nothing to compare.
    """
    if not config.database_uuid and config.state != "confirmed":
        return None
    if config.is_copy:
        return COPY
    if config.database_uuid == MARK:
        return NEUTRALIZED
    if not _is_here(config):
        return DATABASE
    known = (config.known_addresses or "").split()
    return ADDRESS if known and address(config.env) not in known else None


def _is_here(config):
    """Whether this is the database of the last confirmation, and no copy or restore."""
    same = config.database_uuid == database_uuid(config.env)
    return same and config.database_place in (False, whereabouts(config.env))


def check(config):
    """:raise NotConfirmed: this may be a copy of the database"""
    reason = doubt(config)
    if reason == COPY:
        raise NotConfirmed("This database is a copy: nothing leaves it.")
    if reason:
        raise NotConfirmed("This database may be a copy of the production database.")


def remembered(config):
    """Return the values that make this database, at this address, the right place."""
    known = (config.known_addresses or "").split()
    kept = known if _is_here(config) and not config.is_copy else []
    return {
        "database_uuid": database_uuid(config.env),
        "database_place": whereabouts(config.env),
        "known_addresses": "\n".join(dict.fromkeys([*kept, address(config.env)])),
        "is_copy": False,
    }


def database_uuid(env):
    """Return the id that Odoo gives every database anew, also to a copy."""
    return env["ir.config_parameter"].sudo().get_param("database.uuid")


def whereabouts(env):
    """Return the id of PostgreSQL's cluster and of the database in it; read once in a
    transaction. Both outlive a rename and a failover to a standby, neither a restore."""
    known = env.cr.cache.setdefault("ac_whereabouts", [])
    if not known:
        known.append(f"{_cluster(env.cr)}/{_oid(env.cr)}")
    return known[0]


def _oid(cr):
    cr.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
    return cr.fetchone()[0]


def _cluster(cr):
    """Return the cluster's id, "" where this role may not ask for it."""
    cr.execute("SELECT has_function_privilege('pg_control_system()', 'execute')")
    if not cr.fetchone()[0]:
        return ""
    cr.execute("SELECT system_identifier FROM pg_control_system()")
    return cr.fetchone()[0]


def address(env):
    """Return host and port that people reach this Odoo by; the scheme may change."""
    url = env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
    found = urlsplit(url).netloc.rpartition("@")[2].lower()
    found = found.removesuffix(":80").removesuffix(":443")
    for name in LOCAL:
        if found.startswith(name):
            found = f"localhost{found.removeprefix(name)}"
    return found or "-"
