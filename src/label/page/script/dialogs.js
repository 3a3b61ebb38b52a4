// Sheets above the page: keys, articles, the reason of a skip, and what two people have written at once.

import { byId, el } from "./dom.js";
import { alter, bare, edit, say } from "./edits.js";
import { isDone, short, state } from "./state.js";

export const KEYS = [
  ["In the text", null],
  ["drag, double click", "mark words; with Alt, exactly these characters"],
  ["← →, ↑ ↓, h l", "move by words and lines; with Shift, mark; with Alt, by characters"],
  ["Enter", "make the marked words a claim; confirm the values of the selected claim"],
  ["1 – 9", "make the marked words a claim of that kind; change the kind of the selected claim"],
  ["Shift+Enter", "add the marked words to the selected claim, as a further part"],
  ["Claims", null],
  ["Tab, Shift+Tab", "next, previous claim or suggestion"],
  ["e", "to the fields; there Enter confirms a value and goes to the next"],
  ["[ ] { }", "move the end, the start by a word"],
  ["t", "same claim as … in other articles"],
  ["o", "optional, and back"],
  ["Backspace", "delete"],
  ["a, x", "accept, reject the selected suggestion; 1–9 accept it as that kind"],
  ["A", "accept what the sources agree on; of one source all, pressed twice"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo, also after a reload"],
  ["The article", null],
  ["Ctrl+Enter", "done, and to the next"],
  ["0", "no claims in this article, and to the next"],
  ["Ctrl+Space", "skip it, with a reason"],
  ["n, p", "next, previous article"],
  ["/", "search the articles"],
  ["g", "guidelines beside the text"],
  ["F6", "from the text to the list, the fields, and back"],
  ["Esc", "leave what is open"],
  ["?", "this sheet"],
];

export function openKeys() {
  const dialog = byId("sheet");
  const groups = [];
  for (const [key, what] of KEYS) {
    if (what === null) groups.push(el("section", null, el("h3", null, key), el("dl", null)));
    else groups.at(-1).lastChild.append(el("div", null, el("dt", null, key.split(", ").map((one) => el("kbd", null, one))), el("dd", null, what)));
  }
  show(dialog, "Keys", el("div", { class: "key-groups" }, groups));
}

function show(dialog, title, ...content) {
  dialog.replaceChildren(
    el("h2", { id: `${dialog.id}-title`, tabindex: "-1", autofocus: true }, title),
    ...content.filter(Boolean),
    el("p", { class: "dialog-end" }, el("button", { type: "button", onclick: () => dialog.close() }, "Close")),
  );
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

export function openArticles(go) {
  const dialog = byId("sheet");
  const list = el("ul", { class: "results", role: "listbox", "aria-label": "Articles" });
  const input = el("input", { type: "search", id: "article-search", placeholder: "id, title, language, status", autocomplete: "off", dir: "auto" });
  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const why = new Map(state.workspace.queue.map(({ id, why: reason }) => [id, reason]));
    const matches = state.workspace.articles.filter((article) => words.every((word) => [article.id, article.title, article.lang, article.status].join(" ").toLowerCase().includes(word)));
    list.replaceChildren(
      ...matches.slice(0, 200).map((article, i) =>
        el(
          "li",
          {
            role: "option",
            id: `article-${i}`,
            "aria-selected": String(i === 0),
            class: "result",
            onclick: () => {
              dialog.close();
              go(article.id);
            },
          },
          el("b", null, el("bdi", null, article.id)),
          el("span", { class: "tag" }, article.lang),
          el("span", { class: `tag ${isDone(article) ? "done" : ""}` }, isDone(article) ? "done" : article.status),
          el("span", { class: "quiet" }, `${article.claims} claims${article.drafts ? `, ${article.drafts} to confirm` : ""}`),
          article.title && el("span", { class: "title", dir: "auto" }, article.title),
          why.get(article.id) && el("span", { class: "why" }, why.get(article.id)),
        ),
      ),
      ...(matches.length > 200 ? [el("li", { class: "quiet" }, `and ${matches.length - 200} more: type more of the name`)] : []),
      ...(matches.length ? [] : [el("li", { class: "quiet" }, "no such article")]),
    );
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    const rows = [...list.querySelectorAll("[role=option]")];
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
      rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === next)));
      rows[next]?.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", `article-${next}`);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      rows[at]?.click();
    }
  });
  draw();
  show(dialog, "Articles", input, list);
  input.focus();
}

// Asks why an article is skipped. The answer may be empty; leaving is no answer.
export function askReason(skip) {
  const dialog = byId("sheet");
  const input = el("input", { type: "text", id: "skip-reason", placeholder: "not news, wrong language, cut off …", dir: "auto", autocomplete: "off" });
  const done = () => {
    dialog.close();
    skip(input.value.trim());
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    done();
  });
  dialog.replaceChildren(
    el("h2", null, "Skip this article"),
    el("p", { class: "quiet" }, "A skipped article is left out of every number. An article without claims is not skipped: press 0 there."),
    el("label", null, "Why? ", input),
    el("p", { class: "dialog-end" }, el("button", { type: "button", class: "primary", onclick: done }, "Skip ", el("kbd", null, "Enter")), el("button", { type: "button", onclick: () => dialog.close() }, "Leave")),
  );
  dialog.showModal();
  input.focus();
}

// Two versions of one claim: both are shown, and nothing is overwritten before somebody decides.
export function openConflict(body, details, again) {
  waiting.push([body, details, again]);
  if (waiting.length === 1) showConflict();
}

// One conflict after the other: none takes the place of another one.
const waiting = [];

function showConflict() {
  const [body, details, again] = waiting[0];
  const dialog = byId("conflict");
  const next = () => {
    waiting.shift();
    if (waiting.length) showConflict();
  };
  const { theirs } = details;
  const yours = details.yours ?? body.put ?? body.accept?.claim ?? null;
  if (body.status) {
    say(`${details.message}. It is shown as it is now; decide again.`);
    next();
    return;
  }
  const names = state.workspace.fields.map((field) => field.name);
  const wordsOf = (claim) => claim.quote || state.points.units(claim.fragments).map(({ start, end }) => state.article.text.slice(start, end)).join(" ");
  const cell = (claim, name) => {
    if (!claim) return el("i", { class: "quiet" }, "deleted");
    const value = name === "kind" ? claim.kind : name === "words" ? wordsOf(claim) : name === "same claim as" ? claim.tracking_id || undefined : claim.fields[name];
    if (name === "tags") return (claim.tags ?? []).join("; ");
    if (name === "note") return claim.note ?? "";
    if (name === "status") return `${claim.status ?? ""}${claim.unconfirmed?.length ? `, to confirm: ${claim.unconfirmed.join(", ")}` : ""}`;
    if (value === null) return el("i", { class: "quiet" }, "none");
    return value === undefined ? el("i", { class: "quiet" }, "–") : el("bdi", null, short(value, 60));
  };
  const textOf = (claim, name) => {
    const shown = cell(claim, name);
    return typeof shown === "string" ? shown : shown.textContent;
  };
  const differs = (name) => yours && theirs && textOf(yours, name) !== textOf(theirs, name);
  const rows = ["words", "kind", ...names, "same claim as", "tags", "note", "status"].filter((name) => ["words", "kind"].includes(name) || differs(name));
  const mine = async () => {
    dialog.close();
    // Only what was changed here goes over what is in the file.
    if (yours && theirs && again) await alter(theirs, again);
    else if (yours) await edit({ put: bare(theirs ? { ...yours, id: theirs.id, version: theirs.version } : { ...yours, id: "", version: undefined }) });
    else if (theirs) await edit({ delete: { id: theirs.id, version: theirs.version } });
  };
  dialog.replaceChildren(
    el("h2", null, theirs ? "Somebody else changed this claim" : "Somebody else deleted this claim"),
    el("p", null, "Nothing was overwritten. What you wrote and what stands in the file now:"),
    el(
      "table",
      { class: "versus" },
      el("thead", null, el("tr", null, el("td"), el("th", { scope: "col" }, "Yours"), el("th", { scope: "col" }, "In the file"))),
      el("tbody", null, rows.map((name) => el("tr", { class: differs(name) ? "differs" : "" }, el("th", { scope: "row" }, name), el("td", null, cell(yours, name)), el("td", null, cell(theirs, name))))),
    ),
    el(
      "p",
      { class: "dialog-end" },
      el("button", { type: "button", class: "primary", id: "keep-theirs", onclick: () => dialog.close() }, theirs ? "Keep what is in the file (Esc)" : "Leave it deleted (Esc)"),
      el("button", { type: "button", id: "write-mine", onclick: mine }, yours ? (theirs ? "Write mine over it" : "Write mine as a new claim") : "Delete it all the same"),
    ),
  );
  dialog.addEventListener("close", next, { once: true });
  if (!dialog.open) dialog.showModal();
  byId("keep-theirs").focus();
}

// Edits that an earlier page could not save.
export function openPendingDialog(edits, { apply, drop }) {
  const dialog = byId("conflict");
  const what = (body) => (body.put ? `claim ${short(body.put.quote || "", 40)}` : body.delete ? `deletion of ${body.delete.id}` : body.status ? `status ${body.status.status}` : "suggestion");
  dialog.replaceChildren(
    el("h2", null, edits.length === 1 ? "1 edit was not saved last time" : `${edits.length} edits were not saved last time`),
    el("ul", { class: "results" }, edits.map((body) => el("li", { class: "result" }, el("b", null, el("bdi", null, body.article_id)), ` ${what(body)}`))),
    el(
      "p",
      { class: "dialog-end" },
      el("button", { type: "button", class: "primary", onclick: () => (dialog.close(), apply()) }, "Save now"),
      el("button", { type: "button", onclick: () => (dialog.close(), drop()) }, "Throw away"),
    ),
  );
  dialog.showModal();
}
