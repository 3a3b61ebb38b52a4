//! What `assay reanchor` prints.

use std::fmt::Write;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::anchor::CodePoints;
use crate::anchor::moved::State;
use crate::claim::Fragments;
use crate::dataset::reanchor::{OldText, Plan, PlannedClaim};
use crate::report::safe::shown;
use crate::report::terminal::{count, cut, pad_to};

use super::super::style::{BOLD, DIM, GREEN, of_level};
use super::super::terminal::Terminal;
use crate::problem::Level;

const WIDTH: usize = 80;

/// The plans as text; `wrote` says whether anything was written, where that was asked for.
pub(super) fn text(plans: &[Plan], articles: usize, wrote: Option<bool>, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let mut out = String::new();
    for plan in plans {
        article(&mut out, plan)?;
        out.push('\n');
    }
    let waiting: usize = plans.iter().map(Plan::waiting).sum();
    let moving = plans.iter().flat_map(|plan| &plan.claims).filter(|claim| claim.moves()).count();
    if plans.is_empty() {
        writeln!(out, "{GREEN}nothing to move{GREEN:#} · {}", count(articles as u64, "article"))?;
    } else {
        let mut parts = vec![count(plans.len() as u64, "article")];
        let verb = if wrote == Some(true) { "moved" } else { "to move" };
        parts.push(format!("{} {verb}", count(moving as u64, "claim")));
        parts.push(format!("{waiting} waiting"));
        writeln!(out, "{}", parts.join(" · "))?;
    }
    write!(terminal.out, "{out}")?;
    for line in advice(plans, wrote) {
        writeln!(terminal.err, "{DIM}{line}{DIM:#}")?;
    }
    Ok(())
}

fn advice(plans: &[Plan], wrote: Option<bool>) -> Vec<&'static str> {
    let mut lines = Vec::new();
    let claims = || plans.iter().flat_map(|plan| &plan.claims);
    if claims().any(PlannedClaim::waits) && plans.iter().any(|plan| plan.old_from == OldText::Unknown) {
        lines.push("with the old text more is certain: git show HEAD:PATH > OLD.txt, then --from OLD.txt");
    }
    if claims().any(|claim| claim.waits() && claim.verdict.place.is_some()) {
        lines.push("take a proposed place with --accept ID, give one with --accept ID=START-END");
    }
    if claims().any(|claim| claim.waits() && claim.verdict.state == State::Lost) {
        lines.push("a lost claim: give its place, or delete its row in claims.csv");
    }
    let changes = |plan: &Plan| plan.can_be_written() && (plan.waiting() == 0 || plan.claims.iter().any(PlannedClaim::moves));
    if wrote.is_none() && plans.iter().any(changes) {
        lines.push("nothing was written; --write writes what is certain or accepted");
    }
    lines
}

fn article(out: &mut String, plan: &Plan) -> std::fmt::Result {
    let what = match (plan.replaces, plan.old_from) {
        (true, _) => "gets a new text",
        (false, OldText::Given) => "compared with the old text",
        (false, OldText::Restored) => "line ends or Unicode form changed",
        _ => "its old text is not known",
    };
    let title = cut(&shown(&plan.article_id), WIDTH - 40);
    writeln!(out, "{BOLD}{title}{BOLD:#} {DIM}· {what} · {}{DIM:#}", count(plan.claims.len() as u64, "claim"))?;
    if plan.is_other_old {
        let warning = of_level(Level::Warning);
        writeln!(out, "  {warning}warning:{warning:#} the old text is not the one whose SHA-256 is in articles.csv")?;
    }
    let same = plan.claims.iter().filter(|claim| claim.verdict.state == State::Same && !claim.accepted).count();
    for claim in plan.claims.iter().filter(|claim| claim.verdict.state != State::Same || claim.accepted) {
        one(out, plan, claim)?;
    }
    if same > 0 {
        let verb = if same == 1 { "stays" } else { "stay" };
        writeln!(out, "  {} {verb}", count(same as u64, "claim"))?;
    }
    if plan.stale_hash.is_some() && plan.waiting() == 0 {
        writeln!(out, "  sha256 of the row: brought up to date")?;
    }
    if !plan.can_be_written() {
        writeln!(out, "  the text is replaced when no claim waits; until then nothing of it is written")?;
    }
    Ok(())
}

fn one(out: &mut String, plan: &Plan, claim: &PlannedClaim) -> std::fmt::Result {
    let state = claim.verdict.state;
    let style = match (state.is_certain() || claim.accepted, state) {
        (true, _) => GREEN,
        (false, State::Lost) => of_level(Level::Error),
        _ => of_level(Level::Warning),
    };
    let name = if claim.accepted { "accepted" } else { state.name() };
    let place = |place: &Option<Fragments>| place.as_ref().map_or("–".to_owned(), |place| cut(&place.to_string(), 24));
    let id = cut(&shown(&claim.id), 26);
    let score = if claim.accepted { String::new() } else { format!("  {:.2}", claim.verdict.score) };
    let places = format!("{} → {}", place(&claim.from), place(&claim.verdict.place));
    let line = format!("  {} {style}{}{style:#} ", pad_to(&id, 16), pad_to(name, 9));
    let used = 2 + id.width().max(16) + 1 + 9 + 1;
    writeln!(out, "{line}{}", cut(&format!("{places}{score}"), WIDTH - used))?;
    if let Some(why) = claim.verdict.why.filter(|_| !claim.accepted) {
        writeln!(out, "    {DIM}{why}{DIM:#}")?;
    }
    if !claim.verdict.elsewhere.is_empty() && !claim.accepted {
        let places: Vec<String> = claim.verdict.elsewhere.iter().take(5).map(ToString::to_string).collect();
        let more = if claim.verdict.elsewhere.len() > 5 { ", …" } else { "" };
        writeln!(out, "    {DIM}{}{DIM:#}", cut(&format!("the same words: {}{more}", places.join(", ")), WIDTH - 4))?;
    }
    let before = claim.from.as_ref().zip(plan.old.as_ref()).and_then(|(from, old)| in_context(old, from, &claim.quote));
    let before = before.unwrap_or_else(|| format!("[{}]", cut(&flat(&claim.quote), WIDTH - 8)));
    let after = claim.verdict.place.as_ref().and_then(|place| in_context(&plan.new, place, &claim.new_quote));
    if after.as_ref() != Some(&before) {
        writeln!(out, "    - {before}")?;
    }
    if let Some(after) = after {
        writeln!(out, "    + {after}")?;
    }
    for (field, value) in &claim.unconfirmed {
        let asks = if claim.accepted { "becomes a draft until it is confirmed" } else { "confirm it again" };
        let line = format!("{} is {}: {asks}", shown(field), shown(value));
        writeln!(out, "    {}", cut(&line, WIDTH - 4))?;
    }
    Ok(())
}

/// The quote between brackets with the text around it, on one line. `None` when the place does not give the quote.
fn in_context(text: &str, place: &Fragments, quote: &str) -> Option<String> {
    const ROOM: usize = WIDTH - 6 - 2;
    let points = CodePoints::new(text);
    if points.quote(place)? != quote {
        return None;
    }
    let hull = place.hull()?;
    let (start, end) = (hull.start() as usize, hull.end() as usize);
    let around = |from: usize, to: usize| flat(points.slice(from, to).unwrap_or_default());
    let quote = cut(&flat(quote), ROOM * 2 / 3);
    let room = (ROOM - quote.width()) / 2;
    let before = tail(&around(start.saturating_sub(60), start), room);
    let behind = cut(&around(end, (end + 60).min(points.count())), room);
    Some(format!("{before}[{quote}]{behind}"))
}

/// Line breaks and tabs as blanks, and nothing that moves a terminal.
fn flat(text: &str) -> String {
    let blanks: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    shown(&blanks).into_owned()
}

/// The end of a text in at most that many columns.
fn tail(text: &str, columns: usize) -> String {
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let fitting = starts.map(|at| &text[at..]).find(|rest| rest.width() + usize::from(rest.len() < text.len()) <= columns);
    let rest = fitting.unwrap_or_default();
    if rest.len() < text.len() && columns > 0 { format!("…{rest}") } else { rest.to_owned() }
}

/// The plans as JSON.
pub(super) fn json(plans: &[Plan], write: bool) -> Value {
    let place = |place: &Option<Fragments>| place.as_ref().map(ToString::to_string);
    let claim = |claim: &PlannedClaim| {
        json!({
            "claim_id": claim.id, "line": claim.line, "state": claim.verdict.state.name(), "score": claim.verdict.score,
            "from": place(&claim.from), "to": place(&claim.verdict.place), "quote": claim.quote, "new_quote": claim.new_quote,
            "why": claim.verdict.why.map(|why| why.to_string()), "accepted": claim.accepted, "waits": claim.waits(),
            "elsewhere": claim.verdict.elsewhere.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "confirm": claim.unconfirmed.iter().map(|(field, value)| json!({"field": field, "value": value})).collect::<Vec<_>>(),
        })
    };
    let old_text = |old| match old {
        OldText::Given => "given",
        OldText::Current => "current",
        OldText::Restored => "restored",
        OldText::Unknown => "unknown",
    };
    let articles: Vec<Value> = plans
        .iter()
        .map(|plan| {
            json!({
                "article_id": plan.article_id, "old_text": old_text(plan.old_from), "replaces_text": plan.replaces,
                "stale_sha256": plan.stale_hash, "written": write && plan.can_be_written(),
                "claims": plan.claims.iter().map(claim).collect::<Vec<_>>(),
            })
        })
        .collect();
    let all = || plans.iter().flat_map(|plan| &plan.claims);
    let counts = State::ALL.map(|state| (state.name(), all().filter(|claim| claim.verdict.state == state).count()));
    let counts: serde_json::Map<String, Value> = counts.into_iter().map(|(name, n)| (name.to_owned(), n.into())).collect();
    json!({"articles": articles, "counts": counts, "waiting": all().filter(|claim| claim.waits()).count()})
}
