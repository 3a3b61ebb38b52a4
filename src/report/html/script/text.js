// Places in texts. Claims count code points, JavaScript counts UTF-16 units.

// A function from code points to units; places behind the end are the end.
function unitsOf(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (place) => Math.min(place, text.length);
  const units = [];
  for (let i = 0; i < text.length; i += text.codePointAt(i) > 0xffff ? 2 : 1) units.push(i);
  units.push(text.length);
  return (place) => units[Math.min(place, units.length - 1)];
}

// The quote of a claim: as it was written, else what the text has at its places.
function quoteOf(claim, text, unit) {
  if (claim.quote !== null || text === null) return claim.quote || "";
  return claim.fragments.map(([start, end]) => text.slice(unit(start), unit(end))).join(" ");
}

// A lane for each mark, so that no two that overlap have the same.
function giveLanes(marks) {
  const ends = [];
  for (const mark of marks) {
    let lane = ends.findIndex((end) => end <= mark.from);
    if (lane < 0) lane = ends.length;
    ends[lane] = mark.to;
    mark.lane = lane;
  }
  return ends.length;
}

// The marks of one side: a claim each, by place.
function marksOf(items, side) {
  const marks = [];
  for (const item of items) {
    const fragments = item[side] ? item[side].fragments : [];
    if (!fragments.length) continue;
    marks.push({ item, side, fragments, from: fragments[0][0], to: fragments.at(-1)[1], lane: 0 });
  }
  return marks.sort((a, b) => a.from - b.from || b.to - a.to);
}

// The text cut where a claim begins or ends: pieces with the marks that lie over them, gold first. Lanes of predictions lie below those
// of gold.
function segments(text, items, unit) {
  const gold = marksOf(items, "gold");
  const predicted = marksOf(items, "predicted");
  const lanes = giveLanes(gold);
  const below = giveLanes(predicted);
  for (const mark of predicted) mark.lane += lanes;
  const edges = [];
  for (const mark of [...gold, ...predicted]) {
    mark.fragments.forEach(([start, end], i) => {
      edges.push({ at: unit(start), mark, opens: true, first: i === 0 }, { at: unit(end), mark, opens: false });
    });
  }
  edges.sort((a, b) => a.at - b.at || Number(a.opens) - Number(b.opens));
  const pieces = [];
  const open = new Set();
  let at = 0;
  let begins = [];
  const cut = (to) => {
    if (to > at) {
      const marks = [...open].sort((a, b) => a.lane - b.lane);
      pieces.push({ text: text.slice(at, to), marks, begins });
      begins = [];
      at = to;
    }
  };
  for (const edge of edges) {
    cut(edge.at);
    if (edge.opens) {
      open.add(edge.mark);
      begins.push({ mark: edge.mark, first: edge.first });
    } else open.delete(edge.mark);
  }
  cut(text.length);
  return { pieces, lanes: lanes + below };
}
