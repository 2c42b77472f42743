# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign holds in the custom fields of one record."""


def held(client, object_name, remote_id):
    """Return ``{AC field id: text}`` of one contact, account or deal.

    One request; several values as ``||a||b||``, which is how AC spells them.
    """
    if object_name == "contact":
        rows = client.contacts.get(remote_id).data.get("fieldValues") or []
        return {str(row["field"]): written(row.get("value")) for row in rows}
    if object_name == "deal":
        rows = client.deal_field_data.list(filters={"dealId": remote_id})
    else:
        rows = client.account_field_data.list(filters={"customerAccountId": remote_id})
    return {str(row["customFieldId"]): written(row.get("fieldValue")) for row in rows}


def written(value):
    """Return a value of an answer as text; some answers have lists."""
    if isinstance(value, list):
        return f"||{'||'.join(map(str, value))}||" if value else ""
    return "" if value is None else str(value)
