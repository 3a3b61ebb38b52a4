//! Parquet with a row a claim, at the one place where polars reads what others wrote.
//!
//! [`read`] gives the same table of text as CSV, and says what is wrong with a file; [`ParquetFile`] gives the columns of a good one
//! as they are, at a small part of the cost.

mod columns;
mod guard;
mod pages;
mod stretches;

use std::io::Cursor;

use polars::prelude::AnyValue;
use polars_io::SerReader;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};

pub(crate) use columns::{Offsets, ParquetFile, Scores, Texts};
pub(crate) use stretches::Stretches;

use self::guard::guarded;
use super::table::Table;
use crate::claim::decimal;
use crate::files::MAX_TABLE;
use crate::problem::{Problems, Rule};

/// Rows times columns that a file may have. A few bytes can say that there are thousands of millions.
const MOST_CELLS: u64 = 1 << 28;

/// Reads a Parquet file into a table of text; lines are rows, 1-based. A damaged file is an error, also where the reader panics.
pub(crate) fn read(file: &str, bytes: Vec<u8>) -> Result<Table, Problems> {
    let mut problems = Problems::new();
    if !is_whole(&bytes) {
        let message = "this is not a whole Parquet file: it must begin and end with PAR1";
        problems.add(file, 0, "", Rule::Table, message);
        return Err(problems);
    }
    let frame = match check_pages(&bytes)
        .and_then(|()| guarded(|| ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None).finish()))
    {
        Ok(frame) => frame,
        Err(why) => {
            problems.add(file, 0, "", Rule::Table, format!("not readable as Parquet: {why}"));
            return Err(problems);
        }
    };
    let columns: Vec<String> = frame.get_column_names().iter().map(ToString::to_string).collect();
    let mut rows: Vec<(u64, Vec<String>)> = (1..=frame.height() as u64).map(|line| (line, Vec::new())).collect();
    let mut text = 0;
    for column in frame.columns() {
        let mut wrong: Option<(u64, String, usize)> = None;
        for (row, (line, cells)) in rows.iter_mut().enumerate() {
            let value = column.get(row).unwrap_or(AnyValue::Null);
            match cell(&value) {
                Some(cell) => {
                    text += cell.len() as u64;
                    cells.push(cell);
                }
                None => wrong.get_or_insert_with(|| (*line, why_no_cell(&value), 0)).2 += 1,
            }
            if text > MAX_TABLE {
                let message = format!("unpacks to more than {} GiB of text; split it", MAX_TABLE >> 30);
                problems.add(file, 0, "", Rule::Table, message);
                return Err(problems);
            }
        }
        if let Some((line, mut message, rows)) = wrong {
            if rows > 1 {
                message += &format!("; so in {rows} rows");
            }
            problems.add(file, line, column.name().as_str(), Rule::Table, message);
        }
    }
    if problems.has_errors() {
        return Err(problems);
    }
    Ok(Table::from_rows(file, columns, rows))
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

/// Refuses a file whose numbers cannot be right, or are too large, before room is made for what they promise.
fn check_pages(bytes: &[u8]) -> Result<(), String> {
    match guarded(|| pages::plausible_cells(bytes))? {
        Some(cells) if cells <= MOST_CELLS => Ok(()),
        Some(cells) => Err(format!("it holds {cells} cells, over the limit of {MOST_CELLS}; split it")),
        None => Err("the file is damaged".to_owned()),
    }
}

/// A value as it would stand in CSV.
fn cell(value: &AnyValue<'_>) -> Option<String> {
    Some(match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Boolean(value) => value.to_string(),
        // Displays without an exponent, in the fewest digits that give the same number back.
        AnyValue::Float64(value) if value.is_finite() => value.to_string(),
        AnyValue::Float32(value) if value.is_finite() => value.to_string(),
        AnyValue::Float64(_) | AnyValue::Float32(_) => return None,
        // A column of one row owns its value.
        AnyValue::Categorical(..) | AnyValue::CategoricalOwned(..) | AnyValue::Enum(..) | AnyValue::EnumOwned(..) => {
            value.get_str()?.to_owned()
        }
        value if value.dtype().is_integer() => value.to_string(),
        value if value.dtype().is_decimal() => decimal::canonical(&value.to_string()).ok()?.into_owned(),
        // Years 1 to 9999; what is beyond makes polars panic sooner or later.
        AnyValue::Date(days) if !(-719_162..=2_932_896).contains(days) => return None,
        AnyValue::Date(_) => value.to_string(),
        _ => return None,
    })
}
