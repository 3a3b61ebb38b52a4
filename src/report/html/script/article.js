// An article: its text with both layers of claims, and its items beside it.

const page = { place: -1, drawn: "", data: null, pieces: new Map(), waiting: 0 };

async function showArticle() {
  const holder = byId("article");
  const all = index();
  const place = state.article ? all.id.indexOf(state.article) : (list.places[0] ?? -1);
  byId("articles-view").classList.toggle("reading", Boolean(state.article));
  if (place < 0) {
    page.place = -1;
    page.drawn = "";
    const why = state.article ? ["No article ", name(state.article), " in this report."] : "No article fits the filters.";
    holder.replaceChildren(el("p", { class: "quiet empty" }, why));
    return;
  }
  if (place !== page.place) {
    page.waiting += 1;
    const own = page.waiting;
    const data = await article(place);
    if (own !== page.waiting) return;
    page.place = place;
    page.data = {
      ...data,
      id: all.id[place],
      title: all.title[place],
      lang: all.names.langs[all.lang[place]] || "",
      standing: all.standing[place],
      outcome: all.outcome[place],
    };
  }
  // Links hold the filters; where they are as before only the claim may be another one.
  const key = JSON.stringify([place, list.key, neighbour(-1), neighbour(1), state.article]);
  if (key !== page.drawn) drawArticle(holder);
  page.drawn = key;
  select();
  reveal(place);
}

function drawArticle(holder) {
  const data = page.data;
  const unit = unitsOf(data.text || "");
  const before = holder.dataset.place === String(data.place) ? [...holder.querySelectorAll(".pane")].map((pane) => pane.scrollTop) : [];
  page.pieces.clear();
  const cards = data.items.length
    ? el(
        "ol",
        { class: data.items.length > 100 ? "cards many" : "cards" },
        data.items.map((item) => itemCard(item, data, unit)),
      )
    : el("p", { class: "quiet" }, "No claims.");
  holder.replaceChildren(
    el("header", null, steps(), heading(data)),
    el(
      "div",
      { class: "panes" },
      el("div", { class: "pane reader", tabindex: "0", role: "region", "aria-label": "Text" }, legend(data), body(data, unit)),
      el("div", { class: "pane items", role: "region", "aria-label": "Claims" }, cards),
    ),
  );
  holder.dataset.place = String(data.place);
  holder.querySelectorAll(".pane").forEach((pane, i) => {
    pane.scrollTop = before[i] || 0;
  });
}

function steps() {
  const link = (step, title, key) => {
    const place = neighbour(step);
    return place === undefined
      ? el("span", { class: "step off" }, title)
      : el("a", { class: "step", href: toArticle(index().id[place]), title: `${title} article (${key})` }, title);
  };
  return el(
    "nav",
    { class: "steps", "aria-label": "Articles before and after" },
    el("a", { class: "step back", href: hashOf({ ...state, view: "articles", article: "", item: 0 }) }, "All articles"),
    link(-1, "Previous", "k"),
    link(1, "Next", "j"),
  );
}

function heading(data) {
  const columns = data.columns
    .filter(([column]) => column !== "lang" && column !== "publisher")
    .map(([column, values]) => name(`${column}=${values.join(", ")}`));
  const facts = [
    name(data.id, "id"),
    data.lang && name(data.lang, "tag"),
    data.publisher && name(data.publisher),
    data.published && name(data.published),
    ...columns,
  ].filter(Boolean);
  const failed = data.standing === "failed";
  return [
    el("h2", { dir: "auto", lang: data.lang || null }, shown(data.title || data.id)),
    el(
      "p",
      { class: "dots quiet" },
      facts.map((fact) => el("span", null, fact)),
      failed || data.standing !== "scored"
        ? el("span", { class: failed ? "bad" : null }, `${data.standing} · ${spaced(data.outcome)}`)
        : null,
    ),
    data.message ? el("p", { class: "notice" }, shown(data.message)) : null,
  ];
}

function legend(data) {
  if (!data.items.length || data.text === null) return null;
  const states = Object.keys(STATES).filter((key) => data.items.some((item) => item.state === key));
  return el(
    "p",
    { class: "legend" },
    el("span", null, el("span", { class: "sample gold" }, "gold")),
    el("span", null, el("span", { class: "sample predicted" }, "predicted")),
    states.map((key) => badge(STATES[key], `st-${key}`)),
  );
}

// Each piece of the text lies in an element a claim over it, gold outside; so each has its line at its own depth.
function body(data, unit) {
  if (data.text === null) return el("p", { class: "quiet" }, "The text is not known, or it was changed since the run.");
  const { pieces, lanes } = segments(data.text, data.items, unit);
  const text = el("div", { class: "text", lang: data.lang || null, dir: "auto", "--lanes": String(lanes) });
  for (const piece of pieces) {
    for (const begin of numbersAt(piece.begins)) text.append(begin);
    if (!piece.marks.length) {
      text.append(...exact(piece.text));
      continue;
    }
    let node = exact(piece.text);
    for (const mark of [...piece.marks].reverse())
      node = el(
        "span",
        { class: `${mark.side} st-${mark.item.state}`, "data-item": mark.item.number, "--lane": String(mark.lane % DEEP) },
        node,
      );
    node = el("span", { class: "piece", title: piece.hidden ? `${count(piece.hidden, "more claim")} here` : null }, node);
    node.addEventListener("click", () => pick(piece.marks));
    for (const mark of piece.marks) {
      if (!page.pieces.has(mark.item.number)) page.pieces.set(mark.item.number, []);
      page.pieces.get(mark.item.number).push(node);
    }
    text.append(node);
  }
  return text;
}

// The numbers of the items that begin here. They are drawn by the style and are no part of the text.
function numbersAt(begins) {
  const items = new Map();
  for (const { mark, first } of begins) if (!items.get(mark.item)) items.set(mark.item, first);
  return [...items].map(([item, first]) =>
    el("span", {
      class: `at st-${item.state}`,
      "data-number": `${STATES[item.state][0]}${item.number}${first ? "" : "…"}`,
      "aria-hidden": "true",
    }),
  );
}

// The shortest claim over the place; a second click takes the next.
function pick(marks) {
  if (String(getSelection())) return;
  const numbers = [...new Set([...marks].sort((a, b) => a.to - a.from - (b.to - b.from)).map((mark) => mark.item.number))];
  go({ article: page.data.id, item: numbers[(numbers.indexOf(state.item) + 1) % numbers.length] });
}

// Marks the item of the state in the text and among the cards.
function select() {
  const holder = byId("article");
  for (const node of holder.querySelectorAll(".piece.on")) node.classList.remove("on");
  for (const card of holder.querySelectorAll(".card")) {
    const own = card.id === `item-${state.item}`;
    if (own) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
    if (own) card.scrollIntoView({ block: "nearest" });
  }
  const pieces = page.pieces.get(state.item) || [];
  for (const node of pieces) node.classList.add("on");
  if (pieces.length) pieces[0].scrollIntoView({ block: "nearest" });
}

// The next or previous item; behind the last of an article the first of the next.
function stepItem(step) {
  if (!page.data) return;
  const number = state.item + step;
  if (number >= 1 && number <= page.data.items.length) return void go({ article: page.data.id, item: number });
  const all = index();
  let at = list.places.indexOf(page.place);
  if (at < 0) return;
  do at += step;
  while (at >= 0 && at < list.places.length && all.items[list.places[at]] === 0);
  const place = list.places[at];
  if (place !== undefined) go({ article: all.id[place], item: step > 0 ? 1 : all.items[place] });
}
