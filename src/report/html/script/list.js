// The list of articles: only the rows that are on the screen are drawn.

const list = { places: [], key: "", busy: false };

const rowHeight = () => Number.parseFloat(getComputedStyle(byId("scroll")).getPropertyValue("--row")) || 60;

function listRow(place, position, height) {
  const all = index();
  const id = all.id[place];
  const counts = [
    ["missed", all.missed[place]],
    ["spurious", all.spurious[place]],
    ["wrong", all.wrong[place]],
  ].filter(([, n]) => n > 0);
  const failed = all.standing[place] === "failed";
  const marks = counts.map(([what, n]) =>
    el(
      "span",
      { class: `mark st-${what}`, title: `${n} ${what}` },
      el("span", { "aria-hidden": "true" }, STATES[what][0]),
      String(n),
      el("span", { class: "hidden" }, ` ${what} `),
    ),
  );
  if (failed) marks.push(el("span", { class: "mark st-missed" }, spaced(all.outcome[place])));
  else if (all.standing[place] !== "scored") marks.push(el("span", { class: "mark" }, all.standing[place]));
  else if (!counts.length) marks.push(el("span", { class: "mark st-right" }, all.items[place] ? "✓" : "no claims"));
  if (all.changed[place])
    marks.push(el("span", { class: "mark changed", title: `${all.changed[place]} different from base` }, "Δ", String(all.changed[place])));
  return el(
    "li",
    { "aria-posinset": position + 1, "aria-setsize": list.places.length, "--at": `${position * height}px` },
    el(
      "a",
      { href: toArticle(id), "aria-current": id === state.article ? "true" : null },
      el("span", { class: "line" }, name(id, "id"), el("span", { class: "tag" }, name(all.names.langs[all.lang[place]] || ""))),
      el(
        "span",
        { class: "line" },
        el("span", { class: "title", dir: "auto" }, shown(all.title[place])),
        el("span", { class: "marks" }, marks),
      ),
    ),
  );
}

function drawRows() {
  const scroll = byId("scroll");
  const rows = byId("rows");
  const height = rowHeight();
  const inner = scroll.clientHeight || 600;
  const first = Math.max(0, Math.floor(scroll.scrollTop / height) - 6);
  const last = Math.min(list.places.length, Math.ceil((scroll.scrollTop + inner) / height) + 6);
  const focused = rows.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  rows.style.height = `${list.places.length * height}px`;
  const drawn = [];
  for (let i = first; i < last; i += 1) drawn.push(listRow(list.places[i], i, height));
  rows.replaceChildren(...drawn);
  if (focused)
    for (const link of rows.querySelectorAll("a")) if (link.getAttribute("href") === focused) link.focus({ preventScroll: true });
}

function reveal(place) {
  const position = list.places.indexOf(place);
  if (position < 0) return;
  const scroll = byId("scroll");
  const height = rowHeight();
  const inner = scroll.clientHeight || 600;
  if (position * height < scroll.scrollTop) scroll.scrollTop = position * height;
  else if ((position + 1) * height > scroll.scrollTop + inner) scroll.scrollTop = (position + 1) * height - inner;
}

// Filters where the filters changed, then draws. Gives the articles of the list.
function updateList(then) {
  const key = JSON.stringify([state.show, state.lang, state.kind, state.class, state.q]);
  setFilters();
  if (key === list.key) {
    drawRows();
    return then();
  }
  list.key = key;
  byId("scroll").scrollTop = 0;
  return filterArticles(state, (places, busy) => {
    list.places = places;
    list.busy = busy;
    const total = index().id.length;
    byId("count").textContent = `${grouped(places.length)} of ${count(total, "article")}${busy ? " · searching texts …" : ""}`;
    drawRows();
    if (!busy) then();
  });
}

// The article that is so many places further in the list; from one that is not in it, the next that is.
function neighbour(step) {
  const current = index().id.indexOf(state.article);
  const at = list.places.indexOf(current);
  if (at >= 0) return list.places[at + step];
  const after = list.places.findIndex((place) => place > current);
  if (step > 0) return after < 0 ? undefined : list.places[after];
  return after < 0 ? list.places.at(-1) : list.places[after - 1];
}
