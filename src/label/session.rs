//! A dataset that is being labelled: what is there, what is suggested, and what is edited. Knows nothing of HTTP.

mod edits;
mod history;

use std::collections::BTreeSet;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::answers::{ArticleWhole, DatasetHead, FieldHead, Queued};
use super::aside::{Aside, Decision};
use super::journal::{Journal, Stack};
use super::lines::file_part;
use super::order::Next;
use super::prefill::prefilled;
use super::request::{PrefillRequest, ReadRequest, TrackingRequest};
use super::review::Memory;
use super::source::Source;
use super::suggest::{Suggestion, Suggestions, is_there, was_rejected};
use super::{
    ArticleAnswer, ArticleHead, ChangesAnswer, ClaimJson, PrefillAnswer, ReadAnswer, Refusal, TrackingAnswer, Upcoming, WorkspaceAnswer,
    read, tracking,
};
use crate::claim::{Article, ArticleStatus, ClaimStatus, Fragments, GoldClaim, Schema, Span};
use crate::dataset::edit::{EditError, Editor, Version};
use crate::dataset::{ArticleRecord, Dataset, GOLD, hex};
use crate::files;
use crate::report::safe::quoted;

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The gold is edited, beside what is suggested.
    #[default]
    Gold,
    /// One annotator's file is edited; nothing of the gold and nothing that is suggested is shown.
    Blind,
    /// The gold is edited; what annotators have labelled is suggested.
    Adjudicate,
}

impl Mode {
    /// The name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Gold => "gold",
            Mode::Blind => "blind",
            Mode::Adjudicate => "adjudicate",
        }
    }
}

/// What a session is about.
#[derive(Clone, Debug, Default)]
pub struct SessionSettings {
    /// The folder that nothing leads out of; `.assay/label` is made in it.
    pub root: PathBuf,
    /// The folder of the dataset.
    pub dir: PathBuf,
    /// Who labels; may be empty but in a blind pass.
    pub annotator: String,
    /// What is being done.
    pub mode: Mode,
    /// Who suggests claims; nobody is asked in a blind pass.
    pub sources: Vec<Source>,
    /// What puts the articles in the order in which labelling them says most; `None` leaves them as they are.
    pub next: Option<Upcoming>,
}

/// A dataset that is being labelled.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    dir: PathBuf,
    annotator: String,
    mode: Mode,
    next: Option<Upcoming>,
    editor: Editor,
    suggestions: Suggestions,
    aside: Aside,
    journal: Journal,
    /// What was rejected in reviews of runs, as far as it could be read when the session began.
    reviewed: Option<Memory>,
    /// Articles that were skipped in this blind pass.
    skipped: BTreeSet<String>,
    /// Of the files as they were last read; computed when it is asked for.
    version: Option<Version>,
    notes: Vec<String>,
}

impl Session {
    /// Opens a dataset for labelling.
    ///
    /// # Errors
    /// When its tables cannot be read or written again without loss, or the annotator's name is none.
    pub fn open(settings: SessionSettings) -> Result<Session, EditError> {
        let SessionSettings { root, dir, annotator, mode, sources, next } = settings;
        let own_file = (mode == Mode::Blind).then_some(annotator.as_str());
        let editor = Editor::open(&root, &dir, own_file)?;
        let name = format!("{}-{}", file_part(&editor.dataset().meta.name), own_file.unwrap_or(GOLD));
        let mut notes = Vec::new();
        // Everybody takes back what was their own doing. `~` is in no annotator's name.
        let whose = if mode == Mode::Blind || annotator.is_empty() { String::new() } else { format!("~{annotator}") };
        let journal = Journal::open(&root, &format!("{name}~undo{whose}"), &mut notes);
        let aside = Aside::open(&root, &name, &mut notes);
        let reviewed = Memory::open(&root, &editor.dataset().meta.name).map_err(|error| notes.push(error.to_string())).ok();
        let suggestions = Suggestions::of(if mode == Mode::Blind { Vec::new() } else { sources });
        let skipped = BTreeSet::new();
        Ok(Session { root, dir, annotator, mode, next, editor, suggestions, aside, journal, reviewed, skipped, version: None, notes })
    }

    /// The dataset as it was last read.
    pub fn dataset(&self) -> &Dataset {
        self.editor.dataset()
    }

    /// What is being done.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What the user is to be told beside the answers, each once.
    pub fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Opens the dataset again, as after a mistake of this program that may have left it half changed.
    ///
    /// # Errors
    /// As [`Session::open`]; the session is then as it was.
    pub fn reopen(&mut self) -> Result<(), EditError> {
        self.editor = Editor::open(&self.root, &self.dir, (self.mode == Mode::Blind).then_some(self.annotator.as_str()))?;
        self.suggestions.forget();
        self.version = None;
        Ok(())
    }

    /// The articles to label next, best first, each with why; none where nobody asked for an order.
    pub fn queue(&self) -> Vec<Next> {
        self.next.as_ref().map(|next| next.queue(self)).unwrap_or_default()
    }

    /// Whether the annotator of a blind pass has labelled an article.
    pub(super) fn is_labelled(&self, id: &str) -> bool {
        self.editor.is_labelled(id)
    }

    /// What there is to label.
    ///
    /// # Errors
    /// When the files cannot be read any more.
    pub fn workspace(&mut self) -> Result<WorkspaceAnswer, Refusal> {
        self.refresh()?;
        let ids: Vec<String> = self.dataset().articles.iter().map(|record| record.article.id.clone()).collect();
        let articles = ids.iter().filter_map(|id| self.head(id)).collect();
        let queue = self.queue();
        let meta = &self.dataset().meta;
        let dataset =
            DatasetHead { name: meta.name.clone(), version: meta.version.clone(), guideline_version: meta.guideline_version.clone() };
        let schema = self.editor.schema();
        Ok(WorkspaceAnswer {
            dataset,
            annotator: self.annotator.clone(),
            mode: self.mode.name(),
            kinds: schema.kinds.clone(),
            fields: schema.fields.iter().map(field_head).collect(),
            key_fields: schema.key_fields.clone(),
            guidelines: self.guidelines(),
            sources: self.suggestions.sources().iter().map(|source| source.name().to_owned()).collect(),
            articles,
            queue: queue.into_iter().map(|next| Queued { id: next.article_id, why: next.why }).collect(),
            version: self.version(),
        })
    }

    /// An article with its claims and what is suggested.
    ///
    /// # Errors
    /// When there is no such article, or the files cannot be read any more.
    pub fn article(&mut self, id: &str) -> Result<ArticleAnswer, Refusal> {
        self.refresh_article(id)?;
        // The suggestions come first, so that the head counts them.
        let suggestions = self.open_suggestions(id);
        let head = self.head(id).ok_or_else(|| no_article(id))?;
        let record = self.record(id)?;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let article = ArticleWhole {
            head,
            publisher: text(&record.article.publisher),
            published_at: text(&record.article.published_at),
            url: text(&record.article.url),
            note: if self.mode == Mode::Blind { String::new() } else { record.note.clone() },
            split: record.split.clone(),
            text: record.article.text.to_string(),
        };
        Ok(ArticleAnswer {
            article,
            claims: self.claims(id),
            problems: self.editor.problems_of(id),
            suggestions,
            undo: self.journal.head(Stack::Undo),
            redo: self.journal.head(Stack::Redo),
            version: self.version(),
            article_version: self.article_version(id)?,
        })
    }

    /// Whether somebody has changed something: cheap enough to be asked every few seconds.
    ///
    /// # Errors
    /// As [`Session::article`].
    pub fn changes(&mut self, id: &str) -> Result<ChangesAnswer, Refusal> {
        self.refresh_article(id)?;
        Ok(ChangesAnswer { version: self.version(), article: self.article_version(id)? })
    }

    /// What the rules would say of a place.
    ///
    /// # Errors
    /// When there is no such article, place or kind.
    pub fn prefill(&mut self, request: &PrefillRequest) -> Result<PrefillAnswer, Refusal> {
        self.refresh_article(&request.article_id)?;
        let article = self.record(&request.article_id)?.article.clone();
        let spans = request.fragments.iter().map(|&[start, end]| Span::new(start, end));
        let place: Fragments = spans.collect::<Option<_>>().unwrap_or_default();
        if place.is_empty() || place.quote(&article.text).is_none() {
            let length = article.text.chars().count();
            let message = format!("fragments must be [start, end) with start < end, in a text of {length} code points");
            return Err(Refusal::invalid(message));
        }
        let schema = self.editor.schema();
        if let Some(kinds) = schema.kinds.as_ref().filter(|kinds| !request.kind.is_empty() && !kinds.contains(&request.kind)) {
            return Err(Refusal::invalid(format!("{} is no kind of this dataset; one of {}", quoted(&request.kind, 40), kinds.join(", "))));
        }
        if self.mode == Mode::Blind {
            // Two annotators who are shown the same values agree on them.
            let quote = place.quote(&article.text).unwrap_or_default();
            return Ok(PrefillAnswer { quote, kind: request.kind.clone(), ..PrefillAnswer::default() });
        }
        Ok(prefilled(self.suggestions.rules().of(&article), &article, schema, &place, &request.kind))
    }

    /// The canonical value of what was typed; nothing that is typed is an error.
    ///
    /// # Errors
    /// When there is no such article.
    pub fn read(&mut self, request: &ReadRequest) -> Result<ReadAnswer, Refusal> {
        self.refresh()?;
        let article = &self.record(&request.article_id)?.article;
        Ok(read::read(self.editor.schema(), article, &request.field, &request.written))
    }

    /// Which tracking ids a claim may carry. None in a blind pass, which shows nothing of other articles' labels.
    ///
    /// # Errors
    /// When there is no such article or claim.
    pub fn tracking(&mut self, request: &TrackingRequest) -> Result<TrackingAnswer, Refusal> {
        self.refresh()?;
        self.record(&request.article)?;
        if self.mode == Mode::Blind {
            return Ok(TrackingAnswer::default());
        }
        let claims = self.editor.claims();
        let results = if !request.q.trim().is_empty() {
            tracking::search(self.dataset(), claims, &request.q)
        } else if request.claim.is_empty() {
            Vec::new()
        } else {
            let claim = self.editor.claim(&request.claim);
            let claim = claim.ok_or_else(|| Refusal::not_found(format!("no claim {}", quoted(&request.claim, 60))))?;
            tracking::guesses(self.dataset(), claims, claim)
        };
        Ok(TrackingAnswer { results })
    }

    /// Reads what others have changed.
    fn refresh(&mut self) -> Result<(), Refusal> {
        let before = (self.editor.schema().clone(), self.version.take());
        match self.editor.refresh() {
            Ok(false) => self.version = before.1,
            Ok(true) if *self.editor.schema() != before.0 => self.suggestions.forget(),
            Ok(true) => {}
            Err(error) => return Err(self.refusal(error)),
        }
        self.aside.refresh(&mut self.notes);
        self.journal.refresh(&mut self.notes);
        Ok(())
    }

    fn refresh_article(&mut self, id: &str) -> Result<(), Refusal> {
        self.refresh()?;
        self.record(id)?;
        match self.editor.refresh_text(id) {
            Ok(_) => self.record(id).map(drop),
            Err(error) => Err(self.refusal(error)),
        }
    }

    fn record(&self, id: &str) -> Result<&ArticleRecord, Refusal> {
        self.dataset().article(id).ok_or_else(|| no_article(id))
    }

    fn claims(&self, id: &str) -> Vec<ClaimJson> {
        self.editor.claims_of(id).iter().map(|claim| self.claim_json(claim)).collect()
    }

    fn claim_json(&self, claim: &GoldClaim) -> ClaimJson {
        ClaimJson::of(claim, Some(self.editor.version_of(claim).to_string()))
    }

    /// What nobody has decided on, and is not there already.
    fn open_suggestions(&mut self, id: &str) -> Vec<Suggestion> {
        let Some((article, schema)) = self.asked(id) else { return Vec::new() };
        let all = self.suggestions.all(&article, &schema);
        all.iter().filter(|suggestion| self.is_open(id, suggestion)).cloned().collect()
    }

    fn is_open(&self, id: &str, suggestion: &Suggestion) -> bool {
        self.aside.decision(id, &suggestion.id) == Decision::Open
            && !is_there(suggestion, self.editor.claims_of(id))
            && !self.reviewed.as_ref().is_some_and(|memory| was_rejected(memory, id, suggestion))
    }

    /// What sources are asked with.
    fn asked(&self, id: &str) -> Option<(Article, Schema)> {
        if self.suggestions.sources().is_empty() {
            return None;
        }
        self.dataset().article(id).map(|record| (record.article.clone(), self.editor.schema().clone()))
    }

    /// An article in a list.
    fn head(&mut self, id: &str) -> Option<ArticleHead> {
        let at_hand = self.asked(id).and_then(|(article, schema)| self.suggestions.at_hand(&article, &schema));
        let suggestions = at_hand.map_or(0, |all| all.iter().filter(|suggestion| self.is_open(id, suggestion)).count());
        let record = self.dataset().article(id)?;
        let claims = self.editor.claims_of(id);
        let drafts = claims.iter().filter(|claim| claim.status == ClaimStatus::Draft).count();
        let status = if self.mode == Mode::Blind { self.own_status(id, drafts) } else { record.status };
        Some(ArticleHead {
            id: record.article.id.clone(),
            lang: record.article.lang.clone(),
            title: record.article.title.clone().unwrap_or_default(),
            status: status.name().to_owned(),
            version: Version::of_article(record).to_string(),
            claims: claims.len(),
            drafts,
            suggestions,
            labelled: status.is_scored(),
        })
    }

    /// How far an annotator is with an article, in a blind pass.
    fn own_status(&self, id: &str, drafts: usize) -> ArticleStatus {
        match (drafts, self.editor.is_labelled(id)) {
            (0, true) => ArticleStatus::Gold,
            (0, false) if self.skipped.contains(id) => ArticleStatus::Skipped,
            (0, false) => ArticleStatus::Unlabelled,
            _ => ArticleStatus::Draft,
        }
    }

    fn version(&mut self) -> String {
        self.version.get_or_insert_with(|| self.editor.version()).to_string()
    }

    /// Of an article's row, text and claims.
    fn article_version(&self, id: &str) -> Result<String, Refusal> {
        let record = self.record(id)?;
        let mut hash = Sha256::new();
        hash.update(Version::of_article(record).to_string());
        hash.update(Sha256::digest(record.article.text.as_bytes()));
        hash.update([u8::from(self.editor.is_labelled(id))]);
        for claim in self.editor.claims_of(id) {
            hash.update(self.editor.version_of(claim).to_string());
        }
        hash.update(self.editor.problems_of(id).join("\n"));
        Ok(hex(&hash.finalize()[..8]))
    }

    fn guidelines(&mut self) -> Option<String> {
        let relative = self.dir.strip_prefix(&self.root).unwrap_or(std::path::Path::new("")).join("GUIDELINES.md");
        let path = files::resolve_inside(&self.root, &relative.to_string_lossy());
        match path.and_then(|path| files::read_text(&path, files::MAX_SETTINGS)) {
            Ok(text) => Some(text),
            Err(files::FileError::Missing) => None,
            Err(error) => {
                let note = format!("{}: {error}; the page shows no guidelines", files::shown_path(&self.dir.join("GUIDELINES.md")));
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
                None
            }
        }
    }
}

fn no_article(id: &str) -> Refusal {
    Refusal::not_found(format!("no article {} in this dataset", quoted(id, 60)))
}

fn field_head(field: &crate::claim::Field) -> FieldHead {
    FieldHead {
        name: field.name.clone(),
        field_type: field.field_type.name(),
        values: field.values.clone(),
        required_for: field.required_for.clone(),
        weight: field.weight,
    }
}
