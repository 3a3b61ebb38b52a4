// The card of a selection that is not a claim yet: what it would be, and how to make it one.

import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { alter, create, say } from "./edits.js";
import { kinds, merged, selectedClaim, short, state, update } from "./state.js";
import { keepInView, nudge, pointerType, rectOf } from "./text.js";

let asked = 0;

// Takes a selection as the pick, and asks what the rules make of it.
export function setPick(selection, { quiet = false } = {}) {
  if (!selection) {
    update({ pick: null });
    return;
  }
  const fragments = state.points.fragments([selection]);
  const quote = state.article.text.slice(selection.start, selection.end);
  const known = state.pick?.start === selection.start && state.pick.end === selection.end ? state.pick : {};
  update({ pick: { kind: "", fields: {}, figures: [], ...known, ...selection, fragments, quote, isPreview: false }, selected: quiet || state.selected?.type === "claim" ? state.selected : null });
  const number = ++asked;
  clearTimeout(setPick.timer);
  const article = state.article.id;
  setPick.timer = setTimeout(() => prefill(number, article, fragments), quiet ? 120 : 0);
}

async function prefill(number, article, fragments) {
  if (number !== asked || !state.pick || state.article.id !== article) return;
  try {
    const answer = await post("prefill", { article_id: article, fragments, kind: "" });
    if (number !== asked || !state.pick) return;
    update({ pick: { ...state.pick, kind: answer.kind, fields: answer.fields, figures: answer.figures, isRead: true }, told: `Marked: ${short(state.pick.quote, 120)}. Enter makes it ${answer.kind || kinds()[0]}` });
  } catch {
    // A claim can be made without it.
  }
}

// Makes the pick a claim. The rules are asked again for a kind that they did not guess: fields may differ by kind.
export async function createPick(kind) {
  const { pick } = state;
  if (!pick || pick.isPreview) return;
  // A second press is about something else; the words come back where the claim was refused.
  update({ pick: null, selected: null });
  const wanted = kind ?? (pick.kind || kinds()[0]);
  let { fields } = pick;
  if (!Object.keys(fields).length || wanted !== pick.kind) {
    try {
      fields = (await post("prefill", { article_id: state.article.id, fragments: pick.fragments, kind: wanted })).fields;
    } catch {
      // Without prefilled values then.
    }
  }
  if (!(await create(pick.fragments, pick.quote, wanted, fields)) && !state.pick && !state.selected) update({ pick });
}

// Adds the pick to the selected claim as one more fragment.
export async function addFragment() {
  const claim = selectedClaim();
  const { pick } = state;
  if (!claim || !pick) {
    say("Select a claim first, then mark the further part with the keys and press Shift+Enter");
    return;
  }
  const answer = await alter(claim, (altered) => {
    altered.fragments = merged([...altered.fragments, ...pick.fragments]);
  });
  if (answer) update({ pick: null });
}

const isNarrow = () => matchMedia("(max-width: 760px)").matches;

export function drawPick() {
  const card = byId("pick");
  const { pick } = state;
  card.hidden = !pick || Boolean(pick.isPreview);
  if (card.hidden) return;
  const isSheet = isNarrow() || pointerType() === "touch";
  card.classList.toggle("sheet", isSheet);
  const guess = pick.kind || kinds()[0];
  const claim = selectedClaim();
  const values = Object.entries(pick.fields).filter(([, value]) => value !== null);
  const button = (edge, step, sign, what) =>
    el("button", { type: "button", class: "nudge", "aria-label": what, onclick: () => nudge(edge, step) }, sign);
  const parts = [
    el(
      "div",
      { class: "pick-quote" },
      isSheet && [button("start", -1, "‹", "start one word earlier"), button("start", 1, "›", "start one word later")],
      el("q", { dir: "auto", lang: state.article.lang }, short(pick.quote, isSheet ? 40 : 80)),
      isSheet && [button("end", -1, "‹", "end one word earlier"), button("end", 1, "›", "end one word later")],
    ),
    values.length
      ? el("p", { class: "pick-reads quiet" }, "reads ", values.slice(0, 4).map(([name, value], i) => [i ? " · " : "", `${name} `, el("b", null, value)]))
      : null,
    el(
      "div",
      { class: "kinds", role: "group", "aria-label": "Kind" },
      kinds()
        .map((kind, i) =>
          el(
            "button",
            { type: "button", class: `kind k${Math.min(9, i + 1)}${kind === guess ? " guess" : ""}`, "data-kind": kind, onclick: () => createPick(kind) },
            i < 9 ? [el("kbd", null, String(i + 1)), " "] : null,
            kind,
          ),
        ),
    ),
    claim ? el("button", { type: "button", class: "part-of", onclick: addFragment }, `Add to “${short(claim.quote, 30)}” `, el("kbd", null, "Shift+Enter")) : null,
    el(
      "p",
      { class: "pick-keys quiet" },
      isSheet
        ? el("button", { type: "button", class: "primary", id: "create", onclick: () => createPick() }, `Create ${guess}`)
        : [el("kbd", null, "Enter"), ` ${guess} · `, el("kbd", null, "Esc"), " leave"],
      isSheet && el("button", { type: "button", onclick: () => setPick(null) }, "Leave"),
    ),
  ];
  card.replaceChildren(...parts.filter(Boolean));
  if (isSheet) {
    card.style.removeProperty("left");
    card.style.removeProperty("top");
    keepInView(pick, 40);
    return;
  }
  place(card, pick);
}

// Below the selection, or above it where there is no room; never over it.
function place(card, pick) {
  const home = byId("boxes").getBoundingClientRect();
  const pane = byId("scroll").getBoundingClientRect();
  const rect = rectOf(pick);
  const left = Math.max(pane.left + 8, Math.min(rect.left, pane.right - card.offsetWidth - 16));
  const below = rect.bottom + 8;
  const top = below + card.offsetHeight > pane.bottom && rect.top - card.offsetHeight - 8 > pane.top ? rect.top - card.offsetHeight - 8 : below;
  card.style.left = `${left - home.left}px`;
  card.style.top = `${top - home.top}px`;
}
