# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A client of the ActiveCampaign API v3; needs requests and tenacity, not Odoo.

from activecampaign import ActiveCampaignClient

client = ActiveCampaignClient("https://acme.api-us1.com", key)
result = client.contacts.sync({"email": "ada@example.com", "firstName": "Ada"})
for tag in client.tags.list():
    print(tag["id"], tag["tag"])
"""

from .client import ActiveCampaignClient
from .errors import (
    ActiveCampaignError,
    AuthenticationError,
    Duplicate,
    FatalError,
    NotFound,
    Paused,
    RateLimited,
    Rejected,
    RetriableError,
    ServerError,
    SkippableError,
    UncertainOutcome,
    Unreachable,
    WrongHost,
)
from .limiter import Limiter, LocalLimiter
from .observer import Observer, Unobserved
from .result import Result
from .retry import RetryPolicy
from .webhook import (
    MalformedWebhook,
    deal_value,
    parse_webhook,
    text_list,
    webhook_from_pairs,
    webhook_timestamp,
)
from .webhook_event import EVENT_TYPES, WebhookEvent

__all__ = [
    "EVENT_TYPES",
    "ActiveCampaignClient",
    "ActiveCampaignError",
    "AuthenticationError",
    "Duplicate",
    "FatalError",
    "Limiter",
    "LocalLimiter",
    "MalformedWebhook",
    "NotFound",
    "Observer",
    "Paused",
    "RateLimited",
    "Rejected",
    "Result",
    "RetriableError",
    "RetryPolicy",
    "ServerError",
    "SkippableError",
    "UncertainOutcome",
    "Unobserved",
    "Unreachable",
    "WebhookEvent",
    "WrongHost",
    "deal_value",
    "parse_webhook",
    "text_list",
    "webhook_from_pairs",
    "webhook_timestamp",
]
