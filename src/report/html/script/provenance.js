// Where the numbers come from: enough to make them again.

function provenanceSection() {
  const { run, result, claims_file: file, workspace, comparison } = report();
  const parts = result.signature.split("|");
  const seed = parts.map((part) => /^ci:.*seed(\d+)/.exec(part)).find(Boolean);
  const { kind, command, ...rest } =
    run.extractor && typeof run.extractor === "object" && !Array.isArray(run.extractor) ? run.extractor : {};
  const written = Array.isArray(command) ? command.join(" ") : command;
  const facts = [
    ["Run", run.id],
    ["Workspace", workspace],
    ["Started", run.started],
    ["Finished", run.finished],
    ["Selection", run.selection],
    ["Seed", seed && seed[1]],
    ["Commit", run.commit],
    ["Assay", result.version],
    ["Extractor", [result.extractor.name, result.extractor.version, kind && `(${kind})`].filter(Boolean).join(" ")],
    ["Fingerprint", result.extractor.fingerprint],
    ["Command", written],
    ["Dataset", [result.dataset.name, result.dataset.version].filter(Boolean).join(" ")],
    ["Dataset hash", result.dataset.hash],
    ["Claims file", file],
    ["Base", comparison && `${comparison.base.run} · ${comparison.base.extractor.name} ${comparison.base.extractor.version}`],
  ].filter(([, value]) => value);
  const differs = comparison && comparison.base.signature !== comparison.head.signature;
  return section(
    "provenance",
    "Where the numbers come from",
    el(
      "dl",
      { class: "facts-list" },
      facts.map(([title, value]) => [el("dt", null, title), el("dd", null, name(value, "code"))]),
    ),
    el("h3", null, "Signature"),
    el(
      "p",
      { class: "signature" },
      parts.map((part, i) => [i ? el("span", { class: "bar-sign" }, "|") : null, name(part, "code"), el("wbr")]),
    ),
    differs
      ? sentence(
          comparison.base.rescored
            ? "The base was stored with another signature; its answers were scored again."
            : "The base has another signature.",
        )
      : null,
    Object.keys(rest).length
      ? el("details", null, el("summary", null, "Settings of the extractor"), el("pre", null, shownLines(JSON.stringify(rest, null, 2))))
      : null,
  );
}

const shownLines = (text) => text.split("\n").map(shown).join("\n");
