//! The files of annotators, with the checks of the claim file.

use std::path::Path;

use crate::problem::Problems;

use super::super::Reading;

/// Without a schema and articles nothing can be said of them.
pub(super) fn check(root: &Path, reading: &Reading, problems: &mut Problems) {
    if reading.claim_table.is_none() || reading.article_table.is_none() {
        return;
    }
    let dataset = &reading.dataset;
    let names = match dataset.annotators(root) {
        Ok(names) => names,
        Err(found) => return problems.extend(found),
    };
    for name in names {
        match dataset.annotations(root, &name) {
            Ok(annotations) => problems.extend(annotations.warnings),
            Err(found) => problems.extend(found),
        }
    }
}
