//! `assay add ARTICLE --confirm`: the drafts of an article that a person takes as right.

use crate::claim::ClaimStatus;
use crate::dataset::ArticleRecord;
use crate::dataset::edit::Editor;
use crate::label::{Drafted, Drafts};
use crate::report::safe::quoted;

/// The drafts of an article, confirmed; why some stay drafts is noted, and what is wrong when none can be confirmed.
pub(super) fn drafts(editor: &Editor, notes: &mut Vec<String>, record: &ArticleRecord, wrong: &mut Vec<String>) -> Vec<Drafted> {
    let id = &record.article.id;
    let rows = Drafts::of(editor.schema(), &record.article);
    let (mut confirmed, mut stay) = (Vec::new(), Vec::new());
    for draft in editor.claims_of(id).iter().filter(|gold| gold.status == ClaimStatus::Draft) {
        match rows.confirmed(draft) {
            Ok(drafted) => confirmed.push(drafted),
            Err(why) => stay.push(format!("{} stays a draft: {why}; `assay label {id}` asks for it", shown_id(&draft.claim.id))),
        }
    }
    if confirmed.is_empty() {
        if stay.is_empty() {
            wrong.push(format!("nothing to confirm: no claim of {id} is a draft"));
        }
        wrong.append(&mut stay);
    }
    notes.extend(stay);
    confirmed
}

fn shown_id(id: &str) -> String {
    quoted(id, 60).trim_matches('"').to_owned()
}
