//! Figures by language: a table a language in `tests/data/numbers`, and what holds for any text.

use std::collections::BTreeMap;

use claim_assay::claim::lexicon::LANGUAGES;
use claim_assay::claim::number::{Bound, Figure, Form, LocalReading, Reading, find_figures, read_local};
use proptest::prelude::*;

/// What each language's table must hold at least, by category.
const NEEDED: [(&str, usize); 5] = [("word", 12), ("scale", 6), ("factor", 4), ("bound", 4), ("range", 2)];

fn form_name(form: Form) -> &'static str {
    match form {
        Form::Number => "number",
        Form::Percent => "percent",
        Form::Points => "points",
        Form::Factor => "factor",
        Form::Fraction => "fraction",
        Form::Ordinal => "ordinal",
        Form::Label => "label",
    }
}

fn row_of(figure: &Figure) -> String {
    let value_max = figure.value_max.map_or(String::new(), |v| v.to_string());
    format!("{},{value_max},{},{}", figure.value, figure.bound.map_or("", Bound::name), form_name(figure.form))
}

/// Every row is one sentence part with one figure: text, category, value, value_max, bound, form.
#[test]
fn tables() {
    let mut wrong = Vec::new();
    for lang in LANGUAGES {
        let path = format!("{}/tests/data/numbers/{lang}.csv", env!("CARGO_MANIFEST_DIR"));
        let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(reader.headers().unwrap(), vec!["text", "category", "value", "value_max", "bound", "form"], "{path}");
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for row in reader.records() {
            let row = row.unwrap();
            *counts.entry(row[1].to_owned()).or_default() += 1;
            let expected = row.iter().skip(2).collect::<Vec<_>>().join(",");
            let got: Vec<String> = find_figures(&row[0], lang).iter().map(row_of).collect();
            if got != [expected.clone()] {
                wrong.push(format!("{lang}: {:?} should be {expected}, is {got:?}", &row[0]));
            }
        }
        for (category, needed) in NEEDED {
            let have = counts.get(category).copied().unwrap_or(0);
            if have < needed {
                wrong.push(format!("{lang}: {have} rows of {category}, {needed} are needed"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_separator_is_read_by_the_language() {
    for (text, lang, value) in [
        ("37.000", "id", "37000"),
        ("37,000", "en", "37000"),
        ("37.000", "en", "37.000"),
        ("1.234.567,89", "de", "1234567.89"),
        ("1'234'567.89", "de-CH", "1234567.89"),
        ("1,250", "es-MX", "1250"),
        ("1.250", "es", "1250"),
        ("1.250", "es_MX", "1.25"),
        ("12,34,567", "en-IN", "1234567"),
        ("12,34,567", "hi", "1234567"),
        ("१२,३४,५६७", "hi", "1234567"),
        ("٣٧٬٠٠٠", "ar", "37000"),
        ("٣٧٫٥", "ar", "37.5"),
        ("37\u{202f}000,5", "fr", "37000.5"),
        ("37 000", "ru", "37000"),
        ("３７，０００", "ja", "37000"),
        ("1.250", "pt-BR", "1250"),
        ("0.125", "id", "0.125"),
        ("Rp 1,5 juta", "id", "1500000"),
    ] {
        let expected = value.parse::<rust_decimal::Decimal>().unwrap();
        assert_eq!(read_local(text, lang), LocalReading::Value(expected.normalize()), "{text} in {lang}");
    }
}

#[test]
fn what_the_language_does_not_decide_is_ambiguous() {
    for (text, lang) in [("37.000", "fr"), ("37.000", "xx"), ("1,250", ""), ("37.000", "ru"), ("37.000", "es-419"), ("37.000", "ar")] {
        assert_eq!(read_local(text, lang), LocalReading::Ambiguous, "{text} in {lang}");
    }
    assert_eq!(read_local("1,250.5", "xx"), LocalReading::Value("1250.5".parse().unwrap()));
    for text in ["", "about 5", "5 6", "5-6", "1/3", "12345678901234567890123456789", "five dogs", "21st"] {
        assert_eq!(read_local(text, "en"), LocalReading::NotANumber, "{text}");
    }
}

#[test]
fn spans_hold_the_figure_and_its_words() {
    let text = "Petugas menahan lebih dari 37.000 warga, naik 10 kali lipat, dan US$ 1,5 miliar.";
    let figures = find_figures(text, "id");
    let parts: Vec<(&str, &str)> = figures.iter().map(|f| (&text[f.span.clone()], &text[f.expression.clone()])).collect();
    assert_eq!(parts, [("37.000", "lebih dari 37.000"), ("10 kali lipat", "10 kali lipat"), ("1,5 miliar", "1,5 miliar")]);
    assert_eq!(figures[2].currency.as_ref().map(|(span, code)| (&text[span.clone()], *code)), Some(("US$", "USD")));
}

/// Digits and number words that count nothing.
#[test]
fn names_dates_and_vague_amounts_are_no_figures() {
    for (lang, text) in [
        ("en", "The G20 met at 10:30 on 2024-05-13 about 5G, A320 and L2 in the 2023-24 season; see https://x.org/a?b=30%20."),
        ("en", "One of the officials, hundreds of millions, several hundred years, no one."),
        ("en", "12345678901234567890123456789012"),
        ("id", "Salah satu warga dan ratusan ribu lainnya, ribuan orang."),
        ("zh", "数百人、上百万、两三百人、一些、一样、一半"),
        ("ja", "数百人、四半期、統一、一部"),
        ("es", "un hombre y una mujer"),
        ("fr", "un homme et une femme, des dizaines de milliers"),
        ("de", "ein Mann und eine Frau, Achtung, Jahrhundert, elfenbein"),
    ] {
        let figures = find_figures(text, lang);
        assert!(figures.is_empty(), "{lang}: {text}: {:?}", figures.iter().map(|f| &text[f.span.clone()]).collect::<Vec<_>>());
    }
}

/// Long runs of digits and separators end at once, and the numbers in them are still read.
#[test]
fn degenerate_texts_are_read() {
    assert_eq!(find_figures(&"1.1.1.1,".repeat(20_000), "en").len(), 80_000);
    assert_eq!(find_figures(&"7".repeat(50_000), "id").len(), 0);
    assert_eq!(find_figures(&"1 ".repeat(50_000), "fr").len(), 50_000);
    for lang in LANGUAGES {
        for text in [",", "-", "und", "百", "و", "one hundred and ", "1/", "between "] {
            let _ = find_figures(&text.repeat(20_000), lang);
        }
    }
}

fn check_spans(text: &str, lang: &str) {
    let mut end = 0;
    for figure in find_figures(text, lang) {
        let (span, expression) = (figure.span.clone(), figure.expression.clone());
        assert!(text.get(span.clone()).is_some_and(|t| !t.is_empty()) && text.get(expression.clone()).is_some());
        assert!(expression.start <= span.start && span.end <= expression.end && span.start >= end, "{text:?} {lang}: {figure:?}");
        end = span.end;
    }
}

proptest! {
    #[test]
    fn any_text_is_read_in_order(text in ".{0,60}", lang in 0..LANGUAGES.len()) {
        check_spans(&text, LANGUAGES[lang]);
    }

    #[test]
    fn figures_and_words_in_any_order(parts in prop::collection::vec(prop::sample::select(vec![
        "1", "37.000", "1,5", " ", "-", "–", "%", "和", "万", "百", "十", "五", "零", "分之", "又", "zwei", "und", "zwanzig", "hundert", "mille", "and a half",
        "half a", "million", "between", "to", "من", "و", "مئة", "ألف", "ke-", "$", "Rp", "k", "/", "^", "e", "x10", "½", "以上", "more than", "or more", "лет", "тысяч", "\u{301}", "👍",
    ]), 0..14), lang in 0..LANGUAGES.len()) {
        check_spans(&parts.concat(), LANGUAGES[lang]);
        check_spans(&parts.join(" "), LANGUAGES[lang]);
    }

    #[test]
    fn a_formatted_number_gives_itself_back(mantissa in 0_i64..1_000_000_000_000, scale in 0_u32..3) {
        let value = rust_decimal::Decimal::new(mantissa, scale).normalize();
        let plain = value.to_string();
        let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
        for (lang, group, point) in [("id", ".", ","), ("en", ",", "."), ("fr", "\u{202f}", ","), ("ru", "\u{a0}", ","), ("de-CH", "’", "."), ("zh", ",", "."), ("ar", "٬", "٫")] {
            let mut grouped = String::new();
            for (i, digit) in whole.chars().enumerate() {
                if i > 0 && (whole.len() - i).is_multiple_of(3) {
                    grouped.push_str(group);
                }
                grouped.push(digit);
            }
            let text = if decimals.is_empty() { grouped } else { format!("{grouped}{point}{decimals}") };
            prop_assert_eq!(read_local(&text, lang), LocalReading::Value(value), "{} in {}", text, lang);
        }
    }
}

/// A fraction without an end is marked as rounded, alone, mixed and as the end of a range, and no cell holds one.
#[test]
fn fractions_without_an_end_are_never_exact() {
    for (text, lang) in [
        ("1/3", "en"),
        ("2 1/3", "en"),
        ("two thirds", "en"),
        ("⅓", "de"),
        ("三分之一", "zh"),
        ("3分の1", "ja"),
        ("1/3 %", "en"),
        ("between 1/4 and 1/3", "en"),
        ("-1/3", "en"),
    ] {
        let readings: Vec<Reading> = find_figures(text, lang).iter().map(|f| f.reading).collect();
        assert_eq!(readings, [Reading::Rounded], "{text}");
        assert_eq!(read_local(text, lang), LocalReading::NotANumber, "{text}");
    }
    assert_eq!(read_local("3/4", "en"), LocalReading::Value("0.75".parse().unwrap()));
    assert_eq!(read_local("1,005/2", "en"), LocalReading::Value("502.5".parse().unwrap()));
}

#[test]
fn digits_with_a_leading_zero_around_a_slash_are_no_fraction() {
    for text in ["Tel. 030/12345", "0711/1234-56", "12/05", "2 03/04", "12/034"] {
        let figures = find_figures(text, "de");
        assert!(figures.iter().all(|f| f.form != Form::Fraction && f.reading == Reading::Certain), "{text}: {figures:?}");
    }
}
