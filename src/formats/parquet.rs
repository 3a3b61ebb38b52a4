//! Parquet with a row a claim, at the one place where polars reads what others wrote.
//!
//! [`read`] gives the same table of text as CSV, and says what is wrong with a file; [`ParquetFile`] gives the columns of a good one
//! as they are, at a small part of the cost.

mod columns;
mod guard;
mod pages;
mod stretches;

use std::borrow::Cow;
use std::io::Cursor;

use polars::prelude::AnyValue;
use polars_io::SerReader;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};
use rustc_hash::FxHashMap;

pub(crate) use columns::{Offsets, ParquetFile, Scores, Texts};
pub(crate) use stretches::Stretches;

use self::guard::guarded;
use super::table::Table;
use crate::claim::decimal;
use crate::files::MAX_TABLE;
use crate::problem::{Problems, Rule};

/// Rows times columns that a file may have. A few bytes can say that there are thousands of millions.
const MOST_CELLS: u64 = 1 << 28;

/// The same where a file is held whole, which takes far more memory.
const MOST_CELLS_HELD: u64 = 1 << 26;

/// Texts that are longer stand in memory once, however many rows have them: a file may have one text for millions of rows.
const SHARED: usize = 32;

/// Reads a Parquet file into a table of text; lines are rows, 1-based. A damaged file is an error, also where the reader panics.
pub(crate) fn read(file: &str, bytes: Vec<u8>) -> Result<Table, Problems> {
    let mut problems = Problems::new();
    if !is_whole(&bytes) {
        let message = "this is not a whole Parquet file: it must begin and end with PAR1";
        problems.add(file, 0, "", Rule::Table, message);
        return Err(problems);
    }
    let frame = match check_pages(&bytes).and_then(|cells| {
        if cells > MOST_CELLS_HELD {
            return Err(format!(
                "it holds {cells} cells, and something about it or the other file is not as it should be; to be read whole, and explained, it may hold {MOST_CELLS_HELD}; split it"
            ));
        }
        guarded(|| ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None).finish())
    }) {
        Ok(frame) => frame,
        Err(why) => {
            problems.add(file, 0, "", Rule::Table, format!("not readable as Parquet: {why}"));
            return Err(problems);
        }
    };
    let columns: Vec<String> = frame.get_column_names().iter().map(ToString::to_string).collect();
    let mut table = Table::of_empty_rows(file, columns, frame.height());
    for (at, column) in frame.columns().iter().enumerate() {
        // By where the text stands in the file's own memory.
        let mut known: FxHashMap<(usize, usize), (usize, usize)> = FxHashMap::default();
        let mut wrong: Option<(usize, String, usize)> = None;
        for (row, value) in column.as_materialized_series().rechunk().iter().enumerate() {
            match cell(&value) {
                Some(Cow::Borrowed(text)) if text.len() > SHARED => {
                    let place = (text.as_ptr() as usize, text.len());
                    let place = *known.entry(place).or_insert_with(|| table.write_cell(row, at, text));
                    table.share_cell(row, at, place);
                }
                Some(text) => _ = table.write_cell(row, at, &text),
                None => wrong.get_or_insert_with(|| (row, why_no_cell(&value), 0)).2 += 1,
            }
            if table.text_len() as u64 > MAX_TABLE {
                problems.add(file, 0, "", Rule::Table, too_much_text());
                return Err(problems);
            }
        }
        if let Some((row, mut message, rows)) = wrong {
            if rows > 1 {
                message += &format!("; so in {rows} rows");
            }
            problems.add(file, table.line(row), column.name().as_str(), Rule::Table, message);
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(table) }
}

/// What is said of a table whose cells hold more text than a file may.
pub(super) fn too_much_text() -> String {
    format!("its cells hold more than {} GiB of text; split it", MAX_TABLE >> 30)
}

fn why_no_cell(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Float64(number) => format!("{number} is no finite number"),
        AnyValue::Float32(number) => format!("{number} is no finite number"),
        AnyValue::Date(_) => "the date is beyond the years 1 to 9999".to_owned(),
        value => format!("a value of type {} is no cell; write text, numbers or true and false", value.dtype()),
    }
}

/// Whether a file begins and ends as Parquet does.
fn is_whole(bytes: &[u8]) -> bool {
    bytes.len() >= 12 && bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1")
}

/// Refuses a file whose numbers cannot be right, or are too large, before room is made for what they promise; gives the number of its
/// cells.
fn check_pages(bytes: &[u8]) -> Result<u64, String> {
    match guarded(|| pages::plausible_cells(bytes))? {
        Some(cells) if cells <= MOST_CELLS => Ok(cells),
        Some(cells) => Err(format!("it holds {cells} cells, over the limit of {MOST_CELLS}; split it")),
        None => Err("the file is damaged".to_owned()),
    }
}

/// A value as it would stand in CSV. What is borrowed stands in the memory of the column.
fn cell<'v>(value: &'v AnyValue<'_>) -> Option<Cow<'v, str>> {
    Some(match value {
        AnyValue::Null => Cow::Borrowed(""),
        AnyValue::String(text) => Cow::Borrowed(text),
        AnyValue::Categorical(..) | AnyValue::Enum(..) => Cow::Borrowed(value.get_str()?),
        // A column of one row owns its value.
        AnyValue::StringOwned(_) | AnyValue::CategoricalOwned(..) | AnyValue::EnumOwned(..) => Cow::Owned(value.get_str()?.to_owned()),
        AnyValue::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        // Displays without an exponent, in the fewest digits that give the same number back.
        AnyValue::Float64(value) if value.is_finite() => value.to_string().into(),
        AnyValue::Float32(value) if value.is_finite() => value.to_string().into(),
        AnyValue::Float64(_) | AnyValue::Float32(_) => return None,
        value if value.dtype().is_integer() => value.to_string().into(),
        value if value.dtype().is_decimal() => decimal::canonical(&value.to_string()).ok()?.into_owned().into(),
        // Years 1 to 9999; what is beyond makes polars panic sooner or later.
        AnyValue::Date(days) if !(-719_162..=2_932_896).contains(days) => return None,
        AnyValue::Date(_) => value.to_string().into(),
        _ => return None,
    })
}
