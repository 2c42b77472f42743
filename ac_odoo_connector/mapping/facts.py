# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a mapping needs to know beyond its record; read once for a whole chunk."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Facts:
    """All keys are ids of Odoo records, all ActiveCampaign ids are strings.

    `mappings` compiled field mappings (`ac_id`, `policy`, `value(record) -> str`);
    `tags` ``{id: {name, ...}}`` the tags a contact shall have; `lists` ``{id: {AC
    list id: 1 or 2}}`` subscribe or unsubscribe, an absent list is left alone;
    `automations` ``{id: {AC automation id: entry}}`` to be entered once per entry;
    `accounts` ``{id: {"id": AC account id, "name": str}}`` of the record's company;
    `leave_links` companies are not synchronised; `owners` ``{Odoo user id: AC user id}``.
    """

    mappings: tuple = ()
    tags: dict = field(default_factory=dict)
    lists: dict = field(default_factory=dict)
    automations: dict = field(default_factory=dict)
    accounts: dict = field(default_factory=dict)
    leave_links: bool = False
    owners: dict = field(default_factory=dict)


@dataclass(frozen=True)
class SaleFacts(Facts):
    """What orders and products need; keys and ids as in `Facts`.

    `contacts` ``{partner id: AC contact id}`` and `account_ids` ``{partner id: AC account
    id}`` of those that are linked; `waiting` ids of partners that have just been marked;
    `stages` ``{order id: mapping.deal.Stage}``, absent where no line is mapped;
    `amounts` ``{order id: mapping.money.Amounts}``, absent without a rate;
    `roles` ``{"order_number", "order_date", "expected_close", "order_link": AC deal field
    id}`` as far as they exist; `connection` AC id of the shop's connection; `base_url` of
    this Odoo, without a slash at the end.
    """

    contacts: dict = field(default_factory=dict)
    account_ids: dict = field(default_factory=dict)
    waiting: frozenset = frozenset()
    stages: dict = field(default_factory=dict)
    amounts: dict = field(default_factory=dict)
    roles: dict = field(default_factory=dict)
    connection: str = ""
    base_url: str = ""
