//! One stretch of a known old text to its place in the new one.

use std::collections::HashMap;

use super::altered::{Altered, Pattern, likeness};
use super::side::{Range, Side, between_the_same, context, once};
use super::{CERTAIN, MARGIN, State, Why, score_of};

/// Places of one quote that are weighed.
const MOST_PLACES: usize = 1000;

/// A place of less is not shown as that of the claim.
const WORTH_SHOWING: u32 = 700;

/// What was found out about a stretch.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub state: State,
    pub range: Option<Range>,
    /// Thousandths.
    pub score: u32,
    pub why: Option<Why>,
    pub elsewhere: Vec<Range>,
}

impl Found {
    pub fn lost(why: Why, score: u32, elsewhere: Vec<Range>) -> Found {
        Found { state: State::Lost, range: None, score, why: Some(why), elsewhere }
    }

    pub fn at(state: State, range: Range, score: u32, why: Option<Why>) -> Found {
        Found { state, range: Some(range), score, why, elsewhere: Vec::new() }
    }
}

/// An old and a new text, compared for one stretch after the other.
pub(super) struct Compared<'s, 't> {
    old: &'s Side<'t>,
    new: &'s Side<'t>,
    altered: &'s mut Altered,
    /// Whether a stretch of the folded old text, by its bytes, is there once in both.
    once: HashMap<Range, bool>,
}

impl<'s, 't> Compared<'s, 't> {
    pub fn new(old: &'s Side<'t>, new: &'s Side<'t>, altered: &'s mut Altered) -> Self {
        Compared { old, new, altered, once: HashMap::new() }
    }

    pub fn place(&mut self, from: Range) -> Found {
        let quote = self.old.slice(from);
        let grown = self.new.points.count() as i64 - self.old.points.count() as i64;
        let shifted = usize::try_from(from.0 as i64 + grown).unwrap_or(0);
        let edges = self.old.edges(from);
        let mut rivals = self.old.places(quote, &[from.0], MOST_PLACES).unwrap_or_default();
        let Some(mut places) = self.new.places(quote, &[from.0, shifted], MOST_PLACES).filter(|_| !rivals.is_empty() || quote.is_empty())
        else {
            return Found::lost(Why::NotSearched, 0, Vec::new());
        };
        places.retain(|&to| self.new.edges(to) == edges);
        let Some(mut weighed) = places.iter().map(|&to| Some((self.weigh(from, to)?, to))).collect::<Option<Vec<_>>>() else {
            return Found::lost(Why::NotSearched, 0, places);
        };
        weighed.sort_by_key(|&(score, to)| (std::cmp::Reverse(score), to));
        let Some(&(score, to)) = weighed.first() else {
            return self.altered(from, &places).unwrap_or(Found::lost(Why::Gone, 0, Vec::new()));
        };
        let second = weighed.get(1).map_or(0, |&(score, _)| score);
        rivals.retain(|&rival| rival != from && self.old.edges(rival) == edges);
        let Some(rivals) = rivals.iter().map(|&rival| self.weigh(rival, to)).collect::<Option<Vec<_>>>() else {
            return Found::lost(Why::NotSearched, score, places);
        };
        let rival = rivals.into_iter().max().unwrap_or(0);
        let is_others = rival >= score + MARGIN || (score < CERTAIN && rival > score);
        let elsewhere: Vec<Range> = weighed.iter().skip(1).take_while(|(other, _)| other + MARGIN > score).map(|&(_, at)| at).collect();
        if score >= CERTAIN && !is_others {
            if second + MARGIN > score || rival + MARGIN > score {
                let why = if second + MARGIN > score { Why::SeveralPlaces } else { Why::SeveralOrigins };
                return Found { elsewhere, ..Found::at(State::Ambiguous, to, score, Some(why)) };
            }
            if numerals(quote) != numerals(self.new.slice(to)) {
                return Found::at(State::Changed, to, score, Some(Why::Figure));
            }
            let state = if to == from && self.new.slice(to) == quote { State::Same } else { State::Moved };
            return Found::at(state, to, score, None);
        }
        let altered = self.altered(from, &places);
        if let Some(altered) = altered.filter(|altered| is_others || altered.score > score) {
            return altered;
        }
        // Words that were there once and are there once are worth a look wherever they are.
        let is_only = self.old.is_whole() && rival == 0 && places.len() == 1 && score >= WORTH_SHOWING - 100;
        if is_others || (score < WORTH_SHOWING && !is_only) {
            let why = if is_others { Why::OtherMention } else { Why::OtherSurroundings };
            return Found::lost(why, score, vec![to]);
        }
        if second + MARGIN > score {
            return Found { elsewhere, ..Found::at(State::Ambiguous, to, score, Some(Why::SeveralPlaces)) };
        }
        Found::at(State::Changed, to, score, Some(Why::Surroundings))
    }

    /// How sure it is that a stretch is now at a place with the same words, in thousandths: half for the words, two fifths for what
    /// stands around them (the side that is more alike counts three times as much: text may have been put in on the other one), a tenth
    /// when the words together with the text around that is alike without a gap are there once in either text.
    /// `None` when the budget is used up.
    fn weigh(&mut self, from: Range, to: Range) -> Option<u32> {
        const CELLS: u64 = 2000;
        self.altered.budget = self.altered.budget.checked_sub(CELLS)?;
        let (before, behind) = context(self.old, from, self.new, to);
        let score = score_of(1000, before, behind);
        let anchored = score >= WORTH_SHOWING && self.anchored(from, to)?;
        Some(score + if anchored { 100 } else { 0 })
    }

    /// Whether the longest stretch around both that the texts have in common is there once in either, and says more than the quote.
    fn anchored(&mut self, from: Range, to: Range) -> Option<bool> {
        /// Folded bytes beyond the quote, unless the stretch is all of a text.
        const BEYOND: usize = 16;
        /// Bytes that are compared in the time of a table cell.
        const BYTES_A_CELL: usize = 16;
        let (old, new) = (self.old.folded().as_bytes(), self.new.folded().as_bytes());
        let ((a, b), (c, d)) = (trimmed(old, self.old.bytes(from)), trimmed(new, self.new.bytes(to)));
        if old.get(a..b)? != new.get(c..d)? {
            return Some(false);
        }
        let left = old[..a].iter().rev().zip(new[..c].iter().rev()).take_while(|(x, y)| x == y).count();
        let right = old[b..].iter().zip(&new[d..]).take_while(|(x, y)| x == y).count();
        self.altered.budget = self.altered.budget.checked_sub(((left + right) / BYTES_A_CELL) as u64)?;
        let all = (left == a && b + right == old.len()) || (left == c && d + right == new.len());
        if left + right < BEYOND && !all {
            return Some(false);
        }
        let stretch = (a - left, b + right);
        if let Some(&known) = self.once.get(&stretch) {
            return Some(known);
        }
        self.altered.budget = self.altered.budget.checked_sub(((old.len() + new.len()) / BYTES_A_CELL) as u64)?;
        let wanted = &old[stretch.0..stretch.1];
        let is_once = once(self.old.folded(), wanted) && once(self.new.folded(), wanted);
        self.once.insert(stretch, is_once);
        Some(is_once)
    }

    /// The place where the words stand in another form, when it is worth showing.
    fn altered(&mut self, from: Range, taken: &[Range]) -> Option<Found> {
        /// Alikeness of the surroundings from which on whatever stands between them is the claim.
        const SURROUNDED: u32 = 900;
        let pattern = Pattern::of(self.old, from);
        let place = self.altered.place(&pattern, self.new, taken)?;
        let place = self.new.whole_words(place, self.old.edges(from));
        let (quote, found) = (self.old.slice(from), self.new.slice(place));
        let (before, behind) = context(self.old, from, self.new, place);
        let like = likeness(quote, found);
        let is_between =
            before.min(behind) >= SURROUNDED && between_the_same(self.old, from, self.new, place) && found.len() <= 3 * quote.len() + 20;
        let score = score_of(like, before, behind);
        (is_between || (like >= 500 && score >= 600)).then(|| Found::at(State::Changed, place, score, Some(difference(quote, found))))
    }
}

/// What two quotes differ in.
pub(super) fn difference(old: &str, new: &str) -> Why {
    if numerals(old) == numerals(new) { Why::Words } else { Why::Figure }
}

/// The digits and other numeric characters, full-width ones as usual. Superscripts and fractions stay what they are.
fn numerals(text: &str) -> Vec<char> {
    let usual = |c: char| if ('\u{ff10}'..='\u{ff19}').contains(&c) { char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) } else { c };
    text.chars().filter(|c| c.is_numeric()).map(usual).collect()
}

/// A range of bytes without blanks at its edges.
fn trimmed(text: &[u8], (mut start, mut end): Range) -> Range {
    while start < end && text[start] == b' ' {
        start += 1;
    }
    while start < end && text[end - 1] == b' ' {
        end -= 1;
    }
    (start, end)
}
