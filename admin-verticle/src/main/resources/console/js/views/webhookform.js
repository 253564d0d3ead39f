// The settings of a webhook, for a new one and for one that is there.
import { h, tags, useState } from "../dom.js";
import { Fault, Modal, TextField } from "../parts.js";
import { useAction } from "../use.js";

const { button, div, fieldset, form, input, label, legend } = tags;

const TYPES = [
  "received", "forwarded", "deferred", "failed", "bounced", "delivered-local", "retrieved", "rejected", "filtered",
  "held", "released", "retried", "deleted", "authentication-failed", "banned",
];
const FIELDS = ["/url", "/description", "/types", "/batch"];

export function WebhookForm({ webhook, onSave, onClose }) {
  const [types, setTypes] = useState(webhook?.types ?? []);
  const action = useAction(onSave);
  const fault = (field) => action.error?.at?.(field);
  const toggle = (type) => setTypes(types.includes(type) ? types.filter((each) => each !== type) : [...types, type]);
  const submit = (event) => {
    event.preventDefault();
    const { url, description, size, seconds } = Object.fromEntries(new FormData(event.target));
    action.run({ url, description, types, batch: { size: Number(size), seconds: Number(seconds) } });
  };
  return h(
    Modal,
    { title: webhook ? "Change the webhook" : "Add a webhook", wide: true, onClose },
    form(
      { onSubmit: submit, noValidate: true },
      h(Fault, { error: action.error?.isBeyond?.(FIELDS) === false ? undefined : action.error }),
      h(TextField, { id: "url", name: "url", text: "Address", type: "url", autocomplete: "off", placeholder: "https://example.com/hooks/mail", defaultValue: webhook?.url, error: fault("/url"), help: "Requests go there by POST, signed as Standard Webhooks has it." }),
      h(TextField, { id: "description", name: "description", text: "Description", maxlength: 500, defaultValue: webhook?.description, error: fault("/description") }),
      fieldset(
        { class: "mb-3" },
        legend({ class: "form-label fs-6" }, "Events (none chosen means all)"),
        div(
          { class: "checks" },
          TYPES.map((type) =>
            div(
              { class: "form-check", key: type },
              input({ class: "form-check-input", type: "checkbox", id: `type-${type}`, checked: types.includes(type), onChange: () => toggle(type) }),
              label({ class: "form-check-label", for: `type-${type}` }, type),
            ),
          ),
        ),
      ),
      div(
        { class: "row" },
        h(TextField, { class: "col-sm-6 mb-3", id: "size", name: "size", text: "Events in one request, at most", type: "number", min: 1, max: 100, defaultValue: webhook?.batch?.size ?? 1, error: fault("/batch/size") }),
        h(TextField, { class: "col-sm-6 mb-3", id: "seconds", name: "seconds", text: "Seconds to wait for further ones", type: "number", min: 0, max: 60, defaultValue: webhook?.batch?.seconds ?? 0, error: fault("/batch/seconds") }),
      ),
      div(
        { class: "d-flex justify-content-end gap-2" },
        button({ type: "button", class: "btn btn-outline-secondary", onClick: onClose }, "Cancel"),
        button({ type: "submit", class: "btn btn-primary", id: "save-webhook", disabled: action.busy }, action.busy ? "Saving …" : webhook ? "Save" : "Add"),
      ),
    ),
  );
}
