// A claim extractor in Node.js without packages: figures of English, Spanish and Portuguese articles.
//
// One JSON object a line on standard input, one answer a line on standard output; messages for people go to standard error.
// JavaScript counts text in UTF-16 units, so the first line says so and Assay converts. In assay.toml:
//
//     [[extractor]]
//     id = "figures-js"
//     kind = "process"
//     command = ["node", "examples/node_extractor.js"]
//     inputs = ["examples/node_extractor.js"]

const readline = require("node:readline");

// By language: bounds before a figure, scale words behind it, its thousands separator.
const LANGUAGES = {
  en: {
    bounds: { "more than": "more_than", "at least": "at_least", "no more than": "at_most", "fewer than": "less_than", below: "less_than", about: "about", almost: "about" },
    scales: { thousand: 3, million: 6, billion: 9 },
    thousands: ",",
  },
  es: {
    bounds: { "más de": "more_than", "al menos": "at_least", "menos de": "less_than", unos: "about", unas: "about", casi: "about" },
    scales: { mil: 3, "mil millones": 9, millones: 6 },
    thousands: ".",
  },
  pt: {
    bounds: { "mais de": "more_than", "pelo menos": "at_least", "menos de": "less_than", "cerca de": "about", quase: "about" },
    scales: { mil: 3, milhões: 6, "mil milhões": 9, bilhões: 9 },
    thousands: ".",
  },
};

const PERCENT = "%|percent|per cent|por ciento|por cento";

function pattern({ bounds, scales }) {
  const any = (words) => Object.keys(words).sort((a, b) => b.length - a.length).join("|");
  return new RegExp(
    `(?:(?<![\\p{L}])(?<bound>${any(bounds)}) )?(?<![\\p{L}\\d.,])(?<number>\\d+(?:[.,]\\d+)*)(?![\\p{L}\\d])` +
      `(?: (?<scale>${any(scales)})(?![\\p{L}]))?(?: ?(?<percent>${PERCENT})(?![\\p{L}])| (?<noun>[\\p{L}]{4,}))?`,
    "giu",
  );
}

// The number as Assay compares it: digits with at most one point. Digits stay text, so that none is lost. null: no such number.
function canonical(number, thousands, power) {
  const point = thousands === "," ? "." : ",";
  const [whole, fraction = "", more] = number.split(point);
  const groups = whole.split(thousands);
  if (more !== undefined || !/^\d*$/.test(fraction) || groups.slice(1).some((group) => group.length !== 3)) return null;
  const digits = groups.join("") + fraction.padEnd(power, "0");
  const end = digits.length - Math.max(fraction.length - power, 0);
  const rest = digits.slice(end).replace(/0+$/, "");
  return digits.slice(0, end).replace(/^0+(?=\d)/, "") + (rest ? `.${rest}` : "");
}

const PATTERNS = Object.fromEntries(Object.entries(LANGUAGES).map(([lang, words]) => [lang, pattern(words)]));

function* claims(lang, text) {
  const words = LANGUAGES[lang];
  for (const match of text.matchAll(PATTERNS[lang])) {
    const { bound, number, scale, percent, noun } = match.groups;
    const value = canonical(number, words.thousands, scale ? words.scales[scale.toLowerCase()] : 0);
    // A year, or a day of a month, is no quantity.
    const bare = !bound && !scale && !percent && (/^(19|20)\d\d$/.test(number) || !noun);
    if (value === null || bare) continue;
    const fields = { value };
    if (bound) fields.bound = words.bounds[bound.toLowerCase()];
    if (percent) fields.unit = "percent";
    const score = 0.5 + 0.2 * Boolean(bound) + 0.1 * Boolean(scale) + 0.15 * Boolean(percent);
    yield { start: match.index, end: match.index + match[0].length, quote: match[0], kind: "quantity", fields, score: Number(score.toFixed(2)) };
  }
}

const say = (object) => process.stdout.write(JSON.stringify(object) + "\n");

say({ type: "ready", name: "figures-js", version: "1", offset_unit: "utf16", max_in_flight: 4 });
readline.createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (line) => {
  const { id, article } = JSON.parse(line);
  const lang = article.lang.split("-")[0];
  // A language that is not known is an honest error, not an article without claims.
  if (LANGUAGES[lang]) say({ id, claims: [...claims(lang, article.text)] });
  else say({ id, error: { kind: "refused", message: `no patterns for language ${lang}` } });
});
