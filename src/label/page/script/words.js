// Where a selection begins and ends: at words of the article's language, with the signs that belong to a figure.

// Segmenting looks at this much text on either side, and not beyond the paragraph.
const REACH = 400;

const DIGIT = /\p{Nd}/u;
const CURRENCY = /\p{Sc}/u;
// Stand between the digits of one number.
const JOINER = /[.,'’٫٬\u00a0\u202f_]/u;
const SIGN = /[-−+±~≈<>≤≥]/u;
const SPACE = /\s/u;
const PERCENT = /[%‰٪°]/u;
// Scripts written without spaces. Dictionaries disagree on their words ("คนใน" may be one or two), so what a person draws there stands;
// a double click and the keys go by the dictionary.
const UNSPACED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;

const segmenters = new Map();

function segmenter(lang, granularity) {
  const key = `${lang} ${granularity}`;
  if (!segmenters.has(key)) {
    let made;
    try {
      made = new Intl.Segmenter(lang === "und" ? undefined : lang, { granularity });
    } catch {
      made = new Intl.Segmenter(undefined, { granularity });
    }
    segmenters.set(key, made);
  }
  return segmenters.get(key);
}

// The text around a place: never beyond its paragraph, and cut at white space where a paragraph is long.
function window(text, start, end) {
  let from = start > 0 ? text.lastIndexOf("\n", start - 1) + 1 : 0;
  if (start - from > REACH) {
    from = start - REACH;
    while (from < start && !SPACE.test(text[from])) from++;
    if (from === start) from = start - REACH;
  }
  let to = text.indexOf("\n", end);
  if (to < 0) to = text.length;
  if (to - end > REACH) {
    to = end + REACH;
    while (to > end && !SPACE.test(text[to - 1])) to--;
    if (to === end) to = end + REACH;
  }
  // Not between the halves of a pair.
  if (isLow(text, from)) from--;
  if (isLow(text, to)) to++;
  return { from, to };
}

const isLow = (text, at) => at > 0 && at < text.length && text.charCodeAt(at) >= 0xdc00 && text.charCodeAt(at) < 0xe000;

// The segments around a place, each {start, end, isWord}.
function segments(text, lang, granularity, start, end) {
  const { from, to } = window(text, start, end);
  const found = [];
  for (const { segment, index, isWordLike } of segmenter(lang, granularity).segment(text.slice(from, to))) {
    found.push({ start: from + index, end: from + index + segment.length, isWord: Boolean(isWordLike) });
  }
  return found;
}

const around = (all, at) => all.find((segment) => segment.start <= at && at < segment.end);

// The selection without white space at its edges, or null where nothing is left.
export function trimmed(text, { start, end }) {
  while (start < end && SPACE.test(text[start])) start++;
  while (end > start && SPACE.test(text[end - 1])) end--;
  return start < end ? { start, end } : null;
}

// The selection widened to whole characters as people see them: an emoji of several code points is one.
export function whole(text, lang, selection) {
  const kept = trimmed(text, selection);
  if (!kept) return null;
  const all = segments(text, lang, "grapheme", kept.start, kept.end);
  const first = around(all, kept.start);
  const last = around(all, kept.end - 1);
  return { start: first ? first.start : kept.start, end: last ? last.end : kept.end };
}

// The selection widened to words, and over the signs that belong to a figure at its edges.
export function snapped(text, lang, selection, { byDictionary = false } = {}) {
  const kept = whole(text, lang, selection);
  if (!kept) return null;
  const all = segments(text, lang, "word", kept.start, kept.end);
  const first = around(all, kept.start);
  const last = around(all, kept.end - 1);
  const snaps = (segment, at) => segment?.isWord && (byDictionary || !UNSPACED.test(String.fromCodePoint(text.codePointAt(at))));
  return widened(text, {
    start: snaps(first, kept.start) ? first.start : kept.start,
    end: snaps(last, isLow(text, kept.end - 1) ? kept.end - 2 : kept.end - 1) ? last.end : kept.end,
  });
}

function widened(text, { start, end }) {
  // "37.000" cut in the middle of its number.
  while (start > 1 && DIGIT.test(text[start]) && JOINER.test(text[start - 1]) && isDigitBefore(text, start - 1)) {
    start -= 1;
    while (isDigitBefore(text, start)) start--;
  }
  while (isDigitBefore(text, end) && end + 1 < text.length && JOINER.test(text[end]) && DIGIT.test(text[end + 1])) {
    end += 1;
    while (end < text.length && DIGIT.test(text[end])) end++;
  }
  if (DIGIT.test(text[start])) {
    if (start > 0 && CURRENCY.test(text[start - 1])) {
      start -= 1;
      // "US$", "R$".
      while (start > 0 && /[A-Z]/.test(text[start - 1])) start--;
    }
    if (start > 0 && SIGN.test(text[start - 1]) && (start === 1 || SPACE.test(text[start - 2]) || text[start - 2] === "(")) start -= 1;
  }
  if (isDigitBefore(text, end)) {
    const space = end < text.length && /[ \u00a0\u202f]/.test(text[end]) ? 1 : 0;
    const sign = text[end + space];
    if (sign !== undefined && (PERCENT.test(sign) || CURRENCY.test(sign))) {
      // "12 $" may be the next figure's sign: "12 $40".
      const next = text[end + space + 1];
      if (!(space && CURRENCY.test(sign) && next !== undefined && DIGIT.test(next))) end += space + 1;
    }
  }
  return { start, end };
}

const isDigitBefore = (text, at) => at > 0 && DIGIT.test(text[at - 1]);

// The edge of a word behind or before a place: the end of the next word, or the start of the one before.
export function wordEdge(text, lang, at, step) {
  if (step > 0) {
    let from = at;
    while (from < text.length && SPACE.test(text[from])) from++;
    if (from >= text.length) return text.length;
    const segment = around(segments(text, lang, "word", from, from + 1), from);
    return segment ? segment.end : from + 1;
  }
  let to = at;
  while (to > 0 && SPACE.test(text[to - 1])) to--;
  if (to <= 0) return 0;
  const segment = around(segments(text, lang, "word", to - 1, to), to - 1);
  return segment ? segment.start : to - 1;
}

// One character as people see it, forwards or back.
export function characterEdge(text, lang, at, step) {
  if (step > 0) {
    if (at >= text.length) return text.length;
    const segment = around(segments(text, lang, "grapheme", at, at + 1), at);
    return segment ? segment.end : at + 1;
  }
  if (at <= 0) return 0;
  const segment = around(segments(text, lang, "grapheme", at - 1, at), at - 1);
  return segment ? segment.start : at - 1;
}

// The word or character at a place.
export function wordAt(text, lang, at) {
  const place = Math.min(at, Math.max(0, text.length - 1));
  let from = SPACE.test(text[place] ?? " ") && place > 0 ? place - 1 : place;
  // The sign of a figure is picked with it.
  if (PERCENT.test(text[from] ?? "") && isDigitBefore(text, from)) from -= 1;
  else if (CURRENCY.test(text[from] ?? "") && DIGIT.test(text[from + 1] ?? "")) from += 1;
  return snapped(text, lang, { start: from, end: from + 1 }, { byDictionary: true });
}

// A selection of three clicks runs over the end of its line.
export function clampedToLine(text, { start, end }) {
  const stop = text.indexOf("\n", start);
  return { start, end: stop >= 0 && stop < end ? stop : end };
}
