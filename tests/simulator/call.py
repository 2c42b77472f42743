"""One request of the API as the resource functions see it."""

import re
from dataclasses import dataclass, field

from .account import Account, number
from .errors import Refused
from .kinds import KINDS
from .options import Options
from .wire import shown

PAGE_SIZE, LARGEST_PAGE = 20, 100
BRACKET = re.compile(r"\[([^\]]*)\]")


@dataclass
class Call:
    """Path parameters, query (list of pairs), parsed JSON body, and the account.

    `size` is the length of the body in bytes; `sim` gives work to do after the answer.
    """

    account: Account
    options: Options
    base: str
    path: dict = field(default_factory=dict)
    query: list = field(default_factory=list)
    body: object = None
    size: int = 0
    sim: object = None

    def param(self, name, default=None):
        """The last value of a query parameter."""
        return dict(self.query).get(name, default)

    def params(self, name):
        """All values of `name[]`, `name[0]`… and `name`."""
        head = re.compile(rf"{re.escape(name)}(\[\d*\])?")
        return [value for key, value in self.query if head.fullmatch(key)]

    def brackets(self, name):
        """`{(inner, ...): value}` of every `name[inner]...=value`."""
        found = {}
        for key, value in self.query:
            if key.startswith(f"{name}["):
                found[tuple(BRACKET.findall(key))] = value
        return found

    def filters(self):
        """`{name: value}` of `filters[name]=value`."""
        return {key[0]: value for key, value in self.brackets("filters").items()}

    def orders(self):
        """`{name: "ASC" or "DESC"}` of `orders[name]=...`."""
        found = self.brackets("orders").items()
        return {key[0]: str(value).upper() for key, value in found}

    def envelope(self, name):
        """The object inside `{name: {...}}`; anything else is a 400."""
        inner = self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(inner, dict):
            raise Refused(400, {})
        return inner

    def record(self, plural, name="id"):
        """The record that the path names, else AC's 404."""
        return self.account.need(plural, self.path[name])

    def page(self, records):
        """One page of `records` by `limit` (20, at most 100) and `offset`."""
        limit = number(self.param("limit", PAGE_SIZE)) or PAGE_SIZE
        start = max(number(self.param("offset", 0)), 0) * self.options.listing_pages
        page = records[start : start + min(max(limit, 1), LARGEST_PAGE)]
        return self.mixed(page)

    def mixed(self, records):
        """The records, in another order each time where the account has no fixed one."""
        if self.options.listing_order == "stable":
            return records
        return self.account.random.sample(records, len(records))

    def show(self, plural, record):
        """A record as the API shows it."""
        return shown(plural, record, self.base)

    def show_all(self, plural, records):
        """Records as the API shows them."""
        return [shown(plural, record, self.base) for record in records]

    def one(self, plural, record):
        """`{singular: record}`."""
        return {KINDS[plural].singular: self.show(plural, record)}

    def many(self, plural, records):
        """A page of records with the total as a string, as most lists give it."""
        rows = self.show_all(plural, self.page(records))
        return {plural: rows, "meta": {"total": str(len(records))}}
