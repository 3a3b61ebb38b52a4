// The form of the selected claim: its fields in their three states, each confirmed or not.

import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { alter, changeKind, confirmAll, remove, say, setField } from "./edits.js";
import { isBlind, kinds, merged, missingFields, selectedClaim, short, state, toConfirm, update } from "./state.js";
import { nudged } from "./text.js";
import { openTracking } from "./tracking.js";

// What is typed and not written yet: `claim id/field` to {text, claim: as it was when typing began, commit}.
const typed = new Map();
let shownVersion = "";
// While the form is drawn again its old inputs leave the page, which is no change of theirs.
let isDrawing = false;

const key = (claim, name) => `${claim.id}/${name}`;

// Whether something was typed into the open form that is not written yet.
export const hasTyped = () => typed.size > 0;

// Writes what is typed. Whether all of it could be: what could not has the keyboard then.
export async function commitTyped() {
  for (const [at, { commit }] of [...typed]) {
    if (await commit()) continue;
    const name = at.slice(at.lastIndexOf("/") + 1);
    say(`${name}: ${byId(`field-${name}-echo`)?.textContent || "what is typed is no value"}; mend it, or press Esc there`);
    focusField(name);
    return false;
  }
  return true;
}

export function drawForm() {
  const claim = selectedClaim();
  const home = byId("form");
  if (!claim) {
    home.replaceChildren();
    home.hidden = true;
    shownVersion = "";
    return;
  }
  const version = JSON.stringify([claim, state.workspace.mode]);
  if (version === shownVersion) return;
  shownVersion = version;
  const focus = focused();
  home.hidden = false;
  isDrawing = true;
  home.replaceChildren(...form(claim).filter(Boolean));
  isDrawing = false;
  if (focus) refocus(focus);
}

function focused() {
  const active = document.activeElement;
  if (!active || !byId("form").contains(active)) return null;
  return { name: active.name || active.dataset.focus, start: active.selectionStart, end: active.selectionEnd };
}

function refocus({ name, start, end }) {
  const node = byId("form").querySelector(`[name="${CSS.escape(name ?? "")}"], [data-focus="${CSS.escape(name ?? "")}"]`);
  if (!node) return;
  node.focus({ preventScroll: true });
  if (start !== null && start !== undefined && node.setSelectionRange) {
    try {
      node.setSelectionRange(start, end);
    } catch {
      // Not every input has a selection.
    }
  }
}

function form(claim) {
  const missing = missingFields(claim);
  const left = toConfirm(claim).length;
  return [
    el(
      "div",
      { class: "form-head" },
      el("q", { class: "form-quote", dir: "auto", lang: state.article.lang }, claim.quote),
      el("span", { class: `state ${claim.status}` }, claim.status),
      el("button", { type: "button", class: "close", title: "Back to the list (Esc)", "aria-label": "back to the list", "data-focus": "close", onclick: () => (update({ selected: null }), byId("claims").focus()) }, "×"),
    ),
    edges(claim),
    kindPicker(claim),
    ...fields(claim, missing),
    isBlind() ? null : trackingRow(claim),
    more(claim),
    el(
      "div",
      { class: "form-end" },
      left
        ? el("button", { type: "button", class: "primary", id: "confirm", "data-focus": "confirm", onclick: async () => (await commitTyped()) && confirmAll(claim) }, `Confirm ${left === 1 ? "1 value" : `${left} values`} `, el("kbd", null, "Enter"))
        : el("span", { class: missing.length ? "bad" : "quiet" }, missing.length ? `${missing.length} still needed ` : "All confirmed", missing.length ? el("kbd", null, "e") : null),
      el("button", { type: "button", class: "danger", "data-focus": "delete", onclick: () => (remove(claim), byId("text").focus({ preventScroll: true })) }, "Delete ", el("kbd", null, "⌫")),
    ),
  ];
}

// Fields that have a value or need one; the others are behind a fold, which stays as it was left.
const isFirst = (claim) => (field) =>
  claim.fields[field.name] !== undefined || field.required_for.includes(claim.kind) || claim.unconfirmed.includes(field.name) || typed.has(key(claim, field.name));

const ordered = (claim) => [...state.workspace.fields.filter(isFirst(claim)), ...state.workspace.fields.filter((field) => !isFirst(claim)(field))];

let isUnfolded = false;

function fields(claim, missing) {
  const rows = (list) => el("div", { class: "fields" }, list.map((field) => row(claim, field, missing)));
  const first = state.workspace.fields.filter(isFirst(claim));
  const others = state.workspace.fields.filter((field) => !isFirst(claim)(field));
  if (!first.length || !others.length) return [rows(ordered(claim))];
  const fold = el("details", { class: "fold", open: isUnfolded }, el("summary", { "data-focus": "fold" }, others.length === 1 ? "1 more field" : `${others.length} more fields`, el("span", { class: "quiet" }, ` ${others.map((field) => field.name).join(", ")}`)), rows(others));
  fold.addEventListener("toggle", () => {
    isUnfolded = fold.open;
  });
  return [rows(first), fold];
}

// The words of the claim: either end moved by a word, and its parts.
function edges(claim) {
  const button = (edge, step, sign, what) => el("button", { type: "button", class: "nudge", "aria-label": what, title: what, "data-focus": what, onclick: () => moveEdgeOf(claim, edge, step) }, sign);
  const part = ([start, end], i) => {
    const [span] = state.points.units([[start, end]]);
    const drop = () =>
      alter(claim, (altered) => {
        altered.fragments.splice(i, 1);
      });
    return el("span", { class: "tag part" }, el("q", { dir: "auto" }, short(state.article.text.slice(span.start, span.end), 24)), el("button", { type: "button", class: "link", "aria-label": "take this part away", onclick: drop }, "×"));
  };
  return el(
    "div",
    { class: "edges", role: "group", "aria-label": "Words" },
    el("span", { class: "label quiet" }, "start "),
    button("start", -1, "‹", "start one word earlier"),
    button("start", 1, "›", "start one word later"),
    el("span", { class: "label quiet" }, " end "),
    button("end", -1, "‹", "end one word earlier"),
    button("end", 1, "›", "end one word later"),
    claim.fragments.length > 1 ? claim.fragments.map(part) : null,
  );
}

// Moves an edge of a claim by a word.
export function moveEdgeOf(claim, edge, step) {
  return alter(claim, (altered) => {
    const spans = state.points.units(altered.fragments);
    const at = edge === "start" ? 0 : spans.length - 1;
    const moved = nudged(spans[at], edge, step);
    if (moved) spans[at] = moved;
    altered.fragments = merged(state.points.fragments(spans));
  });
}

function kindPicker(claim) {
  const known = kinds();
  const list = known.includes(claim.kind) ? known : [claim.kind, ...known];
  const set = (kind) => changeKind(claim, kind);
  const buttons = list.map((kind, i) =>
    el(
      "button",
      { type: "button", class: `kind k${Math.min(9, i + 1)}${kind === claim.kind && claim.unconfirmed.includes("kind") ? " unconfirmed" : ""}`, "aria-pressed": String(kind === claim.kind), "data-focus": `kind-${kind}`, onclick: () => set(kind) },
      kind,
    ),
  );
  const open = state.workspace.kinds === null ? el("input", { name: "kind", class: "open-kind", placeholder: "another kind", "aria-label": "another kind", onchange: (event) => event.target.value.trim() && set(event.target.value.trim()) }) : null;
  return el("div", { class: "kinds", role: "group", "aria-label": "Kind" }, buttons, open);
}

function row(claim, field, missing) {
  const value = claim.fields[field.name];
  const isOpen = claim.unconfirmed.includes(field.name) && value !== undefined;
  const isAbsent = value === null;
  const id = `field-${field.name}`;
  const text = typed.get(key(claim, field.name))?.text ?? (value === "none" ? "\\none" : value) ?? "";
  const echo = el("p", { class: "echo", id: `${id}-echo`, "aria-live": "polite" });
  const attributes = { id, name: field.name, "aria-describedby": `${id}-echo`, "data-state": isOpen ? "unconfirmed" : isAbsent ? "absent" : value === undefined ? "empty" : "confirmed" };
  const input = choices(field) ? select(claim, field, attributes, value) : line(claim, field, attributes, text, isAbsent, echo);
  const isMissing = missing.includes(field.name);
  return el(
    "div",
    { class: `field${isOpen ? " unconfirmed" : ""}${isMissing ? " missing" : ""}${isAbsent ? " absent" : ""}` },
    el("label", { for: id, title: `${field.type}${field.required_for.length ? ` · needed for ${field.required_for.join(", ")}` : ""}` }, field.name, isMissing && el("b", { class: "needed", title: "needed for this kind" }, " needed")),
    input,
    isOpen
      ? el("button", { type: "button", class: "tick", title: "confirm this value", "aria-label": `confirm ${field.name}`, "data-focus": `tick-${field.name}`, onclick: () => setField(claim, field.name, value) }, "✓")
      : el(
          "button",
          {
            type: "button",
            class: "none",
            title: isAbsent ? "annotated as absent: press to clear" : "the text does not give it: annotate as absent",
            "aria-label": `${field.name} is absent`,
            "aria-pressed": String(isAbsent),
            "data-focus": `none-${field.name}`,
            onclick: () => setField(claim, field.name, isAbsent ? undefined : null),
          },
          "∅",
        ),
    echo,
  );
}

const choices = (field) => (field.type === "bool" ? ["true", "false"] : field.type === "enum" && field.values.length ? field.values : null);

// `none` is a state here; where it is a value of the field, that is the CSV's business.
function select(claim, field, attributes, value) {
  const option = (written, title) => el("option", { value: written, selected: (value === null ? "\u0000none" : (value ?? "")) === written }, title);
  const node = el("select", attributes, option("", "–"), choices(field).map((choice) => option(choice, choice)), option("\u0000none", "none (absent)"));
  node.addEventListener("change", () => setField(claim, field.name, node.value === "" ? undefined : node.value === "\u0000none" ? null : node.value));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (claim.unconfirmed.includes(field.name) && value !== undefined) setField(claim, field.name, value);
    nextField(field.name);
  });
  return node;
}

function line(claim, field, attributes, text, isAbsent, echo) {
  const node = el("input", { ...attributes, type: "text", value: text, autocomplete: "off", spellcheck: "false", dir: "auto", placeholder: isAbsent ? "none: the text does not give it" : "–" });
  let number = 0;
  let read = null;
  const article = state.article.id;
  const ask = async (written = node.value) => {
    const mine = ++number;
    try {
      const answer = await post("read", { article_id: article, field: field.name, written: written === "\\none" ? "none" : written });
      const found = { written, value: answer.value };
      if (mine !== number) return found;
      read = found;
      echo.textContent = written.trim() === "none" ? "none → absent" : answer.message;
      echo.classList.toggle("bad", answer.value === null && answer.message !== "" && written.trim() !== "none");
      return found;
    } catch {
      return null;
    }
  };
  node.addEventListener("input", () => {
    typed.set(key(claim, field.name), { text: node.value, claim: typed.get(key(claim, field.name))?.claim ?? claim, commit: () => commit() });
    clearTimeout(node.timer);
    node.timer = setTimeout(ask, 80);
  });
  const commit = async () => {
    clearTimeout(node.timer);
    const typing = typed.get(key(claim, field.name));
    if (!typing) return true;
    const { claim: base, text: whole } = typing;
    const written = whole.trim();
    const take = (value) => {
      // More may have been typed while the server read this.
      if (typed.get(key(claim, field.name))?.text !== whole) return true;
      typed.delete(key(claim, field.name));
      if (value === base.fields[field.name] && !base.unconfirmed.includes(field.name)) return true;
      return setField(base, field.name, value).then(() => true);
    };
    if (written === "none") return take(null);
    if (written === "") return take(undefined);
    const answer = read?.written === whole ? read : await ask(whole);
    if (!answer || answer.value === null) return false;
    return take(answer.value);
  };
  node.addEventListener("change", () => isDrawing || commit());
  node.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      typed.delete(key(claim, field.name));
      node.value = claim.fields[field.name] ?? "";
      echo.textContent = "";
      return;
    }
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    // The keyboard goes on at once, and what was typed is written behind it; what is no value is said, and Done waits for it.
    const isTyped = typed.has(key(claim, field.name));
    const now = selectedClaim();
    if (!isTyped && now?.unconfirmed.includes(field.name) && now.fields[field.name] !== undefined) setField(now, field.name, now.fields[field.name]);
    if (isTyped && read?.written === node.value && read.value === null && node.value.trim() !== "none") return;
    nextField(field.name);
    if (isTyped && !(await commit())) say(`${field.name}: ${echo.textContent || "what is typed is no value"}`);
  });
  return node;
}

// To the next field that waits for something, else to the text.
function nextField(name) {
  const claim = selectedClaim();
  if (claim) {
    const all = ordered(claim);
    const at = all.findIndex((field) => field.name === name);
    const waiting = [...all.slice(at + 1), ...all.slice(0, at)].find((field) => claim.unconfirmed.includes(field.name));
    if (waiting) focusField(waiting.name);
    else byId("text").focus({ preventScroll: true });
  }
}

function focusField(name) {
  const node = byId(`field-${name}`);
  node?.focus();
  node?.select?.();
}

// Puts the keyboard into the first field that waits for something, else into the first.
export function focusForm() {
  const claim = selectedClaim();
  if (!claim) return;
  const fields = ordered(claim);
  const first = fields.find((field) => claim.unconfirmed.includes(field.name)) ?? fields[0];
  if (first) focusField(first.name);
}

function trackingRow(claim) {
  return el(
    "div",
    { class: "field tracking" },
    el("span", { class: "label" }, "same claim as"),
    el(
      "button",
      { type: "button", class: "link", id: "tracking", "data-focus": "tracking", onclick: () => openTracking(claim) },
      claim.tracking_id ? el("bdi", null, claim.tracking_id) : "none known · search ",
      el("kbd", null, "t"),
    ),
    claim.tracking_id
      ? el(
          "button",
          {
            type: "button",
            class: "none",
            title: "take the link away",
            "aria-label": "take the link away",
            onclick: () =>
              alter(claim, (altered) => {
                altered.tracking_id = "";
              }),
          },
          "×",
        )
      : null,
  );
}

function more(claim) {
  const set = (change) => alter(claim, change);
  return el(
    "details",
    { class: "more", open: Boolean(claim.note || claim.tags.length || claim.status === "optional") },
    el("summary", null, "Tags, note, optional"),
    el("label", null, "tags ", el("input", { name: "tags", value: claim.tags.join("; "), placeholder: "must-find; …", onchange: (event) => isDrawing || set((altered) => (altered.tags = event.target.value.split(";").map((tag) => tag.trim()).filter(Boolean))) })),
    el("label", null, "note ", el("input", { name: "note", value: claim.note, dir: "auto", onchange: (event) => isDrawing || set((altered) => (altered.note = event.target.value)) })),
    el(
      "label",
      { class: "check" },
      el("input", { name: "optional", type: "checkbox", checked: claim.status === "optional", disabled: claim.status === "draft", onchange: (event) => set((altered) => (altered.status = event.target.checked ? "optional" : "gold")) }),
      " optional: neither missed nor counted",
    ),
    el("p", { class: "quiet" }, el("span", { class: "code" }, claim.id), claim.annotator ? [" by ", el("bdi", null, claim.annotator)] : null, ` · ${claim.fragments.map(([s, e]) => `${s}–${e}`).join(", ")}`),
  );
}
