//! Places in a text: half-open spans of Unicode code points, and sets of them.

use std::fmt;

/// A half-open, non-empty range `[start, end)` of Unicode code points of one article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// A span, or `None` when it would be empty or reversed.
    pub fn new(start: u32, end: u32) -> Option<Span> {
        (start < end).then_some(Span { start, end })
    }

    /// First code point.
    pub fn start(self) -> u32 {
        self.start
    }

    /// One past the last code point.
    pub fn end(self) -> u32 {
        self.end
    }

    /// Number of code points, at least 1.
    pub fn code_points(self) -> u32 {
        self.end - self.start
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

/// The place of a claim: its spans, sorted, and merged where they touch or overlap.
///
/// Empty when the claim has no place (an answer whose quote was not found in the text).
///
/// ```
/// use claim_assay::claim::{Fragments, Span};
/// let f: Fragments = [Span::new(6, 9).unwrap(), Span::new(0, 4).unwrap(), Span::new(4, 5).unwrap()].into_iter().collect();
/// assert_eq!(f.to_string(), "0-5;6-9");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fragments(Vec<Span>);

impl Fragments {
    /// The spans, sorted, disjoint, and with a gap between each two.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether the claim has no place.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The smallest span that covers all fragments.
    pub fn hull(&self) -> Option<Span> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        Span::new(first.start, last.end)
    }

    /// Joins the fragments' texts with one space, as quotes are written.
    /// `None` when a fragment ends behind the text.
    pub fn quote(&self, text: &str) -> Option<String> {
        let mut quote = String::new();
        let mut chars = text.char_indices();
        let mut at = 0u32;
        for (i, span) in self.0.iter().enumerate() {
            if i > 0 {
                quote.push(' ');
            }
            let skip = (span.start - at) as usize;
            if skip > 0 && chars.by_ref().take(skip).count() < skip {
                return None;
            }
            let before = quote.chars().count();
            quote.extend(chars.by_ref().take(span.code_points() as usize).map(|(_, c)| c));
            if quote.chars().count() - before < span.code_points() as usize {
                return None;
            }
            at = span.end;
        }
        Some(quote)
    }
}

impl From<Span> for Fragments {
    fn from(span: Span) -> Self {
        Fragments(vec![span])
    }
}

impl FromIterator<Span> for Fragments {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        if spans.len() > 1 {
            spans.sort_unstable();
            spans.dedup_by(|next, kept| {
                let joins = next.start <= kept.end;
                if joins {
                    kept.end = kept.end.max(next.end);
                }
                joins
            });
        }
        Fragments(spans)
    }
}

impl fmt::Display for Fragments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, span) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(";")?;
            }
            span.fmt(f)?;
        }
        Ok(())
    }
}

/// Code points that two normalised fragment lists share. Linear in both.
pub fn intersection_len(a: &[Span], b: &[Span]) -> u64 {
    let (mut i, mut j, mut shared) = (0, 0, 0u64);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let (lo, hi) = (x.start.max(y.start), x.end.min(y.end));
        if lo < hi {
            shared += u64::from(hi - lo);
        }
        if x.end <= y.end {
            i += 1;
        } else {
            j += 1;
        }
    }
    shared
}

/// Code points of a normalised fragment list.
pub fn total_len(spans: &[Span]) -> u64 {
    spans.iter().map(|s| u64::from(s.code_points())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragments(pairs: &[(u32, u32)]) -> Fragments {
        pairs.iter().filter_map(|&(s, e)| Span::new(s, e)).collect()
    }

    #[test]
    fn spans_are_never_empty_or_reversed() {
        assert!(Span::new(3, 3).is_none());
        assert!(Span::new(4, 3).is_none());
        assert_eq!(Span::new(3, 5).map(Span::code_points), Some(2));
    }

    #[test]
    fn fragments_are_sorted_and_merged_where_they_touch() {
        assert_eq!(fragments(&[(9, 11), (5, 6)]).to_string(), "5-6;9-11");
        assert_eq!(fragments(&[(23, 33), (33, 38)]).to_string(), "23-38");
        assert_eq!(fragments(&[(0, 9), (2, 4), (8, 12)]).to_string(), "0-12");
    }

    #[test]
    fn touching_spans_share_nothing() {
        let shared = |a: &[(u32, u32)], b: &[(u32, u32)]| intersection_len(fragments(a).spans(), fragments(b).spans());
        assert_eq!(shared(&[(0, 5)], &[(5, 9)]), 0);
        assert_eq!(shared(&[(0, 5)], &[(4, 9)]), 1);
        assert_eq!(shared(&[(0, 3), (6, 9)], &[(2, 7)]), 2);
        assert_eq!(shared(&[], &[(2, 7)]), 0);
    }

    #[test]
    fn a_quote_joins_fragments_with_one_space_and_counts_code_points() {
        let text = "🌊 caf\u{e9} owners";
        assert_eq!(fragments(&[(2, 6)]).quote(text).as_deref(), Some("caf\u{e9}"));
        assert_eq!(fragments(&[(0, 1), (7, 13)]).quote(text).as_deref(), Some("🌊 owners"));
        assert_eq!(fragments(&[(7, 14)]).quote(text), None);
    }
}
