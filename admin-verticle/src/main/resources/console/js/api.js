// Asks the programming interface. What fails is a Problem, as RFC 9457 has it.

const ROOT = "/api/v1";
let csrf = "";

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `the relay answered ${status}`);
    this.status = status;
    this.errors = body.errors ?? [];
  }

  /** What is wrong with a field of the request, by its JSON pointer or its parameter's name. */
  at(field) {
    return this.errors.find((error) => error.field === field || error.field.startsWith(field + "/"))?.message;
  }

  /** Whether a field that is not among these is at fault, or none in particular. */
  isBeyond(fields) {
    return (
      this.errors.length === 0 ||
      this.errors.some((error) => !fields.some((field) => error.field === field || error.field.startsWith(field + "/")))
    );
  }
}

export function address(path, query = {}) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "" && value !== false) {
      words.set(name, value);
    }
  }
  const text = words.toString();
  return ROOT + path + (text ? `?${text}` : "");
}

export const part = encodeURIComponent;

async function problem(answer) {
  const body = await answer.json().catch(() => ({}));
  const failure = new Problem(answer.status, body);
  if (answer.status === 401 && csrf) {
    csrf = "";
    document.dispatchEvent(new CustomEvent("stagepost-signed-out"));
  }
  return failure;
}

async function ask(method, path, { query, body, headers, signal } = {}) {
  let answer;
  try {
    answer = await fetch(address(path, query), {
      method,
      signal,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(method !== "GET" && csrf ? { "X-CSRF-Token": csrf } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    throw new Problem(0, { detail: "the relay can't be reached" });
  }
  if (!answer.ok) {
    throw await problem(answer);
  }
  const type = answer.headers.get("Content-Type") ?? "";
  return type.includes("json") ? answer.json() : null;
}

export const get = (path, query, signal) => ask("GET", path, { query, signal });
export const post = (path, body, options = {}) => ask("POST", path, { body, ...options });
export const put = (path, body, options = {}) => ask("PUT", path, { body, ...options });
export const patch = (path, body, options = {}) => ask("PATCH", path, { body, ...options });
export const remove = (path, query) => ask("DELETE", path, { query });

/** Who is signed in; null when nobody is. */
export async function whoAmI() {
  try {
    return remember(await get("/account"));
  } catch (e) {
    if (e.status === 401) {
      return null;
    }
    throw e;
  }
}

export async function signIn(user, password) {
  return remember(await post("/session", { user, password }));
}

export async function signOut() {
  await remove("/session");
  csrf = "";
}

function remember(account) {
  csrf = account.csrfToken ?? "";
  return account;
}
