// Offsets of one text: the browser counts UTF-16 units, Assay counts code points.

export class Points {
  // Units at which a code point of two units begins, in order.
  #pairs = [];

  constructor(text) {
    this.text = text;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= 0xd800 && unit < 0xdc00) this.#pairs.push(at++);
    }
  }

  // How many pairs begin before a unit.
  #before(unit) {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pairs[middle] < unit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // The code point that begins at a unit; of the second half of a pair, the next one.
  ofUnit(unit) {
    return unit - this.#before(unit) + (this.#isInside(unit) ? 1 : 0);
  }

  #isInside(unit) {
    const at = this.#before(unit) - 1;
    return at >= 0 && this.#pairs[at] + 1 === unit;
  }

  // The unit at which a code point begins.
  toUnit(point) {
    let low = 0;
    let high = this.#pairs.length;
    // The pair number k is the code point pairs[k] - k.
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pairs[middle] - middle < point) low = middle + 1;
      else high = middle;
    }
    return point + low;
  }

  // Spans of units from fragments of code points, and back.
  units(fragments) {
    return fragments.map(([start, end]) => ({ start: this.toUnit(start), end: this.toUnit(end) }));
  }

  fragments(spans) {
    return spans.map(({ start, end }) => [this.ofUnit(start), this.ofUnit(end)]);
  }
}
