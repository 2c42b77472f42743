# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Options that records need and ActiveCampaign lacks: found, made, sent again."""

from odoo.tools import split_every

from ..mapping.registry import OBJECTS
from . import fields, marks, metadata

CHUNK = 1000


def create_missing(config, client, only=None):
    """Make the missing options of all mappings that may, and mark who waits for them.

    :param only: AC ids (str) of the fields to look at; all by default
    :return: ``{AC field id: [option, ...]}`` of what was made
    """
    made = {}
    for name in (row.name for row in OBJECTS.values() if row.metadata):
        missing, waiting = missing_options(config, name, only)
        if missing:
            _create(config, client, name, missing)
            marks.mark(config.env, {name: waiting})
        made |= missing
    return made


def missing_options(config, object_name, only=None):
    """Return ``({AC field id: [option, ...]}, [record id, ...])`` of one object.

    Only what was not sent is looked at: a record whose value is no option fails.
    """
    mappings = [
        each
        for each in config.env["ac.field.mapping"]._compiled(config, object_name)
        if each.creates and (only is None or each.ac_id in only)
    ]
    found, waiting = {}, []
    for records in _unsent(config, object_name) if mappings else ():
        for record in records:
            for mapping in mappings:
                if missing := mapping.missing_options(record):
                    found.setdefault(mapping.ac_id, set()).update(missing)
                    waiting.append(record.id)
        records.invalidate_recordset(flush=False)
    return {ac_id: sorted(texts) for ac_id, texts in found.items()}, waiting


def _unsent(config, object_name):
    """Yield chunks of the records that were refused or wait."""
    bindings = config.env["ac.binding"].sudo()
    unsent = bindings.search_fetch(
        [
            ("config_id", "=", config.id),
            ("object", "=", object_name),
            ("state", "in", ("failed", "dead", "pending")),
        ],
        ["res_id"],
    )
    model = config.env[OBJECTS[object_name].model].sudo()
    for ids in split_every(CHUNK, unsent.mapped("res_id")):
        yield model.browse(ids).exists()


def _create(config, client, object_name, missing):
    kind = OBJECTS[object_name].metadata
    metadata.refresh_kind(config, client, kind)  # somebody may have been faster
    entries = config.env["ac.metadata"].sudo()._entries(config, kind)
    for entry in entries.filtered(lambda e: e.remote_id in missing):
        known = (entry.data or {}).get("fieldOptions") or []
        fields.add_options(
            client, kind, entry.remote_id, known, missing[entry.remote_id]
        )
    metadata.refresh_kind(config, client, kind)
