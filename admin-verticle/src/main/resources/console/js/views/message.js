// One message: what it is, what has happened to it, and what can be done.
import { address, get, part, post } from "../api.js";
import { h, tags, useState } from "../dom.js";
import { count, date, size } from "../format.js";
import { Card, Confirm, Copy, Empty, Fault, StateBadge, Tabs, Title, Waiting, When, icon, tell } from "../parts.js";
import { about, may } from "../session.js";
import { useAction, useAnswer } from "../use.js";
import { Trace } from "./trace.js";
import { Viewer } from "./viewer.js";

const { a, button, code, dd, div, dl, dt, li, p, span, table, tbody, td, th, tr, ul } = tags;

const ACTIONS = [
  ["retry", "arrow-repeat", ["failed", "deferred"]],
  ["hold", "pause", ["ready", "deferred"]],
  ["release", "play", ["held"]],
  ["delete", "trash", ["ready", "deferred", "failed", "held"]],
];
const DONE = { retry: "It is tried again", hold: "It is held", release: "It is released", delete: "It is deleted" };

const list = (addresses) => (addresses.length ? ul({ class: "list-unstyled mb-0" }, addresses.map((each) => li({ key: each, class: "text-break" }, each))) : span({ class: "quiet" }, "—"));

function Envelope({ message, envelope, failures }) {
  return h(
    Card,
    { title: "Envelope" },
    dl(
      { class: "facts mb-0", id: "envelope" },
      dt({}, "State"), dd({}, h(StateBadge, { state: message.state })),
      dt({}, "From"), dd({ class: "text-break" }, envelope.from || span({ class: "quiet" }, "nobody (a notification)")),
      dt({}, "To"), dd({}, list(envelope.to)),
      envelope.local.length > 0 && [dt({}, "Mailboxes"), dd({}, list(envelope.local))],
      dt({}, "Size"), dd({}, size(message.size)),
      dt({}, "Arrived"), dd({}, message.arrived ? [date(message.arrived), " (", h(When, { at: message.arrived }), ")"] : "—"),
      envelope.client && [dt({}, "Client"), dd({}, envelope.client)],
      envelope.user && [dt({}, "Signed in as"), dd({}, envelope.user)],
      dt({}, "Attempts"), dd({}, count(message.attempts)),
      message.due && [dt({}, "Next try"), dd({}, h(When, { at: message.due }))],
      dt({}, "Id"), dd({ class: "d-flex gap-2 align-items-start" }, code({ class: "text-break" }, message.id), h(Copy, { text: message.id, what: "Id" })),
    ),
    failures?.length > 0 &&
      div({ class: "alert alert-danger mt-3 mb-0" }, failures.map((each, n) => div({ key: n }, each.code && tags.strong({}, each.code, " "), each.reason))),
  );
}

const Headers = ({ headers, truncated }) =>
  div(
    {},
    div(
      { class: "table-responsive", tabindex: 0, role: "region", "aria-label": "Header fields" },
      table(
        { class: "table table-sm headers mb-0", id: "headers" },
        tbody({}, headers.map((field, n) => tr({ key: n }, th({ scope: "row" }, field.name), td({ class: "text-break" }, field.value)))),
      ),
    ),
    truncated && p({ class: "quiet small mt-2 mb-0" }, "There is more; download the message to see it all."),
  );

export function Message({ query }) {
  const id = query.id ?? "";
  const path = `/messages/${part(id)}`;
  const message = useAnswer((signal) => get(path, about(), signal), [id], 4000);
  const trace = useAnswer((signal) => get(`${path}/trace`, about(), signal), [id], 4000);
  const [tab, setTab] = useState("view");
  const [asking, ask] = useState(false);
  const action = useAction(async (what) => {
    await post(`${path}/actions`, { action: what }, { query: about() });
    tell(DONE[what]);
    message.again();
    trace.again();
  });
  const gone = message.error?.status === 404;
  const shown = gone ? undefined : message.data;
  const events = trace.data?.events ?? [];
  const subject = shown?.message.subject || "Message";
  return [
    h(
      Title,
      { text: subject },
      shown && [
        may("queue") &&
          ACTIONS.filter(([, , from]) => from.includes(shown.message.state)).map(([what, name]) =>
            button({ key: what, type: "button", class: `btn btn-outline-${what === "delete" ? "danger" : "primary"}`, id: `do-${what}`, disabled: action.busy, onClick: () => (what === "delete" ? ask(true) : action.run(what)) }, icon(name), ` ${what}`),
          ),
        a({ class: "btn btn-outline-secondary", id: "download", href: address(`${path}/raw`, about()), download: `${id}.eml` }, icon("download"), " raw"),
      ],
    ),
    h(Fault, { error: action.error ?? (gone ? undefined : message.error) }),
    !shown && !message.error && h(Waiting),
    gone && h(Gone, { events }),
    div(
      { class: "row g-3" },
      shown &&
        div(
          { class: "col-lg-7" },
          h(
            Card,
            {},
            h(Tabs, { label: "Parts of the message", active: tab, onChange: setTab, tabs: [["view", "Message"], ["headers", `Header (${shown.headers.length})`], ["source", "Source"]] }),
            tab === "view" && h(Viewer, { id, path }),
            tab === "headers" && h(Headers, shown),
            tab === "source" && h(Source, { path, size: shown.message.size }),
          ),
        ),
      div(
        { class: shown ? "col-lg-5" : "col-lg-8" },
        shown && div({ class: "mb-3" }, h(Envelope, shown)),
        (events.length > 0 || shown) && h(Card, { title: "Trace" }, h(Fault, { error: trace.error?.status === 404 ? undefined : trace.error }), h(Trace, { events })),
      ),
    ),
    asking &&
      h(Confirm, { title: "Delete this message?", text: "It is gone for ever, and its sender is not told.", verb: "delete", danger: true, onYes: () => action.run("delete"), onClose: () => ask(false) }),
  ];
}

const FAREWELLS = { forwarded: "It was delivered", deleted: "It was deleted", failed: "It has failed and was removed", retrieved: "It was fetched", bounced: "Its sender was told of the failure" };

function Gone({ events }) {
  const last = events.findLast((event) => FAREWELLS[event.type]);
  return last
    ? div({ class: `alert alert-${last.type === "forwarded" ? "success" : "secondary"}`, id: "farewell", role: "status" }, icon(last.type === "forwarded" ? "check2-circle" : "info-circle"), ` ${FAREWELLS[last.type]} `, h(When, { at: last.time }), ". It is not in the queue any more; what has happened to it is below.")
    : events.length === 0 && h(Empty, { name: "envelope-slash", title: "There is no such message" }, "It may have left the queue long ago. ", a({ href: "/queue" }, "To the queue"));
}

const MOST_SOURCE = 256 << 10;

function Source({ path, size: octets }) {
  const source = useAnswer(async (signal) => {
    const answer = await fetch(address(`${path}/raw`, about()), { signal });
    const reader = answer.body.getReader();
    const decoder = new TextDecoder("utf-8");
    let text = "";
    while (text.length < MOST_SOURCE) {
      const { done, value } = await reader.read();
      if (done) {
        return text;
      }
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
    return text.slice(0, MOST_SOURCE);
  }, [path]);
  return div(
    {},
    h(Fault, { error: source.error }),
    source.data === undefined ? !source.error && h(Waiting) : tags.pre({ class: "source", tabindex: 0, role: "region", "aria-label": "Source" }, source.data),
    octets > MOST_SOURCE && p({ class: "quiet small mb-0" }, `The first ${size(MOST_SOURCE)} of ${size(octets)}.`),
  );
}
