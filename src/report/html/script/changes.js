// Claims that came out otherwise than in the base, each with a link to its place.

function changesSection() {
  const r = report();
  if (!r.comparison) {
    const why = r.no_comparison ? shown(r.no_comparison) : "This run is not compared with another one.";
    return section("changes", "Changes", sentence(why));
  }
  const lists = changesBlock();
  const drawn = Object.entries(CHANGE_WORDS).map(([key, title]) => changeList(key, title, lists[key] || []));
  return section(
    "changes",
    "Changes",
    el(
      "p",
      { class: "quiet" },
      "Claims that came out otherwise than in the base. ",
      el("a", { href: toArticles({ show: "different" }) }, "Articles with a change"),
    ),
    drawn,
  );
}

function changeList(key, title, rows) {
  const heading = el(
    "summary",
    null,
    el("span", { class: `swatch c-${key}`, "aria-hidden": "true" }),
    title,
    " ",
    el("span", { class: "n" }, grouped(rows.length)),
  );
  if (!rows.length)
    return el(
      "p",
      { class: "none" },
      el("span", { class: `swatch c-${key}`, "aria-hidden": "true" }),
      title,
      " ",
      el("span", { class: "n" }, "0"),
    );
  const details = el("details", { class: "change" }, heading);
  const draw = () => {
    if (details.open && details.childElementCount === 1) details.append(...paged(rows, changeRow, 8));
  };
  details.addEventListener("toggle", draw);
  if (key === "newly_missed") details.open = true;
  draw();
  return details;
}

function changeRow(row) {
  const [place, item, lang, kind, claim, quote, predicted, fields, klass, context] = row;
  const id = typeof place === "number" ? index().id[place] : place;
  const known = typeof place === "number";
  const [before, text, after] = context || ["", quote || "", ""];
  const words = el(
    "span",
    { class: "context", dir: "auto", lang: lang || null },
    exact(before),
    el("mark", null, exact(text)),
    exact(after),
  );
  const detail = (fields || []).map(([field, gold, base, head]) =>
    el("span", { class: "chip" }, name(field, "key"), " gold ", value(gold), " base ", value(base), " now ", value(head)),
  );
  return el(
    "li",
    null,
    known ? el("a", { href: toArticles({ article: id, item: item || 0 }) }, words) : words,
    el(
      "span",
      { class: "facts" },
      name(id),
      lang && name(lang, "tag"),
      kind && name(kind, "tag"),
      claim && name(claim),
      klass && klass !== "right" && el("span", null, CLASS_WORDS[klass] || shown(klass)),
      predicted && predicted !== text ? el("span", null, "predicted ", name(`“${predicted}”`)) : null,
    ),
    detail.length ? el("span", { class: "chips" }, detail) : null,
  );
}

// A field's value: a text, annotated as absent (0 or null in lists of changes), or not said.
const value = (text) => (typeof text === "string" ? name(text, "val") : el("span", { class: "absent" }, "none"));
