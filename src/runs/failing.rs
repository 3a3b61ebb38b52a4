//! Where a run was not right.

use std::collections::BTreeSet;

use super::outcome::{ClaimOutcome, OutcomeRow};
use super::reading::{ReadError, StoredRun};
use crate::score::Standing;

/// Ids of the articles that failed, or in which a claim was missed, invented or not right in all, under the primary criterion. Predictions
/// in articles that are labelled in part are not judged.
///
/// # Errors
/// When the files of the run cannot be read.
pub fn failing_articles(run: &StoredRun) -> Result<BTreeSet<String>, ReadError> {
    let result = run.record.result().map_err(|error| ReadError { file: run.id.clone(), problem: format!("its result: {error}") })?;
    let failed = run.record.articles.iter().filter(|(_, article)| article.standing == Standing::Failed.name());
    let mut failing: BTreeSet<String> = failed.map(|(id, _)| id.clone()).collect();
    let rows = run.rows_where("criterion", &result.primary)?;
    failing.extend(rows.into_iter().filter(is_not_right).map(|row| row.article_id));
    Ok(failing)
}

fn is_not_right(row: &OutcomeRow) -> bool {
    match row.outcome {
        ClaimOutcome::Missed | ClaimOutcome::Spurious => true,
        ClaimOutcome::Matched => {
            row.class.as_deref().is_some_and(|class| class != "right")
                || row.field_outcomes.values().any(|outcome| !matches!(outcome.as_str(), "cor" | "tn"))
        }
        ClaimOutcome::Optional | ClaimOutcome::Outside | ClaimOutcome::Unjudged => false,
    }
}
