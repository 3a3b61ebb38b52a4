// Where F1 is lost, and what went wrong on the way: failed articles, cost and time.

function errorsSection() {
  const { result } = report();
  const rows = Object.entries(result.errors)
    .filter(([, e]) => e.count > 0)
    .sort(([a, x], [b, y]) => (y.f1_gain || 0) - (x.f1_gain || 0) || (a < b ? -1 : 1));
  const most = Math.max(0, ...rows.map(([, e]) => e.f1_gain || 0));
  const columns = [
    { title: "Class", key: ([klass]) => klass },
    { title: "Meaning" },
    { title: "Count", num: true, key: ([, e]) => e.count },
    { title: "F1 gained if mended", num: true, key: ([, e]) => e.f1_gain },
    { title: "" },
  ];
  const row = ([klass, e]) =>
    el(
      "tr",
      null,
      el("th", { scope: "row" }, el("a", { href: toArticles({ class: klass }) }, name(klass, "code"))),
      el("td", { class: "quiet" }, CLASS_WORDS[klass] || ""),
      num(grouped(e.count)),
      num(typeof e.f1_gain === "number" ? signed(e.f1_gain) : "n/a"),
      el("td", { class: "fill" }, bar(most ? (e.f1_gain || 0) / most : 0, "loss")),
    );
  const notes = [];
  if (result.flags.gold_split) notes.push(`${count(result.flags.gold_split, "gold claim")} split over several predictions`);
  if (result.flags.pred_merge) notes.push(`${count(result.flags.pred_merge, "prediction")} over several gold claims`);
  return section(
    "errors",
    "Where F1 is lost",
    sentence(
      `Right: ${grouped(result.right)} pairs with IoU of at least 0.5, the same kind and equal key fields; F1 ${three(result.right_f1)}.`,
    ),
    rows.length ? table(null, columns, rows, row) : sentence("No claim is wrong."),
    notes.length ? sentence(`${notes.join(" · ")}.`) : null,
  );
}

const tokens = (n) => (n === null ? "n/a" : grouped(n));
const cost = (amount) => (amount === null ? "n/a" : amount.toFixed(4));

function failuresSection() {
  const { result, run, comparison } = report();
  const base = comparison && comparison.base;
  const rows = [
    ["Wall time", seconds(run.wall_time_s), base && seconds(base.wall_time_s)],
    ["Median time of an article", seconds(run.spent.latency_p50_s), base && seconds(base.spent.latency_p50_s)],
    ["95th percentile", seconds(run.spent.latency_p95_s), base && seconds(base.spent.latency_p95_s)],
    ["Tokens sent", tokens(run.spent.input_tokens), base && tokens(base.spent.input_tokens)],
    ["Tokens received", tokens(run.spent.output_tokens), base && tokens(base.spent.output_tokens)],
    ["Cost", cost(run.spent.cost), base && cost(base.spent.cost)],
    ["Answers from the cache", run.spent.cached ? grouped(run.spent.cached) : "n/a", base && (base.spent.cached ? grouped(base.spent.cached) : "n/a")],
  ].filter(([, now, before]) => now !== "n/a" || (before && before !== "n/a"));
  const columns = [{ title: "" }, ...(base ? [{ title: "Base", num: true }] : []), { title: "Now", num: true }];
  const outcomes = Object.entries(result.articles.outcomes).map(([outcome, n]) =>
    el("span", null, `${grouped(n)} `, name(spaced(outcome))),
  );
  const located = Object.entries(result.located)
    .filter(([, n]) => n > 0)
    .map(([how, n]) => el("span", null, `${grouped(n)} ${spaced(how)}`));
  const incomplete = result.incomplete;
  const failed = result.articles.failed ? failedList() : null;
  return section(
    "failures",
    "Failures, cost and time",
    el("p", { class: "dots" }, el("span", { class: "quiet" }, "answers"), outcomes),
    located.length ? el("p", { class: "dots" }, el("span", { class: "quiet" }, "quotes placed"), located) : null,
    incomplete
      ? el(
          "p",
          { class: "dots" },
          el("span", { class: "quiet" }, "labelled in part"),
          el("span", null, count(incomplete.articles, "article")),
          el("span", null, `found ${incomplete.found} of ${incomplete.gold}`),
          el("span", null, `${incomplete.unjudged} predictions unjudged`),
        )
      : null,
    result.looks_local
      ? sentence(`${count(result.looks_local, "value")} right if read by the article's language: numbers = "local"?`)
      : null,
    result.gold_without_key
      ? sentence(`${count(result.gold_without_key, "gold claim")} without an annotated key field fit any value.`)
      : null,
    result.thinned ? sentence(`${count(result.thinned, "article")} over 250,000 pairs: paired among the likeliest only.`) : null,
    rows.length
      ? table(null, columns, rows, ([title, now, before]) =>
          el("tr", null, el("th", { scope: "row" }, title), base && num(before), num(now)),
        )
      : null,
    failed,
  );
}

function failedList() {
  const all = index();
  const places = all.id.map((_, place) => place).filter((place) => all.standing[place] === "failed");
  const row = (place) =>
    el(
      "li",
      null,
      el("a", { href: toArticles({ article: all.id[place] }) }, name(all.id[place])),
      " ",
      el("span", { class: "badge st-missed" }, name(spaced(all.outcome[place]))),
      " ",
      el("span", { class: "quiet" }, shown(all.messages[place] || "")),
    );
  return [el("h3", null, count(places.length, "failed article")), sentence("Their gold claims count as missed."), paged(places, row, 10)];
}
