// Who is signed in, and which relay is looked at. Views ask with the relay's name, so that each tells of the same one.
import { useEffect, useState } from "./dom.js";

const state = { account: null, relays: [], relay: undefined, version: "", known: false };
const listeners = new Set();

export const session = () => state;

export function change(what) {
  Object.assign(state, what);
  listeners.forEach((listener) => listener());
}

export function useSession() {
  const [, again] = useState(0);
  useEffect(() => {
    const listener = () => again((n) => n + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return state;
}

/** Whether the signed-in user may do what needs a scope: read, send, queue or admin. */
export const may = (scope) => state.account?.scopes.includes(scope) ?? false;

/** The query of a request about the relay that is looked at. */
export const about = (query = {}) => ({ ...query, relay: state.relay });
