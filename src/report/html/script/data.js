// The blocks of data, each read when it is first needed.

const blocks = new Map();

function block(id) {
  if (!blocks.has(id)) {
    const node = byId(id);
    if (!node) return null; // The page is still loading.
    blocks.set(id, JSON.parse(node.textContent));
    node.textContent = "";
  }
  return blocks.get(id);
}

const report = () => block("report");
const changesBlock = () => block("changes");
const index = () => block("index");

// The block that an article is in.
function blockOf(place) {
  const first = index().blocks;
  let low = 0;
  let high = first.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (first[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

// Waits for a part of the page that the browser may not have read yet.
async function rowsOf(number) {
  const id = `articles-${number}`;
  if (!block(id) && document.readyState === "loading") {
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  }
  return block(id);
}

const cell = (row, place, otherwise = null) => (row && row.length > place ? row[place] : otherwise);

function readClaim(row) {
  if (!row) return null;
  const [claimName, places, kind, quote, score, tracking, tags, line] = row;
  const fragments = [];
  for (let i = 0; i + 1 < (places || []).length; i += 2) fragments.push([places[i], places[i + 1]]);
  return {
    name: claimName || "",
    fragments,
    kind: kind === null || kind === undefined ? "" : index().names.kinds[kind],
    quote: quote || null,
    score: score ?? null,
    tracking: tracking || "",
    tags: tags || [],
    line: line ?? null,
  };
}

function readItem(row, number) {
  const names = index().names;
  const change = cell(row, 7);
  const klass = cell(row, 1);
  return {
    number,
    state: names.states[row[0]],
    class: klass === null ? "" : names.classes[klass],
    iou: cell(row, 2),
    gold: readClaim(cell(row, 3)),
    predicted: readClaim(cell(row, 4)),
    fields: (cell(row, 5) || []).map(([field, outcome, gold, predicted]) => ({ field: names.fields[field], outcome, gold, predicted })),
    absent: (cell(row, 6) || []).map((field) => names.fields[field]),
    change: change === null ? "" : names.changes[change],
  };
}

async function article(place) {
  const number = blockOf(place);
  const row = (await rowsOf(number))[place - index().blocks[number]];
  return {
    place,
    text: cell(row, 0),
    publisher: cell(row, 1),
    published: cell(row, 2),
    message: cell(row, 3),
    columns: cell(row, 4) || [],
    items: (cell(row, 5) || []).map((item, i) => readItem(item, i + 1)),
  };
}
