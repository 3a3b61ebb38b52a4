// "The same claim as …": a search over all articles and languages for the tracking id that a claim shares with others.

import { get } from "./api.js";
import { byId, el } from "./dom.js";
import { alter } from "./edits.js";
import { short, state } from "./state.js";

let asked = 0;

export function openTracking(claim) {
  const dialog = byId("tracking-dialog");
  const results = el("ul", { class: "results", role: "listbox", id: "tracking-results", "aria-label": "Claims in other articles" });
  const input = el("input", { type: "search", id: "tracking-search", placeholder: "words, a value, a tracking id", autocomplete: "off", dir: "auto", "aria-controls": "tracking-results" });
  const link = async (id) => {
    dialog.close();
    await alter(claim, (altered) => {
      altered.tracking_id = id;
    });
  };
  const found = [];
  let at = 0;
  const draw = () => {
    const typed = input.value.trim();
    const isNew = typed && !found.some((result) => result.tracking_id === typed);
    results.replaceChildren(
      ...found.map((result, i) => option(result, i, i === at, () => link(result.tracking_id))),
      ...(isNew ? [el("li", { role: "option", id: `tracking-${found.length}`, "aria-selected": String(at === found.length), class: "result new", onclick: () => link(typed) }, "New tracking id ", el("b", null, el("bdi", null, typed)))] : []),
      ...(found.length || isNew ? [] : [el("li", { class: "quiet" }, "No claim like this in other articles. Type a new tracking id, such as t-border-2023.")]),
    );
    input.setAttribute("aria-activedescendant", `tracking-${at}`);
  };
  const search = async () => {
    const mine = ++asked;
    const query = new URLSearchParams({ article: state.article.id, claim: claim.id, q: input.value.trim() });
    try {
      const answer = await get(`tracking?${query}`);
      if (mine !== asked) return;
      found.splice(0, found.length, ...answer.results);
      at = 0;
      draw();
    } catch (error) {
      results.replaceChildren(el("li", { class: "bad" }, error.message));
    }
  };
  input.addEventListener("input", () => {
    draw();
    clearTimeout(input.timer);
    input.timer = setTimeout(search, 120);
  });
  input.addEventListener("keydown", (event) => {
    const rows = results.querySelectorAll("[role=option]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
      rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
      rows[at]?.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", `tracking-${at}`);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      rows[at]?.click();
    }
  });
  dialog.replaceChildren(
    el("h2", null, "Same claim as …"),
    el("p", { class: "quiet" }, el("q", { dir: "auto" }, short(claim.quote, 90))),
    input,
    results,
    el("p", { class: "dialog-end" }, el("button", { type: "button", onclick: () => dialog.close() }, "Leave")),
  );
  dialog.showModal();
  input.focus();
  search();
}

function option(result, number, isChosen, choose) {
  const claims = result.claims.slice(0, 3).map((claim) => el("span", { class: "mention" }, el("span", { class: "tag" }, claim.lang), " ", el("q", { dir: "auto", lang: claim.lang }, short(claim.quote, 70)), " ", el("span", { class: "quiet" }, el("bdi", null, claim.article_id))));
  return el("li", { role: "option", id: `tracking-${number}`, "aria-selected": String(isChosen), class: "result", onclick: choose }, el("b", null, el("bdi", null, result.tracking_id)), claims, result.claims.length > 3 ? el("span", { class: "quiet" }, ` and ${result.claims.length - 3} more`) : null);
}
