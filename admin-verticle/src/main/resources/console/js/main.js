// The frame around the views: navigation, who is signed in, which relay, help.
import { get, signOut, whoAmI } from "./api.js";
import { h, render, tags, useCallback, useEffect, useState } from "./dom.js";
import { Help, PLACES, useKeys } from "./keys.js";
import { Fault, Notices, Waiting, icon } from "./parts.js";
import { takeOverLinks, useRoute } from "./router.js";
import { change, may, useSession } from "./session.js";
import { Configuration } from "./views/configuration.js";
import { Failures } from "./views/failures.js";
import { LiveLog } from "./views/log.js";
import { Mailboxes } from "./views/mailboxes.js";
import { Message } from "./views/message.js";
import { Missing } from "./views/missing.js";
import { Overview } from "./views/overview.js";
import { Queue } from "./views/queue.js";
import { Send } from "./views/send.js";
import { SignIn } from "./views/signin.js";
import { Users } from "./views/users.js";
import { Webhook } from "./views/webhook.js";
import { Webhooks } from "./views/webhooks.js";

const { a, button, div, header, li, main, nav, option, select, span, ul } = tags;

const VIEWS = {
  "/": Overview,
  "/queue": Queue,
  "/message": Message,
  "/failures": Failures,
  "/mailboxes": Mailboxes,
  "/send": Send,
  "/configuration": Configuration,
  "/users": Users,
  "/webhooks": Webhooks,
  "/webhook": Webhook,
  "/log": LiveLog,
};
const MENU = [
  ["o", "speedometer2"],
  ["q", "inboxes"],
  ["f", "x-octagon"],
  ["m", "mailbox"],
  ["s", "send", "send"],
  ["w", "broadcast"],
  ["l", "terminal"],
  ["c", "sliders"],
  ["u", "people"],
];
const THEMES = { auto: ["circle-half", "dark"], dark: ["moon-stars", "light"], light: ["sun", "auto"] };

function Menu({ path, open }) {
  return nav(
    { class: `sidebar${open ? " open" : ""}`, id: "menu", "aria-label": "Views" },
    ul(
      { class: "nav nav-pills flex-column" },
      MENU.filter(([, , scope]) => !scope || may(scope)).map(([key, name]) => {
        const [text, address] = PLACES[key];
        const isHere = address === path || (address === "/queue" && path === "/message") || (address === "/webhooks" && path === "/webhook");
        return li(
          { class: "nav-item", key },
          a(
            { class: `nav-link${isHere ? " active" : ""}`, href: address, "aria-current": isHere ? "page" : undefined },
            icon(name),
            span({}, text),
          ),
        );
      }),
    ),
    div({ class: "sidebar-foot small" }, a({ href: "/api/docs", target: "_blank", rel: "noreferrer" }, "API"), " · ", span({ class: "quiet" }, "press ? for keys")),
  );
}

function Bar({ session, theme, onTheme, onMenu, open, onHelp }) {
  return header(
    { class: "topbar" },
    button(
      {
        type: "button",
        class: "btn btn-icon d-lg-none",
        "aria-label": "Menu",
        "aria-expanded": open ? "true" : "false",
        "aria-controls": "menu",
        id: "menu-button",
        onClick: onMenu,
      },
      icon("list"),
    ),
    a({ class: "brand", href: "/" }, tags.img({ src: "/icon.svg", alt: "", width: 24, height: 24 }), span({}, "Stagepost")),
    session.relays.length > 1 &&
      select(
        {
          class: "form-select form-select-sm w-auto",
          "aria-label": "Relay",
          value: session.relay,
          onChange: (event) => change({ relay: event.target.value }),
        },
        session.relays.map((relay) => option({ key: relay.name, value: relay.name }, relay.name)),
      ),
    div(
      { class: "ms-auto d-flex align-items-center gap-1" },
      button({ type: "button", class: "btn btn-icon d-none d-sm-inline-flex", "aria-label": "Keyboard help", onClick: onHelp }, icon("keyboard")),
      button(
        { type: "button", class: "btn btn-icon", id: "theme-button", "aria-label": `Colours: ${theme}`, title: `Colours: ${theme}`, onClick: onTheme },
        icon(THEMES[theme][0]),
      ),
      span({ class: "who d-none d-md-inline" }, session.account.user, " ", span({ class: "badge text-bg-secondary" }, session.account.role)),
      button(
        {
          type: "button",
          class: "btn btn-icon",
          id: "sign-out",
          "aria-label": `Sign out ${session.account.user}`,
          title: "Sign out",
          onClick: () => signOut().finally(() => change({ account: null })),
        },
        icon("box-arrow-right"),
      ),
    ),
  );
}

function Frame({ session }) {
  const route = useRoute();
  const [open, setOpen] = useState(false);
  const [help, setHelp] = useState(false);
  const [theme, setTheme] = useState(window.stagepostTheme.get());
  const nextTheme = useCallback(() => {
    const next = THEMES[window.stagepostTheme.get()][1];
    window.stagepostTheme.set(next);
    setTheme(next);
  }, []);
  const showHelp = useCallback(() => setHelp(true), []);
  useKeys({ onHelp: showHelp, onTheme: nextTheme });
  useEffect(() => {
    const close = (event) => event.key === "Escape" && setOpen(false);
    document.addEventListener("keydown", close);
    return () => document.removeEventListener("keydown", close);
  }, []);
  const view = `${route.path} ${route.query.id ?? ""}`;
  useEffect(() => {
    setOpen(false);
    window.scrollTo(0, 0);
    document.getElementById("view-heading")?.focus();
  }, [view, session.known]);
  return div(
    { class: "frame" },
    a({ class: "skip btn btn-primary", href: "#content" }, "Skip to the content"),
    h(Bar, { session, theme, open, onTheme: nextTheme, onMenu: () => setOpen(!open), onHelp: showHelp }),
    h(Menu, { path: route.path, open }),
    main(
      { id: "content", tabindex: -1 },
      // Not before it is known which relay is meant, or each view would ask twice.
      session.known ? h(VIEWS[route.path] ?? Missing, { key: `${view} ${session.relay}`, query: route.query }) : h(Waiting),
    ),
    help && h(Help, { onClose: () => setHelp(false) }),
  );
}

function App() {
  const session = useSession();
  const [ready, setReady] = useState(false);
  const [error, setError] = useState(undefined);
  useEffect(() => {
    const signedOut = () => change({ account: null });
    document.addEventListener("stagepost-signed-out", signedOut);
    whoAmI()
      .then((account) => change({ account }))
      .catch(setError)
      .finally(() => setReady(true));
    return () => document.removeEventListener("stagepost-signed-out", signedOut);
  }, []);
  const user = session.account?.user;
  useEffect(() => {
    if (user) {
      get("/relays")
        .then(({ relays, version }) => change({ relays, version, relay: session.relay ?? relays[0]?.name, known: true }))
        .catch(() => change({ known: true }));
    }
  }, [user]);
  if (!ready) {
    return h(Waiting, { text: "Connecting" });
  }
  if (error) {
    return main({ class: "alone" }, h(Fault, { error }), button({ class: "btn btn-primary", onClick: () => location.reload() }, "Try again"));
  }
  return [session.account ? h(Frame, { session, key: user }) : h(SignIn, { key: "signin" }), h(Notices, { key: "notices" })];
}

takeOverLinks();
render(h(App), document.getElementById("app"));
