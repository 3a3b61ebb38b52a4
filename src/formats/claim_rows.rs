//! A table of claims without a dataset, a row a claim, with the columns of claims.csv: gold or predictions.
//!
//! An empty field cell is *not annotated* in gold and absent in predictions; `none` is absent in both.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::claim::{FieldState, list_items};
use crate::files::MAX_TABLE;
use crate::formats::jsonl::{LONGEST_LINE, RawClaims, RawRow, Reading};
use crate::formats::parquet;
use crate::formats::table::{Expected, Table};
use crate::problem::{FirstProblems, Problems, Rule};
use crate::report::safe::quoted;

/// Columns with a meaning of their own; every other one is a field.
pub(crate) const KNOWN: [&str; 16] = [
    "claim_id",
    "article_id",
    "lang",
    "publisher",
    "group_id",
    "start",
    "end",
    "fragments",
    "quote",
    "tracking_id",
    "kind",
    "score",
    "status",
    "tags",
    "annotator",
    "note",
];

/// What the rows of one article may hold at the most, in bytes of text: an article is held whole, and a line of JSONL may not be longer.
pub(crate) const MOST_OF_ARTICLE: usize = LONGEST_LINE;

/// What a row counts beside its texts.
pub(crate) const OF_ROW: usize = 32;

/// The claims of a table by article.
pub(crate) struct ClaimRows {
    /// In the order of the first row of each.
    pub articles: Vec<ArticleRows>,
    /// What is odd, in words.
    pub warnings: Vec<String>,
}

#[derive(Default)]
pub(crate) struct ArticleRows {
    pub id: String,
    /// Of the first row.
    pub line: u64,
    /// The language of the article, where a row names it.
    pub lang: Option<String>,
    pub publisher: Option<String>,
    /// Which articles are resampled together.
    pub group: Option<String>,
    pub claims: RawClaims<'static>,
    size: usize,
}

/// Reads a CSV file.
pub(crate) fn from_csv(file: &str, bytes: Vec<u8>, reading: Reading) -> Result<ClaimRows, Problems> {
    let mut problems = Problems::new();
    let expected = Expected { needed: &["article_id"], known: &KNOWN, open: true };
    let table = Table::read(file, bytes, expected, &mut problems);
    match table {
        Some(table) if !problems.has_errors() => {
            let mut rows = claims(&table, reading)?;
            rows.warnings.extend(problems.iter().map(ToString::to_string));
            Ok(rows)
        }
        _ => Err(problems),
    }
}

/// Reads a Parquet file.
pub(crate) fn from_parquet(file: &str, bytes: Vec<u8>, reading: Reading) -> Result<ClaimRows, Problems> {
    claims(&parquet::read(file, bytes)?, reading)
}

/// The claims of a table that was read. All problems at once.
fn claims(table: &Table, reading: Reading) -> Result<ClaimRows, Problems> {
    let fields: Vec<(usize, &String)> = table.columns().iter().enumerate().filter(|(_, name)| !KNOWN.contains(&name.as_str())).collect();
    if table.column("article_id").is_none() {
        let mut problems = Problems::new();
        problems.add(table.file(), 1, "article_id", Rule::Table, "is missing; each row needs the id of its article");
        return Err(problems);
    }
    let mut problems = FirstProblems::of(table.file());
    let mut articles: Vec<ArticleRows> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut held = 0;
    for row in 0..table.len() {
        let mut row = Row { table, row, reading, problems: &mut problems };
        let id = row.cell("article_id");
        if id.is_empty() {
            row.wrong("article_id", "is empty; each row needs the id of its article");
            continue;
        }
        let line = table.line(row.row);
        let at = *known.entry(id).or_insert_with_key(|id| {
            articles.push(ArticleRows { id: (*id).to_owned(), line, ..ArticleRows::default() });
            articles.len() - 1
        });
        let Some(article) = articles.get_mut(at) else { continue };
        row.of_article("lang", &mut article.lang);
        row.of_article("publisher", &mut article.publisher);
        row.of_article("group_id", &mut article.group);
        let was_too_large = article.size > MOST_OF_ARTICLE;
        let size = row.size(&fields);
        article.size += size;
        held += size as u64;
        if held > MAX_TABLE {
            problems.add(0, "", Rule::Table, parquet::too_much_text);
            break;
        }
        if article.size <= MOST_OF_ARTICLE {
            row.claim(&fields, &mut article.claims);
        } else if !was_too_large {
            let id = quoted(&article.id, 60);
            row.wrong("article_id", format!("the rows of {id} hold more than {} MiB; an article may hold no more", MOST_OF_ARTICLE >> 20));
        }
    }
    problems.finish()?;
    Ok(ClaimRows { articles, warnings: Vec::new() })
}

struct Row<'t, 'p> {
    table: &'t Table,
    row: usize,
    reading: Reading,
    problems: &'p mut FirstProblems<'t>,
}

impl<'t> Row<'t, '_> {
    fn cell(&self, name: &str) -> &'t str {
        self.table.cell(self.row, self.table.column(name))
    }

    fn owned(&self, name: &str) -> Cow<'static, str> {
        Cow::Owned(self.cell(name).to_owned())
    }

    /// How much the row holds.
    fn size(&self, fields: &[(usize, &String)]) -> usize {
        let of_claim = ["claim_id", "fragments", "quote", "kind", "tracking_id", "tags"].map(|name| self.cell(name).len());
        let of_fields = fields.iter().map(|(column, _)| self.table.cell(self.row, Some(*column)).len());
        OF_ROW + of_claim.into_iter().chain(of_fields).sum::<usize>()
    }

    fn wrong(&mut self, column: &str, message: impl Into<String>) {
        self.problems.add(self.table.line(self.row), column, Rule::Table, || message.into());
    }

    /// What the rows of an article say of it must be one thing; rows may leave it out.
    fn of_article(&mut self, column: &str, before: &mut Option<String>) {
        let cell = self.cell(column);
        match before {
            _ if cell.is_empty() => {}
            None => *before = Some(cell.to_owned()),
            Some(before) if before == cell => {}
            Some(before) => {
                let message =
                    format!("is {} here and {} in a row before; an article has one {column}", quoted(cell, 40), quoted(before, 40));
                self.wrong(column, message);
            }
        }
    }

    fn claim(&mut self, fields: &[(usize, &String)], claims: &mut RawClaims<'static>) {
        let fragments = self.fragments();
        let mut claim = RawRow {
            id: self.owned("claim_id"),
            quote: self.owned("quote"),
            kind: self.owned("kind"),
            tracking_id: self.owned("tracking_id"),
            score: self.score(),
            ..RawRow::default()
        };
        claim.offsets = match (self.offset("start"), self.offset("end")) {
            (Some(start), Some(end)) if start < end => Some((start, end)),
            (Some(start), Some(end)) => {
                self.wrong("end", format!("the span from start {start} to end {end} is empty or reversed"));
                None
            }
            (Some(_), None) if self.cell("end").is_empty() => {
                self.wrong("end", "is empty beside start");
                None
            }
            (None, Some(_)) if self.cell("start").is_empty() => {
                self.wrong("start", "is empty beside end");
                None
            }
            _ => None,
        };
        let has_offsets = !self.cell("start").is_empty() || !self.cell("end").is_empty();
        if self.reading == Reading::Gold && !has_offsets && fragments.is_empty() {
            self.wrong("start", "is missing; without the article's text a quote alone has no place");
        }
        if self.reading == Reading::Gold {
            claims.push_tags(list_items(self.cell("tags")));
            match self.cell("status").trim().parse() {
                Ok(status) => claim.status = status,
                Err(message) => self.problems.add(self.table.line(self.row), "status", Rule::ClaimStatus, || message),
            }
        }
        for (column, name) in fields {
            let value = match field(self.table.cell(self.row, Some(*column)), self.reading) {
                None => continue,
                Some(FieldState::Absent) => FieldState::Absent,
                Some(FieldState::Present(value)) => FieldState::Present(Cow::Owned(value.to_owned())),
            };
            claims.push_field((Cow::Owned((*name).clone()), value));
        }
        claims.push_fragments(fragments);
        claims.push(claim);
    }

    fn offset(&mut self, name: &str) -> Option<u32> {
        let cell = self.cell(name);
        let offset = digits(cell);
        if offset.is_none() && !cell.is_empty() {
            self.wrong(name, format!("{} is not a whole number below 4294967296", quoted(cell, 40)));
        }
        offset
    }

    fn fragments(&mut self) -> Vec<(u32, u32)> {
        let cell = self.cell("fragments");
        if cell.is_empty() {
            return Vec::new();
        }
        let fragments = fragments(cell);
        if fragments.is_none() {
            self.wrong("fragments", format!("{} is not of the form 5-9;12-20", quoted(cell, 40)));
        }
        fragments.unwrap_or_default()
    }

    fn score(&mut self) -> Option<f64> {
        let cell = self.cell("score");
        if cell.is_empty() {
            return None;
        }
        let score = score(cell);
        if score.is_none() {
            self.wrong("score", format!("{} is not a number from 0 to 1", quoted(cell, 40)));
        }
        score
    }
}

/// What a cell says of a field; nothing where it is empty, and in predictions where the field is absent.
pub(crate) fn field(cell: &str, reading: Reading) -> Option<FieldState<&str>> {
    match cell {
        "" => None,
        "none" if reading == Reading::Predictions => None,
        "none" => Some(FieldState::Absent),
        r"\none" => Some(FieldState::Present("none")),
        value => Some(FieldState::Present(value)),
    }
}

/// Fragments in any order, such as `5-9;12-20`.
pub(crate) fn fragments(cell: &str) -> Option<Vec<(u32, u32)>> {
    let pair = |part: &str| {
        let (start, end) = part.split_once('-')?;
        let (start, end) = (digits(start)?, digits(end)?);
        (start < end).then_some((start, end))
    };
    cell.split(';').map(pair).collect()
}

/// A number from 0 to 1.
pub(crate) fn score(cell: &str) -> Option<f64> {
    let plain = cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    cell.parse().ok().filter(|_| plain).and_then(checked_score)
}

/// The number, where it is one from 0 to 1.
pub(crate) fn checked_score(score: f64) -> Option<f64> {
    (0.0..=1.0).contains(&score).then_some(score + 0.0)
}

/// A number of digits only: no sign, no blank.
pub(crate) fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}
