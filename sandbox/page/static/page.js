/* What a person does on the page becomes a deed. The server renders everything and decides
   everything: these scripts know no Block Kit beyond the data attributes of a control. */

import { collect, keepDraft, read, readFiles, showErrors } from "./inputs.js";
import { refresh, startLive } from "./live.js";
import { $, $$, act, place, whileBusy } from "./wire.js";

let typing = 0;
let left = 0; // how many sheets were sent or closed

function isConfirmed(control) {
  if (!control.dataset.confirm) return true;
  const asked = JSON.parse(control.dataset.confirm);
  const dialog = $("#confirm");
  const yes = $("[data-confirm-yes]", dialog);
  $("#confirm-title").textContent = asked.title;
  $("[data-confirm-text]", dialog).innerHTML = asked.html;
  $("[data-confirm-no]", dialog).textContent = asked.deny || "No";
  yes.textContent = asked.confirm || "Yes";
  yes.className = `button ${asked.style}`;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/* What is typed last goes out with the sheet: told later, it would be told of another view. */
function stopTyping() {
  clearTimeout(typing);
  left += 1;
}

function pressSoon(control) {
  const before = left;
  typing = setTimeout(() => press(control, read(control), () => left !== before), 500);
}

async function press(control, value, isPast) {
  if (!(await isConfirmed(control))) return;
  const { action, block } = control.dataset;
  const sheet = control.closest("[data-sheet]");
  const ts = control.closest("[data-ts]")?.dataset.ts;
  await whileBusy(control, () =>
    sheet
      ? act("press_in_view", { view: sheet.dataset.view, action, block, value, state: collect(sheet) }, isPast)
      : act("press", { channel: place.channel, ts, action, block, value }),
  );
}

async function submitSheet(sheet) {
  stopTyping();
  showErrors(sheet, {});
  await whileBusy(sheet, async () => {
    const { errors } = await act("submit", { view: sheet.dataset.view, state: collect(sheet) });
    if (Object.keys(errors).length) showErrors(sheet, errors);
  });
}

async function closeSheet(clear) {
  stopTyping();
  const view = $("#modal [data-sheet]")?.dataset.view;
  if (view) await act("close", { view, clear });
  refresh(["modal"]);
}

async function send(composer) {
  const box = composer.elements.text;
  const text = box.value.trim();
  if (!text) return;
  const scroll = $(composer.dataset.thread ? "[data-scroll=thread]" : "[data-scroll=messages]");
  if (scroll) scroll.scrollTop = scroll.scrollHeight; // so that the list follows what comes back
  await whileBusy(composer, async () => {
    const { ok } = await act("say", { channel: place.channel, thread: composer.dataset.thread, text });
    if (ok && box.value.trim() === text) box.value = "";
    grow(box);
  });
}

function grow(box) {
  box.rows = Math.min(8, box.value.split("\n").length);
}

function filter(field) {
  const wanted = field.value.trim().toLowerCase();
  const items = [...document.getElementById(field.dataset.filter).children];
  items.forEach((item) => (item.hidden = !item.textContent.toLowerCase().includes(wanted)));
  $("[data-nobody]").hidden = items.some((item) => !item.hidden);
}

const clicks = {
  "[data-move]": (button) => whileBusy(button, () => act("clock", { move: button.dataset.move })),
  "[data-ask]": (button) =>
    whileBusy(button, () => act("say", { channel: place.channel, text: button.dataset.ask })),
  "[data-close]": (button) => closeSheet(button.dataset.close === "all"),
  "[data-press=click]": (control) => press(control, control.dataset.value ?? null),
  ".notices p": (notice) => notice.remove(),
  "[data-toggle]": (button) => {
    const isOpen = document.body.classList.toggle(`with-${button.dataset.toggle}`);
    button.setAttribute("aria-expanded", String(isOpen));
  },
  "[data-do]": async (button) => {
    const { ok } = await act(button.dataset.do, { channel: place.channel });
    if (ok) location.assign(button.dataset.then ?? location.href);
  },
};

document.addEventListener("click", ({ target }) => {
  for (const [selector, handle] of Object.entries(clicks)) {
    const found = target.closest(selector);
    if (found) handle(found);
  }
  $$("details.overflow[open]").forEach((menu) => {
    if (!menu.contains(target) || target.closest(".menu")) menu.open = false;
  });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  if (form.matches("[data-composer]")) send(form);
  else submitSheet(form);
});

document.addEventListener("change", async ({ target }) => {
  const control = target.closest("[data-action]");
  if (!control) return;
  if (control.type === "file") await readFiles(control);
  keepDraft(control);
  if (control.dataset.press === "change") press(control, read(control));
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-filter]")) filter(target);
  if (target.matches("[data-composer] textarea")) grow(target);
  const control = target.closest("[data-action]");
  if (!control) return;
  keepDraft(control);
  clearTimeout(typing);
  if (control.dataset.press === "input") pressSoon(control);
});

document.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.key === "Escape") target.closest("details.overflow")?.removeAttribute("open");
  if (event.key !== "Enter" || event.isComposing) return;
  const sends = !target.matches("textarea") || event.ctrlKey || event.metaKey;
  if (target.matches("[data-press=enter]") && sends) {
    event.preventDefault();
    press(target, read(target));
  } else if (target.matches("[data-composer] textarea") && !event.shiftKey) {
    event.preventDefault();
    target.form.requestSubmit();
  }
});

if (place.user) {
  $("#modal").addEventListener("cancel", (event) => {
    event.preventDefault();
    closeSheet(false);
  });
  startLive();
}
