//! Claims to their places when nobody has the old text: of it no more is known than the quotes and where they stood.

use super::altered::{Altered, Pattern, likeness};
use super::side::{Range, Side};
use super::whole::{Found, difference};
use super::{CERTAIN, MARGIN, State, Why, score_of};

/// Places of one quote that are looked at.
const MOST_PLACES: usize = 200;

/// A stretch of the old text.
pub(super) struct Known<'q> {
    pub from: Range,
    pub quote: &'q str,
}

/// The place of each stretch. The other claims are its surroundings: when the nearest one before and behind moved by as many
/// characters, they stand around it as they did.
pub(super) fn places(known: &[Known<'_>], new: &Side<'_>, altered: &mut Altered) -> Vec<Found> {
    let all: Vec<Option<Vec<Range>>> = known
        .iter()
        .map(|k| {
            let mut places = new.places(k.quote, &[k.from.0], MOST_PLACES)?;
            places.retain(|&to| to == k.from || new.edges(to).iter().all(|edge| !edge.cut));
            Some(places)
        })
        .collect();
    let shifts_of = |(k, places): (&Known<'_>, &Option<Vec<Range>>)| places.iter().flatten().map(|to| shift(k.from, *to)).collect();
    let shifts: Vec<Vec<i64>> = known.iter().zip(&all).map(shifts_of).collect();
    let mut by_start: Vec<usize> = (0..known.len()).collect();
    by_start.sort_by_key(|&i| known[i].from);
    let mut by_end = by_start.clone();
    by_end.sort_by_key(|&i| known[i].from.1);
    let neighbours = |i: usize| {
        let before = by_end[..by_end.partition_point(|&j| known[j].from.1 <= known[i].from.0)].last();
        let behind = by_start[by_start.partition_point(|&j| known[j].from.0 < known[i].from.1)..].first();
        [before, behind].map(|j| j.map_or(&[][..], |&j| shifts[j].as_slice()))
    };
    let found = |i: usize| match &all[i] {
        Some(places) => one(&known[i], places, neighbours(i), new, altered),
        None => Found::lost(Why::NotSearched, 0, Vec::new()),
    };
    (0..known.len()).map(found).collect()
}

fn shift(from: Range, to: Range) -> i64 {
    to.0 as i64 - from.0 as i64
}

fn one(known: &Known<'_>, places: &[Range], [before, behind]: [&[i64]; 2], new: &Side<'_>, altered: &mut Altered) -> Found {
    let from = known.from;
    if new.slice(from) == known.quote {
        return Found::at(State::Same, from, 1000, None);
    }
    let agrees = |shifts: &[i64], to: Range| if shifts.contains(&shift(from, to)) { 1000 } else { 0 };
    let anchored = if places.len() == 1 { 100 } else { 0 };
    let weigh = |&to: &Range| (score_of(1000, agrees(before, to), agrees(behind, to)) + anchored, to);
    let mut weighed: Vec<(u32, Range)> = places.iter().map(weigh).collect();
    weighed.sort_by_key(|&(score, to)| (std::cmp::Reverse(score), to));
    let second = weighed.get(1).map_or(0, |&(score, _)| score);
    if let Some(&(score, to)) = weighed.first()
        && score >= CERTAIN
        && second + MARGIN <= score
        && difference(known.quote, new.slice(to)) == Why::Words
    {
        return Found::at(State::Moved, to, score, None);
    }
    // Where the neighbours say that it should be.
    let expected = before.iter().chain(behind).chain([&0]);
    let there = expected.filter_map(|shift| {
        let at = |point: usize| usize::try_from(point as i64 + shift).ok();
        let range = new.whole_words((at(from.0)?, at(from.1)?.min(new.points.count())), Default::default());
        // The words themselves a little further are no other words.
        if places.iter().any(|place| place.0 < range.1 && range.0 < place.1) {
            return None;
        }
        let like = likeness(known.quote, new.slice(range));
        (700..1000).contains(&like).then_some((like, range))
    });
    let like_there = there.max();
    let at_altered = |(like, range): (u32, Range)| {
        let why = difference(known.quote, new.slice(range));
        Found { elsewhere: places.to_vec(), ..Found::at(State::Changed, range, like / 2, Some(why)) }
    };
    match (like_there, weighed.first()) {
        (Some(there), _) => at_altered(there),
        (None, Some(&(score, to))) => {
            let why = if places.len() > 1 { Why::SeveralPlaces } else { Why::OldUnknown };
            let elsewhere = weighed.iter().skip(1).map(|&(_, to)| to).collect();
            Found { elsewhere, ..Found::at(State::Ambiguous, to, score, Some(why)) }
        }
        (None, None) => {
            let place = altered.place(&Pattern::of_quote(known.quote), new, &[]);
            let place = place.map(|place| new.whole_words(place, Default::default()));
            let like = place.map(|place| (likeness(known.quote, new.slice(place)), place)).filter(|&(like, _)| like >= 600);
            like.map_or(Found::lost(Why::Gone, 0, Vec::new()), at_altered)
        }
    }
}
