//! What the rules would say of a place that a person has marked, in the words of the dataset.

use super::answers::{FigureJson, PrefillAnswer};
use super::source::fitted_fields;
use crate::claim::number::{Reading, find_figures};
use crate::claim::{Article, Claim, Fragments, Schema, decimal};
use crate::extract::Numbers;
use crate::extract::rules::prefill_among;

/// Kind, fields and figures for a place of an article. `kind` is the one that a person has chosen, or empty; `found` is what the rules find
/// in the article.
pub(super) fn prefilled(found: &[Claim], article: &Article, schema: &Schema, place: &Fragments, kind: &str) -> PrefillAnswer {
    let claim = prefill_among(found, article, place);
    let is_kind = |kind: &str| schema.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|known| known == kind));
    let kind = if kind.is_empty() { claim.kind.as_str() } else { kind };
    let fields = fitted_fields(&claim.fields, article, schema, Numbers::Canonical);
    let figures = find_figures(&claim.quote, &article.lang).into_iter().filter_map(|figure| {
        Some(FigureJson {
            written: claim.quote.get(figure.span)?.to_owned(),
            value: decimal::canonical(&figure.value.to_string()).ok()?.into_owned(),
            certain: figure.reading == Reading::Certain,
        })
    });
    PrefillAnswer {
        kind: if is_kind(kind) { kind.to_owned() } else { String::new() },
        fields: fields.iter().map(|(name, state)| (name.to_string(), state.into_present().map(str::to_owned))).collect(),
        figures: figures.collect(),
        quote: claim.quote.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Field, FieldType, Span};
    use crate::extract::rules::find_claims;

    #[test]
    fn only_kinds_and_fields_of_the_dataset_are_filled_in() {
        let article = Article { lang: "id".into(), text: "Lebih dari 37.000 warga ditangkap.".into(), ..Article::default() };
        let place = Span::new(11, 23).unwrap().into();
        let filled = |schema: &Schema, kind: &str| prefilled(&find_claims(&article), &article, schema, &place, kind);
        let all = filled(&Schema::default(), "");
        assert_eq!(
            (all.quote.as_str(), all.kind.as_str(), all.fields["bound"].as_deref()),
            ("37.000 warga", "quantity", Some("more_than"))
        );
        let figure = FigureJson { written: "37.000".into(), value: "37000".into(), certain: true };
        assert_eq!(all.figures, [figure]);
        let small =
            Schema { kinds: Some(vec!["count".into()]), fields: vec![Field::new("value", FieldType::Decimal)], ..Schema::default() };
        let (none, given) = (filled(&small, ""), filled(&small, "count"));
        assert_eq!((none.kind.as_str(), given.kind.as_str()), ("", "count"));
        assert_eq!(none.fields.into_iter().collect::<Vec<_>>(), [("value".to_owned(), Some("37000".to_owned()))]);
    }
}
