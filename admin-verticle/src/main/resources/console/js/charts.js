// Charts by Chart.js, in the colours of the theme.
import { h, tags, useEffect, useRef } from "./dom.js";

const { canvas, div } = tags;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(theme, { stacked, unit }) {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: "index", intersect: false },
    scales: {
      x: {
        stacked,
        grid: { display: false },
        ticks: { color: theme.text, maxTicksLimit: 7, maxRotation: 0, autoSkipPadding: 16 },
      },
      y: {
        stacked,
        beginAtZero: true,
        suggestedMax: 5,
        grid: { color: theme.grid },
        ticks: { color: theme.text, precision: 0, maxTicksLimit: 6 },
        title: unit ? { display: true, text: unit, color: theme.text } : { display: false },
      },
    },
    plugins: {
      legend: { position: "bottom", labels: { color: theme.text, boxWidth: 12, boxHeight: 12, usePointStyle: true } },
      tooltip: { callbacks: {} },
    },
  };
}

const datasets = (lines, kind) =>
  lines.map(({ name, values, tint }) => ({
    label: name,
    data: values,
    borderColor: colour(tint),
    backgroundColor: kind === "bar" ? colour(tint) : `${colour(tint)}33`,
    borderWidth: kind === "bar" ? 0 : 2,
    pointRadius: 0,
    tension: 0.25,
    fill: kind === "line",
  }));

/**
 * Lines over time. Each is { name, values, tint }, the tint a custom property of the style sheet; the text says to those
 * who can't see the chart what it shows.
 */
export function Chart({ kind = "line", times, lines, text, stacked = false, unit, height = 240 }) {
  const place = useRef(null);
  const chart = useRef(null);
  const latest = useRef({});
  latest.current = { times, lines };
  useEffect(() => {
    const draw = () => {
      chart.current?.destroy();
      const theme = { text: colour("--chart-text"), grid: colour("--chart-grid") };
      chart.current = new window.Chart(place.current, {
        type: kind,
        data: { labels: latest.current.times, datasets: datasets(latest.current.lines, kind) },
        options: options(theme, { stacked, unit }),
      });
    };
    draw();
    document.addEventListener("stagepost-theme", draw);
    return () => {
      document.removeEventListener("stagepost-theme", draw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, [kind, stacked, unit]);
  useEffect(() => {
    if (chart.current) {
      chart.current.data = { labels: times, datasets: datasets(lines, kind) };
      chart.current.update("none");
    }
  }, [times, lines]);
  return div({ class: "chart", style: { height: `${height}px` } }, canvas({ ref: place, role: "img", "aria-label": text }));
}

export const chart = (props) => h(Chart, props);
