// The list of claims and suggestions: the same as the marks in the text, for eyes and for screen readers.

import { byId, el } from "./dom.js";
import { accept, acceptAll, reject, say } from "./edits.js";
import { changed, inOrder, isAdjudicating, isSelected, kinds, short, state, update } from "./state.js";

// Nodes that are drawn at once; the others follow when there is time: an article may have thousands of suggestions.
const AT_ONCE = 120;

// By key: the node, and what it was made of.
let options = new Map();
let shown = null;
let later = 0;

export function drawList() {
  const list = byId("claims");
  const isOther = changed("list", state.article, state.claims, state.suggestions);
  if (!isOther && !changed("selected in the list", state.selected)) return;
  if (isOther) {
    byId("count").textContent = heading();
    drawItems(list);
    drawAgreed();
  } else {
    // Only the two whose selection differs: a list may be long.
    for (const mark of [shown, state.selected]) {
      const drawn = mark && options.get(keyOf(mark));
      if (!drawn) continue;
      const again = drawnOption(itemOf(mark), mark.type);
      drawn.node.replaceWith(again);
      options.set(keyOf(mark), { node: again, signature: "" });
    }
  }
  shown = state.selected;
  const chosen = shown && options.get(keyOf(shown))?.node;
  if (chosen) {
    list.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  } else {
    list.removeAttribute("aria-activedescendant");
  }
}

const keyOf = ({ type, id }) => `${type} ${id}`;

const itemOf = ({ type, id }) => (type === "claim" ? state.claims : state.suggestions).find((other) => other.id === id);

const drawnOption = (item, type) => (type === "claim" ? claimOption(item) : suggestionOption(item));

// Draws all items. One that is what it was keeps its node.
function drawItems(list) {
  clearTimeout(later);
  const items = new Map([...state.claims.map((item) => [`claim ${item.id}`, item]), ...state.suggestions.map((item) => [`suggestion ${item.id}`, item])]);
  const marks = inOrder();
  const before = options;
  options = new Map();
  const chosen = state.selected && keyOf(state.selected);
  const node = (mark) => {
    const key = keyOf(mark);
    const item = items.get(key);
    const signature = key === chosen || key === (shown && keyOf(shown)) ? "" : `${state.article.id} ${JSON.stringify(item)}`;
    const known = before.get(key);
    const drawn = known && signature && known.signature === signature ? known : { node: drawnOption(item, mark.type), signature };
    options.set(key, drawn);
    return drawn.node;
  };
  const upTo = Math.max(AT_ONCE, marks.findIndex((mark) => keyOf(mark) === chosen) + 1);
  // What was drawn before costs nothing.
  const first = marks.findIndex((mark, i) => i >= upTo && !before.has(keyOf(mark)));
  const end = first < 0 ? marks.length : first;
  list.replaceChildren(...marks.slice(0, end).map(node));
  const more = (from) => {
    if (from >= marks.length) return;
    later = setTimeout(() => {
      list.append(...marks.slice(from, from + AT_ONCE).map(node));
      more(from + AT_ONCE);
    }, 30);
  };
  more(end);
}

function heading() {
  const drafts = state.claims.filter((claim) => claim.status === "draft").length;
  const parts = [`${state.claims.length} ${state.claims.length === 1 ? "claim" : "claims"}`];
  if (drafts) parts.push(`${drafts} to confirm`);
  return parts.join(" · ");
}

const number = (kind) => Math.min(9, Math.max(0, kinds().indexOf(kind)) + 1);

// Values in one line: what a person checks first.
function values(fields) {
  const { key_fields: first } = state.workspace;
  const names = [...first, ...state.workspace.fields.map((field) => field.name).filter((name) => !first.includes(name))];
  const shown = names.filter((name) => typeof fields[name] === "string").slice(0, 4);
  return shown.map((name, i) => [i ? " · " : "", el("bdi", { title: name }, fields[name])]);
}

function option(type, item, children) {
  return el(
    "li",
    {
      role: "option",
      id: `${type}-${item.id}`,
      "aria-selected": String(isSelected(type, item.id)),
      class: `item ${type} ${item.status ?? ""}`,
      onclick: () => update({ selected: { type, id: item.id }, pick: null, scrollTo: item.fragments }),
    },
    children,
  );
}

function claimOption(claim) {
  return option("claim", claim, [
    el("span", { class: `chip k${number(claim.kind)}` }, claim.kind),
    el("q", { dir: "auto", lang: state.article.lang }, short(claim.quote)),
    claim.status === "draft" && el("span", { class: "state draft" }, claim.unconfirmed.length ? `${claim.unconfirmed.length} to confirm` : "draft"),
    claim.status === "optional" && el("span", { class: "state" }, "optional"),
    el("span", { class: "values quiet" }, values(claim.fields)),
  ]);
}

function suggestionOption(suggestion) {
  const others = state.suggestions.filter((other) => other.group === suggestion.group && other.id !== suggestion.id);
  const isChosen = isSelected("suggestion", suggestion.id);
  return option("suggestion", suggestion, [
    el("span", { class: "chip suggested" }, suggestion.kind || "?"),
    el("q", { dir: "auto", lang: state.article.lang }, short(suggestion.quote)),
    el("span", { class: "by quiet" }, suggestion.by.map((name, i) => [i ? ", " : "", el("bdi", null, name)]), suggestion.score === null || suggestion.score === undefined ? null : ` · ${suggestion.score.toFixed(2)}`),
    el("span", { class: "values quiet" }, values(suggestion.fields)),
    isChosen &&
      el(
        "span",
        { class: "verdict" },
        el("button", { type: "button", class: "primary", tabindex: "-1", onclick: stop(() => accept(suggestion)) }, "Accept ", el("kbd", null, "a")),
        el("button", { type: "button", tabindex: "-1", onclick: stop(() => reject(suggestion)) }, "Reject ", el("kbd", null, "x")),
      ),
    isChosen ? others.map((other) => versus(suggestion, other)) : null,
  ]);
}

const stop = (act) => (event) => {
  event.stopPropagation();
  act();
};

// Two versions side by side, with what differs.
function versus(one, other) {
  const names = state.workspace.fields.map((field) => field.name).filter((name) => one.fields[name] !== other.fields[name]);
  const cell = (value) => (value === null ? el("i", { class: "quiet" }, "none") : value === undefined ? el("i", { class: "quiet" }, "–") : el("bdi", null, value));
  const row = (name, a, b) => el("tr", null, el("th", { scope: "row" }, name), el("td", null, a), el("td", null, b));
  const rows = [
    one.quote !== other.quote && row("words", el("q", { dir: "auto" }, short(one.quote, 40)), el("q", { dir: "auto" }, short(other.quote, 40))),
    one.kind !== other.kind && row("kind", one.kind, other.kind),
    names.map((name) => row(name, cell(one.fields[name]), cell(other.fields[name]))),
  ];
  const head = (suggestion) => el("th", { scope: "col" }, suggestion.by.map((name, i) => [i ? ", " : "", el("bdi", null, name)]));
  return el("table", { class: "versus" }, el("thead", null, el("tr", null, el("td"), head(one), head(other))), el("tbody", null, rows));
}

// What all sources agree on can be taken over in one go.
export function agreed() {
  const { sources } = state.workspace;
  const whole = state.suggestions.filter((suggestion) => suggestion.kind);
  if (sources.length < 2) return whole;
  return whole.filter((suggestion) => suggestion.by.length >= (isAdjudicating() ? sources.length : 2));
}

function drawAgreed() {
  const button = byId("agreed");
  const all = agreed();
  button.hidden = !all.length;
  const what = state.workspace.sources.length < 2 ? "suggested" : isAdjudicating() ? "that both have" : "that several agree on";
  button.replaceChildren(`Accept ${all.length} ${what} `, el("kbd", null, "A"));
}

let asked = 0;

// With one source there is nothing that agrees: all is taken only when that is said twice.
export const acceptAgreed = () => {
  const all = agreed();
  if (!all.length) return;
  if (state.workspace.sources.length < 2 && Date.now() - asked > 4000) {
    asked = Date.now();
    say(`${all.length} suggestions would become claims as they are, without a look at each: once more to do it`);
    return;
  }
  asked = 0;
  acceptAll(all);
};
