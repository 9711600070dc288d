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

function lost(isLost) {
  const notice = document.getElementById("lost");
  if (!notice || notice.hidden === !isLost) return;
  notice.hidden = !isLost;
  notice.textContent = isLost
    ? `Crossdock does not answer. What you see is as of ${shownAt.toISOString().slice(11, 19)} UTC; it goes on by itself.`
    : "";
}

function answered(status) {
  if (status < 400) shownAt = new Date();
  lost(status >= 400);
}

document.addEventListener("htmx:after:request", (event) => answered(event.detail.ctx.response.status));
document.addEventListener("htmx:error", () => lost(true));
