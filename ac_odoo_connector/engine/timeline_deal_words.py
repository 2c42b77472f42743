# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a note says of deals, tasks and companies: ``(Told) -> Said``."""

from odoo.tools import format_datetime
from odoo.tools.misc import formatLang

from ..activecampaign import deal_value, webhook_timestamp
from ..mapping import text
from .timeline import Said
from .timeline_words import LONG, bold, quote

LARGEST = 10**15  # a greater value is none


def deal_added(event):
    """A deal was opened that no order belongs to."""
    title = _title(event)
    said = (
        event.env._("A deal was opened in ActiveCampaign: %s", title)
        if title
        else event.env._("A deal was opened in ActiveCampaign")
    )
    titles = (event.value("deal", key) for key in ("pipeline_title", "stage_title"))
    place = text.clean(" › ".join(filter(None, titles)), LONG)
    more = " · ".join(filter(None, (_amount(event), place)))
    return Said("deal", said, (more,) if more else ())


def _amount(event):
    """Return a deal's value in words. Webhooks tell units, not cents."""
    deal = event.payload.get("deal")
    value = deal_value(deal) if isinstance(deal, dict) else None
    if not value or abs(value) > LARGEST:
        return ""
    currency = text.clean(event.value("deal", "currency"), 3).upper()
    return f"{formatLang(event.env, float(value), digits=2)} {currency}"


def deal_noted(event):
    """A user of ActiveCampaign wrote a note on a deal."""
    title = _title(event)
    said = (
        event.env._("Note on the deal %s in ActiveCampaign", title)
        if title
        else event.env._("Note on a deal in ActiveCampaign")
    )
    written = quote(event.value("note", "text") or event.value("note"))
    return Said("deal", said, (written,) if written else ())


def task_added(event):
    """A task of a deal or a contact was planned."""
    task = _task(event)
    said = (
        event.env._("Task planned in ActiveCampaign: %s", task)
        if task
        else event.env._("Task planned in ActiveCampaign")
    )
    return Said("task", said, _about_task(event, "duedate"))


def task_completed(event):
    """A task of a deal or a contact is done."""
    task = _task(event)
    said = (
        event.env._("Task done in ActiveCampaign: %s", task)
        if task
        else event.env._("Task done in ActiveCampaign")
    )
    return Said("task", said, _about_task(event, "donedate"))


def account_changed(event):
    """A company was changed over there."""
    name = _account_name(event)
    said = (
        event.env._("Changed in ActiveCampaign: %s", name)
        if name
        else event.env._("Changed in ActiveCampaign")
    )
    return Said("account", said)


def account_added(event):
    """A company that Odoo knows was made over there."""
    name = _account_name(event)
    said = (
        event.env._("Added in ActiveCampaign: %s", name)
        if name
        else event.env._("Added in ActiveCampaign")
    )
    return Said("account", said)


def contact_of_account(event):
    """A person was linked with a company, or got another job title."""
    names = (event.value("contact", key) for key in ("first_name", "last_name"))
    name = bold(" ".join(filter(None, names)) or event.value("contact", "email"))
    job = text.clean(event.value("accountContact", "job_title"), LONG)
    said = (
        event.env._("Works here, says ActiveCampaign: %s", name)
        if name
        else event.env._("Somebody works here, says ActiveCampaign")
    )
    return Said("account", said, (job,) if job else ())


def _title(event):
    return bold(event.value("deal", "title"))


def _account_name(event):
    return bold(event.value("account", "name") or event.value("customer_acct_name"))


def _task(event):
    kind = event.value("task", "type_title")
    title = event.value("task", "title")
    return bold(": ".join(filter(None, (kind, title))))


def _about_task(event, moment):
    """Return the note of a task and when it is due or was done."""
    at = webhook_timestamp(
        event.value("task", f"{moment}_iso")
        or event.value("task", moment)
        or event.value("task", "dueDate")  # as the documentation spells it
    )
    when = at and format_datetime(
        event.env, at.replace(tzinfo=None), tz="UTC", dt_format="short"
    )
    if when:
        due = moment == "duedate"
        words = event.env._("Due %s UTC") if due else event.env._("Done %s UTC")
        when = words % when
    return tuple(filter(None, (quote(event.value("task", "note")), when)))
