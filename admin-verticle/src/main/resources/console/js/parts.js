// What several views show.
import { h, tags, useEffect, useRef, useState } from "./dom.js";
import { ago, date } from "./format.js";

const { a, button, code, dialog, div, form, h1, h2, i, input, label, li, p, span, time, ul } = tags;

export const Icon = ({ name }) => i({ class: `bi bi-${name}`, "aria-hidden": "true" });
export const icon = (name) => h(Icon, { name });

const STATES = {
  ready: ["hourglass", "primary"],
  deferred: ["arrow-repeat", "warning"],
  busy: ["send", "info"],
  failed: ["x-octagon", "danger"],
  held: ["pause-circle", "secondary"],
};

export const StateBadge = ({ state }) => {
  const [name, colour] = STATES[state] ?? ["question-circle", "secondary"];
  return span({ class: `badge text-bg-${colour} state-${state}` }, icon(name), " ", state);
};

/** A moment: how long ago, and on hovering when exactly. */
export const When = ({ at }) => (at ? time({ datetime: at, title: date(at) }, ago(at)) : span({ class: "quiet" }, "—"));

/** The heading of a view with its actions; gets the focus when the view is entered. */
export function Title({ text, children }) {
  useEffect(() => {
    document.title = `${text} · Stagepost`;
  }, [text]);
  return div(
    { class: "view-title" },
    h1({ class: "h4 mb-0", id: "view-heading", tabindex: -1 }, text),
    div({ class: "d-flex flex-wrap gap-2 ms-auto" }, children),
  );
}

export const Card = ({ title, extra, children, flush, id }) =>
  div(
    { class: "card", id },
    title && div({ class: "card-header" }, h2({ class: "h6 mb-0" }, title), extra && div({ class: "ms-auto" }, extra)),
    div({ class: flush ? "card-body p-0" : "card-body" }, children),
  );

/** What went wrong, told when it happens. */
export const Fault = ({ error }) =>
  error
    ? div(
        { class: "alert alert-danger d-flex gap-2 mb-3", role: "alert" },
        icon("exclamation-triangle"),
        div(
          {},
          error.status === 501 ? "This relay can't tell that yet." : error.message,
          error.errors?.length > 1 &&
            ul({ class: "mb-0 small" }, error.errors.map((each) => li({}, code({}, each.field), " ", each.message))),
        ),
      )
    : null;

export const Waiting = ({ text = "Loading" }) =>
  div(
    { class: "text-center quiet py-5", role: "status" },
    span({ class: "spinner-border spinner-border-sm me-2", "aria-hidden": "true" }),
    text,
    "…",
  );

/** Nothing here, and what to do about that. */
export const Empty = ({ name = "inbox", title, children }) =>
  div({ class: "empty" }, icon(name), p({ class: "h6 mt-2" }, title), div({ class: "quiet" }, children));

/** A labelled field; the fault is that of its place in the request. */
export function Field({ id, text, error, help, children, class: names = "mb-3" }) {
  return div(
    { class: names },
    label({ class: "form-label", for: id }, text),
    children,
    help && div({ class: "form-text", id: `${id}-help` }, help),
    error && div({ class: "invalid-feedback d-block", id: `${id}-fault` }, error),
  );
}

/** The properties of an input in a Field. */
export const fieldProps = (id, error, help) => ({
  id,
  class: `form-control${error ? " is-invalid" : ""}`,
  "aria-invalid": error ? "true" : undefined,
  "aria-describedby": [help && `${id}-help`, error && `${id}-fault`].filter(Boolean).join(" ") || undefined,
});

export function TextField({ id, text, error, help, class: names, ...props }) {
  return h(Field, { id, text, error, help, class: names }, input({ ...fieldProps(id, error, help), ...props }));
}

export function Progress({ text, done, total }) {
  const percent = total ? Math.min(100, Math.round((done / total) * 100)) : 100;
  return div(
    { class: "mb-3", role: "status" },
    div({ class: "small mb-1" }, text),
    div(
      {
        class: "progress",
        role: "progressbar",
        "aria-label": text,
        "aria-valuenow": percent,
        "aria-valuemin": 0,
        "aria-valuemax": 100,
      },
      div({
        class: `progress-bar${total ? "" : " progress-bar-striped progress-bar-animated"}`,
        style: { width: `${percent}%` },
      }),
    ),
  );
}

/** A dialog of the browser: Escape closes it, and the focus goes back to where it was. */
export function Modal({ title, onClose, children, wide }) {
  const place = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current.showModal();
    // Not the button that closes it.
    place.current.querySelector("form input:not([type=hidden]), form select, form button")?.focus();
    return () => before?.focus?.();
  }, []);
  return dialog(
    {
      ref: place,
      class: `shadow${wide ? " wide" : ""}`,
      "aria-labelledby": "dialog-title",
      onClose: (event) => event.target === place.current && onClose(),
      onClick: (event) => event.target === place.current && place.current.close(),
    },
    div(
      { class: "dialog-body" },
      div(
        { class: "d-flex align-items-start mb-3" },
        h2({ class: "h5 mb-0", id: "dialog-title" }, title),
        button({
          type: "button",
          class: "btn-close ms-auto",
          "aria-label": "Close",
          onClick: () => place.current.close(),
        }),
      ),
      children,
    ),
  );
}

/** Asks before something that can't be undone. */
export function Confirm({ title, text, verb, danger, onYes, onClose }) {
  return h(
    Modal,
    { title, onClose },
    form(
      {
        onSubmit: (event) => {
          event.preventDefault();
          onClose();
          onYes();
        },
      },
      p({}, text),
      div(
        { class: "d-flex justify-content-end gap-2" },
        button({ type: "button", class: "btn btn-outline-secondary", onClick: onClose }, "Cancel"),
        button({ type: "submit", class: `btn btn-${danger ? "danger" : "primary"}`, id: "confirm-yes" }, verb),
      ),
    ),
  );
}

let notify = () => {};

/** Tells that something has been done; screen readers say it too. */
export const tell = (text, kind = "success") => notify({ text, kind });

export function Notices() {
  const [notice, change] = useState(null);
  const timer = useRef(0);
  notify = (told) => {
    clearTimeout(timer.current);
    change(told);
    timer.current = setTimeout(() => change(null), 8000);
  };
  return div(
    { class: "notices", role: "status", "aria-live": "polite" },
    notice &&
      div(
        { class: `notice text-bg-${notice.kind} shadow` },
        span({}, notice.text),
        button({
          type: "button",
          class: "btn-close btn-close-white ms-3",
          "aria-label": "Dismiss",
          onClick: () => change(null),
        }),
      ),
  );
}

/** Copies a text. */
export function Copy({ text, what }) {
  return button(
    {
      type: "button",
      class: "btn btn-sm btn-outline-secondary flex-shrink-0",
      onClick: () => navigator.clipboard?.writeText(text).then(() => tell(`${what} copied`)),
    },
    icon("clipboard"),
    " Copy",
  );
}

export const Tabs = ({ tabs, active, onChange, label: text }) =>
  div(
    { class: "nav nav-underline mb-3", role: "tablist", "aria-label": text },
    tabs.map(([id, name]) =>
      button(
        {
          key: id,
          type: "button",
          role: "tab",
          id: `tab-${id}`,
          class: `nav-link${id === active ? " active" : ""}`,
          "aria-selected": id === active ? "true" : "false",
          tabindex: id === active ? 0 : -1,
          onClick: () => onChange(id),
          onKeyDown: (event) => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (step) {
              const at = tabs.findIndex(([other]) => other === id);
              const next = tabs[(at + step + tabs.length) % tabs.length][0];
              onChange(next);
              document.getElementById(`tab-${next}`)?.focus();
            }
          },
        },
        name,
      ),
    ),
  );

/** A table that scrolls sideways by itself, never the page. */
export const Table = ({ head, label: text, children, id }) =>
  div(
    { class: "table-responsive", tabindex: 0, role: "region", "aria-label": text },
    tags.table(
      { class: "table table-hover align-middle mb-0", id },
      tags.thead({}, tags.tr({}, head.map((name, n) => (typeof name === "string" ? tags.th({ scope: "col", key: n }, name) : name)))),
      tags.tbody({}, children),
    ),
  );

export const MessageLink = ({ id, children }) =>
  a({ href: `/message?id=${encodeURIComponent(id)}`, class: "text-break" }, children ?? id);
