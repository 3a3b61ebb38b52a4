//! What the labels of an article are worth when claims were added.

use crate::claim::ArticleStatus;

/// What the user says of the article as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Says {
    /// Nothing: there may be more claims.
    #[default]
    Nothing,
    /// All of its claims are there.
    Complete,
    /// It has none.
    NoClaims,
    /// It is left out.
    Skip,
}

/// The claims of an article as they are afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Whether one is there.
    pub any: bool,
    /// Whether one is a draft.
    pub drafts: bool,
    /// Whether one was added now.
    pub added: bool,
}

/// The status of an article afterwards; `now` is `None` for a new one.
///
/// The safe reading: an article is scored only when somebody said that its labels are whole and none of them is a draft. Such an article
/// stays so when a confirmed claim is added, but a second person has not seen that one; a draft makes it incomplete. Without that word, labels that are all confirmed make an article incomplete, and with a draft among them a draft.
pub fn status(now: Option<ArticleStatus>, says: Says, labels: Labels) -> ArticleStatus {
    use ArticleStatus::{Draft, Gold, Incomplete, Reviewed, Skipped, Unlabelled};
    match says {
        Says::Skip => return Skipped,
        Says::NoClaims => return Gold,
        Says::Nothing | Says::Complete => {}
    }
    let is_complete = says == Says::Complete;
    match now {
        None if !labels.any => Unlabelled,
        Some(now) if !labels.added && !is_complete => now,
        Some(Gold | Reviewed | Incomplete) if labels.drafts => Incomplete,
        _ if labels.drafts => Draft,
        Some(Reviewed) if !labels.added => Reviewed,
        Some(Gold | Reviewed) => Gold,
        _ if is_complete => Gold,
        Some(Draft) => Draft,
        None | Some(Incomplete | Unlabelled | Skipped) => Incomplete,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ArticleStatus::{Draft, Gold, Incomplete, Reviewed, Skipped, Unlabelled};

    #[test]
    fn only_what_is_confirmed_and_said_to_be_whole_is_gold() {
        let drafts = Labels { any: true, drafts: true, added: true };
        let confirmed = Labels { drafts: false, ..drafts };
        let none = Labels::default();
        let kept = Labels { added: false, ..confirmed };
        for (now, says, labels, after) in [
            (None, Says::Nothing, none, Unlabelled),
            (None, Says::NoClaims, none, Gold),
            (None, Says::Skip, none, Skipped),
            (None, Says::Nothing, confirmed, Incomplete),
            (None, Says::Nothing, drafts, Draft),
            (None, Says::Complete, confirmed, Gold),
            (None, Says::Complete, drafts, Draft),
            (Some(Unlabelled), Says::Nothing, confirmed, Incomplete),
            (Some(Skipped), Says::Nothing, drafts, Draft),
            (Some(Draft), Says::Nothing, confirmed, Draft),
            (Some(Draft), Says::Complete, confirmed, Gold),
            (Some(Incomplete), Says::Nothing, confirmed, Incomplete),
            (Some(Incomplete), Says::Complete, kept, Gold),
            (Some(Gold), Says::Nothing, confirmed, Gold),
            (Some(Gold), Says::Nothing, drafts, Incomplete),
            (Some(Gold), Says::Complete, drafts, Incomplete),
            (Some(Reviewed), Says::Nothing, confirmed, Gold),
            (Some(Reviewed), Says::Complete, kept, Reviewed),
            (Some(Unlabelled), Says::Nothing, none, Unlabelled),
            (Some(Gold), Says::Nothing, Labels { drafts: true, ..kept }, Gold),
        ] {
            assert_eq!(status(now, says, labels), after, "{now:?} {says:?} {labels:?}");
        }
    }
}
