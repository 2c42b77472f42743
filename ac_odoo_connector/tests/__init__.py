# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_bulk,
    test_consent,
    test_consent_log,
    test_defaults,
    test_identity,
    test_inbox,
    test_mailing_lists,
    test_metadata,
    test_push,
    test_run,
    test_secrets,
    test_throttle,
)
