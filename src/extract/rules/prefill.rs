//! What the rules would say of a place that a person has marked.

use rust_decimal::Decimal;

use super::find_claims;
use crate::claim::number::{Figure, Form, Reading, find_figures};
use crate::claim::{Article, Claim, FieldState, Fields, Fragments, decimal, intersection_len, total_len};

/// Kind and fields for a place of an article, as a draft for a person to confirm; `place` and `quote` of the result are those given.
///
/// The claim of the rules that covers most of the place decides, if it covers at least a third of what both cover; else the first figure
/// of the quote that the language decides gives `value`, `value_max` and `bound`, or when it is a factor ("ten times") a `change`. Where the
/// rules know nothing the kind is empty and there are no fields. Names and values are those of the default schema: the caller drops what its own does not have.
pub fn prefill(article: &Article, place: &Fragments) -> Claim {
    prefill_among(&find_claims(article), article, place)
}

/// The same, where the claims that the rules find in the article are known already.
pub fn prefill_among(found: &[Claim], article: &Article, place: &Fragments) -> Claim {
    let quote = place.quote(&article.text).unwrap_or_default();
    let covered = |claim: &Claim| intersection_len(claim.fragments.spans(), place.spans());
    let iou = |claim: &Claim| {
        let both = covered(claim);
        both as f64 / (total_len(claim.fragments.spans()) + total_len(place.spans()) - both).max(1) as f64
    };
    let nearest = found.iter().filter(|claim| covered(claim) > 0).max_by(|a, b| iou(a).total_cmp(&iou(b)));
    let (kind, fields, score) = match nearest.filter(|claim| iou(claim) >= 1.0 / 3.0) {
        Some(claim) => (claim.kind.clone(), claim.fields.clone(), claim.score),
        None => {
            let figure = find_figures(&quote, &article.lang).into_iter().find(|f| f.reading == Reading::Certain && is_amount(f));
            let kind = figure.as_ref().filter(|figure| figure.form == Form::Factor).map_or("", |_| "change");
            (kind.to_owned(), figure.map(|figure| fields_of(&figure)).unwrap_or_default(), None)
        }
    };
    Claim { fragments: place.clone(), quote, kind, fields, score, ..Claim::default() }
}

fn is_amount(figure: &Figure) -> bool {
    !matches!(figure.form, Form::Label | Form::Ordinal)
}

fn fields_of(figure: &Figure) -> Fields {
    let mut fields = Fields::default();
    let mut put = |name: &'static str, value: Option<String>| {
        if let Some(value) = value {
            fields.insert(name, FieldState::Present(value));
        }
    };
    let written = |value: Decimal| decimal::canonical(&value.normalize().to_string()).ok().map(std::borrow::Cow::into_owned);
    if figure.form == Form::Factor {
        put("change", written(figure.value));
        put("change_kind", Some("times".to_owned()));
    } else {
        put("value", written(figure.value));
        put("value_max", figure.value_max.and_then(written));
    }
    put("bound", figure.bound.map(|bound| bound.name().to_owned()));
    let unit = match (figure.form, &figure.currency) {
        (Form::Percent, _) => Some("percent".to_owned()),
        (Form::Points, _) => Some("percentage point".to_owned()),
        (_, Some((_, code))) if !code.is_empty() => Some((*code).to_owned()),
        _ => None,
    };
    put("unit", unit);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Span;

    fn filled(lang: &str, text: &str, quote: &str) -> Claim {
        let start = text[..text.find(quote).unwrap()].chars().count() as u32;
        let span = Span::new(start, start + quote.chars().count() as u32).unwrap();
        prefill(&Article { lang: lang.into(), text: text.into(), ..Article::default() }, &span.into())
    }

    #[test]
    fn the_rules_decide_where_they_found_the_claim() {
        let claim = filled("id", "Lebih dari 37.000 warga ditangkap.", "37.000 warga");
        assert_eq!((claim.quote.as_str(), claim.kind.as_str()), ("37.000 warga", "quantity"));
        assert_eq!((claim.fields.value("value"), claim.fields.value("bound")), (Some("37000"), Some("more_than")));
    }

    #[test]
    fn a_figure_alone_is_read_by_the_language() {
        let claim = filled(
            "de",
            "Der Satz mit rund 1.200 darin steht als langer, langer, langer Teil hier.",
            "Der Satz mit rund 1.200 darin steht als langer",
        );
        assert_eq!(claim.fields.value("value"), Some("1200"));
        let factor = filled("en", "That was ten times as many as in the year before.", "ten times as many as in the year before");
        assert_eq!((factor.kind.as_str(), factor.fields.value("change"), factor.fields.value("value")), ("change", Some("10"), None));
        assert_eq!(filled("en", "They promised to leave.", "They promised").fields, Fields::default());
    }
}
