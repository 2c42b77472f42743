"""All routes of the API, family by family."""

from .resources import (
    automations,
    contacts,
    field_groups,
    fields,
    imports,
    lists,
    pipelines,
    tags,
    users,
    webhooks,
)

FAMILIES = (
    contacts,
    imports,
    tags,
    lists,
    fields,
    field_groups,
    automations,
    pipelines,
    users,
    webhooks,
)
ROUTES = [route for family in FAMILIES for route in family.ROUTES]
