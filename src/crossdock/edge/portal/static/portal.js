// Keys, and an honest word when what is on the screen has stopped being renewed. Everything works without this file.
"use strict";

const typing = (element) => element.matches?.("input, textarea, select");

function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

// j and k walk over the rows' own links, so that Enter and every assistive tool work as they always do.
function move(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.focus();
  next?.closest("tr, li")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById("q");
  if (event.key === "Escape") {
    const back = document.querySelector("[data-back]");
    if (event.target === search) search.blur();
    else if (back) location.assign(back.dataset.back);
    else document.activeElement?.blur();
    return;
  }
  if (typing(event.target)) return;
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
});

// A list is not renewed under somebody who is choosing or typing in it.
document.addEventListener("htmx:before:request", (event) => {
  const live = event.target;
  if (live.id !== "live") return;
  const busy = "input[type=checkbox]:checked, input:not([type=checkbox]):focus, select:focus";
  if (live.querySelector(busy)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  const all = event.target.dataset?.all;
  if (!all) return;
  const theirs = [...document.querySelectorAll(`input[form="${all}"]`)];
  const sure = theirs.filter((one) => "sure" in one.dataset);
  for (const one of event.target.dataset.only === "sure" ? sure : theirs) one.checked = event.target.checked;
});

// What is shown once is there to be copied.
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-once]")) event.target.select();
});

// A refresh that fails leaves the last good view in place; then say so, and since when.
let shownAt = new Date();

function lost(isLost, why) {
  const notice = document.getElementById("lost");
  if (!notice || (notice.hidden === !isLost && !why)) return;
  const asOf = `What you see is as of ${shownAt.toISOString().slice(11, 19)} UTC; it goes on by itself.`;
  const sentence = isLost ? `${why || "Crossdock does not answer."} ${asOf}` : "";
  // Said again, it would be read out again.
  if (notice.textContent !== sentence) notice.textContent = sentence;
  notice.hidden = !isLost;
}

function answered(status) {
  if (status < 400) shownAt = new Date();
  lost(status >= 400);
}

document.addEventListener("htmx:after:request", (event) => answered(event.detail.ctx.response.status));
document.addEventListener("htmx:error", () => lost(true));

// A page that is told of news: one stream of events, shown as they come. A stream that says nothing for a while is lost,
// whatever became of it; the browser asks for it anew by itself, and here where it has given up.
const told = document.querySelector("[data-events]");
const QUIET_MS = 12_000;

// The figures know themselves how old they are.
function dated() {
  shownAt = new Date(document.getElementById("live").dataset.at);
}

function show(figures) {
  const live = document.getElementById("live");
  htmx.swap({ text: figures, sourceElement: live, target: live, swap: "outerMorph" });
  dated();
  const held = document.getElementById("live").dataset.held;
  const count = document.getElementById("held-count");
  if (count) {
    count.hidden = held === "0";
    count.textContent = held;
  }
}

function listen() {
  let quiet;
  const events = new EventSource(told.dataset.events);
  const heard = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => lost(true), QUIET_MS);
  };
  heard();
  events.addEventListener("figures", (event) => {
    heard();
    lost(false);
    show(JSON.parse(event.data).html);
  });
  events.addEventListener("away", (event) => {
    heard();
    lost(true, JSON.parse(event.data).sentence);
  });
  events.addEventListener("error", async () => {
    if (events.readyState !== EventSource.CLOSED) return;
    clearTimeout(quiet);
    lost(true);
    setTimeout(listen, 3000);
    // A session that ended leads to the login, as it does when any other page renews itself.
    const answer = await fetch(location.href, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
    const login = answer.headers.get("HX-Redirect");
    if (login) location.assign(login);
  });
}

if (told) {
  dated();
  document.addEventListener("DOMContentLoaded", listen);
}
