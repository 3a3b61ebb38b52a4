//! An article cut once: words with what the lexicon knows of them, sentences, clauses, figures and periods.

use std::ops::Range;

use rust_decimal::Decimal;

use super::lexicon::{Cue, Cues, Lexicon, Sort, Unit};
use crate::claim::number::{Figure, Form, Reading, Written, find_figures};
use crate::claim::period::token::Cut;
use crate::claim::period::{Date, FoundPeriod, find_periods_in};

/// Words to each side that a clause or sentence is looked at: without it, a text of one endless sentence takes quadratic time.
const REACH: usize = 160;

/// A word, a number, a sign or an ideograph, with its place in the text's order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Bytes of the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The folded character where there is only one, else NUL.
    pub(super) sign: char,
    pub(super) digits: bool,
    /// Whether it begins with an upper-case letter.
    pub(super) capital: bool,
    /// What the phrase that it belongs to may do.
    pub(super) cues: Cues,
    unit: Option<u16>,
    pub(super) agency: Option<u16>,
    /// The first word of that phrase, and the one behind its last.
    pub(super) phrase: (u32, u32),
    pub(super) sentence: u32,
    pub(super) clause: u32,
    /// The figure that covers it, with its bounds and currency.
    pub(super) figure: Option<u32>,
    /// The period that covers it.
    pub(super) period: Option<u32>,
}

/// An article as the rules see it.
pub(super) struct Passage<'a> {
    pub(super) text: &'a str,
    pub(super) lexicon: &'static Lexicon,
    pub(super) words: Vec<Word>,
    pub(super) figures: Vec<Figure>,
    pub(super) periods: Vec<FoundPeriod>,
    /// The first word that ends behind each multiple of [`STEP`] bytes.
    near: Vec<usize>,
    /// The first word of each sentence and of each clause, and the end of the text.
    sentences: Vec<usize>,
    clauses: Vec<usize>,
}

/// Bytes of the text between two words that are found at once.
const STEP: usize = 32;

impl<'a> Passage<'a> {
    /// Cuts a text. Linear in its length.
    pub(super) fn new(text: &'a str, lang: &str, published: Option<Date>) -> Passage<'a> {
        let lexicon = Lexicon::of(lang);
        let cut = Cut::new(text);
        let (tokens, ids) = (cut.tokens(), lexicon.ids(&cut));
        let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while at < tokens.len() {
            let (entry, length) = lexicon.longest(&ids[at..]).unwrap_or_default();
            let length = length.max(1);
            for token in &tokens[at..at + length] {
                words.push(Word {
                    start: token.start,
                    end: token.end,
                    sign: token.sign,
                    digits: token.number.is_some(),
                    capital: token.capital,
                    cues: entry.cues,
                    unit: entry.unit,
                    agency: entry.agency,
                    phrase: (at as u32, (at + length) as u32),
                    sentence: u32::from(token.after_break),
                    clause: 0,
                    figure: None,
                    period: None,
                });
            }
            at += length;
        }
        let mut near = Vec::with_capacity(text.len() / STEP + 1);
        for (i, word) in words.iter().enumerate() {
            while near.len() * STEP < word.end {
                near.push(i);
            }
        }
        let mut passage = Passage {
            text,
            lexicon,
            words,
            figures: find_figures(text, lang),
            periods: find_periods_in(&cut, lang, published),
            near,
            sentences: Vec::new(),
            clauses: Vec::new(),
        };
        passage.add_halves();
        passage.lay_over();
        passage.cut();
        passage
    }

    /// "half a percentage point" is 0.5 points, "half of the voters" 50 percent: halves without a number are no figures of the
    /// number reader.
    fn add_halves(&mut self) {
        let mut halves = Vec::new();
        for i in 0..self.words.len() {
            if !self.has(i, Cue::Half) || self.lead(i) != i {
                continue;
            }
            let next = self.behind(i);
            let points = self.unit(next).is_some_and(|u| u.lemma == "percentage point");
            let linked = self.has(next, Cue::Link);
            let (value, form, end) = if points {
                (Decimal::new(5, 1), Form::Points, self.behind(next))
            } else if linked {
                (Decimal::from(50), Form::Percent, next)
            } else {
                continue;
            };
            let span = self.words[i].start..self.words[end - 1].end;
            halves.push(Figure {
                expression: span.clone(),
                span,
                value,
                value_max: None,
                bound: None,
                form,
                reading: Reading::Certain,
                written: Written::Words,
                currency: None,
                range: None,
            });
        }
        halves.retain(|half| {
            let at = self.figures.partition_point(|f| hull(f).end <= half.span.start);
            self.figures.get(at).is_none_or(|f| hull(f).start >= half.span.end)
        });
        self.figures.extend(halves);
        self.figures.sort_by_key(|f| f.span.start);
    }

    /// Marks the words that periods and figures cover.
    fn lay_over(&mut self) {
        for i in 0..self.periods.len() {
            let words = self.covered(&self.periods[i].span);
            self.words[words].iter_mut().for_each(|w| w.period = Some(i as u32));
        }
        for i in 0..self.figures.len() {
            let words = self.covered(&hull(&self.figures[i]));
            self.words[words].iter_mut().for_each(|w| w.figure = Some(i as u32));
        }
    }

    /// Numbers sentences and clauses.
    fn cut(&mut self) {
        let (mut sentence, mut clause) = (0, 0);
        for i in 0..self.words.len() {
            let breaks = self.words[i].sentence > 0;
            if breaks && i > 0 {
                sentence += 1;
                clause += 1;
            }
            open(&mut self.sentences, sentence, i);
            open(&mut self.clauses, clause, i);
            let word = &mut self.words[i];
            (word.sentence, word.clause) = (sentence, clause);
            if self.ends_sentence(i) {
                sentence += 1;
                clause += 1;
            } else if self.ends_clause(i) {
                clause += 1;
            }
        }
        self.sentences.push(self.words.len());
        self.clauses.push(self.words.len());
    }

    fn ends_sentence(&self, i: usize) -> bool {
        let word = &self.words[i];
        if word.figure.is_some() && word.sign != '。'
            || word.period.is_some() && self.words.get(i + 1).is_some_and(|n| n.period == word.period)
        {
            return false;
        }
        match word.sign {
            '。' | '!' | '?' | '؟' | '।' | '॥' => true,
            '.' => {
                let abbreviated = i > 0 && self.words[i - 1].cues.has(Cue::Abbreviation);
                let next = self.words.get(i + 1);
                let glued = next.is_some_and(|n| n.start == word.end && !matches!(n.sign, '"' | '\'' | '”' | '»' | '“' | ')'));
                let lower = next.is_some_and(|n| self.text[n.start..].chars().next().is_some_and(char::is_lowercase));
                !abbreviated && !glued && !lower
            }
            _ => false,
        }
    }

    fn ends_clause(&self, i: usize) -> bool {
        let word = &self.words[i];
        if word.figure.is_some() {
            return false;
        }
        match word.sign {
            ',' | ';' | ':' | '(' | ')' | '،' | '؛' | '、' | '—' => true,
            '-' => i > 0 && self.words.get(i + 1).is_some_and(|n| n.start > word.end) && self.words[i - 1].end < word.start,
            _ => false,
        }
    }

    /// The words that a range of bytes touches.
    pub(super) fn covered(&self, bytes: &Range<usize>) -> Range<usize> {
        let first = self.first(bytes.start, |w| w.end > bytes.start);
        let last = self.first(bytes.end, |w| w.start >= bytes.end);
        first..last.max(first)
    }

    /// The first word that is as wanted, none of which ends before a byte.
    fn first(&self, byte: usize, wanted: impl Fn(&Word) -> bool) -> usize {
        let near = self.near.get(byte / STEP).copied().unwrap_or(self.words.len());
        near + self.words[near..].iter().take_while(|w| !wanted(w)).count()
    }

    /// The word at an index that may be out of the text.
    pub(super) fn word(&self, i: usize) -> Option<&Word> {
        self.words.get(i)
    }

    pub(super) fn has(&self, i: usize, cue: Cue) -> bool {
        self.words.get(i).is_some_and(|w| w.cues.has(cue))
    }

    pub(super) fn unit(&self, i: usize) -> Option<&'static Unit> {
        let lexicon: &'static Lexicon = self.lexicon;
        self.words.get(i)?.unit.and_then(|unit| lexicon.units.get(usize::from(unit)))
    }

    pub(super) fn unit_of_sort(&self, i: usize, sort: Sort) -> bool {
        self.unit(i).is_some_and(|u| u.sort == sort)
    }

    /// The text of words `from..to`.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        match (self.words.get(from), to.checked_sub(1).and_then(|last| self.words.get(last))) {
            (Some(first), Some(last)) if first.start <= last.end => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// The first word behind the phrase at `i`.
    pub(super) fn behind(&self, i: usize) -> usize {
        self.words.get(i).map_or(i + 1, |w| w.phrase.1 as usize)
    }

    /// The first word of the phrase at `i`.
    pub(super) fn lead(&self, i: usize) -> usize {
        self.words.get(i).map_or(i, |w| w.phrase.0 as usize)
    }

    /// The words of the clause around `i`, within reach.
    pub(super) fn clause(&self, i: usize) -> Range<usize> {
        self.words.get(i).map_or(i..i, |w| within_reach(i, &self.clauses[w.clause as usize..]))
    }

    /// The words of the sentence around `i`, within reach.
    pub(super) fn sentence(&self, i: usize) -> Range<usize> {
        self.words.get(i).map_or(i..i, |w| within_reach(i, &self.sentences[w.sentence as usize..]))
    }

    /// Whether a word is a name or noun in capitals that does not merely begin a sentence.
    pub(super) fn is_name(&self, i: usize) -> bool {
        self.words.get(i).is_some_and(|w| w.capital && w.period.is_none() && w.figure.is_none())
    }
}

/// Notes that a word belongs to a sentence or clause, if it is the first one.
fn open(starts: &mut Vec<usize>, number: u32, word: usize) {
    if starts.len() <= number as usize {
        starts.resize(number as usize + 1, word);
    }
}

/// The words around `i` between the first two of these starts, as far as rules look.
fn within_reach(i: usize, starts: &[usize]) -> Range<usize> {
    let end = starts.get(1).copied().unwrap_or(i);
    starts[0].max(i.saturating_sub(REACH))..end.min(i + REACH)
}

/// A figure with its bounds and its currency.
pub(super) fn hull(figure: &Figure) -> Range<usize> {
    let (mut start, mut end) = (figure.expression.start.min(figure.span.start), figure.expression.end.max(figure.span.end));
    if let Some((currency, _)) = &figure.currency {
        (start, end) = (start.min(currency.start), end.max(currency.end));
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_clauses_and_sentences_are_found_as_by_a_search() {
        let long = "one, two. ".repeat(200);
        for text in ["", "Prices rose, he said, by 5 percent. Then\n\nthey fell; why?", "价格上涨了5%，他说。", &long] {
            let passage = Passage::new(text, "en", None);
            let words = &passage.words;
            for (start, end) in (0..text.len() + 2).flat_map(|start| [(start, start), (start, start + 1), (start, start + 40)]) {
                let first = words.partition_point(|w| w.end <= start);
                let last = words.partition_point(|w| w.start < end).max(first);
                assert_eq!(passage.covered(&(start..end)), first..last, "{start}..{end} of {text}");
            }
            for i in 0..words.len() {
                let near: Vec<usize> = (i.saturating_sub(REACH)..(i + REACH).min(words.len())).collect();
                let same = |number: fn(&Word) -> u32| near.iter().filter(|&&k| number(&words[k]) == number(&words[i])).count();
                assert_eq!(
                    (passage.clause(i).len(), passage.sentence(i).len()),
                    (same(|w| w.clause), same(|w| w.sentence)),
                    "{i} of {text}"
                );
                assert!(passage.clause(i).contains(&i) && passage.sentence(i).contains(&i), "{i} of {text}");
            }
        }
    }
}
