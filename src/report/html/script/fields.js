// Fields of pairs, and which kinds are taken for which.

function fieldsSection() {
  const { result } = report();
  const seen = Object.entries(result.fields).filter(([, f]) => f.end_to_end.tp + f.end_to_end.fp + f.end_to_end.fn > 0);
  const inGold = ([, f]) => f.end_to_end.tp + f.end_to_end.fn + f.matched.spu + f.matched.tn > 0;
  const rows = seen.filter(inGold);
  const unlabelled = seen.filter((each) => !inGold(each)).map(([field]) => shown(field));
  if (!rows.length) return section("fields", "Fields", sentence("No field is labelled."), confusion(result));
  const prf = (of, word) => METRICS.map(([metric, title]) => ({ title: metric === "f1" ? "F1" : title[0], tip: `${title}, ${word}`, num: true, key: ([, f]) => f[of][metric] }));
  const columns = [
    { title: "Field", key: ([field]) => field },
    { title: "Pairs", num: true, key: ([, f]) => f.matched.cor + f.matched.inc + f.matched.mis + f.matched.spu },
    { title: "right · other value · not given · invented" },
    ...prf("matched", "over matched pairs"),
    ...prf("end_to_end", "end to end: missed and spurious claims count too"),
  ];
  const row = ([field, f]) => {
    const m = f.matched;
    return el(
      "tr",
      null,
      el("th", { scope: "row" }, name(field, "code")),
      num(grouped(m.cor + m.inc + m.mis + m.spu)),
      el("td", null, stack([["right", m.cor], ["other", m.inc], ["not-given", m.mis], ["invented", m.spu]])),
      METRICS.map(([metric], i) => num(two(m[metric]), { class: i === 0 ? "num first" : "num" })),
      METRICS.map(([metric], i) => num(two(f.end_to_end[metric]), { class: i === 0 ? "num first" : "num" })),
    );
  };
  const pairs = (result.criteria[result.primary] || {}).tp || 0;
  return section(
    "fields",
    "Fields",
    table("Fields of pairs: matched P R F1, then end to end P R F1", columns, rows, row),
    sentence(`All annotated fields right in ${grouped(result.all_fields_right)} of ${grouped(pairs)} pairs · slot error rate ${two(result.slot_error_rate)}${unlabelled.length ? ` · not in gold: ${unlabelled.join(", ")}` : ""}`),
    confusion(result),
  );
}

function confusion(result) {
  const rows = Object.entries(result.confusion || {});
  const kinds = [...new Set([...rows.map(([kind]) => kind), ...rows.flatMap(([, of]) => Object.keys(of))])].sort();
  if (!kinds.length) return null;
  const most = Math.max(1, ...rows.flatMap(([, of]) => Object.values(of)));
  const columns = [{ title: "gold ↓ predicted →" }, ...kinds.map((kind) => ({ title: name(kind || "no kind"), num: true }))];
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
  return [el("h3", null, "Kinds"), table("Confusion of kinds, over overlapping pairs", columns, kinds, row)];
}
