/* What the inputs of a modal or of App Home hold, and what is wrong with it. */

import { $, $$, notify } from "./wire.js";

const drafts = new Map(); // view id -> (control id -> what was typed)

const chosen = new WeakMap(); // file input -> [{ name, content in Base64 }]

/* A file is read when it is chosen, so that a sheet can be sent at once. */
export async function readFiles(control) {
  const files = [...control.files].map(async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { name: file.name, content: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
  });
  chosen.set(control, await Promise.all(files));
}

export function read(control) {
  const { choices } = control.dataset;
  if (choices) {
    const ticked = $$("input:checked", control).map((box) => box.value);
    return choices === "radio" ? (ticked[0] ?? null) : ticked;
  }
  if (control.type === "file") return chosen.get(control) ?? [];
  if (!control.value) return null;
  if ("local" in control.dataset) return { local: control.value };
  if ("rich" in control.dataset) return { rich: control.value };
  return control.value;
}

function write(control, held) {
  if (control.type === "file") return; // no page may choose a file by itself
  if (control.dataset.choices) {
    const ticked = [held].flat();
    $$("input", control).forEach((box) => (box.checked = ticked.includes(box.value)));
  } else {
    control.value = held?.local ?? held?.rich ?? held ?? "";
  }
}

export function collect(sheet) {
  const inputs = $$("[data-input]", sheet);
  return Object.fromEntries(inputs.map((control) => [control.dataset.block, read(control)]));
}

/* Remember what was typed: it survives an update of the view, as in Slack. */
export function keepDraft(control) {
  const view = control.closest("[data-sheet]")?.dataset.view;
  if (!view || !("input" in control.dataset)) return;
  if (!drafts.has(view)) drafts.set(view, new Map());
  drafts.get(view).set(control.id, read(control));
}

export function restoreDrafts(view) {
  drafts.get(view)?.forEach((held, id) => {
    const control = document.getElementById(id);
    if (control) write(control, held);
  });
}

export function showErrors(sheet, errors) {
  const placed = $$("[data-error]", sheet);
  $(".sheet-notice", sheet).hidden = true;
  placed.forEach((box) => {
    const text = errors[box.dataset.error] ?? "";
    box.textContent = text;
    box.hidden = !text;
    const control = $("[data-input]", box.parentElement);
    control?.toggleAttribute("data-invalid", Boolean(text));
    control?.setAttribute("aria-invalid", String(Boolean(text)));
  });
  const invalid = $("[data-invalid]", sheet);
  (invalid?.matches("[data-choices]") ? $("input", invalid) : invalid)?.focus();
  const names = placed.map((box) => box.dataset.error);
  const stray = Object.entries(errors).filter(([block]) => !names.includes(block));
  if (stray.length) notify(stray.map(([block, text]) => `${block}: ${text}`).join("; "));
}
