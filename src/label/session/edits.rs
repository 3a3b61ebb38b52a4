//! Edits: what the page asks for becomes an edit of the files, and what is refused says why.

use super::super::aside::AsideLine;
use super::super::journal::Step;
use super::super::request::{DeleteRequest, EditRequest, StatusRequest};
use super::super::stored::StoredEdit;
use super::super::{ClaimJson, Code, EditAnswer, Refusal};
use super::{Decision, Mode, Session};
use crate::claim::{ArticleStatus, ClaimStatus, GoldClaim};
use crate::dataset::edit::{ArticleChange, ClaimChange, Conflict, Edit, EditError, Edited, Version};
use crate::problem::{Level, Rule};
use crate::report::safe::{quoted, shown};

/// Characters of a quote in the words for an edit.
const SHOWN_QUOTE: usize = 40;

/// An edit with the decisions that go with it.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub what: String,
    pub edit: Edit,
    pub aside: Vec<AsideLine>,
}

impl Session {
    /// Makes an edit. When it returns without an error it is on disk.
    ///
    /// # Errors
    /// When it is not valid, somebody else has changed the same row, or a file cannot be written: then nothing is written.
    pub fn edit(&mut self, request: &EditRequest) -> Result<EditAnswer, Refusal> {
        self.refresh_article(&request.article_id)?;
        let change = self.change(request)?;
        let id = &request.article_id;
        let put = match change {
            Some(change) => self.make(id, change)?,
            None => Vec::new(),
        };
        self.answer(id, put)
    }

    /// What an edit changes; nothing where the files say it already.
    fn change(&mut self, request: &EditRequest) -> Result<Option<Change>, Refusal> {
        let id = request.article_id.as_str();
        let EditRequest { put, puts, delete, status, reject, unreject, accept, .. } = request;
        match (put, puts, delete, status, reject, unreject, accept) {
            (Some(claim), None, None, None, None, None, None) => self.put(id, std::slice::from_ref(claim)).map(Some),
            (None, Some(claims), None, None, None, None, None) => self.put(id, claims).map(Some),
            (None, None, Some(delete), None, None, None, None) => self.delete(id, delete).map(Some),
            (None, None, None, Some(status), None, None, None) => self.status(id, status),
            (None, None, None, None, Some(one), None, None) => self.decide(id, &one.suggestion, Decision::Rejected).map(Some),
            (None, None, None, None, None, Some(one), None) => self.decide(id, &one.suggestion, Decision::Open).map(Some),
            (None, None, None, None, None, None, Some(accept)) => {
                let decided = self.decide(id, &accept.suggestion, Decision::Accepted)?;
                let put = self.put(id, std::slice::from_ref(&accept.claim))?;
                Ok(Some(Change { aside: decided.aside, ..put }))
            }
            _ => Err(Refusal::new(Code::BadJson, "an edit is one of put, puts, delete, status, reject, unreject and accept")),
        }
    }

    fn put(&self, id: &str, claims: &[ClaimJson]) -> Result<Change, Refusal> {
        if claims.is_empty() {
            return Err(Refusal::invalid("puts is empty; name at least one claim"));
        }
        let mut changes = Vec::new();
        let mut any_new = false;
        for json in claims {
            if !json.id.is_empty() && json.version.is_none() {
                return Err(Refusal::invalid(format!(
                    "claim {} has an id and no version: leave both out for a new claim",
                    quoted(&json.id, 60)
                )));
            }
            if json.id.is_empty() && json.version.is_some() {
                return Err(Refusal::invalid("a claim has a version and no id: leave both out for a new claim"));
            }
            let before = self.editor.claim(&json.id).filter(|_| !json.id.is_empty());
            let mut gold = json.to_gold(id, self.editor.schema(), before).map_err(|error| Refusal::invalid(error.to_string()))?;
            if json.id.is_empty() {
                let same = |there: &&GoldClaim| {
                    let (there, new) = (&there.claim, &gold.claim);
                    there.fragments == new.fragments && there.kind == new.kind && there.fields == new.fields
                };
                if let Some(there) = self.editor.claims_of(id).iter().find(same) {
                    return Err(Refusal::invalid(format!("the same claim is there already: {}", quoted(&there.claim.id, 60))));
                }
                any_new = true;
                if gold.annotator.is_empty() {
                    gold.annotator.clone_from(&self.annotator);
                }
            }
            changes.push(ClaimChange::Put { claim: Box::new(gold), before: json.version.clone().map(Version::new) });
        }
        let what = match claims {
            [one] => format!("{} claim {}", if any_new { "add" } else { "change" }, self.named(id, one)),
            many => format!("{} {} claims", if any_new { "add" } else { "change" }, many.len()),
        };
        let drafts = changes.iter().any(|change| matches!(change, ClaimChange::Put { claim, .. } if claim.status == ClaimStatus::Draft));
        let article = self.begun(id, any_new, drafts)?;
        Ok(Change { what, edit: Edit { claims: changes, article, ..Edit::default() }, ..Change::default() })
    }

    /// An article with a first claim is not unlabelled any more, and one with a draft is not complete.
    fn begun(&self, id: &str, is_new: bool, has_drafts: bool) -> Result<Option<ArticleChange>, Refusal> {
        let record = self.record(id)?;
        let status = match record.status {
            _ if self.mode == Mode::Blind => None,
            ArticleStatus::Unlabelled | ArticleStatus::Skipped if is_new => Some(ArticleStatus::Draft),
            ArticleStatus::Gold | ArticleStatus::Reviewed if has_drafts => Some(ArticleStatus::Incomplete),
            _ => None,
        };
        let before = Some(Version::of_article(record));
        Ok(status.map(|status| ArticleChange { id: id.to_owned(), status: Some(status), note: None, before }))
    }

    fn delete(&self, id: &str, delete: &DeleteRequest) -> Result<Change, Refusal> {
        let there = self.editor.claim(&delete.id);
        if there.is_some_and(|claim| claim.article_id != id) {
            return Err(Refusal::invalid(format!("claim {} stands in another article", quoted(&delete.id, 60))));
        }
        let quote = there.map(|claim| of_quote(&claim.claim.quote)).unwrap_or_default();
        let edit = ClaimChange::Delete { id: delete.id.clone(), before: Version::new(delete.version.clone()) };
        Ok(Change { what: format!("delete claim {quote}"), edit: Edit { claims: vec![edit], ..Edit::default() }, ..Change::default() })
    }

    fn status(&mut self, id: &str, request: &StatusRequest) -> Result<Option<Change>, Refusal> {
        let status = match request.status.parse::<ArticleStatus>() {
            Ok(status) if !request.status.is_empty() => status,
            _ => {
                let message = format!("{} is no status; one of {}", quoted(&request.status, 40), ArticleStatus::NAMES.join(", "));
                return Err(Refusal::invalid(message));
            }
        };
        if status.is_scored() {
            self.check_confirmed(id)?;
            let problems = self.editor.problems_of(id);
            if !problems.is_empty() {
                return Err(Refusal::invalid(format!("not done while something of it is not valid:\n{}", problems.join("\n"))));
            }
        }
        if self.mode == Mode::Blind {
            return self.own_status_change(id, status);
        }
        let record = self.record(id)?;
        let note = request.note.clone().filter(|note| *note != record.note);
        let change = ArticleChange {
            id: id.to_owned(),
            status: (status != record.status).then_some(status),
            note,
            before: request.version.clone().map(Version::new),
        };
        let is_stale = change.before.as_ref().is_some_and(|before| *before != Version::of_article(record));
        if change.status.is_none() && change.note.is_none() && !is_stale {
            return Ok(None);
        }
        let what = format!("status {} → {}", record.status.name(), status.name());
        Ok(Some(Change { what, edit: Edit { article: Some(change), ..Edit::default() }, ..Change::default() }))
    }

    /// An article is done when nothing in it waits to be confirmed.
    fn check_confirmed(&self, id: &str) -> Result<(), Refusal> {
        let drafts: Vec<&GoldClaim> = self.editor.claims_of(id).iter().filter(|claim| claim.status == ClaimStatus::Draft).collect();
        let Some(first) = drafts.first() else { return Ok(()) };
        let (is, it) = if drafts.len() == 1 { ("1 claim is a draft", "it") } else { ("claims are drafts", "them") };
        let many = if drafts.len() == 1 { String::new() } else { format!("{} ", drafts.len()) };
        Err(Refusal::invalid(format!("{many}{is}: confirm or delete {it} first")).with("first", &first.claim.id))
    }

    /// In a blind pass articles have no status of their own: a row without a claim says that there is none.
    fn own_status_change(&mut self, id: &str, status: ArticleStatus) -> Result<Option<Change>, Refusal> {
        let has_claims = !self.editor.claims_of(id).is_empty();
        let says_none = self.editor.is_labelled(id) && !has_claims;
        let no_claims = match status {
            ArticleStatus::Gold => (!has_claims && !says_none).then_some(true),
            ArticleStatus::Unlabelled => says_none.then_some(false),
            ArticleStatus::Skipped if has_claims || says_none => {
                return Err(Refusal::invalid(
                    "the article is labelled in this pass; delete its claims, or set it to unlabelled, to skip it",
                ));
            }
            ArticleStatus::Skipped => {
                self.skipped.insert(id.to_owned());
                return Ok(None);
            }
            ArticleStatus::Reviewed | ArticleStatus::Incomplete | ArticleStatus::Draft => {
                return Err(Refusal::invalid(format!("a blind pass knows gold, unlabelled and skipped, not {}", status.name())));
            }
        };
        self.skipped.remove(id);
        Ok(no_claims.map(|says| Change {
            what: if says { "no claims".to_owned() } else { "not labelled".to_owned() },
            edit: Edit { no_claims: Some((id.to_owned(), says)), ..Edit::default() },
            ..Change::default()
        }))
    }

    fn decide(&mut self, id: &str, suggestion: &str, decision: Decision) -> Result<Change, Refusal> {
        if self.mode == Mode::Blind {
            return Err(Refusal::invalid("there are no suggestions in a blind pass"));
        }
        let all = self.asked(id).map(|(article, schema)| self.suggestions.all(&article, &schema)).unwrap_or_default();
        let known = all.iter().find(|known| known.id == suggestion);
        let line = match (known, self.aside.line(id, suggestion)) {
            (Some(known), _) => AsideLine::of(id, known, decision),
            // A decision on what no source suggests any more can still be taken back.
            (None, Some(line)) => AsideLine { decision, ..line.clone() },
            (None, None) => return Err(Refusal::not_found(format!("no suggestion {} for this article", quoted(suggestion, 40)))),
        };
        let verb = if decision == Decision::Open { "suggest again" } else { "reject suggestion" };
        Ok(Change { what: format!("{verb} {}", of_quote(&line.quote)), aside: vec![line], ..Change::default() })
    }

    /// Writes a change and notes how it is taken back; ids of the claims that were put.
    fn make(&mut self, id: &str, change: Change) -> Result<Vec<String>, Refusal> {
        let what = change.what.clone();
        let (edited, aside) = self.write(change).map_err(|error| self.refusal(error))?;
        let inverse = Step { what, article_id: id.to_owned(), edit: StoredEdit::of(&edited.inverse), aside };
        if !inverse.edit.is_empty() || !inverse.aside.is_empty() {
            let noted = self.journal.edited(inverse);
            self.note_journal(noted);
        }
        Ok(edited.put)
    }

    /// Writes a change; what was put and how it is taken back.
    pub(super) fn write(&mut self, change: Change) -> Result<(Edited, Vec<AsideLine>), EditError> {
        let is_empty = StoredEdit::of(&change.edit).is_empty();
        let edited = if is_empty { Edited::default() } else { self.editor.apply(&change.edit)? };
        self.version = None;
        let mut back = Vec::new();
        for line in &change.aside {
            match self.aside.decide(line) {
                Ok(before) => back.push(before),
                Err(error) => self.notes.push(format!("a decision on a suggestion is kept for this session only: {error}")),
            }
        }
        Ok((edited, back))
    }

    /// The edit is on disk: that it cannot be undone after a restart is no reason to call it failed.
    pub(super) fn note_journal(&mut self, noted: Result<(), crate::files::FileError>) {
        if let Err(error) = noted {
            self.notes.push(format!("the last edit cannot be undone after a restart: {error}"));
        }
    }

    /// The article as it is after an edit.
    pub(super) fn answer(&mut self, id: &str, put: Vec<String>) -> Result<EditAnswer, Refusal> {
        let suggestions = self.open_suggestions(id);
        Ok(EditAnswer {
            article_id: None,
            article: self.head(id).ok_or_else(|| super::no_article(id))?,
            claims: self.claims(id),
            problems: self.editor.problems_of(id),
            suggestions,
            put,
            undo: self.journal.head(super::Stack::Undo),
            redo: self.journal.head(super::Stack::Redo),
            version: self.version(),
            article_version: self.article_version(id)?,
        })
    }

    /// Why nothing was written, with both sides of a conflict.
    pub(super) fn refusal(&mut self, error: EditError) -> Refusal {
        let message = error.to_string();
        match error {
            EditError::Conflict(conflict) => match *conflict {
                Conflict::Claim { yours, theirs, .. } => Refusal::new(Code::Conflict, message)
                    .with("yours", &yours.map(|claim| ClaimJson::of(&claim, None)))
                    .with("theirs", &theirs.map(|claim| self.claim_json(&claim))),
                Conflict::Article { id, .. } => Refusal::new(Code::Conflict, message).with("article", &self.head(&id)),
            },
            EditError::Invalid(problems) => {
                let is_damaged = problems.iter().any(|problem| matches!(problem.rule, Rule::Table | Rule::File));
                if is_damaged {
                    return Refusal::new(Code::CannotWrite, message);
                }
                let all: Vec<String> = problems.of_level(Level::Error).iter().map(|problem| problem.message.clone()).collect();
                Refusal::invalid(all.join("\n"))
            }
            EditError::Refused(_) | EditError::RowNotValid(_) => Refusal::invalid(message),
            EditError::NoArticle(_) => Refusal::not_found(message),
            EditError::Obstacle(_) | EditError::File { .. } => Refusal::new(Code::CannotWrite, message),
        }
    }

    /// The quote of a claim that is put, between quotation marks.
    fn named(&self, id: &str, json: &ClaimJson) -> String {
        if !json.quote.is_empty() {
            return of_quote(&json.quote);
        }
        let gold = json.to_gold(id, self.editor.schema(), None).ok();
        let quote = gold.zip(self.dataset().article(id)).and_then(|(gold, record)| gold.claim.fragments.quote(&record.article.text));
        of_quote(&quote.unwrap_or_default())
    }
}

/// A quote in the words for an edit: short and harmless.
fn of_quote(quote: &str) -> String {
    let short: String = quote.chars().take(SHOWN_QUOTE).collect();
    let more = if short.len() < quote.len() { "…" } else { "" };
    format!("“{}{more}”", shown(&short))
}
