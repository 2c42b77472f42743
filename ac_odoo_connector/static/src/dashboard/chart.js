import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {cookie} from "@web/core/browser/cookie";
import {getCustomColor} from "@web/core/colors/colors";

/* global Chart, luxon */

const DAY = 24 * 3600; // seconds

/**
 * One chart of the dashboard: bars or lines over time. A click opens what is behind the
 * slot. New numbers change the chart that stands, so a refresh does not flicker.
 */
export class DashboardChart extends Component {
    static template = "ac_odoo_connector.DashboardChart";
    static props = {
        chart: Object,
        series: Object, // key of a series: {label, color}
        type: {type: String, optional: true},
        stacked: {type: Boolean, optional: true},
        unit: {type: String, optional: true},
        label: String,
        onSlot: Function,
    };
    static defaultProps = {type: "bar", stacked: false, unit: ""};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.drawn = new Chart(this.canvas.el, this.config);
                return () => this.drawn.destroy();
            },
            () => []
        );
        useEffect(
            () => {
                this.drawn.data = this.data;
                this.drawn.update("none");
            },
            () => [this.props.chart]
        );
    }

    get isEmpty() {
        return this.props.chart.series.every((each) => each.values.every((value) => !value));
    }

    get colors() {
        const scheme = cookie.get("color_scheme");
        return {
            grid: getCustomColor(scheme, "#e7e9ed", "#3C3E4B"),
            text: getCustomColor(scheme, "#6c757d", "#B1B3BC"),
        };
    }

    get labels() {
        const {slots, step} = this.props.chart;
        const format = step * slots.length > DAY ? "ccc HH:mm" : "HH:mm";
        return slots.map((slot) => luxon.DateTime.fromSeconds(slot).toFormat(format));
    }

    get data() {
        const {chart, series, type} = this.props;
        const values = Object.fromEntries(chart.series.map((each) => [each.key, each.values]));
        const datasets = Object.entries(series).map(([key, {label, color}]) => ({
            key,
            label,
            data: values[key] || chart.slots.map(() => 0),
            borderColor: color,
            backgroundColor: type === "line" ? `${color}22` : color,
            borderWidth: type === "line" ? 2 : 0,
            fill: type === "line" && Object.keys(series).length === 1, // two would mix
            pointRadius: 0,
            pointHitRadius: 12,
            tension: 0.25,
            borderRadius: 2,
            maxBarThickness: 26,
        }));
        return {labels: this.labels, datasets};
    }

    get config() {
        const {grid, text} = this.colors;
        const {stacked, type, unit} = this.props;
        const ticks = {color: text, font: {size: 11}};
        return {
            type,
            data: this.data,
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "index", intersect: false},
                onClick: (event, items) =>
                    items.length && this.open(items[0].index, this.keyAt(event)),
                onHover: (event, items) => {
                    const canOpen = items.length && this.props.chart.open;
                    event.native.target.style.cursor = canOpen ? "pointer" : "default";
                },
                plugins: {
                    legend: {display: false},
                    tooltip: {
                        callbacks: {label: (item) => this.words(item)},
                    },
                },
                scales: {
                    x: {
                        stacked,
                        grid: {display: false},
                        ticks: {...ticks, maxRotation: 0, autoSkipPadding: 16},
                    },
                    y: {
                        stacked,
                        beginAtZero: true,
                        grid: {color: grid},
                        border: {display: false},
                        ticks: {
                            ...ticks,
                            maxTicksLimit: 5,
                            precision: unit ? undefined : 0,
                            callback: (value) => `${value}${unit}`,
                        },
                    },
                },
            },
        };
    }

    words({dataset, parsed}) {
        const rounded = Math.round(parsed.y * 100) / 100;
        return ` ${dataset.label}: ${rounded}${this.props.unit}`;
    }

    /** The key of the series that was hit, none beside the bars. */
    keyAt(event) {
        const hit = this.drawn.getElementsAtEventForMode(event, "nearest", {intersect: true}, false)[0];
        return hit && this.drawn.data.datasets[hit.datasetIndex].key;
    }

    open(index, key) {
        const {slots, step} = this.props.chart;
        this.props.onSlot(slots[index], slots[index] + step, key);
    }
}
