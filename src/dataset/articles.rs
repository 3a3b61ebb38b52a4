//! articles.csv and the texts beside it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::claim::{Article, ArticleStatus};
use crate::files;
use crate::formats::table::{Expected, Table};
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

use super::ArticleRecord;
use super::claims::tags;
use super::meta::relative;

/// Columns of articles.csv, in canonical order; the first two are needed.
pub(super) const COLUMNS: [&str; 13] =
    ["article_id", "lang", "title", "publisher", "url", "published_at", "licence", "sha256", "status", "split", "group_id", "tags", "note"];

/// The columns that articles.csv must have.
pub fn needed_article_columns() -> &'static [&'static str] {
    &COLUMNS[..2]
}

/// How the article table is read. Any further column is welcome: it can be a slice.
pub(super) const EXPECTED: Expected<'_> = Expected { needed: &["article_id", "lang"], known: &COLUMNS, open: true };

/// The same for articles.jsonl, which holds the texts.
pub(super) const EXPECTED_JSON: Expected<'_> = Expected { needed: &["article_id", "lang", "text"], known: &COLUMNS, open: true };

/// Whether an id can be the name of a file on every system: `[A-Za-z0-9._-]{1,100}`, and neither `.` nor `..`.
pub fn is_safe_id(id: &str) -> bool {
    (1..=100).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && id != "."
        && id != ".."
}

/// Reads the articles of a table, with their texts from the column `text` or from `articles/<article_id>.txt`.
/// Articles with an error are left out.
pub(super) fn read(root: &Path, dir: &Path, table: &Table, problems: &mut Problems) -> Vec<ArticleRecord> {
    let file = table.file();
    let columns: BTreeMap<&str, usize> = table.columns().iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let column = |name: &str| columns.get(name).copied();
    let mut first_line: BTreeMap<&str, u64> = BTreeMap::new();
    let mut records = Vec::with_capacity(table.len());
    if table.is_empty() {
        problems.add(file, 0, "", Rule::NoRows, "no articles");
    }
    for row in 0..table.len() {
        let line = table.line(row);
        let cell = |name: &str| table.cell(row, column(name));
        let some = |name: &str| Some(cell(name).to_owned()).filter(|text| !text.is_empty());
        let id = cell("article_id");
        if !is_safe_id(id) {
            let message = format!("article_id {} is no safe file name; use 1 to 100 letters, digits, '.', '_' and '-'", quoted(id, 40));
            problems.add(file, line, "article_id", Rule::ArticleId, message);
            continue;
        }
        if let Some(first) = first_line.insert(id, line) {
            problems.add(
                file,
                line,
                "article_id",
                Rule::ArticleId,
                format!("duplicate article_id {} (first on line {first})", quoted(id, 100)),
            );
            first_line.insert(id, first);
            continue;
        }
        let status = match cell("status").parse::<ArticleStatus>() {
            Ok(status) => status,
            Err(message) => {
                problems.add(file, line, "status", Rule::ArticleColumn, message);
                continue;
            }
        };
        let lang = cell("lang").trim();
        if !is_language_tag(lang) {
            let message = format!("{} is no language tag; write one such as id, pt-BR, or und where it is not known", quoted(lang, 40));
            problems.add(file, line, "lang", Rule::Language, message);
        }
        let published_at = some("published_at");
        if published_at.as_deref().is_some_and(|date| !is_date(date)) {
            let message = format!("{} is no ISO 8601 date such as 2024-05-12 or 2024-05-12T09:30:00Z", quoted(cell("published_at"), 40));
            problems.add(file, line, "published_at", Rule::PublishedAt, message);
        }
        let extra = columns.iter().filter(|(name, _)| !COLUMNS.contains(name) && **name != "text");
        records.push(ArticleRecord {
            article: Article {
                id: id.to_owned(),
                lang: if lang.is_empty() { "und".to_owned() } else { lang.to_owned() },
                title: some("title"),
                published_at,
                publisher: some("publisher"),
                url: some("url"),
                text: Arc::from(cell("text")),
            },
            status,
            split: cell("split").to_owned(),
            group_id: cell("group_id").to_owned(),
            licence: cell("licence").to_owned(),
            sha256: cell("sha256").to_owned(),
            tags: tags(cell("tags")),
            note: cell("note").to_owned(),
            extra: extra.map(|(name, &at)| ((*name).to_owned(), table.cell(row, Some(at)).to_owned())).collect(),
            line,
        });
    }
    let texts = if column("text").is_some() { None } else { Some(TextFolder::new(root, dir)) };
    let found: Vec<Result<Problems, Problems>> = records.par_iter_mut().map(|record| read_text(texts.as_ref(), file, record)).collect();
    let mut kept = Vec::with_capacity(records.len());
    for (record, found) in records.into_iter().zip(found) {
        match found {
            Ok(warnings) => {
                problems.extend(warnings);
                kept.push(record);
            }
            Err(errors) => problems.extend(errors),
        }
    }
    kept
}

/// The folder of the texts.
struct TextFolder<'a> {
    root: &'a Path,
    dir: &'a Path,
    /// The folder as the user would name it.
    shown: String,
    /// Whether the folder itself is inside of the root: a file in it is then, too, unless it is a symlink.
    is_inside: bool,
}

impl<'a> TextFolder<'a> {
    fn new(root: &'a Path, dir: &'a Path) -> TextFolder<'a> {
        let is_inside = files::resolve_inside(root, &relative(root, dir, "articles")).is_ok();
        TextFolder { root, dir, shown: files::shown_path(&dir.join("articles")), is_inside }
    }

    /// Following every folder of a path for each of many files takes longer than reading them.
    fn read(&self, name: &str) -> Result<String, files::FileError> {
        let name = relative(self.root, self.dir, name);
        let path = self.root.join(&name);
        let is_plain = self.is_inside && path.symlink_metadata().is_ok_and(|file| file.is_file());
        let path = if is_plain { path } else { files::resolve_inside(self.root, &name)? };
        files::read_text(&path, files::MAX_TEXT)
    }
}

/// Puts the text of an article into its record and checks it. The text stays when only its hash is wrong, so that its claims
/// are checked too.
fn read_text(texts: Option<&TextFolder<'_>>, table: &str, record: &mut ArticleRecord) -> Result<Problems, Problems> {
    let mut problems = Problems::new();
    let id = &record.article.id;
    let (file, line) = if let Some(texts) = texts {
        let shown = format!("{}/{id}.txt", texts.shown);
        match texts.read(&format!("articles/{id}.txt")) {
            Ok(text) => record.article.text = Arc::from(text),
            Err(error) => {
                let line = if let files::FileError::NotUtf8 { line, .. } = error { line } else { 0 };
                problems.add(&shown, line, "", Rule::File, format!("the text of {id} (line {} of {table}): {error}", record.line));
                return Err(problems);
            }
        }
        (shown, 0)
    } else {
        (table.to_owned(), record.line)
    };
    let text = &*record.article.text;
    if text.starts_with('\u{feff}') {
        problems.add(
            &file,
            line.max(1),
            "",
            Rule::ArticleText,
            format!("the text of {id} starts with a byte order mark; remove it: every offset would count it"),
        );
        return Err(problems);
    }
    if text.trim().is_empty() {
        problems.add(&file, line, "", Rule::EmptyText, format!("the text of {id} is empty"));
    }
    let given = record.sha256.trim();
    if !given.is_empty() {
        let is_hex = given.len() == 64 && given.bytes().all(|b| b.is_ascii_hexdigit());
        let actual = hex(&Sha256::digest(text.as_bytes()));
        if !is_hex {
            problems.add(
                table,
                record.line,
                "sha256",
                Rule::ArticleColumn,
                format!("{} is no SHA-256; it has 64 hex digits", quoted(given, 80)),
            );
        } else if !actual.eq_ignore_ascii_case(given) {
            let message = format!(
                "the text of {id} was changed: its SHA-256 is {actual}, the row says {given}; `assay reanchor {id}` moves its claims and updates the row"
            );
            problems.add(table, record.line, "sha256", Rule::ArticleChanged, message);
        }
    }
    Ok(problems)
}

/// Lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

/// Whether a text has the form of a BCP-47 tag: a language of 2 to 8 letters, and subtags of 1 to 8 letters and digits.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or("");
    (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A date, or a date-time with or without offset.
pub(crate) fn is_date(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok_and(|_| !text.contains('T'))
        || text.parse::<jiff::civil::DateTime>().is_ok()
        || text.parse::<jiff::Timestamp>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_ids() {
        for id in ["id-0042", "a", "--help", "CON", "a.b_c", &"i".repeat(100)] {
            assert!(is_safe_id(id), "{id}");
        }
        for id in ["", ".", "..", "a/b", "../x", "a b", "é", "a\nb", &"i".repeat(101), "a:b"] {
            assert!(!is_safe_id(id), "{id}");
        }
    }

    #[test]
    fn languages_and_dates() {
        assert!(["id", "pt-BR", "zh-Hant-TW", "und"].iter().all(|t| is_language_tag(t)));
        assert!(!["", "klingon!!", "e", "en_US", "en-"].iter().any(|t| is_language_tag(t)));
        assert!(["2024-05-12", "2024-05-12T09:30:00Z", "2024-05-12T09:30", "2024-05-12T09:30:00+07:00"].iter().all(|t| is_date(t)));
        assert!(!["12.05.2024", "2024-02-30", "2024", "yesterday", "2024-05-12x"].iter().any(|t| is_date(t)));
    }
}
