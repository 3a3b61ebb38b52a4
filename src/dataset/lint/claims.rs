//! Claims that can be scored and are probably slips.

use std::collections::BTreeMap;

use unicode_segmentation::GraphemeCursor;

use crate::claim::{ArticleStatus, ClaimStatus, FieldState, GoldClaim, Schema};
use crate::problem::{Problems, Rule};
use crate::report::safe::quoted;

use super::super::{Dataset, Points, Reading};
use super::figure::Figures;

pub(super) fn check(reading: &Reading, problems: &mut Problems) {
    let Some(table) = &reading.claim_table else { return };
    let dataset = &reading.dataset;
    let mut check = Check { dataset, file: table.file(), problems };
    for record in &dataset.articles {
        let claims = dataset.claims_of(&record.article.id);
        let points = Points::new(&record.article.text);
        let figures = if claims.is_empty() { None } else { Figures::of(&record.article.text, &record.article.lang) };
        for gold in claims {
            check.cut_character(gold, &points);
            check.required(gold);
            for (field, message) in figures.iter().flat_map(|figures| figures.missing(gold, &dataset.schema, &points)) {
                check.add(gold, field, Rule::Figure, message);
            }
            if matches!(record.status, ArticleStatus::Skipped | ArticleStatus::Unlabelled) {
                let message = format!("claim {} stands in {}, which is {}", shown(gold), record.article.id, record.status.name());
                check.add(gold, "article_id", Rule::ClaimInUnscored, message);
            }
        }
        check.duplicates(claims);
        check.tracking_twice(claims);
    }
    check.tracking();
}

struct Check<'d, 'p> {
    dataset: &'d Dataset,
    file: &'d str,
    problems: &'p mut Problems,
}

fn shown(gold: &GoldClaim) -> String {
    quoted(&gold.claim.id, 60)
}

impl Check<'_, '_> {
    fn add(&mut self, gold: &GoldClaim, column: &str, rule: Rule, message: String) {
        self.problems.add(self.file, gold.line, column, rule, message);
    }

    fn cut_character(&mut self, gold: &GoldClaim, points: &Points<'_>) {
        for span in gold.claim.fragments.spans() {
            for (column, point) in [("start", span.start()), ("end", span.end())] {
                if points.byte(point).is_some_and(|byte| cuts_grapheme(points.text(), byte)) {
                    let message = format!("{column} {point} is inside a grapheme cluster (an emoji, a letter with its marks, or CRLF)");
                    self.add(gold, column, Rule::CutCharacter, message);
                }
            }
        }
    }

    fn required(&mut self, gold: &GoldClaim) {
        for field in &self.dataset.schema.fields {
            if field.required_for.contains(&gold.claim.kind) && !gold.claim.fields.contains_key(&field.name) {
                let message =
                    format!("{} is required for kind {}; write a value, or none where the text gives none", field.name, gold.claim.kind);
                self.add(gold, &field.name, Rule::RequiredField, message);
            }
        }
    }

    /// Claims of one article that agree in everything that is scored.
    fn duplicates(&mut self, claims: &[GoldClaim]) {
        let mut first: BTreeMap<_, &GoldClaim> = BTreeMap::new();
        for gold in claims {
            let key = (&gold.claim.fragments, &gold.claim.kind, &gold.claim.fields);
            let Some(before) = first.get(&key) else {
                first.insert(key, gold);
                continue;
            };
            let message = format!("claim {} is a duplicate of {}: same span, kind and fields", shown(gold), shown(before));
            self.add(gold, "claim_id", Rule::DuplicateClaim, message);
        }
    }

    fn tracking_twice(&mut self, claims: &[GoldClaim]) {
        let mut first: BTreeMap<&str, &GoldClaim> = BTreeMap::new();
        for gold in claims.iter().filter(|c| !c.claim.tracking_id.is_empty()) {
            if let Some(before) = first.insert(&gold.claim.tracking_id, gold) {
                let message =
                    format!("tracking id {} is in this article already, at claim {}", quoted(&gold.claim.tracking_id, 60), shown(before));
                self.add(gold, "tracking_id", Rule::TrackingTwice, message);
            }
        }
    }

    /// Claims of one tracking id whose annotated key fields differ.
    fn tracking(&mut self) {
        let dataset = self.dataset;
        let mut first: BTreeMap<(&str, &str), (&GoldClaim, Option<String>)> = BTreeMap::new();
        let linked = dataset.claims.iter().filter(|c| !c.claim.tracking_id.is_empty() && c.status != ClaimStatus::Draft);
        for gold in linked {
            for name in &dataset.schema.key_fields {
                let Some(state) = gold.claim.fields.get(name) else { continue };
                let key = key(&dataset.schema, name, state);
                let before = first.entry((&gold.claim.tracking_id, name)).or_insert_with(|| (gold, key.clone()));
                if before.1 != key {
                    let value = |state: Option<FieldState<&str>>| {
                        state.and_then(FieldState::into_present).map_or("none".to_owned(), |v| quoted(v, 40))
                    };
                    let message = format!(
                        "{name} of {} is {}, and {} in claim {} of the same tracking id {}",
                        shown(gold),
                        value(Some(state)),
                        value(before.0.claim.fields.get(name)),
                        shown(before.0),
                        quoted(&gold.claim.tracking_id, 60)
                    );
                    self.problems.add(self.file, gold.line, name.as_str(), Rule::Tracking, message);
                }
            }
        }
    }
}

fn key(schema: &Schema, name: &str, state: FieldState<&str>) -> Option<String> {
    schema.key(schema.field(name)?, state.into_present()?).ok()
}

fn cuts_grapheme(text: &str, byte: usize) -> bool {
    !GraphemeCursor::new(byte, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}
