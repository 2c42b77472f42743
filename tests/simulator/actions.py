"""What people do in the account: contacts with e-mails, users in the interface."""

from . import history, notes, people, sales
from .account import number
from .errors import Refused
from .payloads import campaign_part


def target(account, values):
    """The contact an action is about, by `contact` (id) or `email`."""
    contact = account.get("contacts", values.get("contact"))
    contact = contact or account["contacts"].lookup(values.get("email"))
    if contact is None:
        raise Refused(404, {"message": "no such contact"})
    return contact


def mailing(account, values):
    """The list an action is about: `list` or the first one."""
    wanted = values.get("list") or next(iter(account["lists"]), 0)
    return account.need("lists", wanted)


def campaign(account, values):
    """The campaign an action is about: `campaign` or the first one."""
    wanted = values.get("campaign") or next(iter(account["campaigns"]), 0)
    return account.need("campaigns", wanted)


# event: columns of the campaign that count it
COUNTED = {
    "open": ("opens", "uniqueopens"),
    "click": ("linkclicks", "uniquelinkclicks"),
    "reply": ("replies",),
    "forward": ("forwards",),
    "share": ("socialshares",),
}


def count(record, columns):
    """Add one to numbers that are kept as strings."""
    for column in columns:
        record[column] = str(number(record.get(column)) + 1)


TELLING = ("open", "click")
"""Events that tell a campaign with its name; the others tell its id (API facts)."""


def engage(event, make=lambda values: {}):
    """An action of a contact with a campaign; `make(values)` gives its own keys."""

    def act(account, values):
        contact = target(account, values)
        record = campaign(account, values)
        count(record, COUNTED[event])
        known = campaign_part(record) if event in TELLING else {"id": record["id"]}
        parts = {"campaign": known} | make(values)
        source = values.get("source", "public")
        people.tell(account, event, source, contact, parts)
        return contact["id"]

    return act


def link(values):
    """`link[...]` of a click."""
    url = values.get("url", "https://example.com/offer")
    return {"link": {"id": values.get("link", 1), "url": url}}


def bounce(account, values):
    """A hard (default) or soft bounce; a hard one marks all subscriptions."""
    contact = target(account, values)
    kind = values.get("type", "hard")
    record = campaign(account, values)
    count(contact, [f"bounced_{kind}"])
    count(record, [f"{kind}bounces"])
    history.remember_bounce(account, contact, record, "5.1.1")
    contact["bounced_date"] = account.iso()[:10]
    for row in account.where("contactLists", contact=contact["id"]):
        if kind == "hard":
            row["status"] = people.BOUNCED
    details = {"type": kind, "code": "5.1.1", "description": "Address does not exist"}
    parts = {"campaign": {"id": record["id"]}, "bounce": details}
    people.tell(account, "bounce", "system", contact, parts)
    return contact["id"]


def sent(account, values):
    """A campaign has been sent: says how many, not who. A contact that is given counts
    it among its own."""
    if values.get("contact") or values.get("email"):
        count(target(account, values), ["sentcnt"])
    part = campaign_part(campaign(account, values))
    part["recipients"] = values.get("recipients", 1)
    account.emit("sent", values.get("source", "admin"), {"campaign": part})


def score(account, values):
    """A contact reaches a `value` of the first score of contacts; AC tells nobody."""
    contact = target(account, values)
    scores = account.where("scores", reltype="contact")
    account.add(
        "scoreValues",
        score=scores[0]["id"],
        contact=contact["id"],
        deal=None,
        cdate=account.iso(),
        mdate=account.iso(),
        scoreValue=str(values["value"]),
    )
    return contact["id"]


def subscribe(account, values):
    """A contact, new or known, joins a list; with `form` as a form submission."""
    email = people.normal(values.get("email"))
    contact = account.get("contacts", values.get("contact"))
    contact = contact or account["contacts"].lookup(email)
    contact = contact or people.create_contact(account, values, "public", quiet=True)
    extra = {"form": values["form"]} if values.get("form") else {}
    source = values.get("source", "public")
    people.set_list_status(
        account, contact, mailing(account, values), "1", source, **extra
    )
    return contact["id"]


def form(account, values):
    """A form is sent in: `subscribe` with `form[id]`."""
    return subscribe(account, {"form": 1} | values)


def unsubscribe(account, values):
    """A contact leaves a list, with an optional reason."""
    contact = target(account, values)
    source = values.get("source", "public")
    people.set_list_status(
        account,
        contact,
        mailing(account, values),
        "2",
        source,
        unsubreason=values.get("reason"),
    )
    return contact["id"]


def tag(account, values):
    """A user gives a contact a tag."""
    contact = target(account, values)
    record = people.tag_named(account, values["tag"])
    people.tag_contact(account, contact, record, values.get("source", "admin"))
    return contact["id"]


def untag(account, values):
    """A user takes a tag from a contact."""
    contact = target(account, values)
    record = account["tags"].lookup(values["tag"])
    association = record and account.get(
        "contactTags", contact["_tags"].get(record["id"])
    )
    if association:
        people.untag_contact(account, association, values.get("source", "admin"))
    return contact["id"]


def edit(account, values):
    """A user changes a contact: any of email (as `new_email`), names, phone, fields."""
    contact = target(account, values)
    changes = {k: v for k, v in values.items() if k in people.NAMES}
    fields = values.get("fields") or {}
    changes["fieldValues"] = [{"field": k, "value": v} for k, v in fields.items()]
    changes["email"] = values.get("new_email") or contact["email"]
    people.edit_contact(account, contact, changes, values.get("source", "admin"))
    return contact["id"]


def delete(account, values):
    """A user deletes a contact; AC has no event for it."""
    people.delete_contact(account, target(account, values))


def about_contact(event, make, source="admin"):
    """An action that only tells of something about a contact."""

    def act(account, values):
        contact = target(account, values)
        people.tell(account, event, values.get("source", source), contact, make(values))
        return contact["id"]

    return act


def sms(**parts):
    """Keys of an SMS event, each from the action's values or this default."""
    return lambda values: {
        "sms": {"id": 1} | {k: values.get(k, v) for k, v in parts.items()}
    }


# ------------------------------------------------------------ accounts, deals, tasks


def deal_add(account, values):
    """A user opens a deal; values as in the API, money in cents."""
    given = {"currency": "usd", "group": next(iter(account["dealGroups"]), 0)}
    if values.get("email"):
        given["contact"] = target(account, values)["id"]
    source = values.get("source", "admin")
    return sales.create_deal(account, given | values, source)["id"]


def deal_update(account, values):
    """A user changes a deal: `deal` and any of its columns, such as stage or status."""
    deal = account.need("deals", values.get("deal"))
    sales.edit_deal(account, deal, values, values.get("source", "admin"))
    return deal["id"]


def deal_note(account, values):
    """A user writes a note on a deal."""
    text, source = values.get("note", "A note"), values.get("source", "admin")
    return notes.add_note(account, "Deal", values.get("deal"), text, source)["id"]


def task_add(account, values):
    """A user plans a task of a deal (`deal`) or of a contact."""
    deal, source = values.get("deal"), values.get("source", "admin")
    owner = {"ownerType": "deal", "relid": deal}
    if not deal:
        owner = {"ownerType": "contact", "relid": target(account, values)["id"]}
    when = {"duedate": account.iso(account.now() + 86400), "edate": account.iso()}
    return notes.add_task(account, when | values | owner, source)["id"]


def task_complete(account, values):
    """A user finishes a task."""
    task = account.need("dealTasks", values.get("task"))
    notes.edit_task(account, task, {"status": 1}, values.get("source", "admin"))
    return task["id"]


def account_update(account, values):
    """A user changes an account: `account` and any of name, accountUrl, owner."""
    company = account.need("accounts", values.get("account"))
    sales.edit_account(account, company, values, values.get("source", "admin"))
    return company["id"]


ACTIONS = {
    "deal_add": deal_add,
    "deal_update": deal_update,
    "deal_note": deal_note,
    "task_add": task_add,
    "task_complete": task_complete,
    "account_update": account_update,
    "open": engage("open", lambda values: {"User-Agent": "Mozilla/5.0"}),
    "click": engage("click", link),
    "reply": engage(
        "reply", lambda v: {"result": "", "message": v.get("message", "Hello")}
    ),
    "forward": engage("forward", lambda v: {"forward": {"count": v.get("count", 1)}}),
    "share": engage(
        "share",
        lambda v: {
            "share": {"network": v.get("network", "x"), "network_id": 1, "content": ""}
        },
    ),
    "bounce": bounce,
    "sent": sent,
    "score": score,
    "subscribe": subscribe,
    "form": form,
    "unsubscribe": unsubscribe,
    "tag": tag,
    "untag": untag,
    "edit": edit,
    "delete": delete,
    "note": about_contact(
        "subscriber_note", lambda v: {"note": v.get("note", "A note")}
    ),
    "sms_sent": about_contact(
        "sms_sent", sms(recipient="+15555550100", successful=1, comment=""), "system"
    ),
    "sms_reply": about_contact("sms_reply", sms(reply="YES", result=""), "public"),
    "sms_unsub": about_contact("sms_unsub", sms(phone="+15555550100"), "public"),
}
