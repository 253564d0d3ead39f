// A message as its reader would see it. HTML is shown in a frame that may do nothing: no script, no form, no request.
import { address, get } from "../api.js";
import { h, tags, useState } from "../dom.js";
import { size } from "../format.js";
import { Empty, Fault, Tabs, Waiting, icon } from "../parts.js";
import { about } from "../session.js";
import { useAnswer } from "../use.js";

const { a, button, div, iframe, p, pre, span } = tags;

function Html({ path }) {
  const [remote, setRemote] = useState(false);
  return div(
    {},
    div(
      { class: "d-flex flex-wrap align-items-center gap-2 mb-2 small" },
      icon("shield-check"),
      span({ class: "quiet" }, remote ? "Remote images are fetched: their owners learn that it was read." : "Scripts and remote content are off."),
      button({ type: "button", class: "btn btn-sm btn-outline-secondary ms-auto", id: "remote", "aria-pressed": remote ? "true" : "false", onClick: () => setRemote(!remote) }, remote ? "Keep remote content off" : "Load remote images"),
    ),
    iframe({ class: "viewer", id: "viewer", title: "The message's HTML", sandbox: "", referrerpolicy: "no-referrer", src: address(`${path}/html`, about({ remote: remote || undefined })) }),
  );
}

function Attachments({ parts, path }) {
  const attached = parts.filter((each) => each.attachment);
  return attached.length
    ? div(
        { class: "attachments" },
        attached.map((each) =>
          a(
            { key: each.part, class: "btn btn-sm btn-outline-secondary", href: address(`${path}/parts/${each.part}`, about()), download: each.name ?? `part-${each.part}` },
            icon("paperclip"),
            ` ${each.name ?? each.type}`,
            each.size !== undefined && span({ class: "ms-1" }, `(${size(each.size)})`),
          ),
        ),
      )
    : null;
}

export function Viewer({ path }) {
  const body = useAnswer((signal) => get(`${path}/body`, about(), signal), [path]);
  const [wanted, want] = useState(undefined);
  if (body.error) {
    return h(Fault, { error: body.error });
  }
  if (!body.data) {
    return h(Waiting);
  }
  const { html, text, parts, truncated } = body.data;
  const kinds = [html !== undefined && ["html", "HTML"], text !== undefined && ["text", "Text"]].filter(Boolean);
  const kind = wanted ?? kinds[0]?.[0];
  return div(
    {},
    kinds.length > 1 && h(Tabs, { label: "Alternatives", tabs: kinds, active: kind, onChange: want }),
    kind === "html" && h(Html, { path }),
    kind === "text" && pre({ class: "text", id: "message-text", tabindex: 0, role: "region", "aria-label": "Text of the message" }, text),
    !kind && h(Empty, { name: "file-earmark", title: "There is no text in it" }, "Its parts can be downloaded."),
    h(Attachments, { parts, path }),
    truncated && p({ class: "quiet small mt-2 mb-0" }, "There is more; download the message to see it all."),
  );
}
