"""What a fresh account has, and how to fill one with invented people."""

from . import people

STAGES = ("To Contact", "In Contact", "Follow Up")
FIRST_NAMES = (
    "Ada Björn Chloé Dimitri Elif Fátima Gwen Håkon Inès Jürgen Kofi Łucja".split()
)
LAST_NAMES = (
    "Almeida Brânză Çelik Dvořák Eriksen Fuß Grön Høst Iñigo Jakšić Ōta Žižka".split()
)


def furnish(account):
    """One user, list, pipeline with three stages, automation, campaign; two scores."""
    add_user(account, "admin", "Sim", "Admin", "admin@example.com")
    account.add("groups", title="Admin", p_admin="1")
    add_list(account, "Newsletter")
    account.add("groupDefinitions", type_id=1, label="{**DEFAULT**}", ordernum=1)
    add_pipeline(account, "Sales", "usd")
    add_automation(account, "Welcome", ("subscribe", "purchase"))
    for reltype, name in (("contact", "Engagement"), ("deal", "Deal score")):
        add_score(account, reltype, name)


def add_user(account, username, first, last, email):
    """A user who may own deals."""
    return account.add(
        "users",
        username=username,
        firstName=first,
        lastName=last,
        email=email,
        cdate=account.iso(),
        udate=account.iso(),
    )


def add_list(account, name, **values):
    """A list; `stringid` is made from the name unless given."""
    given = {
        "stringid": name.lower().replace(" ", "-"),
        "sender_url": "https://example.com",
    }
    return account.add("lists", name=name, cdate=account.iso(), **given | values)


def add_pipeline(account, title, currency, **values):
    """A pipeline with the three stages that AC makes by itself."""
    flags = {"allgroups": "1", "allusers": "1", "autoassign": "1"}
    pipeline = account.add(
        "dealGroups",
        title=title,
        currency=currency,
        cdate=account.iso(),
        udate=account.iso(),
        **flags | values,
    )
    for order, name in enumerate(STAGES, 1):
        add_stage(account, pipeline, name, order)
    return pipeline


def add_stage(account, pipeline, title, order, **values):
    """A stage at the end of a pipeline."""
    return account.add(
        "dealStages",
        title=title,
        group=pipeline["id"],
        order=order,
        cdate=account.iso(),
        udate=account.iso(),
        **values,
    )


def add_automation(account, name, starts=()):
    """An active automation; `starts` are the occasions that enter a contact."""
    return account.add(
        "automations",
        name=name,
        cdate=account.iso(),
        mdate=account.iso(),
        userid="1",
        status="1",
        entered="0",
        exited="0",
        hidden="0",
        defaultscreenshot="https://example.com/default.gif",
        screenshot="https://example.com/automation.png",
        _starts=tuple(starts),
    )


def add_score(account, reltype, name):
    """A score of contacts or deals."""
    return account.add(
        "scores",
        reltype=reltype,
        name=name,
        descript=f"{name} of a {reltype}",
        status="1",
        cdate=account.iso(),
        mdate=account.iso(),
    )


def add_field(account, title, kind="text", **values):
    """A custom field of contacts; the tag is upper case without spaces."""
    given = str(values.pop("perstag", None) or "").replace(" ", "")
    perstag = (given or title.replace(" ", "_")).upper()
    stamps = {"cdate": account.iso(), "udate": account.iso()}
    order = {"ordernum": len(account["fields"]) + 1}
    return account.add(
        "fields", title=title, type=kind, perstag=perstag, **stamps | order | values
    )


def fill(account, contacts=0, fields=0, tags=0, lists=0, automations=0):
    """Add so many invented records of each kind; returns the counts added."""
    number = len(account["contacts"])
    for _ in range(fields):
        field = add_field(account, f"Field {len(account['fields']) + 1}")
        account.add(
            "fieldRels", field=field["id"], relid="0", dorder="0", cdate=account.iso()
        )
    for _ in range(tags):
        people.tag_named(account, f"Tag {len(account['tags']) + 1}")
    for _ in range(lists):
        add_list(account, f"List {len(account['lists']) + 1}")
    for _ in range(automations):
        add_automation(account, f"Automation {len(account['automations']) + 1}")
    for position in range(number + 1, number + contacts + 1):
        people.create_contact(account, invented(account, position), quiet=True)
    return {
        "contacts": contacts,
        "fields": fields,
        "tags": tags,
        "lists": lists,
        "automations": automations,
    }


def invented(account, position):
    """Values of an invented person; `position` makes the e-mail unique."""
    return {
        "email": f"person{position}@example.com",
        "firstName": account.random.choice(FIRST_NAMES),
        "lastName": account.random.choice(LAST_NAMES),
        "phone": f"+1555555{account.random.randrange(10000):04d}",
    }
