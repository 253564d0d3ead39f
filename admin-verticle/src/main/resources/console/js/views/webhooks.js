// Who is told what happens.
import { get, post } from "../api.js";
import { h, tags, useState } from "../dom.js";
import { count } from "../format.js";
import { Copy, Empty, Fault, Modal, Table, Title, Waiting, icon } from "../parts.js";
import { to } from "../router.js";
import { may } from "../session.js";
import { useAnswer } from "../use.js";
import { WebhookForm } from "./webhookform.js";

const { a, button, code, div, p, span, td, tr } = tags;

export const Secret = ({ webhook, onClose }) =>
  h(
    Modal,
    { title: "The secret for its signatures", onClose },
    p({}, "Copy it now: it is not shown again. The receiver checks the header ", code({}, "webhook-signature"), " with it."),
    div({ class: "d-flex gap-2 align-items-start" }, code({ class: "secret", id: "webhook-secret" }, webhook.secret), h(Copy, { text: webhook.secret, what: "Secret" })),
  );

export const WebhookState = ({ webhook }) =>
  webhook.enabled
    ? span({ class: `badge text-bg-${webhook.dead ? "danger" : webhook.pending ? "warning" : "success"}` }, webhook.dead ? `${count(webhook.dead)} given up` : webhook.pending ? `${count(webhook.pending)} pending` : "on")
    : span({ class: "badge text-bg-secondary" }, "off");

export function Webhooks() {
  const allowed = may("admin");
  const answer = useAnswer((signal) => (allowed ? get("/webhooks", {}, signal) : Promise.resolve({ webhooks: [] })), [], 10_000);
  const [adding, add] = useState(false);
  const [made, setMade] = useState(null);
  const webhooks = answer.data?.webhooks;
  const addButton = (id) => button({ type: "button", class: "btn btn-primary", id, onClick: () => add(true) }, icon("plus-lg"), " Add a webhook");
  if (!allowed) {
    return [h(Title, { text: "Webhooks" }), h(Empty, { name: "lock", title: "Only admins see webhooks" }, "Ask one to have your program told of events, or read them with a token by the ", a({ href: "/api/docs", target: "_blank", rel: "noreferrer" }, "API"), ".")];
  }
  return [
    h(Title, { text: "Webhooks" }, webhooks?.length > 0 && addButton("add-webhook")),
    h(Fault, { error: answer.error }),
    !webhooks && !answer.error && h(Waiting),
    webhooks?.length === 0 && h(Empty, { name: "broadcast", title: "Nobody is told of events yet" }, p({}, "A webhook sends what happens to messages to an address of yours, signed, and again until it is taken."), addButton("add-webhook")),
    webhooks?.length > 0 &&
      div(
        { class: "card" },
        h(
          Table,
          { label: "Webhooks", id: "webhooks", head: ["Address", "Events", "State"] },
          webhooks.map((webhook) =>
            tr(
              { key: webhook.id, "data-row": true },
              td({ class: "subject" }, a({ href: to("/webhook", { id: webhook.id }), class: "text-break" }, webhook.url), webhook.description && div({ class: "small quiet" }, webhook.description)),
              td({ class: "small" }, webhook.types.length ? webhook.types.join(", ") : "all"),
              td({}, h(WebhookState, { webhook })),
            ),
          ),
        ),
      ),
    adding &&
      h(WebhookForm, {
        onClose: () => add(false),
        onSave: async (wanted) => {
          const webhook = await post("/webhooks", wanted);
          add(false);
          setMade(webhook);
          answer.again();
        },
      }),
    made && h(Secret, { webhook: made, onClose: () => setMade(null) }),
  ];
}
