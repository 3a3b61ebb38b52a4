// What the confidence of predictions is worth.

function confidenceSection() {
  const c = report().result.calibration;
  if (!c) return section("confidence", "Confidence", sentence("No prediction has a score."));
  const figures = [
    ["AP", three(c.average_precision), "average precision"],
    ["ECE", three(c.ece), "expected calibration error"],
    ["Brier", three(c.brier), "mean squared difference of score and hit"],
  ];
  if (c.best_threshold)
    figures.push(["Best threshold", two(c.best_threshold.score), `F1 ${three(c.best_threshold.f1)} with scores from here`]);
  const columns = [
    { title: "Score from", num: true },
    { title: "Predictions", num: true },
    { title: "Mean score", num: true },
    { title: "Right", num: true },
  ];
  const row = (bin) =>
    el("tr", null, num(bin.from.toFixed(1)), num(grouped(bin.count)), num(three(bin.mean_score)), num(three(bin.precision)));
  return section(
    "confidence",
    "Confidence",
    el(
      "div",
      { class: "beside" },
      reliability(c.reliability),
      el(
        "div",
        null,
        el(
          "dl",
          { class: "figures small" },
          figures.map(([title, value, tip]) =>
            el(
              "div",
              { class: "figure" },
              el("dt", null, title),
              el("dd", null, el("span", { class: "value" }, value), el("span", { class: "ends" }, tip)),
            ),
          ),
        ),
        el("details", null, el("summary", null, "Table of the curve"), table(null, columns, c.reliability, row)),
      ),
    ),
    sentence(`${count(c.scored, "prediction")} with a score, ${grouped(c.without_score)} without.`),
  );
}

// The share of hits over the mean score; on the diagonal a score is what it says. The area of a dot is the number of predictions.
function reliability(bins) {
  const [left, top, size] = [44, 10, 240];
  const x = (v) => left + size * v;
  const y = (v) => top + size * (1 - v);
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const label = bins.map((bin) => `score ${two(bin.mean_score)} right ${two(bin.precision)}`).join(", ");
  const picture = svg("svg", {
    class: "chart",
    viewBox: `0 0 ${left + size + 14} ${top + size + 40}`,
    role: "img",
    "aria-label": `Reliability: ${label}`,
  });
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    picture.append(
      svg("line", { class: "grid", x1: left, x2: left + size, y1: y(tick), y2: y(tick) }),
      svg("line", { class: "grid", x1: x(tick), x2: x(tick), y1: top, y2: top + size }),
    );
    picture.append(
      svg("text", { class: "tick end", x: left - 8, y: y(tick) + 4 }, two(tick)),
      svg("text", { class: "tick middle", x: x(tick), y: top + size + 16 }, two(tick)),
    );
  }
  picture.append(svg("line", { class: "diagonal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }));
  picture.append(svg("polyline", { class: "curve", points: bins.map((bin) => `${x(bin.mean_score)},${y(bin.precision)}`).join(" ") }));
  for (const bin of bins) {
    picture.append(
      svg(
        "circle",
        { class: "dot", cx: x(bin.mean_score), cy: y(bin.precision), r: 3 + 7 * Math.sqrt(bin.count / most) },
        svg("title", null, `${count(bin.count, "prediction")}, mean score ${three(bin.mean_score)}, right ${three(bin.precision)}`),
      ),
    );
  }
  picture.append(svg("text", { class: "tick middle", x: left + size / 2, y: top + size + 34 }, "mean score"));
  picture.append(
    svg("text", { class: "tick middle", x: 0, y: 0, transform: `translate(11 ${top + size / 2}) rotate(-90)` }, "share that is right"),
  );
  return el("figure", null, picture, el("figcaption", { class: "quiet" }, "Reliability, ten bins; dots by number of predictions."));
}
