// An item beside the text: what is gold, what was predicted, and each field of both.

function itemCard(item, page, unit) {
  const { gold, predicted } = item;
  const same = gold && predicted && String(gold.fragments) === String(predicted.fragments);
  const kind =
    gold && predicted && gold.kind !== predicted.kind
      ? [
          name(gold.kind || "no kind", "tag gold-kind"),
          " → ",
          name(predicted.kind || "no kind", "tag"),
          " ",
          el("span", { class: "no" }, "✗"),
        ]
      : name((gold || predicted).kind || "no kind", "tag");
  const facts = [
    item.change && el("span", { class: "changed" }, CHANGE_WORDS[item.change]),
    item.iou !== null && item.iou < 1 && `IoU ${three(item.iou)}`,
    predicted && predicted.score !== null && `score ${two(predicted.score)}`,
    gold && el("span", null, "gold ", name(gold.name)),
    predicted && el("span", null, "predicted ", name(predicted.name)),
    (gold || predicted).tracking && el("span", null, "tracking ", name((gold || predicted).tracking)),
    gold && gold.line !== null && name(`${report().claims_file}:${gold.line}`),
  ].filter(Boolean);
  const tags = [...((gold && gold.tags) || []), ...((predicted && predicted.tags) || [])];
  return el(
    "li",
    { class: `card st-${item.state}`, id: `item-${item.number}`, "aria-current": item.number === state.item ? "true" : null },
    el(
      "h3",
      null,
      el("a", { href: toArticle(page.id, item.number) }, el("span", { class: "number" }, String(item.number)), stateBadge(item)),
      kind,
      tags.map((tag) => name(tag, "tag own")),
    ),
    gold && quote("gold", gold, page, unit),
    predicted &&
      (same
        ? el(
            "p",
            { class: "quote predicted" },
            el("span", { class: "side" }, "predicted"),
            el("span", { class: "quiet" }, "the same place"),
          )
        : quote("predicted", predicted, page, unit)),
    fieldChips(item),
    el(
      "p",
      { class: "facts" },
      facts.map((fact) => el("span", null, fact)),
    ),
  );
}

// Units of a quote that stand beside the text; a longer one is read there.
const LONG_QUOTE = 600;

function quote(side, claim, page, unit) {
  const placed = claim.fragments.length > 0;
  const whole = quoteOf(claim, page.text, unit);
  const text = whole.length > LONG_QUOTE ? `${whole.slice(0, LONG_QUOTE)} …` : whole;
  return el(
    "p",
    { class: `quote ${side}` },
    el("span", { class: "side" }, side),
    el("bdi", { class: "words", dir: "auto", lang: page.lang || null }, shown(text) || el("span", { class: "quiet" }, "no quote")),
    text === whole ? null : el("span", { class: "quiet" }, ` ${grouped([...whole].length)} characters`),
    placed ? null : el("span", { class: "quiet" }, " no place in the text"),
  );
}

const FIELD_ORDER = { inc: 0, mis: 1, spu: 2, cor: 3 };

function fieldChips(item) {
  const paired = item.gold && item.predicted;
  const sorted = [...item.fields].sort((a, b) => (FIELD_ORDER[a.outcome] ?? 4) - (FIELD_ORDER[b.outcome] ?? 4));
  const chip = ({ field, outcome, gold, predicted }) => {
    const key = name(field, "key");
    if (outcome === "cor")
      return el(
        "li",
        { class: "chip cor" },
        key,
        " ",
        value(gold),
        gold === predicted ? null : [" → ", value(predicted)],
        " ",
        el("span", { class: "yes" }, "✓", el("span", { class: "hidden" }, " right")),
      );
    if (outcome)
      return el(
        "li",
        { class: `chip ${outcome}` },
        key,
        " ",
        value(gold),
        " → ",
        value(predicted),
        " ",
        el("span", { class: "no" }, "✗", el("span", { class: "hidden" }, " wrong")),
      );
    const own = paired ? (typeof gold === "string" ? gold : predicted) : item.gold ? gold : predicted;
    return el("li", { class: "chip plain" }, key, " ", value(own), paired ? el("span", { class: "quiet" }, " not in gold") : null);
  };
  return [
    sorted.length ? el("ul", { class: "chips" }, sorted.map(chip)) : null,
    paired && item.absent.length ? el("p", { class: "absent-fields" }, "none in both: ", item.absent.map(shown).join(", ")) : null,
  ];
}
