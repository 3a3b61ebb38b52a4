//! A comparison of two runs as a screen of at most 80 columns.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::safe::shown;
use super::terminal::{DIM, WIDTH, beside, count, cut, folded, pad_to, three, two, wrapped};
use super::words::{chance, difference_ends, signed, spent_in_words};
use crate::runs::{ClaimChange, ComparedRun, Comparison, Difference, Direction};

const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Slices that are shown at most.
const MOST_SLICES: usize = 12;

/// The verdict, the numbers, and at most `limit` claims of each list (0: all).
pub fn comparison_screen(comparison: &Comparison, limit: usize) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_screen(&mut out, comparison, limit);
    out
}

fn write_screen(out: &mut String, c: &Comparison, limit: usize) -> std::fmt::Result {
    let style = match c.verdict.direction {
        Direction::Better => GOOD,
        Direction::Worse => BAD,
        _ => BOLD,
    };
    for line in folded(&shown(&c.verdict.sentence), WIDTH) {
        writeln!(out, "{style}{line}{style:#}")?;
    }
    writeln!(out)?;
    run(out, "base", &c.base)?;
    run(out, "head", &c.head)?;
    articles(out, c)?;
    numbers(out, c)?;
    slices(out, c)?;
    writeln!(
        out,
        "{DIM}McNemar          only base found {}, only head {}: p {} (mid-p {}){DIM:#}",
        c.mcnemar.only_base,
        c.mcnemar.only_head,
        chance(Some(c.mcnemar.p)),
        three(Some(c.mcnemar.mid_p))
    )?;
    writeln!(out, "{DIM}                 assumes independent claims, which those of an article are not{DIM:#}")?;
    let lists = [
        ("newly missed", &c.changes.newly_missed),
        ("newly found", &c.changes.newly_found),
        ("newly wrong field", &c.changes.newly_wrong_field),
        ("newly right field", &c.changes.newly_right_field),
        ("newly spurious", &c.changes.newly_spurious),
        ("no longer spurious", &c.changes.no_longer_spurious),
    ];
    for (title, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        write!(out, "\n{}", claim_list(title, list, limit))?;
    }
    Ok(())
}

fn run(out: &mut String, label: &str, run: &ComparedRun) -> std::fmt::Result {
    let version = format!("{} {}", run.extractor.name, run.extractor.version);
    let mut parts =
        vec![format!("{label}  {}", cut(&shown(&run.run), 40)), cut(&shown(version.trim_end()), 30), count(run.attempted, "article")];
    parts.extend((run.failed > 0).then(|| format!("{} failed", run.failed)));
    parts.extend(run.wall_time_s.map(|s| format!("{s:.1} s")));
    parts.extend(spent_in_words(&run.spent));
    parts.extend(run.rescored.then(|| "scored again on the gold of today".to_owned()));
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    writeln!(out, "{}", beside(&parts, " · "))
}

fn articles(out: &mut String, c: &Comparison) -> std::fmt::Result {
    let a = &c.articles;
    let mut parts = vec![format!("{} compared", a.compared), format!("{} differ", count(c.differing_units, "unit"))];
    let lists = [("new", &a.new), ("gone", &a.gone), ("changed", &a.changed)];
    parts.extend(lists.iter().filter(|(_, ids)| !ids.is_empty()).map(|(word, ids)| format!("{} {word}", ids.len())));
    wrapped(out, "articles", &parts)?;
    for (word, ids) in lists.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        const SHOWN: usize = 6;
        let mut names: Vec<String> = ids.iter().take(SHOWN).map(|id| cut(&shown(id), 40)).collect();
        names.extend((ids.len() > SHOWN).then(|| format!("{} more", ids.len() - SHOWN)));
        wrapped(out, &format!("  {word}"), &names)?;
    }
    Ok(())
}

fn numbers(out: &mut String, c: &Comparison) -> std::fmt::Result {
    writeln!(out, "\n{DIM}                    base    head    diff   95 % interval        p{DIM:#}")?;
    let (first, rest): (Vec<_>, Vec<_>) = c.criteria.iter().partition(|(name, _)| **name == c.primary);
    for (name, criterion) in first.into_iter().chain(rest) {
        let is_primary = *name == c.primary;
        let star = if is_primary { " ★" } else { "" };
        let rows = [("P", criterion.of.precision), ("R", criterion.of.recall), ("F1", criterion.of.f1)];
        // The other criteria have a line each, the primary one three.
        for (letter, of) in rows.into_iter().filter(|(letter, _)| is_primary || *letter == "F1") {
            let label = format!("{name}{star} {letter}");
            difference_line(out, &label, &of, None)?;
        }
        if is_primary && criterion.unreliable {
            let reason = criterion.of.f1.no_interval.map_or_else(|| "too few units: not reliable".to_owned(), |r| r.to_string());
            writeln!(out, "  {DIM}{reason}{DIM:#}")?;
        }
    }
    Ok(())
}

fn slices(out: &mut String, c: &Comparison) -> std::fmt::Result {
    let mut moved: Vec<_> = c.slices.iter().filter(|s| s.of.difference.is_some_and(|d| d != 0.0)).collect();
    if moved.is_empty() {
        return Ok(());
    }
    moved.sort_by(|a, b| a.of.difference.unwrap_or(0.0).total_cmp(&b.of.difference.unwrap_or(0.0)));
    writeln!(out, "{DIM}slices that moved   base    head    diff   95 % interval     Holm p   gold{DIM:#}")?;
    let hidden = moved.len().saturating_sub(MOST_SLICES);
    // Those that fell most and those that rose most.
    let half = MOST_SLICES / 2;
    let chosen: Vec<_> = if hidden == 0 { moved } else { moved[..half].iter().chain(&moved[moved.len() - half..]).copied().collect() };
    for slice in chosen {
        let metric = if slice.metric == "f1" { "F1" } else { "R" };
        let label = format!("{}={} {metric}", shown(&slice.column), shown(&slice.value));
        difference_line(out, &label, &slice.of, Some(slice.gold))?;
    }
    if hidden > 0 {
        writeln!(out, "  {DIM}{hidden} more between them: --json has all{DIM:#}")?;
    }
    Ok(())
}

fn difference_line(out: &mut String, label: &str, of: &Difference, gold: Option<u64>) -> std::fmt::Result {
    let interval = difference_ends(of.ci);
    let style = match of.ci {
        Some([low, _]) if low > 0.0 => GOOD,
        Some([_, high]) if high < 0.0 => BAD,
        _ => Style::new(),
    };
    let difference = of.difference.map_or_else(|| "n/a".to_owned(), signed);
    let p = chance(if gold.is_some() { of.p_holm } else { of.p });
    let gold = gold.map(|n| format!("  {n:>5}")).unwrap_or_default();
    writeln!(
        out,
        "  {}{:>6}  {:>6}  {style}{:>6}{style:#}   {interval:<16}{:>7}{gold}",
        pad_to(&cut(label, 16), 16),
        three(of.base),
        three(of.head),
        difference,
        p
    )
}

/// A list of claims under a title, at most `limit` of them (0: all).
pub fn claim_list(title: &str, list: &[ClaimChange], limit: usize) -> String {
    let list: Vec<(&ClaimChange, String)> = list.iter().map(|change| (change, String::new())).collect();
    noted_claims(title, &list, limit, "-n 0 shows all")
}

/// The same with a note before each claim, and where the reader finds those that are not shown.
pub(super) fn noted_claims(title: &str, list: &[(&ClaimChange, String)], limit: usize, more: &str) -> String {
    let mut out = String::new();
    let shown_claims = if limit == 0 { list.len() } else { limit.min(list.len()) };
    let _ = writeln!(out, "{BOLD}{title}{BOLD:#}  {}", list.len());
    for (change, note) in &list[..shown_claims] {
        let _ = write_change(&mut out, change, note);
    }
    if shown_claims < list.len() {
        let _ = writeln!(out, "  {DIM}{} more: {more}{DIM:#}", list.len() - shown_claims);
    }
    out
}

fn write_change(out: &mut String, change: &ClaimChange, note: &str) -> std::fmt::Result {
    let mut who: Vec<String> = Some(note.to_owned()).filter(|note| !note.is_empty()).into_iter().collect();
    who.extend([shown(&change.article_id).into_owned(), shown(&change.claim.name).into_owned()]);
    if !change.claim.kind.is_empty() {
        who.push(shown(&change.claim.kind).into_owned());
    }
    who.extend(change.class.iter().map(|class| shown(class).into_owned()));
    who.extend((!change.claim.tags.is_empty()).then(|| shown(&change.claim.tags.join(", ")).into_owned()));
    who.extend(change.claim.score.map(|score| format!("score {}", two(Some(score)))));
    writeln!(out, "  {}", cut(&who.join("  "), WIDTH - 2))?;
    match &change.context {
        Some(context) => {
            // The claim in the middle of one line; what is cut away is the text around it.
            let quote = cut(&shown(&flat(&context.quote)), 40);
            let room = (WIDTH - 8).saturating_sub(quote.width()) / 2;
            let before = tail(&shown(&flat(&context.before)), room);
            let after = cut(&shown(&flat(&context.after)), room);
            writeln!(out, "    {DIM}{before}{DIM:#}{BOLD}⟦{quote}⟧{BOLD:#}{DIM}{after}{DIM:#}")?;
        }
        None => writeln!(out, "    {DIM}not in the text:{DIM:#} {}", cut(&shown(&flat(&change.claim.quote)), WIDTH - 22))?,
    }
    for field in &change.fields {
        let value = |v: &Option<String>| v.as_deref().map_or_else(|| "none".to_owned(), |v| cut(&shown(v), 18));
        let name = pad_to(&cut(&shown(&field.field), 14), 14);
        writeln!(out, "    {name} gold {}   base {}   head {}", value(&field.gold), value(&field.base), value(&field.head))?;
    }
    Ok(())
}

/// Line breaks and tabs as blanks.
fn flat(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// The end of a text in at most that many columns.
fn tail(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept: Vec<char> = Vec::new();
    let mut used = 1;
    for c in text.chars().rev() {
        let mut buffer = [0; 4];
        used += c.encode_utf8(&mut buffer).width();
        if used > columns {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept.into_iter().rev().collect()
}
