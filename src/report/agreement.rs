//! The agreement of annotators on a terminal.

mod cuts;
mod list;

use std::fmt::Write;

use anstyle::Style;

use super::intervals::ends;
use super::safe::shown;
use super::terminal::{DIM, WIDTH, beside, count, cut, pad_to, three};
use crate::stats::Method;
use crate::stats::agreement::{Agreement, Labels, Numbers, PairAgreement};

pub use list::List;

const BOLD: Style = Style::new().bold();

/// What numbers are cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The languages of the articles.
    Lang,
    /// The kinds of the claims.
    Kind,
    /// Kind and fields as labels.
    Field,
    /// The articles.
    Article,
}

/// Columns of names.
const NAME: usize = 28;

/// A table of all pairs, then what each of them disagrees on, or their numbers cut as asked.
pub fn screen(agreement: &Agreement, by: &[Cut], list: List<'_>) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_screen(&mut out, agreement, by, list);
    out
}

fn write_screen(out: &mut String, agreement: &Agreement, by: &[Cut], list: List<'_>) -> std::fmt::Result {
    let annotators = agreement.annotators.len().saturating_sub(1) as u64;
    let counts = format!("{} and the gold", count(annotators, "annotator"));
    let selection = format!("articles: {}", shown(&agreement.selection));
    let title = format!("{} {}", shown(&agreement.dataset.name), shown(&agreement.dataset.version));
    writeln!(out, "{BOLD}{}{BOLD:#}", beside(&[&cut(&title, 40), &counts, &cut(&selection, WIDTH)], " · "))?;
    for annotator in &agreement.annotators {
        let without = if annotator.empty_articles > 0 { format!(", {} without a claim", annotator.empty_articles) } else { String::new() };
        let (articles, claims) = (count(annotator.articles, "article"), count(annotator.claims, "claim"));
        writeln!(out, "  {} {DIM}{articles}{without}, {claims}{DIM:#}", pad_to(&cut(&shown(&annotator.name), NAME), NAME))?;
    }
    let primary = agreement.primary.as_str();
    writeln!(out, "\n{BOLD}{}{BOLD:#}{DIM}{}{DIM:#}", pad_to("F1 of places", NAME + 2), heading(primary))?;
    for pair in &agreement.pairs {
        let numbers = &pair.numbers;
        if numbers.articles == 0 {
            writeln!(out, "  {} {DIM}no article in common{DIM:#}", pad_to(&name_of(pair), NAME))?;
            continue;
        }
        writeln!(out, "  {} {}", pad_to(&name_of(pair), NAME), row(numbers, primary))?;
        below(out, pair, primary)?;
    }
    if let Some(joint) = &agreement.joint {
        let all = format!("all {} annotators", joint.annotators);
        let (units, kinds) = (count(joint.units, "claim"), three(joint.kinds));
        writeln!(out, "\n{BOLD}{}{BOLD:#} {units} of two or more · alpha of kinds {kinds}", pad_to(&all, NAME + 2))?;
        if by.contains(&Cut::Field) {
            for (field, alpha) in &joint.fields {
                writeln!(out, "  {} alpha {}", pad_to(&cut(&shown(field), NAME), NAME), three(*alpha))?;
            }
        }
    }
    for pair in agreement.pairs.iter().filter(|pair| pair.numbers.articles > 0) {
        if by.is_empty() {
            list::write(out, pair, list)?;
        }
        by.iter().try_for_each(|cut| cuts::write(out, pair, *cut, primary))?;
    }
    Ok(())
}

/// `gold ~ machine-b`, cut so that both can be told.
fn name_of(pair: &PairAgreement) -> String {
    let [first, second] = pair.annotators.each_ref().map(|name| shown(name).into_owned());
    if first.len() + second.len() + 3 <= NAME {
        return format!("{first} ~ {second}");
    }
    let half = (NAME - 3) / 2;
    let first = cut(&first, half.max(NAME.saturating_sub(3 + second.len())));
    format!("{first} ~ {}", cut(&second, NAME - 3 - unicode_width::UnicodeWidthStr::width(first.as_str())))
}

/// The criteria that are shown.
fn criteria(primary: &str) -> Vec<&str> {
    let mut names = vec!["exact", primary, "overlap"];
    names.dedup();
    names
}

/// The heading of [`row`].
fn heading(primary: &str) -> String {
    let star = |name: &str| if name == primary { format!("{name}★") } else { name.to_owned() };
    let names: Vec<String> = criteria(primary).into_iter().map(|name| format!("{:>8}", star(name))).collect();
    format!("{:>5} {:>11}{}{:>9}", "art.", "claims", names.concat(), "κ kinds")
}

/// Articles, claims of both, F1 under some criteria, kappa of kinds.
fn row(numbers: &Numbers, primary: &str) -> String {
    let f1 = |name: &str| format!("{:>8}", three(numbers.spans.get(name).and_then(|span| span.f1)));
    let [first, second] = numbers.spans.get(primary).map_or([0, 0], |span| span.claims);
    let names: Vec<String> = criteria(primary).into_iter().map(f1).collect();
    let claims = format!("{first} / {second}");
    format!("{:>4} {claims:>11}{}{:>9}", numbers.articles, names.concat(), three(numbers.kinds.kappa))
}

fn below(out: &mut String, pair: &PairAgreement, primary: &str) -> std::fmt::Result {
    let numbers = &pair.numbers;
    if let Some(ci) = pair.ci.get(primary) {
        let units = count(ci.units, "unit");
        let text = match (&ci.reason, ci.method) {
            (_, Method::None) => "no interval over fewer than 2 units".to_owned(),
            (Some(reason), _) => format!("no interval over {units}: {reason}"),
            (None, Method::Percentile) => format!("95 % of F1 under {primary}: {} · unreliable · {units}", ends(ci.f1)),
            (None, Method::Bca) => format!("95 % of F1 under {primary}: {} · BCa · {units}", ends(ci.f1)),
        };
        writeln!(out, "    {DIM}{text}{DIM:#}")?;
    }
    let Labels { same, pairs, alpha, .. } = numbers.kinds;
    writeln!(out, "    {DIM}kinds the same in {same} of {}, alpha {}{DIM:#}", count(pairs, "pair"), three(alpha))?;
    let fields = count(numbers.pairs, "pair");
    writeln!(out, "    {DIM}all fields the same in {} of {fields} under {primary}{DIM:#}", numbers.all_fields_same)?;
    if numbers.empty_articles > 0 {
        writeln!(out, "    {DIM}{} in which both found no claim{DIM:#}", count(numbers.empty_articles, "article"))?;
    }
    if numbers.thinned > 0 {
        let articles = count(numbers.thinned, "article");
        writeln!(out, "    {articles} over 250,000 pairs: paired among the likeliest only")?;
    }
    Ok(())
}
