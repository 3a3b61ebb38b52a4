// Nodes from tags, attributes and texts. Texts become text nodes only.

const byId = (id) => document.getElementById(id);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) node.style.setProperty(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// Control and bidi characters are written as \u{..}, as on the terminal.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\u200b\u202a-\u202e\u2066-\u2069\u061c\u200e\u200f]/g;
const shown = (text) => String(text).replace(UNSAFE, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);

// A text exactly as it is. Controls that cannot be seen or would turn around what follows are told apart; each stands alone in an
// element, so that it turns nothing.
const CONTROLS = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069])/;

function exact(text) {
  if (!CONTROLS.test(text)) return [text];
  const node = (part, i) =>
    i % 2 ? el("span", { class: "control", "data-code": part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") }, part) : part;
  return text.split(CONTROLS).map(node);
}

// A name or value from the data: it cannot turn the direction of what stands beside it.
const name = (text, className) => el("bdi", { class: className }, shown(text));

// A number for people who scan a column.
const num = (text, attributes) => el("td", { class: "num", ...attributes }, text);

const sentence = (text) => el("p", { class: "quiet" }, text);
