//! `assay runs show`: where a run comes from. Its numbers are those of `assay show`.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::safe::shown;
use crate::report::size::bytes;
use crate::report::terminal::{WIDTH, count, cut, pad_to};
use crate::runs::{Repeat, StoredRun};
use crate::score::RunResult;
use crate::score::result::{ArticleAccount, DatasetInfo, ExtractorInfo};

use super::super::exit::{Exit, Failure};
use super::super::style::{BOLD, DIM};
use super::super::terminal::Terminal;
use super::stored;

/// Show where a run comes from: extractor, dataset, signature, times and files.
///
/// `assay show RUN` shows its numbers and claims.
#[derive(ClapArgs, Debug)]
pub(super) struct Args {
    /// Its id, the beginning of it, latest, or its folder
    #[arg(value_name = "RUN", default_value = "latest")]
    run: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Where a run comes from, as JSON.
#[derive(Serialize)]
struct Provenance<'a> {
    id: &'a str,
    folder: String,
    extractor: &'a ExtractorInfo,
    settings: &'a serde_json::Value,
    dataset: &'a DatasetInfo,
    selection: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat: Option<&'a Repeat>,
    articles: &'a ArticleAccount,
    assay: &'a str,
    signature: &'a str,
    started: &'a str,
    finished: &'a str,
    wall_time_s: f64,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notes: &'a [String],
    files: BTreeMap<&'a str, File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    bytes: u64,
    sha256: &'a str,
    /// What is wrong with it now.
    problem: Option<String>,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (_, store) = stored()?;
    let run = store.find(&args.run).map_err(Failure::invalid)?;
    let result = run.record.result().map_err(|e| Failure::invalid(anyhow!("the result of {}: {e}", run.id)))?;
    let provenance = provenance(&run, &result);
    if args.json {
        terminal.json(&provenance)?;
        return Ok(Exit::Done);
    }
    text(&provenance, terminal)?;
    Ok(Exit::Done)
}

fn provenance<'a>(run: &'a StoredRun, result: &'a RunResult) -> Provenance<'a> {
    let record = &run.record;
    let file = |(name, stored): (&'a String, &'a crate::runs::StoredFile)| {
        let problem = run.check(name).err().map(|error| error.problem);
        (name.as_str(), File { bytes: stored.bytes, sha256: &stored.sha256, problem })
    };
    Provenance {
        id: &run.id,
        folder: crate::files::shown_path(&run.dir),
        extractor: &result.extractor,
        settings: &record.extractor,
        dataset: &result.dataset,
        selection: &record.selection,
        repeat: record.repeat.as_ref(),
        articles: &result.articles,
        assay: &result.version,
        signature: &result.signature,
        started: &record.started,
        finished: &record.finished,
        wall_time_s: record.wall_time_s,
        notes: &record.notes,
        files: record.files.iter().map(file).collect(),
    }
}

/// Columns of the names.
const NAME: usize = 13;

fn text(p: &Provenance<'_>, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let out = &mut *terminal.out;
    let named = |name: &str, version: &str| [name, version].join(" ").trim_end().to_owned();
    let a = p.articles;
    let outcomes: Vec<String> = a.outcomes.iter().map(|(name, n)| format!("{n} {name}")).collect();
    let outcomes = if outcomes.is_empty() { String::new() } else { format!(" ({})", outcomes.join(", ")) };
    let d = p.dataset;
    let rows = [
        ("folder", p.folder.clone()),
        ("extractor", named(&p.extractor.name, &p.extractor.version)),
        ("fingerprint", p.extractor.fingerprint.clone()),
        ("settings", p.settings.to_string()),
        ("dataset", format!("{} · {} · {}", named(&d.name, &d.version), count(d.articles, "article"), count(d.gold_claims, "gold claim"))),
        ("hash", d.hash.clone()),
        ("selection", p.selection.to_owned()),
        ("repeat", p.repeat.map(|r| format!("{} of {}, the first is {}", r.index, r.of, r.group)).unwrap_or_default()),
        ("articles", format!("{} scored, {} failed, {} excluded{outcomes}", a.scored, a.failed, a.excluded)),
        ("started", p.started.to_owned()),
        ("finished", format!("{}, after {:.1} s", p.finished, p.wall_time_s)),
        ("notes", p.notes.join("\n")),
        ("assay", p.assay.to_owned()),
        ("signature", p.signature.to_owned()),
    ];
    writeln!(out, "{BOLD}{}{BOLD:#}", cut(&shown(p.id), WIDTH))?;
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        row(out, name, value)?;
    }
    for (name, file) in &p.files {
        let state = file.problem.as_deref().unwrap_or("as it was written");
        row(out, "file", &format!("{name} · {} · {state}", bytes(file.bytes)))?;
    }
    Ok(())
}

/// A name and a value on as many lines as it needs.
fn row(out: &mut dyn Write, name: &str, value: &str) -> std::io::Result<()> {
    for (i, line) in lines(&shown(value), WIDTH - NAME).iter().enumerate() {
        writeln!(out, "{DIM}{}{DIM:#}{}", pad_to(if i == 0 { name } else { "" }, NAME), line.trim_end())?;
    }
    Ok(())
}

/// The text in lines of at most that many columns. Words and the parts of a signature are kept whole where they can be.
fn lines(text: &str, most: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for part in text.split_inclusive([' ', '|', ',']) {
        if used > 0 && used + part.trim_end().width() > most {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        for c in part.chars() {
            let width = c.width().unwrap_or(0);
            if used + width > most && c != ' ' {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += width;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn parts_are_kept_whole_where_they_fit() {
        assert_eq!(lines("key:bound,value|ci:none", 12), ["key:bound,", "value|", "ci:none"]);
        assert_eq!(lines("one two", 4), ["one ", "two"]);
        assert_eq!(lines("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(lines("十倍以上", 5), ["十倍", "以上"]);
        assert_eq!(lines("", 5), [""]);
    }
}
