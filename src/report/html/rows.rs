//! An article as rows: what is the same in many of them is a place in a list of names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::embed::{row, text};
use crate::report::document::{ArticlePage, Document, ItemChange, ReportItem};
use crate::runs::{ClaimOutcome, ClaimView};

/// Names that rows have as their place in the list.
#[derive(Serialize)]
pub(super) struct Names {
    pub langs: Table,
    pub kinds: Table,
    pub fields: Table,
    pub classes: Table,
    pub states: Vec<&'static str>,
    pub changes: Vec<&'static str>,
}

impl Names {
    /// Those of all articles.
    pub fn of(document: &Document) -> Names {
        let items = || document.articles.iter().flat_map(|article| &article.items);
        let claims = || items().flat_map(|item| item.gold.iter().chain(&item.predicted));
        let of_claims = claims().flat_map(|claim| claim.fields.keys());
        Names {
            langs: Table::of(document.articles.iter().map(|article| article.lang.as_str())),
            kinds: Table::of(claims().map(|claim| claim.kind.as_str()).filter(|kind| !kind.is_empty())),
            fields: Table::of(of_claims.chain(items().flat_map(|item| item.field_outcomes.keys())).map(String::as_str)),
            classes: Table::of(items().filter_map(|item| item.class.as_deref())),
            states: State::ALL.map(State::name).to_vec(),
            changes: CHANGES.map(|(_, name)| name).to_vec(),
        }
    }
}

/// Sorted names.
pub(super) struct Table(BTreeMap<String, usize>);

impl Table {
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Table {
        let names: BTreeSet<&str> = names.collect();
        Table(names.into_iter().enumerate().map(|(i, name)| (name.to_owned(), i)).collect())
    }

    /// The place of a name; nothing for one that is not in the table.
    pub fn place(&self, name: &str) -> Value {
        self.0.get(name).map_or(Value::Null, |&place| json!(place))
    }
}

impl Serialize for Table {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.keys())
    }
}

/// How an item is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// A pair without anything wrong.
    Right,
    /// A pair of the class `right` with a wrong field that is none of its key.
    OtherField,
    /// A pair of an error class.
    Wrong,
    Missed,
    Spurious,
    Optional,
    Outside,
    Unjudged,
}

impl State {
    pub const ALL: [State; 8] =
        [Self::Right, Self::OtherField, Self::Wrong, Self::Missed, Self::Spurious, Self::Optional, Self::Outside, Self::Unjudged];

    pub fn of(item: &ReportItem) -> State {
        match item.outcome {
            ClaimOutcome::Matched if item.class.as_deref().is_some_and(|class| class != "right") => State::Wrong,
            ClaimOutcome::Matched if !item.differences.is_empty() => State::OtherField,
            ClaimOutcome::Matched => State::Right,
            ClaimOutcome::Missed => State::Missed,
            ClaimOutcome::Spurious => State::Spurious,
            ClaimOutcome::Optional => State::Optional,
            ClaimOutcome::Outside => State::Outside,
            ClaimOutcome::Unjudged => State::Unjudged,
        }
    }

    pub fn name(self) -> &'static str {
        ["right", "other_field", "wrong", "missed", "spurious", "optional", "outside", "unjudged"][self as usize]
    }
}

const CHANGES: [(ItemChange, &str); 5] = [
    (ItemChange::NewlyFound, "newly_found"),
    (ItemChange::NewlyMissed, "newly_missed"),
    (ItemChange::NewlyWrongField, "newly_wrong_field"),
    (ItemChange::NewlyRightField, "newly_right_field"),
    (ItemChange::NewlySpurious, "newly_spurious"),
];

/// `text, publisher, published_at, message, columns, items`.
pub(super) fn article_row(article: &ArticlePage, names: &Names) -> Value {
    let quotes = Quotes::of(article.text.as_deref());
    let optional = |value: &Option<String>| value.as_deref().map_or(Value::Null, Value::from);
    row([
        optional(&article.text),
        optional(&article.publisher),
        optional(&article.published_at),
        optional(&article.message),
        article.columns.iter().map(|(name, values)| json!([name, values])).collect(),
        article.items.iter().map(|item| item_row(item, names, &quotes)).collect(),
    ])
}

/// `state, class, iou, gold, predicted, fields, absent, change`; `fields` are rows of `field, outcome, gold, predicted`, with `0` for
/// annotated as absent and `null` for not said; `absent` are the fields that are annotated as absent and that no answer has.
fn item_row(item: &ReportItem, names: &Names, quotes: &Quotes<'_>) -> Value {
    let claim = |claim: &Option<ClaimView>| claim.as_ref().map_or(Value::Null, |claim| claim_row(claim, names, quotes));
    let (gold, predicted) = (item.gold.as_ref().map(|claim| &claim.fields), item.predicted.as_ref().map(|claim| &claim.fields));
    let all: BTreeSet<&String> = gold.into_iter().chain(predicted).flat_map(BTreeMap::keys).chain(item.field_outcomes.keys()).collect();
    let (mut fields, mut absent) = (Vec::new(), Vec::new());
    for name in all {
        let value = |of: Option<&BTreeMap<String, Option<String>>>| match of.and_then(|fields| fields.get(name)) {
            Some(Some(value)) => Value::from(value.as_str()),
            Some(None) => json!(0),
            None => Value::Null,
        };
        let (gold, predicted) = (value(gold), value(predicted));
        if !gold.is_string() && !predicted.is_string() {
            absent.push(names.fields.place(name));
        } else {
            fields.push(row([names.fields.place(name), item.field_outcomes.get(name).map_or(Value::Null, |o| text(o)), gold, predicted]));
        }
    }
    let change = item.change.and_then(|change| CHANGES.iter().position(|(each, _)| *each == change));
    row([
        json!(State::of(item) as usize),
        item.class.as_deref().map_or(Value::Null, |class| names.classes.place(class)),
        item.iou.map_or(Value::Null, Value::from),
        claim(&item.gold),
        claim(&item.predicted),
        Value::Array(fields),
        Value::Array(absent),
        change.map_or(Value::Null, |change| json!(change)),
    ])
}

/// `name, places, kind, quote, score, tracking_id, tags, line`; `places` are starts and ends in code points one behind the other; the
/// quote is absent where it is what the text has at these places.
fn claim_row(claim: &ClaimView, names: &Names, quotes: &Quotes<'_>) -> Value {
    row([
        text(&claim.name),
        claim.fragments.iter().flat_map(|&(start, end)| [json!(start), json!(end)]).collect(),
        names.kinds.place(&claim.kind),
        if quotes.says(claim) { Value::Null } else { text(&claim.quote) },
        claim.score.map_or(Value::Null, Value::from),
        text(&claim.tracking_id),
        claim.tags.iter().map(|tag| Value::from(tag.as_str())).collect(),
        claim.line.map_or(Value::Null, Value::from),
    ])
}

/// Where the code points of a text are.
struct Quotes<'a> {
    text: &'a str,
    /// Byte of each code point, and of the end; empty for ASCII, where they are the same.
    bytes: Vec<usize>,
}

impl<'a> Quotes<'a> {
    fn of(text: Option<&'a str>) -> Quotes<'a> {
        let text = text.unwrap_or_default();
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).chain([text.len()]).collect() };
        Quotes { text, bytes }
    }

    /// Whether the claim's quote is its fragments joined with one space.
    fn says(&self, claim: &ClaimView) -> bool {
        let byte = |at: u32| if self.bytes.is_empty() { Some(at as usize) } else { self.bytes.get(at as usize).copied() };
        let slice = |&(start, end): &(u32, u32)| self.text.get(byte(start)?..byte(end)?);
        let slices: Option<Vec<&str>> = claim.fragments.iter().map(slice).collect();
        slices.is_some_and(|slices| !slices.is_empty() && slices.join(" ") == claim.quote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_left_out_only_where_the_text_says_the_same() {
        type Case = (&'static str, &'static [(u32, u32)], &'static str, bool);
        let cases: [Case; 7] = [
            ("ten 👍🏽 times", &[(4, 6)], "👍🏽", true),
            ("จับกุม 37,000 คน", &[(7, 13)], "37,000", true),
            ("more than ten", &[(0, 4), (10, 13)], "more ten", true),
            ("more than ten", &[(0, 4), (10, 13)], "more than ten", false),
            ("abc", &[(1, 9)], "bc", false),
            ("abc", &[], "", false),
            ("äbc", &[(2, 1)], "", false),
        ];
        for (text, fragments, quote, expected) in cases {
            let claim = ClaimView { fragments: fragments.to_vec(), quote: quote.to_owned(), ..ClaimView::default() };
            assert_eq!(Quotes::of(Some(text)).says(&claim), expected, "{text} {quote}");
        }
    }

    #[test]
    fn values_that_are_absent_are_told_from_those_not_said() {
        let claim = |fields: &[(&str, Option<&str>)]| ClaimView {
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect(),
            ..ClaimView::default()
        };
        let item = ReportItem {
            outcome: ClaimOutcome::Matched,
            class: None,
            iou: None,
            gold: Some(claim(&[("bound", None), ("unit", None), ("value", Some("10"))])),
            predicted: Some(claim(&[("bound", Some("about")), ("value", Some("10")), ("place", Some("Lorin"))])),
            differences: Vec::new(),
            field_outcomes: [("bound", "spu"), ("unit", "tn"), ("value", "cor")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            change: None,
        };
        let names = Names {
            langs: Table::of([].into_iter()),
            kinds: Table::of([].into_iter()),
            fields: Table::of(["bound", "place", "unit", "value"].into_iter()),
            classes: Table::of([].into_iter()),
            states: Vec::new(),
            changes: Vec::new(),
        };
        let row = item_row(&item, &names, &Quotes::of(None));
        assert_eq!(row[5].to_string(), r#"[[0,"spu",0,"about"],[1,null,null,"Lorin"],[3,"cor","10","10"]]"#);
        assert_eq!(row[6].to_string(), "[2]");
    }
}
