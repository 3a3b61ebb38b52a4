//! `assay lint`: everything that is wrong with the workspace's dataset, all at once.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::json;

use crate::dataset::Reading;
use crate::dataset::lint::{FixedFile, fixes, lint};
use crate::files;
use crate::problem::{Column, Level, Problem, Problems, Rule};
use crate::report::safe::{shown, shown_json};
use crate::report::terminal::count;

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use super::{style, target};

/// Check the workspace and its dataset; all findings at once.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// Folder of a workspace or dataset [default: the workspace around the current folder]
    pub folder: Option<PathBuf>,
    /// Mend order, quoting, white space at edges, and offsets whose quote occurs once; never values or hashes
    #[arg(long)]
    pub fix: bool,
    /// Exit with 3 on warnings too
    #[arg(long)]
    pub strict: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Print the table of rules and end
    #[arg(long)]
    pub rules: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line a finding, and a summary
    #[default]
    Text,
    /// One JSON object
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// Runs the command.
///
/// # Errors
/// When a mended file cannot be written or the output is closed.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (out, err) = (&mut *terminal.out, &mut *terminal.err);
    if args.rules {
        rules(args.format, out)?;
        return Ok(Exit::Done);
    }
    let mut fixed = Vec::new();
    let mut mendable = false;
    let (problems, counts) = match target::find(args.folder.as_deref()) {
        Err(problems) => (problems, None),
        Ok(target) => {
            let mut reading = Reading::of(&target.root, &target.dir);
            let found = fixes(&reading);
            if args.fix && !found.is_empty() {
                write_fixed(&target.dir, &found)?;
                reading = Reading::of(&target.root, &target.dir);
                fixed = found;
            } else {
                mendable = !found.is_empty();
            }
            let counts = (reading.dataset.articles.len(), reading.dataset.claims.len());
            (lint(&target.root, &reading), Some(counts))
        }
    };
    match args.format {
        Format::Text => {
            text(&problems, &fixed, counts, out)?;
            if mendable {
                let dim = style::DIM;
                writeln!(err, "{dim}some can be mended: assay lint --fix{dim:#}")?;
            }
        }
        Format::Json => json(&problems, &fixed, out)?,
        Format::Github => github(&problems, out)?,
    }
    let bad = problems.has_errors() || (args.strict && problems.count(Level::Warning) > 0);
    Ok(if bad { Exit::Invalid } else { Exit::Done })
}

fn write_fixed(dir: &std::path::Path, fixed: &[FixedFile]) -> anyhow::Result<()> {
    use anyhow::Context;
    let _lock = files::lock(&dir.join("dataset.toml")).with_context(|| format!("failed to lock {}", files::shown_path(dir)))?;
    for file in fixed {
        files::write_whole(&file.path, file.content.as_bytes()).with_context(|| format!("failed to write {}", file.file))?;
    }
    Ok(())
}

fn text(problems: &Problems, fixed: &[FixedFile], counts: Option<(usize, usize)>, out: &mut dyn Write) -> anyhow::Result<()> {
    for file in fixed {
        for fix in &file.fixes {
            let line = if fix.line > 0 { format!(":{}", fix.line) } else { String::new() };
            let green = style::GREEN;
            writeln!(out, "{}{line}: {green}fixed{green:#}: {}", shown(&file.file), shown(&fix.what))?;
        }
    }
    for problem in problems.iter() {
        let (level, dim) = (style::of_level(problem.level), style::DIM);
        let message = shown(&problem.message);
        writeln!(out, "{}: {level}{}{level:#}: {message} {dim}[{}]{dim:#}", problem.place(), problem.level, problem.rule)?;
    }
    let number = |level: Level, name: &str| {
        let n = problems.count(level);
        format!("{n} {name}{}", if n == 1 { "" } else { "s" })
    };
    let found = [number(Level::Error, "error"), number(Level::Warning, "warning"), number(Level::Info, "info")].join(", ");
    let over = counts
        .map(|(articles, claims)| format!(" · {}, {}", count(articles as u64, "article"), count(claims as u64, "claim")))
        .unwrap_or_default();
    if problems.is_empty() {
        let green = style::GREEN;
        writeln!(out, "{green}clean{green:#}{over}")?;
    } else {
        writeln!(out, "{found}{over}")?;
    }
    Ok(())
}

fn json(problems: &Problems, fixed: &[FixedFile], out: &mut dyn Write) -> anyhow::Result<()> {
    let findings: Vec<_> = problems
        .iter()
        .map(|p| {
            let column = match &p.column {
                Column::None => json!(null),
                Column::At(at) => json!(at),
                Column::Named(name) => json!(name),
            };
            json!({
                "file": p.file, "line": if p.line == 0 { json!(null) } else { json!(p.line) }, "column": column,
                "level": p.level.name(), "rule": p.rule.name(), "message": p.message, "fixable": p.rule.fix().is_some(),
            })
        })
        .collect();
    let changes: Vec<_> = fixed
        .iter()
        .flat_map(|file| file.fixes.iter().map(move |fix| json!({"file": file.file, "line": fix.line, "what": fix.what})))
        .collect();
    let result = json!({
        "findings": findings, "fixed": changes, "errors": problems.count(Level::Error),
        "warnings": problems.count(Level::Warning), "infos": problems.count(Level::Info),
    });
    writeln!(out, "{}", shown_json(&serde_json::to_string_pretty(&result)?))?;
    Ok(())
}

/// Workflow commands. What comes from the data is escaped, so that it can neither end the command nor begin another one.
fn github(problems: &Problems, out: &mut dyn Write) -> anyhow::Result<()> {
    for problem in problems.iter() {
        writeln!(out, "{}", annotation(problem))?;
    }
    Ok(())
}

fn annotation(problem: &Problem) -> String {
    let command = match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let data = |text: &str| shown(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut properties = vec![format!("file={}", property(&problem.file))];
    if problem.line > 0 {
        properties.push(format!("line={}", problem.line));
    }
    if let Column::At(at) = problem.column {
        properties.push(format!("col={at}"));
    }
    properties.push(format!("title={}", property(problem.rule.name())));
    let column = if let Column::Named(name) = &problem.column { format!("{}: ", data(name)) } else { String::new() };
    format!("::{command} {}::{column}{}", properties.join(","), data(&problem.message))
}

fn rules(format: Format, out: &mut dyn Write) -> anyhow::Result<()> {
    if format == Format::Json {
        let rules: Vec<_> = Rule::ALL
            .iter()
            .map(|r| json!({"name": r.name(), "level": r.level().name(), "what": r.what(), "why": r.why(), "fix": r.fix()}))
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&rules)?)?;
        return Ok(());
    }
    for rule in Rule::ALL {
        let (level, dim) = (style::of_level(rule.level()), style::DIM);
        writeln!(out, "{:<19} {level}{:<8}{level:#} {}", rule.name(), rule.level().name(), rule.what())?;
        writeln!(out, "{:28} {dim}{}{dim:#}", "", rule.why())?;
        if let Some(fix) = rule.fix() {
            writeln!(out, "{:28} --fix {fix}", "")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_an_article_forges_no_workflow_command() {
        let problem = Problem::new("a,b:c.csv", 3, "quote", Rule::Quote, "x\r\n::set-env name=A::b % \u{1b}[2J");
        let line = annotation(&problem);
        assert_eq!(line, "::error file=a%2Cb%3Ac.csv,line=3,title=quote::quote: x\\u{d}\\u{a}::set-env name=A::b %25 \\u{1b}[2J");
        assert_eq!(line.lines().count(), 1);
    }
}
