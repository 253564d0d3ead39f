// The log as it is written. What doesn't match the filter is hidden, not lost; up to 1,000 lines are kept here.
import { h, tags, useEffect, useRef, useState } from "../dom.js";
import { plural, time } from "../format.js";
import { useStream } from "../live.js";
import { Empty, MessageLink, Title, icon } from "../parts.js";

const { button, div, input, option, select, span } = tags;

const MOST = 1000;
const LEVELS = ["error", "warn", "info", "debug"];

export function LiveLog() {
  const [level, setLevel] = useState("info");
  const [wanted, want] = useState("");
  const [paused, pause] = useState(false);
  const [lines, setLines] = useState([]);
  const place = useRef(null);
  const fresh = useRef([]);
  const number = useRef(0);
  const atEnd = useRef(true);
  const stream = useStream("/log/stream", { level }, (name, line) => {
    if (name === "missed") {
      fresh.current.push({ level: "warn", text: `${line.missed ?? line.count ?? "some"} lines were left out, as they came too fast`, number: number.current++ });
    } else if (line.text !== undefined) {
      fresh.current.push({ ...line, number: number.current++ });
    }
    if (fresh.current.length > MOST) {
      fresh.current.splice(0, fresh.current.length - MOST);
    }
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (!paused && fresh.current.length > 0) {
        const more = fresh.current;
        fresh.current = [];
        setLines((before) => [...before, ...more].slice(-MOST));
      }
    }, 200);
    return () => clearInterval(timer);
  }, [paused]);
  useEffect(() => {
    setLines([]);
    fresh.current = [];
  }, [level]);
  useEffect(() => {
    if (atEnd.current && place.current) {
      place.current.scrollTop = place.current.scrollHeight;
    }
  }, [lines, wanted]);
  const lower = wanted.toLowerCase();
  const shown = lower ? lines.filter((line) => `${line.text} ${line.id ?? ""} ${line.client ?? ""}`.toLowerCase().includes(lower)) : lines;
  return [
    h(
      Title,
      { text: "Live log" },
      span({ class: "live", role: "status", id: "live" }, span({ class: `dot ${stream === "open" && !paused ? "good" : ""}`, "aria-hidden": "true" }), paused ? "paused" : stream === "open" ? "live" : stream === "closed" ? "not available" : "connecting …"),
    ),
    div(
      { class: "search mb-3" },
      select({ class: "form-select", "aria-label": "Level", id: "level", value: level, onChange: (event) => setLevel(event.target.value) }, LEVELS.map((each) => option({ key: each, value: each }, `${each}${each === "error" ? "" : " and worse"}`))),
      input({ class: "form-control", type: "search", "data-search": true, id: "log-text", "aria-label": "Only lines with", placeholder: "Only lines with …", value: wanted, onInput: (event) => want(event.target.value) }),
      button({ type: "button", class: "btn btn-outline-primary", id: "pause", "aria-pressed": paused ? "true" : "false", onClick: () => pause(!paused) }, icon(paused ? "play" : "pause"), paused ? " Go on" : " Pause"),
      button({ type: "button", class: "btn btn-outline-secondary", onClick: () => setLines([]) }, "Clear"),
    ),
    shown.length === 0
      ? h(Empty, { name: "terminal", title: lines.length ? "No line has that" : "No lines yet" }, stream === "closed" ? "The stream of the log can't be had from this relay." : "Lines appear here as the relay writes them.")
      : div(
          {
            class: "log",
            id: "log",
            ref: place,
            tabindex: 0,
            role: "log",
            "aria-label": "Lines of the log",
            "aria-live": "off",
            onScroll: ({ target }) => (atEnd.current = target.scrollHeight - target.scrollTop - target.clientHeight < 40),
          },
          shown.map((line) =>
            div(
              { class: `line level-${line.level}`, key: line.number },
              span({ class: "quiet" }, time(line.time)),
              span({ class: "level" }, line.level),
              span({ class: "text-break" }, line.relay ? span({ class: "quiet" }, `${line.relay} `) : "", line.text, line.id ? [" ", h(MessageLink, { id: line.id })] : ""),
            ),
          ),
        ),
    div({ class: "small quiet mt-2" }, plural(shown.length, "line"), lower && lines.length !== shown.length ? ` of ${lines.length}` : ""),
  ];
}
