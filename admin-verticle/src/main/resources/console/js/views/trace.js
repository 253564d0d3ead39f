// What has happened to a message, as a line of time; dialogues of attempts are folded.
import { h, tags } from "../dom.js";
import { date, seconds, time } from "../format.js";
import { Empty, icon } from "../parts.js";

const { code, details, div, li, ol, pre, span, strong, summary } = tags;

const KINDS = {
  received: ["box-arrow-in-right", "info"],
  forwarded: ["check2-circle", "success"],
  "delivered-local": ["mailbox", "success"],
  retrieved: ["mailbox", "success"],
  deferred: ["arrow-repeat", "warning"],
  failed: ["x-octagon", "danger"],
  rejected: ["slash-circle", "danger"],
  bounced: ["reply", "danger"],
  filtered: ["funnel", "info"],
  held: ["pause-circle", "secondary"],
  released: ["play-circle", "secondary"],
  retried: ["arrow-counterclockwise", "primary"],
  deleted: ["trash", "secondary"],
};

function words(event) {
  const from = event.client ? ` from ${event.client}` : "";
  switch (event.type) {
    case "received":
      return `${from}${event.to?.length ? `, for ${event.to.join(", ")}` : ""}`;
    case "forwarded":
      return event.to?.length ? ` for ${event.to.join(", ")}` : "";
    case "retrieved":
      return ` by ${event.user ?? "a mail program"}${from}`;
    default:
      return event.by ? ` by ${event.by}` : "";
  }
}

function Dialogue({ lines }) {
  return details(
    { class: "dialogue" },
    summary({}, `Dialogue, ${lines.length} lines`),
    pre(
      { tabindex: 0, role: "region", "aria-label": "Dialogue" },
      lines.map((line, n) => {
        const side = /^\S+ C:/.test(line) ? "client" : /^\S+ S:/.test(line) ? "server" : "";
        return span({ key: n, class: side }, line, "\n");
      }),
    ),
  );
}

function Entry({ event }) {
  const [name, colour] = KINDS[event.type] ?? ["dot", "secondary"];
  const attempt = [event.peer ?? event.hop, event.tls, event.took !== undefined && seconds(event.took / 1000)].filter(Boolean);
  return li(
    { class: `entry entry-${colour}`, "data-type": event.type },
    span({ class: "mark" }, icon(name)),
    div(
      { class: "flex-grow-1 min-w-0" },
      div({ class: "d-flex flex-wrap gap-2" }, strong({}, event.type), tags.time({ class: "quiet small ms-auto", datetime: event.time, title: date(event.time) }, time(event.time))),
      words(event) && div({ class: "small text-break" }, words(event)),
      (event.reason ?? event.reply) && div({ class: "small text-break" }, code({}, event.code && !String(event.reason ?? "").startsWith(event.code) ? `${event.code} ` : "", event.reason ?? event.reply)),
      event.until && div({ class: "small quiet" }, `again at ${date(event.until)}`),
      attempt.length > 0 && div({ class: "small quiet text-break" }, attempt.join(" · ")),
      event.dialogue?.length > 0 && h(Dialogue, { lines: event.dialogue }),
    ),
  );
}

export const Trace = ({ events }) =>
  events.length
    ? ol({ class: "trace", id: "trace" }, events.map((event, n) => h(Entry, { key: event.seq ?? n, event })))
    : h(Empty, { name: "clock-history", title: "Nothing is known of its past" }, "The event log doesn't reach back so far, or another program put it into the spool.");
