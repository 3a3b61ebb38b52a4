//! All quotes of one answer to their places: they must be seen together, because equal quotes share out the occurrences.

use std::cell::OnceCell;

use memchr::memmem;
use rustc_hash::FxHashMap;

use super::code_points::{CodePoints, OffsetUnit};
use super::fold::{Folded, folded};
use super::fuzzy;
use super::hint::{Hint, common_hint};
use crate::claim::{Fragments, Span};

/// Table cells that the search by likeness may compute for one answer; some tenths of a second.
const FUZZY_BUDGET: u64 = 50_000_000;

/// Occurrences of one quote that are looked at.
const MOST_OCCURRENCES: usize = 100_000;

/// A place as somebody wrote it down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'q> {
    /// Half-open `(start, end)` pairs in the unit of the answer, in any order; empty where no offsets were given.
    pub offsets: &'q [(u32, u32)],
    /// The quote; empty where none was given.
    pub quote: &'q str,
    /// Text right before the quote; may be empty.
    pub prefix: &'q str,
    /// Text right behind the quote; may be empty.
    pub suffix: &'q str,
}

/// How a place was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The offsets hold, or the quote occurs once, or its surroundings decide.
    Exact,
    /// As exact, after folding.
    Folded,
    /// By likeness.
    Fuzzy,
    /// One of several occurrences that nothing decides between.
    Ambiguous,
}

/// Where a claim stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Here.
    At(Fragments, How),
    /// The text does not have the quote, or offsets and quote contradict each other.
    Unlocated,
    /// Offsets that no text like this has, and no quote to help. What is wrong, in words.
    Impossible(String),
}

/// The places of an answer's claims.
#[derive(Debug)]
pub struct Places {
    /// One for each wanted place, in order.
    pub places: Vec<Place>,
    /// How many offsets do not give their quote.
    pub disagreeing: usize,
    /// What the disagreeing offsets seem to count instead, when one reading explains most of them.
    pub hint: Option<Hint>,
}

/// Finds the place of each claim of one article.
///
/// Offsets that give the quote (or come without one) are taken. Where the two disagree, a quote that occurs exactly once
/// wins. A quote alone is searched exactly, then folded, then by likeness. Of several occurrences those that are not cut
/// out of a longer number or word come first; `prefix` and `suffix` decide; otherwise claims with equal quotes take the
/// occurrences in order, and share the last one when there are too few.
pub fn place_all(points: &CodePoints<'_>, wanted: &[Wanted<'_>], unit: OffsetUnit) -> Places {
    let mut search = Search::new(points);
    let mut places: Vec<Option<Place>> = Vec::with_capacity(wanted.len());
    let mut disagreeing = Vec::new();
    for claim in wanted {
        let place = match (claim.offsets.is_empty(), claim.quote.is_empty()) {
            (true, true) => Some(Place::Unlocated),
            (true, false) => None,
            (false, _) => Some(search.by_offsets(claim, unit).unwrap_or_else(|| {
                disagreeing.push(claim);
                search.by_unique_quote(claim)
            })),
        };
        places.push(place);
    }
    // Claims whose surroundings decide choose before those that take what is left.
    for (claim, place) in wanted.iter().zip(&mut places) {
        if place.is_none() {
            *place = search.decided(claim);
        }
    }
    // The others need not know which occurrences are used.
    if places.contains(&None) {
        for (claim, place) in wanted.iter().zip(&places) {
            if let Some(Place::At(fragments, _)) = place {
                search.take(claim.quote, fragments);
            }
        }
    }
    let places = wanted.iter().zip(places).map(|(claim, place)| place.unwrap_or_else(|| search.next_free(claim.quote))).collect();
    let hint = common_hint(points, &disagreeing, unit);
    Places { places, disagreeing: disagreeing.len(), hint }
}

/// Every place of one quote, in order, and how they were found: exactly, else folded, else by likeness (one at most). Those that are cut out
/// of a longer number or word are left out where there are others; `prefix` and `suffix` leave out those in other surroundings. Offsets
/// are not looked at.
pub fn occurrences(points: &CodePoints<'_>, wanted: &Wanted<'_>) -> (Vec<Span>, How) {
    let (spans, how) = Search::new(points).find(wanted.quote);
    let (prefix, suffix) = (folded(wanted.prefix), folded(wanted.suffix));
    let fitting = spans.into_iter().filter(|&span| surrounded_by(points, span, &prefix, &suffix));
    (fitting.filter_map(|(start, end)| Span::new(start as u32, end as u32)).collect(), how)
}

/// The occurrences of one quote.
struct Occurrences {
    spans: Vec<(usize, usize)>,
    how: How,
    /// Whether a claim stands there already, for each span.
    taken: Vec<bool>,
    /// The first span that may be free.
    next: usize,
}

struct Search<'p, 't, 'q> {
    points: &'p CodePoints<'t>,
    folded: Option<FoldedText>,
    quotes: FxHashMap<&'q str, Occurrences>,
    fuzzy_budget: u64,
}

struct FoldedText {
    folded: Folded,
    /// Its characters, when somebody searches by likeness.
    chars: OnceCell<Vec<char>>,
}

impl<'p, 't, 'q> Search<'p, 't, 'q> {
    fn new(points: &'p CodePoints<'t>) -> Self {
        Search { points, folded: None, quotes: FxHashMap::default(), fuzzy_budget: FUZZY_BUDGET }
    }

    /// `None` when the offsets do not give the quote.
    fn by_offsets(&self, claim: &Wanted<'_>, unit: OffsetUnit) -> Option<Place> {
        let at = |offset| self.points.at(offset, unit);
        let spans: Option<Vec<Span>> = claim.offsets.iter().map(|&(start, end)| Span::new(at(start)? as u32, at(end)? as u32)).collect();
        match spans {
            None if claim.quote.is_empty() => Some(Place::Impossible(self.impossible(claim.offsets, unit))),
            None => None,
            Some(spans) => {
                let fragments: Fragments = spans.into_iter().collect();
                if claim.quote.is_empty() {
                    return Some(Place::At(fragments, How::Exact));
                }
                let found = self.points.quote(&fragments)?;
                if found == claim.quote {
                    return Some(Place::At(fragments, How::Exact));
                }
                // No folding makes a text that much shorter; many long spans would cost much.
                let comparable = found.len() <= 8 * claim.quote.len() + 64;
                (comparable && folded(&found) == folded(claim.quote)).then_some(Place::At(fragments, How::Folded))
            }
        }
    }

    fn impossible(&self, offsets: &[(u32, u32)], unit: OffsetUnit) -> String {
        let name = match unit {
            OffsetUnit::Codepoint => "code points",
            OffsetUnit::Utf16 => "UTF-16 units",
            OffsetUnit::Byte => "bytes",
        };
        let count = match unit {
            OffsetUnit::Codepoint => self.points.count(),
            OffsetUnit::Utf16 => self.points.text().encode_utf16().count(),
            OffsetUnit::Byte => self.points.text().len(),
        };
        let last = offsets.iter().map(|&(_, end)| end).max().unwrap_or_default();
        if last as usize > count {
            format!("end {last} is behind the text, which has {count} {name}")
        } else {
            format!("start or end lies inside of a character, counted in {name}")
        }
    }

    fn by_unique_quote(&mut self, claim: &Wanted<'q>) -> Place {
        let occurrences = self.occurrences(claim.quote);
        match (occurrences.how, occurrences.spans.as_slice()) {
            (How::Exact, &[span]) => at(span, How::Exact),
            (How::Exact, _) => self.decided(claim).unwrap_or(Place::Unlocated),
            _ => Place::Unlocated,
        }
    }

    /// The place when the quote has none, one, or one that its surroundings single out.
    fn decided(&mut self, claim: &Wanted<'q>) -> Option<Place> {
        let points = self.points;
        let occurrences = self.occurrences(claim.quote);
        match occurrences.spans.as_slice() {
            [] => Some(Place::Unlocated),
            &[span] => Some(at(span, occurrences.how)),
            _ if claim.prefix.is_empty() && claim.suffix.is_empty() => None,
            spans => {
                let (prefix, suffix) = (folded(claim.prefix), folded(claim.suffix));
                let mut agreeing = spans.iter().filter(|&&span| surrounded_by(points, span, &prefix, &suffix));
                match (agreeing.next(), agreeing.next()) {
                    (Some(&span), None) => Some(at(span, occurrences.how)),
                    _ => None,
                }
            }
        }
    }

    fn next_free(&mut self, quote: &'q str) -> Place {
        let occurrences = self.occurrences(quote);
        while occurrences.taken.get(occurrences.next) == Some(&true) {
            occurrences.next += 1;
        }
        let span = occurrences.spans.get(occurrences.next).or(occurrences.spans.last());
        occurrences.next += 1;
        span.map_or(Place::Unlocated, |&span| at(span, How::Ambiguous))
    }

    /// Marks an occurrence as used by a claim, if anybody has searched for the quote.
    fn take(&mut self, quote: &'q str, fragments: &Fragments) {
        if let [span] = fragments.spans()
            && let Some(occurrences) = self.quotes.get_mut(quote)
            && let Ok(i) = occurrences.spans.binary_search(&(span.start() as usize, span.end() as usize))
        {
            occurrences.taken[i] = true;
        }
    }

    fn occurrences(&mut self, quote: &'q str) -> &mut Occurrences {
        if !self.quotes.contains_key(quote) {
            let (spans, how) = self.find(quote);
            let taken = vec![false; spans.len()];
            self.quotes.insert(quote, Occurrences { spans, how, taken, next: 0 });
        }
        self.quotes.entry(quote).or_insert_with(|| Occurrences { spans: Vec::new(), how: How::Exact, taken: Vec::new(), next: 0 })
    }

    fn find(&mut self, quote: &str) -> (Vec<(usize, usize)>, How) {
        let text = self.points.text();
        let exact: Vec<_> =
            memmem::find_iter(text.as_bytes(), quote).take(MOST_OCCURRENCES).map(|byte| (byte, byte + quote.len())).collect();
        if !exact.is_empty() {
            let point = |byte| self.points.at_byte(byte);
            return (whole_ones(exact, text).into_iter().filter_map(|(start, end)| point(start).zip(point(end))).collect(), How::Exact);
        }
        let quote = folded(quote);
        if quote.is_empty() {
            return (Vec::new(), How::Exact);
        }
        let folded = self.folded.get_or_insert_with(|| FoldedText::new(text));
        let found: Vec<_> = memmem::find_iter(folded.folded.text().as_bytes(), &quote)
            .take(MOST_OCCURRENCES)
            .filter_map(|byte| folded.folded.original(byte, byte + quote.len()))
            .collect();
        if !found.is_empty() {
            let byte = |point| self.points.byte(point);
            let bytes = found.into_iter().filter_map(|(start, end)| byte(start).zip(byte(end))).collect();
            let whole = whole_ones(bytes, text).into_iter();
            return (whole.filter_map(|(start, end)| self.points.at_byte(start).zip(self.points.at_byte(end))).collect(), How::Folded);
        }
        let quote: Vec<char> = quote.chars().collect();
        let chars = folded.chars.get_or_init(|| folded.folded.text().chars().collect());
        let points = CodePoints::new(folded.folded.text());
        let near = fuzzy::best_place(&quote, chars, &points, &mut self.fuzzy_budget)
            .and_then(|(start, end)| folded.folded.original(points.byte(start)?, points.byte(end)?));
        (near.into_iter().collect(), How::Fuzzy)
    }
}

impl FoldedText {
    fn new(text: &str) -> Self {
        FoldedText { folded: Folded::new(text), chars: OnceCell::new() }
    }
}

fn at((start, end): (usize, usize), how: How) -> Place {
    match Span::new(start as u32, end as u32) {
        Some(span) => Place::At(span.into(), how),
        None => Place::Unlocated,
    }
}

/// Whether the text around a span ends and begins with folded text. Blanks between do not count.
fn surrounded_by(points: &CodePoints<'_>, (start, end): (usize, usize), prefix: &str, suffix: &str) -> bool {
    let reach = |context: &str| context.chars().count() * 4 + 16;
    let before = points.slice(start.saturating_sub(reach(prefix)), start).unwrap_or_default();
    let behind = points.slice(end, (end + reach(suffix)).min(points.count())).unwrap_or_default();
    folded(before).ends_with(prefix) && folded(behind).starts_with(suffix)
}

/// The spans (in bytes) that are not cut out of a longer number or word; all of them where each one is.
fn whole_ones(spans: Vec<(usize, usize)>, text: &str) -> Vec<(usize, usize)> {
    if spans.len() < 2 {
        return spans;
    }
    let whole: Vec<_> = spans.iter().copied().filter(|&(start, end)| !cut_at(text, start) && !cut_at(text, end)).collect();
    if whole.is_empty() { spans } else { whole }
}

/// Whether a place between two characters, given in bytes, is inside of a number or of a word of a script that writes blanks.
pub fn is_inside_word(text: &str, byte: usize) -> bool {
    cut_at(text, byte)
}

/// See [`is_inside_word`].
pub(super) fn cut_at(text: &str, byte: usize) -> bool {
    let (Some(left), Some(right)) = (text.get(..byte), text.get(byte..)) else { return false };
    let (mut left, mut right) = (left.chars().rev(), right.chars());
    let (Some(before), Some(behind)) = (left.next(), right.next()) else { return false };
    let letter = |c: char| c.is_alphabetic() && c < '\u{e00}';
    let point = |c: char| matches!(c, '.' | ',');
    (before.is_numeric() && behind.is_numeric())
        || (letter(before) && letter(behind))
        || (before.is_numeric() && point(behind) && right.next().is_some_and(char::is_numeric))
        || (point(before) && behind.is_numeric() && left.next().is_some_and(char::is_numeric))
}
