//! What a request would write, over the dataset as it is; nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Args;
use super::article;
use super::confirm;
use super::requests::{Request, Subject};
use super::twins::TwinNote;
use crate::claim::{ArticleStatus, ClaimStatus, Fragments, GoldClaim, intersection_len, total_len};
use crate::dataset::edit::{ArticleChange, ClaimChange, Edit, Edited, Editor, NewArticle, Version};
use crate::dataset::{ArticleRecord, Compared};
use crate::label::{Drafted, Drafts, Labels, Says, Whose, status};
use crate::report::safe::quoted;
use crate::report::terminal::count;

/// What a request would write.
#[derive(Clone, Debug, Default)]
pub(super) struct Planned {
    pub article_id: String,
    pub edit: Edit,
    report: Report,
}

/// What is told of it.
#[derive(Clone, Debug, Default)]
struct Report {
    record: ArticleRecord,
    was: Option<ArticleStatus>,
    claims: Vec<Drafted>,
    /// Whether the claims are drafts that were there, confirmed now.
    is_confirmed: bool,
    there: usize,
    near: Vec<Near>,
    notes: Vec<String>,
}

/// An article of nearly the same text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Near {
    pub article_id: String,
    pub share: f64,
    pub is_same: bool,
    /// The group that both would be in.
    pub group: String,
}

/// What was written, or would be.
#[derive(Clone, Debug, Default)]
pub(super) struct Added {
    /// The row of the article, as it is now.
    pub record: ArticleRecord,
    /// The status before; `None` for a new article.
    pub was: Option<ArticleStatus>,
    pub claims: Vec<AddedClaim>,
    /// Whether the claims are drafts that were there, confirmed now.
    pub is_confirmed: bool,
    /// Answers that are claims of the article already.
    pub there: usize,
    pub near: Vec<Near>,
    pub notes: Vec<String>,
}

/// A claim that was written, or would be.
#[derive(Clone, Debug, Default)]
pub(super) struct AddedClaim {
    pub gold: GoldClaim,
    pub readings: Vec<String>,
    pub twin: Option<TwinNote>,
}

impl Added {
    pub fn of(planned: &Planned, edited: &Edited) -> Added {
        Added::with_ids(planned, edited.put.iter().cloned())
    }

    /// `ids` are those of the claims, in their order, and may go on behind them.
    pub fn with_ids(planned: &Planned, ids: impl Iterator<Item = String>) -> Added {
        let Report { record, was, claims, is_confirmed, there, near, mut notes } = planned.report.clone();
        let claims = claims.into_iter().zip(ids).map(|(drafted, id)| {
            notes.extend(drafted.notes.iter().map(|note| format!("{}: {note}", quoted(&id, 60).trim_matches('"'))));
            let mut gold = drafted.gold;
            gold.claim.id = id;
            AddedClaim { gold, readings: drafted.readings, twin: None }
        });
        let claims = claims.collect();
        Added { record, was, claims, is_confirmed, there, near, notes }
    }
}

/// Plans requests one after the other; each knows what those before it would write.
pub(super) struct Planner<'a> {
    args: &'a Args,
    editor: &'a Editor,
    /// The new texts, compared with those of the dataset.
    compared: &'a Compared,
    ids: BTreeSet<String>,
    texts: BTreeMap<Arc<str>, String>,
    claims: BTreeMap<String, BTreeSet<(Fragments, String)>>,
    claim_ids: BTreeSet<String>,
}

impl<'a> Planner<'a> {
    pub fn new(args: &'a Args, editor: &'a Editor, compared: &'a Compared) -> Planner<'a> {
        let (ids, texts, claims, claim_ids) = Default::default();
        Planner { args, editor, compared, ids, texts, claims, claim_ids }
    }

    /// What the request would write, or everything that is wrong with it.
    pub fn plan(&mut self, request: &Request) -> Result<Planned, Vec<String>> {
        let mut wrong = Vec::new();
        let mut report = Report::default();
        match &request.article {
            Subject::There(id) => match self.editor.dataset().article(id) {
                Some(record) => {
                    report.record = record.clone();
                    report.was = Some(record.status);
                }
                None => return Err(vec![format!("no article {} that can be read; `assay lint` says more", quoted(id, 60))]),
            },
            Subject::New(new) => {
                report.record = article::record(new, self.editor.dataset(), &self.ids, &mut wrong, &mut report.notes);
                self.compare(&mut report, &mut wrong);
            }
        }
        report.is_confirmed = self.args.confirm && report.was.is_some() && request.claims.is_empty() && request.answers.is_none();
        let mut claims = if report.is_confirmed {
            confirm::drafts(self.editor, &mut report.notes, &report.record, &mut wrong)
        } else {
            self.drafted(request, &mut report, &mut wrong)
        };
        self.check_words(&report, &claims, &mut wrong);
        if report.was.is_some()
            && request.claims.is_empty()
            && request.answers.is_none()
            && !report.is_confirmed
            && self.args.says() == Says::Nothing
            && self.args.note.is_none()
        {
            let id = &report.record.article.id;
            wrong.push(format!(
                "nothing to add to {id}; give --claim QUOTE, --claims FILE, --confirm, --complete, --no-claims or --skip REASON"
            ));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let article = self.article(&mut report, &claims);
        self.ids.insert(report.record.article.id.clone());
        self.texts.insert(report.record.article.text.clone(), report.record.article.id.clone());
        let put = |drafted: &Drafted| {
            let before = self.editor.claim(&drafted.gold.claim.id).filter(|_| report.is_confirmed);
            ClaimChange::Put { claim: Box::new(drafted.gold.clone()), before: before.map(|draft| self.editor.version_of(draft)) }
        };
        let mut edit = Edit { claims: claims.iter().map(put).collect(), article, ..Edit::default() };
        if report.was.is_none() {
            edit.new_article = Some(NewArticle { record: report.record.clone() });
        }
        report.claims = std::mem::take(&mut claims);
        Ok(Planned { article_id: report.record.article.id.clone(), edit, report })
    }

    /// Looks for the text, and nearly the same one.
    fn compare(&self, report: &mut Report, wrong: &mut Vec<String>) {
        let text = &report.record.article.text;
        if let Some(id) = self.texts.get(text).filter(|_| !self.args.force) {
            wrong.push(format!("the same text as that of {id}, which comes before it; --force adds it again"));
        }
        for found in self.compared.alike(text, self.editor.dataset()) {
            let id = &found.record.article.id;
            if found.is_same && !self.args.force {
                // An id that is taken is told already.
                if *id != report.record.article.id {
                    wrong.push(format!("the same text as {id}; add claims to that (assay add {id} --claim …), or take --force"));
                }
                continue;
            }
            let group = found.record.unit().to_owned();
            report.near.push(Near { article_id: id.clone(), share: found.share, is_same: found.is_same, group });
        }
    }

    /// The claims that are new, answers of an extractor first.
    fn drafted(&mut self, request: &Request, report: &mut Report, wrong: &mut Vec<String>) -> Vec<Drafted> {
        let article = report.record.article.clone();
        let drafts = Drafts::of(self.editor.schema(), &article);
        let mut claims: Vec<Drafted> = Vec::new();
        for answer in request.answers.iter().flatten() {
            let why = match drafts.draft(answer, Whose::Extractor) {
                Ok(drafted) if self.editor.claims_of(&article.id).iter().any(|there| is_there(there, &drafted.gold)) => {
                    report.there += 1;
                    continue;
                }
                Ok(drafted) if self.is_first(&drafted.gold) => {
                    claims.push(drafted);
                    continue;
                }
                Ok(_) => "the same place and kind as one before".to_owned(),
                Err(why) => why.join("; "),
            };
            report.notes.push(format!("{} is left out: {why}", answer.from));
        }
        for new in &request.claims {
            match drafts.draft(new, request.whose) {
                Ok(drafted) => {
                    wrong.extend(self.twice(&drafted.gold).map(|why| format!("{}: {why}", new.from)));
                    claims.push(drafted);
                }
                Err(why) => wrong.extend(why.into_iter().map(|why| format!("{}: {why}", new.from))),
            }
        }
        claims
    }

    /// Why a claim is there twice.
    fn twice(&mut self, gold: &GoldClaim) -> Option<String> {
        let (quote, id) = (quoted(&gold.claim.quote, 60), &gold.claim.id);
        if let Some(same) = self.editor.claims_of(&gold.article_id).iter().find(|there| is_same(there, gold)) {
            return Some(format!("{quote} is claim {} already, at the same place and of the same kind", quoted(&same.claim.id, 60)));
        }
        if !self.is_first(gold) {
            return Some(format!("{quote} is given twice, at the same place and of the same kind"));
        }
        let is_taken = !id.is_empty() && (self.editor.claim(id).is_some() || !self.claim_ids.insert(id.clone()));
        is_taken.then(|| format!("there is a claim {} already; give another id, or none", quoted(id, 60)))
    }

    /// Whether nothing before was at the same place and of the same kind.
    fn is_first(&mut self, gold: &GoldClaim) -> bool {
        let seen = self.claims.entry(gold.article_id.clone()).or_default();
        seen.insert((gold.claim.fragments.clone(), gold.claim.kind.clone()))
    }

    /// What the user says of the article must fit its claims.
    fn check_words(&self, report: &Report, claims: &[Drafted], wrong: &mut Vec<String>) {
        let id = &report.record.article.id;
        let there = self.editor.claims_of(id);
        let all = there.len() + if report.is_confirmed { 0 } else { claims.len() };
        let golds = there.iter().filter(|gold| gold.status == ClaimStatus::Gold).count();
        match self.args.says() {
            Says::NoClaims if all > 0 => wrong.push(format!("--no-claims: {id} has {all}; delete them first, or leave it out")),
            Says::Skip if golds > 0 && !self.args.force => {
                wrong.push(format!(
                    "--skip: {id} has {}, which would not be scored any more; --force skips it all the same",
                    count(golds as u64, "gold claim")
                ));
            }
            Says::Skip if !claims.is_empty() => wrong.push("--skip leaves the article out; add no claims to it".to_owned()),
            Says::Complete if all == 0 && wrong.is_empty() => {
                wrong.push(format!("--complete: {id} has no claim; --no-claims says that there is none to find"));
            }
            _ => {}
        }
    }

    /// Brings the row up to date; the change of one that is there.
    fn article(&self, report: &mut Report, claims: &[Drafted]) -> Option<ArticleChange> {
        let there = self.editor.claims_of(&report.record.article.id);
        let ids: BTreeSet<&str> = claims.iter().map(|drafted| drafted.gold.claim.id.as_str()).collect();
        let stay = there.iter().filter(|gold| !report.is_confirmed || !ids.contains(gold.claim.id.as_str()));
        let mut all = stay.chain(claims.iter().map(|drafted| &drafted.gold));
        let labels = Labels {
            any: !there.is_empty() || !claims.is_empty(),
            drafts: all.any(|gold| gold.status == ClaimStatus::Draft),
            added: !claims.is_empty() && !report.is_confirmed,
        };
        let before = Version::of_article(&report.record);
        let after = status(report.was, self.args.says(), labels);
        if self.args.says() == Says::Complete && !after.is_scored() {
            report.notes.push(format!("{} is not gold yet: a claim is a draft", report.record.article.id));
        }
        let note = match (&self.args.skip, &self.args.note) {
            (Some(reason), None) => Some(reason.clone()),
            (Some(reason), Some(note)) => Some(format!("{reason}; {note}")),
            (None, note) => note.clone(),
        };
        if let Some(note) = &note {
            report.record.note = match report.record.note.as_str() {
                "" => note.clone(),
                old if report.was.is_some() => format!("{old}; {note}"),
                _ => note.clone(),
            };
        }
        report.record.status = after;
        let was = report.was?;
        let change = ArticleChange {
            id: report.record.article.id.clone(),
            status: (after != was).then_some(after),
            note: note.map(|_| report.record.note.clone()),
            before: Some(before),
        };
        (change.status.is_some() || change.note.is_some()).then_some(change)
    }
}

fn is_same(a: &GoldClaim, b: &GoldClaim) -> bool {
    a.claim.fragments == b.claim.fragments && a.claim.kind == b.claim.kind
}

/// Whether an answer is a claim of the gold: it shares text with one of its kind, or half of what both cover with one of another kind.
fn is_there(gold: &GoldClaim, answer: &GoldClaim) -> bool {
    let (a, b) = (gold.claim.fragments.spans(), answer.claim.fragments.spans());
    let both = intersection_len(a, b);
    both > 0 && (gold.claim.kind == answer.claim.kind || 2 * both >= total_len(a) + total_len(b) - both)
}
