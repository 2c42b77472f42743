"""The literal table of every kind of record: envelope names, class name, links, defaults.

Keys and links are those of the documented answers and of recorded exchanges.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """`plural` names the table, the list envelope and the path; `key` is unique."""

    plural: str
    singular: str
    model: str
    links: tuple = ()
    key: str = ""
    defaults: dict = {}


CONTACT_LINKS = (
    "bounceLogs contactAutomations contactData contactGoals contactLists contactLogs "
    "contactTags contactDeals deals fieldValues geoIps notes organization plusAppend "
    "trackingLogs scoreValues accountContacts automationEntryCounts"
)
CONTACT_DEFAULTS = {
    "cdate": None,
    "email": "",
    "phone": "",
    "firstName": "",
    "lastName": "",
    "orgid": "0",
    "orgname": "",
    "segmentio_id": "",
    "bounced_hard": "0",
    "bounced_soft": "0",
    "bounced_date": None,
    "ip": "0",
    "ua": None,
    "hash": "",
    "socialdata_lastcheck": None,
    "email_local": "",
    "email_domain": "",
    "sentcnt": "0",
    "rating_tstamp": None,
    "gravatar": "0",
    "deleted": "0",
    "anonymized": "0",
    "adate": None,
    "udate": None,
    "edate": None,
    "deleted_at": None,
    "created_utc_timestamp": "",
    "updated_utc_timestamp": "",
    "created_timestamp": "",
    "updated_timestamp": "",
    "created_by": "0",
    "updated_by": "0",
    "email_empty": False,
    "mpp_tracking": "0",
    "scoreValues": [],
    "organization": None,
}
LIST_DEFAULTS = {
    "stringid": "",
    "userid": "1",
    "name": "",
    "cdate": None,
    "p_use_tracking": "1",
    "p_use_analytics_read": "0",
    "p_use_analytics_link": "0",
    "p_use_twitter": "0",
    "p_use_facebook": "0",
    "p_embed_image": "1",
    "p_use_captcha": "1",
    "send_last_broadcast": "0",
    "private": "0",
    "analytics_domains": None,
    "analytics_source": "",
    "analytics_ua": "",
    "twitter_token": "",
    "twitter_token_secret": "",
    "facebook_session": None,
    "carboncopy": None,
    "subscription_notify": None,
    "unsubscription_notify": None,
    "require_name": "0",
    "get_unsubscribe_reason": "0",
    "to_name": "Subscriber",
    "optinoptout": "1",
    "sender_name": "",
    "sender_addr1": "",
    "sender_addr2": "",
    "sender_city": "",
    "sender_state": "",
    "sender_zip": "",
    "sender_country": "",
    "sender_phone": "",
    "sender_url": "",
    "sender_reminder": "",
    "fulladdress": "",
    "optinmessageid": "0",
    "optoutconf": "0",
    "deletestamp": None,
    "udate": None,
    "user": "1",
}
CONTACT_LIST_DEFAULTS = {
    "contact": "",
    "list": "",
    "form": None,
    "seriesid": "0",
    "sdate": None,
    "udate": None,
    "status": "1",
    "responder": "1",
    "sync": "0",
    "unsubreason": None,
    "campaign": None,
    "message": None,
    "first_name": "",
    "last_name": "",
    "ip4Sub": "0",
    "sourceid": "0",
    "autosyncLog": None,
    "ip4_last": "0",
    "ip4Unsub": "0",
    "created_by": None,
    "updated_by": None,
    "unsubscribeAutomation": None,
    "automation": None,
}
FIELD_DEFAULTS = {
    "title": "",
    "descript": None,
    "type": "text",
    "isrequired": "0",
    "perstag": "",
    "defval": None,
    "show_in_list": "0",
    "rows": "0",
    "cols": "0",
    "visible": "1",
    "service": "",
    "ordernum": "0",
}
STAGE_DEFAULTS = {
    "cardRegion1": "title",
    "cardRegion2": "next-action",
    "cardRegion3": "show-avatar",
    "cardRegion4": "contact-fullname-orgname",
    "cardRegion5": "value",
    "color": "18D499",
    "dealOrder": "next-action DESC",
    "width": "280",
}
CONTACT_AUTOMATION_DEFAULTS = {
    "contact": "",
    "seriesid": "",
    "startid": "0",
    "status": "1",
    "batchid": None,
    "adddate": None,
    "remdate": None,
    "timespan": None,
    "lastblock": "1",
    "lastlogid": "0",
    "lastdate": None,
    "in_als": "0",
    "completedElements": "0",
    "totalElements": "1",
    "completed": 0,
    "completeValue": 0,
}
USER_DEFAULTS = {
    "username": "",
    "firstName": "",
    "lastName": "",
    "email": "",
    "phone": "",
    "signature": None,
    "lang": "english",
    "localZoneid": "America/New_York",
}
OWNED_VALUE = {"created_by": None, "updated_by": None}
AUTOMATION_LINKS = (
    "campaigns contactGoals contactAutomations blocks goals sms sitemessages"
)
CONTACT_LIST_LINKS = (
    "automation list contact form autosyncLog campaign unsubscribeAutomation message"
)


def _kind(plural, singular, model, links="", key="", defaults=None):
    return Kind(plural, singular, model, tuple(links.split()), key, defaults or {})


KINDS = {
    kind.plural: kind
    for kind in (
        _kind(
            "contacts",
            "contact",
            "Subscriber",
            CONTACT_LINKS,
            "email",
            CONTACT_DEFAULTS,
        ),
        _kind("tags", "tag", "Tag", "contactGoalTags", "tag"),
        _kind("contactTags", "contactTag", "SubscriberTag", "contact tag"),
        _kind(
            "lists",
            "list",
            "_List",
            "contactGoalLists user addressLists",
            defaults=LIST_DEFAULTS,
        ),
        _kind(
            "contactLists",
            "contactList",
            "SubscriberList",
            CONTACT_LIST_LINKS,
            defaults=CONTACT_LIST_DEFAULTS,
        ),
        _kind("listGroups", "listGroup", "ListGroup", "list group"),
        _kind("exclusions", "exclusion", "Exclusion"),
        _kind("fields", "field", "Field", "options relations", "title", FIELD_DEFAULTS),
        _kind("fieldOptions", "fieldOption", "FieldOption", "field"),
        _kind("fieldRels", "fieldRel", "FieldRel"),
        _kind(
            "fieldValues",
            "fieldValue",
            "FieldValue",
            "owner field",
            defaults=OWNED_VALUE,
        ),
        _kind(
            "groupDefinitions",
            "groupDefinition",
            "GroupDefinition",
            "groupMembers groupType",
        ),
        _kind("groupMembers", "groupMember", "GroupMember", "groupDefinition"),
        _kind(
            "users",
            "user",
            "User",
            "lists userGroup dealGroupTotals dealGroupUsers configs",
            "username",
            USER_DEFAULTS,
        ),
        _kind(
            "groups",
            "group",
            "Group",
            "userGroups groupLimit dealGroupGroups listGroups addressGroups automationGroups",
        ),
        _kind("automations", "automation", "Series", AUTOMATION_LINKS),
        _kind(
            "contactAutomations",
            "contactAutomation",
            "SubscriberSeries",
            "automation contact contactGoals automationLogs",
            defaults=CONTACT_AUTOMATION_DEFAULTS,
        ),
        _kind("scores", "score", "Score"),
        _kind("scoreValues", "scoreValue", "ScoreValue", "score contact deal"),
        _kind(
            "dealGroups",
            "dealGroup",
            "DealGroup",
            "dealGroupGroups dealGroupUsers stages",
        ),
        _kind("dealStages", "dealStage", "DealStage", "group", defaults=STAGE_DEFAULTS),
        _kind("accounts", "account", "CustomerAccount", "notes", "name"),
        _kind(
            "accountContacts",
            "accountContact",
            "CustomerAccountSubscriber",
            "account contact",
        ),
        _kind("webhooks", "webhook", "Webhook"),
    )
}
