// Streams of events. The browser comes back by itself when one ends, and says where it has stopped.
import { address } from "./api.js";
import { useEffect, useRef, useState } from "./dom.js";

const TYPES = [
  "received", "rejected", "forwarded", "deferred", "failed", "filtered", "bounced", "delivered-local", "retrieved",
  "held", "released", "deleted", "retried", "authentication-failed", "banned",
];

/** Calls back with each event of a stream: (name, data). Gives "connecting", "open" or "closed". */
export function useStream(path, query, onEvent, on = true) {
  const [state, change] = useState("connecting");
  const handler = useRef(onEvent);
  handler.current = onEvent;
  const url = address(path, query);
  useEffect(() => {
    if (!on) {
      change("closed");
      return undefined;
    }
    const source = new EventSource(url);
    const pass = (event) => {
      let data;
      try {
        data = JSON.parse(event.data);
      } catch {
        return;
      }
      handler.current(event.type, data);
    };
    source.onopen = () => change("open");
    source.onerror = () => change(source.readyState === EventSource.CLOSED ? "closed" : "connecting");
    ["message", "queue", "lost", "missed", "log", ...TYPES].forEach((name) => source.addEventListener(name, pass));
    return () => source.close();
  }, [url, on]);
  return state;
}
