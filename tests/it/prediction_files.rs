//! Answers that are already made, in three formats, give the same.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use claim_assay::claim::Article;
use claim_assay::extract::predictions::{Extra, Missing, Predictions, PredictionsSettings};
use claim_assay::extract::{Answer, ExtractError, Extractor, Finished, Outcome};
use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};
use polars_io::parquet::write::ParquetWriter;

const TEXT: &str = "🌊 about 12 boats, 37.000 people and 12 dogs";

fn articles(count: usize) -> Vec<Article> {
    (1..=count).map(|i| Article { id: format!("a{i}"), lang: "en".to_owned(), text: TEXT.into(), ..Article::default() }).collect()
}

fn read(extractor: Predictions, articles: Vec<Article>) -> Result<(Vec<Answer>, Finished), ExtractError> {
    let mut extractor = extractor;
    let answers = Mutex::new(Vec::<Answer>::new());
    let finished = extractor.extract(&mut articles.into_iter(), &answers, &AtomicBool::new(false))?;
    let answers = answers.into_inner().unwrap();
    Ok((answers, finished))
}

fn written(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> Predictions {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    Predictions::new(PredictionsSettings { path, extra: Extra::Error })
}

fn outcomes(answers: &[Answer]) -> Vec<&'static str> {
    answers.iter().map(|answer| answer.outcome.name()).collect()
}

const JSONL: &str = r#"{"id":"a1","claims":[{"id":"p1","start":2,"end":10,"quote":"about 12","kind":"quantity","fields":{"value":12,"bound":"about"},"score":0.5},{"quote":"37.000","kind":"quantity","fields":{"value":37000}}]}
"#;
const CSV: &str = "\u{feff}article_id;claim_id;start;end;quote;kind;value;bound;score\r\na1;p1;2;10;about 12;quantity;12;about;0.5\r\na1;;;;37.000;quantity;37000;none;\r\n";

fn parquet() -> Vec<u8> {
    let mut frame = DataFrame::new(
        2,
        vec![
            Series::new("article_id".into(), ["a1", "a1"]).into_column(),
            Series::new("claim_id".into(), [Some("p1"), None]).into_column(),
            Series::new("start".into(), [Some(2i64), None]).into_column(),
            Series::new("end".into(), [Some(10i64), None]).into_column(),
            Series::new("quote".into(), ["about 12", "37.000"]).into_column(),
            Series::new("kind".into(), ["quantity", "quantity"]).into_column(),
            Series::new("value".into(), [12.0, 37000.0]).into_column(),
            Series::new("bound".into(), [Some("about"), None]).into_column(),
            Series::new("score".into(), [Some(0.5f64), None]).into_column(),
        ],
    )
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    bytes
}

#[test]
fn the_three_formats_give_the_same_claims() {
    let folder = tempfile::tempdir().unwrap();
    let jsonl = read(written(folder.path(), "p.jsonl", JSONL), articles(1)).unwrap().0;
    assert_eq!(jsonl[0].claims.iter().map(|c| c.fragments.to_string()).collect::<Vec<_>>(), ["2-10", "18-24"]);
    assert_eq!(jsonl[0].located.exact, 2);
    for (name, bytes) in [("p.csv", CSV.as_bytes().to_vec()), ("p.parquet", parquet())] {
        let (answers, finished) = read(written(folder.path(), name, bytes), articles(1)).unwrap();
        assert_eq!((&answers, finished.notes.len()), (&jsonl, 0), "{name}");
    }
}

#[test]
fn an_absent_answer_is_a_failure_in_jsonl_and_empty_in_tables() {
    let folder = tempfile::tempdir().unwrap();
    let (answers, _) = read(written(folder.path(), "p.jsonl", JSONL), articles(3)).unwrap();
    assert_eq!(outcomes(&answers), ["ok", "not_answered", "not_answered"]);
    assert!(answers[1].message.as_ref().unwrap().contains("p.jsonl has no line for this article"));
    let (answers, _) = read(written(folder.path(), "p.jsonl", JSONL).with_missing(Missing::Empty), articles(3)).unwrap();
    assert_eq!(outcomes(&answers), ["ok", "empty", "empty"]);
    for (name, bytes) in [("p.csv", CSV.as_bytes().to_vec()), ("p.parquet", parquet())] {
        let (answers, finished) = read(written(folder.path(), name, bytes), articles(3)).unwrap();
        assert_eq!(outcomes(&answers), ["ok", "empty", "empty"], "{name}");
        assert!(finished.notes[0].contains("2 of 3 articles have no row"), "{name}");
    }
}

#[test]
fn error_records_keep_their_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = Outcome::ALL
        .iter()
        .enumerate()
        .map(|(i, outcome)| format!("{{\"id\":\"a{}\",\"error\":{{\"kind\":\"{outcome}\",\"message\":\"m\"}}}}\n", i + 1))
        .collect();
    let (answers, _) = read(written(folder.path(), "p.jsonl", lines), articles(11)).unwrap();
    let expected = [
        "not_answered",
        "not_answered",
        "timeout",
        "crash",
        "malformed",
        "truncated",
        "refused",
        "rate_limited",
        "http",
        "not_answered",
        "skipped",
    ];
    assert_eq!(outcomes(&answers), expected);
}

#[test]
fn unknown_articles_are_an_error_or_counted() {
    let folder = tempfile::tempdir().unwrap();
    let extra = JSONL.replace("\"a1\"", "\"a9\"") + JSONL;
    for (name, bytes) in [("p.jsonl", extra), ("p.csv", format!("{CSV}zz;;;;x;;;;\r\n"))] {
        let extractor = written(folder.path(), name, &bytes);
        let error = read(extractor, articles(1)).unwrap_err().to_string();
        assert!(error.contains("unknown article") && error.contains(name), "{error}");
        let ignoring = Predictions::new(PredictionsSettings { path: folder.path().join(name), extra: Extra::Ignore });
        let (answers, finished) = read(ignoring, articles(1)).unwrap();
        assert_eq!(outcomes(&answers), ["ok"]);
        assert!(finished.notes.iter().any(|note| note.contains("1 unknown articles were dropped")), "{:?}", finished.notes);
    }
}

#[test]
fn every_bad_row_and_every_bad_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "article_id,start,end,fragments,quote,score\na1,1,x,,,\na1,5,2,,,\na1,5,,,,\na1,,,5-,,\na1,,,,x,NaN\n,1,2,,,\na1,+1,2,,,\n";
    let error = read(written(folder.path(), "p.csv", rows), articles(1)).unwrap_err().to_string();
    for mention in [":2:end", ":3:end", ":4:end", ":5:fragments", ":6:score", ":7:article_id", ":8:start"] {
        assert!(error.contains(mention), "{mention}: {error}");
    }
    let error = read(written(folder.path(), "p.csv", "start,end\n1,2\n"), articles(1)).unwrap_err().to_string();
    assert!(error.contains("article_id"), "{error}");
    let whole = parquet();
    let mut damaged = whole.clone();
    let footer = damaged.len() - 8;
    damaged[footer..footer + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
    for bytes in [&whole[..whole.len() / 2], &b"PAR1PAR1"[..], b"", &damaged, CSV.as_bytes()] {
        let error = read(written(folder.path(), "p.parquet", bytes), articles(1)).unwrap_err().to_string();
        assert!(error.contains("p.parquet") && error.contains("Parquet"), "{error}");
    }
    let nowhere = Predictions::new(PredictionsSettings { path: folder.path().join("no.jsonl"), extra: Extra::Error });
    assert!(read(nowhere, articles(1)).unwrap_err().to_string().contains("cannot read"));
}

#[test]
fn a_table_without_rows_answers_every_article_and_an_empty_file_none() {
    let folder = tempfile::tempdir().unwrap();
    let (answers, finished) = read(written(folder.path(), "p.csv", "article_id,start,end,kind\n"), articles(2)).unwrap();
    assert_eq!(outcomes(&answers), ["empty", "empty"]);
    assert!(finished.notes.iter().any(|note| note.contains("2 of 2 articles have no row")), "{:?}", finished.notes);
    let error = read(written(folder.path(), "p.jsonl", ""), articles(2)).unwrap_err().to_string();
    assert!(error.contains("p.jsonl: error[table]: no predictions: the file is empty") && !error.contains("warning"), "{error}");
}

#[test]
fn an_empty_text_is_a_text_that_offsets_must_be_in() {
    let folder = tempfile::tempdir().unwrap();
    let line = r#"{"id":"a1","claims":[{"start":2,"end":10,"kind":"quantity"}]}"#;
    let empty = || vec![Article { text: "".into(), ..articles(1).remove(0) }];
    let error = read(written(folder.path(), "p.jsonl", line), empty()).unwrap_err().to_string();
    assert!(error.contains("p.jsonl:1:claims[0]: error[offset]"), "{error}");
    let no_text = written(folder.path(), "p.jsonl", line).without_text(["a1".to_owned()].into());
    assert_eq!(read(no_text, empty()).unwrap().0[0].claims[0].fragments.to_string(), "2-10");
}

#[test]
fn articles_of_the_dataset_that_were_not_asked_are_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"id\":\"a1\",\"claims\":[]}\n{\"id\":\"a2\",\"claims\":[]}\n";
    let known = || ["a1", "a2"].map(str::to_owned).into();
    let (answers, finished) = read(written(folder.path(), "p.jsonl", lines).with_known(known()), articles(1)).unwrap();
    assert_eq!((outcomes(&answers), finished.notes.len()), (vec!["empty"], 0));
    let other = written(folder.path(), "p.jsonl", lines.replace("a2", "a22")).with_known(known());
    let error = read(other, articles(1)).unwrap_err().to_string();
    assert!(error.contains("p.jsonl:2:id") && error.contains("did you mean \"a2\"?"), "{error}");
}
