"""What an account tells by its webhook, sent by ourselves."""

TOKEN = "token-of-these-tests-0123456789"


def form(number, type_="open", **values):
    """Return the form of one event; another number is another event."""
    return {
        "type": type_,
        "date_time": "2026-07-17T22:01:25-05:00",
        "contact[id]": "4711",
        "contact[email]": f"event{number}@example.com",
        **values,
    }


def events(account, email=None):
    """Return the types of the stored events, of one contact's e-mail or of all."""
    rows = account.sql(
        "SELECT type FROM ac_event WHERE %(email)s IS NULL "
        "OR payload->'contact'->>'email' = %(email)s ORDER BY id",
        {"email": email},
    )
    return [type_ for (type_,) in rows]
