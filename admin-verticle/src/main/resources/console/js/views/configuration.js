// The configuration: what holds, the file with an editor, and what it was before.
import { get, post, put } from "../api.js";
import { diff } from "../diff.js";
import { h, tags, useEffect, useRef, useState } from "../dom.js";
import { Card, Confirm, Empty, Fault, Modal, Tabs, Title, Waiting, When, icon, tell } from "../parts.js";
import { guard } from "../router.js";
import { may } from "../session.js";
import { useAction, useAnswer } from "../use.js";

const { button, code, div, input, label, li, p, pre, span, strong, textarea, ul } = tags;

const CHECK_AFTER = 600;

function Numbered({ text, onInput, problems, readOnly }) {
  const gutter = useRef(null);
  const wrong = new Set(problems.map((each) => each.line));
  const lines = text.split("\n").length;
  return div(
    { class: "editor" },
    div(
      { class: "gutter", ref: gutter, "aria-hidden": "true" },
      Array.from({ length: lines }, (each, n) => div({ key: n, class: wrong.has(n + 1) ? "wrong" : "" }, n + 1)),
    ),
    textarea({
      id: "text",
      class: `form-control${problems.length ? " is-invalid" : ""}`,
      "aria-label": "Text of the configuration file",
      "aria-invalid": problems.length ? "true" : undefined,
      "aria-describedby": problems.length ? "problems" : undefined,
      wrap: "off",
      spellcheck: false,
      readOnly,
      value: text,
      rows: Math.min(28, Math.max(12, lines + 1)),
      onInput: (event) => onInput(event.target.value),
      onScroll: (event) => (gutter.current.scrollTop = event.target.scrollTop),
    }),
  );
}

const Problems = ({ problems }) =>
  problems.length
    ? div(
        { class: "alert alert-danger mt-3 mb-0", id: "problems", role: "alert" },
        strong({}, icon("exclamation-triangle"), " This can't be applied:"),
        ul({ class: "mb-0" }, problems.map((each, n) => li({ key: n }, each.line && span({ class: "badge text-bg-danger me-1" }, `line ${each.line}`), each.message.replace(/^.*, line \d+: /, "")))),
      )
    : null;

function Outcome({ outcome }) {
  const part = (title, items, name) => items.length > 0 && [div({ class: "mt-1" }, icon(name), ` ${title}`), ul({ class: "mb-0" }, items.map((each) => li({ key: each }, code({}, each))))];
  const nothing = outcome.applied.length + outcome.pending.length + outcome.warnings.length === 0;
  return div(
    { class: `alert ${outcome.warnings.length || outcome.pending.length ? "alert-warning" : "alert-success"}`, id: "outcome", role: "status" },
    strong({}, nothing ? "Written; nothing was to be changed." : "Written."),
    part("In force now", outcome.applied, "check2"),
    part("At the next start", outcome.pending, "hourglass"),
    part("Take note", outcome.warnings, "exclamation-triangle"),
  );
}

function Editor({ configuration, onApplied, outcome }) {
  const [text, setText] = useState(configuration.text);
  const [comment, setComment] = useState("");
  const [problems, setProblems] = useState([]);
  const [checked, setChecked] = useState(configuration.text);
  const [applying, setApplying] = useState(false);
  const changed = text !== configuration.text;
  const check = useAction(async (wanted) => {
    const answer = await post("/configuration/validate", { text: wanted });
    setProblems(answer.problems);
    setChecked(wanted);
    return answer.valid;
  });
  useEffect(() => {
    if (text === checked) {
      return undefined;
    }
    const timer = setTimeout(() => check.run(text), CHECK_AFTER);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    guard(changed ? () => window.confirm("The changes to the configuration are not applied. Leave them?") : null);
    return () => guard(null);
  }, [changed]);
  const apply = useAction(async () => {
    const result = await put("/configuration", { text, version: configuration.version, comment: comment || undefined });
    setApplying(false);
    setComment("");
    guard(null);
    onApplied(result);
  });
  const refused = apply.error?.errors?.some((each) => each.field.startsWith("/text")) ? apply.error.errors.map(({ message }) => ({ message })) : [];
  const askToApply = async () => {
    if (await check.run(text)) {
      apply.clear();
      setApplying(true);
    }
  };
  const state = check.busy || (changed && text !== checked) ? "checking …" : problems.length ? "not valid" : changed ? "valid, not applied" : "as it is in the file";
  return div(
    {},
    outcome && h(Outcome, { outcome }),
    h(Fault, { error: check.error }),
    h(
      Card,
      {
        title: configuration.file ?? "Configuration",
        extra: span({ class: `badge ${problems.length ? "text-bg-danger" : changed ? "text-bg-warning" : "text-bg-success"}`, id: "editor-state", role: "status" }, state),
      },
      h(Numbered, { text, problems, onInput: setText, readOnly: !configuration.editable }),
      h(Problems, { problems: problems.length ? problems : refused }),
      configuration.editable
        ? div(
            { class: "d-flex flex-wrap gap-2 mt-3" },
            button({ type: "button", class: "btn btn-primary", id: "apply", disabled: !changed || problems.length > 0 || check.busy, onClick: askToApply }, icon("check2"), " Review and apply"),
            button({ type: "button", class: "btn btn-outline-secondary", id: "validate", disabled: check.busy, onClick: () => check.run(text) }, "Validate"),
            button({ type: "button", class: "btn btn-outline-secondary", id: "revert", disabled: !changed, onClick: () => setText(configuration.text) }, "Undo all"),
          )
        : p({ class: "quiet small mt-2 mb-0" }, "It can't be edited here, as the relay was not started from one file."),
    ),
    applying &&
      h(
        Modal,
        { title: "Apply these changes?", wide: true, onClose: () => setApplying(false) },
        h(Fault, { error: apply.error }),
        diff({ before: configuration.text, after: text, label: "Changes" }),
        label({ class: "form-label mt-3", for: "comment" }, "Comment"),
        input({ class: "form-control", id: "comment", maxlength: 500, value: comment, placeholder: "Why it is changed", onInput: (event) => setComment(event.target.value) }),
        div(
          { class: "d-flex justify-content-end gap-2 mt-3" },
          button({ type: "button", class: "btn btn-outline-secondary", onClick: () => setApplying(false) }, "Cancel"),
          button({ type: "button", class: "btn btn-primary", id: "apply-now", disabled: apply.busy, onClick: () => apply.run() }, apply.busy ? "Applying …" : "Apply"),
        ),
      ),
  );
}

function History({ configuration, onApplied }) {
  const answer = useAnswer((signal) => get("/configuration/history", {}, signal), [configuration.version]);
  const [shown, show] = useState(null);
  const [asking, ask] = useState(null);
  const look = useAction(async (version) => show(await get(`/configuration/history/${version}`)));
  const restore = useAction(async (version) => {
    const result = await post(`/configuration/history/${version}/restore`);
    tell("Rolled back");
    onApplied(result);
  });
  const versions = answer.data?.versions;
  return div(
    {},
    h(Fault, { error: restore.error ?? look.error ?? answer.error }),
    !versions && !answer.error && h(Waiting),
    versions?.length === 0 && h(Empty, { name: "clock-history", title: "It was never changed from here" }, "Each change leaves what was there before, to be looked at and rolled back to."),
    versions?.length > 0 &&
      ul(
        { class: "list-group", id: "history" },
        versions.map((each) =>
          li(
            { key: each.version, class: "list-group-item d-flex flex-wrap gap-2 align-items-center", "data-version": each.version },
            div({ class: "flex-grow-1 min-w-0" }, div({}, each.comment || span({ class: "quiet" }, "no comment"), each.current && span({ class: "badge text-bg-success ms-2" }, "current")), div({ class: "small quiet" }, h(When, { at: each.time }), " · ", each.user || "found in place", " · ", code({}, each.version.slice(0, 24)))),
            button({ type: "button", class: "btn btn-sm btn-outline-secondary", disabled: look.busy, onClick: () => look.run(each.version) }, "Compare"),
            !each.current && configuration.editable && button({ type: "button", class: "btn btn-sm btn-outline-primary", "data-do": "restore", disabled: restore.busy, onClick: () => ask(each) }, "Roll back"),
          ),
        ),
      ),
    shown && h(Modal, { title: "From then to now", wide: true, onClose: () => show(null) }, diff({ before: shown.text, after: configuration.text ?? "", label: "Changes since then" })),
    asking && h(Confirm, { title: "Roll back?", text: "The text of that time is written as a new version; the text of now stays in the history.", verb: "Roll back", onYes: () => restore.run(asking.version), onClose: () => ask(null) }),
  );
}

export function Configuration() {
  const answer = useAnswer((signal) => get("/configuration", {}, signal), []);
  const [outcome, setOutcome] = useState(null);
  const configuration = answer.data;
  const admin = may("admin") && configuration?.text !== undefined;
  const [tab, setTab] = useState(undefined);
  const onApplied = (result) => {
    setOutcome(result);
    setTab("file");
    answer.again();
  };
  const active = tab ?? (admin ? "file" : "effective");
  return [
    h(Title, { text: "Configuration" }),
    h(Fault, { error: answer.error }),
    !configuration && !answer.error && h(Waiting),
    configuration && h(Tabs, { label: "Configuration", active, onChange: setTab, tabs: [...(admin ? [["file", "File"], ["history", "History"]] : []), ["effective", "What holds"]] }),
    configuration && !admin && may("admin") && p({ class: "quiet" }, "The relay was started without a configuration file. Start it with ", code({}, "--config relay.conf"), " to edit its configuration here."),
    configuration && active === "file" && h(Editor, { key: configuration.version, configuration, onApplied, outcome }),
    configuration && active === "history" && h(History, { configuration, onApplied }),
    configuration && active === "effective" && h(Card, { title: "What holds now, secrets masked" }, pre({ class: "source", id: "effective", tabindex: 0, role: "region", "aria-label": "Effective configuration" }, configuration.effective)),
  ];
}
