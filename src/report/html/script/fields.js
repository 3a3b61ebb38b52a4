// Fields of pairs, and which kinds are taken for which.

// What came out for a field of a pair: name for the style, word, key of the result.
const PARTS = [
  ["right", "right", "cor"],
  ["other", "other value", "inc"],
  ["not-given", "not given", "mis"],
  ["invented", "invented", "spu"],
];

function fieldsSection() {
  const { result } = report();
  const seen = Object.entries(result.fields).filter(([, f]) => f.end_to_end.tp + f.end_to_end.fp + f.end_to_end.fn > 0);
  const inGold = ([, f]) => f.end_to_end.tp + f.end_to_end.fn + f.matched.spu + f.matched.tn > 0;
  const rows = seen.filter(inGold);
  const unlabelled = seen.filter((each) => !inGold(each)).map(([field]) => shown(field));
  if (!rows.length) return section("fields", "Fields", sentence("No field is labelled."), confusion(result));
  const prf = (of, word) =>
    METRICS.map(([metric, title]) => ({
      title: metric === "f1" ? "F1" : title[0],
      group: word.split(":")[0],
      tip: `${title}, ${word}`,
      num: true,
      key: ([, f]) => f[of][metric],
    }));
  const columns = [
    { title: "Field", key: ([field]) => field },
    { title: "Pairs", num: true, key: ([, f]) => f.matched.cor + f.matched.inc + f.matched.mis + f.matched.spu },
    {
      title: PARTS.map(([part, word]) =>
        el("span", { class: "key-part" }, el("span", { class: `part p-${part}`, "aria-hidden": "true" }), word),
      ),
    },
    ...prf("matched", "matched pairs"),
    ...prf("end_to_end", "end to end: missed and spurious claims count too"),
  ];
  const row = ([field, f]) => {
    const m = f.matched;
    return el(
      "tr",
      null,
      el("th", { scope: "row" }, name(field, "code")),
      num(grouped(m.cor + m.inc + m.mis + m.spu)),
      el("td", null, stack(PARTS.map(([part, word, key]) => [part, word, m[key]]))),
      METRICS.map(([metric], i) => num(two(m[metric]), { class: i === 0 ? "num first" : "num" })),
      METRICS.map(([metric], i) => num(two(f.end_to_end[metric]), { class: i === 0 ? "num first" : "num" })),
    );
  };
  const pairs = (result.criteria[result.primary] || {}).tp || 0;
  return section(
    "fields",
    "Fields",
    table(null, columns, rows, row),
    sentence(
      [
        `All annotated fields right in ${grouped(result.all_fields_right)} of ${grouped(pairs)} pairs`,
        `slot error rate ${two(result.slot_error_rate)}`,
        ...(unlabelled.length ? [`not in gold: ${unlabelled.join(", ")}`] : []),
      ].join(" · "),
    ),
    confusion(result),
  );
}

// Kinds that the table of confusion has room for.
const MOST_KINDS = 30;

function confusion(result) {
  const pairs = Object.entries(result.confusion || {}).flatMap(([gold, of]) =>
    Object.entries(of).map(([predicted, n]) => ({ gold, predicted, n })),
  );
  const sums = new Map();
  for (const { gold, predicted, n } of pairs) for (const kind of [gold, predicted]) sums.set(kind, (sums.get(kind) || 0) + n);
  const common = [...sums.keys()].sort((a, b) => sums.get(b) - sums.get(a)).slice(0, MOST_KINDS);
  const kinds = common.sort();
  if (!kinds.length) return null;
  const counts = new Map(pairs.map(({ gold, predicted, n }) => [JSON.stringify([gold, predicted]), n]));
  const most = pairs.reduce((largest, { n }) => Math.max(largest, n), 1);
  const cellOf = (gold, predicted) => {
    const n = counts.get(JSON.stringify([gold, predicted])) || 0;
    const className = `num heat ${gold === predicted ? "same" : n ? "off" : ""}`;
    return num(n ? grouped(n) : "·", { class: className, "--v": String(n / most) });
  };
  const columns = [{ title: "" }, ...kinds.map((kind) => ({ title: name(kind || "no kind"), num: true }))];
  const row = (gold) => {
    const title = el("th", { scope: "row" }, name(gold || "no kind", "code"));
    return el(
      "tr",
      null,
      title,
      kinds.map((predicted) => cellOf(gold, predicted)),
    );
  };
  const left = sums.size - kinds.length;
  return [
    el("h3", null, "Kinds"),
    table("Overlapping pairs: gold in rows, predicted in columns", columns, kinds, row),
    left ? sentence(`${count(left, "rarer kind")} left out; the JSON report has all.`) : null,
  ];
}
