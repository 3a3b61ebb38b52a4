// Claims marked in the text without touching it: as highlights of the browser, or as boxes above it where it has none.

const layers = ["suggested", "kind-1", "kind-2", "kind-3", "kind-4", "kind-5", "kind-6", "kind-7", "kind-8", "kind-9", "draft", "selected", "pick"];

export const hasHighlights = () => typeof Highlight === "function" && Boolean(globalThis.CSS?.highlights) && !forced;

let forced = false;

// Tests look at the fallback in a browser that does not need it.
export function forceBoxes() {
  forced = true;
  drawn = null;
  for (const layer of layers) CSS.highlights?.delete(layer);
}

let drawn = null;

// Draws the marks: a map from layer to spans of units. A layer with the same array of spans as before is left as it is.
export function draw(node, marks) {
  const before = drawn?.node === node ? drawn.marks : new Map();
  drawn = { node, marks };
  const isSame = layers.every((layer) => before.get(layer) === marks.get(layer));
  if (!hasHighlights()) isSame || drawBoxes(node, marks);
  else for (const layer of layers) if (before.get(layer) !== marks.get(layer)) drawHighlight(node, layer, marks.get(layer) ?? []);
}

function range(node, { start, end }) {
  const made = document.createRange();
  made.setStart(node, Math.min(start, node.length));
  made.setEnd(node, Math.min(end, node.length));
  return made;
}

function drawHighlight(node, layer, spans) {
  if (!spans.length) {
    CSS.highlights.delete(layer);
    return;
  }
  const highlight = new Highlight(...spans.map((span) => range(node, span)));
  highlight.priority = layers.indexOf(layer);
  CSS.highlights.set(layer, highlight);
}

function drawBoxes(node, marks) {
  const layer = document.getElementById("boxes");
  layer.replaceChildren();
  const home = layer.getBoundingClientRect();
  for (const name of layers) {
    for (const span of marks.get(name) ?? []) {
      for (const rect of range(node, span).getClientRects()) {
        const box = document.createElement("i");
        box.className = `box ${name}`;
        box.style.left = `${rect.left - home.left}px`;
        box.style.top = `${rect.top - home.top}px`;
        box.style.width = `${rect.width}px`;
        box.style.height = `${rect.height}px`;
        layer.append(box);
      }
    }
  }
}

addEventListener("resize", () => {
  if (drawn && !hasHighlights()) drawBoxes(drawn.node, drawn.marks);
});
