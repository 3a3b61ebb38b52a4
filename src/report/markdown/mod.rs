//! A report as GitHub flavoured Markdown, for a comment on a pull request, the summary of a CI step, or an e-mail.

mod budget;
mod claims;
mod tables;
mod text;

pub use budget::Budget;

use budget::{Part, fit};
use text::{code, marker, prose};

use super::document::Document;
use super::intervals::ends;
use super::terminal::{count, three};
use super::words::{direction, short, titled, verdict};

/// Most characters of a name.
const NAME: usize = 120;
/// Most characters of a sentence.
const SENTENCE: usize = 1000;

/// The report, no longer than the budget: the verdict first, then gates, numbers, and what came out otherwise claim by claim. Lists
/// are cut to fit and say how many more there are; the verdict never is. Empty where there is no room for the verdict.
///
/// A hidden comment at its start names the extractor, so that a program that posts reports finds the one that it posted before.
pub fn within(document: &Document, budget: Budget) -> String {
    let mut parts = vec![Part::Whole(head(document))];
    parts.extend(tables::gates(document).map(Part::List));
    parts.extend(tables::failing(document).map(Part::List));
    parts.push(Part::List(tables::criteria(document)));
    parts.extend(remarks(document).map(Part::Whole));
    let (first, rest) = claims::lists(document);
    parts.extend(first.into_iter().map(Part::List));
    parts.push(Part::List(tables::slices(document)));
    parts.extend(rest.into_iter().map(Part::List));
    parts.push(Part::Whole(provenance(document)));
    fit(&parts, budget)
}

/// What must be read, in a few lines.
fn head(document: &Document) -> String {
    let result = &document.result;
    let mut out = format!("{}\n## Assay: {}\n\n", marker(&result.extractor.name), code(&result.extractor.name, NAME));
    if let Some(gates) = &document.gates {
        out.push_str(&format!("**Gates: {}.** {}\n\n", verdict(gates.verdict), prose(&gates.sentence, SENTENCE)));
    }
    if let Some(c) = &document.comparison {
        let base = code(&c.base.run, NAME);
        out.push_str(&format!("**Against {base}: {}.** {}\n\n", direction(c.verdict.direction), prose(&c.verdict.sentence, SENTENCE)));
    }
    if let Some(why) = &document.no_comparison {
        out.push_str(&format!("**Not compared.** {}\n\n", prose(why, SENTENCE)));
    }
    let a = &result.articles;
    let primary = result.criteria.get(&result.primary);
    let f1 = three(primary.and_then(|score| score.all.f1));
    let interval = primary.and_then(|score| score.ci.as_ref()).map(|ci| format!(" {}", ends(ci.of.f1).replace('[', "\\[")));
    out.push_str(&format!(
        "F1 **{f1}**{} ({}) · {}: {} scored, {} failed, {} excluded · {}\n\n",
        interval.unwrap_or_default(),
        code(&result.primary, NAME),
        count(a.total, "article"),
        a.scored,
        a.failed,
        a.excluded,
        count(result.gold, "gold claim")
    ));
    if a.failed > 0 {
        out.push_str("Gold claims of failed articles count as missed.\n\n");
    }
    out
}

/// What the comparison is about, where it is not about everything.
fn remarks(document: &Document) -> Option<String> {
    let articles = &document.comparison.as_ref()?.articles;
    let mut parts = vec![format!("Compared over {}", count(articles.compared, "article"))];
    for (ids, what) in [(&articles.new, "new"), (&articles.changed, "with a changed text"), (&articles.gone, "gone")] {
        if !ids.is_empty() {
            parts.push(format!("{} {what}", ids.len()));
        }
    }
    Some(format!("{}.\n\n", parts.join(" · ")))
}

/// Where the numbers come from.
fn provenance(document: &Document) -> String {
    let (run, result) = (&document.run, &document.result);
    let mut parts = Vec::new();
    let mut push = |label: &str, value: &str| {
        if !value.is_empty() {
            parts.push(format!("{label} {}", code(value, NAME)));
        }
    };
    push("run", &run.id);
    push("extractor", &titled(&result.extractor.name, &result.extractor.version));
    push("fingerprint", short(&result.extractor.fingerprint));
    push("dataset", &titled(&result.dataset.name, &result.dataset.version));
    push("hash", short(&result.dataset.hash));
    push("articles", &run.selection);
    push("commit", run.commit.as_deref().unwrap_or_default());
    push("finished", &run.finished);
    push("assay", &result.version);
    parts.extend((!result.signature.is_empty()).then(|| format!("signature {}", code(&result.signature, SENTENCE))));
    format!("<sub>{}</sub>\n", parts.join(" · "))
}
