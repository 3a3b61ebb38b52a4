//! `assay stats`: what the dataset holds.

use std::io::Write;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use unicode_width::UnicodeWidthStr;

use crate::dataset::{Dataset, Stats};
use crate::report::safe::{shown, shown_json};
use crate::report::terminal::{WIDTH, count, cut};

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::{style, target};

/// Count articles and claims by language, kind, field, split, status and link.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// Folder of a workspace or dataset [default: the workspace around the current folder]
    pub folder: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Widest bar.
const BAR: usize = 30;

/// Runs the command.
///
/// # Errors
/// When the output is closed.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (out, err) = (&mut *terminal.out, &mut *terminal.err);
    let dataset = target::find(args.folder.as_deref()).and_then(|t| Dataset::load_inside(&t.root, &t.dir));
    let dataset = match dataset {
        Ok(dataset) => dataset,
        Err(problems) => {
            writeln!(err, "{problems}")?;
            return Ok(Exit::Invalid);
        }
    };
    let stats = dataset.stats();
    if args.json {
        writeln!(out, "{}", shown_json(&serde_json::to_string_pretty(&stats)?))?;
    } else {
        text(&stats, out)?;
    }
    Ok(Exit::Done)
}

fn text(stats: &Stats, out: &mut dyn Write) -> anyhow::Result<()> {
    let (bold, dim) = (style::BOLD, style::DIM);
    let Stats { articles, claims, .. } = stats;
    let counts = [(*articles as u64, "article"), (*claims as u64, "gold claim"), (stats.code_points, "character")];
    let counts = counts.map(|(n, word)| count(n, word)).join(" · ");
    let title = format!("{} {}", shown(&stats.name), shown(&stats.version));
    let title = cut(&title, WIDTH.saturating_sub(counts.width() + 3));
    writeln!(out, "{bold}{title}{bold:#} · {counts}")?;
    writeln!(
        out,
        "{dim}{} scored, {} without a claim, {} units of resampling · hash {}{dim:#}",
        stats.scored_articles,
        stats.empty_articles,
        stats.units,
        &stats.hash[..12]
    )?;
    let shares = |counts: &std::collections::BTreeMap<String, crate::dataset::Share>| {
        let name = |key: &str| if key.is_empty() { "(none)".to_owned() } else { shown(key).into_owned() };
        counts
            .iter()
            .map(|(key, s)| Bar { name: name(key), count: s.claims, note: format!("in {} article{}", s.articles, plural(s.articles)) })
            .collect::<Vec<_>>()
    };
    let plain = |counts: &std::collections::BTreeMap<String, usize>| {
        counts.iter().map(|(key, &count)| Bar { name: shown(key).into_owned(), count, note: String::new() }).collect::<Vec<_>>()
    };
    section(out, "claims by language", shares(&stats.languages))?;
    section(out, "claims by kind", plain(&stats.kinds))?;
    if stats.splits.len() > 1 || !stats.splits.contains_key("") {
        section(out, "claims by split", shares(&stats.splits))?;
    }
    section(out, "claims by status of the article", shares(&stats.article_status))?;
    if stats.claim_status.len() > 1 {
        section(out, "claims by status", plain(&stats.claim_status))?;
    }
    fields(stats, out)?;
    let per_article = stats.claims_per_article.iter().map(|(claims, &count)| Bar { name: claims.to_string(), count, note: String::new() });
    section(out, "articles by number of claims", per_article.collect())?;
    let t = &stats.tracking;
    writeln!(
        out,
        "\n{bold}tracking{bold:#}  {} id{} · {} in one article, {} in several, {} of these over languages",
        t.ids,
        plural(t.ids),
        t.in_one_article,
        t.in_several_articles,
        t.over_languages
    )?;
    writeln!(out, "          {dim}{} claim{} without an id{dim:#}", t.claims_without, plural(t.claims_without))?;
    Ok(())
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

struct Bar {
    name: String,
    count: usize,
    note: String,
}

/// A title and a bar a line, scaled to the largest.
fn section(out: &mut dyn Write, title: &str, bars: Vec<Bar>) -> anyhow::Result<()> {
    let (bold, dim, colour) = (style::BOLD, style::DIM, style::BAR);
    writeln!(out, "\n{bold}{title}{bold:#}")?;
    let most = bars.iter().map(|b| b.count).max().unwrap_or(0).max(1);
    let width = bars.iter().map(|b| b.name.width()).max().unwrap_or(0).min(WIDTH - BAR - 30);
    for bar in bars {
        // A count above nothing always shows.
        let length = (bar.count * BAR).div_ceil(most);
        let name = cut(&bar.name, width);
        let line = format!("  {name}{}  {:>6}  ", " ".repeat(width - name.width()), bar.count);
        let note = if bar.note.is_empty() { String::new() } else { format!(" {dim}{}{dim:#}", bar.note) };
        writeln!(out, "{line}{colour}{}{colour:#}{note}", "█".repeat(length))?;
    }
    Ok(())
}

fn fields(stats: &Stats, out: &mut dyn Write) -> anyhow::Result<()> {
    let (bold, dim, colour) = (style::BOLD, style::DIM, style::BAR);
    let width = stats.fields.iter().map(|f| f.name.width()).max().unwrap_or(0).clamp(5, 28);
    writeln!(out, "\n{bold}{:<width$}  value  none  not annotated{bold:#}", "field", width = width + 2)?;
    for field in &stats.fields {
        let all = (field.present + field.absent + field.not_annotated).max(1);
        let present = field.present * 20 / all;
        let absent = (field.present + field.absent) * 20 / all - present;
        let name = cut(&shown(&field.name), width);
        writeln!(
            out,
            "  {name}{}  {:>5} {:>5} {:>14}  {colour}{}{colour:#}{dim}{}{}{dim:#}",
            " ".repeat(width - name.width()),
            field.present,
            field.absent,
            field.not_annotated,
            "█".repeat(present),
            "▒".repeat(absent),
            "·".repeat(20 - present - absent)
        )?;
    }
    Ok(())
}
