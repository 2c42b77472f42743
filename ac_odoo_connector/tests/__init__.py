# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_accounts,
    test_audience,
    test_audience_automations,
    test_audience_rules,
    test_audience_sets,
    test_bulk,
    test_defaults,
    test_identity,
    test_inbox,
    test_metadata,
    test_policies,
    test_push,
    test_run,
    test_secrets,
    test_tags,
    test_throttle,
)
