//! `assay metrics`: every number of a result with its definition.

use anstyle::Style;
use clap::Args as ClapArgs;
use serde_json::json;

use crate::runs::{BLOCKS, METRICS, Metric};
use crate::score::{Criterion, ErrorClass};

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// Explain every number of a result: its path in the JSON, its definition, its range, and when it is not defined.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// Only paths that contain this, such as recall or fields
    #[arg(default_value = "")]
    pub part: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// When no path contains the text that is asked for.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let chosen: Vec<&Metric> = METRICS.iter().filter(|m| m.path.contains(&args.part)).collect();
    if chosen.is_empty() {
        return Err(Failure::usage(anyhow::anyhow!("no number has {:?} in its path; `assay metrics` lists all", args.part)));
    }
    if args.json {
        let criteria = Criterion::DEFAULT.map(|c| json!({ "name": c.to_string(), "definition": c.definition() }));
        let blocks: Vec<_> = BLOCKS.iter().map(|(path, why)| json!({ "path": path, "undefined": why })).collect();
        terminal.json(&json!({ "metrics": chosen, "criteria": criteria, "null_blocks": blocks }))?;
        return Ok(Exit::Done);
    }
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    for metric in chosen {
        writeln!(terminal.out, "{bold}{}{bold:#}  {dim}{}{dim:#}", metric.path, metric.range.words())?;
        paragraph(terminal, metric.definition)?;
        if !metric.undefined.is_empty() {
            paragraph(terminal, &format!("null when {}", metric.undefined))?;
        }
    }
    if args.part.is_empty() {
        writeln!(terminal.out, "\n{bold}* of criteria{bold:#}")?;
        for criterion in Criterion::DEFAULT {
            paragraph(terminal, &format!("{criterion}: {}", criterion.definition()))?;
        }
        let classes: Vec<&str> = ErrorClass::ALL.iter().map(|c| c.name()).collect();
        writeln!(terminal.out, "{bold}* of errors{bold:#}")?;
        paragraph(terminal, &classes.join(", "))?;
        writeln!(terminal.out, "{bold}blocks that may be null{bold:#}")?;
        for (path, why) in BLOCKS {
            paragraph(terminal, &format!("{path}: {why}"))?;
        }
    }
    Ok(Exit::Done)
}

/// Indented text of at most 80 columns.
fn paragraph(terminal: &mut Terminal<'_>, text: &str) -> std::io::Result<()> {
    const INDENT: usize = 4;
    let mut used = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if used == 0 {
            write!(terminal.out, "{:INDENT$}{word}", "")?;
            used = INDENT + width;
        } else if used + 1 + width > 80 {
            write!(terminal.out, "\n{:INDENT$}{word}", "")?;
            used = INDENT + width;
        } else {
            write!(terminal.out, " {word}")?;
            used += 1 + width;
        }
    }
    writeln!(terminal.out)
}
