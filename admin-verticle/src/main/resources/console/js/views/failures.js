// What has failed and why, in groups, so that one click tries all of one cause again.
import { get } from "../api.js";
import { actOnIds, summary } from "../bulk.js";
import { h, tags, useState } from "../dom.js";
import { count, plural } from "../format.js";
import { Confirm, Empty, Fault, MessageLink, Progress, Tabs, Title, Waiting, When, icon, tell } from "../parts.js";
import { go, to } from "../router.js";
import { about, may } from "../session.js";
import { useAction, useAnswer } from "../use.js";

const { a, button, details, div, h2, li, p, span, summary: fold, ul } = tags;

const MOST_SHOWN = 20;

// Groups of several requests, each about other messages, are put together.
async function groupsOf(state, signal) {
  const byCause = new Map();
  let cursor;
  let total = 0;
  do {
    const answer = await get("/failures", about({ state, cursor }), signal);
    total = answer.total;
    for (const group of answer.groups) {
      const cause = `${group.reason}\n${group.destination}`;
      const known = byCause.get(cause);
      byCause.set(
        cause,
        known
          ? { ...known, count: known.count + group.count, ids: known.ids.concat(group.ids), oldest: known.oldest < group.oldest ? known.oldest : group.oldest }
          : group,
      );
    }
    cursor = answer.next;
  } while (cursor && byCause.size < 500);
  return { groups: [...byCause.values()].toSorted((one, other) => other.count - one.count), total, whole: !cursor };
}

function Group({ group, busy, onAct }) {
  return li(
    { class: "card mb-3 group" },
    div(
      { class: "card-body" },
      div(
        { class: "d-flex flex-wrap gap-2 align-items-start" },
        span({ class: "badge text-bg-danger fs-6" }, count(group.count)),
        div(
          { class: "flex-grow-1 min-w-0" },
          h2({ class: "h6 mb-1 text-break" }, group.reason || "(no reason was given)"),
          div(
            { class: "small quiet" },
            icon("globe"), " ", a({ href: to("/queue", { recipient: group.destination ? `@${group.destination}` : undefined }) }, group.destination || "no domain"),
            " · oldest ", h(When, { at: group.oldest }),
          ),
        ),
        may("queue") &&
          div(
            { class: "d-flex gap-2" },
            button({ type: "button", class: "btn btn-primary btn-sm", "data-do": "retry", disabled: busy, onClick: () => onAct("retry", group) }, icon("arrow-repeat"), group.count === 1 ? " Retry" : ` Retry all ${count(group.count)}`),
            button({ type: "button", class: "btn btn-outline-danger btn-sm", "data-do": "delete", disabled: busy, "aria-label": `Delete ${plural(group.count, "message")}`, onClick: () => onAct("delete", group) }, icon("trash")),
          ),
      ),
      details(
        { class: "mt-2 small" },
        fold({}, group.count === 1 ? "The message" : "Messages"),
        ul(
          { class: "mb-0 mt-1" },
          group.ids.slice(0, MOST_SHOWN).map((id) => li({ key: id }, h(MessageLink, { id }))),
          group.ids.length > MOST_SHOWN && li({ class: "quiet" }, `and ${count(group.count - MOST_SHOWN)} more`),
        ),
      ),
    ),
  );
}

export function Failures({ query }) {
  const state = query.state === "deferred" ? "deferred" : "failed";
  const answer = useAnswer((signal) => groupsOf(state, signal), [state], 10_000);
  const [progress, setProgress] = useState(null);
  const [asking, ask] = useState(null);
  const action = useAction(async (what, group) => {
    try {
      const result = await actOnIds(what, group.ids, (done, total) => setProgress({ what, done, total }));
      const left = group.count - group.ids.length;
      tell(summary(what, result) + (left > 0 ? `; ${count(left)} more are listed now` : ""), result.done ? "success" : "danger");
    } finally {
      setProgress(null);
      answer.again();
    }
  });
  const groups = answer.data?.groups;
  return [
    h(Title, { text: "Failures" }, answer.data && span({ class: "quiet align-self-center" }, plural(answer.data.total, "message"))),
    h(Tabs, { label: "Which", active: state, tabs: [["failed", "Given up"], ["deferred", "To be tried again"]], onChange: (id) => go(to("/failures", { state: id === "failed" ? undefined : id }), { replace: true }) }),
    h(Fault, { error: action.error ?? answer.error }),
    progress && h(Progress, { text: `${progress.what}: ${count(progress.done)} of ${count(progress.total)}`, ...progress }),
    !groups && !answer.error && h(Waiting),
    groups?.length === 0 &&
      h(Empty, { name: "check2-circle", title: state === "failed" ? "Nothing has failed" : "Nothing waits for another try" }, "Messages that can't be delivered are grouped here by their reason, to be tried again all at once. ", a({ href: "/" }, "Back to the overview")),
    groups?.length > 0 && ul({ class: "list-unstyled mb-0", id: "groups" }, groups.map((group) => h(Group, { key: group.reason + group.destination, group, busy: action.busy, onAct: (what) => (what === "delete" ? ask(group) : action.run(what, group)) }))),
    answer.data && !answer.data.whole && p({ class: "quiet small" }, "There are more; these are the first that were found."),
    asking && h(Confirm, { title: `Delete ${plural(asking.count, "message")}?`, text: "Deleted messages are gone for ever; their senders are not told.", verb: "delete", danger: true, onYes: () => action.run("delete", asking), onClose: () => ask(null) }),
  ];
}
