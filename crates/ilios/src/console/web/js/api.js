// The public HTTP API, and nothing else. The key is kept in the session of this tab.
//
//   call() ──► fetch ──► 2xx: the answer
//     │                  else: ApiError with the server's code and words; 401 also asks for the key
//     └─ a call that a person made is recorded, and code.js shows it as a command

const KEY = "ilios.key";
const ADMIN_KEY = "ilios.adminKey";

/** Events: `recorded` (a request to show as code), `unauthorized`, `key`. */
export const events = new EventTarget();

const tell = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));

/** The key of this tab; the one of administrators is kept apart, for it opens nothing else. */
export const key = {
  get: (admin = false) => sessionStorage.getItem(admin ? ADMIN_KEY : KEY) ?? "",
  set(value, admin = false) {
    const name = admin ? ADMIN_KEY : KEY;
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
    tell("key");
  },
};

/** An answer that is no success, or none at all (`status` 0). */
export class ApiError extends Error {
  constructor(status, body, retryAfter) {
    super(body.error ?? (status === 0 ? "The server does not answer." : `The server answered ${status}.`));
    Object.assign(this, { status, code: body.code ?? "", field: body.field, retryAfter, requestId: body.requestId });
  }
}

function authorized(admin) {
  const value = (admin && key.get(true)) || key.get();
  return value ? { Authorization: `Bearer ${value}` } : {};
}

function pathWith(path, query) {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "" && value !== null);
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

function parsed(text) {
  try {
    const body = JSON.parse(text);
    return typeof body === "object" && body !== null ? body : {};
  } catch {
    return {};
  }
}

function refused(status, text, retryAfter, admin) {
  if (status === 401) tell("unauthorized", { admin });
  return new ApiError(status, parsed(text), retryAfter);
}

/** Records a request that a person asked for. `fields` are those of a form; files are `{ file: name }`. */
export function record(title, method, path, { fields, json, admin } = {}) {
  tell("recorded", { title, method, path, fields, json, admin: Boolean(admin), key: Boolean((admin && key.get(true)) || key.get()) });
}

/**
 * Makes a request and gives the `Response`. With `title` it is recorded.
 * @param {{ query?: object, json?: object, signal?: AbortSignal, admin?: boolean, title?: string }} options
 */
export async function call(method, path, { query, json, signal, admin = false, title } = {}) {
  const address = pathWith(path, query);
  if (title) record(title, method, address, { json, admin });
  const headers = authorized(admin);
  if (json !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(address, { method, headers, signal, cache: "no-store", body: json === undefined ? undefined : JSON.stringify(json) });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new ApiError(0, {});
  }
  if (!response.ok) throw refused(response.status, await response.text(), response.headers.get("retry-after"), admin);
  return response;
}

export const json = async (method, path, options) => (await call(method, path, options)).json();
export const get = (path, options) => json("GET", path, options);
/** As `get`, with the key of an administrator; `null` where it opens nothing. */
export async function getAsAdmin(path, options) {
  try {
    return await get(path, { ...options, admin: true });
  } catch (problem) {
    if (problem instanceof ApiError && problem.status >= 400 && problem.status < 500) return null;
    throw problem;
  }
}
export const text = async (path, options) => (await call("GET", path, options)).text();
export const blob = async (path, options) => (await call("GET", path, options)).blob();

/** Sends a form and tells how much of it has left: `fetch` cannot. */
export function upload(path, form, { signal, onprogress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    for (const [name, value] of Object.entries(authorized(false))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(parsed(request.responseText));
      else reject(refused(request.status, request.responseText, request.getResponseHeader("retry-after"), false));
    };
    request.onerror = () => reject(new ApiError(0, {}));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** Waits, unless the signal comes before. */
export const pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new DOMException("left", "AbortError"));
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("left", "AbortError"));
    });
  });

/** Asks again until `ended` says that the answer is the last one; a server that is away is asked on. */
export async function follow(path, { query, signal, every = 350, ended, ontell, onaway }) {
  let away = 0;
  for (;;) {
    try {
      const answer = await get(path, { query, signal });
      away = 0;
      ontell(answer);
      if (ended(answer)) return answer;
    } catch (fault) {
      if (!(fault instanceof ApiError) || (fault.status !== 0 && fault.status !== 503)) throw fault;
      away += 1;
      onaway?.(fault);
    }
    await pause(document.hidden ? 2_000 : Math.min(every * 2 ** Math.min(away, 4), 5_000), signal);
  }
}
