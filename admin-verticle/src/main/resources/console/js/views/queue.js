// The queue: filters that are in the address, pages, and actions on what is selected or on all that matches.
import { get, post } from "../api.js";
import { actOnFilter, actOnIds, summary } from "../bulk.js";
import { h, tags, useEffect, useState } from "../dom.js";
import { count, plural, size } from "../format.js";
import { Confirm, Empty, Fault, MessageLink, Progress, StateBadge, Table, Title, Waiting, When, icon, tell } from "../parts.js";
import { go, to } from "../router.js";
import { about, may } from "../session.js";
import { useAction, useAnswer } from "../use.js";

const { a, button, div, form, input, option, select, span, td, th, tr } = tags;

const STATES = ["ready", "busy", "deferred", "failed", "held"];
const ACTIONS = [
  ["retry", "arrow-repeat", ["failed", "deferred"]],
  ["hold", "pause", ["ready", "deferred"]],
  ["release", "play", ["held"]],
  ["delete", "trash", ["ready", "deferred", "failed", "held"]],
];
const SEARCHES = [
  ["text", "Sender, recipient or id"],
  ["sender", "Sender"],
  ["recipient", "Recipient"],
  ["subject", "Subject"],
  ["reason", "Reason"],
];
const AGES = [
  ["", "any age"],
  ["5", "older than 5 minutes"],
  ["60", "older than an hour"],
  ["1440", "older than a day"],
  ["10080", "older than a week"],
];
const LIMIT = 50;

/** What the address says, as the API has it. */
function filterOf(query) {
  const filter = {};
  for (const [name] of SEARCHES) {
    if (query[name]) {
      filter[name] = query[name];
    }
  }
  if (query.older) {
    filter.arrivedBefore = new Date(Date.now() - Number(query.older) * 60_000).toISOString();
  }
  return filter;
}

function Filters({ query, counts }) {
  const chosen = SEARCHES.find(([name]) => query[name])?.[0] ?? "text";
  const [where, setWhere] = useState(chosen);
  const [text, setText] = useState(query[chosen] ?? "");
  useEffect(() => {
    setWhere(chosen);
    setText(query[chosen] ?? "");
  }, [chosen, query[chosen]]);
  const visit = (changes) => {
    const { cursor, page, ...rest } = query;
    go(to("/queue", { ...rest, ...changes }));
  };
  const search = (event) => {
    event.preventDefault();
    const cleared = Object.fromEntries(SEARCHES.map(([name]) => [name, undefined]));
    visit({ ...cleared, [where]: text.trim() || undefined });
  };
  const states = query.state?.split(",") ?? [];
  const total = counts && STATES.reduce((sum, state) => sum + counts[state], 0);
  return div(
    { class: "filters mb-3" },
    div(
      { class: "nav nav-pills flex-wrap", role: "group", "aria-label": "State" },
      [["", "all", total], ...STATES.map((state) => [state, state, counts?.[state]])].map(([state, name, number]) => {
        const on = state === "" ? states.length === 0 : states.includes(state);
        return button(
          { key: name, type: "button", class: `nav-link${on ? " active" : ""}`, id: `state-${name}`, "aria-pressed": on ? "true" : "false", onClick: () => visit({ state: state || undefined }) },
          name,
          number !== undefined && span({ class: "badge text-bg-secondary ms-1" }, count(number)),
        );
      }),
    ),
    form(
      { class: "search", role: "search", onSubmit: search },
      select(
        { class: "form-select", "aria-label": "Search in", id: "search-where", value: where, onChange: (event) => setWhere(event.target.value) },
        SEARCHES.map(([name, words]) => option({ key: name, value: name }, words)),
      ),
      input({ class: "form-control", type: "search", id: "search-text", "data-search": true, "aria-label": "Search for", placeholder: "Search", maxlength: 200, value: text, onInput: (event) => setText(event.target.value) }),
      select(
        { class: "form-select", "aria-label": "Age", id: "search-age", value: query.older ?? "", onChange: (event) => visit({ older: event.target.value || undefined }) },
        AGES.map(([minutes, words]) => option({ key: minutes, value: minutes }, words)),
      ),
      button({ class: "btn btn-primary", type: "submit", id: "search-go" }, icon("search"), span({ class: "visually-hidden" }, "Search")),
    ),
  );
}

// Columns that a phone has no room for.
const ROOMY = "d-none d-md-table-cell";

function Row({ item, selected, onSelect, selectable }) {
  return tr(
    { "data-row": true, class: selected ? "table-active" : "" },
    selectable &&
      td({}, input({ type: "checkbox", class: "form-check-input", checked: selected, "aria-label": `Select ${item.id}`, onChange: onSelect })),
    td({}, h(StateBadge, { state: item.state })),
    td(
      { class: "subject" },
      h(MessageLink, { id: item.id }, item.subject || span({ class: "mono small" }, item.id)),
      div({ class: "small text-break d-md-none" }, item.to[0] ?? "", item.to.length > 1 && ` +${item.to.length - 1}`),
      item.reason && div({ class: "small quiet clamp", title: item.reason }, item.reason),
    ),
    td({ class: `address ${ROOMY}`, title: item.from }, item.from || span({ class: "quiet" }, "notification")),
    td({ class: `address ${ROOMY}`, title: item.to.join(", ") }, item.to[0] ?? "", item.to.length > 1 && span({ class: "quiet" }, ` +${item.to.length - 1}`)),
    td({ class: `number ${ROOMY}` }, size(item.size)),
    td({ class: "text-nowrap" }, h(When, { at: item.arrived })),
    td({ class: `text-nowrap ${ROOMY}` }, item.due ? h(When, { at: item.due }) : item.attempts ? plural(item.attempts, "attempt") : ""),
  );
}

function EmptyQueue({ query }) {
  const filtered = Object.keys(query).length > 0;
  return filtered
    ? h(Empty, { name: "funnel", title: "No message matches" }, a({ href: "/queue" }, "Show all messages"), " or search for something else.")
    : h(Empty, { name: "inboxes", title: "The queue is empty" }, "Every message has been passed on. ", may("send") && a({ href: "/send" }, "Send a test message"));
}

export function Queue({ query }) {
  const filter = filterOf(query);
  const page = useAnswer(
    (signal) => get("/queue", about({ ...filter, state: query.state, cursor: query.cursor, subjects: true, limit: LIMIT }), signal),
    [JSON.stringify(query)],
    query.cursor ? 0 : 5000,
  );
  const [selected, select] = useState(new Set());
  const [asking, ask] = useState(null);
  const [progress, setProgress] = useState(null);
  const items = page.data?.items ?? [];
  const visible = new Set(items.map((item) => item.id));
  const chosen = [...selected].filter((id) => visible.has(id));
  const state = query.state;
  const selectable = may("queue");
  const action = useAction(async (what, everything) => {
    const onProgress = (done, total) => setProgress({ what, done, total });
    try {
      const result = everything
        ? await actOnFilter(what, { ...filter, state }, page.data.counts[state], onProgress)
        : await actOnIds(what, chosen, onProgress);
      tell(summary(what, result), result.failed && !result.done ? "danger" : "success");
      select(new Set());
    } finally {
      setProgress(null);
      page.again();
    }
  });
  const toggle = (id) => {
    const next = new Set(selected);
    if (!next.delete(id)) {
      next.add(id);
    }
    select(next);
  };
  const perform = (what, everything) => (what === "delete" || everything ? ask({ what, everything }) : action.run(what, false));
  const states = new Set(items.filter((item) => selected.has(item.id)).map((item) => item.state));
  const possible = ACTIONS.filter(([, , from]) => (chosen.length ? [...states].some((each) => from.includes(each)) : from.includes(state)));
  const everything = chosen.length === 0;
  const number = everything ? page.data?.counts[state] : chosen.length;
  return [
    h(
      Title,
      { text: "Queue" },
      may("queue") && h(Runs, { onDone: page.again }),
      button({ type: "button", class: "btn btn-outline-secondary", id: "refresh", onClick: page.again }, icon("arrow-clockwise"), span({ class: "visually-hidden" }, "Refresh")),
    ),
    h(Filters, { query, counts: page.data?.counts }),
    h(Fault, { error: page.error ?? action.error }),
    progress && h(Progress, { text: `${progress.what}: ${count(progress.done)} of ${count(progress.total)}`, done: progress.done, total: progress.total }),
    selectable &&
      possible.length > 0 &&
      items.length > 0 &&
      div(
        { class: "bulk", role: "toolbar", "aria-label": "Actions" },
        span({ class: "small" }, everything ? `all that are ${state}${Object.keys(filter).length ? " and match" : ""}:` : `${plural(chosen.length, "message")}:`),
        possible.map(([what, name]) =>
          button({ key: what, type: "button", class: `btn btn-sm btn-outline-${what === "delete" ? "danger" : "primary"}`, id: `bulk-${what}`, disabled: action.busy, onClick: () => perform(what, everything) }, icon(name), ` ${what}`),
        ),
      ),
    page.data
      ? items.length || page.data.next
        ? div(
            { class: "card" },
            h(
              Table,
              {
                label: "Messages",
                id: "messages",
                head: [
                  ...(selectable
                    ? [th({ scope: "col", key: "all" }, input({ type: "checkbox", class: "form-check-input", id: "select-all", "aria-label": "Select all of this page", checked: items.length > 0 && chosen.length === items.length, onChange: (event) => select(event.target.checked ? new Set(visible) : new Set()) }))]
                    : []),
                  "State",
                  "Subject",
                  ...["From", "To", "Size"].map((name) => th({ scope: "col", key: name, class: ROOMY }, name)),
                  "Arrived",
                  th({ scope: "col", key: "next", class: ROOMY }, "Next try"),
                ],
              },
              items.map((item) => h(Row, { key: item.id, item, selectable, selected: selected.has(item.id), onSelect: () => toggle(item.id) })),
            ),
          )
        : h(EmptyQueue, { query })
      : !page.error && h(Waiting),
    page.data && h(Pages, { query, next: page.data.next, shown: items.length, scanned: page.data.scanned }),
    asking &&
      h(Confirm, {
        title: `${asking.what} ${plural(number ?? 0, "message")}?`,
        text: asking.what === "delete" ? "Deleted messages are gone for ever; their senders are not told." : `This is done to all messages that are ${state}${Object.keys(filter).length ? " and match the search" : ""}.`,
        verb: asking.what,
        danger: asking.what === "delete",
        onYes: () => action.run(asking.what, asking.everything),
        onClose: () => ask(null),
      }),
  ];
}

function Runs({ onDone }) {
  const action = useAction(async () => {
    const { messages } = await post("/queue/flush", undefined, { query: about() });
    tell(`The run has ended: ${plural(messages, "message")} looked at`);
    onDone();
  });
  useEffect(() => {
    if (action.error) {
      tell(action.error.message, "danger");
    }
  }, [action.error]);
  return button({ type: "button", class: "btn btn-outline-primary", id: "flush", disabled: action.busy, onClick: () => action.run() }, action.busy ? span({ class: "spinner-border spinner-border-sm", "aria-hidden": "true" }) : icon("send"), action.busy ? " Sending …" : " Send all now");
}

function Pages({ query, next, shown, scanned }) {
  const { cursor, ...first } = query;
  return tags.nav(
    { class: "d-flex align-items-center gap-2 mt-3", "aria-label": "Pages" },
    span({ class: "small quiet" }, `${plural(shown, "message")} shown`, shown === 0 && next ? `, ${count(scanned)} looked at` : ""),
    div(
      { class: "ms-auto d-flex gap-2" },
      cursor && a({ class: "btn btn-outline-secondary btn-sm", href: to("/queue", first) }, "First page"),
      next && a({ class: "btn btn-outline-primary btn-sm", id: "next-page", href: to("/queue", { ...query, cursor: next }) }, shown === 0 ? "Search on" : "Next page"),
    ),
  );
}
