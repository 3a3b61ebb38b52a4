// The text of the article: one text node, its marks, and selections by mouse, finger and keys.

import { byId } from "./dom.js";
import { draw } from "./marks.js";
import { changed, isSelected, kinds, selectedClaim, selectedSuggestion, state, update } from "./state.js";
import { characterEdge, clampedToLine, snapped, whole, wordAt, wordEdge } from "./words.js";

// Languages that are written from right to left, unless their tag names another script.
const RTL = /^(?!.*-(?:latn|cyrl))(?:ar|fa|he|iw|ur|ps|sd|ug|yi|dv|ckb|arc|syr)(?:-|$)|-(?:arab|hebr|thaa|syrc)(?:-|$)/i;

let node = null;
let isAlt = false;
// A press in the text that has not ended: where, and with what.
let press = null;
let presses = 0;
let lastPointer = "mouse";
let onPick = () => {};

const lang = () => state.article?.lang ?? "und";
const text = () => state.article?.text ?? "";

export const pointerType = () => lastPointer;

export function startText(picked) {
  onPick = picked;
  const pane = byId("text");
  pane.addEventListener("pointerdown", (event) => {
    lastPointer = event.pointerType || "mouse";
    press = { x: event.clientX, y: event.clientY, number: ++presses };
  });
  // Only mouse events say how many clicks they are.
  addEventListener("mouseup", (event) => lastPointer === "mouse" && ended(event));
  addEventListener("pointerup", (event) => lastPointer !== "mouse" && ended(event));
  addEventListener("pointercancel", () => (press = null));
  document.addEventListener("selectionchange", selectionChanged);
  for (const type of ["keydown", "keyup"]) {
    addEventListener(type, (event) => {
      if (event.altKey === isAlt) return;
      isAlt = event.altKey;
      if (press) preview();
    });
  }
}

// Shows the text of another article. It is set as it is: no markup is read, and CR stays.
export function showText() {
  const pane = byId("text");
  node = document.createTextNode(text());
  pane.replaceChildren(node);
  pane.lang = lang() === "und" ? "" : lang();
  pane.dir = RTL.test(lang()) ? "rtl" : lang() === "und" ? "auto" : "ltr";
  pane.setAttribute("aria-label", `Text of ${state.article.title || state.article.id}`);
  byId("scroll").scrollTop = 0;
}

export function drawMarks() {
  if (!node || !state.points) return;
  if (changed("claims in the text", node, state.claims, state.suggestions)) base = keptWhereSame(base, claimMarks());
  const marks = new Map(base);
  const chosen = selectedClaim() ?? selectedSuggestion();
  if (chosen) marks.set("selected", state.points.units(chosen.fragments));
  if (state.pick) marks.set("pick", [state.pick]);
  draw(node, marks);
  drawCaret();
}

// A layer with the same spans as before is the same array: it is not drawn again.
function keptWhereSame(before, now) {
  const same = (a, b) => a && a.length === b.length && a.every((span, i) => span.start === b[i].start && span.end === b[i].end);
  for (const [layer, spans] of now) if (same(before.get(layer), spans)) now.set(layer, before.get(layer));
  return now;
}

// The layers of all claims and suggestions, whichever is selected.
let base = new Map();

function claimMarks() {
  const marks = new Map();
  const add = (layer, fragments) => {
    if (!marks.has(layer)) marks.set(layer, []);
    marks.get(layer).push(...state.points.units(fragments));
  };
  const all = kinds();
  for (const suggestion of state.suggestions) add("suggested", suggestion.fragments);
  for (const claim of state.claims) {
    add(`kind-${Math.min(9, Math.max(0, all.indexOf(claim.kind)) + 1)}`, claim.fragments);
    if (claim.status === "draft") add("draft", claim.fragments);
  }
  return marks;
}

// The selection of the browser, as units of the text; null where it is empty or elsewhere.
function nativeSelection() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !node) return null;
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  if (!byId("text").contains(startContainer)) return null;
  const start = startContainer === node ? startOffset : startOffset === 0 ? 0 : node.length;
  // A drag that ends below the text ends behind it.
  const end = endContainer === node ? endOffset : byId("text").contains(endContainer) && endOffset === 0 ? 0 : node.length;
  return start < end ? { start, end } : null;
}

const settle = (selection, isExact) => (isExact ? whole(text(), lang(), selection) : snapped(text(), lang(), selection));

// What would be picked now, while the button is still down.
function preview() {
  const selection = nativeSelection();
  const settled = selection && settle(selection, isAlt);
  update({ pick: settled ? { ...settled, isPreview: true } : null });
}

let later = 0;

function selectionChanged() {
  if (press && lastPointer === "mouse") {
    preview();
    return;
  }
  if (lastPointer === "mouse") return;
  // A finger moves the handles of the system: no event says when it is done.
  clearTimeout(later);
  later = setTimeout(() => {
    const selection = nativeSelection();
    if (selection) onPick(settle(selection, false));
  }, 150);
}

function ended(event) {
  if (!press) return;
  const { x, y, number } = press;
  press = null;
  if (lastPointer !== "mouse") {
    const isTap = Math.hypot(event.clientX - x, event.clientY - y) < 8;
    if (isTap && getSelection().isCollapsed) tapped(event);
    return;
  }
  // The key may be up again before the rest is done.
  const isExact = event.altKey;
  // The browser has the selection of a double click only after this event.
  setTimeout(() => {
    // A further click has begun: it has the selection now.
    if (number !== presses) return;
    // What a browser takes for the word of a double click differs, beside emoji and signs most of all.
    if (event.detail === 2) {
      pickAt(event);
      return;
    }
    let selection = nativeSelection();
    if (selection && event.detail >= 3) selection = clampedToLine(text(), selection);
    if (!selection) {
      clicked(event);
      return;
    }
    finish(settle(selection, isExact));
  });
}

function finish(selection) {
  getSelection().removeAllRanges();
  byId("text").focus({ preventScroll: true });
  if (selection) update({ caret: selection.end, anchor: null });
  onPick(selection);
}

// The unit at a place of the window.
export function unitAt({ clientX, clientY }) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(clientX, clientY);
    return found && found.offsetNode === node ? found.offset : null;
  }
  const found = document.caretRangeFromPoint?.(clientX, clientY);
  return found && found.startContainer === node ? found.startOffset : null;
}

// The character below the pointer, as people see it: the place that the browser gives is that of the nearest gap between two.
function characterAt(event) {
  const at = unitAt(event);
  if (at === null) return null;
  for (const unit of [at, at - 1]) {
    const character = unit >= 0 && unit < text().length ? whole(text(), lang(), { start: unit, end: unit + 1 }) : null;
    if (!character) continue;
    const { left, right, top, bottom } = rectOf(character);
    if (left <= event.clientX && event.clientX <= right && top <= event.clientY && event.clientY <= bottom) return character;
  }
  return null;
}

function pickAt(event) {
  const at = characterAt(event)?.start ?? unitAt(event);
  finish(at === null ? null : wordAt(text(), lang(), at));
}

// Claims and suggestions at a unit, the shortest first.
function marksAt(unit) {
  const point = state.points.ofUnit(unit);
  const length = (fragments) => fragments.reduce((sum, [start, end]) => sum + end - start, 0);
  const holds = ({ fragments }) => fragments.some(([start, end]) => start <= point && point <= end);
  const found = [
    ...state.claims.filter(holds).map((claim) => ({ type: "claim", id: claim.id, length: length(claim.fragments) })),
    ...state.suggestions.filter(holds).map((s) => ({ type: "suggestion", id: s.id, length: length(s.fragments) })),
  ];
  return found.sort((a, b) => a.length - b.length);
}

// A click selects the shortest claim there; a further one the next longer.
function clicked(event) {
  const at = unitAt(event);
  if (at === null) {
    update({ pick: null });
    return;
  }
  const found = marksAt(at);
  const now = found.findIndex((mark) => isSelected(mark.type, mark.id));
  const next = found.length ? found[(now + 1) % found.length] : null;
  update({ caret: at, anchor: null, pick: null, selected: next ? { type: next.type, id: next.id } : null });
}

// A tap selects the claim there, or picks the word.
function tapped(event) {
  const at = unitAt(event);
  if (at === null) return;
  const found = marksAt(at);
  if (found.length && !state.pick) clicked(event);
  else onPick(wordAt(text(), lang(), characterAt(event)?.start ?? at));
}

// Moves an edge of the pick by a word.
export function nudge(edge, step) {
  if (!state.pick) return;
  const { start, end } = state.pick;
  const moved = nudged({ start, end }, edge, step);
  if (moved) onPick(moved);
}

// A selection with one edge a word further, or null where nothing would be left.
export function nudged({ start, end }, edge, step) {
  if (edge === "start") start = step < 0 ? wordEdge(text(), lang(), start, -1) : skipSpace(wordEdge(text(), lang(), start, 1));
  else if (step > 0) end = wordEdge(text(), lang(), end, 1);
  else end = backOverSpace(wordEdge(text(), lang(), end, -1));
  return start < end ? { start, end } : null;
}

function skipSpace(at) {
  while (at < text().length && /\s/.test(text()[at])) at++;
  return at;
}

function backOverSpace(at) {
  while (at > 0 && /\s/.test(text()[at - 1])) at--;
  return at;
}

// Keys of the text. Returns whether the key was one.
export function moveCaret(event) {
  const { key, shiftKey, altKey } = event;
  const isRtl = getComputedStyle(byId("text")).direction === "rtl";
  const steps = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1, l: 1, h: -1, L: 1, H: -1 };
  let to = null;
  if (key in steps) to = (altKey ? characterEdge : wordEdge)(text(), lang(), state.caret, steps[key]);
  else if (key === "ArrowDown" || key === "ArrowUp") to = lineEdge(state.caret, key === "ArrowDown" ? 1 : -1);
  else if (key === "Home") to = text().lastIndexOf("\n", state.caret - 1) + 1;
  else if (key === "End") to = text().indexOf("\n", state.caret) < 0 ? text().length : text().indexOf("\n", state.caret);
  else return false;
  if (!shiftKey) {
    update({ caret: to, anchor: null, pick: null });
  } else {
    const anchor = state.anchor ?? anchorFor(state.caret, to, altKey);
    const selection = { start: Math.min(anchor, to), end: Math.max(anchor, to) };
    const picked = selection.start < selection.end ? settle(selection, altKey || state.exact) : null;
    update({ caret: to, anchor, exact: altKey || (state.anchor !== null && state.exact) });
    onPick(picked, { quiet: true });
  }
  keepInView({ start: state.caret, end: state.caret });
  return true;
}

// Going forward from behind a word, the white space before the next one is not meant.
const anchorFor = (caret, to, isExact) => (!isExact && to > caret ? skipSpace(caret) : caret);

function rectAt(unit) {
  const range = document.createRange();
  const at = Math.min(unit, node.length);
  range.setStart(node, at);
  range.setEnd(node, at);
  const rect = range.getClientRects()[0];
  if (rect) return rect;
  range.setEnd(node, Math.min(node.length, at + 1));
  return range.getClientRects()[0] ?? byId("text").getBoundingClientRect();
}

function lineEdge(unit, step) {
  const rect = rectAt(unit);
  const line = parseFloat(getComputedStyle(byId("text")).lineHeight) || rect.height * 1.6;
  keepInView({ start: unit, end: unit }, line * 2);
  const from = rectAt(unit);
  const found = unitAt({ clientX: from.left, clientY: from.top + from.height / 2 + step * line });
  return found ?? (step > 0 ? text().length : 0);
}

function drawCaret() {
  const caret = byId("caret");
  const isShown = node && document.activeElement === byId("text");
  caret.hidden = !isShown;
  if (!isShown) return;
  const rect = rectAt(state.caret);
  const home = byId("boxes").getBoundingClientRect();
  caret.style.left = `${rect.left - home.left}px`;
  caret.style.top = `${rect.top - home.top}px`;
  caret.style.height = `${rect.height}px`;
}

// Where spans of the text stand in the window.
export function rectOf({ start, end }) {
  const range = document.createRange();
  range.setStart(node, Math.min(start, node.length));
  range.setEnd(node, Math.min(end, node.length));
  const rects = range.getClientRects();
  return rects.length ? rects[rects.length - 1] : range.getBoundingClientRect();
}

export function keepInView(span, margin = 60) {
  if (!node) return;
  const pane = byId("scroll");
  const { top, bottom } = span.start === span.end ? rectAt(span.start) : rectOf(span);
  const home = pane.getBoundingClientRect();
  const covered = byId("pick").classList.contains("sheet") && !byId("pick").hidden ? byId("pick").offsetHeight : 0;
  if (top < home.top + margin) pane.scrollTop -= home.top + margin - top;
  else if (bottom > home.bottom - margin - covered) pane.scrollTop += bottom - home.bottom + margin + covered;
}
