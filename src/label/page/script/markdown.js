// Guidelines as they are written: headings, lists, tables and paragraphs of Markdown, as nodes. No markup of the text is ever read as HTML.

import { el } from "./dom.js";

const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/;

function inline(text) {
  return text.split(INLINE).map((part) => {
    if (part.startsWith("`") && part.length > 2) return el("code", null, part.slice(1, -1));
    if (part.startsWith("**") && part.length > 4) return el("b", null, part.slice(2, -2));
    if (part.startsWith("*") && part.length > 2) return el("i", null, part.slice(1, -1));
    return part;
  });
}

export function markdown(text) {
  const blocks = [];
  let open = null;
  const close = () => {
    open = null;
  };
  for (const line of text.split(/\r?\n/)) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*]|\d+[.)])\s+(.*)$/.exec(line);
    const cells = /^\|(.*)\|\s*$/.exec(line);
    if (heading) {
      close();
      blocks.push(el(`h${Math.min(6, heading[1].length + 1)}`, null, inline(heading[2])));
    } else if (cells) {
      if (open?.tagName !== "TBODY") {
        open = el("tbody", null);
        blocks.push(el("table", null, open));
      }
      if (!/^[\s|:-]+$/.test(line)) {
        const tag = open.childElementCount ? "td" : "th";
        open.append(el("tr", null, cells[1].split("|").map((cell) => el(tag, null, inline(cell.trim())))));
      }
    } else if (item) {
      if (open?.tagName !== "UL") {
        open = el("ul", null);
        blocks.push(open);
      }
      open.append(el("li", null, inline(item[1])));
    } else if (!line.trim()) {
      close();
    } else if (open?.tagName === "UL") {
      open.lastElementChild.append(" ", ...inline(line.trim()));
    } else if (open?.tagName === "P") {
      open.append(" ", ...inline(line.trim()));
    } else {
      open = el("p", null, inline(line.trim()));
      blocks.push(open);
    }
  }
  return blocks;
}
