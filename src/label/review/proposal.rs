//! A claim that may become gold, with what still keeps it from that.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{Claim, ClaimStatus, FieldState, Fields, Fragments, GoldClaim, Schema, Span, nearest};
use crate::dataset::reanchor::parse_place;
use crate::extract::Numbers;
use crate::label::order::{Disagreement, canonical};
use crate::report::safe::quoted;
use crate::runs::OutcomeRow;

/// A claim as it would be written. All of its fields are confirmed: a person decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What would be written. Without an id it is a new claim.
    pub gold: GoldClaim,
    /// Fields with a number that the language of the article does not decide, as they were answered.
    undecided: BTreeMap<String, String>,
    /// Fields of the answer that the dataset does not have; they are left out.
    pub left_out: Vec<String>,
}

impl Proposal {
    /// A prediction. Numbers that are written as in the article are read by its language; confidence and tracking id, which mean something in
    /// their run only, are left out, and fields that the dataset does not have.
    pub fn of_prediction(row: &OutcomeRow, lang: &str, numbers: Numbers, schema: &Schema) -> Proposal {
        let (mut fields, mut undecided, mut left_out) = (Fields::default(), BTreeMap::new(), Vec::new());
        for (name, value) in &row.fields {
            let Some(field) = schema.field(name) else {
                if schema.open_fields {
                    fields.insert(name.clone(), value.clone().map_or(FieldState::Absent, FieldState::Present));
                } else {
                    left_out.push(name.clone());
                }
                continue;
            };
            match value {
                None => fields.insert::<&str>(name.clone(), FieldState::Absent),
                Some(written) => match canonical(field, written, numbers, lang) {
                    Some(value) => fields.insert(name.clone(), FieldState::Present(value)),
                    None => drop(undecided.insert(name.clone(), written.clone())),
                },
            }
        }
        let claim = Claim {
            fragments: parse_place(&row.fragments).unwrap_or_default(),
            quote: row.quote.clone(),
            kind: row.kind.clone(),
            fields,
            ..Claim::default()
        };
        Proposal { gold: GoldClaim { claim, article_id: row.article_id.clone(), ..GoldClaim::default() }, undecided, left_out }
    }

    /// A gold claim as it is.
    pub fn of_gold(gold: &GoldClaim) -> Proposal {
        Proposal { gold: gold.clone(), undecided: BTreeMap::new(), left_out: Vec::new() }
    }

    /// Takes what several extractors say in place of what the gold says.
    pub fn take_readings(&mut self, disagreement: &Disagreement<'_>) {
        for reading in &disagreement.readings {
            if reading.field == "kind" {
                self.gold.claim.kind.clone_from(&reading.value);
            } else {
                self.gold.claim.fields.insert(reading.field.clone(), FieldState::Present(reading.value.as_str()));
            }
        }
    }

    /// Makes a change of the form `field=value`: a field of the dataset, `kind`, `place` (`START-END`, several with `;`) or `quote`.
    /// Without a value the field is not annotated, `none` says that the text does not give it, `\none` is the word.
    ///
    /// # Errors
    /// In words, when it is not of that form, there is no such field, or the value is none.
    pub fn set(&mut self, change: &str, schema: &Schema, text: &str) -> Result<(), String> {
        let Some((name, value)) = change.split_once('=') else {
            return Err(format!("{} is no change; write field=value, such as value=37000", quoted(change, 40)));
        };
        let (name, value) = (name.trim(), value.trim());
        let claim = &mut self.gold.claim;
        match name {
            "kind" => {
                check_kind(value, schema)?;
                claim.kind = value.to_owned();
            }
            "place" => {
                let bad = || format!("{} is no place; write START-END in code points, several with ;", quoted(value, 40));
                let place = parse_place(value).ok_or_else(bad)?;
                let Some(quote) = place.quote(text) else {
                    return Err(format!("{} leads behind the text, which has {} code points", quoted(value, 40), text.chars().count()));
                };
                (claim.fragments, claim.quote) = (place, quote);
            }
            "quote" => {
                let place = place_of_quote(value, text, &claim.fragments)?;
                (claim.fragments, claim.quote) = (place.into(), value.to_owned());
            }
            _ => {
                let field = match schema.field(name) {
                    Some(field) => Some(field),
                    None if schema.open_fields && !name.is_empty() => None,
                    None => {
                        let names = schema.fields.iter().map(|field| field.name.as_str()).chain(["kind", "place", "quote"]);
                        let near = nearest(name, names).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                        return Err(format!("{} is no field of this dataset{near}", quoted(name, 40)));
                    }
                };
                match value {
                    "" => claim.fields.remove(name),
                    "none" => claim.fields.insert::<&str>(name, FieldState::Absent),
                    _ => {
                        let value = if value == "\\none" { "none" } else { value };
                        if let Some(field) = field {
                            schema.key(field, value).map_err(|error| format!("{name}: {error}"))?;
                        }
                        claim.fields.insert(name, FieldState::Present(value));
                    }
                }
                self.undecided.remove(name);
            }
        }
        Ok(())
    }

    /// What keeps it from becoming gold, each with what would be right; nothing where nothing does.
    pub fn problems(&self, schema: &Schema, text: &str) -> Vec<String> {
        let claim = &self.gold.claim;
        let mut problems: Vec<String> = check_kind(&claim.kind, schema).err().into_iter().collect();
        if claim.fragments.is_empty() {
            problems.push(format!("{} is not in the text; give quote=TEXT or place=START-END", quoted(&claim.quote, 40)));
        } else if claim.fragments.quote(text).is_none() {
            problems.push(format!("the place {} leads behind the text", claim.fragments));
        }
        for (name, written) in &self.undecided {
            problems.push(format!("{name}: {} is no number that the language of the article decides; write it", quoted(written, 40)));
        }
        for (name, state) in &claim.fields {
            let value = state.into_present();
            let error = schema.field(name).zip(value).and_then(|(field, value)| schema.key(field, value).err());
            problems.extend(error.map(|error| format!("{name}: {error}")));
        }
        let is_there = |name: &str| claim.fields.contains_key(name) || self.undecided.contains_key(name);
        let missing = schema.fields.iter().filter(|field| field.required_for.contains(&claim.kind) && !is_there(&field.name));
        problems.extend(missing.map(|field| {
            let name = &field.name;
            format!("{name} is required for kind {}; write {name}=VALUE, or {name}=none where the text gives none", claim.kind)
        }));
        problems
    }

    /// The claim as gold: no draft, and nothing of it unconfirmed. An optional claim stays optional.
    pub fn confirmed(mut self) -> GoldClaim {
        self.gold.set_unconfirmed(BTreeSet::<&str>::new());
        if self.gold.status == ClaimStatus::Draft {
            self.gold.status = ClaimStatus::Gold;
        }
        self.gold
    }
}

fn check_kind(kind: &str, schema: &Schema) -> Result<(), String> {
    let Some(kinds) = &schema.kinds else {
        return if kind.is_empty() { Err("it has no kind; write kind=NAME".to_owned()) } else { Ok(()) };
    };
    if kinds.iter().any(|known| known == kind) {
        return Ok(());
    }
    let near = nearest(kind, kinds.iter().map(String::as_str)).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let all = kinds.join(", ");
    Err(if kind.is_empty() {
        format!("it has no kind; write kind= one of {all}")
    } else {
        format!("kind {} is none of {all}{near}", quoted(kind, 40))
    })
}

/// The occurrence of a quote that shares most with the place before, else the only one.
fn place_of_quote(quote: &str, text: &str, before: &Fragments) -> Result<Span, String> {
    if quote.is_empty() {
        return Err("an empty quote; write text of the article".to_owned());
    }
    let length = quote.chars().count() as u32;
    let mut places = Vec::new();
    let (mut from, mut points) = (0, 0u32);
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(quote)) {
        points += text[from..from + at].chars().count() as u32;
        places.extend(Span::new(points, points + length));
        let step = text[from + at..].chars().next().map_or(1, char::len_utf8);
        from += at + step;
        points += 1;
    }
    let shared = |place: &Span| crate::claim::intersection_len(&[*place], before.spans());
    let best = places.iter().map(shared).max().unwrap_or(0);
    let mut found = places.iter().filter(|place| shared(place) == best);
    match (found.next(), found.next()) {
        (Some(place), None) => Ok(*place),
        (Some(_), Some(_)) => Err(format!("{} is {} times in the text; give place=START-END", quoted(quote, 40), places.len())),
        (None, _) => Err(format!("{} is not in the text, letter by letter", quoted(quote, 40))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::{ClaimOutcome, SideName};

    const TEXT: &str = "Police held 37.000 people, and later 37.000 more.";

    fn row(kind: &str, fragments: &str, fields: &[(&str, Option<&str>)]) -> OutcomeRow {
        OutcomeRow {
            article_id: "a".into(),
            standing: "scored".into(),
            side: SideName::Predicted,
            claim_id: "k1".into(),
            number: 1,
            criterion: "iou50".into(),
            outcome: ClaimOutcome::Spurious,
            class: None,
            class_pair: None,
            pair_number: None,
            pair: None,
            iou: None,
            similarity: None,
            kind: kind.into(),
            start: None,
            end: None,
            fragments: fragments.into(),
            quote: "37.000".into(),
            tracking_id: "t".into(),
            score: Some(0.9),
            tags: vec![],
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect(),
            field_outcomes: BTreeMap::new(),
            columns: BTreeMap::new(),
        }
    }

    fn proposal(row: &OutcomeRow, lang: &str, numbers: Numbers) -> Proposal {
        Proposal::of_prediction(row, lang, numbers, &Schema::default())
    }

    #[test]
    fn a_prediction_says_what_keeps_it_from_the_gold() {
        let schema = Schema::default();
        for (row, says) in [
            (row("quantity", "12-18", &[("value", Some("37000"))]), None),
            (row("number", "12-18", &[]), Some("kind \"number\" is none of quantity, change, rank, event, position")),
            (row("", "12-18", &[]), Some("it has no kind; write kind= one of")),
            (row("quantity", "12-18", &[("value", Some("37,000"))]), Some("\"37,000\" is not a canonical decimal")),
            (row("quantity", "12-18", &[("bound", Some("mroe_than"))]), Some("did you mean \"more_than\"?")),
            (row("quantity", "", &[]), Some("is not in the text; give quote=TEXT")),
            (row("quantity", "40-90", &[]), Some("leads behind the text")),
        ] {
            let problems = proposal(&row, "en", Numbers::Canonical).problems(&schema, TEXT).join("\n");
            assert_eq!(problems.is_empty(), says.is_none(), "{problems}");
            assert!(says.is_none_or(|says| problems.contains(says)), "{problems}");
        }
    }

    #[test]
    fn local_numbers_become_canonical_and_undecided_ones_must_be_written() {
        let schema = Schema::default();
        let row = row("quantity", "12-18", &[("value", Some("37.000")), ("mood", Some("grim"))]);
        let read = proposal(&row, "id", Numbers::Local);
        assert_eq!(read.gold.claim.fields.value("value"), Some("37000"));
        assert_eq!(read.left_out, ["mood"]);
        let mut undecided = proposal(&row, "und", Numbers::Local);
        assert!(undecided.problems(&schema, TEXT)[0].contains("no number that the language of the article decides"));
        undecided.set("value=37000", &schema, TEXT).unwrap();
        assert_eq!(undecided.problems(&schema, TEXT), Vec::<String>::new());
    }

    #[test]
    fn a_field_that_a_kind_needs_is_asked_for() {
        let mut schema = Schema::default();
        schema.fields[0].required_for = vec!["quantity".to_owned()];
        let mut bare = proposal(&row("quantity", "12-18", &[]), "en", Numbers::Canonical);
        assert_eq!(
            bare.problems(&schema, TEXT),
            ["value is required for kind quantity; write value=VALUE, or value=none where the text gives none"]
        );
        bare.set("value = none", &schema, TEXT).unwrap();
        assert_eq!(bare.problems(&schema, TEXT), Vec::<String>::new());
    }

    #[test]
    fn changes_are_checked_one_by_one() {
        let schema = Schema::default();
        let mut claim = proposal(&row("quantity", "37-43", &[("unit", Some("person"))]), "en", Numbers::Canonical);
        for (change, says) in [
            ("value", "write field=value"),
            ("vlaue=1", "did you mean value?"),
            ("value=many", "value: \"many\" is not a canonical decimal"),
            ("kind=quantities", "did you mean quantity?"),
            ("place=1", "is no place"),
            ("place=40-90", "leads behind the text, which has 49 code points"),
            ("quote=gone", "is not in the text"),
        ] {
            let before = claim.clone();
            let error = claim.set(change, &schema, TEXT).unwrap_err();
            assert!(error.contains(says), "{change}: {error}");
            assert_eq!(claim, before, "{change}");
        }
        // Of two mentions the one at the claim's place is meant.
        claim.set("quote=37.000 more", &schema, TEXT).unwrap();
        assert_eq!(claim.gold.claim.fragments.to_string(), "37-48");
        claim.set("quote=37.000", &schema, TEXT).unwrap();
        assert_eq!(claim.gold.claim.fragments.to_string(), "37-43");
        claim.set("place=12-18;20-22", &schema, TEXT).unwrap();
        assert_eq!(claim.gold.claim.quote, "37.000 eo");
        for (change, state) in
            [("unit=", None), ("unit=none", Some(FieldState::Absent)), ("unit=\\none", Some(FieldState::Present("none")))]
        {
            claim.set(change, &schema, TEXT).unwrap();
            assert_eq!(claim.gold.claim.fields.get("unit"), state, "{change}");
        }
        let nowhere = proposal(&row("quantity", "", &[]), "en", Numbers::Canonical).clone();
        assert!(nowhere.clone().set("quote=37.000", &schema, TEXT).unwrap_err().contains("is 2 times in the text"));
    }

    #[test]
    fn what_a_person_says_is_no_draft() {
        let mut draft = GoldClaim { status: ClaimStatus::Draft, tags: vec!["must-find".into()], ..GoldClaim::default() };
        draft.set_unconfirmed(["value"]);
        let confirmed = Proposal::of_gold(&draft).confirmed();
        assert_eq!((confirmed.status, confirmed.tags), (ClaimStatus::Gold, vec!["must-find".to_owned()]));
    }
}
