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

function confusion(result) {
  const rows = Object.entries(result.confusion || {});
  const kinds = [...new Set([...rows.map(([kind]) => kind), ...rows.flatMap(([, of]) => Object.keys(of))])].sort();
  if (!kinds.length) return null;
  const most = Math.max(1, ...rows.flatMap(([, of]) => Object.values(of)));
  const columns = [{ title: "" }, ...kinds.map((kind) => ({ title: name(kind || "no kind"), num: true }))];
  const row = (kind) => {
    const of = result.confusion[kind] || {};
    return el(
      "tr",
      null,
      el("th", { scope: "row" }, name(kind || "no kind", "code")),
      kinds.map((other) => {
        const n = of[other] || 0;
        return num(n ? grouped(n) : "·", { class: `num heat ${kind === other ? "same" : n ? "off" : ""}`, "--v": String(n / most) });
      }),
    );
  };
  return [el("h3", null, "Kinds"), table("Overlapping pairs: gold in rows, predicted in columns", columns, kinds, row)];
}
