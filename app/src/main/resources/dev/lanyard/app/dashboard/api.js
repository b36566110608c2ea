// Calls to the server. Whatever goes wrong becomes a Problem whose message can be shown to people.

const base = new URL("api/", document.baseURI);
let tokenWanted = null;
let askForToken = null;

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.status = status;
    this.title = body.title || "That did not work";
    this.errors = Array.isArray(body.errors) ? body.errors : [];
  }
}

function stored() {
  try {
    return sessionStorage.getItem("lanyard.token");
  } catch {
    return null;
  }
}

export function useToken(token) {
  try {
    sessionStorage.setItem("lanyard.token", token);
  } catch {
    // Nothing to keep it in: the reader will be asked again after a reload.
  }
  memory = token;
}
let memory = stored();

export function onUnauthorized(ask) {
  askForToken = ask;
}

/** Asks once however many calls were refused at the same moment. */
function token(refused) {
  if (memory !== refused) return Promise.resolve();
  tokenWanted ??= askForToken(refused !== null).finally(() => {
    tokenWanted = null;
  });
  return tokenWanted;
}

/** `patience`: how long an answer may take, in ms; the time in which the reader looks for the token does not count. */
export async function call(path, { query, signal, patience = null, ...options } = {}) {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query ?? {})) if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
  for (;;) {
    const used = memory;
    const headers = { ...options.headers };
    if (used) headers.Authorization = `Bearer ${used}`;
    let answer;
    try {
      const signals = [signal, patience && AbortSignal.timeout(patience)].filter(Boolean);
      answer = await fetch(url, { ...options, headers, signal: AbortSignal.any(signals), cache: "no-store" });
    } catch (failure) {
      if (signal?.aborted) throw failure;
      if (failure.name === "TimeoutError") throw new Problem(0, { title: "The server does not answer", detail: `It has said nothing for ${patience / 1000} s. It may be busy, or its database may be.` });
      throw new Problem(0, { title: "The server cannot be reached", detail: "Is it still running? The page tries again by itself." });
    }
    if (answer.status === 401) {
      await token(used);
      continue;
    }
    if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
    return answer;
  }
}

const PATIENCE = 20_000;

export async function get(path, query, signal) {
  return (await call(path, { query, signal, patience: PATIENCE })).json();
}

export async function getText(path, signal) {
  return (await call(path, { signal, patience: PATIENCE })).text();
}

export async function post(path, body, headers) {
  return (await call(path, { method: "POST", body: JSON.stringify(body ?? {}), headers: { "Content-Type": "application/json", ...headers } })).json();
}

export const taskPath = (id, rest) => `tasks/${encodeURIComponent(id)}${rest ? `/${rest}` : ""}`;
