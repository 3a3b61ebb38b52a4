//! What `assay add` prints.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::Args;
use super::plan::{Added, AddedClaim};
use crate::claim::{ClaimStatus, FieldState, GoldClaim};
use crate::cli::style::{BOLD, DIM, GREEN, of_level};
use crate::cli::terminal::Terminal;
use crate::dataset::edit::{Editor, Preview, PreviewedFile};
use crate::files;
use crate::label::KIND;
use crate::problem::Level;
use crate::report::marked::{Drawing, Layer, Mark, State, context};
use crate::report::safe::{quoted, shown};
use crate::report::terminal::{WIDTH, count, cut};

/// Rows of a diff that are printed.
const MOST_ROWS: usize = 40;

/// Claims that are printed with their passage.
const MOST_CLAIMS: usize = 20;

/// Something that the user should know.
pub(super) fn warning(message: &str, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let style = of_level(Level::Warning);
    writeln!(terminal.err, "{style}warning:{style:#} {}", shown(message))?;
    Ok(())
}

/// That not all was written.
pub(super) fn cut_short(why: &str, written: usize, of: usize, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    if written > 0 {
        writeln!(terminal.err, "{why}: {written} of {} are written, each whole", count(of as u64, "article"))?;
    } else {
        writeln!(terminal.err, "{why}: nothing was written")?;
    }
    Ok(())
}

/// The rows that an edit would change.
pub(super) fn diff(preview: &Preview, is_json: bool, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    if is_json {
        return Ok(());
    }
    let mut out = String::new();
    for file in &preview.files {
        let path = files::shown_path(&file.path);
        if !path.ends_with(".csv") {
            let lines = file.after.lines().count() as u64;
            writeln!(out, "{BOLD}{}{BOLD:#} {DIM}· {}, {} bytes{DIM:#}", shown(&path), count(lines, "line"), file.after.len())?;
            continue;
        }
        writeln!(out, "{BOLD}{}{BOLD:#}", shown(&path))?;
        let (gone, come) = rows(file);
        let red = of_level(Level::Error);
        for row in gone.iter().take(MOST_ROWS) {
            writeln!(out, "{red}- {}{red:#}", shown(row))?;
        }
        for row in come.iter().take(MOST_ROWS) {
            writeln!(out, "{GREEN}+ {}{GREEN:#}", shown(row))?;
        }
        if gone.len().max(come.len()) > MOST_ROWS {
            writeln!(out, "{DIM}  … {} rows out, {} in{DIM:#}", gone.len(), come.len())?;
        }
    }
    writeln!(out)?;
    write!(terminal.out, "{out}")?;
    Ok(())
}

/// Lines that are only in the old file, and only in the new one.
fn rows(file: &PreviewedFile) -> (Vec<&str>, Vec<&str>) {
    let before = file.before.as_deref().unwrap_or_default();
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    before.lines().for_each(|line| *left.entry(line).or_default() += 1);
    let mut come = Vec::new();
    for line in file.after.lines() {
        match left.get_mut(line).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => come.push(line),
        }
    }
    let mut gone = Vec::new();
    for line in before.lines() {
        if let Some(count) = left.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            gone.push(line);
        }
    }
    (gone, come)
}

/// What was added, or would be.
pub(super) fn added(args: &Args, editor: &Editor, added: &[Added], is_batch: bool, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    for added in added {
        warnings(added, terminal)?;
    }
    if args.json {
        let articles: Vec<Value> = added.iter().map(|added| article_json(added, args.dry_run)).collect();
        return match articles.as_slice() {
            [only] if !is_batch => terminal.json(only),
            articles => terminal.json(&json!({ "articles": articles })),
        };
    }
    let mut out = String::new();
    let mut left = MOST_CLAIMS;
    for added in added {
        article(&mut out, added, args.dry_run, terminal.colour, &mut left)?;
    }
    if is_batch {
        let claims: usize = added.iter().map(|added| added.claims.len()).sum();
        let done = if args.dry_run { "would be added" } else { "added" };
        writeln!(out, "{} to {} {done}", count(claims as u64, "claim"), count(added.len() as u64, "article"))?;
    }
    write!(terminal.out, "{out}")?;
    terminal.out.flush()?;
    for line in advice(args, editor, added) {
        writeln!(terminal.err, "{DIM}{}{DIM:#}", shown(&line))?;
    }
    Ok(())
}

fn warnings(added: &Added, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    for near in &added.near {
        let id = &near.article_id;
        let like = if near.is_same {
            format!("the same text as {id}")
        } else {
            format!("nearly the same text as {id} ({:.0} % of its pieces)", near.share * 100.0)
        };
        let group =
            if added.record.group_id == near.group { String::new() } else { format!("; put both into one group: --group {}", near.group) };
        warning(&format!("{like}{group}"), terminal)?;
    }
    added.notes.iter().try_for_each(|note| warning(note, terminal))?;
    for claim in &added.claims {
        let Some(twin) = &claim.twin else { continue };
        let (name, advice) = if twin.tracking_id.is_empty() {
            (&twin.claim_id, "; give both one track=…".to_owned())
        } else {
            (&twin.tracking_id, format!("? add track={}", twin.tracking_id))
        };
        let quote = quoted(&claim.gold.claim.quote, 30);
        warning(&format!("{quote}: same claim as {name} in {}{advice}", twin.article_id), terminal)?;
    }
    Ok(())
}

fn article(out: &mut String, added: &Added, is_dry: bool, colour: bool, left: &mut usize) -> std::fmt::Result {
    let record = &added.record;
    let mut parts = vec![shown(&record.article.lang).into_owned()];
    parts.extend(added.was.is_none().then(|| "new".to_owned()));
    let (what, done) = if added.is_confirmed { ("draft", "confirmed") } else { ("claim", "added") };
    let would_be = if is_dry { "would be " } else { "" };
    parts.push(format!("{} {would_be}{done}", count(added.claims.len() as u64, what)));
    if added.there > 0 {
        parts.push(format!("{} there already", added.there));
    }
    parts.push(match added.was.filter(|was| *was != record.status) {
        Some(was) => format!("{} → {}", was.name(), record.status.name()),
        None => record.status.name().to_owned(),
    });
    let id = cut(&shown(&record.article.id), 30);
    writeln!(out, "{BOLD}{id}{BOLD:#} {DIM}· {}{DIM:#}", parts.join(" · "))?;
    let printed = added.claims.len().min(*left);
    *left -= printed;
    for claim in &added.claims[..printed] {
        one(out, added, claim, colour)?;
    }
    if printed < added.claims.len() {
        writeln!(out, "  … {} more", added.claims.len() - printed)?;
    }
    Ok(())
}

fn one(out: &mut String, added: &Added, claim: &AddedClaim, colour: bool) -> std::fmt::Result {
    let gold = &claim.gold;
    let unconfirmed = unconfirmed(gold);
    let kind = if unconfirmed.iter().any(|name| name == KIND) { format!("{}?", gold.claim.kind) } else { gold.claim.kind.clone() };
    let style = if gold.status == ClaimStatus::Draft { of_level(Level::Warning) } else { GREEN };
    let status = gold.status.name();
    let head = cut(&shown(&format!("{}  {kind}  {}", gold.claim.id, gold.claim.fragments)), WIDTH - 4 - status.len());
    writeln!(out, "  {head}  {style}{status}{style:#}")?;
    let marks = [Mark { layer: Layer::Gold, state: State::Matched, number: 0, fragments: gold.claim.fragments.clone() }];
    let drawing = Drawing { width: WIDTH, indent: 4, colour };
    if let Some(passage) = context(&added.record.article.text, &marks, drawing) {
        writeln!(out, "{}", passage.trim_end_matches('\n'))?;
    }
    for reading in &claim.readings {
        writeln!(out, "    {}", cut(&shown(reading), WIDTH - 4))?;
    }
    let mut line = String::new();
    for (name, state) in &gold.claim.fields {
        let mark = if unconfirmed.iter().any(|unconfirmed| unconfirmed == name.as_str()) { "?" } else { "" };
        let value = state.into_present().unwrap_or("none");
        let part = cut(&shown(&format!("{name}={value}{mark}")), WIDTH - 4);
        if !line.is_empty()
            && unicode_width::UnicodeWidthStr::width(line.as_str()) + 2 + unicode_width::UnicodeWidthStr::width(part.as_str()) > WIDTH - 4
        {
            writeln!(out, "    {line}")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push_str("  ");
        }
        line.push_str(&part);
    }
    if !line.is_empty() {
        writeln!(out, "    {line}")?;
    }
    let missing: Vec<&str> =
        unconfirmed.iter().map(String::as_str).filter(|name| *name != KIND && !gold.claim.fields.contains_key(name)).collect();
    if !missing.is_empty() {
        writeln!(out, "    {}", cut(&format!("to be given: {}", missing.join(", ")), WIDTH - 4))?;
    }
    Ok(())
}

/// The names in the tags of a draft; none of a draft that has no such tags.
fn unconfirmed(gold: &GoldClaim) -> Vec<String> {
    if gold.free_tags().len() == gold.tags.len() && gold.status != ClaimStatus::Draft { Vec::new() } else { gold.unconfirmed() }
}

fn advice(args: &Args, editor: &Editor, added: &[Added]) -> Vec<String> {
    let mut lines = Vec::new();
    if args.dry_run {
        lines.push("nothing was written".to_owned());
        return lines;
    }
    let drafts = |added: &&Added| added.claims.iter().any(|claim| claim.gold.status == ClaimStatus::Draft);
    let [only] = added else {
        if added.iter().any(|added| drafts(&added)) {
            lines.push("next: assay label".to_owned());
        }
        return lines;
    };
    let id = &only.record.article.id;
    let all = editor.claims_of(id).len();
    let waits = editor.claims_of(id).iter().any(|gold| gold.status == ClaimStatus::Draft);
    if drafts(&only) {
        lines.push(format!("? is not confirmed; next: assay label {id}, or assay add {id} --confirm"));
    } else if waits {
        lines.push(format!("drafts wait; next: assay label {id}, or assay add {id} --confirm"));
    } else if !only.record.status.is_scored() && all > 0 && only.was.is_none_or(|was| !was.is_scored()) {
        lines.push(format!("next: assay add {id} --complete when all of its claims are there"));
    } else if only.was.is_none()
        && all == 0
        && !only.record.status.is_scored()
        && only.record.status != crate::claim::ArticleStatus::Skipped
    {
        lines.push(format!("next: assay label {id}, or assay add {id} --claim QUOTE"));
    }
    lines
}

fn article_json(added: &Added, is_dry: bool) -> Value {
    let mut duplicates: Vec<Value> = added
        .near
        .iter()
        .map(|near| json!({ "article_id": near.article_id, "share": near.share, "same_text": near.is_same, "group_id": near.group }))
        .collect();
    duplicates.extend(added.claims.iter().filter_map(|claim| {
        let twin = claim.twin.as_ref()?;
        Some(json!({ "claim_id": claim.gold.claim.id, "same_as": twin.claim_id, "article_id": twin.article_id, "tracking_id": twin.tracking_id }))
    }));
    json!({
        "article_id": added.record.article.id, "status": added.record.status.name(), "new": added.was.is_none(), "dry_run": is_dry,
        "claims": added.claims.iter().map(claim_json).collect::<Vec<_>>(), "confirmed_drafts": added.is_confirmed, "there_already": added.there,
        "duplicates": duplicates, "warnings": added.notes,
    })
}

fn claim_json(claim: &AddedClaim) -> Value {
    let gold = &claim.gold;
    let hull = gold.claim.fragments.hull();
    let fields: Map<String, Value> = gold
        .claim
        .fields
        .iter()
        .map(|(name, state)| {
            (
                name.to_string(),
                match state {
                    FieldState::Present(value) => Value::from(value),
                    FieldState::Absent => Value::Null,
                },
            )
        })
        .collect();
    json!({
        "id": gold.claim.id, "start": hull.map(|hull| hull.start()), "end": hull.map(|hull| hull.end()),
        "fragments": gold.claim.fragments.spans().iter().map(|span| [span.start(), span.end()]).collect::<Vec<_>>(),
        "quote": gold.claim.quote, "kind": gold.claim.kind, "fields": fields, "unconfirmed": unconfirmed(gold),
        "status": gold.status.name(), "tracking_id": gold.claim.tracking_id, "readings": claim.readings,
    })
}
