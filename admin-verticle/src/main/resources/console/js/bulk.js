// The same done to many messages, request after request, with progress.
import { post } from "./api.js";
import { about } from "./session.js";

const AT_ONCE = 500;

/** To those of these ids. Gives { done, failed, errors }. */
export async function actOnIds(action, ids, onProgress) {
  const result = { done: 0, failed: 0, errors: [] };
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    onProgress?.(at, ids.length);
    const answer = await post("/queue/actions", { action, ids: ids.slice(at, at + AT_ONCE) }, { query: about() });
    add(result, answer);
  }
  onProgress?.(ids.length, ids.length);
  return result;
}

/** To all that match a filter, which names a state; the total is only for the progress. */
export async function actOnFilter(action, filter, total, onProgress) {
  const result = { done: 0, failed: 0, errors: [] };
  let cursor;
  do {
    onProgress?.(result.done + result.failed, total);
    const answer = await post("/queue/actions", { action, filter, cursor }, { query: about() });
    add(result, answer);
    cursor = answer.next;
  } while (cursor);
  onProgress?.(total, total);
  return result;
}

function add(result, answer) {
  result.done += answer.done;
  result.failed += answer.failed;
  result.errors.push(...(answer.errors ?? []));
}

const DONE = { retry: "to be tried again", hold: "held", release: "released", delete: "deleted" };

/** What came of it, in words. */
export function summary(action, { done, failed, errors }) {
  const told = `${done} ${done === 1 ? "message" : "messages"} ${DONE[action]}`;
  return failed ? `${told}; ${failed} left as they were (${errors[0]?.message ?? "not in a state for it"})` : told;
}
