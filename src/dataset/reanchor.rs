//! The claims of an article whose text was changed: what becomes of each, and the files with what was decided.

mod beside;
mod files;
mod restore;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::anchor::CodePoints;
use crate::anchor::moved::{State, Stood, Verdict, Why, moved};
use crate::claim::number::{Reading as FigureReading, find_figures};
use crate::claim::{FieldType, Fragments, Span, decimal};
use crate::formats::table::Table;
use crate::report::safe::quoted;

use super::{ArticleRecord, Reading, hex};

pub use files::{WrittenFile, obstacle, written};

/// Why an article cannot be looked at.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReanchorError {
    /// No row, or a text that cannot be read.
    #[error("no article {0} that can be read; `assay lint` says more")]
    NoArticle(String),
    /// A row of claims.csv whose offsets are no numbers.
    #[error("{file}:{line}: {cell} is no place; write start and end in code points, or s-e;s-e in fragments")]
    BadPlace {
        /// The file's name.
        file: String,
        /// The row's line.
        line: u64,
        /// What is there.
        cell: String,
    },
}

/// What is known of the text that the claims were labelled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldText {
    /// It was given.
    Given,
    /// It is the one of the dataset, which is to be replaced.
    Current,
    /// The new one with other line ends or another Unicode form: it has the SHA-256 of the row.
    Restored,
    /// Nobody has it.
    Unknown,
}

/// One claim of an article.
#[derive(Clone, Debug)]
pub struct PlannedClaim {
    /// Its id.
    pub id: String,
    /// Line of the claim file.
    pub line: u64,
    /// Row of the claim table.
    row: usize,
    /// Its place as the row says.
    pub from: Option<Fragments>,
    /// Its quote as the row says, or as the old text gives it where the row has none.
    pub quote: String,
    /// What became of it.
    pub verdict: Verdict,
    /// The text of the proposed place; empty without one.
    pub new_quote: String,
    /// Fields with a value that the new quote does not give, where its figures changed.
    pub unconfirmed: Vec<(String, String)>,
    /// The user took the proposed place, or gave one.
    pub accepted: bool,
}

impl PlannedClaim {
    /// Whether somebody has to look at it.
    pub fn waits(&self) -> bool {
        !self.verdict.state.is_certain() && !self.accepted
    }

    /// Whether its row changes.
    pub fn moves(&self) -> bool {
        self.accepted || self.verdict.state == State::Moved
    }
}

/// An article with its claims.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its id.
    pub article_id: String,
    /// Its language.
    pub lang: String,
    /// The text that its claims were labelled in, as far as it is known.
    pub old: Option<String>,
    /// Where that comes from.
    pub old_from: OldText,
    /// The new text.
    pub new: String,
    /// Whether the new text is still to be written.
    pub replaces: bool,
    /// The SHA-256 of the row, when it is not that of the new text.
    pub stale_hash: Option<String>,
    /// Whether the old text that was given is another one than the row's SHA-256 names.
    pub is_other_old: bool,
    /// In the order of the file.
    pub claims: Vec<PlannedClaim>,
}

impl Plan {
    /// Whether text, hash and claims fit each other as they are.
    pub fn fits(&self) -> bool {
        !self.replaces && self.stale_hash.is_none() && self.claims.iter().all(|claim| claim.verdict.state == State::Same)
    }

    /// How many claims wait for somebody.
    pub fn waiting(&self) -> usize {
        self.claims.iter().filter(|claim| claim.waits()).count()
    }

    /// Whether something of it may be written: a text that is to be replaced, and is at hand nowhere else, stays as long as a claim waits.
    pub fn can_be_written(&self) -> bool {
        !(self.replaces && self.old_from == OldText::Current && self.waiting() > 0)
    }

    /// Takes the proposed place of a claim, or the one that is given. `None` when there is no such claim.
    ///
    /// # Errors
    /// When the claim is lost and no place is given, or the place is behind the text.
    pub fn accept(&mut self, id: &str, place: Option<&Fragments>, reading: &Reading) -> Option<Result<(), String>> {
        let (new, lang) = (&self.new, &self.lang);
        let claim = self.claims.iter_mut().find(|claim| claim.id == id)?;
        let Some(place) = place.or(claim.verdict.place.as_ref()).cloned() else {
            return Some(Err(format!("{} has no place to accept: give one, as --accept ID=START-END, or delete its row", quoted(id, 60))));
        };
        let Some(quote) = place.quote(new) else {
            return Some(Err(format!("{place} is behind the new text, which has {} code points", new.chars().count())));
        };
        if claim.verdict.state.is_certain() && claim.verdict.place.as_ref() == Some(&place) {
            return Some(Ok(()));
        }
        claim.new_quote = quote;
        claim.verdict.place = Some(place);
        claim.accepted = true;
        claim.unconfirmed = unconfirmed(reading, claim, lang);
        Some(Ok(()))
    }
}

/// The rows of the claim table by article.
#[derive(Debug)]
pub struct ClaimRows<'r>(BTreeMap<&'r str, Vec<usize>>);

impl<'r> ClaimRows<'r> {
    /// Reads the claim table once.
    pub fn of(reading: &'r Reading) -> ClaimRows<'r> {
        let mut by_article: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        if let Some(table) = &reading.claim_table {
            let article = table.column("article_id");
            for row in 0..table.len() {
                by_article.entry(table.cell(row, article)).or_default().push(row);
            }
        }
        ClaimRows(by_article)
    }
}

/// What becomes of an article's claims. `from` is the text that they were labelled in; `to` the one to come: without it the text of the
/// dataset is the new one.
///
/// # Errors
/// When the article is not there or a claim's place cannot be read.
pub fn plan(reading: &Reading, rows: &ClaimRows<'_>, id: &str, from: Option<&str>, to: Option<&str>) -> Result<Plan, ReanchorError> {
    let record = reading.dataset.article(id).ok_or_else(|| ReanchorError::NoArticle(quoted(id, 60)))?;
    let current: &str = &record.article.text;
    let new = to.unwrap_or(current);
    let given = record.sha256.trim();
    let stale_hash = (!given.is_empty() && !has_hash(new, given)).then(|| given.to_owned());
    let (old, old_from) = match (from, to) {
        (Some(from), _) => (Some(Cow::Borrowed(from)), OldText::Given),
        (None, Some(_)) => (Some(Cow::Borrowed(current)), OldText::Current),
        (None, None) => match stale_hash.as_deref().and_then(|hash| restore::restored(new, |text| has_hash(text, hash))) {
            Some(text) => (Some(Cow::Owned(text)), OldText::Restored),
            None => (None, OldText::Unknown),
        },
    };
    let rows = rows_of(reading, rows, id)?;
    let stood: Vec<Stood<'_>> =
        rows.iter().map(|row| Stood { fragments: row.from.as_ref(), quote: &row.quote, ..Stood::default() }).collect();
    let mut verdicts = moved(old.as_deref(), new, &stood);
    let (old_points, new_points) = (old.as_deref().map(CodePoints::new), CodePoints::new(new));
    match &old_points {
        Some(old) => rows.iter().zip(&mut verdicts).for_each(|(row, verdict)| doubt_surroundings(row, verdict, old, &new_points)),
        None => doubt_repeated(&rows, &mut verdicts, new),
    }
    let claims = rows.into_iter().zip(verdicts).map(|(row, verdict)| {
        let quote_at = |points: &CodePoints<'_>, place: &Fragments| points.quote(place).map(Cow::into_owned);
        let new_quote = verdict.place.as_ref().and_then(|place| quote_at(&new_points, place)).unwrap_or_default();
        let unlabelled = row.quote.is_empty().then(|| row.from.as_ref().zip(old_points.as_ref())).flatten();
        let quote = unlabelled.and_then(|(from, points)| quote_at(points, from)).unwrap_or(row.quote);
        let mut claim = PlannedClaim { quote, verdict, new_quote, ..row.claim };
        claim.from = row.from;
        claim.unconfirmed = unconfirmed(reading, &claim, &record.article.lang);
        claim
    });
    let claims = claims.collect();
    let is_other_old = from.is_some_and(|from| stale_hash.as_deref().is_some_and(|hash| !has_hash(from, hash)));
    Ok(Plan {
        article_id: id.to_owned(),
        lang: record.article.lang.clone(),
        new: new.to_owned(),
        replaces: new != current,
        old: old.map(Cow::into_owned),
        old_from,
        stale_hash,
        is_other_old,
        claims,
    })
}

/// A place that is certain, in a sentence that says something else now, is not.
fn doubt_surroundings(row: &RowOf, verdict: &mut Verdict, old: &CodePoints<'_>, new: &CodePoints<'_>) {
    let (true, Some(from), Some(to)) = (verdict.state.is_certain(), &row.from, &verdict.place) else { return };
    let was_there = old.quote(from).is_some_and(|quote| row.quote.is_empty() || quote == row.quote.as_str());
    if was_there && !beside::are_same((old, from), (new, to)) {
        verdict.state = State::Changed;
        verdict.why = Some(Why::Surroundings);
    }
}

/// Where nobody has the old text and other claims are not where they were, a quote that stands in the text more than once may be another
/// mention of the same words.
fn doubt_repeated(rows: &[RowOf], verdicts: &mut [Verdict], new: &str) {
    if verdicts.iter().all(|verdict| verdict.state == State::Same) {
        return;
    }
    for (row, verdict) in rows.iter().zip(verdicts).filter(|(_, verdict)| verdict.state == State::Same) {
        if !row.quote.is_empty() && new.matches(row.quote.as_str()).take(2).count() > 1 {
            verdict.state = State::Ambiguous;
            verdict.why = Some(Why::OldUnknown);
        }
    }
}

/// Whether an article may be out of step: without looking for places, so that thousands of articles are asked in no time.
pub fn is_suspect(reading: &Reading, rows: &ClaimRows<'_>, record: &ArticleRecord) -> bool {
    let given = record.sha256.trim();
    if !given.is_empty() && !has_hash(&record.article.text, given) {
        return true;
    }
    let Ok(rows) = rows_of(reading, rows, &record.article.id) else { return true };
    let points = CodePoints::new(&record.article.text);
    rows.iter().any(|row| match &row.from {
        Some(from) => points.quote(from).is_none_or(|quote| !row.quote.is_empty() && quote != row.quote.as_str()),
        None => !row.quote.is_empty() && record.article.text.matches(row.quote.as_str()).take(2).count() != 1,
    })
}

fn has_hash(text: &str, hash: &str) -> bool {
    hex(&Sha256::digest(text.as_bytes())).eq_ignore_ascii_case(hash)
}

/// A claim as its row says.
struct RowOf {
    from: Option<Fragments>,
    quote: String,
    claim: PlannedClaim,
}

fn rows_of(reading: &Reading, by_article: &ClaimRows<'_>, id: &str) -> Result<Vec<RowOf>, ReanchorError> {
    let Some(table) = &reading.claim_table else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for &row in by_article.0.get(id).into_iter().flatten() {
        let cell = |name: &str| table.cell(row, table.column(name));
        let from = place_of(table, row)?;
        let verdict = Verdict { state: State::Lost, place: None, score: 0.0, why: Some(Why::Gone), elsewhere: Vec::new() };
        let claim = PlannedClaim {
            id: cell("claim_id").to_owned(),
            line: table.line(row),
            row,
            from: None,
            quote: String::new(),
            verdict,
            new_quote: String::new(),
            unconfirmed: Vec::new(),
            accepted: false,
        };
        rows.push(RowOf { from, quote: cell("quote").to_owned(), claim });
    }
    Ok(rows)
}

fn place_of(table: &Table, row: usize) -> Result<Option<Fragments>, ReanchorError> {
    let cell = |name: &str| table.cell(row, table.column(name)).trim();
    let written = match (cell("fragments"), cell("start"), cell("end")) {
        ("", "", "") => return Ok(None),
        ("", start, end) => format!("{start}-{end}"),
        (fragments, ..) => fragments.to_owned(),
    };
    let bad = || ReanchorError::BadPlace { file: table.file().to_owned(), line: table.line(row), cell: quoted(&written, 40) };
    parse_place(&written).map(Some).ok_or_else(bad)
}

/// A place as written: `start-end`, or several with `;` between. `None` when it is none.
pub fn parse_place(written: &str) -> Option<Fragments> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let span = |part: &str| {
        let (start, end) = part.trim().split_once('-')?;
        Span::new(number(start)?, number(end)?)
    };
    let spans: Option<Vec<Span>> = written.split(';').filter(|part| !part.trim().is_empty()).map(span).collect();
    spans.filter(|spans| !spans.is_empty()).map(|spans| spans.into_iter().collect())
}

/// The annotated decimal fields whose value the new quote does not give, when its figures are others than those of the old one.
fn unconfirmed(reading: &Reading, claim: &PlannedClaim, lang: &str) -> Vec<(String, String)> {
    let (before, now) = (figures(&claim.quote, lang), figures(&claim.new_quote, lang));
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
    if claim.new_quote.is_empty() || (before == now && digits(&claim.quote) == digits(&claim.new_quote)) {
        return Vec::new();
    }
    let Some(table) = &reading.claim_table else { return Vec::new() };
    let fields = reading.dataset.schema.fields.iter().filter(|field| field.field_type == FieldType::Decimal);
    let values = fields.map(|field| (field.name.clone(), table.cell(claim.row, table.column(&field.name)).trim().to_owned()));
    values.filter(|(_, value)| decimal::parse(value).is_ok_and(|value| !now.contains(&value.abs()))).collect()
}

/// The figures of a quote, without signs; none where the language does not decide.
fn figures(quote: &str, lang: &str) -> Vec<Decimal> {
    let found = find_figures(quote, lang);
    let certain = found.iter().filter(|figure| figure.reading == FigureReading::Certain);
    certain.flat_map(|figure| [Some(figure.value), figure.value_max]).flatten().map(|value| value.abs()).collect()
}
