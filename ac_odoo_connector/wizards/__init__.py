# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    ac_field_create,
    ac_mapping_preview,
    api_key_change,
    consent_record,
    farewell,
    first_load,
    first_load_survey,
    first_load_trial,
    list_preview,
    orders_start,
    partner_merge,
    privacy,
    privacy_ways,
    stage_proposal,
)
