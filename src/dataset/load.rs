//! A dataset read from its folder: as much of it as can be read, and everything that is wrong.

use std::path::{Path, PathBuf};

use crate::files::{self, FileError};
use crate::formats::table::{Expected, Table};
use crate::problem::{Level, Problems, Rule};

use super::meta::relative;
use super::{Dataset, articles, claims, json_table, meta};

/// What was read of a dataset. With errors among the problems it is good for further checks only, not for scoring.
#[derive(Debug, Default)]
pub struct Reading {
    /// What could be read: rows with an error are left out.
    pub dataset: Dataset,
    /// The article table as it stands in the file.
    pub article_table: Option<Table>,
    /// The claim table as it stands in the file.
    pub claim_table: Option<Table>,
    /// Everything found.
    pub problems: Problems,
}

impl Reading {
    /// Reads the dataset in `dir`; symlinks must stay inside `root`.
    pub fn of(root: &Path, dir: &Path) -> Reading {
        let mut problems = Problems::new();
        let mut reading = Reading { dataset: Dataset { dir: dir.to_owned(), ..Dataset::default() }, ..Reading::default() };
        let meta = meta::read(root, dir, &mut problems);
        let has_schema = meta.is_some();
        if let Some((meta, schema)) = meta {
            reading.dataset.meta = meta;
            reading.dataset.schema = schema;
        }
        let folder = Folder { root, dir };
        let dataset = &mut reading.dataset;
        if let Some(table) = folder.table("articles", articles::EXPECTED, articles::EXPECTED_JSON, &mut problems) {
            dataset.articles = articles::read(root, dir, &table, &mut problems);
            dataset.articles.sort_by(|a, b| a.article.id.cmp(&b.article.id));
            dataset.article_columns = table.columns().to_vec();
            check_languages(dataset, table.file(), &mut problems);
            check_groups(dataset, table.file(), &mut problems);
            reading.article_table = Some(table);
        }
        // Without a schema every field would be an unknown column.
        if has_schema {
            let field_names: Vec<&str> = dataset.schema.fields.iter().map(|f| f.name.as_str()).collect();
            let known: Vec<&str> = claims::BASE_COLUMNS.iter().copied().chain(field_names).collect();
            let expected = Expected { needed: &claims::NEEDED, known: &known, open: false };
            if let Some(table) = folder.table("claims", expected, expected, &mut problems) {
                reading.claim_table = Some(table);
            }
        }
        reading.dataset.sort();
        reading.problems = problems;
        reading.read_claims();
        reading
    }

    /// Takes over the claim table as it stands in its file now, with what was found on reading it.
    pub(super) fn take_claims(&mut self, table: Table, found: Problems) {
        let mut problems = Problems::new();
        self.problems.iter().filter(|problem| problem.file != table.file()).for_each(|problem| problems.push(problem.clone()));
        problems.extend(found);
        self.problems = problems;
        self.claim_table = Some(table);
        self.read_claims();
    }

    /// Reads the claims from their table.
    fn read_claims(&mut self) {
        let Some(table) = &self.claim_table else { return };
        let dataset = &mut self.dataset;
        if let Some(articles) = &self.article_table {
            let ids: Vec<&str> = (0..articles.len()).map(|row| articles.cell(row, articles.column("article_id"))).collect();
            let unread: Vec<&str> = ids.into_iter().filter(|id| dataset.article(id).is_none()).collect();
            dataset.claims = claims::read(table, &dataset.schema, &dataset.articles, &unread, &mut self.problems);
        }
        dataset.claim_columns = table.columns().to_vec();
        dataset.sort();
    }

    /// The dataset, when nothing that was found is an error; else all findings.
    ///
    /// # Errors
    /// All findings, when at least one of them is an error.
    pub fn into_dataset(self) -> Result<Dataset, Problems> {
        if self.problems.has_errors() {
            return Err(self.problems);
        }
        let mut warnings = self.problems.of_level(Level::Warning);
        warnings.extend(self.problems.of_level(Level::Info));
        Ok(Dataset { warnings, ..self.dataset })
    }
}

struct Folder<'a> {
    root: &'a Path,
    dir: &'a Path,
}

impl Folder<'_> {
    fn find(&self, name: &str) -> Result<PathBuf, FileError> {
        files::resolve_inside(self.root, &relative(self.root, self.dir, name))
    }

    /// Reads `<name>.csv` or `<name>.jsonl`; both together are an error.
    fn table(&self, name: &str, csv: Expected<'_>, json: Expected<'_>, problems: &mut Problems) -> Option<Table> {
        let names = [format!("{name}.csv"), format!("{name}.jsonl"), format!("{name}.parquet")];
        let shown = names.each_ref().map(|n| files::shown_path(&self.dir.join(n)));
        let [in_csv, in_json, in_parquet] = names.each_ref().map(|n| self.find(n));
        if in_csv.is_ok() && in_json.is_ok() {
            problems.add(&shown[1], 0, "", Rule::File, format!("{} is there too; keep one of them", names[0]));
            return None;
        }
        let is_json = in_json.is_ok();
        if !is_json && matches!(in_csv, Err(FileError::Missing)) && in_parquet.is_ok() {
            problems.add(&shown[2], 0, "", Rule::File, "datasets in Parquet are not in this version; write CSV or JSONL");
            return None;
        }
        let (path, shown) = if is_json { (in_json, &shown[1]) } else { (in_csv, &shown[0]) };
        match path.and_then(|path| files::read(&path, files::MAX_TABLE)) {
            Ok(bytes) if is_json => json_table::read(shown, bytes, json, problems),
            Ok(bytes) => Table::read(shown, bytes, csv, problems),
            Err(error) => {
                problems.add(shown, 0, "", Rule::File, error.to_string());
                None
            }
        }
    }
}

fn check_languages(dataset: &Dataset, file: &str, problems: &mut Problems) {
    let listed = &dataset.meta.languages;
    let primary = |tag: &str| tag.split('-').next().unwrap_or("").to_ascii_lowercase();
    for record in dataset.articles.iter().filter(|_| !listed.is_empty()) {
        let lang = &record.article.lang;
        if lang != "und" && !listed.iter().any(|l| l == lang || primary(l) == primary(lang)) {
            let message =
                format!("lang {lang} of {} is not among the languages of dataset.toml ({})", record.article.id, listed.join(", "));
            problems.add(file, record.line, "lang", Rule::Language, message);
        }
    }
}

/// A split never cuts a group.
fn check_groups(dataset: &Dataset, file: &str, problems: &mut Problems) {
    let mut first = std::collections::BTreeMap::new();
    for record in dataset.articles.iter().filter(|r| !r.group_id.is_empty()) {
        let (split, id) = first.entry(record.group_id.as_str()).or_insert((record.split.as_str(), record.article.id.as_str()));
        if *split != record.split {
            let name = |split: &str| if split.is_empty() { "no split".to_owned() } else { format!("split {split}") };
            let message = format!(
                "group {} is cut: {} is in {}, {id} in {}; a group stays in one split",
                record.group_id,
                record.article.id,
                name(&record.split),
                name(split)
            );
            problems.add(file, record.line, "split", Rule::SplitCutsGroup, message);
        }
    }
}
