// Calls to the server. Whatever goes wrong becomes a Problem whose message can be shown to people.

/** How long an answer may take, in ms. */
export const PATIENCE = 20_000;
const base = new URL("api/", document.baseURI);
let tokenWanted = null;
let askForToken = null;

class Problem extends Error {
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

/** `take` reads the body; what breaks off in it is a Problem, too. `patience`: in ms, without the time in which the reader looks for the token. */
export async function call(path, { query, signal, patience = null, take = (answer) => answer, ...options } = {}) {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query ?? {})) if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
  for (;;) {
    const used = memory;
    const headers = { ...options.headers };
    if (used) headers.Authorization = `Bearer ${used}`;
    let answer;
    let taken;
    try {
      const signals = [signal, patience && AbortSignal.timeout(patience)].filter(Boolean);
      answer = await fetch(url, { ...options, headers, signal: AbortSignal.any(signals), cache: "no-store" });
      if (answer.ok) taken = await take(answer);
    } catch (failure) {
      if (signal?.aborted) throw failure;
      if (failure.name === "TimeoutError") throw new Problem(0, { title: "The server does not answer", detail: `It has said nothing for ${patience / 1000} s. It may be busy, or its database may be.` });
      throw new Problem(0, { title: "The server cannot be reached", detail: "Is it still running? The page tries again by itself." });
    }
    if (answer.ok) return taken;
    if (answer.status !== 401) throw new Problem(answer.status, await answer.json().catch(() => ({})));
    await token(used);
  }
}

const asJson = (answer) => answer.json();

export async function get(path, query, signal) {
  return call(path, { query, signal, patience: PATIENCE, take: asJson });
}

export async function getText(path, signal) {
  return call(path, { signal, patience: PATIENCE, take: (answer) => answer.text() });
}

export async function post(path, body, headers) {
  return call(path, { method: "POST", body: JSON.stringify(body ?? {}), headers: { "Content-Type": "application/json", ...headers }, take: asJson });
}

export const taskPath = (id, rest) => `tasks/${encodeURIComponent(id)}${rest ? `/${rest}` : ""}`;
