// Addresses of views, by the history of the browser. Ids are in the query, as they may have dots.
import { useEffect, useState } from "./dom.js";

const listeners = new Set();
let leaving = null;

export function here() {
  return { path: location.pathname, query: Object.fromEntries(new URLSearchParams(location.search)) };
}

/** The address of a view. */
export function to(path, query = {}) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
  const text = words.toString();
  return path + (text ? `?${text}` : "");
}

export function go(address, { replace = false } = {}) {
  if (leaving && !replace && !leaving()) {
    return;
  }
  history[replace ? "replaceState" : "pushState"](null, "", address);
  listeners.forEach((listener) => listener(replace ? "replaced" : "visited"));
}

/** Asks before a view with unsaved work is left; null when there is none. */
export function guard(question) {
  leaving = question;
}

export function useRoute() {
  const [route, change] = useState(here());
  useEffect(() => {
    const listener = () => change(here());
    listeners.add(listener);
    window.addEventListener("popstate", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("popstate", listener);
    };
  }, []);
  return route;
}

/** Links within the console don't load the page again. */
export function takeOverLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) {
      return;
    }
    const url = new URL(link.href, location.href);
    const elsewhere =
      url.origin !== location.origin || url.pathname.startsWith("/api/") || link.target || link.hasAttribute("download");
    if (elsewhere || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || url.hash) {
      return;
    }
    event.preventDefault();
    go(url.pathname + url.search);
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving) {
      event.preventDefault();
    }
  });
}
