// The verdict, the headline numbers and the gates.

function verdictSection() {
  const r = report();
  const head = r.result;
  const score = head.criteria[head.primary] || {};
  const ci = score.ci || {};
  const extractor = el(
    "h1",
    null,
    name(head.extractor.name || "report"),
    " ",
    head.extractor.version && name(head.extractor.version, "version"),
  );
  const what = [
    el("span", null, name(head.dataset.name), " ", head.dataset.version && name(head.dataset.version)),
    count(head.articles.total, "article"),
    count(head.gold, "gold claim"),
    count(head.predicted, "prediction"),
  ];
  const figure = (title, value, ends, big) =>
    el(
      "div",
      { class: `figure${big ? " big" : ""}` },
      el("dt", null, title),
      el(
        "dd",
        null,
        el("span", { class: "value" }, three(value)),
        el("span", { class: "ends" }, ends ? `95 % ${range(ends)}` : "no interval"),
      ),
    );
  return el(
    "section",
    { id: "verdict", "aria-label": "Verdict", class: "verdict", tabindex: "-1" },
    extractor,
    el(
      "p",
      { class: "dots" },
      what.map((part) => el("span", null, part)),
    ),
    banners(r),
    el(
      "dl",
      { class: "figures" },
      figure(`F1 · ${shown(head.primary)}`, score.f1, ci.f1, true),
      figure("Precision", score.precision, ci.precision),
      figure("Recall", score.recall, ci.recall),
    ),
    account(head),
  );
}

function banners(r) {
  const lines = [];
  if (r.gates) {
    lines.push(banner(`v-${r.gates.verdict}`, VERDICTS[r.gates.verdict], r.gates.sentence));
  }
  if (r.comparison) {
    const { direction, sentence: text } = r.comparison.verdict;
    lines.push(banner(`d-${direction}`, DIRECTIONS[direction], text));
  } else if (r.no_comparison) lines.push(banner("d-undecided", ["?", "not compared"], r.no_comparison));
  return lines.length ? el("div", { class: "banners" }, lines) : null;
}

const banner = (className, [sign, word], text) =>
  el(
    "p",
    { class: `banner ${className}` },
    el("span", { class: "sign", role: "img", "aria-label": word }, sign),
    el("bdi", null, shown(text)),
  );

// total = scored + failed + excluded, and where the excluded ones went.
function account(head) {
  const a = head.articles;
  const excluded = Object.entries(a.excluded_by)
    .map(([status, n]) => `${n} ${shown(status)}`)
    .join(", ");
  const parts = [
    `${grouped(a.scored)} scored`,
    el("span", { class: a.failed ? "bad" : null }, `${grouped(a.failed)} failed`),
    `${grouped(a.excluded)} excluded${excluded ? ` (${excluded})` : ""}`,
  ];
  if (a.empty_total) parts.push(`empty articles right: ${a.empty_right} of ${a.empty_total}`);
  if (a.failed) {
    const without = (head.criteria[head.primary] || {}).without_failed || {};
    parts.push(`without the failed articles: P ${three(without.precision)} R ${three(without.recall)} F1 ${three(without.f1)}`);
  }
  return el(
    "p",
    { class: "dots quiet" },
    parts.map((part) => el("span", null, part)),
  );
}

const LIMITS = { min: "min", max: "max", max_drop: "max drop" };

function gatesSection() {
  const gates = report().gates;
  if (!gates) return null;
  if (!gates.lines.length) return section("gates", "Gates", sentence("No gate is set."));
  const pairs = (of) => Object.entries(of || {}).map(([column, value]) => name(`${column}=${value}`, "tag"));
  const columns = ["Verdict", "Metric · slice", "Baseline", "Now", "Difference · 95 %", "Limit", "Gold", "Why"];
  const numeric = new Set(["Baseline", "Now", "Difference · 95 %", "Limit", "Gold"]);
  const keys = {
    Verdict: (l) => l.verdict,
    "Metric · slice": (l) => l.metric,
    Now: (l) => l.now,
    "Difference · 95 %": (l) => l.difference,
    Gold: (l) => l.support,
  };
  const row = (line) =>
    el(
      "tr",
      { class: `gate v-${line.verdict}` },
      el("td", null, verdictBadge(line.verdict)),
      el("th", { scope: "row" }, name(line.metric, "code"), " ", pairs(line.slice), pairs(line.where)),
      num(line.baseline === null ? "–" : measure(line.baseline)),
      num(measure(line.now)),
      el(
        "td",
        { class: "num" },
        line.difference === null ? "–" : signed(line.difference),
        line.ci ? el("span", { class: "ends" }, range(line.ci, signed)) : null,
      ),
      num(`${LIMITS[line.limit]} ${measure(line.limit_value)}`),
      num(grouped(line.support)),
      el("td", { class: "why" }, shown(line.why), line.claims && line.claims.length ? gateClaims(line) : null),
    );
  return section(
    "gates",
    "Gates",
    table(
      null,
      columns.map((title) => ({ title, num: numeric.has(title), key: keys[title] })),
      gates.lines,
      row,
    ),
  );
}

const gateClaims = (line) =>
  el(
    "details",
    null,
    el("summary", null, count(line.claims.length, "claim")),
    paged(line.claims, ([id, claim]) => el("li", null, el("a", { href: toArticles({ article: id }) }, name(id)), " ", name(claim))),
  );
