"""The table of deals: move them, win them, lose them."""

from ..account import number
from .forms import send_form
from .html import button, chip, choice, field, section, table, tag
from .rows import latest, money

STATUS = {"0": ("open", ""), "1": ("won", "good"), "2": ("lost", "bad")}
# What a button says that gives a deal this status.
VERBS = {"0": "reopen", "1": "won", "2": "lost"}


def deals_section(account):
    """The newest deals with what a user does to them."""
    heads = ("Id", "Title", "Value", "Stage", "Status", "Do")
    rows = [deal_row(account, deal) for deal in latest(account["deals"])]
    return section("Deals", table(heads, rows))


def deal_row(account, deal):
    """One line of the table of deals."""
    stage = account["dealStages"][number(deal["stage"])]
    status = str(deal.get("status") or 0)
    doing = (stage_form(account, deal, stage), status_form(deal, status))
    return (
        deal["id"],
        deal["title"],
        money(deal["value"], deal["currency"]),
        stage["title"],
        chip(*STATUS.get(status, ("?", ""))),
        tag("div", *doing, class_="row"),
    )


def stage_form(account, deal, stage):
    """Move a deal to another stage of its pipeline."""
    stages = account.where("dealStages", group=stage["group"])
    stages.sort(key=lambda other: number(other["order"]))
    titles = [(other["id"], other["title"]) for other in stages]
    return change_form(deal, choice("stage", titles, stage["id"]), button("move"))


def status_form(deal, status):
    """A button for each status that a deal does not have."""
    others = [(value, verb) for value, verb in VERBS.items() if value != status]
    buttons = [button(verb, name="status", value=value) for value, verb in others]
    return change_form(deal, *buttons)


def change_form(deal, *inner):
    """A form that changes columns of a deal."""
    which = field("deal", deal["id"], type="hidden")
    return send_form("deal_update", which, *inner)
