// Draws what the URL says, now and when it changes.

const SECTIONS = [
  verdictSection,
  gatesSection,
  criteriaSection,
  changesSection,
  fieldsSection,
  slicesSection,
  confidenceSection,
  errorsSection,
  failuresSection,
  trendSection,
  provenanceSection,
];

const drawn = { summary: false, articles: false };

// The verdict is there before the rest is made.
function drawSummary() {
  if (drawn.summary) return;
  drawn.summary = true;
  const holder = byId("sections");
  const contents = byId("contents");
  const add = (make) => {
    const node = make();
    if (!node) return;
    holder.append(node);
    const title = node.querySelector("h2");
    contents.append(el("a", { href: `#${node.id}` }, title ? title.textContent : "Verdict"));
  };
  SECTIONS.forEach(add);
}

function drawArticles() {
  if (drawn.articles) return;
  drawn.articles = true;
  drawFilters((part) => go(part, true));
  let asked = false;
  byId("scroll").addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      drawRows();
    });
  });
  addEventListener("resize", drawRows);
}

function show() {
  const before = state;
  state = readState(location.hash);
  const summary = state.view === "summary";
  byId("summary-view").hidden = !summary;
  byId("articles-view").hidden = summary;
  for (const [id, on] of [
    ["to-summary", summary],
    ["to-articles", !summary],
  ]) {
    if (on) byId(id).setAttribute("aria-current", "page");
    else byId(id).removeAttribute("aria-current");
  }
  document.body.dataset.view = state.view;
  if (summary) {
    drawSummary();
    const target = state.section && byId("sections").querySelector(`#${CSS.escape(state.section)}`);
    if (target) target.scrollIntoView();
    else if (before.view !== "summary" || state.section === "summary") scrollTo(0, 0);
    return;
  }
  drawArticles();
  updateList(showArticle);
  if (before.view === "summary" && drawn.summary) byId("article").focus({ preventScroll: true });
}

function start() {
  const { result, run, workspace } = report();
  document.title = `${shown(result.extractor.name || "Report")} · ${shown(result.dataset.name || workspace)} · Assay`;
  fill(byId("brand"), null, [el("span", { class: "mark" }, "Assay"), " ", name(workspace), run.id && [" ", name(run.id, "quiet")]]);
  startTheme();
  startKeys();
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("main").focus();
  });
  addEventListener("hashchange", show);
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("#sections details")) details.open = true;
  });
  show();
}

start();
