// What the page knows. It is changed by `update` only, and drawn again after each change.

export const state = {
  workspace: null,
  // The article that is open: its head with text, its offsets, and what stands in it.
  article: null,
  points: null,
  claims: [],
  suggestions: [],
  // What is wrong with rows of the article: they are not among the claims.
  problems: [],
  undo: null,
  redo: null,
  // {type: "claim" | "suggestion", id}, or null.
  selected: null,
  // A selection that is not a claim yet: {start, end} in units, and what the rules make of it.
  pick: null,
  // The place of the keyboard in the text, and where a selection by keys began.
  caret: 0,
  anchor: null,
  // Whether that selection is by characters.
  exact: false,
  // saved, saving, unsaved.
  save: "saved",
  message: "",
  // What a screen reader hears beside it.
  told: "",
  guidelines: false,
};

const listeners = [];
let due = false;

export function onUpdate(listener) {
  listeners.push(listener);
}

// Changes the state; it is drawn once, after all changes of this moment.
export function update(patch) {
  Object.assign(state, patch);
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    for (const listener of listeners) listener();
  });
}

// Whether any of these is another thing than at the last call for this key: what depends on nothing else need not be drawn again.
const before = new Map();
export function changed(key, ...now) {
  const was = before.get(key);
  before.set(key, now);
  return !was || was.length !== now.length || was.some((value, i) => value !== now[i]);
}

export const isBlind = () => state.workspace?.mode === "blind";
export const isAdjudicating = () => state.workspace?.mode === "adjudicate";

export const kinds = () => state.workspace.kinds ?? openKinds();

// Where kinds are open: those in use, most used first.
function openKinds() {
  const counts = new Map();
  for (const claim of [...state.claims, ...state.suggestions]) counts.set(claim.kind, (counts.get(claim.kind) ?? 0) + 1);
  const known = [...counts.keys()].filter(Boolean).sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  return known.length ? known : ["claim"];
}

export const fieldOf = (name) => state.workspace.fields.find((field) => field.name === name);

export const isSelected = (type, id) => state.selected?.type === type && state.selected.id === id;

export const selectedClaim = () => (state.selected?.type === "claim" ? state.claims.find((claim) => claim.id === state.selected.id) : undefined);

export const selectedSuggestion = () =>
  state.selected?.type === "suggestion" ? state.suggestions.find((suggestion) => suggestion.id === state.selected.id) : undefined;

// Claims and suggestions in the order of the text, as Tab goes through them.
export function inOrder() {
  const all = [
    ...state.claims.map((claim) => ({ type: "claim", id: claim.id, fragments: claim.fragments })),
    ...state.suggestions.map((suggestion) => ({ type: "suggestion", id: suggestion.id, fragments: suggestion.fragments })),
  ];
  const at = ({ fragments }) => fragments[0]?.[0] ?? 0;
  const end = ({ fragments }) => fragments.at(-1)?.[1] ?? 0;
  return all.sort((a, b) => at(a) - at(b) || end(a) - end(b) || (a.type < b.type ? -1 : 1) || (a.id < b.id ? -1 : 1));
}

// Required fields of a claim that have no value.
export function missingFields(claim) {
  const needed = state.workspace.fields.filter((field) => field.required_for.includes(claim.kind));
  return needed.filter((field) => claim.fields[field.name] === undefined).map((field) => field.name);
}

// Whether somebody can confirm what a program filled in: the kind, or a field that has a value.
export const canConfirm = (claim, name) => name === "kind" || claim.fields[name] !== undefined;

export const toConfirm = (claim) => claim.unconfirmed.filter((name) => canConfirm(claim, name));

export const isDone = (head) => (isBlind() ? head.labelled : head.status === "gold" || head.status === "reviewed");

// What a reader sees of a long quote.
export function short(quote, most = 60) {
  const line = quote.replace(/\s+/g, " ");
  const points = [...line];
  return points.length > most ? `${points.slice(0, most - 1).join("")}…` : line;
}

// Sorted, and one where they touch.
export function merged(fragments) {
  const all = fragments.map((fragment) => [...fragment]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const kept = [];
  for (const fragment of all) {
    const last = kept.at(-1);
    if (last && fragment[0] <= last[1]) last[1] = Math.max(last[1], fragment[1]);
    else kept.push(fragment);
  }
  return kept;
}
