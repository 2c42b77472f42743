"""What is not established about the API, or differs between accounts: choose it here."""

from dataclasses import asdict, dataclass, field, fields


@dataclass
class Options:
    """Every option has the most likely answer as its default.

    Latencies are seconds; the `webhook_*` chances are between 0 and 1.
    """

    utc_offset: str = "-05:00"
    escape_slashes: bool = True
    rate_headers: bool = True

    user_groups_told: bool = True  # is the link `userGroups` of a group answered?
    user_keys: list = field(default_factory=list)  # of the account's further users
    revoked_keys: list = field(default_factory=list)

    forbidden_body: dict = field(default_factory=lambda: {"message": "Forbidden"})
    limited_body: dict = field(default_factory=lambda: {"message": "Too Many Requests"})

    sync_created_status: int = 201
    sync_existing_status: int = 200
    invalid_email_status: int = 422
    contact_name_length: int | None = None
    contacts_include: bool = True  # does the list look at `include`?
    contacts_list_lacks: int = 0  # contacts that a list leaves out although they exist
    contact_list_numbers: str = "documented"  # or "strings", "ints"
    resubscribe_needs_sourceid: bool = False
    list_created_status: int = 201
    pipeline_created_status: int = 201
    field_created_shape: str = "observed"  # or "documented"
    field_value_created_status: int = 201

    tracking_account: str = "1"
    tracking_key: str = "simulator-event-key"

    import_latency: float = 1.0
    import_index_base: int = 0
    import_strict: bool = False
    import_success: str = "ids"  # or "emails"
    import_pending_status: str = "active"

    webhook_timeout: float = 10.0
    webhook_latency: float = 0.0
    webhook_duplicate: float = 0.0
    webhook_reorder: float = 0.0
    webhook_drop: float = 0.0
    allow_http_webhooks: bool = True

    listing_order: str = "stable"  # or "unstable": equal rows change places
    listing_pages: bool = True  # or every page is the first one
    activity_campaigns: bool = True
    activity_total: bool = True  # or the list does not say how many there are

    deal_invalid_status: int = 400
    deal_cdate_accepted: bool = False
    duplicate_order_status: int = 422
    graphql_latency: float = 0.0
    refused_orders: list = field(default_factory=list)  # storeOrderIds

    def change(self, values):
        """Take over the given options; an unknown name or wrong type is a `ValueError`."""
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"there is no option {name!r}")
            setattr(self, name, value)

    def as_dict(self):
        """All options with their values."""
        return asdict(self)
