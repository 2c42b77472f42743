# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people read when ActiveCampaign refuses a deal, and what can be mended."""

import re
from typing import NamedTuple

from . import marks
from .transaction import transaction


class Cause(NamedTuple):
    """`words` of AC's explanation; `hint` what to do; `lost` what is gone over there."""

    words: str
    hint: str
    lost: str = ""


CAUSES = (
    Cause(
        r"\bowner|\buser",
        "The salesperson's ActiveCampaign user may not own deals of this pipeline. "
        "Choose another user in the owner mapping, or give the user's group access to "
        "the pipeline in ActiveCampaign.",
    ),
    Cause(
        r"deal ?stage|\bstage",
        "The stage was deleted in ActiveCampaign. Choose another one in the stage "
        "mapping.",
        "stage",
    ),
    Cause(
        r"deal ?group|pipeline|\bgroup",
        "The pipeline was deleted in ActiveCampaign, or the user of the API key may not "
        "use it. Choose another one in the stage mapping.",
        "stage",
    ),
    Cause(
        r"subscriber|\bcontact",
        "The order's contact was deleted in ActiveCampaign. The partner is sent again "
        "and the deal after it.",
        "contact",
    ),
    Cause(
        r"customer ?account|\baccount",
        "The company's account was deleted in ActiveCampaign. The company is sent again "
        "and the deal after it.",
        "account",
    ),
    Cause(
        r"custom ?field",
        "A value does not fit its deal field. Correct the field mapping.",
    ),
    Cause(r"currency", "The currency of the pipeline is not one of ActiveCampaign's."),
)
SILENT = (
    "ActiveCampaign does not say why. Check that the owner, the pipeline, the stage and "
    "the contact of the deal are still there, and that the user of the API key may use "
    "the pipeline."
)


def explain(config, plan, error):
    """Give an error a hint for people; have sent again what is gone over there."""
    cause = _cause(error)
    if cause:
        error.hint = cause.hint
    elif not error.text:
        error.hint = SILENT
    if cause and cause.lost and error.status in (400, 404, 422):
        _mend(config, plan, cause.lost)


def _cause(error):
    return next((c for c in CAUSES if re.search(c.words, error.text.lower())), None)


def _mend(config, plan, lost):
    with transaction(config.env) as env:
        if lost == "contact":
            marks.mark_lost(env, config, "contact", plan.payload["contact"])
        elif lost == "account":
            marks.mark_lost(env, config, "account", plan.payload["customer"])
        else:  # the mapping's line shows it then
            env["ac.odoo.config"].browse(config.id)._enqueue("metadata")
