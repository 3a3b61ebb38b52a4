// What states, classes and verdicts are called and drawn with. A shape says the same as the colour.

const STATES = {
  right: ["✓", "right"],
  other_field: ["✓", "right, other fields wrong"],
  wrong: ["△", "wrong"],
  missed: ["○", "missed"],
  spurious: ["×", "spurious"],
  optional: ["–", "optional"],
  outside: ["–", "outside of the criterion"],
  unjudged: ["?", "unjudged"],
};

const CLASS_WORDS = {
  boundary: "wrong place",
  kind: "wrong kind",
  field: "wrong key field",
  several: "several things wrong",
  duplicate: "duplicate",
  piece: "piece of a claim",
  background: "no claim there",
  missed: "missed",
};

const VERDICTS = { pass: ["✓", "pass"], warn: ["!", "warn"], fail: ["✕", "fail"], not_evaluated: ["–", "not evaluated"] };

const DIRECTIONS = {
  better: ["▲", "better"],
  worse: ["▼", "worse"],
  no_evidence: ["≈", "no evidence"],
  same: ["=", "the same"],
  undecided: ["?", "undecided"],
};

const CHANGE_WORDS = {
  newly_missed: "Newly missed",
  newly_found: "Newly found",
  newly_wrong_field: "Newly wrong field",
  newly_right_field: "Newly right field",
  newly_spurious: "Newly spurious",
  no_longer_spurious: "No longer spurious",
  missed_by_all: "Missed by all",
};

const spaced = (word) => String(word).replaceAll("_", " ");

function badge([sign, word], className) {
  return el("span", { class: `badge ${className}` }, el("span", { class: "sign", "aria-hidden": "true" }, sign), word);
}

// The class says more than the outcome: a missed claim with a prediction near it is at a wrong place.
const stateBadge = (item) => {
  const [sign, word] = STATES[item.state];
  const klass = CLASS_WORDS[item.class] || item.class;
  const more = ["missed", "spurious"].includes(item.state) && !["missed", "background", ""].includes(item.class);
  return badge([sign, item.state === "wrong" ? klass : more ? `${word}: ${klass}` : word], `st-${item.state}`);
};
const verdictBadge = (verdict) => badge(VERDICTS[verdict] || ["?", verdict], `v-${verdict}`);
