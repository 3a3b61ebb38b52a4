//! From two attempts to what differs between them.

use super::changes::{self, changes};
use super::common::Common;
use super::model::{ComparedRun, Comparison, CriterionDifference, Difference, McNemar};
use super::slices::slices;
use super::verdict::verdict;
use crate::runs::attempt::Rescored;
use crate::runs::measure::{Counted, Part};
use crate::score::Standing;
use crate::stats::{OfMetrics, PairedCriterion, PairedDifference, PairedSettings, mcnemar};

/// Why two attempts cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{base} and {head} have no article in common that is labelled whole and has the text that both were sent ({new} only in {head}, {gone} only in {base} or no longer in the dataset, {changed} with another text{}, {incomplete} not labelled whole)",
    .unknown.map(|n| format!("; of {n} nobody knows the text: an earlier version stored no hash of it, run again")).unwrap_or_default()
)]
pub struct NothingInCommon {
    /// Names of the runs.
    pub base: String,
    /// See `base`.
    pub head: String,
    /// How many articles stand in the way for each reason.
    pub new: usize,
    /// See `new`.
    pub gone: usize,
    /// See `new`.
    pub changed: usize,
    /// See `new`.
    pub incomplete: usize,
    /// Those of the changed ones whose text was not noted; `None` without any.
    pub unknown: Option<usize>,
}

/// Compares two attempts that were scored on the same dataset by the same settings.
///
/// # Errors
/// When there is no article to compare.
pub fn compare(base: &Rescored<'_>, head: &Rescored<'_>, settings: PairedSettings) -> Result<Comparison, NothingInCommon> {
    let common = Common::new(base, head);
    let articles = common.account();
    if articles.compared == 0 {
        let is_unknown = |id: &&String| [base, head].iter().any(|side| side.is_of_unknown_text(id));
        let unknown = articles.changed.iter().filter(is_unknown).count();
        return Err(NothingInCommon {
            base: base.attempt.name.clone(),
            head: head.attempt.name.clone(),
            new: articles.new.len(),
            gone: articles.gone.len(),
            changed: articles.changed.len(),
            // Of articles that both attempted none is compared, so none is labelled whole.
            incomplete: base.inputs.iter().filter(|b| head.inputs.binary_search_by(|h| h.id.cmp(b.id)).is_ok()).count(),
            unknown: (unknown > 0).then_some(unknown),
        });
    }
    let names = &head.evaluation.names.criteria;
    let counted: Vec<Counted> = names.iter().map(|criterion| Counted::Criterion(*criterion)).collect();
    let paired = common.units(&counted, &Part::default()).compare(settings);
    let primary = head.settings.primary;
    let of_primary = names.iter().position(|criterion| *criterion == primary).and_then(|number| paired.get(number).cloned());
    let of_primary = of_primary.unwrap_or_default();
    let changes = changes(&common);
    let (only_base, only_head) = (changes.newly_missed.len() as u64, changes.newly_found.len() as u64);
    let (p, mid_p) = mcnemar(only_base, only_head);
    Ok(Comparison {
        base: run(base, &common, 0),
        head: run(head, &common, 1),
        articles,
        primary: primary.to_string(),
        units: of_primary.units,
        differing_units: of_primary.differing,
        verdict: verdict(names_of(base, head), primary, &of_primary),
        criteria: names.iter().zip(&paired).map(|(name, paired)| (name.to_string(), criterion(paired))).collect(),
        slices: slices(&common, settings),
        mcnemar: McNemar { only_base, only_head, p, mid_p, assumes_independent_claims: true },
        changes,
    })
}

/// Gold claims that none of the attempts found, over the articles of all of them.
pub fn missed_by_all(attempts: &[&Rescored<'_>]) -> Vec<super::model::ClaimChange> {
    changes::missed_by_all(attempts)
}

/// What the two are called in a sentence: extractor and version where these differ, else the runs.
fn names_of(base: &Rescored<'_>, head: &Rescored<'_>) -> [String; 2] {
    let version = |side: &Rescored<'_>| {
        let extractor = &side.attempt.extractor;
        format!("{} {}", extractor.name, extractor.version).trim_end().to_owned()
    };
    if version(base) == version(head) { [base, head].map(|side| side.attempt.name.clone()) } else { [version(base), version(head)] }
}

fn run(side: &Rescored<'_>, common: &Common<'_, '_>, number: usize) -> ComparedRun {
    let attempt = side.attempt;
    ComparedRun {
        run: attempt.name.clone(),
        extractor: attempt.extractor.clone(),
        signature: attempt.signature.clone(),
        rescored: side.is_another(),
        attempted: attempt.articles.len() as u64,
        failed: common.articles().filter(|a| a.evaluated[number].standing == Standing::Failed).count() as u64,
        wall_time_s: attempt.wall_time_s,
        spent: attempt.spent(),
    }
}

fn criterion(paired: &PairedCriterion) -> CriterionDifference {
    let OfMetrics { precision, recall, f1 } = paired.of;
    CriterionDifference {
        of: OfMetrics { precision: difference(precision), recall: difference(recall), f1: difference(f1) },
        method: paired.method,
        unreliable: paired.method != crate::stats::Method::Bca,
    }
}

pub(super) fn difference(paired: PairedDifference) -> Difference {
    Difference {
        base: paired.base,
        head: paired.head,
        difference: paired.difference(),
        ci: paired.ci,
        no_interval: paired.reason,
        p: paired.p,
        p_holm: None,
        detectable: paired.detectable,
    }
}
