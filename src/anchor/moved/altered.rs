//! The place in a new text where the words of a claim stand in another form: a corrected figure, another word.

use super::super::code_points::CodePoints;
use super::super::fold::folded;
use super::side::{Range, Side};

/// Characters of context on either side that are searched together with the quote.
const CONTEXT: usize = 16;

/// Longer quotes are not searched by likeness.
const LONGEST: usize = 2000;

/// Stands for text that is another claim's or was looked at already.
const TAKEN: char = '\u{10fffd}';

/// The folded characters of a new text, for as many searches as the budget allows.
pub(super) struct Altered {
    chars: Vec<char>,
    /// Table cells that may still be computed.
    pub budget: u64,
}

/// A quote's folded characters with those around it.
pub(super) struct Pattern {
    chars: Vec<char>,
    /// Which of them are the quote.
    quote: Range,
}

impl Pattern {
    /// A quote with what stood around it.
    pub fn of(old: &Side<'_>, from: Range) -> Pattern {
        let is_text = |c: &char| *c < TAKEN;
        let mut chars: Vec<char> = old.before(from.0, CONTEXT).into_iter().filter(is_text).collect();
        chars.reverse();
        let start = chars.len();
        let (first, last) = old.bytes(from);
        chars.extend(old.folded().get(first..last).unwrap_or_default().chars());
        let end = chars.len();
        chars.extend(old.behind(from.1, CONTEXT).into_iter().filter(is_text));
        Pattern { chars, quote: (start, end) }
    }

    /// A quote alone.
    pub fn of_quote(quote: &str) -> Pattern {
        let chars: Vec<char> = folded(quote).chars().collect();
        Pattern { quote: (0, chars.len()), chars }
    }
}

impl Altered {
    pub fn new(new: &Side<'_>, budget: u64) -> Altered {
        Altered { chars: new.folded().chars().collect(), budget }
    }

    /// Where the text is most like the pattern outside of `taken`, less the context: found by edit distance, with where the path of the
    /// least distance enters the quote and leaves it. `None` when nothing is left between, or the budget is used up.
    pub fn place(&mut self, pattern: &Pattern, new: &Side<'_>, taken: &[Range]) -> Option<Range> {
        let rows = pattern.chars.len();
        if rows == 0 || rows > LONGEST {
            return None;
        }
        self.budget = self.budget.checked_sub((rows * (self.chars.len() + 1)) as u64)?;
        let points = CodePoints::new(new.folded());
        let mut text = self.chars.clone();
        for &range in taken {
            let (start, end) = new.bytes(range);
            if let (Some(start), Some(end)) = (points.at_byte(start), points.at_byte(end)) {
                text[start..end].fill(TAKEN);
            }
        }
        let best = least(&pattern.chars, pattern.quote, &text);
        let (mut start, mut end) = (best.start as usize, best.end as usize);
        let blank = |at: usize| matches!(text.get(at), Some(&(' ' | TAKEN)));
        while start < end && blank(start) {
            start += 1;
        }
        while start < end && blank(end - 1) {
            end -= 1;
        }
        if start == end {
            return None;
        }
        new.original(points.byte(start)?, points.byte(end)?)
    }
}

/// A cell of the table: how far away, and where the quote begins and ends on the way here.
#[derive(Clone, Copy)]
struct Cell {
    distance: u32,
    start: u32,
    end: u32,
}

/// The best end of the pattern in the text.
fn least(pattern: &[char], quote: Range, text: &[char]) -> Cell {
    // What is put in at an edge of the quote is counted to the context.
    let marked = |mut cell: Cell, row: usize, column: u32, from_above: bool| {
        if row == quote.0 {
            cell.start = column;
        }
        if row == quote.1 && (from_above || row == 0) {
            cell.end = column;
        }
        cell
    };
    let mut cells: Vec<Cell> = (0..=pattern.len() as u32).map(|distance| Cell { distance, start: 0, end: 0 }).collect();
    let mut best = cells[pattern.len()];
    for (column, &c) in (1u32..).zip(text) {
        let mut diagonal = cells[0];
        cells[0] = marked(Cell { distance: 0, start: 0, end: 0 }, 0, column, false);
        for row in 1..=pattern.len() {
            let across = Cell { distance: diagonal.distance + u32::from(pattern[row - 1] != c), ..diagonal };
            let above = Cell { distance: cells[row - 1].distance + 1, ..cells[row - 1] };
            let left = Cell { distance: cells[row].distance + 1, ..cells[row] };
            diagonal = cells[row];
            cells[row] = if across.distance <= above.distance.min(left.distance) {
                marked(across, row, column, true)
            } else if left.distance <= above.distance {
                marked(left, row, column, false)
            } else {
                marked(above, row, column, true)
            };
        }
        if cells[pattern.len()].distance < best.distance {
            best = cells[pattern.len()];
        }
    }
    best
}

/// How alike two texts are, folded: 1000 when they are equal.
pub(super) fn likeness(a: &str, b: &str) -> u32 {
    let (a, b): (Vec<char>, Vec<char>) = (folded(a).chars().take(LONGEST).collect(), folded(b).chars().take(LONGEST).collect());
    let longer = a.len().max(b.len());
    if longer == 0 {
        return 1000;
    }
    1000 - (1000 * strsim::generic_levenshtein(&a, &b) / longer) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(old: &str, quote: &str, new: &str) -> Option<String> {
        let at = old.find(quote).unwrap();
        let from = (old[..at].chars().count(), old[..at + quote.len()].chars().count());
        let (old, new) = (Side::new(old, true), Side::new(new, true));
        let place = Altered::new(&new, 1_000_000).place(&Pattern::of(&old, from), &new, &[])?;
        Some(new.slice(new.whole_words(place, old.edges(from))).to_owned())
    }

    #[test]
    fn the_quote_is_found_between_its_surroundings() {
        for (old, quote, new, found) in [
            ("They held 37,000 people.", "37,000 people", "Today they held 38,000 people, they said.", Some("38,000 people")),
            ("It fell 12% in March.", "12%", "It fell 9.5% in March.", Some("9.5%")),
            ("It fell 12% in March.", "12%", "It fell in March.", None),
            ("ditahan 37.000 warga", "37.000", "ditahan tiga warga", Some("tiga")),
        ] {
            assert_eq!(find(old, quote, new).as_deref(), found, "{new}");
        }
    }

    #[test]
    fn a_used_up_budget_finds_nothing() {
        let new = Side::new("They held 38,000 people.", true);
        assert_eq!(Altered::new(&new, 10).place(&Pattern::of_quote("37,000"), &new, &[]), None);
    }
}
