//! Checks over a whole dataset: everything that a load finds, and what can be scored but is probably a slip.
//!
//! The rules with their levels are the table [`Rule`](crate::problem::Rule).

mod annotations;
mod claims;
mod figure;
mod files;
mod fix;
mod text;

use std::path::Path;

use crate::problem::Problems;

use super::Reading;

pub(super) use files::has_damage;
pub use fix::{Fix, FixedFile, fixes};

/// All findings over what was read, errors of the load among them. `root` is as in [`Reading::of`].
pub fn lint(root: &Path, reading: &Reading) -> Problems {
    let mut problems = reading.problems.clone();
    text::check(reading, &mut problems);
    claims::check(reading, &mut problems);
    files::check(root, reading, &mut problems);
    annotations::check(root, reading, &mut problems);
    problems
}
