//! The claims of an article whose text was changed, each to its place in the new text.
//!
//! A place is taken for certain when its score is at least 0.9 and no other place, and no other origin of the same words, comes nearer
//! than 0.1. Nothing is ever certain where the words differ in more than case, white space, quotation marks, dashes and Unicode form.

mod altered;
mod side;
mod unknown;
mod whole;

use std::fmt;

use crate::claim::{Fragments, Span};
use altered::Altered;
use side::{Range, Side};
use unknown::Known;
use whole::{Compared, Found};

/// Thousandths from which on a place is certain.
const CERTAIN: u32 = 900;

/// Thousandths that the next place must be behind.
const MARGIN: u32 = 100;

/// Table cells for all claims of one article; some seconds.
const BUDGET: u64 = 1_000_000_000;

/// Where and how a claim stood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stood<'q> {
    /// Its place in the old text; `None` where only the quote is known.
    pub fragments: Option<&'q Fragments>,
    /// Its quote; may be empty when the old text is known.
    pub quote: &'q str,
    /// The text right before it, where that is known without the old text.
    pub prefix: &'q str,
    /// The text right behind it, likewise.
    pub suffix: &'q str,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing of it changes.
    Same,
    /// Its new place, or the new form of its quote, is certain.
    Moved,
    /// The text has it in other words, with another figure, or in other surroundings.
    Changed,
    /// Several places are equally good, or too little is known.
    Ambiguous,
    /// The text does not have it any more.
    Lost,
}

impl State {
    /// Every state.
    pub const ALL: [State; 5] = [State::Same, State::Moved, State::Changed, State::Ambiguous, State::Lost];

    /// The name, as shown and in JSON.
    pub fn name(self) -> &'static str {
        ["same", "moved", "changed", "ambiguous", "lost"][self as usize]
    }

    /// Whether nobody has to look.
    pub fn is_certain(self) -> bool {
        matches!(self, State::Same | State::Moved)
    }
}

/// Why a claim is not certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The quote has another figure.
    Figure,
    /// The quote has other words.
    Words,
    /// The quote is there in surroundings that differ.
    Surroundings,
    /// The quote is elsewhere only, in other surroundings.
    OtherSurroundings,
    /// The quote is there, and was another mention of the same words.
    OtherMention,
    /// Several places.
    SeveralPlaces,
    /// Several mentions of the old text may be the one at this place.
    SeveralOrigins,
    /// Another claim of another old place would come to the same new one.
    SharedPlace,
    /// The old text is not known, and the other claims do not tell.
    OldUnknown,
    /// The quote was not at its offsets in the old text.
    NotInOld,
    /// The offsets give the quote in the old text as well as in the new one, and some claims were moved already.
    FitsBoth,
    /// Only some of the fragments are there.
    PartGone,
    /// Nothing like it is there.
    Gone,
    /// There were too many places to look at.
    NotSearched,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Figure => "the figure differs; confirm the value again",
            Why::Words => "the words differ",
            Why::Surroundings => "the words are there, but those around them differ",
            Why::OtherSurroundings => "the words are only in a place that is unlike the old one",
            Why::OtherMention => "the words that are left were another mention before",
            Why::SeveralPlaces => "several places have these words",
            Why::SeveralOrigins => "several mentions of the old text may be the one that is left",
            Why::SharedPlace => "another claim would come to the same place",
            Why::OldUnknown => "the old text is not known; give it with --from",
            Why::NotInOld => "its quote is not at its offsets in the old text",
            Why::FitsBoth => "its offsets fit both texts, and others were moved already",
            Why::PartGone => "a part of it is gone",
            Why::Gone => "nothing like it is in the text",
            Why::NotSearched => "too many places have these words; nothing was decided",
        })
    }
}

/// What became of a claim, and where it is proposed to stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Its state.
    pub state: State,
    /// The new place: certain, or a proposal to be accepted. `None` when it is lost.
    pub place: Option<Fragments>,
    /// How sure the place is, 0 to 1.
    pub score: f64,
    /// Why it is not certain.
    pub why: Option<Why>,
    /// Other places with the same words that may be meant.
    pub elsewhere: Vec<Fragments>,
}

/// Finds what became of claims when `old` became `new`. The old text is `None` where nobody has it: then the other claims, and the
/// prefix and suffix of a claim, must tell.
///
/// Time: of the order of the texts for each quote; for words that changed, of the text times the length of the quote, within a budget.
pub fn moved(old: Option<&str>, new: &str, claims: &[Stood<'_>]) -> Vec<Verdict> {
    let new = Side::new(new, true);
    let mut altered = Altered::new(&new, BUDGET);
    let mut verdicts = match old {
        Some(old) => from_whole(&Side::new(old, true), &new, claims, &mut altered),
        None => from_quotes(&new, claims, &mut altered),
    };
    part_shared(claims, &mut verdicts);
    verdicts
}

fn from_whole(old: &Side<'_>, new: &Side<'_>, claims: &[Stood<'_>], altered: &mut Altered) -> Vec<Verdict> {
    let gives = |side: &Side<'_>, claim: &Stood<'_>| {
        let quote = claim.fragments.and_then(|fragments| side.points.quote(fragments));
        quote.is_some_and(|quote| claim.quote.is_empty() || quote == claim.quote)
    };
    // Claims that fit the new text only were moved before, so others may have been, too.
    let was_begun = claims.iter().any(|claim| !claim.quote.is_empty() && gives(new, claim) && !gives(old, claim));
    let mut compared = Compared::new(old, new, altered);
    let verdict = |claim: &Stood<'_>| {
        if let Some(fragments) = claim.fragments.filter(|_| gives(old, claim)) {
            if old.points.text() == new.points.text() {
                return stays(fragments);
            }
            let found = ranges(fragments).into_iter().map(|from| compared.place(from)).collect();
            let verdict = together(found, fragments, new, claim.quote);
            if was_begun && verdict.state == State::Moved && gives(new, claim) {
                return Verdict { state: State::Ambiguous, why: Some(Why::FitsBoth), ..verdict };
            }
            return verdict;
        }
        if let Some(fragments) = claim.fragments.filter(|_| gives(new, claim)) {
            return stays(fragments);
        }
        match old.places(claim.quote, &[], 2).unwrap_or_default().as_slice() {
            &[only] if old.slice(only) == claim.quote => {
                let found = compared.place(only);
                let state = if claim.fragments.is_some() && found.state == State::Same { State::Moved } else { found.state };
                single(Found { state, ..found })
            }
            _ => single(Found::lost(Why::NotInOld, 0, Vec::new())),
        }
    };
    claims.iter().map(verdict).collect()
}

fn from_quotes(new: &Side<'_>, claims: &[Stood<'_>], altered: &mut Altered) -> Vec<Verdict> {
    let parts: Vec<Vec<Known<'_>>> = claims.iter().map(|claim| claim.fragments.map_or(Vec::new(), |f| parts(f, claim.quote))).collect();
    let counts: Vec<usize> = parts.iter().map(Vec::len).collect();
    let known: Vec<Known<'_>> = parts.into_iter().flatten().collect();
    let mut found = unknown::places(&known, new, altered).into_iter();
    let mut verdicts = Vec::with_capacity(claims.len());
    for (claim, count) in claims.iter().zip(counts) {
        let own: Vec<Found> = found.by_ref().take(count).collect();
        let verdict = match claim.fragments.filter(|_| count > 0) {
            _ if !claim.prefix.is_empty() || !claim.suffix.is_empty() => from_excerpt(new, claim, altered),
            Some(fragments) => together(own, fragments, new, claim.quote),
            None => match new.places(claim.quote, &[], 3).unwrap_or_default().as_slice() {
                [] => single(Found::lost(Why::Gone, 0, Vec::new())),
                &[only] if new.slice(only) == claim.quote => single(Found::at(State::Same, only, 1000, None)),
                &[only] => single(Found::at(State::Ambiguous, only, 600, Some(Why::OldUnknown))),
                &[first, ref others @ ..] => {
                    let found = Found::at(State::Ambiguous, first, 500, Some(Why::SeveralPlaces));
                    single(Found { elsewhere: others.to_vec(), ..found })
                }
            },
        };
        verdicts.push(verdict);
    }
    verdicts
}

/// A quote with the text around it is an old text of its own.
fn from_excerpt(new: &Side<'_>, claim: &Stood<'_>, altered: &mut Altered) -> Verdict {
    let excerpt = format!("{}{}{}", claim.prefix, claim.quote, claim.suffix);
    let start = claim.prefix.chars().count();
    let old = Side::new(&excerpt, false);
    let found = Compared::new(&old, new, altered).place((start, start + claim.quote.chars().count()));
    let stays = found.range.is_some_and(|to| new.slice(to) == claim.quote && claim.fragments.is_some_and(|f| ranges(f) == [to]));
    let state = match found.state {
        State::Same | State::Moved if stays => State::Same,
        State::Same => State::Moved,
        other => other,
    };
    single(Found { state, ..found })
}

fn ranges(fragments: &Fragments) -> Vec<Range> {
    fragments.spans().iter().map(|span| (span.start() as usize, span.end() as usize)).collect()
}

/// The quote of each fragment, when their lengths are those of the whole quote.
fn parts<'q>(fragments: &Fragments, quote: &'q str) -> Vec<Known<'q>> {
    let mut rest = quote;
    let mut parts = Vec::new();
    for (i, from) in ranges(fragments).into_iter().enumerate() {
        if i > 0 {
            let Some(behind) = rest.strip_prefix(' ') else { return Vec::new() };
            rest = behind;
        }
        let length = from.1 - from.0;
        let end = rest.char_indices().map(|(byte, _)| byte).chain([rest.len()]).nth(length);
        let Some((part, behind)) = end.and_then(|end| rest.split_at_checked(end)) else { return Vec::new() };
        parts.push(Known { from, quote: part });
        rest = behind;
    }
    if rest.is_empty() { parts } else { Vec::new() }
}

fn fragments_of(ranges: impl IntoIterator<Item = Range>) -> Fragments {
    ranges.into_iter().filter_map(|(start, end)| Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?)).collect()
}

fn stays(fragments: &Fragments) -> Verdict {
    Verdict { state: State::Same, place: Some(fragments.clone()), score: 1.0, why: None, elsewhere: Vec::new() }
}

fn single(found: Found) -> Verdict {
    Verdict {
        state: found.state,
        place: found.range.map(|range| fragments_of([range])),
        score: f64::from(found.score) / 1000.0,
        why: found.why,
        elsewhere: found.elsewhere.into_iter().map(|range| fragments_of([range])).collect(),
    }
}

/// The fragments of a claim together: as certain as the worst of them.
fn together(found: Vec<Found>, fragments: &Fragments, new: &Side<'_>, quote: &str) -> Verdict {
    if found.len() == 1 {
        return found.into_iter().next().map_or_else(|| single(Found::lost(Why::Gone, 0, Vec::new())), single);
    }
    let place = fragments_of(found.iter().filter_map(|f| f.range));
    let in_order = found.windows(2).all(|two| two[0].range.is_none_or(|a| two[1].range.is_none_or(|b| a.1 < b.0)));
    let worst = found.iter().max_by_key(|f| f.state);
    let (mut state, mut why) = worst.map_or((State::Lost, Some(Why::Gone)), |f| (f.state, f.why));
    if state == State::Lost && !place.is_empty() {
        (state, why) = (State::Changed, Some(Why::PartGone));
    } else if state.is_certain() && (!in_order || place.spans().len() != fragments.spans().len()) {
        (state, why) = (State::Changed, Some(Why::Words));
    } else if state == State::Moved && place == *fragments && new.points.quote(&place).is_some_and(|there| there == quote) {
        state = State::Same;
    }
    let score = found.iter().map(|f| f.score).min().unwrap_or(0);
    let place = (state != State::Lost).then_some(place);
    Verdict { state, place, score: f64::from(score) / 1000.0, why, elsewhere: Vec::new() }
}

/// Claims of different old places that would come to one new place are not certain.
fn part_shared(claims: &[Stood<'_>], verdicts: &mut [Verdict]) {
    let mut by_place: std::collections::BTreeMap<Fragments, Vec<usize>> = std::collections::BTreeMap::new();
    for (i, verdict) in verdicts.iter().enumerate().filter(|(_, verdict)| verdict.state.is_certain()) {
        by_place.entry(verdict.place.clone().unwrap_or_default()).or_default().push(i);
    }
    for sharing in by_place.values() {
        let origin = |i: &usize| claims.get(*i).and_then(|claim| claim.fragments);
        if sharing.iter().any(|i| origin(i) != sharing.first().and_then(origin)) {
            for &i in sharing {
                if verdicts[i].state == State::Moved {
                    verdicts[i].state = State::Ambiguous;
                    verdicts[i].why = Some(Why::SharedPlace);
                }
            }
        }
    }
}

/// Thousandths of a place: half for the words, two fifths for what stands around.
fn score_of(words: u32, before: u32, behind: u32) -> u32 {
    words / 2 + (3 * before.max(behind) + before.min(behind)) / 10
}
