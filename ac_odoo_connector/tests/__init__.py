# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_bulk,
    test_defaults,
    test_field_mapping,
    test_field_mapping_errors,
    test_field_mapping_screens,
    test_identity,
    test_inbox,
    test_metadata,
    test_place_alias,
    test_push,
    test_run,
    test_secrets,
    test_throttle,
)
