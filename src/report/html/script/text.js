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

// So many marks are drawn over one place.
const DEEP = 24;

const meet = (a, b) => a.from < b.to && b.from < a.to && a.fragments.some(([s, e]) => b.fragments.some(([from, to]) => s < to && from < e));

// A lane for each mark, from the one that `least` says, so that no two that overlap have the same.
function giveLanes(marks, least) {
  const lanes = [];
  for (const mark of marks) {
    let lane = least(mark);
    while (lanes[lane] && lanes[lane].to > mark.from && lanes[lane].marks.some((other) => meet(other, mark))) lane += 1;
    lanes[lane] = lanes[lane] || { marks: [], to: 0 };
    lanes[lane].marks.push(mark);
    lanes[lane].to = Math.max(lanes[lane].to, mark.to);
    mark.lane = lane;
  }
}

const deepest = (marks) => marks.reduce((lane, mark) => Math.max(lane, mark.lane), -1);

function first(set, most) {
  const found = [];
  for (const each of set) if (found.push(each) >= most) break;
  return found;
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

// The text cut where a claim begins or ends: pieces with the marks that lie over them, gold first. A prediction lies below the gold claims
// that it meets.
function segments(text, items, unit) {
  const gold = marksOf(items, "gold");
  const predicted = marksOf(items, "predicted");
  giveLanes(gold, () => 0);
  giveLanes(predicted, (mark) => 1 + deepest(gold.filter((other) => meet(other, mark))));
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
      const marks = first(open, DEEP).sort((a, b) => a.lane - b.lane);
      pieces.push({ text: text.slice(at, to), marks, hidden: open.size - marks.length, begins });
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
  return { pieces, lanes: 1 + Math.min(DEEP - 1, deepest([...gold, ...predicted])) };
}
