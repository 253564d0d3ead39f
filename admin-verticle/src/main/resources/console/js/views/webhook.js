// One webhook: what it was sent, what it still has to be, and what was given up.
import { get, part, patch, post, remove } from "../api.js";
import { h, tags, useState } from "../dom.js";
import { count, date, plural } from "../format.js";
import { Card, Confirm, Empty, Fault, Modal, Table, Tabs, Title, Waiting, When, icon, tell } from "../parts.js";
import { go } from "../router.js";
import { useAction, useAnswer } from "../use.js";
import { WebhookForm } from "./webhookform.js";
import { Secret, WebhookState } from "./webhooks.js";

const { button, code, dd, div, dl, dt, pre, span, td, tr } = tags;

const COLOURS = { pending: "warning", delivered: "success", dead: "danger" };
const NAMES = { pending: "pending", delivered: "delivered", dead: "given up" };

const answered = (last) => (last ? [last.status ? `HTTP ${last.status}` : "no answer", ` in ${count(last.milliseconds)} ms`] : "not tried yet");

function Delivery({ path, id, onClose }) {
  const answer = useAnswer((signal) => get(`${path}/deliveries/${part(id)}`, {}, signal), [id]);
  const delivery = answer.data;
  return h(
    Modal,
    { title: "Delivery", wide: true, onClose },
    h(Fault, { error: answer.error }),
    !delivery && !answer.error && h(Waiting),
    delivery &&
      dl(
        { class: "facts" },
        dt({}, "webhook-id"), dd({}, code({ class: "text-break" }, delivery.id)),
        dt({}, "Made"), dd({}, date(delivery.created)),
        dt({}, "Attempts"), dd({}, count(delivery.attempts)),
        dt({}, "Last answer"), dd({}, answered(delivery.last), delivery.last?.error && div({ class: "small" }, delivery.last.error)),
        delivery.next && [dt({}, "Next try"), dd({}, h(When, { at: delivery.next }))],
      ),
    delivery?.last?.response && pre({ class: "source", tabindex: 0, role: "region", "aria-label": "Answer" }, delivery.last.response),
    delivery?.payload && pre({ class: "source", tabindex: 0, role: "region", "aria-label": "Payload" }, pretty(delivery.payload)),
  );
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Deliveries({ path, webhook, onChange }) {
  const [state, setState] = useState("all");
  const [shown, show] = useState(null);
  const answer = useAnswer((signal) => get(`${path}/deliveries`, { state: state === "all" ? undefined : state, limit: 100 }, signal), [path, state], 3000);
  const replay = useAction(async (delivery) => {
    await post(`${path}/deliveries/${part(delivery.id)}/replay`);
    tell("It is being sent again");
    answer.again();
    onChange();
  });
  const replayAll = useAction(async () => {
    const { replayed } = await post(`${path}/replay`);
    tell(`${plural(replayed, "delivery", "deliveries")} being sent again`);
    answer.again();
    onChange();
  });
  const deliveries = answer.data?.deliveries;
  const dead = answer.data?.counts.dead ?? webhook.dead;
  return h(
    Card,
    {
      title: "Deliveries",
      extra: dead > 0 && button({ type: "button", class: "btn btn-sm btn-primary", id: "replay-all", disabled: replayAll.busy, onClick: () => replayAll.run() }, icon("arrow-repeat"), ` Replay all ${count(dead)} given up`),
    },
    h(Tabs, { label: "State", active: state, onChange: setState, tabs: [["all", "All"], ["pending", "Pending"], ["delivered", "Delivered"], ["dead", "Given up"]] }),
    h(Fault, { error: replay.error ?? replayAll.error ?? answer.error }),
    !deliveries && !answer.error && h(Waiting),
    deliveries?.length === 0 && h(Empty, { name: "broadcast", title: "No deliveries here" }, "They appear as events happen. “Send a test” sends one now."),
    deliveries?.length > 0 &&
      h(
        Table,
        { label: "Deliveries", id: "deliveries", head: ["State", "Event", "Made", "Attempts", "Last answer", "Actions"] },
        deliveries.map((each) =>
          tr(
            { key: each.id, "data-row": true, "data-state": each.state },
            td({}, span({ class: `badge text-bg-${COLOURS[each.state]}` }, NAMES[each.state])),
            td({}, each.type, each.events > 1 && span({ class: "quiet" }, ` ×${each.events}`)),
            td({ class: "text-nowrap" }, h(When, { at: each.created })),
            td({ class: "number" }, count(each.attempts)),
            td({ class: "small" }, answered(each.last), each.last?.error && div({ class: "quiet" }, each.last.error), each.next && div({ class: "quiet" }, "again ", h(When, { at: each.next }))),
            td(
              { class: "actions" },
              button({ type: "button", class: "btn btn-sm btn-outline-secondary", "aria-label": `Details of ${each.id}`, onClick: () => show(each.id) }, icon("eye")),
              each.state !== "delivered" && button({ type: "button", class: "btn btn-sm btn-outline-primary", "data-do": "replay", disabled: replay.busy, onClick: () => replay.run(each) }, "Replay"),
            ),
          ),
        ),
      ),
    shown && h(Delivery, { path, id: shown, onClose: () => show(null) }),
  );
}

export function Webhook({ query }) {
  const path = `/webhooks/${part(query.id ?? "")}`;
  const answer = useAnswer((signal) => get(path, {}, signal), [path], 5000);
  const [dialog, open] = useState(null);
  const [secret, setSecret] = useState(null);
  const webhook = answer.data;
  const change = useAction(async (what) => {
    await patch(path, what);
    answer.again();
  });
  const test = useAction(async () => {
    const { last, state } = await post(`${path}/test`);
    tell(state === "delivered" ? `It was taken: HTTP ${last.status} in ${last.milliseconds} ms` : `It was not taken: ${last?.status ? `HTTP ${last.status}` : (last?.error ?? "no answer")}`, state === "delivered" ? "success" : "danger");
    answer.again();
  });
  const rotate = useAction(async () => setSecret(await post(`${path}/rotate`, {})));
  const deletion = useAction(async () => {
    await remove(path);
    tell("The webhook is removed");
    go("/webhooks");
  });
  const act = (id, name, text, onClick, colour = "outline-secondary") => button({ type: "button", class: `btn btn-${colour}`, id, onClick }, icon(name), ` ${text}`);
  return [
    h(
      Title,
      { text: "Webhook" },
      webhook && [
        button({ type: "button", class: "btn btn-primary", id: "test-webhook", disabled: test.busy, onClick: () => test.run() }, icon("send"), test.busy ? " Sending …" : " Send a test"),
        act("edit-webhook", "pencil", "Change", () => open("edit")),
        act("rotate-webhook", "key", "New secret", () => open("rotate")),
        act("toggle-webhook", webhook.enabled ? "pause" : "play", webhook.enabled ? "Turn off" : "Turn on", () => change.run({ enabled: !webhook.enabled })),
        act("delete-webhook", "trash", "Remove", () => open("delete"), "outline-danger"),
      ],
    ),
    h(Fault, { error: answer.error ?? change.error ?? test.error ?? rotate.error ?? deletion.error }),
    !webhook && !answer.error && h(Waiting),
    webhook && [
      div(
        { class: "card mb-3", key: "facts" },
        div(
          { class: "card-body" },
          dl(
            { class: "facts mb-0" },
            dt({}, "Address"), dd({}, code({ class: "text-break" }, webhook.url), " ", h(WebhookState, { webhook }), webhook.disabledReason && div({ class: "small" }, webhook.disabledReason)),
            webhook.description && [dt({}, "Description"), dd({}, webhook.description)],
            dt({}, "Events"), dd({}, webhook.types.length ? webhook.types.join(", ") : "all"),
            webhook.relays.length > 0 && [dt({}, "Relays"), dd({}, webhook.relays.join(", "))],
            dt({}, "Batch"), dd({}, webhook.batch.size > 1 ? `up to ${webhook.batch.size} events, waiting ${webhook.batch.seconds} s` : "each event by itself"),
            webhook.losses > 0 && [dt({}, "Lost"), dd({}, `events left the log ${plural(webhook.losses, "time")} before they could be sent`)],
          ),
        ),
      ),
      h(Deliveries, { key: "deliveries", path, webhook, onChange: answer.again }),
    ],
    dialog === "edit" &&
      h(WebhookForm, {
        webhook,
        onClose: () => open(null),
        onSave: async (wanted) => {
          await patch(path, wanted);
          open(null);
          answer.again();
        },
      }),
    dialog === "rotate" && h(Confirm, { title: "Give it a new secret?", text: "For a day, requests are signed with both, so that the receiver can change over.", verb: "New secret", onYes: () => rotate.run(), onClose: () => open(null) }),
    dialog === "delete" && h(Confirm, { title: "Remove the webhook?", text: "What it still had to deliver goes with it.", verb: "Remove", danger: true, onYes: () => deletion.run(), onClose: () => open(null) }),
    secret && h(Secret, { webhook: secret, onClose: () => setSecret(null) }),
  ];
}
