/* Keeps the page up to date: a server-sent event names the parts that changed, they are fetched. */

import { restoreDrafts } from "./inputs.js";
import { $, $$, act, fragment, place } from "./wire.js";

const source = new WeakMap(); // list item -> the HTML it was made from
const pending = new Set();
const modal = $("#modal");

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function swap(box, html) {
  const focused = document.activeElement?.id;
  const open = $$("details[open][id]", box).map((details) => details.id);
  box.innerHTML = html;
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (focused && focused !== document.activeElement.id) document.getElementById(focused)?.focus();
}

/* Bring a list up to date; an item that did not change is left alone, with what is open in it. */
function merge(list, html) {
  const known = new Map([...list.children].map((item) => [item.id, item]));
  let previous = null;
  for (const item of [...parse(html).children]) {
    const old = known.get(item.id);
    const isSame = old && source.get(old) === item.outerHTML;
    if (!isSame) {
      source.set(item, item.outerHTML);
      item.classList.add("fresh");
      old?.replaceWith(item);
    }
    known.delete(item.id);
    const next = isSame ? old : item;
    const spot = previous ? previous.nextElementSibling : list.firstElementChild;
    if (spot !== next) list.insertBefore(next, spot);
    previous = next;
  }
  known.forEach((item) => item.remove());
}

function mergeAndFollow(list, html) {
  if (!list) return;
  const scroll = list.closest("[data-scroll]");
  const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  merge(list, html);
  if (wasAtEnd) scroll.scrollTop = scroll.scrollHeight;
}

/* Show a view, unless it is on show already; tells whether another one is there now. */
function showSheet(box, html) {
  const old = $("[data-sheet]", box)?.dataset ?? {};
  const next = $("[data-sheet]", parse(html))?.dataset ?? {};
  if (old.view === next.view && old.hash === next.hash) return false;
  const scrolled = $(".sheet-body", box)?.scrollTop ?? 0;
  swap(box, html);
  restoreDrafts(next.view);
  if (old.view === next.view && $(".sheet-body", box)) $(".sheet-body", box).scrollTop = scrolled;
  return old.view !== next.view;
}

function showModal(html) {
  const isOther = showSheet(modal, html);
  if (!$("[data-sheet]", modal)) return modal.close();
  if (!modal.open) modal.showModal();
  else if (!isOther) return undefined;
  const first = $("[autofocus]", modal) ?? $(".sheet-body :is(input, textarea, select)", modal);
  return (first ?? $("footer button:last-child", modal)).focus();
}

const show = {
  clock: (html) => swap($("#clock"), html),
  sidebar: (html) => swap($("#channels"), html),
  messages: (html) => mergeAndFollow($("#messages"), html),
  thread: (html) => mergeAndFollow($("#thread"), html),
  agent: (html) => $("#agent") && swap($("#agent"), html),
  home: (html) => $("#home") && showSheet($("#home"), html),
  modal: showModal,
};

export function refresh(parts) {
  if (!pending.size) setTimeout(fetchPending, 40);
  parts.forEach((part) => pending.add(part));
}

async function fetchPending() {
  const parts = [...pending];
  pending.clear();
  const fetched = await Promise.all(parts.map(fragment));
  parts.forEach((part, index) => fetched[index] !== null && show[part](fetched[index]));
  if (parts.includes("messages")) markRead();
}

function markRead() {
  if (place.channel && !document.hidden) act("read", { channel: place.channel });
}

function listen() {
  const events = new EventSource(`/u/${place.user}/events`);
  events.onerror = () => document.body.classList.add("offline");
  events.onopen = () => {
    document.body.classList.remove("offline");
    refresh(Object.keys(show)); // whatever happened while nobody listened
  };
  events.onmessage = (event) => {
    const { parts, channel } = JSON.parse(event.data);
    if (parts.includes("everything")) location.assign("/");
    else refresh(channel && channel !== place.channel ? ["sidebar"] : parts);
  };
}

export function startLive() {
  $$("#messages > li, #thread > li").forEach((item) => source.set(item, item.outerHTML));
  $$("[data-scroll]").forEach((box) => (box.scrollTop = box.scrollHeight));
  if ($("[data-sheet]", modal)) modal.showModal();
  listen();
  setInterval(() => refresh(["clock"]), 20000);
  document.addEventListener("visibilitychange", markRead);
  if (place.place === "home") act("open_home");
  if (place.app && !place.thread) act("open_dm");
}
