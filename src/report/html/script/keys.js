// The keyboard.

const KEYS = [
  ["j", "next article", () => stepArticle(1)],
  ["k", "previous article", () => stepArticle(-1)],
  ["n", "next claim", () => inArticles(() => stepItem(1))],
  ["p", "previous claim", () => inArticles(() => stepItem(-1))],
  ["/", "search", () => startSearch()],
  [
    "s",
    "summary",
    () => {
      location.hash = "#summary";
    },
  ],
  [
    "a",
    "articles",
    () => {
      location.hash = "#articles";
    },
  ],
  ["?", "this sheet", () => byId("keys").showModal()],
];

function inArticles(act) {
  if (state.view === "articles") act();
  else location.hash = "#articles";
}

function stepArticle(step) {
  inArticles(() => {
    const place = state.article ? neighbour(step) : list.places[0];
    if (place !== undefined) go({ article: index().id[place], item: 0 });
  });
}

function startSearch() {
  if (state.view !== "articles") location.hash = "#articles";
  setTimeout(() => {
    byId("search").focus();
    byId("search").select();
  });
}

function startKeys() {
  const sheet = byId("keys");
  const close = el("button", { type: "button", onclick: () => sheet.close() }, "Close");
  sheet.append(
    el("h2", { id: "keys-title" }, "Keys"),
    el(
      "dl",
      null,
      KEYS.map(([key, what]) => [el("dt", null, el("kbd", null, key)), el("dd", null, what)]),
      el("dt", null, el("kbd", null, "Esc")),
      el("dd", null, "close, leave the search"),
    ),
    close,
  );
  byId("help").addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || sheet.open) return;
    const typing = event.target.closest("input[type=search], select, textarea");
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    const found = KEYS.find(([key]) => key === event.key);
    if (!found) return;
    event.preventDefault();
    found[2]();
  });
}
