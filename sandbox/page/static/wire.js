/* Talks to the sandbox: deeds go out as JSON, fragments of HTML come back. */

export const place = document.body.dataset;
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

/* Tell something in words: inside the modal where one is open, as the rest is out of reach then. */
export function notify(text) {
  const inModal = $("#modal[open] .sheet-notice");
  const box = inModal ?? document.createElement("p");
  box.textContent = text;
  box.hidden = false;
  if (inModal) return;
  $("#notices").append(box);
  setTimeout(() => box.remove(), 10000);
}

/* `isPast` tells whether what would be told of the deed is of a view that was left meanwhile. */
export async function act(deed, fields = {}, isPast = () => false) {
  try {
    const response = await fetch(`/u/${place.user}/do/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    if (!response.ok) throw new Error(await response.text());
    const result = await response.json();
    if (result.notice && !isPast()) notify(result.notice);
    return result;
  } catch (error) {
    notify(`The sandbox did not do that: ${error.message}`);
    return { ok: false, errors: {} };
  }
}

export async function fragment(part) {
  const { channel, thread, before } = place;
  const query = new URLSearchParams({ channel, thread, before });
  try {
    const response = await fetch(`/u/${place.user}/part/${part}?${query}`);
    return response.ok ? await response.text() : null;
  } catch {
    return null; // the sandbox is away; the event stream says so
  }
}

/* Do one thing at a time with a control, and show that it is under way. */
export async function whileBusy(control, work) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    control.removeAttribute("aria-busy");
  }
}
