// What every script of the console needs: calls to the service, notes to the reader, base64url.

/** A call that was refused: `reason` is the problem's, or its type's name. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? "refused");
    const type = (problem.type ?? "").split("/").pop();
    this.reason = problem.reason ?? (type === "unauthenticated" ? "signed-out" : type);
    this.problem = problem;
  }
}

/** Sends JSON (or octets) to the service; gives its JSON answer. */
export async function post(path, body) {
  const headers = { Accept: "application/json" };
  const csrf = document.body.dataset.csrf;
  if (csrf) headers["X-CSRF-Token"] = csrf;
  headers["Content-Type"] = "application/json";
  const answer = await fetch(path, {
    method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin", redirect: "error",
  });
  const value = await answer.json();
  if (!answer.ok) throw new Refused(value);
  return value;
}

/** Shows the note of this name, written in the page in the reader's language, and no other. */
export function note(name) {
  const all = [...document.querySelectorAll("[data-note]")];
  const wanted = all.some((one) => one.dataset.note === name) ? name : name && "failed";
  for (const one of all) one.hidden = one.dataset.note !== wanted;
}

/** The note that tells what went wrong. */
export function explain(error) {
  if (error instanceof Refused) return note(error.reason);
  const names = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };
  note(names[error.name] ?? "failed");
}

/** Runs what a form asks for: one at a time, the button at rest meanwhile. */
export function onSubmit(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    note(null);
    try {
      await act();
    } catch (error) {
      explain(error);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}

export function encode(octets) {
  const text = String.fromCharCode(...new Uint8Array(octets));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function decode(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}
