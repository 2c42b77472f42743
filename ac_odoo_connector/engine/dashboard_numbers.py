# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the dashboard's numbers and charts find the lists behind them.

A number is ``{"value", "measure", "open": {"model", "domain"}}``: `measure` says how the
list adds up to it (``__count``, or a field that is summed up), `open` is None for who
may not read the list. A chart is ``{"slots", "step", "series", "open"}``; its `open`
names the field of the time and that of the series, if any. Rates and times are plain
numbers: their lists are those of the numbers beside them.
"""


def number(config, value, model, domain, measure="__count"):
    """Return a number with the list behind it, for who may read that."""
    mine = [["config_id", "=", config.id], *domain]
    may_read = config.env[model].has_access("read")
    link = {"model": model, "domain": mine} if may_read else None
    return {"value": value, "measure": measure, "open": link}


def chart(frame, series, model, field, by=None):
    """Return a chart: its slots, its values, and how a click finds its list."""
    may_read = frame.config.env[model].has_access("read")
    mine = [["config_id", "=", frame.config.id]]
    link = {"model": model, "domain": mine, "field": field, "by": by}
    return {
        "slots": frame.slots,
        "step": frame.step,
        "series": [
            {"key": key, "values": frame.by_slot(values)} for key, values in series
        ],
        "open": link if may_read else None,
    }
