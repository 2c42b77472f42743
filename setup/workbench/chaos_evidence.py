"""What is known of a person of whom something was lost: where to begin to look."""

from .account import Account

LINK = """
SELECT remote_id, state, synced_at, sent->'common' FROM ac_binding
WHERE object = 'contact' AND res_id = %s
"""
EVENTS = """
SELECT id, type, source, state, occurred_at, create_date, write_date, message,
    payload->>'initiated_from', payload->'contact'->>'last_name',
    payload->'contact'->>'phone'
FROM ac_event WHERE remote_contact_id = %s ORDER BY id
"""
WRITES = ("/bulk_import", "/contact/sync", "/contactTags", "/ecom/graphql")
"""Paths that do not name the contact they write."""
CONFLICTS = (
    "SELECT unit, state, odoo_value, ac_value FROM ac_conflict WHERE partner_id = %s"
)


def of_partner(account: Account, partner: int, log: dict) -> list[str]:
    """Return lines: the link, its events and conflicts, the writes that name its contact.

    :param log: the simulator's
    """
    lines = []
    for link in account.sql(LINK, [partner]):
        lines += [f"link {_words(link)}"]
        lines += [f"event {_words(row)}" for row in account.sql(EVENTS, [link[0]])]
        lines += [
            f"{entry['t']:.1f} {entry['method']} {entry['path']} {entry['status']} "
            f"{entry['fault'] or ''}"
            for entry in log["entries"]
            if entry["path"].endswith(f"/contacts/{link[0]}")
            or entry["path"].endswith(WRITES)
            and entry["method"] == "POST"
        ]
    lines += [f"conflict {_words(row)}" for row in account.sql(CONFLICTS, [partner])]
    return [f"  partner {partner}: {line}" for line in lines]


def _words(row: tuple) -> str:
    return " | ".join(str(value) for value in row)
