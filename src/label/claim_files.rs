//! Claims in files, for articles that are there or come with their texts: JSONL or CSV, where a quote without offsets is enough.
//!
//! A line of JSONL is an article with its claims (`{"id":…,"text"?,"claims":[…]}`), or one claim (`{"article_id"?,"quote":…,"kind":…}`). A
//! row of CSV is a claim, with the columns of claims.csv, `prefix`, `suffix` and `occurrence`; none of them but a place is needed.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use crate::claim::{Schema, nearest};
use crate::dataset::CLAIM_COLUMNS;
use crate::files;
use crate::formats::jsonl::{Faults, LONGEST_LINE, Reading, Record, parse_line};
use crate::formats::table::{Expected, Table};
use crate::problem::{Column, FirstProblems, Problems, Rule};
use crate::report::safe::quoted;

use super::new_claim::NewClaim;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimFile {
    /// In the order of the first line of each.
    pub articles: Vec<FileArticle>,
    /// What is odd, in words.
    pub warnings: Vec<String>,
}

/// An article of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileArticle {
    /// `None` for the article that the command is about.
    pub id: Option<String>,
    /// Line of the file, 1-based.
    pub line: u64,
    /// Its text, where the file gives it.
    pub text: Option<String>,
    /// Columns of articles.csv that the file gives.
    pub columns: Vec<(String, String)>,
    /// Its claims.
    pub claims: Vec<NewClaim>,
}

/// Reads a file of claims: CSV where its name or its first character says so, else JSONL.
///
/// # Errors
/// All problems at once.
pub fn read(file: &str, bytes: Vec<u8>, schema: &Schema) -> Result<ClaimFile, Problems> {
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let is_table = match extension.as_str() {
        "csv" | "tsv" => true,
        "jsonl" | "json" | "ndjson" => false,
        _ => first.is_some_and(|first| *first != b'{'),
    };
    if is_table { of_table(file, bytes, schema) } else { of_lines(file, bytes) }
}

fn of_lines(file: &str, bytes: Vec<u8>) -> Result<ClaimFile, Problems> {
    let text = files::utf8(bytes).map_err(|error| {
        let mut problems = Problems::new();
        problems.add(file, 0, "", Rule::Table, error.to_string());
        problems
    })?;
    let mut read = ClaimFile::default();
    let mut problems = FirstProblems::of(file);
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = at as u64 + 1;
        if line.trim().is_empty() {
            continue;
        }
        let (line, article) = as_record(line);
        let mut faults = Faults::default();
        if line.len() > LONGEST_LINE {
            problems.add(number, "", Rule::Table, || format!("a line of {} bytes; the limit is {LONGEST_LINE}", line.len()));
            continue;
        }
        let record = parse_line(&line, Reading::Gold, &mut faults);
        for fault in &faults.wrong {
            let key = fault.key.as_deref().unwrap_or_default();
            let column: Column = match (fault.claim, fault.byte) {
                (Some(claim), _) if article.is_none() => Column::from(format!("claims[{claim}].{key}").trim_end_matches('.')),
                (_, Some(byte)) if article.is_none() => Column::At(u32::try_from(byte).unwrap_or(u32::MAX).saturating_add(1)),
                _ => Column::from(key),
            };
            problems.add(number, column, Rule::Table, || fault.message.clone());
        }
        for key in faults.odd_keys.iter().filter(|key| article.is_none() || *key != "article_id") {
            let near = nearest(key, crate::formats::jsonl::CLAIM_KEYS).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            read.warnings.push(format!("{file}:{number}: unknown key {} of a claim is left out{near}", quoted(key, 40)));
        }
        if let Some(record) = record {
            read.add(of_record(file, number, record, article));
        }
    }
    problems.finish()?;
    Ok(read)
}

/// The line as an article's; a lone claim is put into one, whose name is given beside it (`None` inside where it names none).
fn as_record(line: &str) -> (String, Option<Option<String>>) {
    let keys: BTreeMap<String, IgnoredAny> = serde_json::from_str(line).unwrap_or_default();
    let has = |key: &str| keys.contains_key(key);
    let is_claim = !has("claims") && !has("text") && ["quote", "start", "fragments"].iter().any(|key| has(key));
    if !is_claim {
        return (line.to_owned(), None);
    }
    #[derive(serde::Deserialize)]
    struct Named {
        article_id: Option<String>,
    }
    let named = serde_json::from_str::<Named>(line).ok().and_then(|named| named.article_id).filter(|id| !id.is_empty());
    (format!("{{\"id\":\"-\",\"claims\":[{line}]}}"), Some(named))
}

fn of_record(file: &str, line: u64, record: Record<'_>, lone: Option<Option<String>>) -> FileArticle {
    let columns = [
        ("lang", &record.lang),
        ("title", &record.title),
        ("publisher", &record.publisher),
        ("url", &record.url),
        ("published_at", &record.published_at),
    ];
    let known = columns.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.as_deref()?.to_owned())));
    let others = record.columns.iter().map(|(name, value)| (name.clone().into_owned(), value.clone().into_owned()));
    let claims = record.claims.iter().enumerate().map(|(number, raw)| {
        let from = if lone.is_some() { format!("{file}:{line}") } else { format!("{file}:{line}: claims[{number}]") };
        NewClaim::of_raw(from, raw)
    });
    FileArticle {
        id: match &lone {
            Some(named) => named.clone(),
            None => Some(record.id.to_string()),
        },
        line,
        text: record.text.as_deref().map(str::to_owned),
        columns: known.chain(others).collect(),
        claims: claims.collect(),
    }
}

impl ClaimFile {
    /// Puts claims of one article together, unless the line has more than claims.
    fn add(&mut self, article: FileArticle) {
        let is_plain = article.text.is_none() && article.columns.is_empty();
        match self.articles.last_mut().filter(|last| is_plain && last.id == article.id) {
            Some(last) => last.claims.extend(article.claims),
            None => self.articles.push(article),
        }
    }
}

/// Columns that only such a table has.
const OWN_COLUMNS: [&str; 3] = ["prefix", "suffix", "occurrence"];

fn of_table(file: &str, bytes: Vec<u8>, schema: &Schema) -> Result<ClaimFile, Problems> {
    let mut found = Problems::new();
    let fields = schema.fields.iter().map(|field| field.name.as_str());
    let known: Vec<&str> = CLAIM_COLUMNS.into_iter().chain(OWN_COLUMNS).chain(fields).collect();
    let table = Table::read(file, bytes, Expected { needed: &[], known: &known, open: false }, &mut found);
    let Some(table) = table.filter(|_| !found.has_errors()) else { return Err(found) };
    // What is not kept would be lost without a word: here it is no warning.
    let unknown: Vec<&String> = table.columns().iter().filter(|column| !known.contains(&column.as_str())).collect();
    let mut problems = FirstProblems::of(file);
    for column in unknown {
        let near = nearest(column, known.iter().copied()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        problems.add(1, column.as_str(), Rule::UnknownColumn, || format!("{} is no column of claims{near}", quoted(column, 40)));
        problems.add(1, column.as_str(), Rule::Table, || {
            "a column that is not known would be lost; take it out, or give it a name of the dataset".to_owned()
        });
    }
    let mut read = ClaimFile::default();
    for row in 0..table.len() {
        let line = table.line(row);
        let mut claim = NewClaim { from: format!("{file}:{line}"), ..NewClaim::default() };
        let mut article = None;
        let (mut start, mut end) = ("", "");
        for (at, column) in table.columns().iter().enumerate() {
            let cell = table.cell(row, Some(at));
            if cell.trim().is_empty() {
                continue;
            }
            let mut fault = |message: String| problems.add(line, column.as_str(), Rule::Table, || message);
            match column.as_str() {
                "article_id" => article = Some(cell.trim().to_owned()),
                "quote" => cell.clone_into(&mut claim.at.quote),
                "start" => start = cell.trim(),
                "end" => end = cell.trim(),
                "fragments" => match crate::formats::claim_rows::fragments(cell.trim()) {
                    Some(spans) => claim.at.spans = spans,
                    None => fault(format!("{} is not of the form 5-9;12-20", quoted(cell, 40))),
                },
                name if known.contains(&name) => {
                    let name = if name == "claim_id" { "id" } else { name };
                    if let Err(message) = claim.set(name, cell, schema) {
                        fault(message);
                    }
                }
                _ => {}
            }
        }
        if claim.at.spans.is_empty() && (!start.is_empty() || !end.is_empty()) {
            let digits = crate::formats::claim_rows::digits;
            match digits(start).zip(digits(end)).filter(|(start, end)| start < end) {
                Some(span) => claim.at.spans = vec![span],
                None => problems.add(line, "start", Rule::Table, || {
                    "start and end are whole numbers of code points, the end greater than the start".to_owned()
                }),
            }
        }
        read.add(FileArticle { id: article, line, claims: vec![claim], ..FileArticle::default() });
    }
    problems.finish()?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::FieldState;

    fn read_text(file: &str, text: &str) -> Result<ClaimFile, String> {
        read(file, text.as_bytes().to_vec(), &Schema::default()).map_err(|problems| problems.to_string())
    }

    #[test]
    fn the_same_claim_in_every_form_is_one() {
        let forms = [
            (
                "c.jsonl",
                r#"{"id":"en-1","claims":[{"quote":"37,000","kind":"quantity","fields":{"value":37000,"unit":null},"prefix":"than"}]}"#,
            ),
            ("-", r#"{"article_id":"en-1","quote":"37,000","kind":"quantity","fields":{"value":37000,"unit":null},"prefix":"than"}"#),
            ("c.csv", "article_id,quote,kind,value,unit,prefix\nen-1,\"37,000\",quantity,37000,none,than\n"),
            ("-", "article_id;quote;kind;value;unit;prefix\r\nen-1;37,000;quantity;37000;none;than\r\n"),
        ];
        for (file, text) in forms {
            let read = read_text(file, text).unwrap();
            let [article] = &read.articles[..] else { panic!("{text}") };
            let [claim] = &article.claims[..] else { panic!("{text}") };
            assert_eq!(article.id.as_deref(), Some("en-1"), "{text}");
            assert_eq!((claim.at.quote.as_str(), claim.at.prefix.as_str(), claim.kind.as_str()), ("37,000", "than", "quantity"), "{text}");
            assert_eq!((claim.fields.value("value"), claim.fields.get("unit")), (Some("37000"), Some(FieldState::Absent)), "{text}");
            assert_eq!(read.warnings, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn claims_of_one_article_stand_together_and_texts_come_along() {
        let text = "{\"quote\":\"a\"}\n\n{\"quote\":\"b\"}\n{\"id\":\"n\",\"text\":\"x\",\"lang\":\"en\",\"claims\":[]}\n{\"article_id\":\"n\",\"start\":0,\"end\":1}\n";
        let read = read_text("-", text).unwrap();
        let seen: Vec<_> = read.articles.iter().map(|a| (a.id.as_deref(), a.text.as_deref(), a.claims.len())).collect();
        assert_eq!(seen, [(None, None, 2), (Some("n"), Some("x"), 1)]);
        assert_eq!(read.articles[1].columns, [("lang".to_owned(), "en".to_owned())]);
    }

    #[test]
    fn what_is_damaged_is_said_with_its_line() {
        for (file, text, says) in [
            ("c.jsonl", "{\"quote\":\"a\"}\n{\"quote\":7}\n", "c.jsonl:2:quote: error[table]"),
            ("c.jsonl", "{\"id\":\"a\",\"claims\":[{\"start\":3,\"end\":1}]}", "c.jsonl:1:claims[0]"),
            ("c.jsonl", "nonsense", "c.jsonl:1"),
            ("c.csv", "quote,vlaue\na,1\n", "did you mean value?"),
            ("c.csv", "quote,start,end\na,5,2\n", "c.csv:2:start"),
            ("c.csv", "quote,fragments\na,5\n", "c.csv:2:fragments"),
        ] {
            let wrong = read_text(file, text).unwrap_err();
            assert!(wrong.contains(says), "{text}: {wrong}");
        }
        let odd = read_text("c.jsonl", "{\"quote\":\"a\",\"kid\":\"x\"}").unwrap();
        assert!(odd.warnings[0].contains("c.jsonl:1: unknown key \"kid\""), "{:?}", odd.warnings);
    }
}
