// Sends a test message. The key in the request lets it be repeated after a fault without being sent twice.
import { post } from "../api.js";
import { h, tags, useRef, useState } from "../dom.js";
import { size } from "../format.js";
import { Card, Empty, Fault, Field, MessageLink, Tabs, TextField, Title, fieldProps, icon } from "../parts.js";
import { about, may, useSession } from "../session.js";
import { useAction } from "../use.js";

const { button, div, form, input, li, span, textarea, ul } = tags;

const MOST_OCTETS = 16 << 20;
const FIELDS = ["/from", "/to", "/cc", "/subject", "/text", "/html", "/attachments"];

const addresses = (text) => text.split(/[,\n]/).map((each) => each.trim()).filter(Boolean);

function inBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Error(`${file.name} can't be read`));
    reader.readAsDataURL(file);
  });
}

async function messageOf(values, files) {
  const attachments = await Promise.all(
    files.map(async (file) => ({ name: file.name, type: file.type || undefined, content: await inBase64(file) })),
  );
  return {
    from: values.from,
    to: addresses(values.to),
    cc: values.cc ? addresses(values.cc) : undefined,
    subject: values.subject,
    text: values.text || undefined,
    html: values.html || undefined,
    attachments: attachments.length ? attachments : undefined,
  };
}

export function Send() {
  const session = useSession();
  const domain = session.relays.find((relay) => relay.name === session.relay)?.domain ?? "example.com";
  const [values, change] = useState({ from: "", to: "", cc: "", subject: "Test message", text: "Hello from Stagepost.\n", html: "" });
  const [files, setFiles] = useState([]);
  const [kind, setKind] = useState("text");
  const [sent, setSent] = useState([]);
  const key = useRef(crypto.randomUUID?.() ?? String(Math.random()));
  const action = useAction(async () => {
    const octets = files.reduce((sum, file) => sum + file.size, 0);
    if (octets > MOST_OCTETS) {
      throw new Error(`Attachments have ${size(octets)}; up to ${size(MOST_OCTETS)} can be sent from here.`);
    }
    const answer = await post("/messages", await messageOf(values, files), { query: about(), headers: { "Idempotency-Key": key.current } });
    key.current = crypto.randomUUID?.() ?? String(Math.random());
    setSent((before) => [{ ...answer, to: values.to, subject: values.subject }, ...before]);
  });
  if (!may("send")) {
    return [h(Title, { text: "Send a test message" }), h(Empty, { name: "lock", title: "You may only look" }, "Operators and admins may send messages.")];
  }
  const fault = (field) => action.error?.at?.(field);
  const set = (name) => (event) => {
    change({ ...values, [name]: event.target.value });
    // Another message, so not a repetition.
    key.current = crypto.randomUUID?.() ?? String(Math.random());
  };
  return [
    h(Title, { text: "Send a test message" }),
    sent.length > 0 &&
      ul(
        { class: "list-unstyled", id: "sent", role: "status" },
        sent.map((each) => li({ key: each.id, class: "alert alert-success mb-2" }, icon("check2-circle"), ` Durable: “${each.subject}” for ${each.to} `, span({ class: "quiet" }, `(${size(each.size)})`), " — ", h(MessageLink, { id: each.id }, "see what becomes of it"))),
      ),
    h(Fault, { error: action.error?.isBeyond?.(FIELDS) === false ? undefined : action.error }),
    h(
      Card,
      {},
      form(
        {
          id: "send",
          noValidate: true,
          onSubmit: (event) => {
            event.preventDefault();
            action.run();
          },
        },
        div(
          { class: "row" },
          h(TextField, { class: "col-md-6 mb-3", id: "from", text: "From", placeholder: `you@${domain}`, value: values.from, onInput: set("from"), error: fault("/from"), "data-search": true }),
          h(TextField, { class: "col-md-6 mb-3", id: "to", text: "To", placeholder: "ada@example.net, …", value: values.to, onInput: set("to"), error: fault("/to"), help: "Several are separated by commas." }),
          h(TextField, { class: "col-md-6 mb-3", id: "cc", text: "Cc", value: values.cc, onInput: set("cc"), error: fault("/cc") }),
          h(TextField, { class: "col-md-6 mb-3", id: "subject", text: "Subject", value: values.subject, onInput: set("subject"), error: fault("/subject") }),
        ),
        h(Tabs, { label: "Kind of text", tabs: [["text", "Text"], ["html", "HTML"]], active: kind, onChange: setKind }),
        kind === "text"
          ? h(Field, { id: "text", text: "Text", error: fault("/text") }, textarea({ ...fieldProps("text", fault("/text")), rows: 8, value: values.text, onInput: set("text") }))
          : h(Field, { id: "html", text: "HTML", error: fault("/html"), help: "Sent beside the text; readers show the one they can." }, textarea({ ...fieldProps("html", fault("/html"), true), class: "form-control mono", rows: 8, value: values.html, onInput: set("html") })),
        h(Field, { id: "files", text: "Attachments", error: fault("/attachments") }, input({ ...fieldProps("files", fault("/attachments")), type: "file", multiple: true, onChange: (event) => setFiles([...event.target.files]) })),
        button({ type: "submit", class: "btn btn-primary", id: "send-now", disabled: action.busy }, action.busy ? span({ class: "spinner-border spinner-border-sm me-2", "aria-hidden": "true" }) : icon("send"), action.busy ? "Sending …" : " Send"),
      ),
    ),
  ];
}
