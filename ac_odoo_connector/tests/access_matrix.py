# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may do what: the one table that the rights of the addon are held against.

``r`` read, ``w`` write, ``c`` create, ``u`` unlink, for the groups *User*, *Operator* and
*Manager*. Portal, public and users without a group may do nothing with any of them. All
of it in one's own companies only, but for `SHARED`.
"""

MATRIX = {
    # what people configure
    "ac.odoo.config": ("r", "r", "rwcu"),
    "ac.field.mapping": ("r", "r", "rwcu"),
    "ac.field.mapping.part": ("r", "r", "rwcu"),
    "ac.field.mapping.value": ("r", "r", "rwcu"),
    "ac.deal.stage.mapping": ("r", "r", "rwcu"),
    "ac.owner.mapping": ("r", "r", "rwcu"),
    "ac.team.mapping": ("r", "r", "rwcu"),
    "ac.audience.rule": ("r", "r", "rwcu"),
    "ac.mailing.link": ("r", "r", "rwcu"),
    "ac.place.alias": ("r", "r", "rwcu"),
    "ac.timeline.kind": ("r", "r", "rw"),
    "ac.poll.state": ("r", "r", "rw"),
    # what the engine writes and people read
    "ac.binding": ("r", "r", "r"),
    "ac.event": ("r", "r", "r"),
    "ac.webhook.arrival": ("r", "r", "r"),
    "ac.sync.run": ("r", "r", "r"),
    "ac.metadata": ("r", "r", "r"),
    "ac.audience.member": ("r", "r", "r"),
    "ac.engagement": ("r", "r", "r"),
    "ac.engagement.day": ("r", "r", "r"),
    "ac.conflict": ("r", "r", "r"),
    "ac.suppression": ("r", "r", "r"),
    "ac.reconciliation": ("r", "r", "r"),
    "ac.reconciliation.line": ("r", "r", "r"),
    "ac.audit.run": ("r", "r", "r"),
    "ac.audit.check": ("r", "r", "r"),
    "ac.audit.line": ("", "r", "r"),
    "ac.error.log": ("", "r", "r"),
    "ac.alert": ("r", "r", "r"),
    "ac.api.usage": ("r", "r", "r"),
    "ac.backlog": ("r", "r", "r"),
    "ac.breaker": ("r", "r", "r"),
    # a log: entries are never changed
    "ac.consent": ("r", "r", "rcu"),
    "ac.trail": ("", "", "r"),
    # whoever is deleted here may come back
    "ac.erased": ("", "", "ru"),
    # the first load: a record that operators work with together
    "ac.first.load": ("", "rwcu", "rwcu"),
    "ac.first.load.line": ("", "r", "r"),
    "ac.first.load.record": ("", "r", "r"),
    "ac.first.load.value": ("", "r", "r"),
    # questions, each for whoever asks
    "ac.orders.start": ("", "rwc", "rwc"),
    "ac.consent.record": ("", "rwc", "rwc"),
    "ac.list.preview": ("", "rwc", "rwc"),
    "ac.list.preview.line": ("", "rwc", "rwc"),
    "ac.list.preview.entry": ("", "r", "r"),
    "ac.field.create": ("", "", "rwcu"),
    "ac.mapping.preview": ("", "", "rwcu"),
    "ac.mapping.preview.line": ("", "", "rwcu"),
    "ac.stage.proposal": ("", "", "rwcu"),
    "ac.stage.proposal.line": ("", "", "rwcu"),
    "ac.farewell": ("", "", "rwc"),
    "ac.api.key.change": ("", "", "rwcu"),
    "ac.privacy": ("", "", "rwc"),
    "ac.privacy.line": ("", "", "rwcu"),
    # the engine's own notes, across companies: nobody's
    "ac.mark": ("", "", ""),
    "ac.throttle": ("", "", ""),
    "ac.audit.seen": ("", "", ""),
    "ac.reconciliation.seen": ("", "", ""),
}

SHARED = {"ac.place.alias", "ac.timeline.kind"}
"""Words that all companies use: how places are written, what a timeline can show."""

ADMINISTRATOR = "administrator"
"""Whoever administers Odoo itself: what concerns the accounts of all companies."""
LOOK = "look"
"""Answers with an action that opens a list or form and tells nothing of the record:
what is behind it is guarded where it is read."""

VIEWS = (
    "alerts arrivals audits bindings conflicts dashboard errors events polls "
    "reconciliations trail usage"
).split()
OPERATOR = (
    "audit check_alerts create_deal_fields first_load poll preview_lists reconcile "
    "refresh_metadata replay_failed sync_all sync_orders sync_products try_now"
).split()
MANAGER = (
    "change_api_key check_webhook confirm connect_webhook disconnect farewell "
    "forget_old_keys is_copy is_production new_webhook_token recreate_webhook "
    "remove_shop remove_webhook repair_shop rotate_encryption_key "
    "show_webhook_address stop_old_token take_old_key_back"
).split()

ERRORS = {"action_view_errors": LOOK}
PRODUCT = {"action_ac_sync_now": "user", "action_ac_errors": LOOK}
RECORD = {**PRODUCT, "action_ac_links": "user"}
ORDER = {
    **RECORD,
    "action_ac_send_as_new": "operator",
    "action_ac_send_as_history": "operator",
}
LOAD = (
    "back choose_others compare next open_run pause read_back resume retry_failed "
    "send_missing start stop survey survey_go_on trial"
).split()

METHODS = {
    "ac.odoo.config": {
        **{f"action_view_{name}": LOOK for name in VIEWS},
        **{f"action_{name}": "operator" for name in OPERATOR},
        **{f"action_{name}": "manager" for name in MANAGER},
        "action_view_polls": "user",
        "action_data_map": "user",
        "action_give_up_secrets": ADMINISTRATOR,
        "test_connection": "manager",
        "get_dashboard": "user",
        "get_place_banner": LOOK,
    },
    "ac.alert": {"action_open": "user"},
    "ac.api.key.change": {"action_try_and_use": "manager"},
    "ac.audience.rule": {
        "action_evaluate": "operator",
        "action_view_members": LOOK,
        "action_view_matching": "user",
    },
    "ac.audit.line": {"action_open_record": "operator"},
    "ac.audit.run": {
        "action_stop": "operator",
        "action_repair": "operator",
        "action_view_lines": LOOK,
        "action_export_csv": LOOK,
    },
    "ac.binding": {
        **ERRORS,
        "action_sync_now": "operator",
        "action_open_record": "user",
        "action_open_remote": "user",
        "action_open_main": "user",
        "action_open_spoken_for": "user",
    },
    "ac.conflict": {
        "action_keep_odoo": "operator",
        "action_take_ac": "operator",
        "action_open_partner": "user",
    },
    "ac.engagement": {"action_open_partner": "user"},
    "ac.error.log": {
        "action_retry": "operator",
        "action_retry_all": "operator",
        "action_ignore": "operator",
        "action_reopen": "operator",
        "action_open_record": "operator",
    },
    "ac.event": {**ERRORS, "action_replay": "operator"},
    "ac.field.create": {"action_create": "manager"},
    "ac.field.mapping": {
        "apply_field_mapping": "user",
        "action_fill_lookup": "manager",
        "action_create_options": "manager",
    },
    "ac.mapping.preview": {"action_ask": "manager"},
    "ac.consent.record": {"action_record": "operator"},
    "ac.farewell": {"action_disconnect": "manager"},
    "ac.first.load": {f"action_{name}": "operator" for name in LOAD},
    "ac.first.load.line": {"action_open": "operator"},
    "ac.list.preview": {"action_people": LOOK, "action_apply": "operator"},
    "ac.list.preview.line": {"action_people": "operator"},
    "ac.orders.start": {"action_start": "operator"},
    "ac.owner.mapping": {"action_match_by_email": "manager"},
    "ac.poll.state": {"action_poll_now": "operator", "action_start_over": "operator"},
    "ac.privacy": {
        f"action_{name}": "manager"
        for name in ("erase", "export", "preview", "read", "readmit")
    },
    "ac.reconciliation": {"action_stop": "operator", "action_view_lines": LOOK},
    "ac.reconciliation.line": {"action_open_record": "user"},
    "ac.stage.proposal": {"action_apply": "manager"},
    "ac.sync.run": {
        **ERRORS,
        "action_pause": "operator",
        "action_resume": "operator",
        "action_stop": "operator",
        "action_retry_failed": "operator",
        "action_send_missing": "operator",
        "action_compare": "operator",
        "action_open_missing": "user",
    },
    "res.partner": {
        **RECORD,
        "action_ac_conflicts": LOOK,
        "action_ac_consents": "internal",
        "action_ac_events": LOOK,
        "action_ac_privacy": "manager",
        "action_ac_record_consent": "operator",
        "action_ac_withdraw_consent": "operator",
        "apply_field_mapping": "user",
    },
    "sale.order": ORDER,
    "product.product": PRODUCT,
    "product.template": PRODUCT,
}
"""The methods that a request can call by name, and the least group whose call works."""
