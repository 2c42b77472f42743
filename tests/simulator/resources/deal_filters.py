"""GET /deals: filters and orders (OAS list-all-deals)."""

from ..account import number
from ..moments import seconds

SEARCHED = {"title": ["title"], "all": ["title", "contact", "org"]}


def selected(call):
    """The deals that pass every filter of the query."""
    wanted = call.filters()
    tests = [
        make(call, wanted[name]) for name, make in FILTERS.items() if name in wanted
    ]
    if wanted.get("search"):
        tests.append(searched(call, wanted))
    deals = call.account["deals"].values()
    return [deal for deal in deals if all(test(deal) for test in tests)]


def searched(call, wanted):
    """`filters[search]` in `filters[search_field]`: title, contact, org or all."""
    needle, where = wanted["search"].casefold(), wanted.get("search_field", "all")
    names = SEARCHED.get(where, [where])
    return lambda deal: any(needle in texts(call, deal)[name] for name in names)


def texts(call, deal):
    """What a search looks at, in small letters."""
    contact = call.account.get("contacts", deal.get("contact")) or {}
    company = call.account.get("accounts", deal.get("account")) or {}
    person = [contact.get(name, "") for name in ("firstName", "lastName", "email")]
    return {
        "title": deal["title"].casefold(),
        "contact": " ".join(person).casefold(),
        "org": company.get("name", "").casefold(),
    }


def equals(column):
    """The column has this value."""
    return lambda call, value: lambda deal: str(deal.get(column) or 0) == value


def moment(column, sign):
    """The date lies before (-1) or after (1) the value."""

    def make(call, value):
        border = seconds(call.account, value)
        return lambda deal: sign * (seconds(call.account, deal[column]) - border) > 0

    return make


def amount(sign):
    """The value, in units of the currency, is at least (1) or at most (-1) this."""

    def make(call, value):
        border = 100 * float(value)
        return lambda deal: sign * (number(deal["value"]) - border) >= 0

    return make


def has_tag(call, value):
    """A contact with this tag; -1 any tag, -2 none."""

    def test(deal):
        contact = call.account.get("contacts", deal.get("contact")) or {"_tags": {}}
        if value in ("-1", "-2"):
            return bool(contact["_tags"]) == (value == "-1")
        return number(value) in contact["_tags"]

    return test


FILTERS = {
    "title": lambda call, value: (
        lambda deal: value.casefold() in deal["title"].casefold()
    ),
    "stage": equals("stage"),
    "group": equals("group"),
    "status": equals("status"),
    "owner": equals("owner"),
    "organization": equals("organization"),
    "tag": has_tag,
    "created_before": moment("cdate", -1),
    "created_after": moment("cdate", 1),
    "updated_before": moment("mdate", -1),
    "updated_after": moment("mdate", 1),
    "minimum_value": amount(1),
    "maximum_value": amount(-1),
}
ORDERS = {
    "title": lambda deal: deal["title"].casefold(),
    "value": lambda deal: number(deal["value"]),
    "cdate": lambda deal: deal["cdate"],
}


def ordered(call, deals):
    """By the first known `orders[...]`, else by id; which of two equal ones comes first
    is not the same for every request where the order is not stable."""
    deals = call.mixed(deals)
    for name, direction in call.orders().items():
        if name in ORDERS:
            return sorted(deals, key=ORDERS[name], reverse=direction == "DESC")
    return deals
