//! Written claims to claims with a place: the step between any answer and scoring.

use crate::anchor::{CodePoints, Hint, How, OffsetUnit, Place, Wanted, place_all};
use crate::claim::{Claim, Fragments};
use crate::formats::jsonl::RawClaims;

use super::answer::LocationCounts;

/// An answer's claims with their places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Located {
    /// In the order of the answer; a claim without a place has no fragments. A claim without a quote gets the text of its
    /// place as quote where the text is known.
    pub claims: Vec<Claim>,
    /// How the places were found; the sum is the number of claims.
    pub counts: LocationCounts,
    /// Claims (0-based) whose offsets no such text has and that have no quote, and what is wrong: the answer is malformed.
    pub impossible: Vec<(usize, String)>,
    /// What the user should know: offsets that do not give their quotes, and what they seem to count.
    pub note: Option<String>,
}

/// Finds the place of each claim of one answer in its article. Offsets are in `unit`; places are in code points.
pub fn locate_answer(text: &str, claims: &RawClaims<'_>, unit: OffsetUnit) -> Located {
    let wanted: Vec<Wanted<'_>> = claims
        .iter()
        .map(|claim| Wanted {
            offsets: if claim.fragments.is_empty() { claim.row.offsets.as_slice() } else { claim.fragments },
            quote: &claim.row.quote,
            prefix: &claim.row.prefix,
            suffix: &claim.row.suffix,
        })
        .collect();
    let points = CodePoints::new(text);
    let found = place_all(&points, &wanted, unit);
    let mut located = Located { note: disagreement_note(found.disagreeing, found.hint), ..Located::default() };
    for (i, (claim, place)) in claims.iter().zip(found.places).enumerate() {
        let fragments = match place {
            Place::At(fragments, how) => {
                *counter(&mut located.counts, how) += 1;
                fragments
            }
            Place::Unlocated => {
                located.counts.unlocated += 1;
                Fragments::default()
            }
            Place::Impossible(why) => {
                located.impossible.push((i, why));
                located.counts.unlocated += 1;
                Fragments::default()
            }
        };
        let mut claim = claim.to_claim(fragments);
        if claim.quote.is_empty() {
            claim.quote = points.quote(&claim.fragments).unwrap_or_default().into_owned();
        }
        located.claims.push(claim);
    }
    located
}

/// Takes the places as written, for articles whose text is not at hand: offsets are code points, and a quote alone has no place.
pub fn take_places_as_written(claims: &RawClaims<'_>) -> Located {
    let mut located = Located::default();
    for claim in claims.iter() {
        let place = claim.written_place();
        if place.is_empty() {
            located.counts.unlocated += 1;
        } else {
            located.counts.exact += 1;
        }
        located.claims.push(claim.to_claim(place));
    }
    located
}

fn counter(counts: &mut LocationCounts, how: How) -> &mut u64 {
    match how {
        How::Exact => &mut counts.exact,
        How::Folded => &mut counts.folded,
        How::Fuzzy => &mut counts.fuzzy,
        How::Ambiguous => &mut counts.ambiguous_quote,
    }
}

fn disagreement_note(disagreeing: usize, hint: Option<Hint>) -> Option<String> {
    let claims = match disagreeing {
        0 => return None,
        1 => "1 claim has offsets that do not give its quote".to_owned(),
        n => format!("{n} claims have offsets that do not give their quotes"),
    };
    Some(match hint {
        Some(hint) => format!("{claims}: {hint}"),
        None => claims,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Span;
    use crate::formats::jsonl::RawRow;

    /// Claims of one place and quote each.
    fn raw<'a>(written: &[(Option<(u32, u32)>, &'a str)]) -> RawClaims<'a> {
        let mut claims = RawClaims::default();
        for &(offsets, quote) in written {
            claims.push(RawRow { offsets, quote: quote.into(), ..RawRow::default() });
        }
        claims
    }

    #[test]
    fn every_claim_is_counted_once_and_only_impossible_offsets_are_faults() {
        let text = "caf\u{e9}: 12 or 12, “about” 40 people were there";
        let claims = raw(&[
            (Some((0, 4)), ""),
            (None, "12"),
            (None, "\"about\""),
            (None, "40 peoples were there"),
            (None, "lions"),
            (Some((0, 999)), ""),
        ]);
        let located = locate_answer(text, &claims, OffsetUnit::Codepoint);
        assert_eq!(located.counts, LocationCounts { exact: 1, folded: 1, fuzzy: 1, ambiguous_quote: 1, unlocated: 2 });
        assert_eq!(located.claims[0].quote, "caf\u{e9}");
        assert_eq!(located.impossible.len(), 1);
        assert!(located.impossible[0].1.contains("behind the text"));
    }

    #[test]
    fn offsets_in_another_unit_are_told() {
        let text = "caf\u{e9}: 12 dead";
        let located = locate_answer(text, &raw(&[(Some((7, 9)), "12")]), OffsetUnit::Codepoint);
        assert_eq!(located.claims[0].fragments, Span::new(6, 8).map(Fragments::from).unwrap_or_default());
        assert!(located.note.is_some_and(|note| note.contains("1 claim") && note.contains("byte")));
    }

    #[test]
    fn without_a_text_only_offsets_are_places() {
        let located = take_places_as_written(&raw(&[(Some((0, 4)), "x"), (None, "y")]));
        assert_eq!((located.counts.exact, located.counts.unlocated), (1, 1));
    }
}
