//! What the text around a figure says of it: when, where, who says so, and in what manner.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lexicon::{Cue, Head};
use super::passage::Passage;
use crate::claim::period::{Date, Period, Role};

/// The words of a name at most.
const LONGEST_NAME: usize = 6;
/// Agencies that a sentence may name at most.
const MOST_AGENCIES: usize = 8;

/// The places and sources of an article, found once.
pub(super) struct Setting {
    /// Places by the word where they begin.
    places: Vec<(usize, String)>,
    /// The place that is named most often, where one is.
    main_place: Option<String>,
    /// Sources by sentence; none where the name in the article is likely not the English one.
    sources: BTreeMap<u32, Option<String>>,
    /// Agencies by sentence, in the order of the text.
    agencies: BTreeMap<u32, Vec<String>>,
}

impl Setting {
    pub(super) fn new(p: &Passage) -> Setting {
        let places = places(p);
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        // Names behind "of" are places often enough to count, though not to be the place of one claim.
        let linked: Vec<(usize, String)> = (0..p.words.len()).filter_map(|i| place_linked(p, i)).collect();
        for (at, (_, name)) in places.iter().chain(&linked).enumerate() {
            counts.entry(name).or_insert((0, at)).0 += 1;
        }
        // A place that is named once is not what the article is about.
        let main_place = counts
            .into_iter()
            .filter(|&(_, (count, _))| count > 1)
            .max_by_key(|&(_, (count, at))| (count, std::cmp::Reverse(at)))
            .map(|(name, _)| name.to_owned());
        let full_names = full_names(p);
        let (mut sources, mut agencies) = (BTreeMap::new(), BTreeMap::<u32, Vec<String>>::new());
        for i in 0..p.words.len() {
            let sentence = p.words[i].sentence;
            if let Some(agency) = p.words[i].agency.filter(|_| p.lead(i) == i) {
                let named = agencies.entry(sentence).or_default();
                let name = &p.lexicon.agencies[usize::from(agency)];
                if named.len() < MOST_AGENCIES && !named.contains(name) {
                    named.push(name.clone());
                }
            }
            if let Some(agency) = agency_at(p, i) {
                let named = agencies.entry(sentence).or_default();
                if named.len() < MOST_AGENCIES && !named.contains(&agency) {
                    named.push(agency);
                }
            }
            if p.lead(i) == i
                && p.words[i].figure.is_none()
                && let Some(source) = source_at(p, i)
            {
                let full = full_names.get(&p.slice(source.start, source.end).to_lowercase());
                let name = full.cloned().unwrap_or(source);
                // The first who speaks is the source, also where the name is not told.
                sources.entry(sentence).or_insert_with(|| canonical_name(p, &name));
            }
        }
        Setting { places, main_place, sources, agencies }
    }

    /// The place named nearest in the clause, else in the sentence, else the one that the article names most.
    pub(super) fn place(&self, p: &Passage, words: &Range<usize>) -> Option<&str> {
        let within = |range: Range<usize>| {
            let from = self.places.partition_point(|(at, _)| *at < range.start);
            let to = self.places.partition_point(|(at, _)| *at < range.end);
            self.places[from..to].iter().min_by_key(|(at, _)| distance(*at..*at + 1, words)).map(|(_, name)| name.as_str())
        };
        within(p.clause(words.start))
            .or_else(|| within(p.sentence(words.start)))
            .or(self.main_place.as_deref())
            .filter(|name| p.lexicon.noun.pivot || name.is_ascii())
    }

    /// Who states what the sentence says.
    pub(super) fn source(&self, p: &Passage, words: &Range<usize>) -> Option<&str> {
        self.sources.get(&p.word(words.start)?.sentence)?.as_deref()
    }

    /// The agencies and papers that the sentence names.
    pub(super) fn reported_by(&self, p: &Passage, words: &Range<usize>) -> &[String] {
        p.word(words.start).and_then(|w| self.agencies.get(&w.sentence)).map_or(&[], Vec::as_slice)
    }
}

fn distance(a: Range<usize>, b: &Range<usize>) -> usize {
    if a.end <= b.start { b.start - a.end } else { a.start.saturating_sub(b.end) }
}

/// The period of a claim and the period that it is compared with.
pub(super) fn periods(p: &Passage, words: &Range<usize>, published: Option<Date>) -> (Option<Period>, Option<Period>) {
    let near = |range: Range<usize>, role: Role| {
        let (Some(first), Some(last)) = (p.word(range.start), range.end.checked_sub(1).and_then(|i| p.word(i))) else { return None };
        let from = p.periods.partition_point(|f| f.span.start < first.start);
        let to = p.periods.partition_point(|f| f.span.start < last.end);
        p.periods[from..to]
            .iter()
            .filter(|f| f.role == role && f.period.is_some())
            .map(|f| (f, p.covered(&f.span)))
            .filter(|(_, at)| role == Role::Base || !is_time_of_saying(p, at))
            .min_by_key(|(_, at)| distance(at.clone(), words))
            .and_then(|(f, _)| f.period)
    };
    let (clause, sentence) = (p.clause(words.start), p.sentence(words.start));
    let period = near(clause, Role::Plain).or_else(|| near(sentence.clone(), Role::Plain));
    // A count "until Monday" is the count of that Monday; a target "by 2030" stays open.
    let counted_until =
        period.filter(|p| p.first().is_none()).and_then(|p| p.last()).filter(|&last| published.is_some_and(|today| last <= today));
    let period = counted_until.and_then(Period::day).or(period);
    (period, near(sentence, Role::Base))
}

/// "said on Thursday": the time of the statement, not of what it says.
fn is_time_of_saying(p: &Passage, at: &Range<usize>) -> bool {
    (at.start.saturating_sub(2)..at.start).any(|i| p.has(i, Cue::Say)) || p.has(at.end, Cue::Say)
}

/// The modality that the words before and around a figure give, `fact` where they give none.
pub(super) fn modality(p: &Passage, words: &Range<usize>, period: Option<Period>, published: Option<Date>) -> &'static str {
    let clause = p.clause(words.start);
    let says = |range: Range<usize>, cue: Cue| range.into_iter().any(|i| p.has(i, cue));
    let later = period.and_then(|p| p.first()).zip(published).is_some_and(|(first, today)| first > today);
    let verb_last = matches!(p.lexicon.noun.head, Head::Unspaced) || p.lexicon.noun.abut;
    let before = clause.start..if verb_last { clause.end } else { words.start };
    if later || says(before.clone(), Cue::Forecast) {
        "forecast"
    } else if says(p.sentence(words.start), Cue::Estimate) {
        "estimate"
    } else if says(p.sentence(words.start), Cue::Alleged) {
        "alleged"
    } else {
        "fact"
    }
}

/// Whether the sentence denies what it says of a figure.
pub(super) fn is_denied(p: &Passage, words: &Range<usize>) -> bool {
    let sentence = p.sentence(words.start);
    let end = if matches!(p.lexicon.noun.head, Head::Unspaced) { sentence.end } else { words.start };
    (sentence.start..end).any(|i| p.has(i, Cue::Deny))
}

/// Names behind a word of place.
fn places(p: &Passage) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < p.words.len() {
        if let Some((from, to)) = place_behind(p, i).or_else(|| place_before(p, i)) {
            found.push((from, p.slice(from, to).to_owned()));
            i = to.max(i + 1);
        } else {
            i += 1;
        }
    }
    found
}

fn place_behind(p: &Passage, i: usize) -> Option<(usize, usize)> {
    if !p.has(i, Cue::In) || p.words[i].figure.is_some() {
        return None;
    }
    let clause = p.words[i].clause;
    let mut at = p.behind(i);
    let capital = p.lexicon.noun.head == Head::Capital;
    let mut named = !capital || !p.has(at, Cue::Article);
    for _ in 0..3 {
        // "Kota Arden", "der Stadt Arden": a noun with a capital is skipped where a name follows it.
        let noun = p.has(at, Cue::PlaceNoun);
        let before_name = noun && (capital || p.lexicon.noun.head == Head::First) && p.is_name(p.behind(at));
        if !before_name && !p.word(at).is_some_and(|w| !w.capital && (noun || w.cues.any(&[Cue::Article, Cue::Link]))) {
            break;
        }
        named |= before_name;
        at = p.behind(at);
    }
    // Where every noun has a capital, a name has no article: "in der Antwort" is no place.
    if !named || capital && p.has(at, Cue::PlaceNoun) {
        return None;
    }
    let end = name_end(p, at, clause);
    let known = p.unit(at).is_some() || p.word(at).is_some_and(|w| w.agency.is_some() || w.cues.has(Cue::NotBefore));
    // "in Room 101": a number in a name.
    let numbered = p.word(end).is_some_and(|w| w.digits && w.clause == clause && w.period.is_none());
    (end > at && !known && !numbered).then_some((at, end))
}

/// A name of one or two words right behind a link: "Bank of Arden".
fn place_linked(p: &Passage, i: usize) -> Option<(usize, String)> {
    if !p.has(i, Cue::Link)
        || p.lead(i) != i
        || p.words[i].figure.is_some()
        || matches!(p.lexicon.noun.head, Head::Unspaced | Head::Capital)
    {
        return None;
    }
    let from = past_articles(p, p.behind(i));
    let to = name_end(p, from, p.words[i].clause);
    let known = p.unit(from).is_some() || p.word(from).is_some_and(|w| w.agency.is_some());
    (to > from && to <= from + 2 && !known).then(|| (from, p.slice(from, to).to_owned()))
}

fn place_before(p: &Passage, i: usize) -> Option<(usize, usize)> {
    if !p.has(i, Cue::PlaceEnd) {
        return None;
    }
    // The name before 省 or 市: what stands between it and the last word of a closed list, if that is short.
    let mut from = i;
    while from > 0
        && i - from < 4
        && p.words[from - 1].clause == p.words[i].clause
        && !super::phrase::ends(p, from - 1)
        && p.words[from - 1].phrase.1 as usize == from
    {
        from -= 1;
    }
    (i - from >= 2 && i - from < 4).then_some((from, i))
}

/// Where a name in capitals ends that begins at a word; that word where none does.
fn name_end(p: &Passage, from: usize, clause: u32) -> usize {
    let mut end = from;
    while end < from + LONGEST_NAME && p.is_name(end) && p.word(end).is_some_and(|w| w.clause == clause) {
        end += 1;
    }
    end
}

/// The words of the source that a cue at a word names.
fn source_at(p: &Passage, i: usize) -> Option<Range<usize>> {
    let word = p.word(i)?;
    let (from, to) = if word.cues.has(Cue::Cite) {
        let mut from = past_articles(p, p.behind(i));
        // "según datos de Protección Civil": the data are not the source.
        let data = p.word(from).is_some_and(|w| !w.capital && !w.cues.has(Cue::Body)) && p.has(from + 1, Cue::Link);
        if data {
            from = past_articles(p, p.behind(from + 1));
        }
        (from, cited_end(p, from, word.clause))
    } else if word.cues.has(Cue::CiteAfter) || word.cues.has(Cue::Say) {
        said_by(p, i)?
    } else {
        return None;
    };
    let agency = (from..to).any(|k| p.word(k).is_some_and(|w| w.agency.is_some()));
    (to > from && !agency).then_some(from..to)
}

/// The name of a source as the pivot language is likely to write it. "Jon Arvel" is the same everywhere; "Agencia de
/// Protección Civil" is translated, and nothing here translates. "The ministry" alone does not say which.
fn canonical_name(p: &Passage, words: &Range<usize>) -> Option<String> {
    let name = p.slice(words.start, words.end);
    let noun = &p.lexicon.noun;
    let latin = name.chars().all(|c| !c.is_alphabetic() || c < '\u{250}');
    let common = |k: usize| p.has(k, Cue::Body) || p.has(k, Cue::PlaceNoun) || p.unit(k).is_some();
    let named = words.clone().any(|k| p.is_name(k) && !common(k));
    // Where every noun has a capital, one alone is no name.
    let proper = words.clone().all(|k| p.is_name(k) && !common(k)) && (noun.head != Head::Capital || words.len() > 1);
    (latin && if noun.pivot { named } else { proper }).then(|| name.to_owned())
}

fn past_articles(p: &Passage, mut at: usize) -> usize {
    while p.has(at, Cue::Article) {
        at = p.behind(at);
    }
    at
}

/// A cited name: its words up to the end of the clause, a verb or a word of place.
fn cited_end(p: &Passage, from: usize, clause: u32) -> usize {
    let mut end = from;
    while end < from + LONGEST_NAME {
        let Some(word) = p.word(end).filter(|w| w.clause == clause && w.figure.is_none() && w.period.is_none()) else { break };
        let closed = word.cues.any(&[Cue::Stop, Cue::Say, Cue::In, Cue::Cite]) && !word.cues.has(Cue::Link) && !word.capital;
        if closed || word.sign != '\0' && !word.sign.is_alphanumeric() && !matches!(word.sign, '-' | '\'') {
            break;
        }
        end += 1;
    }
    while end > from && p.has(end - 1, Cue::Link) && !p.words[end - 1].capital {
        end -= 1;
    }
    end
}

/// The name right before a verb of saying, else right behind it.
fn said_by(p: &Passage, i: usize) -> Option<(usize, usize)> {
    let clause = p.word(i)?.clause;
    let same = |k: usize| p.word(k).is_some_and(|w| w.clause == clause && w.figure.is_none() && w.period.is_none());
    if p.lexicon.noun.head == Head::Unspaced {
        let mut from = i;
        while from > 0 && i - from < 12 && same(from - 1) && !super::phrase::ends(p, from - 1) {
            from -= 1;
        }
        return (i - from >= 2).then_some((from, i));
    }
    let mut end = i;
    // "said on Monday", "has said": a time or an auxiliary may stand between.
    while end > 0 && i - end < 2 && same(end - 1) && p.has(end - 1, Cue::Stop) && !p.words[end - 1].capital {
        end -= 1;
    }
    let mut from = end;
    while from > 0 && end - from < LONGEST_NAME && same(from - 1) {
        let link_inside = from < end && p.has(from - 1, Cue::Link) && from >= 2 && p.is_name(from - 2);
        if !p.is_name(from - 1) && !link_inside && !p.has(from - 1, Cue::Body) {
            break;
        }
        from -= 1;
    }
    if from < end {
        let start = past_articles(p, from);
        return (start < end).then_some((start, end));
    }
    let after = past_articles(p, p.behind(i));
    let close = name_end(p, after, clause);
    (close > after).then_some((after, close))
}

/// The first name in capitals that holds a noun for a body, by that noun: "the ministry" is the "Arden Ministry of Health".
fn full_names(p: &Passage) -> BTreeMap<String, Range<usize>> {
    let mut names = BTreeMap::new();
    let mut i = 0;
    while i < p.words.len() {
        let clause = p.words[i].clause;
        let mut end = name_end(p, i, clause);
        while end > i && p.has(end, Cue::Link) && p.is_name(p.behind(end)) && p.word(end).is_some_and(|w| w.clause == clause) {
            end = name_end(p, p.behind(end), clause);
        }
        // What begins a sentence has a capital too: "According to", "The".
        let mut start = i;
        while start < end && p.words[start].cues.any(&[Cue::Article, Cue::Cite, Cue::Stop, Cue::In]) {
            start = p.behind(start);
        }
        if end > start + 1 {
            for k in (start..end).filter(|&k| p.has(k, Cue::Body)) {
                names.entry(p.slice(k, k + 1).to_lowercase()).or_insert(start..end);
            }
        }
        i = end.max(i + 1);
    }
    names
}

/// The agency whose name stands beside a noun for one, in its usual English form.
fn agency_at(p: &Passage, i: usize) -> Option<String> {
    if !p.has(i, Cue::AgencyNoun) || p.lead(i) != i {
        return None;
    }
    let clause = p.words[i].clause;
    let (from, to) = if p.lexicon.noun.head == Head::Last && !p.lexicon.noun.abut {
        let mut from = i;
        while from > 0 && i - from < 3 && p.is_name(from - 1) && p.words[from - 1].clause == clause && !p.has(from - 1, Cue::Article) {
            from -= 1;
        }
        (from, i)
    } else {
        let from = p.behind(i);
        (from, name_end(p, from, clause))
    };
    let known = (from..to).any(|k| p.words[k].agency.is_some());
    (to > from && !known).then(|| format!("{} News Agency", p.slice(from, to)))
}
