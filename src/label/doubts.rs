//! What speaks against a claim that a person takes as right without having looked at each of its values.

use crate::anchor::{CodePoints, is_inside_word};
use crate::claim::number::find_figures;
use crate::claim::{Article, FieldType, GoldClaim, Schema, decimal};
use crate::report::safe::quoted;

/// What should be looked at again, in words: a quote that begins or ends inside a word or number, and figures that are the value of no
/// field. Empty where nothing speaks against it.
pub fn doubts(gold: &GoldClaim, article: &Article, schema: &Schema) -> Vec<String> {
    cut_words(gold, article).into_iter().chain(other_figure(gold, &article.lang, schema)).collect()
}

fn cut_words(gold: &GoldClaim, article: &Article) -> Option<String> {
    let points = CodePoints::new(&article.text);
    let is_cut = |point: u32| points.byte(point as usize).is_some_and(|byte| is_inside_word(&article.text, byte));
    let spans = gold.claim.fragments.spans();
    let (begins, ends) = (spans.iter().any(|span| is_cut(span.start())), spans.iter().any(|span| is_cut(span.end())));
    let edges = match (begins, ends) {
        (true, true) => "begins and ends",
        (true, false) => "begins",
        (false, true) => "ends",
        (false, false) => return None,
    };
    Some(format!("{} {edges} inside a word or number", quoted(&gold.claim.quote, 40)))
}

/// A number of the claim where its quote has other ones.
fn other_figure(gold: &GoldClaim, lang: &str, schema: &Schema) -> Option<String> {
    let quote = &gold.claim.quote;
    let figures = find_figures(quote, lang);
    let read: Vec<_> = figures.iter().flat_map(|figure| [Some(figure.value), figure.value_max]).flatten().collect();
    let numbers = gold.claim.fields.iter().filter_map(|(name, state)| {
        let value = state.into_present()?;
        let field = schema.field(name).filter(|field| field.field_type == FieldType::Decimal)?;
        Some((field, value, decimal::parse(value).ok()?))
    });
    let numbers: Vec<_> = numbers.collect();
    let is_read = |(field, _, number): &(&crate::claim::Field, &str, _)| read.iter().any(|read| field.tolerance.equal(*read, *number));
    if read.is_empty() || numbers.is_empty() || numbers.iter().any(is_read) {
        return None;
    }
    let (field, value, _) = numbers.first()?;
    let written: Vec<&str> = figures.iter().filter_map(|figure| quote.get(figure.span.clone())).collect();
    Some(format!("{}={value}, but the figure of the quote is {}", field.name, quoted(&written.join(", "), 40)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Claim, FieldState, Span};

    #[test]
    fn other_figures_and_cut_words_are_doubted() {
        let text = "Lebih dari 37.000 warga ditangkap pada 2023.";
        let article = Article { lang: "id".into(), text: text.into(), ..Article::default() };
        for (start, end, value, expected) in [
            (11, 23, "37000", &[][..]),
            (11, 23, "41000", &["value=41000, but the figure of the quote is \"37.000\""]),
            (11, 43, "2023", &[]),
            (18, 33, "41000", &[]),
            (11, 22, "37000", &["\"37.000 warg\" ends inside a word or number"]),
            (14, 23, "0", &["\"000 warga\" begins inside a word or number"]),
            (1, 22, "37000", &["\"ebih dari 37.000 warg\" begins and ends inside a word or number"]),
        ] {
            let claim = Claim {
                fragments: Span::new(start, end).unwrap().into(),
                quote: text[start as usize..end as usize].to_owned(),
                fields: [("value", FieldState::Present(value))].into(),
                ..Claim::default()
            };
            let gold = GoldClaim { claim, ..GoldClaim::default() };
            assert_eq!(doubts(&gold, &article, &Schema::default()), expected, "{start}-{end} {value}");
        }
    }
}
