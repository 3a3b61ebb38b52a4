// Small pictures of numbers. Each says in its label what it shows; the numbers stand beside it as text.

// A number with its interval on a line from 0 to 1, and another number that it is compared with.
function whisker(value, ends, base) {
  const x = (v) => 4 + 112 * Math.min(1, Math.max(0, v));
  const picture = svg("svg", { class: "whisker", viewBox: "0 0 120 18", role: "img", "aria-label": `${three(value)} ${range(ends)}` });
  picture.append(svg("line", { class: "axis", x1: 4, x2: 116, y1: 9, y2: 9 }));
  for (const tick of [0, 0.5, 1]) picture.append(svg("line", { class: "axis", x1: x(tick), x2: x(tick), y1: 6, y2: 12 }));
  if (ends) {
    picture.append(svg("line", { class: "range", x1: x(ends[0]), x2: x(ends[1]), y1: 9, y2: 9 }));
    for (const end of ends) picture.append(svg("line", { class: "end", x1: x(end), x2: x(end), y1: 5, y2: 13 }));
  }
  if (typeof base === "number") picture.append(svg("path", { class: "base", d: `M${x(base)} 3.5l4.5 5.5-4.5 5.5-4.5-5.5z` }));
  if (typeof value === "number") picture.append(svg("circle", { class: "dot", cx: x(value), cy: 9, r: 4 }));
  return picture;
}

// The farthest from 0 that differences or their intervals reach.
const widest = (differences) =>
  differences.flatMap((d) => d.ci || [d.difference || 0]).reduce((most, end) => Math.max(most, Math.abs(end)), 0);

// A difference with its interval around 0.
function swing(value, ends, most) {
  const x = (v) => 60 + 56 * Math.min(1, Math.max(-1, most > 0 ? v / most : 0));
  const side = ends && ends[0] > 0 ? "up" : ends && ends[1] < 0 ? "down" : "even";
  const picture = svg("svg", {
    class: `whisker ${side}`,
    viewBox: "0 0 120 18",
    role: "img",
    "aria-label": `${signed(value)} ${range(ends, signed)}`,
  });
  picture.append(
    svg("line", { class: "axis", x1: 4, x2: 116, y1: 9, y2: 9 }),
    svg("line", { class: "zero", x1: 60, x2: 60, y1: 2, y2: 16 }),
  );
  if (ends) {
    picture.append(svg("line", { class: "range", x1: x(ends[0]), x2: x(ends[1]), y1: 9, y2: 9 }));
    for (const end of ends) picture.append(svg("line", { class: "end", x1: x(end), x2: x(end), y1: 5, y2: 13 }));
  }
  if (typeof value === "number") picture.append(svg("circle", { class: "dot", cx: x(value), cy: 9, r: 4 }));
  return picture;
}

// A bar of some length, 0..1.
const bar = (share, className) =>
  el("span", { class: `bar ${className || ""}`, "aria-hidden": "true", "--share": String(Math.min(1, Math.max(0, share || 0))) });

// Counts beside each other as one bar.
function stack(parts) {
  const total = parts.reduce((sum, [, , n]) => sum + n, 0);
  const drawn = parts.filter(([, , n]) => n > 0);
  const label = drawn.map(([, word, n]) => `${n} ${word}`).join(", ");
  return el(
    "span",
    { class: "stack", role: "img", "aria-label": label, title: label },
    drawn.map(([part, , n]) => el("span", { class: `part p-${part}`, "--share": String(n / total) })),
  );
}
