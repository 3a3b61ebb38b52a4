//! Periods: a table of sentences for every language, the canonical value, and what holds for any text.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;

use claim_assay::claim::period::{Date, FoundPeriod, LANGUAGES, Period, PeriodError, Role, find_periods};
use proptest::prelude::*;

/// A row of `tests/data/periods/<lang>.csv`; an empty expression says that the text holds no period at all, an
/// empty period that the expression is found but its days stay open.
struct Row {
    text: String,
    published: Option<Date>,
    expression: String,
    period: Option<Period>,
    role: Role,
}

fn rows(lang: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/periods/{lang}.csv"));
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{lang} has no rows: {e}"));
    assert_eq!(reader.headers().unwrap(), vec!["text", "published_at", "expression", "period", "role"]);
    let parse = |record: csv::StringRecord| Row {
        text: record[0].to_owned(),
        published: (!record[1].is_empty()).then(|| record[1].parse().unwrap()),
        expression: record[2].to_owned(),
        period: (!record[3].is_empty()).then(|| record[3].parse().unwrap()),
        role: if &record[4] == "base" { Role::Base } else { Role::Plain },
    };
    reader.records().map(|record| parse(record.unwrap())).collect()
}

fn shown(text: &str, found: &[FoundPeriod]) -> String {
    found.iter().fold(String::new(), |mut out, f| {
        let period = f.period.map_or("open".to_owned(), |p| p.to_string());
        let _ = write!(out, " [{}] = {period} {:?}", &text[f.span.clone()], f.role);
        out
    })
}

#[test]
fn every_language_reads_its_table() {
    let mut wrong = String::new();
    for lang in LANGUAGES {
        let (mut absolute, mut relative) = (0, 0);
        for row in rows(lang) {
            let found = find_periods(&row.text, lang, row.published);
            let hit = found.iter().find(|f| row.text[f.span.clone()] == row.expression);
            let right = match hit {
                Some(f) => (f.period, f.role) == (row.period, row.role),
                None => row.expression.is_empty() && found.is_empty(),
            };
            match hit {
                Some(f) if f.relative => relative += 1,
                Some(_) => absolute += 1,
                None => {}
            }
            if !right {
                let expected = row.period.map_or("open".to_owned(), |p| p.to_string());
                let _ = writeln!(
                    wrong,
                    "{lang}: {}\n    expected [{}] = {expected} {:?}\n    found   {}",
                    row.text,
                    row.expression,
                    row.role,
                    shown(&row.text, &found)
                );
            }
        }
        if absolute + relative < 8 || relative < 4 {
            let _ = writeln!(wrong, "{lang}: only {absolute} absolute and {relative} relative expressions are read");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_base_of_comparison_is_never_what_later_words_count_from() {
    let text = "In 2023 it was ten times the year before. The year before had been calm.";
    let years: Vec<_> = find_periods(text, "en", None).iter().map(|f| f.period.unwrap().to_string()).collect();
    assert_eq!(years, ["2023", "2022", "2022"]);
}

#[test]
fn an_english_date_follows_the_region_or_stays_open() {
    for (lang, expected) in [("en", None), ("en-US", None), ("en-GB", Some("2024-06-05")), ("de", Some("2024-06-05"))] {
        let found = find_periods("On 05/06/2024.", lang, None);
        assert_eq!(found[0].period.map(|p| p.to_string()).as_deref(), expected, "{lang}");
    }
}

#[test]
fn without_a_lexicon_only_figures_are_read() {
    let found = find_periods("2023-05-13 2023 last year", "xx", None);
    assert_eq!(shown("2023-05-13 2023 last year", &found), " [2023-05-13] = 2023-05-13 Plain");
}

#[test]
fn a_blank_line_ends_an_expression() {
    let text = "in May\n\n2024 came";
    assert_eq!(shown(text, &find_periods(text, "en", None)), " [May] = open Plain [2024] = 2024 Plain");
}

/// Written, and its canonical form.
const CANONICAL: [(&str, &str); 14] = [
    ("2023-05-13", "2023-05-13"),
    ("2023-05", "2023-05"),
    ("2023", "2023"),
    ("0001", "0001"),
    ("2023-Q1", "2023-Q1"),
    ("2023-01/2023-03", "2023-Q1"),
    ("2023-01-01/2023-03-31", "2023-Q1"),
    ("2023-Q1/2023-Q2", "2023-01/2023-06"),
    ("2023-Q1/2023-Q4", "2023"),
    ("2024-02-01/2024-02-29", "2024-02"),
    ("2019/2022-05", "2019-01/2022-05"),
    ("2019-01-01/2022-05-13", "2019-01-01/2022-05-13"),
    ("2015-01-01/..", "2015/.."),
    ("../2022-05-31", "../2022-05"),
];

#[test]
fn a_period_is_shown_in_its_shortest_form() {
    for (written, canonical) in CANONICAL {
        let period: Period = written.parse().unwrap();
        assert_eq!(period.to_string(), canonical);
        assert_eq!(Ok(period), canonical.parse());
    }
}

/// Not periods, with what the message must say.
const WRONG: [(&str, &str); 24] = [
    ("", "empty period"),
    ("2023-02-30", "2023-02 ends on day 28"),
    ("2023-00", "months run from 01 to 12"),
    ("2023-13-01", "months run from 01 to 12"),
    ("2023-05-00", "2023-05 ends on day 31"),
    ("2023-Q5", "quarters run from Q1 to Q4"),
    ("2023-q1", "write 2023-Q1"),
    ("2023-H1", "2023-01/2023-06"),
    ("2023-W20", "first and last day"),
    ("2023/2022", "write 2022/2023"),
    ("2023-05-13/2023-05-12", "ends before it starts"),
    ("0000", "years run from 0001 to 9999"),
    ("99999", "is not a period"),
    ("23", "is not a period"),
    ("-2023", "is not a period"),
    ("+123", "is not a period"),
    ("last year", "is not a period"),
    ("2023-5-13", "is not a period"),
    ("20230513", "write 2023-05-13"),
    ("2023-05-13T10:00:00Z", "write 2023-05-13"),
    ("2023-01-01T00:00:00+99:00", "time of day or zone"),
    (" 2023 / 2024", "write 2023/2024"),
    ("2023/", "an open end is `..`"),
    ("../..", "open at both ends"),
];

#[test]
fn a_wrong_period_says_what_would_be_right() {
    for (written, what) in WRONG {
        let error: PeriodError = written.parse::<Period>().expect_err(written);
        assert!(error.to_string().contains(what), "{written}: {error}");
    }
}

fn days() -> impl Strategy<Value = Date> {
    (1i16..=9999, 1i8..=12, 1i8..=31).prop_filter_map("a day of the calendar", |(y, m, d)| Date::new(y, m, d).ok())
}

fn periods() -> impl Strategy<Value = Period> {
    prop_oneof![
        (days(), days()).prop_filter_map("in order", |(a, b)| Period::between(a.min(b), a.max(b))),
        days().prop_filter_map("legal", |d| Period::month(d.year(), d.month())),
        days().prop_filter_map("legal", |d| Period::quarter(d.year(), d.month() % 4 + 1)),
        days().prop_filter_map("legal", |d| Period::year(d.year())),
        days().prop_filter_map("legal", Period::since),
        days().prop_filter_map("legal", Period::until),
    ]
}

/// Words of all lexicons and figures in any order, which a random text would never hit.
fn babble() -> impl Strategy<Value = String> {
    let words: Vec<String> = LANGUAGES
        .iter()
        .flat_map(|lang| rows(lang).into_iter().map(|row| row.text))
        .flat_map(|text| text.split_inclusive(' ').map(str::to_owned).collect::<Vec<_>>())
        .chain(["9999 ", "0001 ", "12/", "-", ".", "999 ", "\n\n", "年", "31 "].map(str::to_owned))
        .collect();
    proptest::collection::vec(proptest::sample::select(words), 0..40).prop_map(|words| words.concat())
}

fn ordered_on_boundaries(text: &str, found: &[FoundPeriod]) -> bool {
    found.iter().all(|f| !f.span.is_empty() && text.get(f.span.clone()).is_some())
        && found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start)
}

proptest! {
    #[test]
    fn a_period_comes_back_from_its_text(period in periods()) {
        prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
    }

    #[test]
    fn periods_are_equal_exactly_when_their_days_are(a in periods(), b in periods()) {
        prop_assert_eq!(a == b, (a.first(), a.last()) == (b.first(), b.last()));
        prop_assert_eq!(a == b, a.to_string() == b.to_string());
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "\\PC{0,30}|[0-9./QWTZ-]{0,25}") {
        if let Ok(period) = text.parse::<Period>() {
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,80}", babble in babble(), published in proptest::option::of(days())) {
        for lang in LANGUAGES.into_iter().chain(["", "und", "zh-Hant-TW"]) {
            for text in [&text, &babble] {
                prop_assert!(ordered_on_boundaries(text, &find_periods(text, lang, published)));
            }
        }
    }
}
