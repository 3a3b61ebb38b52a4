// What a person does to claims, as requests: one after the other, each written when its answer comes.

import { ApiError, Unreachable, get, post } from "./api.js";
import { addPending, pendingCount, removePending } from "./pending.js";
import { fieldOf, isDone, missingFields, selectedClaim, short, state, update } from "./state.js";

let chain = Promise.resolve();
let onConflict = () => {};
let onArticle = async () => {};
let inFlight = 0;

export function startEdits({ conflict, article }) {
  onConflict = conflict;
  onArticle = article;
}

export const isBusy = () => inFlight > 0;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function say(message) {
  update({ message });
}

// Takes over what the server says of the open article.
export function take(answer) {
  if (answer.article.id !== state.article.id) return;
  const head = { ...state.article, ...answer.article };
  const articles = state.workspace.articles.map((article) => (article.id === head.id ? { ...article, ...answer.article } : article));
  update({
    article: head,
    workspace: { ...state.workspace, articles },
    claims: answer.claims,
    suggestions: answer.suggestions,
    undo: answer.undo,
    redo: answer.redo,
    articleVersion: answer.article_version,
  });
  const gone = state.selected?.type === "claim" ? !selectedClaim() : state.selected && !answer.suggestions.some((s) => s.id === state.selected.id);
  if (gone) update({ selected: null });
}

// Sends an edit when all before it are written. What it becomes: the answer, or null when it was not written.
export function edit(body) {
  const whole = { article_id: state.article.id, ...body };
  addPending(whole);
  inFlight += 1;
  update({ save: "saving" });
  const result = chain.then(() => send(whole));
  chain = result.catch(() => null);
  return result.finally(() => {
    inFlight -= 1;
    update({ save: pendingCount() ? "unsaved" : inFlight ? "saving" : "saved" });
  });
}

async function send(body) {
  for (let attempt = 0; ; attempt++) {
    try {
      if (attempt > 0 && (await isWritten(body))) {
        removePending(body);
        return await refreshed(body.article_id);
      }
      const answer = await post("edit", body);
      removePending(body);
      take(answer);
      return answer;
    } catch (error) {
      if (error instanceof Unreachable || error.code === "cannot_write") {
        const what = error.code === "cannot_write" ? error.message : "the server does not answer";
        update({ save: "unsaved", message: `Not saved, and kept in this browser: ${what}. Trying again …` });
        await sleep(Math.min(4000, 250 * 2 ** attempt));
        continue;
      }
      return refused(body, error);
    }
  }
}

async function refused(body, error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 403) {
    update({ save: "unsaved", message: "This page belongs to a server that has ended: open the address that `assay label` has printed last. What was not saved is kept in this browser." });
    return null;
  }
  removePending(body);
  if (error.code === "conflict") {
    const answer = await refreshed(body.article_id);
    onConflict(body, error.details, answer);
    return null;
  }
  say(error.message);
  if (error.details.first) update({ selected: { type: "claim", id: error.details.first } });
  return null;
}

// Whether an edit was written before its answer was lost.
async function isWritten({ article_id: id, put, delete: gone }) {
  const now = await get(`article/${encodeURIComponent(id)}`);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  if (put) {
    const like = (claim) => same(claim.fragments, put.fragments) && claim.kind === put.kind && same(claim.fields, put.fields);
    return now.claims.some((claim) => (put.id ? claim.id === put.id && claim.version !== put.version : true) && like(claim));
  }
  if (gone) return !now.claims.some((claim) => claim.id === gone.id);
  return false;
}

export async function refreshed(id = state.article.id) {
  const answer = await get(`article/${encodeURIComponent(id)}`);
  if (id === state.article?.id) {
    if (answer.article.text !== state.article.text) await onArticle(id, answer);
    else take(answer);
  }
  return answer;
}

// A claim without what only the server says.
function bare(claim) {
  const { id, version, fragments, kind, fields, unconfirmed, status, tracking_id: tracking, tags, annotator, note } = claim;
  return { id, version, fragments, kind, fields, unconfirmed, status, tracking_id: tracking, tags, annotator, note };
}

// A claim is a draft while a value is not confirmed or a required field is empty, and gold then.
export function settled(claim) {
  const missing = missingFields(claim);
  const waiting = (claim.unconfirmed ?? []).filter((name) => name === "kind" || (fieldOf(name) && claim.fields[name] !== undefined));
  claim.unconfirmed = [...new Set([...waiting, ...missing])];
  if (claim.unconfirmed.length) claim.status = "draft";
  else if (claim.status === "draft") claim.status = "gold";
  return claim;
}

export async function create(fragments, quote, kind, fields) {
  const unconfirmed = Object.keys(fields).filter((name) => fields[name] !== null);
  const answer = await edit({ put: settled({ fragments, quote, kind, fields, unconfirmed, status: "draft" }) });
  if (!answer) return null;
  update({ pick: null, selected: { type: "claim", id: answer.put[0] } });
  say(`${kind} added: ${short(quote)}`);
  return answer.put[0];
}

// Changes a claim; `change` gets a copy of it and alters it.
export function alter(claim, change) {
  const altered = structuredClone(bare(claim));
  change(altered);
  return edit({ put: altered });
}

// What the new kind needs may be other fields.
export const changeKind = (claim, kind) =>
  alter(claim, (altered) => {
    altered.kind = kind;
    altered.unconfirmed = altered.unconfirmed.filter((name) => name !== "kind");
    settled(altered);
  });

export function setField(claim, name, value) {
  return alter(claim, (altered) => {
    if (value === undefined) delete altered.fields[name];
    else altered.fields[name] = value;
    altered.unconfirmed = altered.unconfirmed.filter((other) => other !== name);
    settled(altered);
  });
}

// Confirms all values as they are. Where a required field is empty the claim stays a draft, and that is said.
export async function confirmAll(claim) {
  const answer = await alter(claim, (altered) => {
    altered.unconfirmed = [];
    settled(altered);
  });
  if (answer) say(`${needed(claim) || "Confirmed"}: ${short(claim.quote)}`);
  return answer;
}

function needed(claim) {
  const missing = missingFields(claim);
  return missing.length ? `A draft as long as ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not given` : "";
}

export async function remove(claim) {
  const answer = await edit({ delete: { id: claim.id, version: claim.version } });
  if (answer) say(`Deleted: ${short(claim.quote)} (Ctrl+Z takes it back)`);
}

const asClaim = ({ fragments, quote, kind, fields, tracking_id: tracking }) =>
  settled({ fragments, quote, kind, fields, unconfirmed: [], status: "gold", tracking_id: tracking ?? "" });

export async function accept(suggestion, kind = suggestion.kind) {
  const claim = asClaim({ ...suggestion, kind });
  const answer = await edit({ accept: { suggestion: suggestion.id, claim } });
  if (!answer) return null;
  update({ selected: { type: "claim", id: answer.put[0] } });
  say(`${needed(claim) || "Accepted"}: ${short(suggestion.quote)}`);
  return answer;
}

export async function reject(suggestion) {
  const answer = await edit({ reject: { suggestion: suggestion.id } });
  if (answer) say(`Rejected: ${short(suggestion.quote)}`);
  return answer;
}

// Accepts several suggestions in one edit, which is taken back as one.
export async function acceptAll(suggestions) {
  const claims = suggestions.map(asClaim);
  const answer = await edit({ puts: claims });
  if (answer) say(`${claims.length} accepted (Ctrl+Z takes them back)`);
}

export const setStatus = (status, note) => edit({ status: { status, version: state.article.version, ...(note === undefined ? {} : { note }) } });

// Undo and redo wait for the edits before them, as these do for each other.
export function step(which) {
  const result = chain.then(async () => {
    try {
      const answer = await post(which, {});
      if (answer.article_id !== state.article.id) await onArticle(answer.article_id);
      else take(answer);
      const done = which === "undo" ? answer.redo : answer.undo;
      say(`${which === "undo" ? "Undone" : "Done again"}${done?.what ? `: ${done.what}` : ""}`);
    } catch (error) {
      if (error instanceof Unreachable) say("The server does not answer");
      else say(error.message);
      if (error.code === "conflict") await refreshed();
    }
  });
  chain = result.catch(() => null);
  return result;
}

// The next article that waits for a label, from the queue or behind the open one.
export function nextArticle(step = 1, { open = false } = {}) {
  const { articles, queue } = state.workspace;
  const at = articles.findIndex((article) => article.id === state.article.id);
  if (open) {
    const queued = queue.map(({ id }) => articles.find((article) => article.id === id)).filter(Boolean);
    const order = queued.length ? queued : [...articles.slice(at + 1), ...articles.slice(0, at)];
    return order.find((article) => article.id !== state.article.id && !isDone(article) && article.status !== "skipped");
  }
  return articles[(at + step + articles.length) % articles.length];
}
