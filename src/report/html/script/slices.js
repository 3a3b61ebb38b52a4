// Parts of the data as a heat map. Few gold claims make a number that says little: it is greyed.

const FEW = 10;

function slicesSection() {
  const { result } = report();
  if (!result.slices.length) return section("slices", "Slices", sentence("No slices were asked for."));
  const holder = el("div");
  const draw = (metric) =>
    holder.replaceChildren(...columnsOf(result.slices).map(([column, slices]) => sliceTable(column, slices, metric, result)));
  const choice = (metric, title) =>
    el(
      "label",
      null,
      el("input", { type: "radio", name: "slice-metric", value: metric, checked: metric === "f1", onchange: () => draw(metric) }),
      title,
    );
  draw("f1");
  const worst = result.worst_slices.map((s) =>
    el("span", null, name(`${s.column}=${s.value}`), ` ${s.metric === "f1" ? "F1" : "R"} ${two(s.score)} (${grouped(s.gold)} gold)`),
  );
  return section(
    "slices",
    "Slices",
    worst.length ? el("p", { class: "dots" }, el("span", { class: "quiet" }, "worst"), worst) : null,
    el(
      "fieldset",
      { class: "choice" },
      el("legend", null, "Number"),
      METRICS.map(([metric, title]) => choice(metric, title)),
    ),
    holder,
    sentence(`Grey: fewer than ${FEW} gold claims. A dash is a number that the cut does not define.`),
  );
}

function columnsOf(slices) {
  const columns = new Map();
  for (const slice of slices) {
    if (!columns.has(slice.column)) columns.set(slice.column, []);
    columns.get(slice.column).push(slice);
  }
  return [...columns];
}

// The number that was chosen, or recall where the column cuts gold claims only.
function metricOf(slices, metric, result) {
  const defined = slices.some((slice) => typeof (slice.criteria[result.primary] || {})[metric] === "number");
  return defined ? metric : "recall";
}

function sliceTable(column, slices, chosen, result) {
  const metric = metricOf(slices, chosen, result);
  const criteria = criteriaOf(slices[0].criteria, result.primary).map(([criterion]) => criterion);
  const differences = new Map(((report().comparison || {}).slices || []).filter((d) => d.column === column).map((d) => [d.value, d]));
  const most = widest([...differences.values()]);
  const of = (slice, criterion) => (slice.criteria[criterion] || {})[metric];
  const columns = [
    { title: name(column), key: (s) => s.value },
    { title: "Gold", num: true, key: (s) => s.gold },
    { title: "Predicted", num: true, key: (s) => s.predicted },
    ...criteria.map((criterion) => ({
      title: criterion === result.primary ? `${shown(criterion)} ★` : shown(criterion),
      num: true,
      key: (s) => of(s, criterion),
    })),
    ...(differences.size
      ? [
          { title: "Against the base", num: true, key: (s) => (differences.get(s.value) || {}).difference },
          { title: "" },
          { title: "p (Holm)", num: true },
        ]
      : []),
  ];
  const row = (slice) => {
    const d = differences.get(slice.value);
    return el(
      "tr",
      { class: slice.gold < FEW ? "few" : null },
      el(
        "th",
        { scope: "row" },
        column === "lang" || column === "kind"
          ? el("a", { href: toArticles({ [column]: slice.value }) }, name(slice.value))
          : name(slice.value),
      ),
      num(grouped(slice.gold)),
      num(slice.predicted === null ? "–" : grouped(slice.predicted)),
      criteria.map((criterion) => heat(of(slice, criterion))),
      differences.size
        ? d
          ? [
              num(`${d.metric === "f1" ? "F1" : "R"} ${signed(d.difference)}`),
              el("td", null, swing(d.difference, d.ci, most)),
              num(chance(d.p_holm)),
            ]
          : [num("–"), el("td"), num("–")]
        : null,
    );
  };
  const [, title] = METRICS.find(([each]) => each === metric);
  const instead = metric === chosen ? "" : ", the only number that this cut defines for the primary criterion";
  return table(`${title} by ${shown(column)}${instead}`, columns, slices, row);
}

const heat = (value) => (typeof value === "number" ? num(three(value), { class: "num heat", "--v": String(value) }) : num("–"));
