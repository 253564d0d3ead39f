// Who may sign in, tokens for programs, and one's own password.
import { get, part, post, put, remove } from "../api.js";
import { h, tags, useState } from "../dom.js";
import { date } from "../format.js";
import { Card, Confirm, Copy, Empty, Fault, Field, Modal, Table, TextField, Title, Waiting, When, icon, tell } from "../parts.js";
import { may, useSession } from "../session.js";
import { useAction, useAnswer } from "../use.js";

const { button, code, div, fieldset, form, input, label, legend, option, p, select, span, td, tr } = tags;

const ROLES = [
  ["admin", "admin: everything"],
  ["operator", "operator: the queue and sending"],
  ["viewer", "viewer: looking only"],
];
const SCOPES = { read: "look at everything", send: "send messages", queue: "retry, hold and delete", admin: "configuration, users, webhooks" };

const values = (event) => Object.fromEntries(new FormData(event.target));

const Buttons = ({ onClose, busy, verb }) =>
  div(
    { class: "d-flex justify-content-end gap-2" },
    button({ type: "button", class: "btn btn-outline-secondary", onClick: onClose }, "Cancel"),
    button({ type: "submit", class: "btn btn-primary", id: "dialog-save", disabled: busy }, busy ? "…" : verb),
  );

function UserForm({ user, passwords, onDone, onClose }) {
  const action = useAction(async ({ name, role, password }) => {
    await put(`/users/${part(user?.user ?? name)}`, { role, password: password || undefined });
    tell(user ? "Changed" : "Added");
    onClose();
    onDone();
  });
  const fault = (field) => action.error?.at?.(field);
  const submit = (event) => {
    event.preventDefault();
    action.run(values(event));
  };
  return h(
    Modal,
    { title: user ? `Change ${user.user}` : "Add a user", onClose },
    form(
      { onSubmit: submit, noValidate: true },
      h(Fault, { error: action.error?.isBeyond?.(["/role", "/password", "user"]) === false ? undefined : action.error }),
      !user && h(TextField, { id: "name", name: "name", text: "Name", autocomplete: "off", error: fault("user") }),
      h(Field, { id: "role", text: "Role", error: fault("/role") }, select({ id: "role", name: "role", class: "form-select", defaultValue: user?.role ?? "viewer" }, ROLES.map(([role, text]) => option({ key: role, value: role, selected: role === (user?.role ?? "viewer") }, text)))),
      passwords &&
        h(TextField, { id: "new-password", name: "password", text: user ? "New password" : "Password", type: "password", autocomplete: "new-password", error: fault("/password"), help: user ? "Left empty, it stays. A change ends the user's sessions." : "Ten characters at least; left empty, an account that is there already is used." }),
      h(Buttons, { onClose, busy: action.busy, verb: user ? "Save" : "Add" }),
    ),
  );
}

function UserList() {
  const session = useSession();
  const answer = useAnswer((signal) => get("/users", {}, signal), []);
  const [editing, edit] = useState(null);
  const [asking, ask] = useState(null);
  const deletion = useAction(async (user) => {
    await remove(`/users/${part(user)}`);
    tell(`${user} may not sign in any more`);
    answer.again();
  });
  const { users, passwords } = answer.data ?? {};
  return h(
    Card,
    { title: "Users", flush: true, extra: button({ type: "button", class: "btn btn-sm btn-primary", id: "add-user", onClick: () => edit({}) }, icon("person-plus"), " Add") },
    (answer.error || deletion.error) && div({ class: "p-3" }, h(Fault, { error: deletion.error ?? answer.error })),
    !users && !answer.error && h(Waiting),
    users &&
      h(
        Table,
        { label: "Users", id: "users", head: ["User", "Role", "Sessions", "Actions"] },
        users.map((user) =>
          tr(
            { key: user.user, "data-row": true },
            td({}, user.user, user.user === session.account.user && span({ class: "quiet" }, " (you)")),
            td({}, span({ class: "badge text-bg-secondary" }, user.role)),
            td({ class: "number" }, user.sessions),
            td(
              { class: "actions" },
              button({ type: "button", class: "btn btn-sm btn-outline-secondary", "aria-label": `Change ${user.user}`, onClick: () => edit({ user }) }, icon("pencil")),
              button({ type: "button", class: "btn btn-sm btn-outline-danger", "aria-label": `Remove ${user.user}`, onClick: () => ask(user.user) }, icon("trash")),
            ),
          ),
        ),
      ),
    editing && h(UserForm, { user: editing.user, passwords, onDone: answer.again, onClose: () => edit(null) }),
    asking && h(Confirm, { title: `Let ${asking} in no more?`, text: "Sessions and tokens end at once. The account stays in the file of passwords.", verb: "Remove", danger: true, onYes: () => deletion.run(asking), onClose: () => ask(null) }),
  );
}

function TokenForm({ onMade, onClose }) {
  const session = useSession();
  const [scopes, setScopes] = useState(["read"]);
  const action = useAction(async ({ name, days }) => onMade(await post("/tokens", { name, scopes, days: Number(days) })));
  const fault = (field) => action.error?.at?.(field);
  const toggle = (scope) => setScopes(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope]);
  const submit = (event) => {
    event.preventDefault();
    action.run(values(event));
  };
  return h(
    Modal,
    { title: "Make a token", onClose },
    form(
      { onSubmit: submit, noValidate: true },
      h(Fault, { error: action.error?.isBeyond?.(["/name", "/scopes", "/days"]) === false ? undefined : action.error }),
      h(TextField, { id: "token-name", name: "name", text: "What it is for", autocomplete: "off", maxlength: 100, error: fault("/name") }),
      fieldset(
        { class: "mb-3" },
        legend({ class: "form-label fs-6" }, "What it may"),
        Object.entries(SCOPES)
          .filter(([scope]) => session.account.scopes.includes(scope))
          .map(([scope, text]) =>
            div(
              { class: "form-check", key: scope },
              input({ class: "form-check-input", type: "checkbox", id: `scope-${scope}`, checked: scopes.includes(scope), onChange: () => toggle(scope) }),
              label({ class: "form-check-label", for: `scope-${scope}` }, span({ class: "mono" }, scope), `: ${text}`),
            ),
          ),
        fault("/scopes") && div({ class: "invalid-feedback d-block" }, fault("/scopes")),
      ),
      h(TextField, { id: "days", name: "days", text: "Good for so many days", type: "number", min: 1, max: 3650, defaultValue: 90, error: fault("/days") }),
      h(Buttons, { onClose, busy: action.busy, verb: "Make" }),
    ),
  );
}

function TokenList() {
  const answer = useAnswer((signal) => get("/tokens", {}, signal), []);
  const [making, make] = useState(false);
  const [made, setMade] = useState(null);
  const [asking, ask] = useState(null);
  const revocation = useAction(async (token) => {
    await remove(`/tokens/${part(token.id)}`);
    tell(`“${token.name}” is revoked`);
    answer.again();
  });
  const tokens = answer.data?.tokens;
  return h(
    Card,
    { title: "Tokens for programs", flush: true, extra: button({ type: "button", class: "btn btn-sm btn-primary", id: "add-token", onClick: () => make(true) }, icon("key"), " Make") },
    (answer.error || revocation.error) && div({ class: "p-3" }, h(Fault, { error: revocation.error ?? answer.error })),
    !tokens && !answer.error && h(Waiting),
    tokens?.length === 0 && h(Empty, { name: "key", title: "There are no tokens" }, "A program that sends mail or reads the queue by the API signs in with one."),
    tokens?.length > 0 &&
      h(
        Table,
        { label: "Tokens", id: "tokens", head: ["Name", "Scopes", "Of", "Expires", "Last used", "Actions"] },
        tokens.map((token) =>
          tr(
            { key: token.id, "data-row": true },
            td({}, token.name),
            td({}, token.scopes.map((scope) => span({ class: "badge text-bg-secondary me-1", key: scope }, scope))),
            td({}, token.user),
            td({ title: date(token.expires) }, h(When, { at: token.expires })),
            td({}, h(When, { at: token.lastUsed })),
            td({ class: "actions" }, button({ type: "button", class: "btn btn-sm btn-outline-danger", "aria-label": `Revoke ${token.name}`, onClick: () => ask(token) }, icon("trash"))),
          ),
        ),
      ),
    making &&
      h(TokenForm, {
        onClose: () => make(false),
        onMade: (token) => {
          make(false);
          setMade(token);
          answer.again();
        },
      }),
    made &&
      h(
        Modal,
        { title: `Token “${made.name}”`, onClose: () => setMade(null) },
        p({}, "Copy it now: it is not shown again."),
        div({ class: "d-flex gap-2 align-items-start" }, code({ class: "secret", id: "token-text" }, made.token), h(Copy, { text: made.token, what: "Token" })),
      ),
    asking && h(Confirm, { title: `Revoke “${asking.name}”?`, text: "Programs that use it are refused at once.", verb: "Revoke", danger: true, onYes: () => revocation.run(asking), onClose: () => ask(null) }),
  );
}

function Password() {
  const session = useSession();
  const action = useAction(async ({ current, password }) => {
    await put("/account/password", { current, password });
    tell("Your password is changed; your other sessions have ended");
  });
  const fault = (field) => action.error?.at?.(field);
  const submit = (event) => {
    event.preventDefault();
    const filled = event.target;
    action.run(values(event)).then(() => filled.reset());
  };
  return h(
    Card,
    { title: "Your password" },
    form(
      { onSubmit: submit, noValidate: true },
      h(Fault, { error: action.error?.isBeyond?.(["/current", "/password"]) === false ? undefined : action.error }),
      // For password managers.
      input({ type: "hidden", autocomplete: "username", value: session.account.user }),
      h(TextField, { id: "current", name: "current", text: "Current password", type: "password", autocomplete: "current-password", error: fault("/current") }),
      h(TextField, { id: "password", name: "password", text: "New password", type: "password", autocomplete: "new-password", error: fault("/password"), help: "Ten characters at least." }),
      button({ type: "submit", class: "btn btn-primary", disabled: action.busy }, "Change"),
    ),
  );
}

export const Users = () => {
  const session = useSession();
  return [
    h(Title, { text: may("admin") ? "Users and tokens" : "Account and tokens" }),
    div(
      { class: "row g-3" },
      div({ class: "col-xl-8 d-flex flex-column gap-3" }, may("admin") && h(UserList), h(TokenList)),
      div(
        { class: "col-xl-4 d-flex flex-column gap-3" },
        h(Card, { title: "You" }, div({}, session.account.user, " ", span({ class: "badge text-bg-secondary" }, session.account.role)), div({ class: "small quiet mt-1" }, "may ", session.account.scopes.join(", "), "; this sign-in ends ", h(When, { at: session.account.expires }))),
        h(Password),
      ),
    ),
  ];
};
