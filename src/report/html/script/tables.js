// Tables that can be sorted by a column.

// Columns: {title, num, key, tip, group}; a key gives what a row is sorted by, neighbours of one group have a heading of their own.
function table(caption, columns, data, rowOf) {
  const body = el("tbody");
  const drawn = data.map((each, place) => ({ each, place, node: rowOf(each) }));
  body.append(...drawn.map((d) => d.node));
  const headers = columns.map((column) => {
    const header = el("th", { scope: "col", class: column.num ? "num" : null, title: column.tip || null });
    if (!column.key || data.length < 3) {
      return fill(header, null, [column.title]);
    }
    const button = el("button", { type: "button", class: "sort" }, column.title);
    button.addEventListener("click", () => {
      const now = header.getAttribute("aria-sort");
      for (const other of headers) other.removeAttribute("aria-sort");
      const next =
        now === null
          ? column.num
            ? "descending"
            : "ascending"
          : now === (column.num ? "descending" : "ascending")
            ? column.num
              ? "ascending"
              : "descending"
            : null;
      if (next) header.setAttribute("aria-sort", next);
      body.append(...ordered(drawn, next && column.key, next).map((d) => d.node));
    });
    header.append(button);
    return header;
  });
  const node = el(
    "table",
    null,
    caption && el("caption", null, caption),
    el("thead", null, groups(columns), el("tr", null, headers)),
    body,
  );
  return el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption || "Table" }, node);
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
