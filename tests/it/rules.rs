//! The builtin rules: a table of marked sentences for every language, and what holds for any text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use claim_assay::claim::period::LANGUAGES;
use claim_assay::claim::{Article, Claim, Schema};
use claim_assay::extract::rules::{Rules, find_claims};
use claim_assay::extract::{Answer, Extractor, Outcome};
use proptest::prelude::*;

/// Fields that a row must name where the rules give them.
const STRICT: [&str; 6] = ["value", "value_max", "bound", "unit", "change_kind", "change"];

/// What a row says of one claim: its quote, its kind, and fields.
type Expected = (String, String, BTreeMap<String, String>);

fn article(lang: &str, text: &str) -> Article {
    Article { id: "a".into(), lang: lang.into(), published_at: Some("2024-05-13".into()), text: text.into(), ..Article::default() }
}

/// The rows of `tests/data/rules/<lang>.csv`: a text with `[ ]` around each claim, and the claims in that order, as
/// `kind; field=value; ... | ...`. A field without a value must not be given.
fn rows(lang: &str) -> Vec<(String, Vec<Expected>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/rules/{lang}.csv"));
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{lang} has no rows: {e}"));
    assert_eq!(reader.headers().unwrap(), vec!["text", "claims"]);
    let row = |record: csv::StringRecord| {
        let quotes = record[0].split('[').skip(1).map(|rest| rest.split(']').next().unwrap().to_owned());
        let claims = record[1].split(" | ").filter(|claim| !claim.is_empty());
        let expected: Vec<Expected> = quotes
            .zip(claims)
            .map(|(quote, claim)| {
                let mut parts = claim.split("; ");
                let kind = parts.next().unwrap().to_owned();
                let fields = parts.map(|part| part.split_once('=').unwrap()).map(|(k, v)| (k.to_owned(), v.to_owned()));
                (quote, kind, fields.collect())
            })
            .collect();
        assert_eq!(record[0].matches('[').count(), expected.len(), "{lang}: marks and claims differ: {}", &record[0]);
        (record[0].replace(['[', ']'], ""), expected)
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn field<'c>(claim: &'c Claim, name: &str) -> Option<&'c str> {
    claim.fields.value(name)
}

fn agrees(claim: &Claim, (quote, kind, fields): &Expected) -> bool {
    let strict = STRICT.iter().all(|name| field(claim, name) == fields.get(*name).map(String::as_str));
    claim.quote == *quote
        && claim.kind == *kind
        && strict
        && fields.iter().all(|(name, value)| field(claim, name).unwrap_or_default() == value)
}

fn shown(claims: &[Claim]) -> String {
    claims.iter().fold(String::new(), |mut out, c| {
        let fields: Vec<_> = c.fields.keys().filter_map(|k| Some(format!("{k}={}", field(c, k)?))).collect();
        let _ = write!(out, "\n      [{}] {}; {}", c.quote, c.kind, fields.join("; "));
        out
    })
}

#[test]
fn every_language_finds_the_claims_of_its_table() {
    let (mut wrong, mut count, mut failed) = (String::new(), 0, 0);
    for lang in LANGUAGES {
        let rows = rows(lang);
        assert!(rows.len() >= 8, "{lang} has only {} rows", rows.len());
        for (text, expected) in rows {
            count += 1;
            let found = find_claims(&article(lang, &text));
            if found.len() != expected.len() || !found.iter().zip(&expected).all(|(claim, expected)| agrees(claim, expected)) {
                failed += 1;
                let _ = writeln!(wrong, "{lang}: {text}\n    expected {expected:?}\n    found{}", shown(&found));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}{failed} of {count} rows are wrong");
}

#[test]
fn every_article_is_answered_once_and_in_order() {
    let articles = ["About 300 people fled.", "", "Nothing here."].map(|text| article("en", text));
    let answers = Mutex::new(Vec::<Answer>::new());
    let finished = Rules.extract(&mut articles.into_iter(), &answers, &AtomicBool::new(false)).unwrap();
    let answers = answers.into_inner().unwrap();
    assert_eq!(answers.iter().map(|a| a.outcome).collect::<Vec<_>>(), [Outcome::Ok, Outcome::Empty, Outcome::Empty]);
    assert_eq!(answers[0].located.exact, 1);
    assert_eq!((finished.name.as_deref(), finished.version.as_deref()), (Some("rules"), Some("1")));
    assert!(finished.unanswered.is_empty());
}

/// More text than is looked at in one piece, so that the first answers come before the last articles are asked for.
#[test]
fn threads_change_neither_answers_nor_their_order() {
    let text = |i: usize| format!("{i} people fled in 2023. {}", "More than 37,000 people, 12 % of them children, came. ".repeat(i % 90));
    let articles = || (0..2_000).map(|i| Article { id: format!("a{}", i % 7 * 1_000 + i), ..article("en", &text(i)) });
    let answers = || {
        let (asked, taken) = (AtomicUsize::new(0), Mutex::new((None, Vec::new())));
        let mut stream = articles().inspect(|_| {
            asked.fetch_add(1, Ordering::Relaxed);
        });
        let sink = |answer: Answer| {
            let mut taken = taken.lock().unwrap();
            taken.0.get_or_insert_with(|| asked.load(Ordering::Relaxed));
            taken.1.push(answer);
        };
        let finished = Rules.extract(&mut stream, &sink, &AtomicBool::new(false)).unwrap();
        let (at_first, answers) = taken.into_inner().unwrap();
        assert!(finished.unanswered.is_empty() && at_first.unwrap() < 2_000, "{at_first:?}");
        answers
    };
    let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(answers);
    let first = on(1);
    assert!(first.iter().map(|answer| &answer.article_id).eq(articles().map(|article| article.id).collect::<Vec<_>>().iter()));
    assert!(answers() == first && on(2) == first && on(3) == first);
}

#[test]
fn a_stop_leaves_the_rest_unanswered() {
    let stop = AtomicBool::new(false);
    let articles = ["b", "c", "a"].map(|id| Article { id: id.into(), ..article("en", "Three people fled.") });
    let count = AtomicUsize::new(0);
    let sink = |_: Answer| {
        count.fetch_add(1, Ordering::Relaxed);
        stop.store(true, Ordering::Relaxed);
    };
    let finished = Rules.extract(&mut articles.into_iter(), &sink, &stop).unwrap();
    assert_eq!((count.into_inner(), finished.unanswered), (1, vec!["a".to_owned(), "c".to_owned()]));
}

#[test]
fn percent_is_surer_than_a_bare_small_number() {
    let score = |text: &str| find_claims(&article("en", text))[0].score.unwrap();
    assert!(score("Some 61.4 percent of voters came.") > score("It had 5 in stock."));
    assert!(score("More than 37,000 people fled.") > score("Two gates opened."));
}

/// Texts of the tables cut into pieces, so that cues, figures and names meet in any order.
fn babble() -> impl Strategy<Value = String> {
    let pieces: Vec<String> = LANGUAGES
        .into_iter()
        .flat_map(rows)
        .flat_map(|(text, _)| text.split_inclusive([' ', '、', '，']).map(str::to_owned).collect::<Vec<_>>())
        .chain(
            ["\r\n", "\n\n", "9".repeat(40).as_str(), "🌊", "e\u{301}", "\u{202e}", "(", "%", "-", "'", "1/2", "$", "12:30 "]
                .map(str::to_owned),
        )
        .collect();
    proptest::collection::vec(proptest::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

fn hold(lang: &str, text: &str) -> Result<(), TestCaseError> {
    let (schema, article) = (Schema::default(), article(lang, text));
    let claims = find_claims(&article);
    prop_assert_eq!(&claims, &find_claims(&article));
    let mut last = None;
    for claim in &claims {
        prop_assert_eq!(claim.fragments.quote(text), Some(claim.quote.clone()), "{}: {}", lang, text);
        prop_assert!(!claim.quote.starts_with(char::is_whitespace) && !claim.quote.ends_with(char::is_whitespace));
        prop_assert!(claim.score.is_some_and(|score| (0.0..=1.0).contains(&score)));
        prop_assert!(last.replace(claim.fragments.clone()) < Some(claim.fragments.clone()), "in order, no two at one place");
        for (name, state) in &claim.fields {
            let field = schema.field(name).unwrap();
            let written = state.present().unwrap();
            prop_assert!(schema.key(field, written).is_ok(), "{} is {:?}", name, written);
            let decimal = ["value", "value_max", "change", "period", "base_period"].contains(&name.as_str());
            prop_assert!(!decimal || schema.key(field, written).as_deref() == Ok(*written), "{} is not canonical: {:?}", name, written);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn claims_quote_the_text_and_hold_canonical_values(text in "\\PC{0,80}", babble in babble()) {
        for lang in LANGUAGES.into_iter().chain(["", "und", "zh-Hant-TW"]) {
            hold(lang, &text)?;
            hold(lang, &babble)?;
        }
    }
}
