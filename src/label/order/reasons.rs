//! Why a claim is shown, as one sentence with its numbers.

use crate::report::safe::quoted;
use crate::report::terminal::{count, two};
use crate::runs::Item;

use super::claims::OtherReading;

/// How many extractors say something, of those that answered the article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub who: usize,
    pub of: usize,
}

impl Share {
    /// `2 of 3 extractors have`, `1 of 3 extractors has`.
    fn have(self) -> String {
        format!("{} of {} {}", self.who, count(self.of as u64, "extractor"), if self.who == 1 { "has" } else { "have" })
    }
}

pub(super) fn probably_missing(share: Share) -> String {
    format!("{} this claim (IoU of at least .5, same kind), and the gold has none like it here", share.have())
}

pub(super) fn probably_wrong(readings: &[OtherReading], of: usize) -> String {
    let one = |reading: &OtherReading| {
        let gold = reading.gold.as_ref().map_or_else(|| "none".to_owned(), |gold| quoted(gold, 30));
        format!("{} {} where the gold has {gold}", reading.field, quoted(&reading.value, 30))
    };
    let who = readings.first().map_or(0, |reading| reading.extractors);
    let said: Vec<String> = readings.iter().take(2).map(one).collect();
    let more = if readings.len() > said.len() { format!(", and {} more", readings.len() - said.len()) } else { String::new() };
    format!("{who} of {of} extractors say {}{more}", said.join(" and "))
}

/// Of a prediction that one extractor alone has, or of one that is nowhere in the text.
pub(super) fn alone(item: &Item<'_>, reviewed: &str, share: Share) -> String {
    let row = item.predicted;
    let confidence = match row.and_then(|row| row.score) {
        Some(score) => format!("with confidence {}", two(Some(score))),
        None => "without a confidence".to_owned(),
    };
    let where_it_is = match (row.is_some_and(|row| row.start.is_none()), item.near) {
        (true, _) => "; its quote is not in the text".to_owned(),
        (false, Some(gold)) => format!("; it overlaps the gold claim {}", gold.name()),
        (false, None) => String::new(),
    };
    let who = match share.of {
        0 | 1 => format!("{reviewed} has it {confidence}, and no other extractor has answered"),
        of if share.who > 1 => format!("{} of {of} extractors have it, {reviewed} {confidence}", share.who),
        of => format!("of {of} extractors only {reviewed} has it, {confidence}"),
    };
    format!("{who}{where_it_is}")
}

pub(super) fn missed(item: &Item<'_>, reviewed: &str, share: Share) -> String {
    let why = match share {
        Share { who: 0, of: 0 | 1 } => format!("{reviewed} has no claim here (IoU of at least .5), and no other extractor has answered"),
        Share { who: 0, of } => format!("none of {of} extractors has a claim here (IoU of at least .5)"),
        share => format!("{reviewed} did not find it; {} a claim here", share.have()),
    };
    match item.near {
        Some(near) => format!("{why}; #{} of {reviewed} overlaps it", near.number),
        None => why,
    }
}

/// Of a pair: kind and key fields are named first.
pub(super) fn wrong(item: &Item<'_>, key_fields: &[String]) -> String {
    let mut fields: Vec<&str> = item.differences.iter().map(|difference| difference.field.as_str()).collect();
    // The sort is stable.
    fields.sort_by_key(|name| *name != "kind" && !key_fields.iter().any(|key| key == name));
    let iou = format!("paired with IoU {}", two(item.iou));
    match fields.len() {
        0 => iou,
        1..=3 => format!("{iou}; not the same: {}", fields.join(", ")),
        more => format!("{iou}; not the same: {}, and {} more", fields[..2].join(", "), more - 2),
    }
}

/// Of a prediction where the gold has a claim of that kind.
pub(super) fn in_gold(reviewed: &str, share: Share) -> String {
    match share.who {
        0 | 1 => format!("{reviewed} has it, but the gold has a claim of that kind here already"),
        _ => format!("{} a claim here, but so has the gold, of that kind", share.have()),
    }
}
