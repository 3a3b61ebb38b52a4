// The primary F1 over stored runs. Runs of another signature are other measurements: hollow, and not joined.

function trendSection() {
  const { trend, result } = report();
  if (trend.length < 2) return null;
  const own = trend.at(-1).signature;
  const values = trend.map((point) => point.value).filter((v) => typeof v === "number");
  const low = Math.max(0, Math.floor((Math.min(...values, 1) - 0.02) * 20) / 20);
  const high = Math.min(1, Math.ceil((Math.max(...values, 0) + 0.02) * 20) / 20);
  const [left, top, width, height] = [48, 12, 720, 170];
  const x = (i) => left + (trend.length > 1 ? (width * i) / (trend.length - 1) : 0);
  const y = (v) => top + height * (1 - (v - low) / (high - low || 1));
  const label = `F1 of ${result.primary} over ${trend.length} runs, from ${three(trend[0].value)} to ${three(trend.at(-1).value)}`;
  const picture = svg("svg", {
    class: "chart trend",
    viewBox: `0 0 ${left + width + 20} ${top + height + 34}`,
    role: "img",
    "aria-label": label,
  });
  for (let i = 0; i <= 4; i += 1) {
    const v = low + ((high - low) * i) / 4;
    picture.append(
      svg("line", { class: "grid", x1: left, x2: left + width, y1: y(v), y2: y(v) }),
      svg("text", { class: "tick end", x: left - 8, y: y(v) + 4 }, three(v)),
    );
  }
  const joined = trend.map((point, i) => ({ ...point, i })).filter((p) => p.signature === own && typeof p.value === "number");
  picture.append(svg("polyline", { class: "curve", points: joined.map((p) => `${x(p.i)},${y(p.value)}`).join(" ") }));
  trend.forEach((point, i) => {
    if (typeof point.value !== "number") return;
    const tip = svg("title", null, `${shown(point.run)} · ${shown(point.version)} · ${three(point.value)}`);
    const same = point.signature === own;
    picture.append(
      same
        ? svg(
            "circle",
            { class: i === trend.length - 1 ? "dot last" : "dot", cx: x(i), cy: y(point.value), r: i === trend.length - 1 ? 5.5 : 4 },
            tip,
          )
        : svg("path", { class: "other", d: `M${x(i)} ${y(point.value) - 6}l6 6-6 6-6-6z` }, tip),
    );
  });
  const day = (point) => shown(point.finished.slice(0, 10));
  picture.append(
    svg("text", { class: "tick", x: left, y: top + height + 26 }, day(trend[0])),
    svg("text", { class: "tick end", x: left + width, y: top + height + 26 }, day(trend.at(-1))),
  );
  const others = trend.filter((point) => point.signature !== own).length;
  const columns = [
    { title: "Run", key: (p) => p.run },
    { title: "Ended" },
    { title: "Version", key: (p) => p.version },
    { title: "F1", num: true, key: (p) => p.value },
    { title: "Signature" },
  ];
  const row = (p) =>
    el(
      "tr",
      null,
      el("th", { scope: "row" }, name(p.run, "code")),
      el("td", null, name(p.finished.slice(0, 16).replace("T", " "))),
      el("td", null, name(p.version)),
      num(three(p.value)),
      el("td", null, p.signature === own ? "as this run" : "◇ another"),
    );
  return section(
    "trend",
    "Over time",
    el(
      "figure",
      null,
      picture,
      el(
        "figcaption",
        { class: "quiet" },
        `F1 of ${shown(result.primary)} over ${count(trend.length, "stored run")}.`,
        others ? ` ◇ ${others} of another signature: not the same measurement, not joined.` : null,
      ),
    ),
    el("details", null, el("summary", null, "Table of runs"), table(null, columns, [...trend].reverse(), row)),
  );
}
