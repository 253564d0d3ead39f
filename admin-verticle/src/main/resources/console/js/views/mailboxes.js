import { get } from "../api.js";
import { h, tags } from "../dom.js";
import { count, size } from "../format.js";
import { Empty, Fault, Table, Title, Waiting, When, icon } from "../parts.js";
import { about } from "../session.js";
import { useAnswer } from "../use.js";

const { a, code, div, p, td, tr } = tags;

const KINDS = {
  shared: "All who sign in to POP see the same mailbox: the queue itself.",
  "by-name": "Each user has a directory of the spool of that name.",
  maildir: "Messages for local recipients are delivered into maildirs.",
};

export function Mailboxes() {
  const answer = useAnswer((signal) => get("/mailboxes", about(), signal), [], 10_000);
  const { mailboxes, kind } = answer.data ?? {};
  return [
    h(Title, { text: "Mailboxes" }),
    h(Fault, { error: answer.error }),
    !answer.data && !answer.error && h(Waiting),
    kind === "none" && h(Empty, { name: "mailbox", title: "This relay serves no mailboxes" }, "Start its POP server with ", code({}, "--pop"), " to let mail programs fetch messages from here. ", a({ href: "/configuration" }, "To the configuration")),
    kind && kind !== "none" && p({ class: "quiet" }, KINDS[kind]),
    kind && kind !== "none" && mailboxes.length === 0 && h(Empty, { name: "mailbox", title: "There is no mailbox yet" }, "It is made when its first message comes."),
    mailboxes?.length > 0 &&
      div(
        { class: "card" },
        h(
          Table,
          { label: "Mailboxes", id: "mailboxes", head: ["Mailbox", "Messages", "Size", "Newest"] },
          mailboxes.map((box) =>
            tr({ key: box.name, "data-row": true }, td({}, icon("mailbox"), " ", box.name || "(shared)"), td({ class: "number" }, count(box.messages)), td({ class: "number" }, size(box.octets)), td({}, h(When, { at: box.newest }))),
          ),
        ),
      ),
  ];
}
