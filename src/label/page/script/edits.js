// What a person does to claims, as requests: one after the other, each built on the answer to the one before.

import { ApiError, Unreachable, get, post } from "./api.js";
import { addPending, changedPending, pendingCount, removePending } from "./pending.js";
import { fieldOf, isDone, missingFields, selectedClaim, short, state, update } from "./state.js";

let chain = Promise.resolve();
let onConflict = () => {};
let onArticle = async () => {};
let inFlight = 0;

// What own edits have made of a claim: from the version of its row before to the claim after, null where it was deleted. An edit that was
// asked for while another one was under way is about the result of that one.
const successors = new Map();

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
  // What stands in the file now has no successor, also where it is what it was before.
  for (const claim of answer.claims) successors.delete(claim.version);
  const articles = state.workspace.articles.map((article) => (article.id === answer.article.id ? { ...article, ...head(answer.article) } : article));
  if (answer.article.id !== state.article.id) {
    update({ workspace: { ...state.workspace, articles }, undo: answer.undo, redo: answer.redo });
    return;
  }
  update({
    article: { ...state.article, ...answer.article },
    workspace: { ...state.workspace, articles },
    claims: answer.claims,
    suggestions: answer.suggestions,
    problems: answer.problems ?? [],
    undo: answer.undo,
    redo: answer.redo,
    articleVersion: answer.article_version,
  });
  const gone = state.selected?.type === "claim" ? !selectedClaim() : state.selected && !answer.suggestions.some((s) => s.id === state.selected.id);
  if (gone) update({ selected: null });
}

const head = ({ id, lang, title, status, version, claims, drafts, suggestions, labelled }) => ({ id, lang, title, status, version, claims, drafts, suggestions, labelled });

// Sends an edit when all before it are written. `body` may be a function that builds it then; null from it is no edit. What it becomes:
// the answer, or null when it was not written.
export function edit(body, again) {
  const build = typeof body === "function" ? body : () => body;
  const entry = { article_id: state.article.id, ...build() };
  addPending(entry);
  inFlight += 1;
  update({ save: "saving" });
  const result = chain.then(() => {
    const now = build();
    if (now === null) {
      removePending(entry);
      return null;
    }
    Object.assign(entry, now);
    changedPending();
    return send(entry, again);
  });
  return queued(result);
}

// Sends what an earlier page could not save, unless it was written all the same.
export function editAgain(entry) {
  inFlight += 1;
  // Its own edits before this one have changed the row.
  if (entry.status) delete entry.status.version;
  return queued(chain.then(() => send(entry, undefined, true)));
}

function queued(result) {
  chain = result.catch(() => null);
  return result.finally(() => {
    inFlight -= 1;
    update({ save: pendingCount() ? "unsaved" : inFlight ? "saving" : "saved" });
  });
}

async function send(body, again, isOld = false) {
  for (let attempt = isOld ? 1 : 0; ; attempt++) {
    try {
      if (attempt > 0 && (await isWritten(body))) {
        removePending(body);
        say("Saved");
        return await refreshed(body.article_id);
      }
      const answer = await post("edit", body);
      removePending(body);
      follow(body, answer);
      take(answer);
      if (attempt > 0) say("Saved");
      return answer;
    } catch (error) {
      if (error instanceof Unreachable || error.code === "cannot_write") {
        const what = error.code === "cannot_write" ? error.message : "the server does not answer";
        update({ save: "unsaved", message: `Not saved, and kept in this browser: ${what}. Trying again …` });
        await sleep(Math.min(4000, 250 * 2 ** attempt));
        continue;
      }
      return refused(body, error, again);
    }
  }
}

function follow(body, answer) {
  const now = (id) => answer.claims.find((claim) => claim.id === id) ?? null;
  if (body.put?.version) successors.set(body.put.version, now(body.put.id));
  if (body.delete) successors.set(body.delete.version, null);
}

// The claim as own edits have left it.
function latest(claim) {
  let now = claim;
  while (now && successors.has(now.version) && successors.get(now.version)?.version !== now.version) now = successors.get(now.version);
  return now;
}

async function refused(body, error, again) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 403) {
    update({ save: "unsaved", message: "This page belongs to a server that has ended: open the address that `assay label` has printed last. What was not saved is kept in this browser." });
    return null;
  }
  removePending(body);
  if (error.code === "conflict") {
    await refreshed(body.article_id);
    onConflict(body, error.details, again);
    return null;
  }
  say(error.message);
  if (error.details.first) update({ selected: { type: "claim", id: error.details.first } });
  return null;
}

// Whether an edit was written before its answer was lost: then its claims stand there as it says.
async function isWritten({ article_id: id, put, puts, accept, delete: gone, status, reject }) {
  const now = await get(`article/${encodeURIComponent(id)}`);
  const wanted = put ? [put] : (puts ?? (accept ? [accept.claim] : []));
  if (wanted.length) return wanted.every((claim) => now.claims.some((row) => (!claim.id || claim.id === row.id) && says(row, claim)));
  if (gone) return !now.claims.some((claim) => claim.id === gone.id);
  if (status) return now.article.status === status.status && (status.note === undefined || now.article.note === status.note);
  if (reject) return !now.suggestions.some((suggestion) => suggestion.id === reject.suggestion);
  return false;
}

function says(row, claim) {
  const sorted = (value) => JSON.stringify(value && typeof value === "object" && !Array.isArray(value) ? Object.entries(value).sort() : value);
  const list = (value) => JSON.stringify([...(value ?? [])].sort());
  return (
    sorted(row.fragments) === sorted(claim.fragments) &&
    row.kind === claim.kind &&
    sorted(row.fields) === sorted(claim.fields ?? {}) &&
    list(row.unconfirmed) === list(claim.unconfirmed) &&
    list(row.tags) === list(claim.tags) &&
    row.tracking_id === (claim.tracking_id ?? "") &&
    row.note === (claim.note ?? "") &&
    (!claim.status || row.status === claim.status)
  );
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
export function bare(claim) {
  const { id, version, fragments, kind, fields, unconfirmed, status, tracking_id: tracking, tags, annotator, note } = claim;
  return structuredClone({
    id: id ?? "",
    version,
    fragments,
    kind,
    fields: fields ?? {},
    unconfirmed: unconfirmed ?? [],
    status: status ?? "gold",
    tracking_id: tracking ?? "",
    tags: tags ?? [],
    annotator: annotator ?? "",
    note: note ?? "",
  });
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
  if (!answer?.put) return null;
  update({ selected: { type: "claim", id: answer.put[0] } });
  say(`${kind} added: ${short(quote)}`);
  return answer.put[0];
}

// Changes a claim; `change` gets a copy of it, as own edits have left it, and alters that.
export function alter(claim, change) {
  const build = () => {
    const base = latest(claim);
    if (!base) return null;
    const altered = bare(base);
    change(altered);
    return { put: altered };
  };
  return edit(build, change);
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
  update({ selected: null });
  const build = () => {
    const base = latest(claim);
    return base && { delete: { id: base.id, version: base.version } };
  };
  const answer = await edit(build);
  if (answer) say(`Deleted: ${short(claim.quote)} (Ctrl+Z takes it back)`);
}

const asClaim = ({ fragments, quote, kind, fields, tracking_id: tracking }) =>
  settled({ fragments, quote, kind, fields, unconfirmed: [], status: "gold", tracking_id: tracking ?? "" });

// What is being decided on is not shown any more: a second press is about something else. It comes back where it was refused.
async function deciding(suggestions, body) {
  const ids = new Set(suggestions.map(({ id }) => id));
  update({ suggestions: state.suggestions.filter(({ id }) => !ids.has(id)), selected: null });
  const answer = await edit(body);
  if (!answer) await refreshed().catch(() => null);
  return answer;
}

export async function accept(suggestion, kind = suggestion.kind) {
  if (!kind) {
    say("It has no kind of this dataset: press the number of one");
    return null;
  }
  const claim = asClaim({ ...suggestion, kind });
  const answer = await deciding([suggestion], { accept: { suggestion: suggestion.id, claim } });
  if (!answer?.put) return null;
  update({ selected: { type: "claim", id: answer.put[0] } });
  say(`${needed(claim) || "Accepted"}: ${short(suggestion.quote)}`);
  return answer;
}

export async function reject(suggestion) {
  const answer = await deciding([suggestion], { reject: { suggestion: suggestion.id } });
  if (answer) say(`Rejected: ${short(suggestion.quote)}`);
  return answer;
}

// Accepts several suggestions in one edit, which is taken back as one.
export async function acceptAll(suggestions) {
  const answer = await deciding(suggestions, { puts: suggestions.map(asClaim) });
  if (answer) say(`${suggestions.length} accepted (Ctrl+Z takes them back)`);
}

export const setStatus = (status, note) => {
  const { id } = state.article;
  // Own edits of claims may have changed the row of the article since.
  const version = () => state.workspace.articles.find((article) => article.id === id).version;
  return edit(() => ({ status: { status, version: version(), ...(note === undefined ? {} : { note }) } }));
};

// Undo and redo wait for the edits before them, as these do for each other.
export function step(which) {
  const result = chain.then(async () => {
    try {
      const answer = await post(which, {});
      if (answer.article_id !== state.article.id) await onArticle(answer.article_id);
      else take(answer);
      if (answer.put?.length) update({ selected: { type: "claim", id: answer.put[0] }, scrollTo: answer.claims.find(({ id }) => id === answer.put[0])?.fragments });
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
export function nextArticle(step = 1, { open = false, from = state.article.id } = {}) {
  const { articles, queue } = state.workspace;
  const at = articles.findIndex((article) => article.id === from);
  if (open) {
    const queued = queue.map(({ id }) => articles.find((article) => article.id === id)).filter(Boolean);
    const order = queued.length ? queued : [...articles.slice(at + 1), ...articles.slice(0, at)];
    return order.find((article) => article.id !== state.article.id && !isDone(article) && article.status !== "skipped");
  }
  return articles[(at + step + articles.length) % articles.length];
}
