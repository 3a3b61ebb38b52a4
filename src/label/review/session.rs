//! A review: decisions, each written at once, and taken back in turn.

use std::collections::BTreeSet;
use std::path::Path;

use crate::claim::{ClaimStatus, GoldClaim};
use crate::dataset::Dataset;
use crate::dataset::edit::{ClaimChange, Edit, EditError, Editor, Version};
use crate::extract::Numbers;
use crate::label::order::{Disagreement, is_same_place};
use crate::report::safe::quoted;

use super::content::{Content, Verdict};
use super::memory::{Memory, MemoryError};
use super::proposal::Proposal;

/// What is decided of a disagreement.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// A prediction becomes gold as it is; a gold claim is right as it is.
    Accept,
    /// A prediction is no claim; a gold claim is deleted.
    Reject,
    /// A gold claim need not be found.
    Optional,
    /// A gold claim gets what several extractors say.
    Take,
    /// It becomes gold as it was edited.
    Put(Box<Proposal>),
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The id of the gold claim that was written or deleted.
    pub claim_id: Option<String>,
    /// The same as a short sentence.
    pub words: String,
}

/// Why a decision was not written.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The claim cannot be gold as it is; each problem says what would be right.
    #[error("{}", .0.join("; "))]
    NotGold(Vec<String>),
    /// The decision does not fit.
    #[error("{0}")]
    Refused(String),
    /// The gold was not written.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The decision was not remembered.
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// What takes a decision back.
#[derive(Debug, Default)]
struct Undo {
    edit: Option<Edit>,
    forget: Vec<(Content, Verdict)>,
}

/// A review of one run.
#[derive(Debug)]
pub struct Session {
    editor: Editor,
    memory: Memory,
    /// The gold that was reviewed: edits are made only where it still stands so.
    reviewed: Dataset,
    numbers: Numbers,
    undo: Vec<Undo>,
}

impl Session {
    /// Opens the dataset for edits. `reviewed` is the gold that the disagreements are about, `numbers` how the run writes decimals.
    ///
    /// # Errors
    /// When the dataset cannot be edited.
    pub fn open(root: &Path, dir: &Path, reviewed: Dataset, numbers: Numbers, memory: Memory) -> Result<Session, EditError> {
        Ok(Session { editor: Editor::open(root, dir, None)?, memory, reviewed, numbers, undo: Vec::new() })
    }

    /// What was decided before.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The text that claims of an article stand in.
    pub fn text(&self, article_id: &str) -> &str {
        self.reviewed.article(article_id).map_or("", |record| &record.article.text)
    }

    /// The gold that is reviewed.
    pub fn reviewed(&self) -> &Dataset {
        &self.reviewed
    }

    /// The claim as it would be written when it is edited.
    ///
    /// # Errors
    /// When the gold claim is not there any more.
    pub fn proposal(&self, disagreement: &Disagreement<'_>) -> Result<Proposal, ReviewError> {
        match (disagreement.item.gold, disagreement.item.predicted) {
            (Some(_), _) => Ok(Proposal::of_gold(self.gold(disagreement)?)),
            (None, Some(row)) => {
                let lang = self.reviewed.article(&row.article_id).map_or("und", |record| record.article.lang.as_str());
                Ok(Proposal::of_prediction(row, lang, self.numbers, &self.reviewed.schema))
            }
            (None, None) => Err(ReviewError::Refused("there is no claim".to_owned())),
        }
    }

    /// Writes a decision. When it returns without an error the decision is on the disk, else nothing of it is, but for a decision about the
    /// gold that could not be remembered.
    ///
    /// # Errors
    /// See [`ReviewError`].
    pub fn decide(&mut self, disagreement: &Disagreement<'_>, decision: &Decision) -> Result<Done, ReviewError> {
        if disagreement.is_prediction() {
            return match decision {
                Decision::Accept => self.put_new(self.proposal(disagreement)?),
                Decision::Put(proposal) => {
                    let done = self.put_new(Proposal::clone(proposal))?;
                    self.replaced(disagreement)?;
                    Ok(done)
                }
                Decision::Reject => self.remember(disagreement, Verdict::Rejected, "rejected"),
                Decision::Optional | Decision::Take => {
                    Err(ReviewError::Refused("a prediction, and only gold claims can be optional or corrected".to_owned()))
                }
            };
        }
        match decision {
            Decision::Accept => self.remember(disagreement, Verdict::Right, "the gold is right"),
            Decision::Reject => self.delete(disagreement),
            Decision::Optional => {
                let mut proposal = self.proposal(disagreement)?;
                proposal.gold.status = ClaimStatus::Optional;
                self.put_old(disagreement, proposal, "optional")
            }
            Decision::Take => {
                if disagreement.readings.is_empty() {
                    return Err(ReviewError::Refused("no several extractors say something else of it together; edit it".to_owned()));
                }
                let mut proposal = self.proposal(disagreement)?;
                proposal.take_readings(disagreement);
                self.put_old(disagreement, proposal, "corrected")
            }
            Decision::Put(proposal) => self.put_old(disagreement, Proposal::clone(proposal), "edited"),
        }
    }

    /// Takes the last decision back that was not taken back yet; `false` where there is none.
    ///
    /// # Errors
    /// When somebody else has changed the row since, or a file cannot be written; the decision stays then.
    pub fn undo(&mut self) -> Result<bool, ReviewError> {
        let Some(last) = self.undo.last() else { return Ok(false) };
        if let Some(edit) = &last.edit {
            self.editor.apply(edit)?;
        }
        let last = self.undo.pop().unwrap_or_default();
        for (content, verdict) in last.forget {
            self.memory.remember(content, verdict)?;
        }
        Ok(true)
    }

    fn gold(&self, disagreement: &Disagreement<'_>) -> Result<&GoldClaim, ReviewError> {
        let claims = self.reviewed.claims_of(disagreement.item.article_id);
        let gone = || ReviewError::Refused(format!("there is no gold claim {}", quoted(&disagreement.id, 60)));
        claims.iter().find(|gold| gold.claim.id == disagreement.id).ok_or_else(gone)
    }

    fn remember(&mut self, disagreement: &Disagreement<'_>, verdict: Verdict, words: &str) -> Result<Done, ReviewError> {
        let Some(row) = disagreement.row() else { return Err(ReviewError::Refused("there is no claim".to_owned())) };
        let content = Content::of_row(row);
        let before = self.memory.verdict(&content).unwrap_or(Verdict::Open);
        self.memory.remember(content.clone(), verdict)?;
        self.undo.push(Undo { edit: None, forget: vec![(content, before)] });
        Ok(Done { claim_id: None, words: words.to_owned() })
    }

    fn put_new(&mut self, proposal: Proposal) -> Result<Done, ReviewError> {
        self.check(&proposal)?;
        let left_out = proposal.left_out.clone();
        let gold = proposal.confirmed();
        let same = |known: &&GoldClaim| {
            known.claim.fragments == gold.claim.fragments && known.claim.kind == gold.claim.kind && known.claim.fields == gold.claim.fields
        };
        self.editor.refresh()?;
        if let Some(known) = self.editor.claims_of(&gold.article_id).iter().find(same) {
            return Err(ReviewError::Refused(format!("the gold has it already, as {}", known.claim.id)));
        }
        let waits = |known: &&GoldClaim| {
            let is_there = is_same_place(&known.claim.fragments, &gold.claim.fragments);
            known.status != ClaimStatus::Gold && is_there && known.claim.kind == gold.claim.kind
        };
        if let Some(known) = self.editor.claims_of(&gold.article_id).iter().find(waits) {
            return Err(ReviewError::Refused(twice(known)));
        }
        let id = self.apply(gold, None)?;
        let left =
            if left_out.is_empty() { String::new() } else { format!(" (left out, no field of the dataset: {})", left_out.join(", ")) };
        Ok(Done { words: format!("gold now, as {id}{left}"), claim_id: Some(id) })
    }

    /// A prediction that became gold in another form is no claim as it was answered.
    fn replaced(&mut self, disagreement: &Disagreement<'_>) -> Result<(), ReviewError> {
        let Some(content) = disagreement.row().map(Content::of_row) else { return Ok(()) };
        let before = self.memory.verdict(&content).unwrap_or(Verdict::Open);
        if let Some(undo) = self.undo.last_mut() {
            undo.forget.push((content.clone(), before));
        }
        Ok(self.memory.remember(content, Verdict::Rejected)?)
    }

    fn put_old(&mut self, disagreement: &Disagreement<'_>, proposal: Proposal, words: &str) -> Result<Done, ReviewError> {
        self.check(&proposal)?;
        let before = Version::of_claim(self.gold(disagreement)?, &self.reviewed.schema);
        let id = self.apply(proposal.confirmed(), Some(before))?;
        Ok(Done { words: words.to_owned(), claim_id: Some(id) })
    }

    /// Writes a claim, and remembers that it is right: a person said so.
    fn apply(&mut self, gold: GoldClaim, before: Option<Version>) -> Result<String, ReviewError> {
        let put = ClaimChange::Put { claim: Box::new(gold), before };
        let edited = self.editor.apply(&Edit { claims: vec![put], ..Edit::default() })?;
        let id = edited.put.first().cloned().unwrap_or_default();
        let content = self.editor.claim(&id).map(Content::of_gold);
        let was = content.as_ref().map(|content| self.memory.verdict(content).unwrap_or(Verdict::Open));
        let forget = content.clone().zip(was).into_iter().collect();
        self.undo.push(Undo { edit: Some(edited.inverse), forget });
        if let Some(content) = content {
            self.memory.remember(content, Verdict::Right)?;
        }
        Ok(id)
    }

    fn delete(&mut self, disagreement: &Disagreement<'_>) -> Result<Done, ReviewError> {
        let gold = self.gold(disagreement)?;
        let (id, before) = (gold.claim.id.clone(), Version::of_claim(gold, &self.reviewed.schema));
        let delete = ClaimChange::Delete { id: id.clone(), before };
        let edited = self.editor.apply(&Edit { claims: vec![delete], ..Edit::default() })?;
        self.undo.push(Undo { edit: Some(edited.inverse), forget: Vec::new() });
        Ok(Done { claim_id: Some(id), words: "deleted from the gold".to_owned() })
    }

    fn check(&self, proposal: &Proposal) -> Result<(), ReviewError> {
        let problems = proposal.problems(&self.reviewed.schema, self.text(&proposal.gold.article_id));
        let unique: BTreeSet<&String> = problems.iter().collect();
        if unique.is_empty() { Ok(()) } else { Err(ReviewError::NotGold(problems)) }
    }
}

/// Why a prediction at the place and of the kind of a claim that is not scored yet is no other claim, and what would be right.
fn twice(known: &GoldClaim) -> String {
    let id = quoted(&known.claim.id, 60);
    let id = id.trim_matches('"');
    match known.status {
        ClaimStatus::Optional => {
            format!("{id} is at this place and of this kind, and optional; make that gold instead: assay label {}", known.article_id)
        }
        _ => format!(
            "{id} is at this place and of this kind, and a draft; confirm {id} instead: assay label {0}, or assay add {0} --confirm",
            known.article_id
        ),
    }
}
