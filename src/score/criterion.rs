//! When a gold and a predicted claim may be paired.

use std::fmt;
use std::str::FromStr;

/// A rule that says which pairs of claims are eligible. Among those the assignment chooses (see [`super::assignment`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// The same fragments.
    Exact,
    /// The same fragments and kind.
    Strict,
    /// IoU of at least that many hundredths (1..=100).
    Iou(u8),
    /// At least one shared code point.
    Overlap,
    /// Equal key fields, at least one of them present on each side; spans do not matter. Claims without a present key field
    /// are outside its population.
    Value,
    /// At least one shared code point and equal key fields.
    Claim,
    /// The same quote after folding; claims without a quote are outside its population.
    Text,
}

impl Criterion {
    /// The criteria of a workspace that names none.
    pub const DEFAULT: [Criterion; 6] =
        [Criterion::Exact, Criterion::Strict, Criterion::Iou(50), Criterion::Overlap, Criterion::Value, Criterion::Claim];

    /// What the criterion means, in one line.
    pub fn definition(self) -> String {
        match self {
            Self::Exact => "the same fragments".into(),
            Self::Strict => "the same fragments and the same kind".into(),
            Self::Iou(percent) => format!("intersection over union of the code points at least {}", f64::from(percent) / 100.0),
            Self::Overlap => "at least one code point in common".into(),
            Self::Value => "key fields equal, at least one present on both sides; the place does not matter".into(),
            Self::Claim => "at least one code point in common and key fields equal".into(),
            Self::Text => "the same quote after folding case, width and white space".into(),
        }
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("exact"),
            Self::Strict => f.write_str("strict"),
            Self::Iou(percent) => write!(f, "iou{percent:02}"),
            Self::Overlap => f.write_str("overlap"),
            Self::Value => f.write_str("value"),
            Self::Claim => f.write_str("claim"),
            Self::Text => f.write_str("text"),
        }
    }
}

/// A name that is no criterion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown criterion {0:?}; one of exact, strict, iouNN (iou01 to iou100), overlap, value, claim, text")]
pub struct UnknownCriterion(pub String);

impl FromStr for Criterion {
    type Err = UnknownCriterion;

    fn from_str(name: &str) -> Result<Self, UnknownCriterion> {
        Ok(match name {
            "exact" => Self::Exact,
            "strict" => Self::Strict,
            "overlap" => Self::Overlap,
            "value" => Self::Value,
            "claim" => Self::Claim,
            "text" => Self::Text,
            _ => {
                let digits = name.strip_prefix("iou").filter(|d| (2..=3).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
                match digits.and_then(|d| d.parse().ok()) {
                    Some(percent @ 1..=100) => Self::Iou(percent),
                    _ => return Err(UnknownCriterion(name.to_owned())),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_and_print() {
        for name in ["exact", "strict", "iou50", "iou05", "iou100", "overlap", "value", "claim", "text"] {
            assert_eq!(name.parse::<Criterion>().map(|c| c.to_string()).as_deref(), Ok(name));
        }
        for name in ["", "iou", "iou5", "iou0", "iou00", "iou101", "iou+5", "IoU50", "partial"] {
            assert!(name.parse::<Criterion>().is_err(), "{name}");
        }
    }
}
