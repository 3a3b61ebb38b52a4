// Precision, recall and F1 of every criterion, and against the base.

const METRICS = [
  ["precision", "Precision"],
  ["recall", "Recall"],
  ["f1", "F1"],
];

// The primary criterion first.
function criteriaOf(of, primary) {
  return Object.entries(of).sort(([a], [b]) => Number(b === primary) - Number(a === primary));
}

function criteriaSection() {
  const { result } = report();
  const rows = criteriaOf(result.criteria, result.primary);
  const columns = [
    { title: "Criterion", key: ([criterion]) => criterion },
    ...METRICS.map(([metric, title]) => ({ title, key: ([, score]) => score[metric] })),
    ...["tp", "fp", "fn"].map((key) => ({ title: key.toUpperCase(), num: true, key: ([, score]) => score[key] })),
    { title: "Soft F1", num: true, key: ([, score]) => score.soft_f1, tip: "F1 with the similarity of each pair in place of 1" },
  ];
  const row = ([criterion, score]) =>
    el(
      "tr",
      { class: criterion === result.primary ? "primary" : null },
      el(
        "th",
        { scope: "row" },
        name(criterion, "code"),
        criterion === result.primary ? el("span", { class: "star", title: "the criterion of the headline" }, " ★") : null,
      ),
      METRICS.map(([metric]) =>
        el(
          "td",
          { class: "plot" },
          el("span", { class: "number" }, three(score[metric])),
          whisker(score[metric], score.ci && score.ci[metric]),
          score.ci ? el("span", { class: "ends" }, range(score.ci[metric])) : null,
        ),
      ),
      num(grouped(score.tp)),
      num(grouped(score.fp)),
      num(grouped(score.fn)),
      num(three(score.soft_f1)),
    );
  return section(
    "criteria",
    "Precision and recall",
    table("All scored and failed articles", columns, rows, row),
    intervalsNote(result),
    against(),
    semeval(result),
  );
}

function intervalsNote(result) {
  const ci = (result.criteria[result.primary] || {}).ci;
  if (!ci) return sentence("Intervals were not computed.");
  const how = { bca: "BCa bootstrap", percentile: "bootstrap percentiles", none: "no interval" }[ci.method] || ci.method;
  const reasons = Object.entries(ci.reasons || {}).map(([metric, why]) => `; none for ${metric}: ${spaced(why)}`);
  return sentence(
    `Whiskers: 95 % intervals, ${how} over ${count(ci.units, "unit")}${ci.unreliable ? ", too few to rely on" : ""}${reasons.join("")}.`,
  );
}

// Which articles were compared, and which were not.
function compared(c) {
  const left = [
    ["new", c.articles.new],
    ["gone", c.articles.gone],
    ["with another text", c.articles.changed],
  ].filter(([, ids]) => ids.length);
  const others = left.map(([word, ids]) => `, ${ids.length} ${word}`).join("");
  const again = c.base.rescored ? " The base was scored again on the gold of this run." : "";
  const articles = count(c.articles.compared, "article");
  return `${articles} that both attempted with the same text${others}; ${c.differing_units} of ${count(c.units, "unit")} differ.${again}`;
}

function against() {
  const c = report().comparison;
  if (!c) return null;
  const rows = criteriaOf(c.criteria, c.primary).flatMap(([criterion, of]) =>
    METRICS.map(([metric, title]) => ({ criterion, metric, title, of: of[metric] })),
  );
  const most = widest(rows.map(({ of }) => of));
  const columns = [
    { title: "Criterion", key: (r) => r.criterion },
    { title: "Metric", key: (r) => r.title },
    { title: "Base", num: true, key: (r) => r.of.base },
    { title: "Now", num: true, key: (r) => r.of.head },
    { title: "", tip: "base: hollow diamond; now: dot" },
    { title: "Difference", num: true, key: (r) => r.of.difference },
    { title: "" },
    { title: "95 %", num: true },
    { title: "p", num: true, key: (r) => r.of.p, tip: "two-sided, paired randomization test" },
    {
      title: "Detectable",
      num: true,
      key: (r) => r.of.detectable,
      tip: "the smallest difference that these data would show with a probability of 80 %",
    },
  ];
  const row = ({ criterion, metric, title, of }) =>
    el(
      "tr",
      { class: criterion === c.primary && metric === "f1" ? "primary" : null },
      el("th", { scope: "row" }, name(criterion, "code")),
      el("td", null, title),
      num(three(of.base)),
      num(three(of.head)),
      el("td", null, whisker(of.head, null, of.base)),
      num(signed(of.difference)),
      el("td", null, swing(of.difference, of.ci, most)),
      num(of.ci ? range(of.ci, signed) : "none", { title: of.no_interval ? spaced(of.no_interval) : null }),
      num(chance(of.p)),
      num(three(of.detectable)),
    );
  const m = c.mcnemar;
  const tests = `exact p ${chance(m.p)}, mid-p ${chance(m.mid_p)}`;
  return [
    el(
      "h3",
      null,
      "Against ",
      name(c.base.run),
      " ",
      el("span", { class: "quiet" }, name(`${c.base.extractor.name} ${c.base.extractor.version}`)),
    ),
    sentence(compared(c)),
    table(
      null,
      columns,
      rows.filter((r) => r.criterion === c.primary),
      row,
    ),
    rows.length > 3
      ? el(
          "details",
          null,
          el("summary", null, "Other criteria"),
          table(
            null,
            columns,
            rows.filter((r) => r.criterion !== c.primary),
            row,
          ),
        )
      : null,
    sentence(`McNemar: only the base found ${m.only_base}, only this run ${m.only_head}; ${tests}, assumes independent claims.`),
  ];
}

function semeval(result) {
  const rows = Object.entries(result.semeval || {});
  if (!rows.length) return null;
  const keys = ["correct", "incorrect", "partial", "missed", "spurious"];
  const columns = [
    { title: "Scheme" },
    ...keys.map((key) => ({ title: key, num: true })),
    ...METRICS.map(([, title]) => ({ title, num: true })),
  ];
  const row = ([scheme, s]) =>
    el(
      "tr",
      null,
      el("th", { scope: "row" }, name(scheme, "code")),
      keys.map((key) => num(grouped(s[key]))),
      METRICS.map(([metric]) => num(three(s[metric]))),
    );
  return el("details", null, el("summary", null, "SemEval-2013 view"), table(null, columns, rows, row));
}
