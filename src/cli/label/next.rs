//! What to label next: from what the workspace knows, or listed without a page.

use serde::Serialize;

use crate::dataset::Dataset;
use crate::label::Upcoming;
use crate::label::order::{Evidence, Next, QueueSettings};
use crate::report::safe::shown;
use crate::report::terminal::{WIDTH, count, cut, folded};
use crate::workspace::{FILE_NAME, Workspace};

use super::super::exit::{Exit, Failure};
use super::super::target::Target;
use super::super::terminal::Terminal;

/// Articles that are listed where nobody says how many.
const LISTED: usize = 20;

/// Gathers what is known of the articles. A dataset without a workspace has no runs: the rules are asked, and the draw has no seed.
pub(super) fn upcoming(target: &Target, dataset: &Dataset, terminal: &mut Terminal<'_>) -> Result<Upcoming, Failure> {
    let mut settings = QueueSettings::default();
    let mut evidence = Evidence::default();
    if target.root.join(FILE_NAME).exists() {
        let workspace = Workspace::load(&target.root).map_err(Failure::invalid)?;
        settings.seed = workspace.config.run.seed;
        let of_articles = dataset.slice_columns();
        settings.columns = workspace.config.score.slices.iter().filter(|column| of_articles.contains(&column.as_str())).cloned().collect();
        let (gathered, notes) = Evidence::gather(&workspace, dataset, &settings.columns).map_err(Failure::invalid)?;
        for note in notes {
            writeln!(terminal.err, "{}", shown(&note))?;
        }
        evidence = gathered;
    } else {
        evidence.add_rules(dataset);
    }
    Ok(Upcoming { evidence, settings })
}

/// The list as JSON.
#[derive(Serialize)]
struct List<'n> {
    articles: usize,
    next: &'n [Next],
}

/// Prints the articles to label next, each with why.
pub(super) fn list(next: &[Next], limit: Option<usize>, json: bool, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let most = match limit.unwrap_or(if json { 0 } else { LISTED }) {
        0 => next.len(),
        limit => limit.min(next.len()),
    };
    if json {
        terminal.json(&List { articles: next.len(), next: &next[..most] })?;
        return Ok(Exit::Done);
    }
    let (bold, dim) = (anstyle::Style::new().bold(), anstyle::Style::new().dimmed());
    writeln!(terminal.out, "{bold}{} to label{bold:#}", count(next.len() as u64, "article"))?;
    for article in &next[..most] {
        writeln!(terminal.out, "{}", cut(&shown(&article.article_id), WIDTH))?;
        for line in folded(&shown(&article.why), WIDTH - 4) {
            writeln!(terminal.out, "    {dim}{}{dim:#}", cut(&line, WIDTH - 4))?;
        }
    }
    if most < next.len() {
        writeln!(terminal.out, "{dim}{} more: -n 0 lists all{dim:#}", next.len() - most)?;
    }
    Ok(Exit::Done)
}
