// Whether mail flows: numbers of now, the last hour, and what is in its way.
import { get } from "../api.js";
import { Chart } from "../charts.js";
import { h, tags, useEffect, useMemo, useRef, useState } from "../dom.js";
import { count, plural, rate, seconds, time } from "../format.js";
import { useStream } from "../live.js";
import { Card, Empty, Fault, MessageLink, Table, Title, Waiting, When, icon } from "../parts.js";
import { to } from "../router.js";
import { about, may, useSession } from "../session.js";
import { useAnswer } from "../use.js";

const { a, code, dd, div, dl, dt, li, p, span, td, tr, ul } = tags;

const OUTCOMES = [
  ["received", "--tint-received"],
  ["forwarded", "--tint-forwarded"],
  ["deferred", "--tint-deferred"],
  ["failed", "--tint-failed"],
];
const DEPTHS = [
  ["ready", "--tint-received"],
  ["busy", "--tint-busy"],
  ["deferred", "--tint-deferred"],
  ["failed", "--tint-failed"],
  ["held", "--tint-held"],
];
const MOST_NEWS = 9;
const STEPS_OF_A_MINUTE = 6;

const perMinute = (values) => {
  const sums = [];
  values.forEach((value, n) => {
    const minute = Math.floor(n / STEPS_OF_A_MINUTE);
    sums[minute] = (sums[minute] ?? 0) + value;
  });
  return sums;
};

// Per second, from two readings of the counters.
function useRates(statistics) {
  const last = useRef(null);
  const [rates, change] = useState({});
  useEffect(() => {
    if (!statistics) {
      return;
    }
    const now = performance.now();
    const before = last.current;
    last.current = { at: now, events: statistics.events };
    if (before && now > before.at) {
      const took = (now - before.at) / 1000;
      change(
        Object.fromEntries(
          OUTCOMES.map(([type]) => [type, Math.max(0, (statistics.events[type] ?? 0) - (before.events[type] ?? 0)) / took]),
        ),
      );
    }
  }, [statistics]);
  return rates;
}

const tile = (id, name, value, text, href, colour = "") =>
  a(
    { class: `tile ${colour}`, href, id: `tile-${id}`, key: id },
    span({ class: "tile-name" }, icon(name), " ", id),
    span({ class: "tile-value" }, value),
    span({ class: "tile-text" }, text),
  );

function Health({ relays, statistics }) {
  if (relays.length === 0) {
    return null;
  }
  return ul(
    { class: "list-unstyled mb-0 health", id: "health" },
    relays.map((relay) => {
      const good = relay.forwarding && !relay.obstacle;
      return li(
        { key: relay.name },
        span({ class: `dot ${good ? "good" : "bad"}`, "aria-hidden": "true" }),
        div(
          {},
          div({}, span({ class: "fw-semibold" }, relay.name), " ", span({ class: "quiet" }, relay.domain)),
          div({ class: "small" }, good ? ["forwards to ", code({}, relay.nextHop ?? "the recipients' hosts")] : relay.obstacle || "forwards nowhere"),
          div({ class: "small quiet" }, relay.listen.length ? `listens on ${relay.listen.join(", ")}` : "doesn't listen"),
        ),
      );
    }),
    statistics?.oldest && li({}, span({ class: "dot", "aria-hidden": "true" }), div({ class: "small" }, "the oldest message waits since ", h(When, { at: statistics.oldest }))),
  );
}

const identity = (event) => `${event.time} ${event.type} ${event.id || event.client}`;

// An event may come by the stream and in the first page as well.
const newest = (events) => [...new Map(events.map((event) => [identity(event), event])).values()].slice(0, MOST_NEWS);

function News({ news }) {
  if (news.length === 0) {
    return h(
      Empty,
      { name: "activity", title: "Nothing has happened yet" },
      may("send") ? [a({ href: "/send" }, "Send a test message"), " and watch it here."] : "Events appear here as messages come and go.",
    );
  }
  return ul(
    { class: "list-unstyled mb-0 news", id: "news" },
    news.map((event) =>
      li(
        { key: identity(event) },
        span({ class: "quiet mono small" }, time(event.time)),
        span({ class: `event event-${event.type}` }, event.type),
        event.id ? h(MessageLink, { id: event.id }, event.id.replace(/^emailrelay\./, "")) : span({ class: "text-break" }, event.client ?? ""),
        span({ class: "quiet small text-truncate" }, event.reason ?? event.to?.join(", ") ?? event.reply ?? ""),
      ),
    ),
  );
}

function Destinations({ data, error }) {
  if (error) {
    return div({ class: "p-3" }, h(Fault, { error }));
  }
  if (!data) {
    return h(Waiting);
  }
  if (data.destinations.length === 0) {
    return h(Empty, { name: "globe", title: "No deliveries in the last hour" }, "Domains appear here with the time that deliveries to them take.");
  }
  return h(
    Table,
    { label: "Slow destinations", head: ["Domain", "Average", "Slowest", "Delivered", "Deferred", "Failed"] },
    data.destinations.slice(0, 8).map((each) =>
      tr(
        { key: each.domain },
        td({}, a({ href: to("/queue", { recipient: `@${each.domain}` }) }, each.domain)),
        td({ class: "number" }, seconds(each.seconds) || "—"),
        td({ class: "number" }, seconds(each.slowest) || "—"),
        td({ class: "number" }, count(each.forwarded)),
        td({ class: "number" }, count(each.deferred)),
        td({ class: "number" }, count(each.failed)),
      ),
    ),
  );
}

function RecentFailures({ data, error }) {
  if (error) {
    return h(Fault, { error });
  }
  if (!data) {
    return h(Waiting);
  }
  if (data.groups.length === 0) {
    return h(Empty, { name: "check2-circle", title: "Nothing has failed" }, "Failed messages are grouped here by their reason.");
  }
  return ul(
    { class: "list-unstyled mb-0 news" },
    data.groups.slice(0, 6).map((group) =>
      li(
        { key: group.reason + group.destination },
        span({ class: "badge text-bg-danger" }, count(group.count)),
        a({ href: to("/failures") }, group.destination || "(no domain)"),
        span({ class: "quiet small text-truncate", title: group.reason }, group.reason),
      ),
    ),
  );
}

export function Overview() {
  const session = useSession();
  const statistics = useAnswer((signal) => get("/statistics", about(), signal), [], 2000);
  const series = useAnswer((signal) => get("/statistics/series", about({ minutes: 60 }), signal), [], 10_000);
  const destinations = useAnswer((signal) => get("/destinations", about(), signal), [], 15_000);
  const failures = useAnswer((signal) => get("/failures", about(), signal), [], 15_000);
  const relays = useAnswer((signal) => get("/relays", {}, signal), [], 15_000);
  const [news, addNews] = useState([]);
  const [depth, setDepth] = useState(null);
  const pending = useRef([]);
  const stream = useStream("/events/stream", about(), (name, data) => {
    if (name === "queue") {
      setDepth(data);
    } else if (data.type) {
      pending.current.unshift(data);
      pending.current.length = Math.min(pending.current.length, MOST_NEWS);
    }
  });
  useEffect(() => {
    get("/events", about({ limit: MOST_NEWS }))
      .then(({ events }) => addNews((now) => newest([...now, ...events.toReversed()])))
      .catch(() => {});
    // A thousand events a second are painted four times a second.
    const timer = setInterval(() => {
      if (pending.current.length > 0) {
        const fresh = pending.current;
        pending.current = [];
        addNews((now) => newest([...fresh, ...now]));
      }
    }, 250);
    return () => clearInterval(timer);
  }, []);
  const rates = useRates(statistics.data);
  const queue = depth ?? statistics.data?.queue;
  const minute = statistics.data?.lastMinute ?? {};
  const charts = useMemo(() => {
    const data = series.data;
    if (!data) {
      return null;
    }
    const lines = (kinds, from) => kinds.map(([name, tint]) => ({ name, tint, values: from[name] ?? data.times.map(() => 0) }));
    return {
      times: data.times.map((each) => time(each)),
      queue: lines(DEPTHS, data.queue),
      minutes: data.times.filter((each, n) => n % STEPS_OF_A_MINUTE === 0).map((each) => time(each)),
      events: lines(OUTCOMES, data.events).map((line) => ({ ...line, values: perMinute(line.values) })),
    };
  }, [series.data]);
  const waiting = queue ? queue.ready + queue.busy : 0;
  return [
    h(
      Title,
      { text: "Overview" },
      span(
        { class: `live ${stream}`, id: "live", role: "status" },
        span({ class: `dot ${stream === "open" ? "good" : ""}`, "aria-hidden": "true" }),
        stream === "open" ? "live" : stream === "connecting" ? "connecting …" : "by polling",
      ),
    ),
    h(Fault, { error: statistics.error }),
    div(
      { class: "tiles", id: "tiles" },
      tile("received", "box-arrow-in-right", `${rate(rates.received ?? 0)}/s`, `${count(minute.received)} in the last minute`, "/log"),
      tile("delivered", "box-arrow-right", `${rate(rates.forwarded ?? 0)}/s`, `${count(minute.forwarded)} in the last minute`, "/log"),
      tile("waiting", "hourglass", count(waiting), queue ? `${count(queue.busy)} being sent` : " ", to("/queue", { state: "ready,busy" })),
      tile("deferred", "arrow-repeat", count(queue?.deferred), "to be tried again", to("/queue", { state: "deferred" }), queue?.deferred ? "warn" : ""),
      tile("failed", "x-octagon", count(queue?.failed), "need a decision", "/failures", queue?.failed ? "bad" : ""),
      tile("held", "pause-circle", count(queue?.held), "by an operator", to("/queue", { state: "held" })),
    ),
    div(
      { class: "row g-3 mb-3" },
      div(
        { class: "col-xl-8" },
        h(
          Card,
          { title: "Queue depth, last hour" },
          charts
            ? h(Chart, { times: charts.times, lines: charts.queue, unit: "messages", stacked: true, text: `Messages in the queue over the last hour; now ${plural(waiting, "message")} waiting` })
            : series.error
              ? h(Fault, { error: series.error })
              : h(Waiting),
        ),
      ),
      div({ class: "col-xl-4" }, h(Card, { title: "Health" }, h(Health, { relays: relays.data?.relays ?? session.relays, statistics: statistics.data }), statistics.data && dl({ class: "facts mt-3 mb-0" }, dt({}, "up since"), dd({}, h(When, { at: statistics.data.started })), dt({}, "version"), dd({}, session.version || "—")))),
    ),
    div(
      { class: "row g-3 mb-3" },
      div(
        { class: "col-xl-6" },
        h(
          Card,
          { title: "Outcomes of each minute" },
          charts ? h(Chart, { kind: "bar", stacked: true, times: charts.minutes, lines: charts.events, height: 300, text: "Messages received, forwarded, deferred and failed in each minute of the last hour" }) : series.error ? h(Fault, { error: series.error }) : h(Waiting),
        ),
      ),
      div({ class: "col-xl-6" }, h(Card, { title: "Events" }, h(News, { news }))),
    ),
    div(
      { class: "row g-3" },
      div({ class: "col-xl-6" }, h(Card, { title: "Slow destinations", flush: true }, h(Destinations, destinations))),
      div({ class: "col-xl-6" }, h(Card, { title: "Recent failures", extra: a({ href: "/failures", class: "small" }, "All") }, h(RecentFailures, failures))),
    ),
  ];
}
