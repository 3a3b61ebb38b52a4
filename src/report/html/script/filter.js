// Which articles the list has.

const SHOWN = [
  ["all", "All"],
  ["failures", "Failures"],
  ["errors", "Errors"],
  ["different", "Different"],
];

const SHOWS = {
  all: () => true,
  failures: (all, i) => all.missed[i] + all.spurious[i] + all.wrong[i] > 0 || all.standing[i] === "failed",
  errors: (all, i) => all.standing[i] === "failed",
  different: (all, i) => all.changed[i] > 0,
};

const folded = (text) => text.normalize("NFKC").toLowerCase();

// Texts of articles for the search, kept once they were read.
const texts = { of: [], blocks: 0 };

// Articles that fit all but the search.
function candidates(wanted) {
  const all = index();
  const fits = SHOWS[wanted.show] || SHOWS.all;
  const place = (names, value) => (value ? names.indexOf(value) : -1);
  const lang = place(all.names.langs, wanted.lang);
  const kind = place(all.names.kinds, wanted.kind);
  const klass = place(all.names.classes, wanted.class);
  const found = [];
  for (let i = 0; i < all.id.length; i += 1) {
    if (!fits(all, i)) continue;
    if (wanted.lang && all.lang[i] !== lang) continue;
    if (wanted.kind && !all.kinds[i].includes(kind)) continue;
    if (wanted.class && !all.classes[i].includes(klass)) continue;
    found.push(i);
  }
  return found;
}

let search = 0;

// Gives the articles that fit, and gives them again while texts are searched; `busy` says whether that goes on. A new search ends the
// last one.
async function filterArticles(wanted, give) {
  search += 1;
  const own = search;
  const places = candidates(wanted);
  const query = folded(wanted.q.trim());
  if (!query) return give(places, false);
  const all = index();
  const hits = new Set(places.filter((i) => folded(all.id[i]).includes(query) || folded(all.title[i]).includes(query)));
  const result = () => places.filter((i) => hits.has(i));
  const inTexts = () => {
    for (const i of places) if (texts.of[i] !== undefined && texts.of[i].includes(query)) hits.add(i);
  };
  inTexts();
  give(result(), texts.blocks < all.blocks.length);
  let rested = performance.now();
  while (texts.blocks < all.blocks.length) {
    const number = texts.blocks;
    const rows = await rowsOf(number);
    if (own !== search) return undefined;
    if (texts.blocks === number) {
      rows.forEach((row, i) => {
        texts.of[all.blocks[number] + i] = folded(cell(row, 0) || "");
      });
      texts.blocks += 1;
    }
    if (performance.now() - rested > 40) {
      inTexts();
      give(result(), true);
      await new Promise((done) => setTimeout(done));
      if (own !== search) return undefined;
      rested = performance.now();
    }
  }
  inTexts();
  return give(result(), false);
}

// The form. Choices without a choice are not there.
function drawFilters(changed) {
  const all = index();
  const modes = SHOWN.filter(([mode]) => mode !== "different" || report().comparison).map(([mode, title]) => {
    const n = all.id.filter((_, i) => SHOWS[mode](all, i)).length;
    const input = el("input", { type: "radio", name: "show", value: mode, onchange: () => changed({ show: mode }) });
    return el("label", { class: n ? null : "empty" }, input, el("span", null, title, " ", el("span", { class: "n" }, grouped(n))));
  });
  const select = (key, title, values) => {
    if (values.length < 2) return null;
    const node = el(
      "select",
      { id: `filter-${key}`, "aria-label": `only this ${title}`, onchange: () => changed({ [key]: node.value }) },
      el("option", { value: "" }, title),
      values.map((value) => el("option", { value }, shown(value))),
    );
    return node;
  };
  const box = el("input", {
    type: "search",
    id: "search",
    placeholder: "Search id, title or text  /",
    "aria-label": "Search id, title or text",
    autocomplete: "off",
    spellcheck: "false",
  });
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => changed({ q: box.value }), 150);
  });
  const form = byId("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.replaceChildren();
  fill(form, null, [
    box,
    el("fieldset", { class: "choice modes" }, el("legend", null, "Articles"), modes),
    el(
      "div",
      { class: "selects" },
      select("lang", "language", all.names.langs),
      select("kind", "kind", all.names.kinds),
      select("class", "outcome", all.names.classes),
    ),
  ]);
}

// The form as the state says it.
function setFilters() {
  for (const input of byId("filters").querySelectorAll("input[type=radio]"))
    input.checked = input.value === (SHOWS[state.show] ? state.show : "all");
  for (const key of ["lang", "kind", "class"]) {
    const node = byId(`filter-${key}`);
    if (node) node.value = state[key];
  }
  const box = byId("search");
  if (document.activeElement !== box) box.value = state.q;
}
