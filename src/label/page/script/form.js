// The form of the selected claim: its fields in their three states, each confirmed or not.

import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { alter, changeKind, confirmAll, remove, setField } from "./edits.js";
import { isBlind, kinds, missingFields, selectedClaim, state, toConfirm, update } from "./state.js";
import { openTracking } from "./tracking.js";

// What is typed and not written yet: `claim id/field` to text.
const typed = new Map();
let shownVersion = "";

const key = (claim, name) => `${claim.id}/${name}`;

// Whether something was typed into the open form that is not written yet.
export const hasTyped = () => typed.size > 0;

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
  home.replaceChildren(...form(claim));
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
      el("button", { type: "button", class: "close", title: "Back to the list (Esc)", "aria-label": "back to the list", "data-focus": "close", onclick: () => update({ selected: null }) }, "×"),
    ),
    kindPicker(claim),
    ...fields(claim, missing),
    isBlind() ? null : trackingRow(claim),
    more(claim),
    el(
      "div",
      { class: "form-end" },
      left
        ? el("button", { type: "button", class: "primary", id: "confirm", "data-focus": "confirm", onclick: () => confirmAll(claim) }, `Confirm ${left === 1 ? "1 value" : `${left} values`} `, el("kbd", null, "Enter"))
        : el("span", { class: missing.length ? "bad" : "quiet" }, missing.length ? `${missing.length} still needed ` : "All confirmed", missing.length ? el("kbd", null, "e") : null),
      el("button", { type: "button", class: "danger", "data-focus": "delete", onclick: () => remove(claim) }, "Delete ", el("kbd", null, "⌫")),
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

function kindPicker(claim) {
  const known = kinds();
  const list = known.includes(claim.kind) ? known : [claim.kind, ...known];
  const set = (kind) => changeKind(claim, kind);
  const buttons = list.slice(0, 9).map((kind, i) =>
    el(
      "button",
      { type: "button", class: `kind k${i + 1}${kind === claim.kind && claim.unconfirmed.includes("kind") ? " unconfirmed" : ""}`, "aria-pressed": String(kind === claim.kind), "data-focus": `kind-${kind}`, onclick: () => set(kind) },
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
  const text = typed.get(key(claim, field.name)) ?? value ?? "";
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
  const ask = async () => {
    const mine = ++number;
    try {
      const answer = await post("read", { article_id: state.article.id, field: field.name, written: node.value });
      if (mine !== number) return null;
      read = { written: node.value, value: answer.value };
      echo.textContent = answer.message;
      echo.classList.toggle("bad", answer.value === null && answer.message !== "");
      return read;
    } catch {
      return null;
    }
  };
  node.addEventListener("input", () => {
    typed.set(key(claim, field.name), node.value);
    clearTimeout(node.timer);
    node.timer = setTimeout(ask, 80);
  });
  const commit = async () => {
    clearTimeout(node.timer);
    if (!typed.has(key(claim, field.name))) return true;
    const written = node.value.trim();
    if (written === "none") {
      typed.delete(key(claim, field.name));
      await setField(claim, field.name, null);
      return true;
    }
    if (written === "") {
      typed.delete(key(claim, field.name));
      if (claim.fields[field.name] !== undefined) await setField(claim, field.name, undefined);
      return true;
    }
    const answer = read?.written === node.value ? read : await ask();
    if (!answer || answer.value === null) return false;
    typed.delete(key(claim, field.name));
    if (answer.value !== claim.fields[field.name] || claim.unconfirmed.includes(field.name)) await setField(claim, field.name, answer.value);
    return true;
  };
  node.addEventListener("change", commit);
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
    const isTyped = typed.has(key(claim, field.name));
    if (isTyped ? !(await commit()) : false) return;
    const now = selectedClaim();
    if (!isTyped && now?.unconfirmed.includes(field.name) && now.fields[field.name] !== undefined) await setField(now, field.name, now.fields[field.name]);
    nextField(field.name);
  });
  return node;
}

// To the next field that waits for something, else to the text.
function nextField(name) {
  setTimeout(() => {
    const claim = selectedClaim();
    if (!claim) return;
    const all = ordered(claim);
    const at = all.findIndex((field) => field.name === name);
    const waiting = [...all.slice(at + 1), ...all.slice(0, at)].find((field) => claim.unconfirmed.includes(field.name));
    if (waiting) focusField(waiting.name);
    else byId("text").focus({ preventScroll: true });
  });
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
    el("label", null, "tags ", el("input", { name: "tags", value: claim.tags.join("; "), placeholder: "must-find; …", onchange: (event) => set((altered) => (altered.tags = event.target.value.split(";").map((tag) => tag.trim()).filter(Boolean))) })),
    el("label", null, "note ", el("input", { name: "note", value: claim.note, dir: "auto", onchange: (event) => set((altered) => (altered.note = event.target.value)) })),
    el(
      "label",
      { class: "check" },
      el("input", { name: "optional", type: "checkbox", checked: claim.status === "optional", disabled: claim.status === "draft", onchange: (event) => set((altered) => (altered.status = event.target.checked ? "optional" : "gold")) }),
      " optional: neither missed nor counted",
    ),
    el("p", { class: "quiet" }, el("span", { class: "code" }, claim.id), claim.annotator ? [" by ", el("bdi", null, claim.annotator)] : null, ` · ${claim.fragments.map(([s, e]) => `${s}–${e}`).join(", ")}`),
  );
}
