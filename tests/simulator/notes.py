"""Notes and tasks of contacts, deals and accounts."""

from . import payloads
from .account import number

OWNERS = {
    "Subscriber": ("contact", "contacts"),
    "Deal": ("deal", "deals"),
    "CustomerAccount": ("account", "accounts"),
    "DealTask": ("task", "dealTasks"),
    "Activity": ("activity", "activities"),
}


def add_note(account, reltype, relid, text, source="api"):
    """A note on a contact, deal, account or task."""
    owner, plural = OWNERS[reltype]
    target = account.need(plural, relid)
    note = account.add(
        "notes",
        relid=target["id"],
        reltype=reltype,
        note=str(text or ""),
        cdate=account.iso(),
        mdate=account.iso(),
        owner={"type": owner, "id": str(target["id"])},
    )
    if reltype == "Subscriber":
        parts = payloads.about_contact(account, target) | {"note": note["note"]}
        account.emit("subscriber_note", source, parts)
    elif reltype == "Deal":
        said = {"note": {"id": note["id"], "text": note["note"]}}
        account.emit(
            "deal_note_add", source, payloads.about_deal(account, target) | said
        )
    return note


def add_task(account, values, source="api"):
    """A task of a contact or deal."""
    reltype = "Deal" if values.get("ownerType") == "deal" else "Subscriber"
    owner, plural = OWNERS[reltype]
    target = account.need(plural, values.get("relid"))
    names = ("title", "note", "duedate", "edate", "status", "dealTasktype", "assignee")
    given = {name: values[name] for name in names if name in values}
    task = account.add(
        "dealTasks",
        relid=target["id"],
        reltype=reltype,
        cdate=account.iso(),
        udate=account.iso(),
        owner={"type": owner, "id": str(target["id"])},
        **given,
    )
    event = "deal_task_add" if reltype == "Deal" else "contact_task_add"
    account.emit(event, source, payloads.about_task(account, task))
    return task


def edit_task(account, task, values, source="api"):
    """Change a task; done for the first time, it tells of it."""
    names = ("title", "note", "duedate", "edate", "status", "dealTasktype", "assignee")
    was_done = number(task.get("status"))
    given = {name: values[name] for name in names if name in values}
    account.change("dealTasks", task, udate=account.iso(), **given)
    if number(task.get("status")) and not was_done:
        task["donedate"] = account.iso()
        account.emit("deal_task_complete", source, payloads.about_task(account, task))
