import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatDate, formatDateTime, deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const HEIGHT = 44; // of the chart; a day is 3 wide with a gap of 1
const STEP = 4;
const ICONS = {
    hot: "fa-fire",
    warm: "fa-sun-o",
    cold: "fa-snowflake-o",
    asleep: "fa-moon-o",
    left: "fa-bell-slash-o",
    lost: "fa-chain-broken",
};

/**
 * How a person deals with our mails at one glance: figures, the last signs of life and
 * the opens and clicks of the last days. Reads what `ac_engagement_chart` computes.
 */
export class Engagement extends Component {
    static template = "ac_odoo_connector.Engagement";
    static props = {...standardFieldProps};

    get data() {
        return this.props.record.data[this.props.name] || {};
    }

    get icon() {
        return ICONS[this.data.level] || "fa-circle-o";
    }

    get width() {
        return (this.data.length || 0) * STEP;
    }

    get height() {
        return HEIGHT;
    }

    /** One entry per day with a sign of life: its place, the two heights, its words. */
    get bars() {
        const days = this.data.days || [];
        const most = Math.max(1, ...days.map(([, opens, clicks]) => opens + clicks));
        const end = deserializeDate(this.data.end);
        return days.map(([ago, opens, clicks]) => {
            const openHeight = this._height(opens, most);
            const clickHeight = this._height(clicks, most);
            return {
                x: this.width - (ago + 1) * STEP,
                clickY: HEIGHT - clickHeight,
                clickHeight,
                openY: HEIGHT - clickHeight - openHeight,
                openHeight,
                words: _t("%(day)s: %(opens)s opened, %(clicks)s clicked", {
                    day: formatDate(end.minus({days: ago})),
                    opens,
                    clicks,
                }),
            };
        });
    }

    _height(number, most) {
        return number ? Math.max(3, Math.round((number / most) * (HEIGHT - 2))) : 0;
    }

    /** The first of each month, to read the chart by. */
    get months() {
        const end = deserializeDate(this.data.end);
        const start = end.minus({days: this.data.length - 1});
        const months = [];
        for (let day = start.startOf("month").plus({months: 1}); day <= end; day = day.plus({months: 1})) {
            const x = Math.round(day.diff(start, "days").days) * STEP;
            if (x < this.width - 30) {
                months.push({x, name: day.toFormat("LLL")});
            }
        }
        return months;
    }

    moment(value) {
        return value ? formatDateTime(deserializeDateTime(value)) : "";
    }

    ago(value) {
        return value ? deserializeDateTime(value).toRelative() : "";
    }
}

registry.category("fields").add("ac_engagement", {
    component: Engagement,
    supportedTypes: ["json"],
});
