// What is looked at, as the hash of the URL: a link to it is a link to the same screen.

const EMPTY = { view: "summary", section: "", article: "", item: 0, show: "all", lang: "", kind: "", class: "", q: "" };

function readState(hash) {
  const text = hash.replace(/^#/, "");
  if (text === "articles") return { ...EMPTY, view: "articles" };
  if (!text.includes("=")) return { ...EMPTY, section: text };
  const given = new URLSearchParams(text);
  const state = { ...EMPTY, view: "articles" };
  for (const key of ["article", "show", "lang", "kind", "class", "q"]) if (given.has(key)) state[key] = given.get(key);
  state.item = Math.max(0, Number.parseInt(given.get("item"), 10) || 0);
  return state;
}

function hashOf(state) {
  const params = new URLSearchParams();
  for (const key of ["article", "item", "show", "lang", "kind", "class", "q"]) {
    if (state[key] && state[key] !== EMPTY[key]) params.set(key, state[key]);
  }
  const text = params.toString();
  return state.view === "articles" ? `#${text || "articles"}` : `#${state.section}`;
}

let state = { ...EMPTY };

// A link to an article, with the filters that are set.
const toArticle = (id, item) => hashOf({ ...state, view: "articles", article: id, item: item || 0 });
// A link to an article or to a list, with no filter but these.
const toArticles = (part) => hashOf({ ...EMPTY, view: "articles", ...part });

// Goes to a state; `quietly` leaves no entry in the history.
function go(part, quietly) {
  const hash = hashOf({ ...state, view: "articles", ...part });
  if (hash === location.hash) return;
  if (!quietly) location.hash = hash;
  else {
    history.replaceState(null, "", hash); // Only the hash differs, which files may do too.
    show();
  }
}
