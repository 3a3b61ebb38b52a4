//! claims.csv: the gold, a row a claim.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::claim::{Claim, ClaimStatus, FieldName, FieldState, Fields, Fragments, GoldClaim, Schema, Span, list_items, nearest};
use crate::formats::table::Table;
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

use super::ArticleRecord;
use super::place::{Points, explain};

/// Columns of claims.csv but the fields, in canonical order; the fields stand behind `kind`.
pub const BASE_COLUMNS: [&str; 12] =
    ["claim_id", "article_id", "start", "end", "fragments", "quote", "tracking_id", "kind", "status", "tags", "annotator", "note"];

/// The columns that claims.csv must have; beside them `start` with `end`, or `quote`.
pub(super) const NEEDED: [&str; 3] = ["claim_id", "article_id", "kind"];

/// The cell of a field that an annotator found to be absent.
pub(super) const NONE: &str = "none";

/// Reads the claims of a table. Rows with an error are left out.
///
/// `articles` are sorted by id; `known_ids` are the ids of all article rows, also of those that could not be read: their claims
/// are left out without a further error.
pub(super) fn read(
    table: &Table,
    schema: &Schema,
    articles: &[ArticleRecord],
    known_ids: &[&str],
    problems: &mut Problems,
) -> Vec<GoldClaim> {
    if table.is_empty() && has_place(table) {
        problems.add(table.file(), 0, "", Rule::NoRows, "no claims: recall over nothing is undefined");
    }
    read_rows(table, 0..table.len(), schema, articles, known_ids, problems)
}

/// The same for some of the rows of a table.
pub(super) fn read_rows(
    table: &Table,
    rows: impl Iterator<Item = usize>,
    schema: &Schema,
    articles: &[ArticleRecord],
    known_ids: &[&str],
    problems: &mut Problems,
) -> Vec<GoldClaim> {
    let file = table.file();
    let columns = Columns::of(table, schema);
    if !has_place(table) {
        problems.add(file, 1, "", Rule::Table, "the header lacks columns start and end, or quote: a claim needs a place");
        return Vec::new();
    }
    let mut first_line: BTreeMap<&str, u64> = BTreeMap::new();
    let mut of_article: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for row in rows {
        let line = table.line(row);
        let id = table.cell(row, columns.claim_id);
        if id.trim().is_empty() {
            problems.add(file, line, "claim_id", Rule::ClaimId, "claim_id is empty; every claim needs an id of its own");
        } else if let Some(&first) = first_line.get(id) {
            problems.add(file, line, "claim_id", Rule::ClaimId, format!("duplicate claim_id {} (first on line {first})", quoted(id, 60)));
        } else {
            first_line.insert(id, line);
        }
        if let Some(at) = article_of(table, row, articles, known_ids, problems) {
            of_article.entry(at).or_default().push(row);
        }
    }
    let mut claims = Vec::new();
    let mut valid = FxHashSet::default();
    for (at, rows) in of_article {
        let Some(article) = articles.get(at) else { continue };
        let points = Points::new(&article.article.text);
        for row in rows {
            claims.extend(Row { table, row, columns: &columns, schema, valid: &mut valid, problems }.claim(&article.article.id, &points));
        }
    }
    claims
}

/// Whether a table says where claims stand.
fn has_place(table: &Table) -> bool {
    let has = |name: &str| table.column(name).is_some();
    has("quote") || (has("start") && has("end"))
}

/// Where the article of a row stands among the articles. `None` when there is no such article, which is an error unless its own row has one.
pub(super) fn article_of(
    table: &Table,
    row: usize,
    articles: &[ArticleRecord],
    known_ids: &[&str],
    problems: &mut Problems,
) -> Option<usize> {
    let article = table.cell(row, table.column("article_id"));
    let message = match articles.binary_search_by(|a| a.article.id.as_str().cmp(article)) {
        Ok(at) => return Some(at),
        Err(_) if known_ids.contains(&article) => return None,
        Err(_) if article.is_empty() => "article_id is empty; name the article that the claim stands in".to_owned(),
        Err(_) => {
            let ids = || articles.iter().map(|a| a.article.id.as_str());
            let near = ids().find(|id| id.eq_ignore_ascii_case(article.trim())).or_else(|| nearest(article, ids()));
            let near = near.map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            format!("no article {}{near}", quoted(article, 60))
        }
    };
    problems.add(table.file(), table.line(row), "article_id", Rule::UnknownArticle, message);
    None
}

/// Where the columns of a claim table stand.
struct Columns<'t> {
    claim_id: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    fragments: Option<usize>,
    quote: Option<usize>,
    tracking_id: Option<usize>,
    kind: Option<usize>,
    status: Option<usize>,
    tags: Option<usize>,
    annotator: Option<usize>,
    note: Option<usize>,
    /// In the order of the schema; the names are shared by all claims.
    fields: Vec<(FieldName, Option<usize>)>,
    extra: Vec<(&'t str, usize)>,
}

impl<'t> Columns<'t> {
    fn of(table: &'t Table, schema: &Schema) -> Columns<'t> {
        let at = |name: &str| table.column(name);
        let extra =
            table.columns().iter().enumerate().filter(|(_, name)| !BASE_COLUMNS.contains(&name.as_str()) && schema.field(name).is_none());
        Columns {
            claim_id: at("claim_id"),
            start: at("start"),
            end: at("end"),
            fragments: at("fragments"),
            quote: at("quote"),
            tracking_id: at("tracking_id"),
            kind: at("kind"),
            status: at("status"),
            tags: at("tags"),
            annotator: at("annotator"),
            note: at("note"),
            fields: schema.fields.iter().map(|f| (FieldName::from(&*f.name), at(&f.name))).collect(),
            extra: extra.map(|(at, name)| (name.as_str(), at)).collect(),
        }
    }
}

struct Row<'t, 'p> {
    table: &'t Table,
    row: usize,
    columns: &'t Columns<'t>,
    schema: &'t Schema,
    /// Field and value of cells that were found valid: most values of a dataset occur many times.
    valid: &'p mut FxHashSet<(usize, &'t str)>,
    problems: &'p mut Problems,
}

impl<'t> Row<'t, '_> {
    fn cell(&self, column: Option<usize>) -> &'t str {
        self.table.cell(self.row, column)
    }

    fn add(&mut self, column: &str, rule: Rule, message: impl Into<String>) {
        self.problems.add(self.table.file(), self.table.line(self.row), column, rule, message);
    }

    /// The claim of this row; `None` when it has an error. All of the row's findings are reported.
    fn claim(mut self, article_id: &str, points: &Points<'_>) -> Option<GoldClaim> {
        let kind = self.kind();
        let status = match self.cell(self.columns.status).trim().parse::<ClaimStatus>() {
            Ok(status) => Some(status),
            Err(message) => {
                self.add("status", Rule::ClaimStatus, message);
                None
            }
        };
        let place = self.place(points);
        let fields = self.fields();
        let (fragments, quote) = place?;
        let cell = |column| self.cell(column).to_owned();
        Some(GoldClaim {
            claim: Claim {
                id: cell(self.columns.claim_id),
                fragments,
                quote,
                kind: kind?,
                fields: fields?,
                score: None,
                tracking_id: self.cell(self.columns.tracking_id).trim().to_owned(),
            },
            article_id: article_id.to_owned(),
            status: status?,
            tags: tags(self.cell(self.columns.tags)),
            annotator: cell(self.columns.annotator),
            note: cell(self.columns.note),
            extra: self.columns.extra.iter().map(|&(name, at)| (name.to_owned(), cell(Some(at)))).collect(),
            line: self.table.line(self.row),
        })
    }

    fn kind(&mut self) -> Option<String> {
        let kind = self.cell(self.columns.kind).trim().to_owned();
        if kind.is_empty() {
            self.add("kind", Rule::Kind, "kind is empty");
            return None;
        }
        if let Some(kinds) = &self.schema.kinds
            && !kinds.contains(&kind)
        {
            let near = nearest(&kind, kinds.iter().map(String::as_str)).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            let message = format!("{} is no kind of this dataset; one of {}{near}", quoted(&kind, 40), kinds.join(", "));
            self.add("kind", Rule::Kind, message);
            return None;
        }
        Some(kind)
    }

    /// Where the claim stands, and its quote.
    fn place(&mut self, points: &Points<'_>) -> Option<(Fragments, String)> {
        let quote = self.cell(self.columns.quote).to_owned();
        let cells = [("start", self.columns.start), ("end", self.columns.end)].map(|(name, at)| (name, self.cell(at).to_owned()));
        let written = self.cell(self.columns.fragments).to_owned();
        if cells.iter().all(|(_, cell)| cell.is_empty()) && written.trim().is_empty() {
            return self.place_of_quote(points, quote);
        }
        let fragments = if written.trim().is_empty() {
            let [start, end] = cells.each_ref().map(|(name, cell)| self.offset(name, cell));
            Fragments::from(self.span(start?, end?, &quote, points)?)
        } else {
            let fragments = self.fragments(&written, points)?;
            let hull = fragments.hull()?;
            for ((name, cell), expected) in cells.iter().zip([hull.start(), hull.end()]) {
                if !cell.is_empty() && self.offset(name, cell)? != u64::from(expected) {
                    self.add(name, Rule::Offset, format!("{name} is {}; the fragments {fragments} give {expected}", quoted(cell, 20)));
                    return None;
                }
            }
            fragments
        };
        let text = joined(points, &fragments)?;
        if quote.is_empty() {
            self.add("quote", Rule::NoQuote, "no quote beside the offsets: a wrong offset would not be noticed");
            return Some((fragments, text));
        }
        if quote == text {
            return Some((fragments, quote));
        }
        let message = match fragments.spans() {
            [span] => explain(points, span.start(), span.end(), &quote),
            _ => {
                let (text, quote) = (quoted(&text, 60), quoted(&quote, 60));
                format!("the text of fragments {fragments} is {text}, not the quote {quote} (`assay reanchor` looks for what became of it)")
            }
        };
        self.add("quote", Rule::Quote, message);
        None
    }

    fn place_of_quote(&mut self, points: &Points<'_>, quote: String) -> Option<(Fragments, String)> {
        let message = if quote.is_empty() {
            "start and end are empty, and so is the quote: the claim has no place".to_owned()
        } else {
            match points.places(&quote, 1000).as_slice() {
                [only] => return Some((Fragments::from(*only), quote)),
                [] => format!("start is empty, and the quote {} does not occur in the text", quoted(&quote, 60)),
                many => {
                    let places: Vec<String> = many.iter().take(3).map(ToString::to_string).collect();
                    format!(
                        "start is empty, and the quote {} occurs {} times, at {}…; give start and end",
                        quoted(&quote, 60),
                        many.len(),
                        places.join(", ")
                    )
                }
            }
        };
        self.add(if quote.is_empty() { "start" } else { "quote" }, Rule::QuotePlace, message);
        None
    }

    /// A whole number of code points, as written by Assay: digits only.
    fn offset(&mut self, name: &str, cell: &str) -> Option<u64> {
        let number = cell.bytes().all(|b| b.is_ascii_digit()).then(|| cell.parse::<u64>().ok()).flatten();
        if number.is_none() {
            let message = if cell.is_empty() {
                format!("{name} is empty; give start and end, or leave both empty beside a quote")
            } else {
                format!("{name} is {}; it must be a whole number of code points, such as 12", quoted(cell, 30))
            };
            self.add(name, Rule::Offset, message);
        }
        number
    }

    fn span(&mut self, start: u64, end: u64, quote: &str, points: &Points<'_>) -> Option<Span> {
        let length = u64::from(points.len());
        if start >= end {
            let what = if start == end { "is empty (zero length)" } else { "is reversed" };
            self.add(
                "end",
                Rule::Offset,
                format!("the span start {start}, end {end} {what}; the end is excluded and must be greater than the start"),
            );
            return None;
        }
        if end > length {
            let name = if start >= length { "start" } else { "end" };
            // Offsets in larger units run over the end of the text: the quote tells which.
            let guess = u32::try_from(end).ok().filter(|_| !quote.is_empty()).map(|end| explain(points, start as u32, end, quote));
            let message = guess.unwrap_or_else(|| format!("end {end} is behind the text, which has {length} code points"));
            self.add(name, Rule::Offset, format!("{name} {}: {message}", if name == "start" { start } else { end }));
            return None;
        }
        Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?)
    }

    /// `s-e;s-e`.
    fn fragments(&mut self, written: &str, points: &Points<'_>) -> Option<Fragments> {
        let mut spans = Vec::new();
        for part in written.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            let pair = part.split_once('-').filter(|(s, e)| [s, e].iter().all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())));
            let pair = pair.and_then(|(s, e)| Some((s.parse::<u64>().ok()?, e.parse::<u64>().ok()?)));
            let Some((start, end)) = pair else {
                self.add(
                    "fragments",
                    Rule::Offset,
                    format!("{} is no fragment; write start-end;start-end, such as 11-17;20-24", quoted(part, 30)),
                );
                return None;
            };
            if start >= end || end > u64::from(points.len()) {
                let message =
                    format!("fragment {start}-{end} is empty, reversed or behind the text, which has {} code points", points.len());
                self.add("fragments", Rule::Offset, message);
                return None;
            }
            spans.extend(Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?));
        }
        Some(spans.into_iter().collect())
    }

    /// The annotated fields; values as written, without white space at their edges.
    fn fields(&mut self) -> Option<Fields> {
        let mut fields: Vec<(FieldName, FieldState<&str>)> = Vec::with_capacity(self.columns.fields.len());
        let mut all_valid = true;
        let schema = self.schema;
        for (at, (field, (name, column))) in schema.fields.iter().zip(&self.columns.fields).enumerate() {
            let value = match self.cell(*column).trim() {
                "" => continue,
                NONE => {
                    fields.push((name.clone(), FieldState::Absent));
                    continue;
                }
                "\\none" => NONE,
                value => value,
            };
            if !self.valid.contains(&(at, value)) {
                match schema.key(field, value) {
                    Ok(_) => drop(self.valid.insert((at, value))),
                    Err(error) => {
                        self.add(&field.name, Rule::Value, format!("{}: {error}", field.name));
                        all_valid = false;
                    }
                }
            }
            fields.push((name.clone(), FieldState::Present(value)));
        }
        all_valid.then(|| fields.into_iter().collect())
    }
}

/// The text of fragments, joined with one space.
pub(super) fn joined(points: &Points<'_>, fragments: &Fragments) -> Option<String> {
    let parts: Option<Vec<&str>> = fragments.spans().iter().map(|s| points.slice(s.start(), s.end())).collect();
    Some(parts?.join(" "))
}

/// The items of a `tags` cell.
pub(super) fn tags(cell: &str) -> Vec<String> {
    list_items(cell)
}
