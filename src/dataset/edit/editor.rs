//! A dataset that is open for changes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::claim::{GoldClaim, Schema};
use crate::dataset::annotations::{FOLDER, GOLD};
use crate::dataset::{ArticleRecord, Dataset, Reading, is_safe_id};
use crate::files::{self, FileError};
use crate::formats::table::Table;
use crate::problem::{Problems, Rule};

use super::planned::{Step, checked, plan};
use super::tables::{AnnotatorFile, Tables};
use super::{Edit, EditError, Edited, Preview, PreviewedFile, Version};

/// How often an edit is made ready while others, who do not know the lock, keep writing to the same files.
const ATTEMPTS: usize = 20;

/// How long another writer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A dataset that is open for changes, or one annotator's file over it. Other programs, editors and checkouts may write to the same files
/// at any time: they are read again before each edit, and edits are made under a lock.
#[derive(Debug)]
pub struct Editor {
    root: PathBuf,
    dir: PathBuf,
    tables: Tables,
    /// The bytes of the files when they were read, `None` where there was none.
    seen: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Editor {
    /// Opens the dataset in `dir`, whose symlinks stay inside `root`; its gold, or the file of an annotator, which need not be there yet.
    ///
    /// # Errors
    /// When the tables cannot be read or written again without loss. Rows with other errors are kept as they are.
    pub fn open(root: &Path, dir: &Path, annotator: Option<&str>) -> Result<Editor, EditError> {
        let annotator = match annotator {
            Some(name) if name == GOLD || !is_safe_id(name) => {
                let message =
                    format!("{name:?} is no name of an annotator; use 1 to 100 letters, digits, '.', '_' and '-', and not {GOLD}");
                return Err(EditError::Refused(message));
            }
            name => name.map(|name| AnnotatorFile {
                name: name.to_owned(),
                file: files::shown_path(&dir.join(FOLDER).join(format!("{name}.csv"))),
                ..AnnotatorFile::default()
            }),
        };
        let tables = Tables { annotator, ..Tables::default() };
        let mut editor = Editor { root: root.to_owned(), dir: dir.to_owned(), tables, seen: Vec::new() };
        editor.reload();
        if editor.tables.reading.article_table.is_none() || editor.tables.reading.claim_table.is_none() {
            return Err(EditError::Invalid(editor.tables.reading.problems));
        }
        editor.tables.check()?;
        Ok(editor)
    }

    /// The dataset as it was last read.
    pub fn dataset(&self) -> &Dataset {
        &self.tables.reading.dataset
    }

    /// What was found on reading it, errors of rows among them.
    pub fn problems(&self) -> &Problems {
        &self.tables.reading.problems
    }

    /// Kinds and fields.
    pub fn schema(&self) -> &Schema {
        &self.dataset().schema
    }

    /// Whose claims are edited; `None` = the gold.
    pub fn annotator(&self) -> Option<&str> {
        self.tables.annotator.as_ref().map(|annotator| annotator.name.as_str())
    }

    /// The claims that are edited, sorted by (article_id, start, end, claim_id).
    pub fn claims(&self) -> &[GoldClaim] {
        self.tables.claims()
    }

    /// The claims of an article that are edited, drafts among them.
    pub fn claims_of(&self, article_id: &str) -> &[GoldClaim] {
        self.tables.claims_of(article_id)
    }

    /// The claim of that id among those that are edited.
    pub fn claim(&self, id: &str) -> Option<&GoldClaim> {
        self.tables.claim(id)
    }

    /// What a claim's row is now.
    pub fn version_of(&self, claim: &GoldClaim) -> Version {
        Version::of_claim(claim, self.schema())
    }

    /// What the files are now, as they were last read: dataset.toml, the articles' rows and the claims that are edited.
    pub fn version(&self) -> Version {
        Version::of_files(self.seen.iter().map(|(_, bytes)| bytes.as_deref()))
    }

    /// What is wrong with an article's row, its text and its rows of claims: such rows are not among the claims.
    pub fn problems_of(&self, article_id: &str) -> Vec<String> {
        self.tables.problems_of(article_id)
    }

    /// Whether the annotator whose file is edited has said something about the article that is no draft.
    pub fn is_labelled(&self, article_id: &str) -> bool {
        self.tables.annotator.as_ref().is_some_and(|annotator| annotator.labelled.contains(article_id))
    }

    /// Reads again what others have changed on disk; whether there was something.
    ///
    /// # Errors
    /// When the tables cannot be read or written again without loss any more; what was known before is kept.
    pub fn refresh(&mut self) -> Result<bool, EditError> {
        let now = self.bytes();
        if now == self.seen {
            // What could not be read the last time still cannot.
            self.tables.check()?;
            return Ok(false);
        }
        let claims = self.claim_path();
        let only_claims = now.iter().zip(&self.seen).all(|(now, seen)| now == seen || now.0 == claims);
        if only_claims {
            self.read_claims(&now);
            self.seen = now;
        } else {
            self.reload();
        }
        self.tables.check()?;
        Ok(true)
    }

    /// Reads the text of an article again where it was changed on disk; whether it was.
    ///
    /// # Errors
    /// As [`Editor::refresh`].
    pub fn refresh_text(&mut self, article_id: &str) -> Result<bool, EditError> {
        let known = self.dataset().article(article_id).map(|record| record.article.text.clone());
        let there = files::read_text(&self.text_path(article_id), files::MAX_TEXT).ok();
        if known.as_deref() == there.as_deref() {
            return Ok(false);
        }
        self.reload();
        self.tables.check()?;
        Ok(true)
    }

    /// Makes an edit: waits for other writers, reads what they changed, checks versions and values, and writes. When it returns without an
    /// error the edit is on disk, whole; else nothing of it is, unless a file could not be written in its middle: then its claims are
    /// there, and the status that says that they are complete is not.
    ///
    /// # Errors
    /// When somebody else changed a row since it was read, the edit is not valid, or a file cannot be written.
    pub fn apply(&mut self, edit: &Edit) -> Result<Edited, EditError> {
        self.apply_with(|_| Ok(edit.clone()))
    }

    /// The same for an edit that depends on what the files hold: it is made from the dataset as it is while nobody else can write.
    ///
    /// # Errors
    /// As [`Editor::apply`], and what `make` returns: then nothing is written.
    pub fn apply_with<E: From<EditError>>(&mut self, mut make: impl FnMut(&Editor) -> Result<Edit, E>) -> Result<Edited, E> {
        let lock_path = self.dir.join("dataset.toml");
        let _lock = files::lock_within(&lock_path, PATIENCE).map_err(|error| file_error(&lock_path, error))?;
        // Editors and checkouts do not know the lock: what they wrote while this was made ready is read, and it is made again.
        for _ in 0..ATTEMPTS {
            self.refresh()?;
            let edit = make(self)?;
            for id in touched(&edit) {
                self.refresh_text(&id)?;
            }
            match self.with_article(&edit, Editor::write) {
                Err(EditError::File { error: FileError::Changed, .. }) => {}
                result => return result.map_err(E::from),
            }
        }
        Err(file_error(&self.claim_path(), FileError::Changed).into())
    }

    /// What an edit would write, checked as [`Editor::apply`] does; nothing is written.
    ///
    /// # Errors
    /// As [`Editor::apply`].
    pub fn preview(&mut self, edit: &Edit) -> Result<Preview, EditError> {
        let had = edit.new_article.as_ref().map(|new| new.record.article.id.clone());
        let preview = self.with_article(edit, |editor, edit| {
            let planned = plan(&mut editor.tables, edit)?;
            let mut files: Vec<PreviewedFile> = Vec::new();
            for step in &planned.steps {
                let (path, content) = editor.place_of(step);
                // A file that is written twice stands as it is at last.
                files.retain(|file| file.path != path);
                let before = files::read(&path, files::MAX_TABLE).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                files.push(PreviewedFile { path, before, after: content.to_owned() });
            }
            Ok(Preview { edited: planned.edited, files })
        });
        if let Some(id) = had.filter(|_| preview.is_ok()) {
            self.forget(&id);
        }
        preview
    }

    /// Does something with an edit whose new article, where it has one, is among the records already; it is not when that fails.
    fn with_article<T>(&mut self, edit: &Edit, then: impl FnOnce(&mut Editor, &Edit) -> Result<T, EditError>) -> Result<T, EditError> {
        let Some(new) = &edit.new_article else { return then(self, edit) };
        let record = checked(&self.tables, new, &self.root)?;
        let edit = Edit { new_article: Some(super::NewArticle { record: record.clone() }), ..edit.clone() };
        let id = record.article.id.clone();
        // The same text may be what is left of a writing that was cut short.
        let path = self.text_path(&id);
        let is_left = || files::read_text(&path, files::MAX_TEXT).is_ok_and(|text| *text == *record.article.text);
        if path.symlink_metadata().is_ok_and(|meta| !meta.is_file() || !is_left()) {
            return Err(EditError::Refused(format!(
                "articles/{id}.txt is there already, without a row in articles.csv; remove it, or give its row"
            )));
        }
        self.put_record(record);
        let result = then(self, &edit);
        if result.is_err() {
            self.forget(&id);
        }
        result
    }

    fn forget(&mut self, article_id: &str) {
        self.tables.reading.dataset.articles.retain(|record| record.article.id != article_id);
    }

    fn place_of<'s>(&self, step: &'s Step) -> (PathBuf, &'s str) {
        match step {
            Step::Text { article_id, content } => (self.text_path(article_id), content),
            Step::Articles(content) => (self.dir.join("articles.csv"), content),
            Step::Claims(content) => (self.claim_path(), content),
        }
    }

    fn write(&mut self, edit: &Edit) -> Result<Edited, EditError> {
        let planned = plan(&mut self.tables, edit)?;
        for (number, step) in planned.steps.iter().enumerate() {
            let (path, content) = self.place_of(step);
            self.check_inside(&path)?;
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|error| file_error(folder, error.into()))?;
            }
            // What goes with a step that is written is written, too.
            let may = || number > 0 || self.bytes() == self.seen;
            files::write_whole_if(&path, content.as_bytes(), may).map_err(|error| file_error(&path, error))?;
        }
        planned.records.into_iter().for_each(|record| self.put_record(record));
        self.after(&planned.steps);
        Ok(planned.edited)
    }

    /// Takes over what was just written, without reading texts again.
    fn after(&mut self, steps: &[Step]) {
        let now = self.bytes();
        for step in steps {
            if let Step::Articles(content) = step {
                let mut found = Problems::new();
                let file = self.tables.reading.article_table.as_ref().map_or("articles.csv", Table::file).to_owned();
                let table = Table::read(&file, content.as_bytes().to_vec(), crate::dataset::articles::EXPECTED, &mut found);
                self.tables.reading.article_table = table.or(self.tables.reading.article_table.take());
            }
        }
        if steps.iter().any(|step| matches!(step, Step::Claims(_))) {
            self.read_claims(&now);
        }
        self.seen = now;
    }

    fn put_record(&mut self, record: ArticleRecord) {
        let articles = &mut self.tables.reading.dataset.articles;
        match articles.binary_search_by(|a| a.article.id.cmp(&record.article.id)) {
            Ok(at) => articles[at] = record,
            Err(at) => articles.insert(at, record),
        }
    }

    fn reload(&mut self) {
        self.seen = self.bytes();
        self.tables.reading = Reading::of(&self.root, &self.dir);
        if self.tables.annotator.is_some() {
            let seen = std::mem::take(&mut self.seen);
            self.read_claims(&seen);
            self.seen = seen;
        }
        self.tables.see_ids();
    }

    /// Reads the table of claims from its bytes.
    fn read_claims(&mut self, files: &[(PathBuf, Option<Vec<u8>>)]) {
        let path = self.claim_path();
        let bytes = files.iter().find(|(at, _)| *at == path).and_then(|(_, bytes)| bytes.clone());
        let mut found = Problems::new();
        let file = self.tables.file().to_owned();
        let is_new = self.tables.annotator.as_ref().is_some_and(|annotator| annotator.table.is_none());
        let table = match bytes {
            Some(bytes) => self.dataset().annotation_table(&file, bytes, &mut found),
            // An annotator's file is made when it is needed, but one that was there is not gone without a reason.
            None if is_new && matches!(files::read(&path, files::MAX_TABLE), Err(FileError::Missing)) => None,
            None => {
                found.add(&file, 0, "", Rule::File, "the file cannot be read any more; put it back, or start again without it");
                None
            }
        };
        self.tables.take(table, found);
    }

    /// The files that decide, as they are now.
    fn bytes(&self) -> Vec<(PathBuf, Option<Vec<u8>>)> {
        let paths = [self.dir.join("dataset.toml"), self.dir.join("articles.csv"), self.claim_path()];
        paths.into_iter().map(|path| (path.clone(), files::read(&path, files::MAX_TABLE).ok())).collect()
    }

    fn claim_path(&self) -> PathBuf {
        match self.annotator() {
            None => self.dir.join("claims.csv"),
            Some(name) => self.dir.join(FOLDER).join(format!("{name}.csv")),
        }
    }

    fn text_path(&self, article_id: &str) -> PathBuf {
        self.dir.join("articles").join(format!("{article_id}.txt"))
    }

    /// Nothing is written through a symlink that leads out of the workspace.
    fn check_inside(&self, path: &Path) -> Result<(), EditError> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        files::place_inside(&self.root, &relative.to_string_lossy()).map(drop).map_err(|error| file_error(path, error))
    }
}

fn file_error(path: &Path, error: FileError) -> EditError {
    EditError::File { file: files::shown_path(path), error }
}

/// Ids of the articles whose claims an edit writes.
fn touched(edit: &Edit) -> Vec<String> {
    let puts = edit.claims.iter().filter_map(|change| match change {
        super::ClaimChange::Put { claim, .. } => Some(claim.article_id.clone()),
        super::ClaimChange::Delete { .. } => None,
    });
    let mut ids: Vec<String> = puts.filter(|id| edit.new_article.as_ref().is_none_or(|new| new.record.article.id != *id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
