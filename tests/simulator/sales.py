"""What can be done to accounts and deals: the same verbs for everyone."""

from . import payloads
from .account import number
from .errors import invalid

ONE_ACCOUNT = (
    "This contact is already associated with an account. We currently do not support "
    "contacts on multiple accounts."
)
DEAL_COLUMNS = (
    "title description contact account currency group owner percent stage status value"
).split()


# -------------------------------------------------------------------------- accounts


def create_account(account, values, source="api", quiet=False):
    """A new account; its name is unique."""
    name = str(values.get("name") or "")
    check_account_name(account, name)
    company = account.add(
        "accounts",
        name=name,
        accountUrl=values.get("accountUrl"),
        owner=str(values.get("owner") or 1),
        createdTimestamp=account.iso(),
        updatedTimestamp=account.iso(),
    )
    if not quiet:
        account.emit("account_add", source, payloads.about_account(account, company))
    return company


def check_account_name(account, name, other_than=None):
    """Refuse a missing name and one that another account has."""
    if not name:
        raise invalid("The account name was not provided.", "field_missing", "name")
    known = account["accounts"].lookup(name)
    if known and known is not other_than:
        title = f'An account named "{name}" already exists. Please choose a new name.'
        raise invalid(title, "duplicate", "name")


def edit_account(account, company, values, source="api"):
    """Change name, URL or owner of an account."""
    if "name" in values:
        check_account_name(account, str(values["name"] or ""), company)
    known = ("name", "accountUrl", "owner")
    changes = {k: v for k, v in values.items() if k in known and company.get(k) != v}
    account.change("accounts", company, updatedTimestamp=account.iso(), **changes)
    parts = payloads.about_account(account, company)
    account.emit("account_update", source, parts | {"updated_fields": list(changes)})


def delete_account(account, company):
    """Remove an account; its contacts and deals stay."""
    for record in account.where("accountContacts", account=company["id"]):
        unlink_account(account, record)
    drop_custom(account, "accountCustomFieldData", company)
    account.drop("accounts", company)


def drop_custom(account, plural, owner):
    """Remove the custom field values of an account or deal."""
    for key in owner.get("_custom", {}).values():
        account.drop(plural, account[plural][key])


def join_account(account, contact, name):
    """Link a contact to the account of this name unless it has one, as imports do."""
    if contact.get("_account"):
        return
    company = account["accounts"].lookup(name)
    company = company or create_account(account, {"name": name}, quiet=True)
    link_account(account, contact, company, quiet=True)


def link_account(account, contact, company, job_title="", source="api", quiet=False):
    """A new association; a contact can have one only."""
    if contact.get("_account"):
        raise invalid(ONE_ACCOUNT, "field_invalid", "account,contact")
    contact["_account"] = company["id"]
    record = account.add(
        "accountContacts",
        account=company["id"],
        contact=contact["id"],
        jobTitle=job_title,
        createdTimestamp=account.iso(),
        updatedTimestamp=account.iso(),
    )
    if not quiet:
        tell_association(account, "account_contact_add", record, source)
    return record


def unlink_account(account, record):
    """Remove an association; AC has no event for it."""
    contact = account.get("contacts", record["contact"])
    if contact:
        contact.pop("_account", None)
    account.drop("accountContacts", record)


def tell_association(account, event, record, source):
    """Emit an event about an association of contact and account."""
    contact = account.get("contacts", record["contact"])
    company = account.get("accounts", record["account"])
    parts = {"contact": payloads.contact_part(account, contact)}
    parts |= payloads.about_account(account, company)
    link = {name: record[name] for name in ("id", "account", "contact")}
    parts["accountContact"] = link | {"job_title": record["jobTitle"]}
    account.emit(event, source, parts)


# ----------------------------------------------------------------------------- deals


def create_deal(account, values, source="api"):
    """A new deal; `value` is in cents."""
    columns = {k: values[k] for k in DEAL_COLUMNS if k in values}
    columns = completed(account, columns)
    check_deal(account, columns)
    stamps = {"cdate": account.iso(), "mdate": account.iso()}
    if account.options.deal_cdate_accepted and values.get("cdate"):
        stamps["cdate"] = values["cdate"]
    deal = account.add("deals", hash=account.token(8), **columns, **stamps)
    deal["nextdealid"] = deal["id"]
    note_activity(account, deal, "add")
    account.emit("deal_add", source, payloads.about_deal(account, deal))
    return deal


def completed(account, columns):
    """Columns with what AC fills in: pipeline or stage, owner, account of all names."""
    stage = account.get("dealStages", columns.get("stage"))
    if stage is None and columns.get("stage"):
        account.need("dealStages", columns["stage"])
    pipeline = account.get(
        "dealGroups", columns.get("group") or (stage or {}).get("group")
    )
    if pipeline and stage is None:
        stages = account.where("dealStages", group=pipeline["id"])
        stage = min(stages, key=lambda row: number(row["order"]), default=None)
    owner = columns.get("owner")
    if not owner and pipeline and number(pipeline["autoassign"]):
        owner = next(iter(account["users"]))
    found = {"group": pipeline and pipeline["id"], "stage": stage and stage["id"]}
    return columns | found | {"owner": owner} | account_names(columns)


def account_names(columns):
    """One account under the three names a deal has for it."""
    if "account" not in columns:
        return {}
    names = ("account", "customerAccount", "organization")
    return dict.fromkeys(names, columns["account"] or None)


def check_deal(account, columns):
    """Refuse what AC refuses: the required attributes of OAS create-a-deal."""
    problems = {
        "title": not columns.get("title"),
        "contact": not (columns.get("contact") or columns.get("account")),
        "value": not is_amount(columns.get("value")),
        "currency": len(str(columns.get("currency") or "")) != 3,
        "group": not columns.get("group") or not columns.get("stage"),
        "owner": account.get("users", columns.get("owner")) is None,
    }
    for name, wrong in problems.items():
        if wrong:
            title = f"The deal {name} was not provided or is not valid."
            status = account.options.deal_invalid_status
            raise invalid(title, "field_invalid", name, status=status)
    for name, plural in (("contact", "contacts"), ("account", "accounts")):
        if columns.get(name):
            account.need(plural, columns[name])


def is_amount(value):
    """Whole cents, not negative."""
    return str(value).isdigit()


def edit_deal(account, deal, values, source="api"):
    """Change a deal; the event names the changed columns."""
    wanted = {k: v for k, v in values.items() if k in DEAL_COLUMNS}
    merged = deal | wanted
    if "stage" in wanted:
        stage = account.need("dealStages", wanted["stage"])
        wanted["group"] = merged["group"] = stage["group"]
    check_deal(account, merged)
    wanted |= account_names(wanted)
    changed = [k for k, v in wanted.items() if str(deal.get(k)) != str(v)]
    account.change("deals", deal, mdate=account.iso(), **wanted)
    for name in changed:
        note_activity(account, deal, "edit", name)
    if changed:
        parts = payloads.about_deal(account, deal)
        account.emit(
            "deal_update", source, parts | {"updated_fields": [*changed, "mdate"]}
        )


def note_activity(account, deal, action, data_type=""):
    """A line in the deal's history."""
    deal["activitycount"] = number(deal.get("activitycount")) + 1
    account.add(
        "dealActivities",
        d_id=deal["id"],
        d_stageid=deal["stage"],
        userid="1",
        dataId="0",
        dataType=data_type,
        dataAction=action,
        dataOldval="",
        cdate=account.iso(),
        sortdate=account.iso(),
        isAddtask="0",
        deleted="0",
        seriesid="0",
        deal=deal["id"],
        stage=None,
        user="1",
        automation=None,
    )


def delete_deal(account, deal):
    """Remove a deal and what hangs on it; AC has no event for it."""
    drop_custom(account, "dealCustomFieldData", deal)
    for record in account.where("contactDeals", deal=deal["id"]):
        account.drop("contactDeals", record)
    account.drop("deals", deal)
