//! The words directly beside a claim, in the old text and in the new one.
//!
//! A place may be beyond doubt and its claim another one all the same: "12" is part of "12 thousand", "more than 12", "not 12" or "EUR 12",
//! and the figures of two sentences may have changed places.

use crate::anchor::CodePoints;
use crate::claim::{Fragments, text};

/// Words on either side that must be the same.
const WORDS: usize = 3;

/// Characters on either side in scripts without spaces between words.
const CHARACTERS: usize = 6;

/// Code points that are looked at on either side.
const REACH: usize = 120;

/// Whether the words beside a claim are the same in both texts, within its sentence and but for white space, case, quotation marks,
/// dashes and Unicode forms.
pub(super) fn are_same(old: (&CodePoints<'_>, &Fragments), new: (&CodePoints<'_>, &Fragments)) -> bool {
    let sides = |(points, place): (&CodePoints<'_>, &Fragments)| -> Vec<_> {
        place.spans().iter().map(|span| beside(points, span.start() as usize, span.end() as usize)).collect()
    };
    sides(old) == sides(new)
}

fn beside(points: &CodePoints<'_>, start: usize, end: usize) -> (Vec<String>, Vec<String>) {
    let before = points.slice(start.saturating_sub(REACH), start).unwrap_or_default();
    let behind = points.slice(end, (end + REACH).min(points.count())).unwrap_or_default();
    let ends = sentence_ends(before);
    let before = &before[ends.last().copied().unwrap_or(0)..];
    let behind = &behind[..sentence_ends(behind).first().copied().unwrap_or(behind.len())];
    let touching = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let words = |side: &mut dyn Iterator<Item = &str>| side.map(folded).filter(|word| !word.is_empty()).take(WORDS).collect::<Vec<_>>();
    let unspaced: String = before.chars().rev().take(CHARACTERS).collect();
    let left = if unspaced.chars().any(is_unspaced) { vec![folded(&unspaced)] } else { words(&mut before.split_whitespace().rev()) };
    let unspaced: String = behind.chars().take(CHARACTERS).collect();
    let right = if unspaced.chars().any(is_unspaced) { vec![folded(&unspaced)] } else { words(&mut behind.split_whitespace()) };
    // A word that touches the claim is part of it, one behind a blank is not.
    let touched = behind.split(char::is_whitespace).next().unwrap_or_default();
    ([vec![folded(touching)], left].concat(), [vec![folded(touched)], right].concat())
}

/// Bytes behind which a sentence has ended.
fn sentence_ends(text: &str) -> Vec<usize> {
    let next_is_space = |at: usize| text[at..].chars().next().is_some_and(char::is_whitespace);
    let is_end = |at: usize, c: char| matches!(c, '\n' | '!' | '?' | '。' | '！' | '？') || (c == '.' && next_is_space(at));
    text.char_indices().map(|(at, c)| (at + c.len_utf8(), c)).filter(|&(at, c)| is_end(at, c)).map(|(at, _)| at).collect()
}

fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

fn folded(word: &str) -> String {
    let is_mark = |c: &char| "\"'‘’‚“”„«»‹›()[]".contains(*c);
    let plain = word.chars().filter(|c| !is_mark(c)).map(|c| if matches!(c, '‐'..='―' | '−') { '-' } else { c });
    text::fold(&plain.filter(|c| !c.is_whitespace()).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Span;

    /// Whether a claim at `12`, the first one of each text, has the same words beside it.
    fn same(old: &str, new: &str, quote: &str) -> bool {
        let place = |text: &str| {
            let start = text[..text.find(quote).unwrap()].chars().count() as u32;
            Fragments::from(Span::new(start, start + quote.chars().count() as u32).unwrap())
        };
        are_same((&CodePoints::new(old), &place(old)), (&CodePoints::new(new), &place(new)))
    }

    #[test]
    fn a_longer_or_another_figure_is_no_form_of_the_old_one() {
        let old = "Officials said the total came to about 12 in the centre on Monday.";
        for now in [
            "12 thousand",
            "12 million",
            "12 dozen",
            "12 m",
            "12 000",
            "12'000",
            "12,000",
            "12 ½",
            "12 and a half",
            "12 or 13",
            "12 to 13",
            "no 12",
            "EUR 12",
            "more than 12",
            "not 12",
            "12 ribu",
            "12 ألف",
            "12 लाख",
            "112",
            "12-year",
        ] {
            assert!(!same(old, &old.replace("12", now), "12"), "{now}");
        }
        let old = "It lost two of the 3 ships.";
        assert!(!same(old, &old.replace("two", "twenty-two"), "two"));
        assert!(!same("共有十二人被捕", "共有二十二人被捕", "十二"));
        assert!(!same("Prices rose 12 percent in 2023.", "Prices rose 12 percent in 2024.", "12 percent"));
        assert!(!same("Rome arrested 12 people.", "Milan arrested 12 people.", "12"));
    }

    #[test]
    fn form_and_other_sentences_do_not_count() {
        let old = "He left. “About 12 people” came - he said. Then more.";
        for new in [
            "She left. “About 12 people” came - he said. Then more.",
            "He left.  \"about 12\u{a0}people\" came – he said. Then nothing.",
            "He left.\r\n'ABOUT 12 people', came — he said! Gone.",
        ] {
            assert!(same(old, new, "12"), "{new}");
        }
    }
}
