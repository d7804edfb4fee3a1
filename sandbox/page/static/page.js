/* Turns what a person does into requests, and shows what comes back. The server renders everything:
   this script fetches fragments and swaps them in, and knows no Block Kit. */
"use strict";

const place = document.body.dataset;
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const modal = $("#modal");
const drafts = new Map(); // view id -> (control id -> what was typed)
const source = new WeakMap(); // list item -> the HTML it was made from

// -- notices and requests ---------------------------------------------------------------------

function notify(text) {
  const inSheet = modal?.open && $(".sheet-notice", modal);
  const box = inSheet || document.createElement("p");
  box.textContent = text;
  if (inSheet) {
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
    return;
  }
  $("#notices").append(box);
  setTimeout(() => box.remove(), 10000);
}

async function act(deed, fields = {}) {
  try {
    const response = await fetch(`/u/${place.user}/do/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(fields),
    });
    if (!response.ok) throw new Error(await response.text());
    const result = await response.json();
    if (result.notice) notify(result.notice);
    return result;
  } catch (error) {
    notify(`The sandbox did not do that: ${error.message}`);
    return { ok: false, errors: {} };
  }
}

async function whileBusy(control, work) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    control.removeAttribute("aria-busy");
  }
}

// -- what inputs hold -------------------------------------------------------------------------

function read(control) {
  if (control.dataset.choices) {
    const ticked = $$("input:checked", control).map((box) => box.value);
    return control.dataset.choices === "radio" ? (ticked[0] ?? null) : ticked;
  }
  if ("local" in control.dataset) return control.value ? { local: control.value } : null;
  return control.value || null;
}

function write(control, held) {
  if (control.dataset.choices) {
    const ticked = [held].flat();
    $$("input", control).forEach((box) => (box.checked = ticked.includes(box.value)));
  } else {
    control.value = held?.local ?? held ?? "";
  }
}

function collect(sheet) {
  const inputs = $$("[data-input]", sheet);
  return Object.fromEntries(inputs.map((control) => [control.dataset.block, read(control)]));
}

function keepDraft(control) {
  const view = control.closest("[data-sheet]")?.dataset.view;
  if (!view || !("input" in control.dataset)) return;
  if (!drafts.has(view)) drafts.set(view, new Map());
  drafts.get(view).set(control.id, read(control));
}

// -- fragments --------------------------------------------------------------------------------

async function fragment(part) {
  const { channel, thread, before } = place;
  const query = new URLSearchParams({ channel, thread, before });
  const response = await fetch(`/u/${place.user}/part/${part}?${query}`);
  return response.ok ? response.text() : null;
}

function swap(box, html) {
  const focused = document.activeElement?.id;
  const open = $$("details[open][id]", box).map((details) => details.id);
  box.innerHTML = html;
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (focused && focused !== document.activeElement?.id) document.getElementById(focused)?.focus();
}

/* Bring a keyed list up to date; items that did not change are left alone, with what is typed or
   open in them. */
function merge(list, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const known = new Map([...list.children].map((item) => [item.id, item]));
  let previous = null;
  for (const item of [...fresh.content.children]) {
    const old = known.get(item.id);
    known.delete(item.id);
    const isSame = old && source.get(old) === item.outerHTML;
    const next = isSame ? old : item;
    if (!isSame) {
      source.set(item, item.outerHTML);
      item.classList.add("fresh");
      old?.remove();
    }
    const spot = previous ? previous.nextElementSibling : list.firstElementChild;
    if (spot !== next) list.insertBefore(next, spot);
    previous = next;
  }
  known.forEach((item) => item.remove());
}

function mergeAndFollow(list, html) {
  const scroll = list.closest("[data-scroll]");
  const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  merge(list, html);
  if (wasAtEnd) scroll.scrollTop = scroll.scrollHeight;
}

function showSheet(box, html) {
  const old = $("[data-sheet]", box)?.dataset ?? {};
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const next = $("[data-sheet]", fresh.content)?.dataset ?? {};
  if (old.view && old.view === next.view && old.hash === next.hash) return;
  swap(box, html);
  const typed = drafts.get(next.view) ?? new Map();
  typed.forEach((held, id) => {
    const control = document.getElementById(id);
    if (control) write(control, held);
  });
}

function showModal(html) {
  const before = $("[data-sheet]", modal)?.dataset.view;
  showSheet(modal, html);
  const view = $("[data-sheet]", modal)?.dataset.view;
  if (!view) {
    drafts.forEach((_, id) => id !== $("#home [data-sheet]")?.dataset.view && drafts.delete(id));
    if (modal.open) modal.close();
    return;
  }
  if (!modal.open) modal.showModal();
  if (view !== before || !modal.contains(document.activeElement)) focusFirst();
}

function focusFirst() {
  const first = $("[autofocus]", modal) ?? $("input, textarea, select", $(".sheet-body", modal));
  (first ?? $("footer button:last-child", modal)).focus();
}

const show = {
  clock: (html) => swap($("#clock"), html),
  sidebar: (html) => swap($("#channels"), html),
  messages: (html) => $("#messages") && mergeAndFollow($("#messages"), html),
  thread: (html) => $("#thread") && mergeAndFollow($("#thread"), html),
  home: (html) => $("#home") && showSheet($("#home"), html),
  modal: showModal,
};

const pending = new Set();

function refresh(parts) {
  if (!pending.size) setTimeout(fetchPending, 40);
  parts.forEach((part) => pending.add(part));
}

async function fetchPending() {
  const parts = [...pending];
  pending.clear();
  await Promise.all(
    parts.map(async (part) => {
      const html = await fragment(part);
      if (html !== null) show[part](html);
    }),
  );
  if (parts.includes("messages") && !document.hidden) markRead();
}

function listen() {
  const events = new EventSource(`/u/${place.user}/events`);
  let wasLost = false;
  events.onerror = () => (wasLost = true);
  events.onopen = () => {
    if (wasLost) refresh(Object.keys(show));
    wasLost = false;
  };
  events.onmessage = (event) => {
    const { parts, channel } = JSON.parse(event.data);
    if (parts.includes("everything")) location.assign("/");
    else refresh(channel && channel !== place.channel ? ["sidebar"] : parts);
  };
}

function markRead() {
  if (place.channel) act("read", { channel: place.channel });
}

// -- what a person does -----------------------------------------------------------------------

function isConfirmed(control) {
  if (!control.dataset.confirm) return Promise.resolve(true);
  const asked = JSON.parse(control.dataset.confirm);
  const dialog = $("#confirm");
  $("#confirm-title").textContent = asked.title;
  $("[data-confirm-text]", dialog).innerHTML = asked.html;
  $("[data-confirm-no]", dialog).textContent = asked.deny || "No";
  const yes = $("[data-confirm-yes]", dialog);
  yes.textContent = asked.confirm || "Yes";
  yes.className = `button ${asked.style}`;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

async function press(control, value) {
  if (!(await isConfirmed(control))) return;
  const { action, block } = control.dataset;
  const sheet = control.closest("[data-sheet]");
  await whileBusy(control, async () => {
    if (sheet) {
      const { view } = sheet.dataset;
      await act("press_in_view", { view, action, block, value, state: collect(sheet) });
    } else {
      const { ts } = control.closest("[data-ts]").dataset;
      await act("press", { channel: place.channel, ts, action, block, value });
    }
  });
}

async function submitSheet(sheet) {
  showErrors(sheet, {});
  const state = collect(sheet);
  await whileBusy(sheet, async () => {
    const { errors } = await act("submit", { view: sheet.dataset.view, state });
    showErrors(sheet, errors);
  });
}

function showErrors(sheet, errors) {
  $(".sheet-notice", sheet).hidden ||= !Object.keys(errors).length;
  $$("[data-error]", sheet).forEach((box) => {
    const text = errors[box.dataset.error] ?? "";
    box.textContent = text;
    box.hidden = !text;
    const control = $("[data-input]", box.parentElement);
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  });
  $("[aria-invalid]", sheet)?.focus();
  const placed = new Set($$("[data-error]", sheet).map((box) => box.dataset.error));
  const stray = Object.entries(errors).filter(([block]) => !placed.has(block));
  if (stray.length) notify(stray.map(([block, text]) => `${block}: ${text}`).join("; "));
}

async function send(composer) {
  const box = composer.elements.text;
  const text = box.value.trim();
  if (!text) return;
  await whileBusy(composer, async () => {
    const { thread } = composer.dataset;
    const { ok } = await act("say", { channel: place.channel, thread, text });
    if (ok && box.value.trim() === text) box.value = "";
    grow(box);
  });
}

function grow(box) {
  box.rows = Math.min(8, box.value.split("\n").length);
}

const clicks = {
  "[data-move]": (button) => whileBusy(button, () => act("clock", { move: button.dataset.move })),
  "[data-close]": (button) => closeSheet(button.dataset.close === "all"),
  "[data-toggle]": (button) => {
    const isOpen = document.body.classList.toggle(`with-${button.dataset.toggle}`);
    button.setAttribute("aria-expanded", String(isOpen));
  },
  "[data-do]": async (button) => {
    const { ok } = await act(button.dataset.do, { channel: place.channel });
    if (ok) location.assign(button.dataset.then ?? location.href);
  },
  "[data-press=click]": (control) => {
    control.closest("details.overflow")?.removeAttribute("open");
    press(control, control.dataset.value ?? null);
  },
};

function closeSheet(clear) {
  const sheet = $("[data-sheet]", modal);
  if (sheet) act("close", { view: sheet.dataset.view, clear }).then(() => refresh(["modal"]));
}

document.addEventListener("click", (event) => {
  for (const [selector, handle] of Object.entries(clicks)) {
    const target = event.target.closest(selector);
    if (target) handle(target);
  }
  $$("details.overflow[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-composer]")) send(form);
  else if (form.matches("[data-sheet]")) submitSheet(form);
  else return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  const control = event.target.closest("[data-action]");
  if (!control) return;
  keepDraft(control);
  if (control.dataset.press === "change") press(control, read(control));
});

let typing = 0;
document.addEventListener("input", (event) => {
  const { target } = event;
  if (target.matches("[data-filter]")) return filter(target);
  if (target.matches("[data-composer] textarea")) return grow(target);
  const control = target.closest("[data-action]");
  if (!control) return;
  keepDraft(control);
  clearTimeout(typing);
  if (control.dataset.press === "input") typing = setTimeout(() => press(control, read(control)), 500);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const { target } = event;
  const isArea = target.matches("textarea");
  if (target.matches("[data-press=enter]") && (!isArea || event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    press(target, read(target));
  } else if (target.matches("[data-composer] textarea") && !event.shiftKey) {
    event.preventDefault();
    target.form.requestSubmit();
  }
});

function filter(field) {
  const wanted = field.value.trim().toLowerCase();
  const items = [...document.getElementById(field.dataset.filter).children];
  items.forEach((item) => (item.hidden = !item.textContent.toLowerCase().includes(wanted)));
  $("[data-nobody]").hidden = items.some((item) => !item.hidden);
}

// -- start ------------------------------------------------------------------------------------

function start() {
  $$("#messages > li, #thread > li").forEach((item) => source.set(item, item.outerHTML));
  $$("[data-scroll]").forEach((box) => (box.scrollTop = box.scrollHeight));
  modal.addEventListener("cancel", (event) => {
    event.preventDefault();
    closeSheet(false);
  });
  if ($("[data-sheet]", modal)) showModal(modal.innerHTML);
  listen();
  setInterval(() => refresh(["clock"]), 20000);
  markRead();
  if (place.place === "home") act("open_home");
}

if (place.user) start();
