//! The outcome table as a polars frame, and as the bytes of a Parquet file.
//!
//! Columns of articles are `article.<name>`, field outcomes are `field.<name>`, so that no name of a dataset can clash with a
//! column of the table. A column whose articles may have several values is a list.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::columns::Layout;
use super::outcome::{ClaimOutcome, OutcomeRow, SideName};

/// Before the name of a column of the articles.
pub(super) const ARTICLE: &str = "article.";
/// Before the name of a field.
pub(super) const FIELD: &str = "field.";

/// The table of the rows, in their order.
///
/// # Errors
/// When polars refuses the columns, which it has no reason to.
pub fn to_frame(rows: &[OutcomeRow]) -> PolarsResult<DataFrame> {
    let mut layout = Layout::default();
    for row in rows {
        for (name, values) in &row.columns {
            layout.add_column(name, values.len());
        }
        for name in row.field_outcomes.keys() {
            layout.add_field(name);
        }
    }
    frame(rows, &layout)
}

fn frame(rows: &[OutcomeRow], layout: &Layout) -> PolarsResult<DataFrame> {
    let text = |name: &str, value: &dyn Fn(&OutcomeRow) -> Option<&str>| {
        let values: StringChunked = rows.iter().map(value).collect();
        values.with_name(name.into()).into_column()
    };
    let whole = |name: &str, value: &dyn Fn(&OutcomeRow) -> Option<u32>| {
        let values: UInt32Chunked = rows.iter().map(value).collect();
        values.with_name(name.into()).into_column()
    };
    let real = |name: &str, value: &dyn Fn(&OutcomeRow) -> Option<f64>| {
        let values: Float64Chunked = rows.iter().map(value).collect();
        values.with_name(name.into()).into_column()
    };
    let fields_json: Vec<String> = rows.iter().map(|r| serde_json::to_string(&r.fields).unwrap_or_default()).collect();
    let fields: StringChunked = fields_json.iter().map(|json| Some(json.as_str())).collect();
    let mut columns = vec![
        text("article_id", &|r| Some(&r.article_id)),
        text("standing", &|r| Some(&r.standing)),
        text("side", &|r| Some(r.side.name())),
        text("claim_id", &|r| some_text(&r.claim_id)),
        whole("number", &|r| Some(r.number)),
        text("criterion", &|r| Some(&r.criterion)),
        text("outcome", &|r| Some(r.outcome.name())),
        text("class", &|r| r.class.as_deref()),
        whole("class_pair", &|r| r.class_pair),
        text("pair", &|r| r.pair.as_deref()),
        whole("pair_number", &|r| r.pair_number),
        real("iou", &|r| r.iou),
        real("similarity", &|r| r.similarity),
        text("kind", &|r| some_text(&r.kind)),
        whole("start", &|r| r.start),
        whole("end", &|r| r.end),
        text("fragments", &|r| some_text(&r.fragments)),
        text("quote", &|r| some_text(&r.quote)),
        text("tracking_id", &|r| some_text(&r.tracking_id)),
        real("score", &|r| r.score),
        lists("tags", rows.iter().map(|r| r.tags.as_slice())),
        fields.with_name("fields".into()).into_column(),
    ];
    for (name, several) in &layout.articles {
        let column = format!("{ARTICLE}{name}");
        if *several {
            columns.push(lists(&column, rows.iter().map(|r| r.columns.get(name).map_or(&[][..], Vec::as_slice))));
        } else {
            columns.push(text(&column, &|r| r.columns.get(name).and_then(|v| v.first()).map(String::as_str)));
        }
    }
    for name in &layout.fields {
        columns.push(text(&format!("{FIELD}{name}"), &|r| r.field_outcomes.get(name).map(String::as_str)));
    }
    DataFrame::new(rows.len(), columns)
}

fn some_text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn lists<'a>(name: &str, values: impl ExactSizeIterator<Item = &'a [String]>) -> Column {
    let mut builder = ListStringChunkedBuilder::new(name.into(), values.len(), values.len());
    for value in values {
        builder.append_values_iter(value.iter().map(String::as_str));
    }
    builder.finish().into_column()
}

/// The rows of a table that [`to_frame`] made.
///
/// # Errors
/// A column that is missing or of another type, or an unknown outcome, by name.
pub fn from_frame(frame: &DataFrame) -> Result<Vec<OutcomeRow>, String> {
    let text = |name: &str| -> Result<&StringChunked, String> {
        frame.column(name).and_then(|c| c.str()).map_err(|_| format!("no text column {name:?}"))
    };
    let whole = |name: &str| -> Result<&UInt32Chunked, String> {
        frame.column(name).and_then(|c| c.u32()).map_err(|_| format!("no column {name:?} of whole numbers"))
    };
    let real = |name: &str| -> Result<&Float64Chunked, String> {
        frame.column(name).and_then(|c| c.f64()).map_err(|_| format!("no column {name:?} of numbers"))
    };
    let (article_id, standing, side, claim_id) = (text("article_id")?, text("standing")?, text("side")?, text("claim_id")?);
    let (number, criterion, outcome) = (whole("number")?, text("criterion")?, text("outcome")?);
    let (class, class_pair) = (text("class")?, whole("class_pair")?);
    let (pair, pair_number, iou, similarity) = (text("pair")?, whole("pair_number")?, real("iou")?, real("similarity")?);
    let (kind, start, end, fragments) = (text("kind")?, whole("start")?, whole("end")?, text("fragments")?);
    let (quote, tracking_id, score, fields) = (text("quote")?, text("tracking_id")?, real("score")?, text("fields")?);
    let mut of_article: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    let mut of_field: Vec<(String, &StringChunked)> = Vec::new();
    for name in frame.get_column_names() {
        if let Some(column) = name.strip_prefix(ARTICLE) {
            of_article.push((column.to_owned(), values(frame, name)?));
        } else if let Some(field) = name.strip_prefix(FIELD) {
            of_field.push((field.to_owned(), text(name)?));
        }
    }
    let tags = values(frame, "tags")?;
    let owned = |column: &StringChunked, i: usize| column.get(i).unwrap_or_default().to_owned();
    (0..frame.height())
        .map(|i| {
            let outcome = owned(outcome, i);
            Ok(OutcomeRow {
                article_id: owned(article_id, i),
                standing: owned(standing, i),
                side: if side.get(i) == Some(SideName::Gold.name()) { SideName::Gold } else { SideName::Predicted },
                claim_id: owned(claim_id, i),
                number: number.get(i).unwrap_or_default(),
                criterion: owned(criterion, i),
                outcome: ClaimOutcome::of_name(&outcome).ok_or_else(|| format!("unknown outcome {outcome:?}"))?,
                class: class.get(i).map(str::to_owned),
                class_pair: class_pair.get(i),
                pair_number: pair_number.get(i),
                pair: pair.get(i).map(str::to_owned),
                iou: iou.get(i),
                similarity: similarity.get(i),
                kind: owned(kind, i),
                start: start.get(i),
                end: end.get(i),
                fragments: owned(fragments, i),
                quote: owned(quote, i),
                tracking_id: owned(tracking_id, i),
                score: score.get(i),
                tags: tags[i].clone(),
                fields: serde_json::from_str(fields.get(i).unwrap_or("{}")).map_err(|e| format!("column \"fields\": {e}"))?,
                field_outcomes: of_field.iter().filter_map(|(n, c)| Some((n.clone(), c.get(i)?.to_owned()))).collect(),
                columns: of_article.iter().filter(|(_, v)| !v[i].is_empty()).map(|(n, v)| (n.clone(), v[i].clone())).collect(),
            })
        })
        .collect()
}

/// The values of a text column or a column of lists, by row.
fn values(frame: &DataFrame, name: &str) -> Result<Vec<Vec<String>>, String> {
    let wrong = |_| format!("no column {name:?} of text");
    let column = frame.column(name).map_err(wrong)?;
    if let Ok(texts) = column.str() {
        return Ok(texts.iter().map(|v| v.map(str::to_owned).into_iter().collect()).collect());
    }
    let lists = column.list().map_err(wrong)?;
    (0..lists.len())
        .map(|i| match lists.get_as_series(i) {
            Some(list) => Ok(list.str().map_err(wrong)?.iter().flatten().map(str::to_owned).collect()),
            None => Ok(Vec::new()),
        })
        .collect()
}

/// The table of a Parquet file. Damaged files make the reader panic in places; that is an error like any other.
pub(super) fn from_parquet(bytes: Vec<u8>) -> Result<DataFrame, String> {
    let read = catch_unwind(AssertUnwindSafe(|| ParquetReader::new(Cursor::new(bytes)).finish()));
    match read {
        Ok(Ok(frame)) => Ok(frame),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the file is damaged".to_owned()),
    }
}
