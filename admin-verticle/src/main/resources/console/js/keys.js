// Shortcuts. Single keys, so never while something is typed; all of them are in the help.
import { h, tags, useEffect } from "./dom.js";
import { go } from "./router.js";
import { Modal } from "./parts.js";

const { dd, div, dl, dt, h3, kbd } = tags;

export const PLACES = {
  o: ["Overview", "/"],
  q: ["Queue", "/queue"],
  f: ["Failures", "/failures"],
  m: ["Mailboxes", "/mailboxes"],
  s: ["Send a test", "/send"],
  c: ["Configuration", "/configuration"],
  u: ["Users and tokens", "/users"],
  w: ["Webhooks", "/webhooks"],
  l: ["Live log", "/log"],
};
const HERE = [
  ["/", "Search in this view"],
  ["j k", "Next, previous row"],
  ["x", "Select the row"],
  ["Enter", "Open the row"],
  ["t", "Light or dark"],
  ["?", "This help"],
];

const isTyping = (element) =>
  element && (element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName)) && element.type !== "checkbox";

function row(step) {
  const rows = [...document.querySelectorAll("main tr[data-row]")];
  if (rows.length === 0) {
    return;
  }
  const at = rows.findIndex((each) => each.contains(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step))];
  next.querySelector("a, input, button")?.focus();
}

/** Listens to the keyboard; onHelp shows the help, onTheme changes the theme. */
export function useKeys({ onHelp, onTheme }) {
  useEffect(() => {
    let waiting = false;
    let timer = 0;
    const listener = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) {
        return;
      }
      const place = waiting ? PLACES[event.key] : undefined;
      waiting = false;
      clearTimeout(timer);
      if (place) {
        go(place[1]);
        event.preventDefault();
        return;
      }
      const focused = document.activeElement?.closest?.("tr[data-row]");
      switch (event.key) {
        case "g":
          waiting = true;
          timer = setTimeout(() => (waiting = false), 2000);
          return;
        case "?":
          onHelp();
          break;
        case "t":
          onTheme();
          break;
        case "/":
          document.querySelector("main [data-search]")?.focus();
          break;
        case "j":
          row(1);
          break;
        case "k":
          row(-1);
          break;
        case "x":
          focused?.querySelector("input[type=checkbox]")?.click();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [onHelp, onTheme]);
}

const list = (pairs) =>
  dl(
    { class: "keys" },
    pairs.map(([key, text]) => [dt({}, key.split(" ").map((each) => kbd({}, each))), dd({}, text)]),
  );

export const Help = ({ onClose }) =>
  h(
    Modal,
    { title: "Keyboard", onClose, wide: true },
    div(
      { class: "row" },
      div({ class: "col-sm-6" }, h3({ class: "h6" }, "Go to"), list(Object.entries(PLACES).map(([key, [text]]) => [`g ${key}`, text]))),
      div({ class: "col-sm-6" }, h3({ class: "h6" }, "In a view"), list(HERE)),
    ),
  );
