"""What a fresh account has, and the verbs that add such things."""

STAGES = ("To Contact", "In Contact", "Follow Up")


def furnish(account):
    """One user, list, pipeline with three stages, automation, campaign; two groups of
    users, two scores."""
    add_user(account, "admin", "Sim", "Admin", "admin@example.com")
    account.add("groups", title="Admin", p_admin="1")
    account.add("groups", title="Sales", p_admin="0")
    add_list(account, "Newsletter")
    account.add("groupDefinitions", type_id=1, label="{**DEFAULT**}", ordernum=1)
    add_pipeline(account, "Sales", "usd")
    add_automation(account, "Welcome", ("subscribe", "purchase"))
    for title in ("Call", "Email"):
        add_task_type(account, title)
    account.add("forms", name="Newsletter form", cdate=account.iso(), title="")
    for name in ("__pagevisit", "__redir"):
        account.add("eventTrackingEvents", name=name)
    add_campaign(account, "Spring news", "News for you")
    for reltype, name in (("contact", "Engagement"), ("deal", "Deal score")):
        add_score(account, reltype, name)


def add_user(account, username, first, last, email, group="1"):
    """A user who may own deals, in a group of users."""
    return account.add(
        "users",
        username=username,
        firstName=first,
        lastName=last,
        email=email,
        cdate=account.iso(),
        udate=account.iso(),
        _group=str(group),
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
        entitlements_violation="0",
        source="0",
        description=None,
        exit_on_unsubscribe="0",
        exit_on_conversion="0",
        multientry="1",
        defaultscreenshot="https://example.com/default.gif",
        screenshot="https://example.com/automation.png",
        _starts=tuple(starts),
    )


def add_task_type(account, title):
    """A type of tasks."""
    return account.add(
        "dealTasktypes",
        title=title,
        status="1",
        defduration="15",
        cdate=account.iso(),
        udate=account.iso(),
    )


def add_campaign(account, name, subject):
    """A campaign that has been sent."""
    return account.add(
        "campaigns",
        name=name,
        status="5",
        type="single",
        send_amt="1",
        cdate=account.iso(),
        mdate=account.iso(),
        sdate=account.iso(),
        ldate=account.iso(),
        _subject=subject,
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
