# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The resources of the API under the names they have on the client."""

from .accounts import AccountContacts, Accounts
from .automations import Automations, ContactAutomations
from .contacts import ContactLists, Contacts, ContactTags, FieldValues, Notes
from .deals import ContactDeals, DealNotes, Deals, Pipelines, Stages
from .ecommerce import Connections, EcomCustomers, EcomOrders
from .engagement import Activities, Campaigns, Scores
from .graphql import GraphQL
from .imports import Imports
from .meta import AccountFieldData, AccountFields, DealFieldData, DealFields
from .people import Account, Groups, Users
from .tracking import EventTracking, SiteTracking
from .vocabulary import (
    FieldOptions,
    FieldRels,
    Fields,
    GroupMembers,
    MailingLists,
    Tags,
)
from .webhooks import Webhooks

ALL = {
    "contacts": Contacts,
    "imports": Imports,
    "tags": Tags,
    "contact_tags": ContactTags,
    "lists": MailingLists,
    "contact_lists": ContactLists,
    "fields": Fields,
    "field_options": FieldOptions,
    "field_rels": FieldRels,
    "group_members": GroupMembers,
    "field_values": FieldValues,
    "notes": Notes,
    "accounts": Accounts,
    "account_contacts": AccountContacts,
    "account_fields": AccountFields,
    "account_field_data": AccountFieldData,
    "deals": Deals,
    "pipelines": Pipelines,
    "stages": Stages,
    "deal_notes": DealNotes,
    "contact_deals": ContactDeals,
    "deal_fields": DealFields,
    "deal_field_data": DealFieldData,
    "automations": Automations,
    "contact_automations": ContactAutomations,
    "connections": Connections,
    "ecom_customers": EcomCustomers,
    "ecom_orders": EcomOrders,
    "graphql": GraphQL,
    "webhooks": Webhooks,
    "users": Users,
    "groups": Groups,
    "account": Account,
    "scores": Scores,
    "activities": Activities,
    "campaigns": Campaigns,
    "event_tracking": EventTracking,
    "site_tracking": SiteTracking,
}
