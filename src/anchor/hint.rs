//! What offsets seem to count when they do not give their quotes.

use std::fmt;

use super::code_points::{CodePoints, OffsetUnit};
use super::place::Wanted;

/// A usual mistake that explains disagreeing offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Another unit.
    Unit(OffsetUnit),
    /// The end is the last code point, not one past it.
    InclusiveEnd,
    /// Counted on a text whose CRLF had become LF.
    LineEnds,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hint::Unit(OffsetUnit::Byte) => "they look like UTF-8 byte offsets; say offset_unit = \"byte\", or count code points",
            Hint::Unit(OffsetUnit::Utf16) => "they look like UTF-16 offsets; say offset_unit = \"utf16\", or count code points",
            Hint::Unit(OffsetUnit::Codepoint) => "they look like code points; leave offset_unit out",
            Hint::InclusiveEnd => "the end looks inclusive; it must be one past the last code point",
            Hint::LineEnds => "they look counted on a text whose CRLF had become LF; count on the text as it is sent",
        })
    }
}

/// The hint that explains most of the claims whose offsets do not give their quote.
pub(super) fn common_hint(points: &CodePoints<'_>, disagreeing: &[&Wanted<'_>], unit: OffsetUnit) -> Option<Hint> {
    /// A handful tells as much as all of them.
    const LOOKED_AT: usize = 50;
    if disagreeing.is_empty() {
        return None;
    }
    let claims = &disagreeing[..disagreeing.len().min(LOOKED_AT)];
    let units = [OffsetUnit::Codepoint, OffsetUnit::Utf16, OffsetUnit::Byte].into_iter().filter(|other| *other != unit);
    let mut best = (0, None);
    for hint in units.map(Hint::Unit).chain([Hint::InclusiveEnd]) {
        let explained = claims.iter().filter(|claim| explains(hint, points, claim, unit)).count();
        if explained > best.0 {
            best = (explained, Some(hint));
        }
    }
    if best.0 == 0 && points.text().contains("\r\n") {
        let text = points.text().replace("\r\n", "\n");
        let points = CodePoints::new(&text);
        let explained = claims.iter().filter(|claim| gives(&points, claim, unit, 0)).count();
        best = (explained, Some(Hint::LineEnds));
    }
    best.1.filter(|_| best.0 * 2 > claims.len())
}

fn explains(hint: Hint, points: &CodePoints<'_>, claim: &Wanted<'_>, unit: OffsetUnit) -> bool {
    match hint {
        Hint::Unit(other) => gives(points, claim, other, 0),
        Hint::InclusiveEnd => gives(points, claim, unit, 1),
        Hint::LineEnds => false,
    }
}

/// Whether the offsets give the quote when read in `unit` with `longer` units more at the end.
fn gives(points: &CodePoints<'_>, claim: &Wanted<'_>, unit: OffsetUnit, longer: u32) -> bool {
    let &[(start, end)] = claim.offsets else { return false };
    let at = |offset| points.at(offset, unit);
    let slice = at(start).zip(end.checked_add(longer).and_then(at)).and_then(|(start, end)| points.slice(start, end));
    slice.is_some_and(|slice| slice == claim.quote)
}
