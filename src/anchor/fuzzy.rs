//! The place that looks most like a quote, by edit distance over characters.

use std::ops::Range;

use memchr::memmem;

use super::code_points::CodePoints;

/// A quote of fewer folded characters must be found as it is.
pub(super) const SHORTEST: usize = 10;

/// A longer quote is not searched by likeness.
const LONGEST: usize = 2000;

/// Where in `text` something stands that differs from `quote` by at most a tenth of its characters, and in no digit:
/// a figure that is nearly right is another figure.
///
/// `points` are those of the same text. A second place that is nearly as good (within a twentieth of the quote's length, at least one edit) means that nobody can
/// tell, and gives `None`. `budget` is the number of table cells that may still be computed, over all quotes of an answer.
/// The time is at most of the order of `text.len() * edits`.
pub(super) fn best_place(quote: &[char], text: &[char], points: &CodePoints<'_>, budget: &mut u64) -> Option<(usize, usize)> {
    let length = quote.len();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return None;
    }
    let allowed = length / 10;
    let margin = (length / 20).max(1);
    let ends = near_ends(quote, text, points, allowed + margin, budget)?;
    let best = ends.iter().map(|&(_, distance)| distance).min().filter(|&distance| distance <= allowed)?;
    let (start, end) = ends
        .iter()
        .filter(|&&(_, distance)| distance == best)
        .filter_map(|&(end, _)| Some((start_of(quote, text, end, best, budget)?, end)))
        .min_by_key(|&(start, end)| ((end - start).abs_diff(length), start))?;
    let elsewhere = |other: usize| other <= start || other >= end + length - allowed - margin;
    if ends.iter().any(|&(other, distance)| distance < best + margin && elsewhere(other)) {
        return None;
    }
    let place = &text[start..end];
    let digits = |chars: &[char]| chars.iter().copied().filter(|c| c.is_numeric()).collect::<Vec<_>>();
    if digits(place) != digits(quote) {
        return None;
    }
    let blanks = |chars: &mut dyn Iterator<Item = &char>| chars.take_while(|c| **c == ' ').count();
    Some((start + blanks(&mut place.iter()), end - blanks(&mut place.iter().rev())))
}

/// Every end of a stretch of the text that is within `reach` edits of the quote, with its distance. `None` when the budget
/// is used up.
fn near_ends(quote: &[char], text: &[char], points: &CodePoints<'_>, reach: usize, budget: &mut u64) -> Option<Vec<(usize, usize)>> {
    let mut ends = Vec::new();
    for part in promising(quote, points, reach, budget)? {
        near_ends_in(part, quote, text, reach, budget, &mut ends)?;
    }
    Some(ends)
}

/// The parts of the text, in order, outside of which nothing is within `reach` edits of the quote: cut into one piece more
/// than edits, the quote keeps at least one piece whole, and whole pieces are found fast.
fn promising(quote: &[char], points: &CodePoints<'_>, reach: usize, budget: &mut u64) -> Option<Vec<Range<usize>>> {
    /// Bytes that are searched in the time of a table cell.
    const BYTES_A_CELL: u64 = 64;
    /// Table cells in the time that an occurrence takes.
    const CELLS_A_FIND: u64 = 4;
    let (pieces, text) = (reach + 1, points.text().as_bytes());
    let mut parts: Vec<Range<usize>> = Vec::new();
    for i in 0..pieces {
        *budget = budget.checked_sub(text.len() as u64 / BYTES_A_CELL)?;
        let (from, to) = (i * quote.len() / pieces, (i + 1) * quote.len() / pieces);
        let piece: String = quote[from..to].iter().collect();
        for at in memmem::find_iter(text, &piece).filter_map(|byte| points.at_byte(byte)) {
            *budget = budget.checked_sub(CELLS_A_FIND)?;
            let start = at.saturating_sub(from + reach);
            // Occurrences that overlap this one are not told; they begin before its end.
            let end = at + (to - from).saturating_sub(1) + (quote.len() - from) + reach;
            let part = start..end.min(points.count());
            match parts.last_mut() {
                // Joined at once, so that a text that is full of a piece does not fill the memory.
                Some(last) if (last.start..=last.end).contains(&start) => last.end = last.end.max(part.end),
                _ => parts.push(part),
            }
        }
    }
    parts.sort_unstable_by_key(|part| part.start);
    parts.dedup_by(|next, kept| {
        let joins = next.start <= kept.end;
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
    Some(parts)
}

/// The ends in one part of the text, appended.
fn near_ends_in(
    part: Range<usize>,
    quote: &[char],
    text: &[char],
    reach: usize,
    budget: &mut u64,
    ends: &mut Vec<(usize, usize)>,
) -> Option<()> {
    let rows = quote.len();
    let mut column: Vec<usize> = (0..=rows).collect();
    // Rows below the last one within reach cannot come back within reach by more than one row a step.
    let mut last = reach.min(rows);
    for i in part {
        let c = text[i];
        *budget = budget.checked_sub(last as u64 + 1)?;
        let lowest = (last + 1).min(rows);
        let mut diagonal = column[0];
        for row in 1..=lowest {
            let left = if row > last { reach + 1 } else { column[row] };
            let distance = (diagonal + usize::from(quote[row - 1] != c)).min(column[row - 1] + 1).min(left + 1);
            diagonal = left;
            column[row] = distance;
        }
        last = lowest;
        while last > 0 && column[last] > reach {
            last -= 1;
        }
        if last == rows {
            ends.push((i + 1, column[rows]));
        }
    }
    Some(())
}

/// The start of the stretch that ends at `end` and is `distance` edits from the quote, as near to the quote's length as can be.
fn start_of(quote: &[char], text: &[char], end: usize, distance: usize, budget: &mut u64) -> Option<usize> {
    let longest = (quote.len() + distance).min(end);
    *budget = budget.checked_sub((quote.len() as u64 + 1) * longest as u64)?;
    let mut column: Vec<usize> = (0..=quote.len()).collect();
    let mut best: Option<usize> = None;
    for length in 1..=longest {
        let c = text[end - length];
        let mut diagonal = column[0];
        column[0] = length;
        for row in 1..=quote.len() {
            let edits = (diagonal + usize::from(quote[quote.len() - row] != c)).min(column[row - 1] + 1).min(column[row] + 1);
            diagonal = column[row];
            column[row] = edits;
        }
        let nearer = best.is_none_or(|best| length.abs_diff(quote.len()) < best.abs_diff(quote.len()));
        if column[quote.len()] == distance && nearer {
            best = Some(length);
        }
    }
    best.map(|length| end - length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(quote: &str, text: &str, mut budget: u64) -> Option<(usize, usize)> {
        let (quote, chars): (Vec<char>, Vec<char>) = (quote.chars().collect(), text.chars().collect());
        best_place(&quote, &chars, &CodePoints::new(text), &mut budget)
    }

    fn find(quote: &str, text: &str) -> Option<String> {
        let text_chars: Vec<char> = text.chars().collect();
        best(quote, text, 1_000_000).map(|(start, end)| text_chars[start..end].iter().collect())
    }

    #[test]
    fn a_slip_is_forgiven_but_never_in_a_digit() {
        let text = "officials detained more than 37,000 chinese nationals at the border";
        for quote in ["more then 37,000 chinese nationals", "more than 37,000 chinese natonals", "more than  37,000 chinese nationals"] {
            assert_eq!(find(quote, text).as_deref(), Some("more than 37,000 chinese nationals"), "{quote}");
        }
        assert_eq!(find("more than 47,000 chinese nationals", text), None);
        assert_eq!(find("fewer than 37,000 mexican nationals", text), None);
        assert_eq!(find("detaimed", text), None);
    }

    #[test]
    fn two_places_that_are_nearly_as_good_are_none() {
        let text = "the minister of finance said so; the minister of finances denied it";
        assert_eq!(find("the ministar of finance", text), None);
        assert_eq!(find("the minister of finances denyed it", text).as_deref(), Some("the minister of finances denied it"));
    }

    #[test]
    fn a_used_up_budget_finds_nothing() {
        assert_eq!(best("abcdefghijkl", "xx abcdefghijkx", 10), None);
        assert_eq!(best("abcdefghijkl", "xx abcdefghijkx", 10_000), Some((3, 15)));
    }

    proptest::proptest! {
        /// The distances of the cut-off table are those of the whole one, and no part without a piece of the quote has any.
        #[test]
        fn ends_within_reach_are_all_found(quote in "[aé]{1,12}", text in "[aé🌊]{0,12}[🌊b]{0,20}[aé🌊]{0,12}", reach in 0usize..5) {
            let points = CodePoints::new(&text);
            let (quote, text): (Vec<char>, Vec<char>) = (quote.chars().collect(), text.chars().collect());
            let found = near_ends(&quote, &text, &points, reach, &mut u64::MAX.clone()).unwrap();
            let mut expected = Vec::new();
            for end in 1..=text.len() {
                let distance = (0..=end)
                    .map(|start| strsim::generic_levenshtein(&quote, &text[start..end].to_vec()))
                    .min()
                    .unwrap_or(usize::MAX);
                if distance <= reach {
                    expected.push((end, distance));
                }
            }
            proptest::prop_assert_eq!(found, expected);
        }
    }
}
