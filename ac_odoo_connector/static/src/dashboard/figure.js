import {Component} from "@odoo/owl";
import {formatFloat, formatInteger} from "@web/views/fields/formatters";

/** A number that opens the list behind it, where its reader may see that. */
export class Figure extends Component {
    static template = "ac_odoo_connector.DashboardFigure";
    static props = {
        number: Object, // {value, measure, open: {model, domain} or null}
        title: String, // of the list
        text: {type: String, optional: true}, // a rate or time that the list explains
        className: {type: String, optional: true},
        onOpen: Function,
    };

    get text() {
        return this.props.text || formatInteger(this.props.number.value);
    }

    open() {
        this.props.onOpen(this.props.number.open, this.props.title);
    }
}

/** Return a share in per cent; false and 0 of nothing are no share. */
export function percent(value, digits = 1) {
    return typeof value === "number" ? `${formatFloat(value, {digits: [16, digits]})} %` : "–";
}

/** Return seconds as people say them: "0.24 s", "12 min", "3 h". */
export function duration(seconds) {
    if (typeof seconds !== "number") {
        return "–";
    }
    const units = [
        [86400, "d"],
        [3600, "h"],
        [60, "min"],
    ];
    for (const [size, unit] of units) {
        if (seconds >= 2 * size) {
            return `${Math.round(seconds / size)} ${unit}`;
        }
    }
    return `${formatFloat(seconds, {digits: [16, seconds < 10 ? 2 : 0]})} s`;
}
