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

/// Code points that two normalised fragment lists share. Linear in the spans that overlap; others are skipped by their logarithm.
pub fn intersection_len(mut a: &[Span], mut b: &[Span]) -> u64 {
    let mut shared = 0;
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        if x.end <= y.start {
            a = &a[ended_by(y.start, a)..];
        } else if y.end <= x.start {
            b = &b[ended_by(x.start, b)..];
        } else {
            shared += u64::from(x.end.min(y.end) - x.start.max(y.start));
            if x.end <= y.end {
                a = &a[1..];
            } else {
                b = &b[1..];
            }
        }
    }
    shared
}

/// How many spans end before a place or there. Looks near first and then ever further, so that a short way is as quick as a step.
fn ended_by(place: u32, spans: &[Span]) -> usize {
    let ended = |span: &Span| span.end <= place;
    let mut far = 1;
    while spans.get(far).is_some_and(ended) {
        far *= 2;
    }
    let near = far / 2;
    near + spans[near..spans.len().min(far)].partition_point(ended)
}

/// Code points of a normalised fragment list.
pub fn total_len(spans: &[Span]) -> u64 {
    spans.iter().map(|s| u64::from(s.code_points())).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
    fn what_many_fragments_share_is_what_their_code_points_share() {
        let every = |start: u32, step: u32, length: u32, count: u32| -> Fragments {
            (0..count).filter_map(|i| Span::new(start + i * step, start + i * step + length)).collect()
        };
        let mut lists = vec![Fragments::default(), fragments(&[(0, 1), (500, 700), (999, 1001)])];
        for start in [0, 7, 250] {
            lists.extend([every(start, 3, 2, 200), every(start, 100, 9, 8), every(start, 41, 1, 20), every(start, 900, 100, 2)]);
            lists.extend((0..20).map(|i| every(start + 13 * i, 1, 1 + i, 1)));
        }
        let points = |list: &Fragments| list.spans().iter().flat_map(|span| span.start()..span.end()).collect::<BTreeSet<_>>();
        for a in &lists {
            for b in &lists {
                let shared = points(a).intersection(&points(b)).count() as u64;
                assert_eq!(intersection_len(a.spans(), b.spans()), shared, "{a} and {b}");
            }
        }
    }

    #[test]
    fn one_of_many_fragments_is_found_without_a_walk_over_all() {
        // A walk for each would be thousands of millions of steps.
        let many: Fragments = (0..100_000).filter_map(|i| Span::new(3 * i, 3 * i + 2)).collect();
        let shared: u64 = many.spans().iter().map(|span| intersection_len(&[*span], many.spans())).sum();
        assert_eq!(shared, 200_000);
    }

    #[test]
    fn a_quote_joins_fragments_with_one_space_and_counts_code_points() {
        let text = "🌊 caf\u{e9} owners";
        assert_eq!(fragments(&[(2, 6)]).quote(text).as_deref(), Some("caf\u{e9}"));
        assert_eq!(fragments(&[(0, 1), (7, 13)]).quote(text).as_deref(), Some("🌊 owners"));
        assert_eq!(fragments(&[(7, 14)]).quote(text), None);
    }
}
