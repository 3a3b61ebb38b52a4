//! The same claims in other articles, so that a tracking id can be given.

use super::plan::Added;
use crate::dataset::Twins;
use crate::dataset::edit::Editor;

/// A claim of another article that says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TwinNote {
    pub claim_id: String,
    pub article_id: String,
    /// Empty where it has none.
    pub tracking_id: String,
}

/// Looks for the same claim elsewhere, for those without a tracking id.
pub(super) fn note(editor: &Editor, added: &mut [Added]) {
    let untracked = |gold: &crate::claim::GoldClaim| gold.claim.tracking_id.is_empty();
    if !added.iter().flat_map(|added| &added.claims).any(|claim| untracked(&claim.gold)) {
        return;
    }
    let twins = Twins::of(editor.dataset());
    for added in added {
        for claim in added.claims.iter_mut().filter(|claim| untracked(&claim.gold)) {
            claim.twin = twins.of_claim(&claim.gold, &added.record).map(|twin| TwinNote {
                claim_id: twin.claim.id.clone(),
                article_id: twin.article_id.clone(),
                tracking_id: twin.claim.tracking_id.clone(),
            });
        }
    }
}
