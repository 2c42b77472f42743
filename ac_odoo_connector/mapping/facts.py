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
