//! Gold and predictions in Parquet mean what the same rows in CSV mean: numbers, hash, warnings, notes and errors.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::ParquetWriter;
use tempfile::TempDir;

/// Drafts, optional claims, fragments, tags, an absent field, fields of several types, and an article in two runs of rows.
const GOLD: &str = "\
article_id,lang,publisher,group_id,start,end,fragments,quote,tracking_id,kind,status,tags,value,share,certain,day,bound,said,note
a1,id,Antara,g1,0,4,,satu,t1,quantity,gold,must-find;hard,1,0.5,true,2026-01-31,none,,x
a1,,,,5,9,,dua2,,quantity,draft,,2,0.25,,,about,,
a2,en,,g1,0,3,,one,,change,,,,,false,,,\\none,
a1,id,,,,,10-14;16-20,tiga,t2,quantity,optional,,-3,1.5,,2026-02-01,,,
a3,zh,,,7,9,,yi,,quantity,,,40000000000,100,true,,at_least,,
a4,en,,g2,7,9,,two,,event,,hard,,,,,,,
";
const PREDICTED: &str = "\
article_id,start,end,fragments,quote,kind,score,value,share,certain,bound
a1,0,4,,satu,quantity,0.5,1,0.5,true,none
a1,,,10-14;16-21,tiga,quantity,0.875,-3,1.5,,
a2,0,3,,one,change,1,,,true,about
a3,6,9,,yi,quantity,,40000000000,100,false,at_least
a3,,,,nowhere,quantity,0.25,,,,
";

/// How a column of text is written.
fn typed(name: &str, cells: &[Option<&str>]) -> Column {
    let text = Series::new(name.into(), cells);
    match name {
        "start" | "value" => text.cast(&DataType::Int64),
        "end" => text.cast(&DataType::UInt32),
        "share" | "score" => text.cast(&DataType::Float64),
        "certain" => Ok(Series::new(name.into(), cells.iter().map(|cell| cell.map(|c| c == "true")).collect::<Vec<_>>())),
        "day" => {
            let days = cells.iter().map(|cell| cell.map(|day| if day == "2026-01-31" { 20484 } else { 20485 }));
            Series::new(name.into(), days.collect::<Vec<Option<i32>>>()).cast(&DataType::Date)
        }
        "kind" | "lang" => text.cast(&DataType::from_categories(polars::prelude::Categories::global())),
        _ => Ok(text),
    }
    .unwrap()
    .into_column()
}

fn parquet(csv: &str, rows_of_a_group: usize) -> Vec<u8> {
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let column = |at: usize| rows[1..].iter().map(|row| Some(row[at]).filter(|cell| !cell.is_empty())).collect::<Vec<_>>();
    let columns = rows[0].iter().enumerate().map(|(at, name)| typed(name, &column(at))).collect();
    let mut frame = DataFrame::new(rows.len() - 1, columns).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).with_row_group_size(Some(rows_of_a_group)).finish(&mut frame).unwrap();
    bytes
}

fn files(gold: &str, predicted: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, csv) in [("gold", gold), ("pred", predicted)] {
        std::fs::write(folder.path().join(name).with_extension("csv"), csv).unwrap();
        std::fs::write(folder.path().join(name).with_extension("parquet"), parquet(csv, 2)).unwrap();
    }
    folder
}

/// Exit code, standard output and error stream, with the file names of CSV.
fn score(folder: &Path, arguments: &str) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_assay"))
        .arg("score")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(".parquet", ".csv");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const PAIRS: [&str; 3] = ["gold.parquet pred.parquet", "gold.csv pred.parquet", "gold.parquet pred.csv"];

#[test]
fn parquet_says_what_csv_says() {
    let folder = files(GOLD, PREDICTED);
    for options in [
        "--json",
        "",
        "--json --ci criteria",
        "--json --slices publisher,tags,bound,share -j 1",
        "--json --key-fields value,day -j 3",
        "--slices nothing",
    ] {
        let expected = score(folder.path(), &format!("gold.csv pred.csv {options}"));
        for pair in PAIRS {
            let (code, out, err) = score(folder.path(), &format!("{pair} {options}"));
            // Longer names of files move the columns of the screen.
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!((code, words(&out), err), (expected.0, words(&expected.1), expected.2.clone()), "{pair} {options}");
        }
        assert!(expected.2.contains("1 of 4 articles has no row") == (options != "--slices nothing"), "{}", expected.2);
    }
}

#[test]
fn what_is_wrong_is_said_as_for_csv() {
    let gold = |from: &str, to: &str| (GOLD.replacen(from, to, 1), PREDICTED.to_owned());
    let predicted = |from: &str, to: &str| (GOLD.to_owned(), PREDICTED.replacen(from, to, 1));
    let cases = [
        (gold("a1,id,,,", "a1,en,,,"), "lang"),
        (gold("draft", "drfat"), "status"),
        (gold("7,9,,yi", "9,7,,yi"), "end"),
        (gold("7,9,,yi", "-7,9,,yi"), "start"),
        (gold("7,9,,yi", ",,,yi"), "start"),
        (gold("\na4", "\n"), "article_id"),
        (predicted("16-21", "16-"), "fragments"),
        (predicted("0.875", "1.875"), "score"),
        (predicted("a2", "a5"), "article_id"),
    ];
    for ((gold, predicted), column) in cases {
        let folder = files(&gold, &predicted);
        let (code, _, expected) = score(folder.path(), "gold.csv pred.csv --json");
        assert!(code == Some(3) && expected.contains(&format!(":{column}: error")), "{column}: {expected}");
        let (code, out, err) = score(folder.path(), "gold.parquet pred.parquet --json");
        // Rows have numbers, lines of CSV have a header before them.
        let without_lines = |text: &str| {
            text.lines()
                .map(|line| line.splitn(3, ':').enumerate().filter(|(i, _)| *i != 1).map(|(_, part)| part).collect::<String>())
                .collect::<Vec<_>>()
        };
        assert_eq!((code, out.as_str(), without_lines(&err)), (Some(3), "", without_lines(&expected)), "{column}");
    }
}

#[test]
fn unknown_articles_can_be_dropped() {
    let folder = files(GOLD, &PREDICTED.replace("a2", "a5").replace("a3,,", "a9,,"));
    let expected = score(folder.path(), "gold.csv pred.csv --json --extra ignore");
    assert!(expected.2.contains("answers for 2 unknown articles were dropped"), "{}", expected.2);
    assert_eq!(score(folder.path(), "gold.parquet pred.parquet --json --extra ignore"), expected);
}

fn frame(parquet: Vec<u8>) -> DataFrame {
    ParquetReader::new(Cursor::new(parquet)).finish().unwrap()
}

/// The rows of each article stand in as many places as it has rows, and each wrong value is looked up as it was written.
#[test]
fn articles_may_take_turns() {
    let file = |value: fn(usize) -> String| {
        let row = |i: usize| format!("a{},id,{},{},{}\n", i % 3, 10 * i, 10 * i + 5, value(i));
        format!("article_id,lang,start,end,value_max\n{}", (0..60).map(row).collect::<String>())
    };
    let predicted = file(|i| if i % 4 == 0 { format!("{i}0") } else { format!("{}.000", 7 + i) });
    let folder = files(&file(|i| format!("{}000", 7 + i)), &predicted);
    let (code, out, _) = score(folder.path(), "gold.parquet pred.parquet --json");
    let result: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &result["criteria"]["iou50"]["tp"], &result["looks_local"]), (Some(0), &60.into(), &45.into()));
    assert!(score(folder.path(), "gold.csv pred.csv --json").1 == out);
}

#[test]
fn a_hundred_errors_are_told_and_the_rest_is_counted() {
    let row = |i: usize| format!("a{i},9,7\n");
    let file = format!("article_id,start,end\n{}", (0..140).map(row).collect::<String>());
    let folder = files(&file, &file);
    for files in ["gold.csv pred.csv", "gold.parquet pred.parquet"] {
        let (code, _, err) = score(folder.path(), files);
        let of_gold: Vec<&str> = err.lines().filter(|line| line.starts_with("gold.csv")).collect();
        assert_eq!((code, of_gold.len()), (Some(3), 101), "{files}: {err}");
        assert!(of_gold[0].ends_with("140 problems in this file; the first 100 follow"), "{}", of_gold[0]);
    }
}

#[test]
fn an_article_holds_no_more_than_a_line_may() {
    let quote = "x".repeat(1 << 20);
    let row = |at: usize| format!("a1,{at},{},{quote}\n", at + 1);
    let file = |rows: usize| format!("article_id,start,end,quote\n{}", (0..rows).map(row).collect::<String>());
    let few = "article_id,start,end,quote\na1,0,1,x\n";
    let folder = files(&file(15), few);
    assert_eq!(score(folder.path(), "gold.parquet pred.parquet --json").0, Some(0));
    let folder = files(&file(17), few);
    for files in ["gold.csv pred.csv", "gold.parquet pred.parquet", "pred.parquet gold.parquet"] {
        let (code, _, err) = score(folder.path(), files);
        assert_eq!((code, err.matches("hold more than 16 MiB").count()), (Some(3), 1), "{files}: {err}");
    }
}

#[test]
fn a_damaged_file_is_an_error() {
    let folder = files(GOLD, PREDICTED);
    let whole = parquet(GOLD, 2);
    let as_whole = score(folder.path(), "gold.parquet pred.parquet --json --extra ignore").1;
    let with_damage = |at: usize| {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        std::fs::write(folder.path().join("gold.parquet"), &damaged).unwrap();
        let (code, out, err) = score(folder.path(), "gold.parquet pred.parquet --json --extra ignore");
        // Where the reader of the file panics, that is nothing to tell.
        assert!(!err.contains("panicked"), "byte {at}: {err}");
        (code, out, err, damaged)
    };
    let step = if std::env::var("ASSAY_FULL").is_ok_and(|full| full == "1") { 1 } else { 29 };
    // With this start a date beyond the calendar is among them.
    for at in (21..whole.len()).step_by(step) {
        let (code, out, err, damaged) = with_damage(at);
        // What stands in a byte may be no more than a letter of a quote, or nothing that is read.
        assert!(matches!(code, Some(0 | 3)), "byte {at}: {code:?} {err}");
        if code == Some(0) && frame(damaged).equals_missing(&frame(whole.clone())) {
            assert_eq!(out, as_whole, "byte {at}");
        }
    }
    // The marks at both ends, the length of what stands before the second, and the name of the column that there must be.
    let length = u32::from_le_bytes(whole[whole.len() - 8..][..4].try_into().unwrap()) as usize;
    let footer = whole.len() - 8 - length;
    let name = footer + whole[footer..].windows(10).position(|bytes| bytes == b"article_id").unwrap();
    for at in (0..4).chain(name..name + 10).chain(whole.len() - 8..whole.len()) {
        let (code, out, err, _) = with_damage(at);
        assert!(code == Some(3) && out.is_empty(), "byte {at}: {code:?} {err}");
    }
    for bytes in [&whole[..whole.len() / 2], &b"PAR1PAR1"[..], b""] {
        std::fs::write(folder.path().join("gold.parquet"), bytes).unwrap();
        let (code, _, err) = score(folder.path(), "gold.parquet pred.parquet");
        assert!(code == Some(3) && err.contains("Parquet"), "{err}");
    }
}
