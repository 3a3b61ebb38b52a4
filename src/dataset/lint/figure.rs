//! Values that the figures of the claim's own words do not give.

use rust_decimal::Decimal;

use crate::claim::lexicon;
use crate::claim::number::{Figure, Reading, find_figures};
use crate::claim::{FieldType, GoldClaim, Schema, decimal};

use super::super::Points;

/// The figures of one text.
pub(super) struct Figures(Vec<Figure>);

impl Figures {
    /// `None` for a language whose number words are not known: what is missing there may well be written in words.
    pub(super) fn of(text: &str, lang: &str) -> Option<Figures> {
        lexicon::LANGUAGES.contains(&lexicon::language(lang).as_str()).then(|| Figures(find_figures(text, lang)))
    }

    /// The decimal fields of a claim with a value that no figure in its span gives, each with what is wrong. The sign is left
    /// out: a fall by 12 % is a change of -12. A figure that the language does not decide, or that has no end, gives any value.
    pub(super) fn missing<'s>(&self, gold: &GoldClaim, schema: &'s Schema, points: &Points<'_>) -> Vec<(&'s str, String)> {
        let inside: Vec<&Figure> = self.0.iter().filter(|f| overlaps(f, gold, points)).collect();
        if inside.iter().any(|f| f.reading != Reading::Certain) {
            return Vec::new();
        }
        let given: Vec<Decimal> = inside.iter().flat_map(|f| [Some(f.value), f.value_max]).flatten().map(|d| d.abs()).collect();
        let mut missing = Vec::new();
        for field in schema.fields.iter().filter(|f| f.field_type == FieldType::Decimal) {
            let value = gold.claim.fields.value(&field.name);
            let Some(number) = value.and_then(|v| decimal::parse(v).ok()) else { continue };
            if given.contains(&number.abs()) {
                continue;
            }
            let figures: Vec<String> = given.iter().map(|d| d.normalize().to_string()).collect();
            let figures =
                if figures.is_empty() { "the quote gives no figure".to_owned() } else { format!("the quote gives {}", figures.join(", ")) };
            missing.push((field.name.as_str(), format!("{} is {}; {figures}", field.name, number.normalize())));
        }
        missing
    }
}

/// Whether a figure shares a character with the claim.
fn overlaps(figure: &Figure, gold: &GoldClaim, points: &Points<'_>) -> bool {
    let (start, end) = (points.point(figure.span.start), points.point(figure.span.end));
    gold.claim.fragments.spans().iter().any(|span| start < span.end() && span.start() < end)
}
