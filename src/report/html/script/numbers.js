// Numbers as all reports print them.

// The digits of Rust's formatting: a tie goes to the even digit, where toFixed goes up.
function fixed(value, places) {
  const text = value.toFixed(places);
  const rest = value.toFixed(places + 60).slice(-60);
  if (!/^50*$/.test(rest)) return text;
  const down = value
    .toFixed(places + 60)
    .slice(0, -60)
    .replace(/\.$/, "");
  return Number(down.at(-1)) % 2 === 0 ? down : text;
}

// Only what is 1 is shown as 1.
function decimal(value, places) {
  if (value === null || value === undefined) return "n/a";
  const text = fixed(value, places);
  if (value < 1 && text.startsWith("1")) return "." + "9".repeat(places);
  return text.startsWith("0.") ? text.slice(1) : text;
}

const three = (value) => decimal(value, 3);
const two = (value) => decimal(value, 2);

// A chance is never 0.
const chance = (p) => (p !== null && p !== undefined && p < 0.0005 ? "<.001" : three(p));

// A difference always has its sign, also when it is only rounded to 0.
function signed(value) {
  if (value === null || value === undefined) return "n/a";
  const digits = three(Math.abs(value));
  if (value === 0) return `±${digits}`;
  return (value < 0 ? "-" : "+") + digits;
}

// A share with three digits, a count as it is: what a gate is about.
function measure(value) {
  if (value === null || value === undefined) return "n/a";
  if (value === 0 || (Number.isInteger(value) && value !== 1)) return String(value);
  return Math.abs(Number(three(value)) - value) < 5e-4 ? three(value) : String(value);
}

const range = (ends, print = three) => (ends ? `[${print(ends[0])}, ${print(ends[1])}]` : "none");
const grouped = (n) => (n < 10000 ? String(n) : String(n).replace(/\B(?=(\d{3})+$)/g, ","));
const count = (n, word) => (n === 1 ? `1 ${word}` : `${grouped(n)} ${word}s`);

function seconds(value) {
  if (value === null || value === undefined) return "n/a";
  if (value < 0.0001) return `${(value * 1e6).toFixed(0)} µs`;
  if (value < 1) return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
  return value < 120 ? `${value.toFixed(1)} s` : `${(value / 60).toFixed(1)} min`;
}
