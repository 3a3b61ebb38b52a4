//! How far annotators agree: on where claims stand, and on what they are.
//!
//! - [`cohen_kappa`], [`nominal_alpha`], [`interval_alpha`], [`ratio_alpha`]: coefficients of labels, corrected for chance
//! - [`Labels`]: all of them over pairs of labels
//! - [`Pairer`], [`ArticlePairs`]: which claims of two annotators are the same one, in an article
//! - [`PairAgreement`]: two annotators over the articles that both labelled, with slices and what they disagree on
//! - [`joint_alphas`]: three annotators or more at once
//!
//! Where there is no claim there is no true negative to count, so that chance agreement on places is not defined: places are told by F1
//! over pairs of claims, which the unmatched ones lower. Kappa and alpha are about the pairs: a claim that only one annotator has is
//! missing there, and lowers neither.

mod alpha;
mod disagreement;
mod joint;
mod kappa;
mod labels;
mod model;
mod pair;
mod pairing;

pub use alpha::{MOST_NUMBERS, interval_alpha, nominal_alpha, ratio_alpha};
pub use disagreement::{Difference, Disagreement, Side, What};
pub use joint::{JointAlpha, joint_alphas};
pub use kappa::cohen_kappa;
pub use labels::{Label, Labels};
pub use model::{Agreement, F1Interval, KindAgreement, Labelled, Named, Numbers, PairAgreement, Slice, SpanAgreement};
pub use pair::agreement;
pub use pairing::{ArticlePairs, Pairer, SpanCounts};
