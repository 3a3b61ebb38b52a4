//! Stored runs as a list of at most 80 columns, two lines a run.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::safe::shown;
use super::terminal::{DIM, WIDTH, beside, cut, pad_to, three};
use crate::runs::{Entry, ReadError, RunHead};

const BOLD: Style = Style::new().bold();
const BAD: Style = AnsiColor::Red.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();

/// Columns of an id beside its numbers. A longer one has a line of its own: it is never cut, because it is copied.
const ID: usize = 36;
/// Columns before what belongs to the line above.
const INDENT: usize = 2;

/// A stored run, and whether it is over the data that the list is about; absent where nobody knows.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The run, or what is wrong with it.
    pub entry: &'a Entry,
    /// Whether its dataset has that hash.
    pub same_data: Option<bool>,
}

/// The list, in the order of the runs.
pub fn run_list(runs: &[Listed<'_>]) -> String {
    let heading = format!("{}{:>7}{:>7}{:>7}{:>7}{:>7}{:>9}", pad_to("run", ID), "scored", "failed", "P", "R", "F1", "wall");
    let mut out = format!("{DIM}{heading}{DIM:#}\n");
    for run in runs {
        // Writing to a String cannot fail.
        let _ = match &run.entry.head {
            Ok(head) => readable(&mut out, head, run.same_data),
            Err(error) => unreadable(&mut out, &run.entry.id, error),
        };
    }
    out
}

fn readable(out: &mut String, head: &RunHead, same_data: Option<bool>) -> std::fmt::Result {
    let headline = &head.headline;
    let (score, account) = (headline.score(), &headline.articles);
    title(out, &head.id)?;
    let failed = if account.failed > 0 { BAD } else { Style::new() };
    writeln!(
        out,
        "{:>7}{failed}{:>7}{failed:#}{:>7}{:>7}{:>7}{:>9}",
        account.scored,
        account.failed,
        three(score.precision),
        three(score.recall),
        three(score.f1),
        wall_time(head.wall_time_s)
    )?;
    let extractor = [shown(&headline.extractor.name), shown(&headline.extractor.version)].join(" ");
    let mut parts = vec![minute(head), cut(extractor.trim_end(), 40), headline.primary.clone(), cut(&shown(&head.selection), 40)];
    parts.extend(head.repeat.as_ref().map(|repeat| format!("repeat {} of {}", repeat.index, repeat.of)));
    if same_data == Some(false) {
        parts.push("other data".to_owned());
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    for line in indented(&parts, " · ") {
        match line.strip_suffix("other data") {
            Some(before) => writeln!(out, "{DIM}{before}{DIM:#}{WARN}other data{WARN:#}")?,
            None => writeln!(out, "{DIM}{line}{DIM:#}")?,
        }
    }
    Ok(())
}

fn unreadable(out: &mut String, id: &str, error: &ReadError) -> std::fmt::Result {
    title(out, id)?;
    writeln!(out, "  {BAD}cannot be read{BAD:#}")?;
    let problem = shown(&error.problem).into_owned();
    let words: Vec<&str> = problem.split(' ').collect();
    indented(&words, " ").iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// The id, and blanks up to the numbers.
fn title(out: &mut String, id: &str) -> std::fmt::Result {
    let id = shown(id);
    write!(out, "{BOLD}{id}{BOLD:#}")?;
    if id.width() > ID { write!(out, "\n{:ID$}", "") } else { write!(out, "{:1$}", "", ID - id.width()) }
}

/// Texts beside each other on as many indented lines as they need.
fn indented(texts: &[&str], gap: &str) -> Vec<String> {
    // Lines of the whole width would be too long behind the indent.
    let texts: Vec<String> = texts.iter().map(|text| cut(text, WIDTH - INDENT)).collect();
    let mut lines: Vec<String> = Vec::new();
    for text in &texts {
        match lines.last_mut() {
            Some(line) if line.width() + gap.width() + text.width() <= WIDTH => {
                line.push_str(gap);
                line.push_str(text);
            }
            _ => lines.push(format!("{:INDENT$}{text}", "")),
        }
    }
    lines
}

/// When the run was finished, to the minute.
pub(super) fn minute(head: &RunHead) -> String {
    format!("{} UTC", head.finished.strftime("%Y-%m-%d %H:%M"))
}

/// `0.1 s`, `59.9 s`, `12 min`, `3.2 h`.
fn wall_time(seconds: f64) -> String {
    if seconds < 99.95 {
        format!("{seconds:.1} s")
    } else if seconds < 99.5 * 60.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

/// A remark below a list.
pub fn remark(texts: &[&str]) -> String {
    format!("{DIM}{}{DIM:#}\n", beside(texts, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_times() {
        let times = [0.04, 59.96, 99.94, 720.0, 11_520.0].map(wall_time);
        assert_eq!(times, ["0.0 s", "60.0 s", "99.9 s", "12 min", "3.2 h"]);
    }
}
