// Asking again and again, and doing things with their progress and faults shown.
import { useCallback, useEffect, useRef, useState } from "./dom.js";

/** What a question answers: { data, error, again }. Asked again when the keys change, and every so many milliseconds. */
export function useAnswer(question, keys = [], every = 0) {
  const [state, change] = useState({ data: undefined, error: undefined });
  const current = useRef(null);
  const ask = useCallback(async () => {
    current.current?.abort();
    const asked = new AbortController();
    current.current = asked;
    try {
      const data = await question(asked.signal);
      if (!asked.signal.aborted) {
        change({ data, error: undefined });
      }
    } catch (error) {
      if (!asked.signal.aborted && error.name !== "AbortError") {
        // What was there before stays: an old number tells more than none.
        change((before) => ({ data: before.data, error }));
      }
    }
  }, keys);
  useEffect(() => {
    ask();
    const timer = every ? setInterval(() => document.hidden || ask(), every) : 0;
    return () => {
      clearInterval(timer);
      current.current?.abort();
    };
  }, [ask, every]);
  return { ...state, again: ask };
}

/** Something that is done when asked for: { run, busy, error, clear }. */
export function useAction(action) {
  const [state, change] = useState({ busy: false, error: undefined });
  const run = async (...args) => {
    change({ busy: true, error: undefined });
    try {
      const result = await action(...args);
      change({ busy: false, error: undefined });
      return result;
    } catch (error) {
      change({ busy: false, error });
      return undefined;
    }
  };
  return { ...state, run, clear: () => change({ busy: false, error: undefined }) };
}
