// The labelling page: what it shows first, its keys, and what comes after each edit.

import { ApiError, get, tokenOfPage } from "./api.js";
import { askReason, openArticles, openConflict, openKeys, openPendingDialog } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { accept, alter, changeKind, confirmAll, editAgain, isBusy, nextArticle, refreshed, reject, remove, say, setStatus, startEdits, step, take } from "./edits.js";
import { commitTyped, drawForm, focusForm, hasTyped, moveEdgeOf } from "./form.js";
import { acceptAgreed, drawList } from "./list.js";
import { forceBoxes } from "./marks.js";
import { markdown } from "./markdown.js";
import { clearPending, openPending, pendingCount } from "./pending.js";
import { addFragment, createPick, drawPick, setPick } from "./pick.js";
import { Points } from "./points.js";
import { inOrder, isDone, kinds, onUpdate, selectedClaim, selectedSuggestion, short, state, toConfirm, update } from "./state.js";
import { drawMarks, keepInView, moveCaret, nudged, pointerType, showText, startText } from "./text.js";
import { startTheme } from "./theme.js";
import { openTracking } from "./tracking.js";

const POLL = 2000;

async function start() {
  startTheme();
  if (!tokenOfPage()) return fail("Open the whole address that `assay label` has printed: what stands behind # is the key to this page.");
  try {
    update({ workspace: await get("workspace") });
  } catch (error) {
    return fail(error instanceof ApiError && error.status === 403 ? "This address is of a server that has ended: open the one that `assay label` has printed last." : `The server does not answer: ${error.message}`);
  }
  const { workspace } = state;
  document.title = `${workspace.dataset.name} · Assay`;
  document.body.dataset.mode = workspace.mode;
  if (!workspace.articles.length) return fail("This dataset has no articles yet. Add one: assay add");
  startText(setPick);
  startEdits({ conflict: openConflict, article: (id, answer) => open(id, answer) });
  onUpdate(drawAll);
  buttons();
  addEventListener("keydown", keys);
  addEventListener("hashchange", () => {
    const id = articleOfHash();
    if (id && id !== state.article?.id) open(id);
  });
  addEventListener("beforeunload", (event) => {
    if (pendingCount() || hasTyped()) event.preventDefault();
  });
  addEventListener("focus", poll);
  byId("text").addEventListener("focus", drawMarks);
  byId("text").addEventListener("blur", drawMarks);
  byId("scroll").addEventListener("scroll", () => state.pick && drawPick());
  addEventListener("resize", () => state.pick && drawPick());
  setInterval(() => document.visibilityState === "visible" && poll(), POLL);
  drawGuidelines();
  const left = openPending(workspace.dataset.name, workspace.annotator, workspace.mode);
  await open(firstArticle());
  if (left.length) resume(left);
}

function fail(message) {
  byId("fail").hidden = false;
  byId("fail").textContent = message;
  document.body.classList.add("failed");
}

const articleOfHash = () => {
  const id = location.hash.slice(1).split("/")[1];
  try {
    return id ? decodeURIComponent(id) : "";
  } catch {
    return "";
  }
};

function firstArticle() {
  const { articles, queue } = state.workspace;
  const named = articles.find((article) => article.id === articleOfHash());
  const queued = articles.find((article) => article.id === queue[0]?.id);
  return (named ?? queued ?? articles.find((article) => !isDone(article) && article.status !== "skipped") ?? articles[0]).id;
}

// The article that is being opened: of two answers that cross, the one that was asked for last is shown.
let opening = null;

async function open(id, known) {
  opening = id;
  let answer;
  try {
    answer = known ?? (await get(`article/${encodeURIComponent(id)}`));
  } catch (error) {
    say(error.message);
    return;
  }
  if (opening !== id) return;
  const isSame = state.article?.id === id;
  update({ article: answer.article, points: new Points(answer.article.text), selected: isSame ? state.selected : null, pick: null, caret: 0, anchor: null });
  take(answer);
  showText();
  const hash = `#${tokenOfPage()}/${encodeURIComponent(id)}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
  if (pointerType() === "mouse") byId("text").focus({ preventScroll: true });
  if (known && isSame) say("The text of this article was changed outside of this page, and is shown as it is now");
}

async function poll() {
  if (!state.article || isBusy() || document.querySelector("dialog[open]")) return;
  try {
    const answer = await get(`changes?article=${encodeURIComponent(state.article.id)}`);
    if (state.save === "unsaved" && !pendingCount()) update({ save: "saved" });
    if (isBusy() || answer.article === state.articleVersion) return;
    await refreshed();
    say("Changed outside of this page: shown as it is now");
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) update({ save: "unsaved", message: "This page belongs to a server that has ended: open the address that `assay label` has printed last." });
    else if (error instanceof ApiError) say(error.message);
    else update({ save: "unsaved", message: "The server does not answer. Start `assay label` again; what is not saved stays in this browser." });
  }
}

function resume(edits) {
  openPendingDialog(edits, {
    drop: clearPending,
    apply: async () => {
      for (const entry of edits) await editAgain(entry);
    },
  });
}

function drawAll() {
  if (!state.article) return;
  drawHead();
  drawList();
  drawForm();
  drawMarks();
  drawPick();
  if (state.scrollTo) {
    const [span] = state.points.units(state.scrollTo.slice(0, 1));
    state.scrollTo = null;
    if (span) keepInView(span);
  }
}

function drawHead() {
  const { article, workspace } = state;
  const at = workspace.articles.findIndex((other) => other.id === article.id);
  const done = workspace.articles.filter(isDone).length;
  byId("title").textContent = article.title || article.id;
  byId("facts").replaceChildren(
    ...[
      article.title && el("bdi", { class: "code" }, article.id),
      el("span", { class: "tag" }, article.lang),
      el("span", { class: `tag status ${article.status}` }, workspace.mode === "blind" ? (article.labelled ? "done" : "open") : article.status),
      article.publisher && el("bdi", null, article.publisher),
      article.published_at && el("span", null, article.published_at.slice(0, 10)),
    ].filter(Boolean),
  );
  const why = workspace.queue.find(({ id }) => id === article.id)?.why;
  byId("why").hidden = !why;
  byId("why").textContent = why ? `Why this one: ${why}` : "";
  byId("note").hidden = !article.note;
  byId("note").textContent = article.note ? `Note: ${article.note}` : "";
  byId("place").textContent = `${at + 1} of ${workspace.articles.length}`;
  byId("progress").textContent = `${done} done`;
  byId("bar").style.setProperty("--done", String(done / workspace.articles.length));
  const words = { saved: "Saved ✓", saving: "Saving …", unsaved: `Not saved${pendingCount() ? ` (${pendingCount()})` : ""}` };
  byId("save").textContent = words[state.save];
  byId("save").dataset.state = state.save;
  byId("live").textContent = state.message;
  byId("told").textContent = state.told;
  byId("problems").hidden = !state.problems.length;
  byId("problems").replaceChildren(...state.problems.map((problem) => el("li", null, problem)));
  byId("undo").disabled = !state.undo;
  byId("undo").title = state.undo ? `Undo: ${state.undo.what} (Ctrl+Z)` : "Nothing to undo";
  byId("redo").disabled = !state.redo;
  byId("redo").title = state.redo ? `Redo: ${state.redo.what} (Ctrl+Shift+Z)` : "Nothing to redo";
  byId("none").disabled = state.claims.length > 0;
  byId("empty").hidden = Boolean(state.claims.length || state.suggestions.length || state.pick);
  byId("who").textContent = workspace.mode === "blind" ? `blind · ${workspace.annotator}` : workspace.mode === "adjudicate" ? `adjudicating ${workspace.sources.join(" and ")}` : workspace.annotator;
}

function drawGuidelines() {
  const { guidelines } = state.workspace;
  byId("guidelines-text").replaceChildren(...(guidelines ? markdown(guidelines) : [el("p", { class: "quiet" }, "This dataset has no GUIDELINES.md.")]));
}

function toggleGuidelines() {
  const pane = byId("guidelines");
  pane.hidden = !pane.hidden;
  byId("guide").setAttribute("aria-pressed", String(!pane.hidden));
  drawMarks();
}

const on = (id, act) => byId(id).addEventListener("click", act);

function buttons() {
  on("guide", toggleGuidelines);
  on("guidelines-close", toggleGuidelines);
  on("help", openKeys);
  on("articles", () => openArticles(open));
  on("previous", () => go(-1));
  on("next", () => go(1));
  on("undo", () => step("undo"));
  on("redo", () => step("redo"));
  on("done", done);
  on("none", noClaims);
  on("skip", skip);
  on("agreed", acceptAgreed);
  byId("claims").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    event.stopPropagation();
    walk(event.key === "ArrowDown" ? 1 : -1);
  });
}

// Whatever is typed is written before the article is left.
async function go(step) {
  if (await commitTyped()) open(nextArticle(step, { from: opening ?? state.article.id }).id);
}

// The article is labelled whole.
async function done() {
  if (!(await commitTyped())) return;
  const drafts = state.claims.filter((claim) => claim.status === "draft");
  if (drafts.length) {
    update({ selected: { type: "claim", id: drafts[0].id }, scrollTo: drafts[0].fragments });
    say(`${drafts.length === 1 ? "1 claim waits" : `${drafts.length} claims wait`} for a look: confirm or delete first`);
    return;
  }
  if (!state.claims.length) {
    say("No claim is labelled. Press 0 when the article has none, Ctrl+Space to skip it");
    return;
  }
  if (await setStatus(state.article.status === "reviewed" ? "reviewed" : "gold")) await goOn();
}

async function noClaims() {
  if (!(await commitTyped())) return;
  if (state.claims.length) {
    say("This article has claims: delete them first");
    return;
  }
  if (await setStatus("gold")) await goOn();
}

const skip = async () =>
  (await commitTyped()) &&
  askReason(async (reason) => {
    if (await setStatus("skipped", reason || undefined)) await goOn();
  });

async function goOn() {
  const next = nextArticle(1, { open: true });
  if (next) await open(next.id);
  else say("Every article is labelled");
}

// The next claim or suggestion in the order of the text, from the selected one or from the caret.
function walk(step) {
  const next = beside(step);
  if (!next) return;
  update({ selected: { type: next.type, id: next.id }, pick: null, scrollTo: next.fragments, told: toldOf(next) });
}

function beside(step) {
  const all = inOrder();
  const at = all.findIndex((mark) => mark.type === state.selected?.type && mark.id === state.selected.id);
  return at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step];
}

function toldOf({ type, id }) {
  const item = (type === "claim" ? state.claims : state.suggestions).find((other) => other.id === id);
  const waits = type === "claim" && item.unconfirmed.length ? `, ${item.unconfirmed.length} to confirm` : "";
  return `${type === "claim" ? "Claim" : `Suggestion of ${item.by.join(" and ")}`}: ${item.kind || "no kind"}, ${short(item.quote, 120)}${waits}`;
}

// Moves an edge of the pick or of the selected claim by a word.
async function moveEdge(edge, step) {
  if (state.pick) {
    setPick(nudged(state.pick, edge, step) ?? state.pick);
    return;
  }
  if (selectedClaim()) await moveEdgeOf(selectedClaim(), edge, step);
}

function setKind(at) {
  const kind = kinds()[at];
  if (!kind) return;
  if (state.pick) createPick(kind);
  else if (selectedSuggestion()) accept(selectedSuggestion(), kind);
  else if (selectedClaim() && (selectedClaim().kind !== kind || selectedClaim().unconfirmed.includes("kind"))) changeKind(selectedClaim(), kind);
}

async function enter() {
  if (state.pick) createPick();
  else if (!(await commitTyped())) return;
  else if (selectedClaim() && toConfirm(selectedClaim()).length) confirmAll(selectedClaim());
  else if (selectedClaim()) focusForm();
  else if (selectedSuggestion()) accept(selectedSuggestion());
}

function toggleOptional() {
  const claim = selectedClaim();
  if (!claim || claim.status === "draft") return;
  alter(claim, (altered) => (altered.status = claim.status === "optional" ? "gold" : "optional"));
}

// To the next part of the page: text, list, fields.
function nextRegion(isBack) {
  const regions = [byId("text"), byId("claims"), byId("form").querySelector(".field input, .field select"), byId("done"), byId("articles")].filter(Boolean);
  const at = regions.findIndex((region) => region === document.activeElement || region.closest("section, main, footer, header")?.contains(document.activeElement));
  regions[(at + (isBack ? -1 : 1) + regions.length) % regions.length].focus();
}

const ON_CLAIM = {
  e: focusForm,
  t: () => (selectedClaim() ? state.workspace.mode !== "blind" && openTracking(selectedClaim()) : say("Select a claim first; a suggestion is accepted first")),
  o: toggleOptional,
  a: () => selectedSuggestion() && accept(selectedSuggestion()),
  x: () => selectedSuggestion() && rejectAndGoOn(),
  A: (event) => (event.shiftKey ? acceptAgreed() : ON_CLAIM.a()),
  "[": () => moveEdge("end", -1),
  "]": () => moveEdge("end", 1),
  "{": () => moveEdge("start", -1),
  "}": () => moveEdge("start", 1),
  0: noClaims,
  n: () => go(1),
  p: () => go(-1),
  "/": () => openArticles(open),
  g: toggleGuidelines,
  "?": openKeys,
};

async function rejectAndGoOn() {
  const suggestion = selectedSuggestion();
  const next = beside(1) ?? beside(-1);
  const rejected = reject(suggestion);
  if (next) update({ selected: { type: next.type, id: next.id }, told: toldOf(next) });
  await rejected;
}

// The letter of a key on any keyboard: one that writes no Latin letters has them at the same places.
function letterOf(event) {
  if (event.key.length !== 1 || event.key.charCodeAt(0) < 128) return event.key;
  const found = /^Key([A-Z])$/.exec(event.code);
  const digit = /^Digit(\d)$/.exec(event.code);
  if (digit) return digit[1];
  if (event.code === "BracketLeft") return event.shiftKey ? "{" : "[";
  if (event.code === "BracketRight") return event.shiftKey ? "}" : "]";
  return found ? (event.shiftKey ? found[1] : found[1].toLowerCase()) : event.key;
}

function keys(event) {
  if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]") || !state.article) return;
  const target = event.target;
  const isTyping = target.matches?.("input, select, textarea");
  const command = event.ctrlKey || event.metaKey;
  const key = letterOf(event);
  if (command && !event.altKey) {
    if (key === "Enter") return run(event, done);
    if (key === " ") return run(event, skip);
    if (isTyping) return;
    if (key === "z" && !event.shiftKey) return run(event, () => step("undo"));
    if (key.toLowerCase() === "z" || key === "y") return run(event, () => step("redo"));
    return;
  }
  if (key === "F6") return run(event, () => nextRegion(event.shiftKey));
  if (key === "Escape") {
    if (isTyping) byId("text").focus({ preventScroll: true });
    else if (state.pick) setPick(null);
    else if (state.selected) update({ selected: null });
    else byId("text").focus({ preventScroll: true });
    return;
  }
  if (isTyping) return;
  const isText = target === byId("text") || target === document.body;
  const isButton = target.matches?.("button, summary, a");
  if (isText && moveCaret(event)) return event.preventDefault();
  // Some keyboards write brackets with Alt.
  if (event.altKey && !"[]{}".includes(key)) return;
  // Behind the last claim Tab leaves the text, as everywhere.
  if (key === "Tab" && target === byId("text") && beside(event.shiftKey ? -1 : 1)) return run(event, () => walk(event.shiftKey ? -1 : 1));
  if (key === "Tab") return;
  if (key === "Enter" && !isButton) return run(event, event.shiftKey ? addFragment : enter);
  if (/^[1-9]$/.test(key)) return run(event, () => setKind(Number(key) - 1));
  if ((key === "Backspace" || key === "Delete") && state.pick) return run(event, () => setPick(null));
  if ((key === "Backspace" || key === "Delete") && selectedClaim()) return run(event, () => remove(selectedClaim()));
  if (key in ON_CLAIM) run(event, () => ON_CLAIM[key](event));
}

function run(event, act) {
  event.preventDefault();
  act();
}

// For the tests of the page.
globalThis.assayPage = { state, forceBoxes: () => (forceBoxes(), drawMarks()) };

start();
