//! The place of a claim that is to be added: one place, or an error that lists all there are.

use std::fmt::Write;

use crate::anchor::{CodePoints, How, Wanted, occurrences};
use crate::claim::{Fragments, Span};
use crate::report::safe::quoted;
use crate::report::terminal::cut;

use super::new_claim::At;

/// What stands between the quotes of two fragments.
pub const FRAGMENT_GAP: &str = " … ";

/// Columns of text on either side of a place in a message, and of its quote.
const AROUND: usize = 20;

/// Places that a message lists.
const LISTED: usize = 9;

/// Ways to place the fragments of one quote that are looked at.
const MOST_WAYS: usize = 1000;

/// Where a claim stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The place.
    pub fragments: Fragments,
    /// What the user should know: the quote differs from the text, or the offsets were wrong.
    pub note: Option<String>,
}

/// Finds the one place of a claim: by its offsets, or by its quote, exactly and then folded; `prefix`, `suffix` and `occurrence` choose.
/// Fragments, with ` … ` between their quotes, are found in the order in which they are written.
///
/// # Errors
/// When the text does not have the quote (the most similar place is named), has it more than once (all are listed), or offsets and
/// quote contradict each other.
pub fn place(points: &CodePoints<'_>, at: &At) -> Result<Placed, String> {
    if !at.spans.is_empty() {
        return by_offsets(points, at);
    }
    let quote = at.quote.trim();
    if quote.is_empty() {
        return Err("a claim needs its quote, or start and end".to_owned());
    }
    let wanted = Wanted { offsets: &[], quote, prefix: &at.prefix, suffix: &at.suffix };
    let (spans, how) = occurrences(points, &wanted);
    if how != How::Fuzzy && !spans.is_empty() {
        let places: Vec<Fragments> = spans.into_iter().map(Fragments::from).collect();
        return choose(points, at, places, how);
    }
    if quote.contains(FRAGMENT_GAP.trim()) {
        return in_parts(points, at, quote);
    }
    Err(match spans.first() {
        // Its likeness was judged without the surroundings.
        Some(near) => {
            format!("the text does not have {}; the most similar is {}", quoted(quote, 60), shown(points, &Fragments::from(*near)))
        }
        None if (at.prefix.is_empty() && at.suffix.is_empty())
            || occurrences(points, &Wanted { quote, ..Wanted::default() }).0.is_empty() =>
        {
            format!("the text does not have {}; copy the quote from it", quoted(quote, 60))
        }
        None => format!("the text has {}, but not with that prefix and suffix", quoted(quote, 60)),
    })
}

fn by_offsets(points: &CodePoints<'_>, at: &At) -> Result<Placed, String> {
    let spans: Option<Fragments> = at.spans.iter().map(|&(start, end)| Span::new(start, end)).collect();
    let fragments = spans.ok_or_else(|| "an empty or reversed span; the end is excluded and greater than the start".to_owned())?;
    let found = points.quote(&fragments);
    match found {
        Some(found) if at.quote.is_empty() || found == at.quote => Ok(Placed { fragments, note: None }),
        None if at.quote.is_empty() => Err(format!("{fragments} is behind the text, which has {} code points", points.count())),
        found => {
            let there = found.map_or_else(|| "nothing".to_owned(), |found| quoted(&found, 40));
            let alone = At { spans: Vec::new(), ..at.clone() };
            let mut placed =
                place(points, &alone).map_err(|why| format!("the text has {there} at {fragments}; and by its quote: {why}"))?;
            placed.note = Some(format!("the text has {there} at {fragments}; the quote is at {}", placed.fragments));
            Ok(placed)
        }
    }
}

/// The one of some places that is meant.
fn choose(points: &CodePoints<'_>, at: &At, places: Vec<Fragments>, how: How) -> Result<Placed, String> {
    let count = places.len();
    let chosen = match at.occurrence {
        Some(number) => places
            .get(number - 1)
            .cloned()
            .ok_or_else(|| format!("{} occurs {count} times, and occurrence is {number}", quoted(&at.quote, 60)))?,
        None if count == 1 => places.into_iter().next().unwrap_or_default(),
        None => return Err(several(points, at, &places)),
    };
    let written = points.quote(&chosen).unwrap_or_default();
    let note = (how == How::Folded).then(|| format!("the text writes it {}", quoted(&written, 60)));
    Ok(Placed { fragments: chosen, note })
}

fn several(points: &CodePoints<'_>, at: &At, places: &[Fragments]) -> String {
    let mut message =
        format!("{} occurs {} times; choose with occurrence=N, or with prefix= or suffix=", quoted(&at.quote, 60), places.len());
    for (number, place) in places.iter().take(LISTED).enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(message, "\n  {}  {}", number + 1, shown(points, place));
    }
    if places.len() > LISTED {
        message.push_str("\n  …");
    }
    message
}

/// A place with the text around, on one line.
fn shown(points: &CodePoints<'_>, place: &Fragments) -> String {
    let Some(hull) = place.hull() else { return String::new() };
    let (start, end) = (hull.start() as usize, hull.end() as usize);
    let slice = |from: usize, to: usize| flat(points.slice(from, to).unwrap_or_default());
    let before: String = slice(start.saturating_sub(AROUND), start).chars().rev().collect();
    let before: String = cut(&before, AROUND).chars().rev().collect();
    let behind = cut(&slice(end, (end + AROUND).min(points.count())), AROUND);
    let open = if start > AROUND && !before.starts_with('…') { "…" } else { "" };
    let close = if end + AROUND < points.count() && !behind.ends_with('…') { "…" } else { "" };
    format!("{place}  {open}{before}[{}]{behind}{close}", cut(&slice(start, end), AROUND)).trim_end().to_owned()
}

/// White space as one blank.
fn flat(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if !c.is_whitespace() => out.push(c),
            _ if !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The fragments of a quote with gaps.
fn in_parts(points: &CodePoints<'_>, at: &At, quote: &str) -> Result<Placed, String> {
    let parts: Vec<&str> = quote.split(FRAGMENT_GAP.trim()).map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return Err(format!("{} begins or ends with …; write fragments as FIRST{FRAGMENT_GAP}SECOND", quoted(quote, 60)));
    }
    let mut how = How::Exact;
    let mut found = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let prefix = if number == 0 { at.prefix.as_str() } else { "" };
        let suffix = if number + 1 == parts.len() { at.suffix.as_str() } else { "" };
        let (spans, by) = occurrences(points, &Wanted { offsets: &[], quote: part, prefix, suffix });
        if by == How::Fuzzy || spans.is_empty() {
            return Err(format!("the text does not have the fragment {}", quoted(part, 60)));
        }
        if by == How::Folded {
            how = by;
        }
        found.push(spans);
    }
    let mut ways = Vec::new();
    in_order(&found, 0, &mut Vec::new(), &mut ways);
    if ways.is_empty() {
        return Err(format!("the text does not have the fragments {} in this order", quoted(quote, 60)));
    }
    choose(points, at, ways, how)
}

/// Every way to take one span of each list so that each begins behind the one before, in the order of their starts.
fn in_order(found: &[Vec<Span>], from: u32, taken: &mut Vec<Span>, ways: &mut Vec<Fragments>) {
    let Some((first, rest)) = found.split_first() else {
        ways.push(taken.iter().copied().collect());
        return;
    };
    for span in first.iter().filter(|span| span.start() >= from) {
        if ways.len() >= MOST_WAYS {
            return;
        }
        taken.push(*span);
        in_order(rest, span.end(), taken, ways);
        taken.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "🌊 More than 37,000 people came, then 37,000 people left;\r\n137,000 people “stayed”. 37,000 of them slept.";

    fn found(quote: &str, change: impl FnOnce(&mut At)) -> Result<String, String> {
        let mut at = At { quote: quote.to_owned(), ..At::default() };
        change(&mut at);
        let points = CodePoints::new(TEXT);
        place(&points, &at).map(|placed| {
            let quote = points.quote(&placed.fragments).unwrap();
            format!("{} {quote}{}", placed.fragments, placed.note.map(|note| format!(" ({note})")).unwrap_or_default())
        })
    }

    #[test]
    fn a_quote_has_one_place_or_is_chosen() {
        let none = |_: &mut At| {};
        assert_eq!(found("More than 37,000", none).unwrap(), "2-18 More than 37,000");
        assert_eq!(found("people \"Stayed\"", none).unwrap(), "66-81 people “stayed” (the text writes it \"people “stayed”\")");
        assert_eq!(found("37,000 people", |at| at.occurrence = Some(2)).unwrap(), "37-50 37,000 people");
        assert_eq!(found("37,000 people", |at| at.suffix = "left".to_owned()).unwrap(), "37-50 37,000 people");
        assert_eq!(found("37,000 people", |at| at.prefix = "more than".to_owned()).unwrap(), "12-25 37,000 people");
        assert_eq!(found("137,000 people … slept", none).unwrap(), "58-72;98-103 137,000 people slept");
        assert_eq!(found("", |at| at.spans = vec![(12, 18)]).unwrap(), "12-18 37,000");
        assert_eq!(found("More than 37,000", |at| at.spans = vec![(0, 1)]).unwrap().split(" (").next(), Some("2-18 More than 37,000"));
    }

    #[test]
    fn what_has_no_one_place_says_what_there_is() {
        let none = |_: &mut At| {};
        let several = found("37,000 people", none).unwrap_err();
        assert!(several.contains("occurs 2 times; choose with occurrence=N"), "{several}");
        assert!(several.contains("\n  2  37-50  …"), "{several}");
        for (quote, says) in [
            ("38,000 people", "does not have"),
            ("More thann 37,000 people", "the most similar is 2-25"),
            ("slept … More than", "in this order"),
            ("… slept", "begins or ends"),
            ("slept … woke", "the fragment \"woke\""),
            (" ", "needs its quote"),
        ] {
            let wrong = found(quote, none).unwrap_err();
            assert!(wrong.contains(says), "{quote}: {wrong}");
        }
        assert!(found("37,000 people", |at| at.occurrence = Some(3)).unwrap_err().contains("occurs 2 times, and occurrence is 3"));
        assert!(found("37,000 people", |at| at.prefix = "fewer than".to_owned()).unwrap_err().contains("not with that prefix"));
        assert!(found("", |at| at.spans = vec![(9, 9999)]).unwrap_err().contains("behind the text"));
        assert!(found("people", |at| at.spans = vec![(0, 1)]).unwrap_err().contains("occurs"));
    }
}
