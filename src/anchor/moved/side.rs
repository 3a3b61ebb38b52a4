//! One version of a text, with its folded form and the way between the two.

use memchr::memmem;

use super::super::code_points::CodePoints;
use super::super::fold::{Folded, folded};
use super::super::place::cut_at;

/// Folded characters of context that are kept on either side of a claim.
pub(super) const CONTEXT: usize = 32;

/// So many folded characters of the other version are looked at, so that text may have been put in.
const REACH: usize = 48;

/// Stand for the edges of a text in its contexts; no text that is read has these characters.
const START: char = '\u{10fffe}';
const END: char = '\u{10ffff}';

/// Half-open range of code points.
pub(super) type Range = (usize, usize);

/// A version of a text.
pub(super) struct Side<'t> {
    pub points: CodePoints<'t>,
    folded: Folded,
    /// The first folded byte of each code point.
    bytes: Vec<u32>,
    /// Whether this is all of the text, so that its edges are known.
    whole: bool,
}

impl<'t> Side<'t> {
    pub fn new(text: &'t str, whole: bool) -> Side<'t> {
        let (points, folded) = (CodePoints::new(text), Folded::new(text));
        let bytes = folded.bytes(points.count());
        Side { points, folded, bytes, whole }
    }

    pub fn is_whole(&self) -> bool {
        self.whole
    }

    pub fn folded(&self) -> &str {
        self.folded.text()
    }

    pub fn slice(&self, (start, end): Range) -> &'t str {
        self.points.slice(start, end).unwrap_or_default()
    }

    /// The range of folded bytes of a range.
    pub fn bytes(&self, (start, end): Range) -> (usize, usize) {
        let at = |point: usize| self.bytes.get(point).map_or(self.folded().len(), |&byte| byte as usize);
        (at(start), at(end))
    }

    /// The code points of a range of folded bytes; where it would cut a letter from its marks, those around it.
    pub fn original(&self, start: usize, end: usize) -> Option<Range> {
        let end = (end..=self.folded().len()).find(|&end| self.folded().is_char_boundary(end))?;
        self.folded.original(start, end)
    }

    /// Folded characters before a place, the nearest first.
    pub fn before(&self, point: usize, most: usize) -> Vec<char> {
        let (_, at) = self.bytes((0, point));
        let edge = self.whole.then_some(START);
        self.folded().get(..at).unwrap_or_default().chars().rev().chain(edge).take(most).collect()
    }

    /// Folded characters behind a place.
    pub fn behind(&self, point: usize, most: usize) -> Vec<char> {
        let (at, _) = self.bytes((point, point));
        let edge = self.whole.then_some(END);
        self.folded().get(at..).unwrap_or_default().chars().chain(edge).take(most).collect()
    }

    /// Every place of a quote as it is, and of its folded form; at most `most`, the ones nearest to one of `near`. `None` when there
    /// are so many that nobody looks for them.
    pub fn places(&self, quote: &str, near: &[usize], most: usize) -> Option<Vec<Range>> {
        let mut places: Vec<Range> = overlapping(self.points.text(), quote)?
            .into_iter()
            .filter_map(|byte| Some((self.points.at_byte(byte)?, self.points.at_byte(byte + quote.len())?)))
            .collect();
        let (lead, trail) = (quote.chars().take_while(|c| c.is_whitespace()), quote.chars().rev().take_while(|c| c.is_whitespace()));
        let (lead, trail) = (lead.count(), trail.count());
        let exact: Vec<usize> = places.iter().filter(|(start, end)| start + lead < end - trail.min(*end)).map(|(s, _)| s + lead).collect();
        let form = folded(quote);
        let further = overlapping(self.folded(), &form)?.into_iter().filter_map(|byte| self.folded.original(byte, byte + form.len()));
        places.extend(further.filter(|(start, _)| exact.binary_search(start).is_err()));
        let far = |place: &Range| near.iter().map(|near| near.abs_diff(place.0)).min().unwrap_or(place.0);
        if places.len() > most {
            places.sort_by_key(|place| (far(place), *place));
            places.truncate(most);
        }
        places.sort_unstable();
        places.dedup();
        Some(places)
    }

    /// What stands at the edges of a range and would make another word or figure of it.
    pub fn edges(&self, (start, end): Range) -> [Edge; 2] {
        let text = self.points.text();
        let (Some(start), Some(end)) = (self.points.byte(start), self.points.byte(end)) else { return [Edge::default(); 2] };
        let is_figure = |c: Option<char>| c.is_some_and(char::is_numeric);
        let (inside, before, behind) = (&text[start..end], text[..start].chars().next_back(), text[end..].chars().next());
        let beside = |inner: Option<char>, outer: Option<char>| outer.filter(|_| is_figure(inner)).and_then(beside_figure);
        [
            Edge { cut: cut_at(text, start), beside: beside(inside.chars().next(), before) },
            Edge { cut: cut_at(text, end), beside: beside(inside.chars().next_back(), behind) },
        ]
    }

    /// Makes a range longer until it cuts no word or figure that `keep` does not say is cut.
    pub fn whole_words(&self, (mut start, mut end): Range, keep: [Edge; 2]) -> Range {
        const FARTHEST: usize = 40;
        let text = self.points.text();
        let cut = |point: usize| self.points.byte(point).is_some_and(|byte| cut_at(text, byte));
        let (first, last) = (start.saturating_sub(FARTHEST), (end + FARTHEST).min(self.points.count()));
        while start > first && !keep[0].cut && cut(start) {
            start -= 1;
        }
        while end < last && !keep[1].cut && cut(end) {
            end += 1;
        }
        (start, end)
    }
}

/// The edge of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Edge {
    /// Whether it is inside of a word or number.
    pub cut: bool,
    /// A sign, currency, percent sign or letter beside a figure.
    pub beside: Option<char>,
}

fn beside_figure(c: char) -> Option<char> {
    let plain = c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '[' | ']' | '"' | '\'' | '…');
    let form = folded(c.encode_utf8(&mut [0; 4]));
    form.chars().next().filter(|form| !plain && !matches!(form, '"' | '\''))
}

/// How alike the surroundings of a claim are: of the old ones, nearest first, the share in thousandths that the new ones still have.
pub(super) fn alike(old: &[char], new: &[char]) -> u32 {
    if old.is_empty() {
        return 0;
    }
    if new.starts_with(old) {
        return 1000;
    }
    let mut column: Vec<usize> = (0..=old.len()).collect();
    let mut best = old.len();
    for &c in new.iter().take(REACH) {
        let mut diagonal = column[0];
        column[0] += 1;
        for row in 1..=old.len() {
            let edits = (diagonal + usize::from(old[row - 1] != c)).min(column[row - 1] + 1).min(column[row] + 1);
            diagonal = column[row];
            column[row] = edits;
        }
        best = best.min(column[old.len()]);
    }
    1000 - (1000 * best / old.len()) as u32
}

/// Whether the nearest characters on both sides are the same.
pub(super) fn between_the_same(old: &Side<'_>, from: Range, new: &Side<'_>, to: Range) -> bool {
    const NEAREST: usize = 8;
    old.before(from.0, NEAREST) == new.before(to.0, NEAREST) && old.behind(from.1, NEAREST) == new.behind(to.1, NEAREST)
}

/// Alikeness of what stands before and behind.
pub(super) fn context(old: &Side<'_>, from: Range, new: &Side<'_>, to: Range) -> (u32, u32) {
    let before = alike(&old.before(from.0, CONTEXT), &new.before(to.0, REACH));
    let behind = alike(&old.behind(from.1, CONTEXT), &new.behind(to.1, REACH));
    (before, behind)
}

/// Where a text has another one, also where the places overlap. `None` when there are too many.
fn overlapping(text: &str, wanted: &str) -> Option<Vec<usize>> {
    const MOST: usize = 500_000;
    let finder = memmem::Finder::new(wanted);
    let Some(step) = wanted.chars().next().map(char::len_utf8) else { return Some(Vec::new()) };
    let (mut places, mut from) = (Vec::new(), 0);
    while let Some(at) = finder.find(&text.as_bytes()[from..]) {
        if places.len() == MOST {
            return None;
        }
        places.push(from + at);
        from += at + step;
    }
    Some(places)
}

/// Whether a text has another one exactly once.
pub(super) fn once(text: &str, wanted: &[u8]) -> bool {
    let Some(first) = memmem::find(text.as_bytes(), wanted) else { return false };
    memmem::find(&text.as_bytes()[first + 1..], wanted).is_none()
}
