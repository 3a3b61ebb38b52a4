//! Two attempts in each slice of the data.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::common::{Common, CommonArticle};
use super::compare::difference;
use super::model::SliceDifference;
use crate::runs::measure::{Counted, Part, Share};
use crate::stats::{PairedSettings, PairedUnits, holm};

/// Fewest gold claims of a slice whose p is adjusted together with the others: smaller ones can show nothing, and would only take
/// power from the rest.
const FEWEST_GOLD: u64 = 10;

/// One slice while the articles are walked.
struct Slice {
    part: Part,
    units: PairedUnits,
    gold: u64,
}

/// Each slice of the settings, by column in their order and then by value, its units resampled among themselves: a slice of three
/// articles is not as sure as the thousand articles around it.
pub(super) fn slices(common: &Common<'_, '_>, settings: PairedSettings) -> Vec<SliceDifference> {
    let counted = Counted::Criterion(common.head.settings.primary);
    let mut all = Vec::new();
    for column in &common.head.settings.slices {
        let of_claims = column == "kind" || common.head.evaluation.names.claim_slices.contains(column);
        // One walk over the articles a column: each goes to the slices that it has claims in.
        let mut slices: BTreeMap<String, Slice> = BTreeMap::new();
        for article in common.articles() {
            let values = if of_claims { common.claim_values(column, &article) } else { article_values(column, &article) };
            for value in values {
                let slice = slices.entry(value.to_owned()).or_insert_with(|| Slice::new(column, value, of_claims));
                slice.gold += common.add(std::slice::from_ref(&counted), &slice.part, &article, &mut slice.units);
            }
        }
        let compared = slices.into_par_iter().map(|(value, slice)| {
            let share = if slice.part.defines(&counted, Share::F1) { Share::F1 } else { Share::Recall };
            let paired = slice.units.compare(settings).pop().unwrap_or_default();
            let of = difference(share.of(&paired.of));
            SliceDifference { column: column.clone(), value, metric: share.name().to_owned(), gold: slice.gold, units: paired.units, of }
        });
        all.extend(compared.collect::<Vec<_>>());
    }
    adjust(&mut all);
    all
}

impl Slice {
    fn new(column: &str, value: &str, of_claims: bool) -> Slice {
        let pair = (column.to_owned(), value.to_owned());
        let part =
            if of_claims { Part { claims: Some(pair), ..Part::default() } } else { Part { articles: vec![pair], ..Part::default() } };
        Slice { part, units: PairedUnits::new(1), gold: 0 }
    }
}

fn article_values<'r>(column: &str, article: &CommonArticle<'r, '_>) -> BTreeSet<&'r str> {
    article.input.columns.iter().filter(|(c, _)| c == column).map(|(_, value)| value.as_ref()).collect()
}

fn adjust(slices: &mut [SliceDifference]) {
    let judged: Vec<usize> = (0..slices.len()).filter(|&i| slices[i].gold >= FEWEST_GOLD && slices[i].of.p.is_some()).collect();
    let p: Vec<f64> = judged.iter().filter_map(|&i| slices[i].of.p).collect();
    for (&i, adjusted) in judged.iter().zip(holm(&p)) {
        slices[i].of.p_holm = Some(adjusted);
    }
}
