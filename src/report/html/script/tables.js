// Tables that can be sorted by a column.

// Rows that are drawn at first.
const ROWS = 100;

// Columns: {title, num, key, tip, group}; a key gives what a row is sorted by, neighbours of one group have a heading of their own.
function table(caption, columns, data, rowOf) {
  const body = el("tbody");
  const more = el("button", { type: "button", class: "more" });
  const drawn = data.map((each, place) => ({ each, place, node: null }));
  let order = drawn;
  let shownRows = ROWS;
  const draw = () => {
    body.replaceChildren(...order.slice(0, shownRows).map((d) => (d.node ??= rowOf(d.each))));
    const left = order.length - body.childElementCount;
    more.hidden = left === 0;
    more.textContent = `${grouped(left)} more of ${grouped(order.length)}`;
  };
  more.addEventListener("click", () => {
    shownRows += 10 * ROWS;
    draw();
  });
  const headers = columns.map((column) => {
    const header = el("th", { scope: "col", class: column.num ? "num" : null, title: column.tip || null });
    if (!column.key || data.length < 3) return fill(header, null, [column.title]);
    const sort = () => {
      const next = nextSort(header.getAttribute("aria-sort"), column.num);
      for (const other of headers) other.removeAttribute("aria-sort");
      if (next) header.setAttribute("aria-sort", next);
      order = ordered(drawn, next && column.key, next);
      draw();
    };
    return fill(header, null, [el("button", { type: "button", class: "sort", onclick: sort }, column.title)]);
  });
  draw();
  const heading = el("thead", null, groups(columns), el("tr", null, headers));
  const node = el("table", null, caption && el("caption", null, caption), heading, body);
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption || "Table" }, node, more);
}

// Numbers fall first, names rise first; then the other way; then as at first.
function nextSort(now, isNumber) {
  const [first, second] = isNumber ? ["descending", "ascending"] : ["ascending", "descending"];
  if (now === null) return first;
  return now === first ? second : null;
}

function groups(columns) {
  if (!columns.some((column) => column.group)) return null;
  const cells = [];
  for (const column of columns) {
    const last = cells.at(-1);
    if (last && column.group && last.group === column.group) last.span += 1;
    else cells.push({ group: column.group, span: 1 });
  }
  const cellOf = ({ group, span }) =>
    group ? el("th", { scope: "colgroup", colspan: span, class: "group" }, group) : el("td", { colspan: span });
  return el("tr", { class: "groups" }, cells.map(cellOf));
}

// What has no value comes last both ways; equal rows stay in the order of the document.
function ordered(drawn, key, direction) {
  const sign = direction === "descending" ? -1 : 1;
  return [...drawn].sort((a, b) => {
    if (!key) return a.place - b.place;
    const [x, y] = [key(a.each), key(b.each)];
    const empty = Number(x === null || x === undefined) - Number(y === null || y === undefined);
    if (empty || x === null || x === undefined) return empty || a.place - b.place;
    const order = typeof x === "number" ? x - y : String(x) < String(y) ? -1 : Number(String(x) > String(y));
    return sign * order || a.place - b.place;
  });
}

// A list that shows some of its rows and has a button for more.
function paged(rows, rowOf, size = 20) {
  const list = el("ul", { class: "paged" });
  const more = el("button", { type: "button", class: "more" });
  let drawn = 0;
  const add = (n) => {
    const first = drawn;
    drawn = Math.min(rows.length, drawn + n);
    list.append(...rows.slice(first, drawn).map(rowOf));
    more.hidden = drawn === rows.length;
    more.textContent = `${grouped(Math.min(100, rows.length - drawn))} more of ${grouped(rows.length)}`;
  };
  more.addEventListener("click", () => add(100));
  add(size);
  return [list, more];
}

const section = (id, title, ...children) =>
  el("section", { id, "aria-labelledby": `${id}-title`, tabindex: "-1" }, el("h2", { id: `${id}-title` }, title), children);
