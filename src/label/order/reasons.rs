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
    fn words(self) -> String {
        format!("{} of {}", self.who, count(self.of as u64, "extractor"))
    }
}

pub(super) fn probably_missing(share: Share) -> String {
    format!("{} have this claim (IoU of at least .5, same kind), and the gold has none like it here", share.words())
}

pub(super) fn probably_wrong(readings: &[OtherReading], of: usize) -> String {
    let one = |reading: &OtherReading| {
        let gold = reading.gold.as_ref().map_or_else(|| "none".to_owned(), |gold| quoted(gold, 30));
        format!("{} {} where the gold has {gold}", reading.field, quoted(&reading.value, 30))
    };
    let share = Share { who: readings.first().map_or(0, |reading| reading.extractors), of };
    let said: Vec<String> = readings.iter().take(2).map(one).collect();
    let more = if readings.len() > said.len() { format!(", and {} more", readings.len() - said.len()) } else { String::new() };
    format!("{} say {}{more}", share.words(), said.join(" and "))
}

/// Of a prediction that one extractor alone has.
pub(super) fn alone(item: &Item<'_>, reviewed: &str, share: Share) -> String {
    let row = item.predicted;
    if let Some(gold) = item.near.filter(|_| item.class == Some("duplicate")) {
        return format!("{reviewed} has it once more: the gold claim {} is here already", gold.name());
    }
    let confidence = match row.and_then(|row| row.score) {
        Some(score) => format!("with confidence {}", two(Some(score))),
        None => "without a confidence".to_owned(),
    };
    let where_it_is = if row.is_some_and(|row| row.start.is_none()) { "; its quote is not in the text" } else { "" };
    let who = match share.of {
        0 | 1 => format!("{reviewed} has it {confidence}, and no other extractor has answered"),
        of => format!("of {of} extractors only {reviewed} has it, {confidence}"),
    };
    format!("{who}{where_it_is}")
}

pub(super) fn missed(reviewed: &str, share: Share) -> String {
    match share {
        Share { who: 0, of: 0 | 1 } => format!("{reviewed} has no claim here, and no other extractor has answered"),
        Share { who: 0, of } => format!("none of {of} extractors has a claim here (IoU of at least .5)"),
        share => format!("{reviewed} did not find it; {} have a claim here", share.words()),
    }
}

pub(super) fn wrong(item: &Item<'_>) -> String {
    let fields: Vec<&str> = item.differences.iter().map(|difference| difference.field.as_str()).collect();
    let iou = format!("paired with IoU {}", two(item.iou));
    match fields.len() {
        0 => iou,
        1..=3 => format!("{iou}; not the same: {}", fields.join(", ")),
        more => format!("{iou}; not the same: {}, and {} more", fields[..2].join(", "), more - 2),
    }
}

/// Of a prediction that several have, where the gold has a claim of that kind.
pub(super) fn in_gold(share: Share) -> String {
    format!("{} have a claim here, and the gold has one of that kind", share.words())
}
