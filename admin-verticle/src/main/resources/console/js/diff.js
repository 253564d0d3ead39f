// Differences of texts, by jsdiff, as lines in colours.
import { h, tags } from "./dom.js";

const { div, pre, span } = tags;
const AROUND = 3;

function lines(parts) {
  return parts.flatMap((part) => {
    const sign = part.added ? "+" : part.removed ? "-" : " ";
    return part.value.replace(/\n$/, "").split("\n").map((text) => ({ sign, text }));
  });
}

/** The lines that changed with those around them; null stands for what is left out. */
function excerpt(all) {
  const near = all.map((line, n) => all.slice(Math.max(0, n - AROUND), n + AROUND + 1).some((each) => each.sign !== " "));
  const shown = [];
  all.forEach((line, n) => {
    if (near[n]) {
      shown.push(line);
    } else if (shown.length > 0 && shown.at(-1) !== null) {
      shown.push(null);
    }
  });
  return shown;
}

export function Diff({ before, after, label }) {
  if (before === after) {
    return div({ class: "quiet small" }, "There is no difference.");
  }
  const shown = excerpt(lines(window.Diff.diffLines(before, after)));
  return pre(
    { class: "diff", id: "diff", tabindex: 0, role: "region", "aria-label": label },
    shown.map((line, n) =>
      line === null
        ? span({ key: n, class: "left-out" }, "⋯\n")
        : span({ key: n, class: line.sign === "+" ? "added" : line.sign === "-" ? "removed" : "" }, `${line.sign} ${line.text}\n`),
    ),
  );
}

export const diff = (props) => h(Diff, props);
