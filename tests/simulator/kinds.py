"""Every kind of record: envelope names, AC's class name, links, unique column.

Links are those of the documented answers and of recorded exchanges.
"""

from typing import NamedTuple

from .campaign_defaults import CAMPAIGN
from .defaults import DEFAULTS

# plural singular class: links
TABLE = """
contacts contact Subscriber: bounceLogs contactAutomations contactData contactGoals \
 contactLists contactLogs contactTags contactDeals deals fieldValues geoIps notes \
 organization plusAppend trackingLogs scoreValues accountContacts automationEntryCounts
tags tag Tag: contactGoalTags
contactTags contactTag SubscriberTag: contact tag
lists list _List: contactGoalLists user addressLists
contactLists contactList SubscriberList: automation list contact form autosyncLog \
 campaign unsubscribeAutomation message
listGroups listGroup ListGroup: list group
exclusions exclusion Exclusion:
fields field Field: options relations
fieldOptions fieldOption FieldOption: field
fieldRels fieldRel FieldRel:
fieldValues fieldValue FieldValue: owner field
groupDefinitions groupDefinition GroupDefinition: groupMembers groupType
groupMembers groupMember GroupMember: groupDefinition
users user User: lists userGroup dealGroupTotals dealGroupUsers configs
groups group Group: userGroups groupLimit dealGroupGroups listGroups addressGroups \
 automationGroups
automations automation Series: campaigns contactGoals contactAutomations blocks goals \
 sms sitemessages
contactAutomations contactAutomation SubscriberSeries: automation contact \
 contactGoals automationLogs
scores score Score:
scoreValues scoreValue ScoreValue: score contact deal
accounts account CustomerAccount: notes accountCustomFieldData accountContacts
accountContacts accountContact CustomerAccountSubscriber: account contact
accountCustomFieldMeta accountCustomFieldMetum AccountCustomFieldMeta: \
 accountCustomFieldData
accountCustomFieldData accountCustomFieldDatum AccountCustomFieldData: account \
 accountCustomFieldMetum
dealGroups dealGroup DealGroup: dealGroupGroups dealGroupUsers stages
dealStages dealStage DealStage: group
deals deal Deal: activities dealActivities contact contactDeals group nextTask notes \
 account customerAccount organization owner scoreValues stage tasks dealCustomFieldData
contactDeals contactDeal SubscriberDeal: deal contact role
dealRoles dealRole DealRole: contactDeals
dealCustomFieldMeta dealCustomFieldMetum DealCustomFieldMeta: dealCustomFieldData
dealCustomFieldData dealCustomFieldDatum DealCustomFieldData: deal dealCustomFieldMetum
dealActivities dealActivity DealActivity: deal stage user automation activity
notes note Note: activities mentions notes owner user
dealTasks dealTask DealTask: activities automation dealTasktype doneAutomation notes \
 owner taskNotifications user assignee
dealTasktypes dealTasktype DealTasktype: dealTasks
activities activity Activity: notes recipients reference user
bounceLogs bounceLog BounceLog: bounce contact campaign message code
campaigns campaign Campaign: user automation campaignMessage campaignMessages links \
 aggregateRevenues campaignLists
forms form Form: address
webhooks webhook Webhook:
connections connection Connection: customers options
ecomCustomers ecomCustomer EcomCustomer: connection orders
ecomOrders ecomOrder EcomOrder: connection customer orderProducts orderDiscounts \
 orderActivities
ecomOrderProducts ecomOrderProduct EcomOrderProduct: ecomOrder
ecomOrderDiscounts ecomOrderDiscount EcomOrderDiscount:
graphqlOrders graphqlOrder Order:
products product Product:
trackingLogs trackingLog TrackingLog: contact
eventTrackingEvents eventTrackingEvent EventTrackingEvent:
urlWhitelistings urlWhitelisting UrlWhitelisting:
"""
UNIQUE = {
    "contacts": "email",
    "tags": "tag",
    "fields": "title",
    "users": "username",
    "accounts": "name",
    "graphqlOrders": "_key",
    "products": "_key",
    "ecomOrders": "_key",
    "ecomCustomers": "_by_id _by_email",
    "eventTrackingEvents": "name",
    "urlWhitelistings": "name",
}


class Kind(NamedTuple):
    """`plural` names the table, the list envelope and the path; `unique` are indexed."""

    plural: str
    singular: str
    model: str
    links: tuple
    unique: tuple
    defaults: dict


def _kind(line):
    names, _, links = line.partition(":")
    plural, singular, model = names.split()
    defaults = CAMPAIGN if plural == "campaigns" else DEFAULTS.get(plural, {})
    return Kind(
        plural,
        singular,
        model,
        tuple(links.split()),
        tuple(UNIQUE.get(plural, "").split()),
        defaults,
    )


LINES = TABLE.strip().splitlines()
KINDS = {kind.plural: kind for kind in map(_kind, LINES)}
