//! The columns of a Parquet file with their types, for files that are as they should be.
//!
//! Nothing here says what is wrong with a file: there is only `None`, and [`super::read`] finds the words.

use std::fmt::{Display, Write};
use std::io::Cursor;
use std::sync::Arc;

use polars::prelude::{
    ChunkedArray, DataType, Float64Chunked, Float64Type, Int32Type, Int64Type, NewChunkedArray, PolarsDataType, PolarsNumericType, Series,
    StringChunked, StringType, UInt32Chunked, UInt32Type, UInt64Type,
};
use polars_io::SerReader;
use polars_io::parquet::read::{FileMetadata, ParallelStrategy, ParquetReader};
use rustc_hash::FxHashMap;

use super::{cell, check_pages, guarded, is_whole};
use crate::formats::claim_rows::{checked_score, digits, score};

/// Row groups are read together until they have so many rows, so that what a read costs beside its rows does not count.
/// Tests have small files and want several parts of several groups.
const PART: usize = if cfg!(test) { 3 } else { 1 << 16 };

/// A file whose columns are read one by one, on any thread.
pub(crate) struct ParquetFile {
    bytes: Vec<u8>,
    names: Vec<String>,
    parts: Vec<Arc<FileMetadata>>,
}

impl ParquetFile {
    /// Reads what the file says of itself.
    pub fn open(bytes: Vec<u8>) -> Option<ParquetFile> {
        if !is_whole(&bytes) {
            return None;
        }
        check_pages(&bytes).ok()?;
        let mut reader = ParquetReader::new(Cursor::new(bytes.as_slice()));
        let (schema, metadata) = guarded(|| Ok((reader.schema()?, Arc::clone(reader.get_metadata()?)))).ok()?;
        let names = schema.iter_names().map(|name| name.as_str().to_owned()).collect();
        let mut empty = FileMetadata::clone(&metadata);
        let mut groups = std::mem::take(&mut empty.row_groups).into_iter().peekable();
        let mut parts = Vec::new();
        while groups.peek().is_some() {
            let mut part = empty.clone();
            part.num_rows = 0;
            while part.num_rows < PART {
                let Some(group) = groups.next() else { break };
                part.num_rows = part.num_rows.checked_add(group.num_rows())?;
                part.row_groups.push(group);
            }
            u32::try_from(part.num_rows).ok()?;
            parts.push(Arc::new(part));
        }
        Some(ParquetFile { bytes, names, parts })
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// In how many parts the rows are read.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// How many rows a part has.
    pub fn rows(&self, part: usize) -> usize {
        self.parts[part].num_rows
    }

    /// What is made of a column of a part, which is in one piece.
    pub fn column<T>(&self, part: usize, column: usize, make: impl FnOnce(&Series) -> Option<T>) -> Option<T> {
        let made = guarded(|| {
            let mut reader = ParquetReader::new(Cursor::new(self.bytes.as_slice()))
                .read_parallel(ParallelStrategy::None)
                .with_projection(Some(vec![column]));
            reader.set_metadata(Arc::clone(&self.parts[part]));
            let frame = reader.finish()?;
            // A damaged file may say another number of rows than a column has.
            let series = frame.columns().first().map(|column| column.as_materialized_series().rechunk());
            Ok(series.filter(|series| series.len() == self.rows(part)).and_then(|series| make(&series)))
        });
        made.ok()?
    }
}

/// A column as text, as it would stand in CSV. Text of the file is not copied.
pub(crate) enum Texts {
    /// Every cell is empty.
    Empty,
    /// Text of the file in each row.
    Full(<StringType as PolarsDataType>::Array),
    /// Text of the file; cells may be empty.
    Open(StringChunked),
    /// Cells that were written as text.
    Written(Written),
    /// Each text once, and for each row where its own begins and ends.
    Categories { text: String, cells: Vec<(u32, u32)> },
}

impl Texts {
    /// `None` where a value is no cell.
    pub fn of(series: &Series) -> Option<Texts> {
        match series.dtype() {
            _ if series.null_count() == series.len() => Some(Texts::Empty),
            DataType::String => Some(Texts::read(series.str().ok()?)),
            DataType::Categorical(..) | DataType::Enum(..) => categories(series),
            DataType::Int64 => written::<Int64Type>(series, |_| true),
            DataType::Int32 => written::<Int32Type>(series, |_| true),
            DataType::UInt64 => written::<UInt64Type>(series, |_| true),
            DataType::UInt32 => written::<UInt32Type>(series, |_| true),
            DataType::Float64 => written::<Float64Type>(series, f64::is_finite),
            _ => {
                let mut out = Written::default();
                for value in series.iter() {
                    out.push(&cell(&value)?)?;
                }
                Some(Texts::Written(out))
            }
        }
    }

    fn read(column: &StringChunked) -> Texts {
        full(column).map_or_else(|| Texts::Open(column.clone()), Texts::Full)
    }

    /// The cell of a row, which the column must have.
    #[inline]
    pub fn get(&self, row: u32) -> &str {
        // By far the most calls; apart from the others it is small enough to be inlined.
        match self {
            Texts::Full(texts) => texts.value(row as usize),
            Texts::Empty => "",
            _ => self.get_rare(row as usize),
        }
    }

    fn get_rare(&self, row: usize) -> &str {
        match self {
            Texts::Empty => "",
            Texts::Full(texts) => texts.value(row),
            Texts::Open(column) => column.get(row).unwrap_or(""),
            Texts::Written(cells) => cells.get(row),
            Texts::Categories { text, cells } => &text[cells[row].0 as usize..cells[row].1 as usize],
        }
    }
}

/// Texts one behind the other, and where each ends.
#[derive(Default)]
pub(crate) struct Written {
    text: String,
    ends: Vec<u32>,
}

impl Written {
    /// Adds a text; `None` where all together are too long.
    pub fn push(&mut self, text: &str) -> Option<()> {
        self.text.push_str(text);
        self.end()
    }

    /// The text with that number, which must be there.
    pub fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }

    fn end(&mut self) -> Option<()> {
        self.ends.push(u32::try_from(self.text.len()).ok()?);
        Some(())
    }
}

/// A column of categories. A file may have one long text for millions of rows, so they are not made into texts of their own.
fn categories(series: &Series) -> Option<Texts> {
    let codes = series.to_physical_repr().cast(&DataType::UInt32).ok()?;
    let mut known: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
    let (mut text, mut cells) = (String::new(), Vec::with_capacity(series.len()));
    for (row, code) in codes.u32().ok()?.iter().enumerate() {
        let Some(code) = code else {
            cells.push((0, 0));
            continue;
        };
        let place = match known.get(&code) {
            Some(place) => *place,
            None => {
                let start = text.len();
                text.push_str(series.get(row).ok()?.get_str()?);
                let place = (u32::try_from(start).ok()?, u32::try_from(text.len()).ok()?);
                known.insert(code, place);
                place
            }
        };
        cells.push(place);
    }
    Some(Texts::Categories { text, cells })
}

/// A column of numbers as text; `None` where one has none.
fn written<T: PolarsNumericType>(series: &Series, has_text: impl Fn(T::Native) -> bool) -> Option<Texts>
where
    T::Native: Display,
{
    let column: &ChunkedArray<T> = series.as_ref().as_ref();
    let mut out = Written { text: String::new(), ends: Vec::with_capacity(column.len()) };
    for value in column.iter() {
        if let Some(value) = value {
            if !has_text(value) {
                return None;
            }
            write!(out.text, "{value}").ok()?;
        }
        out.end()?;
    }
    Some(Texts::Written(out))
}

/// A column of offsets.
pub(crate) enum Offsets {
    /// Every cell is empty.
    Empty,
    /// A number in each row.
    Full(<UInt32Type as PolarsDataType>::Array),
    /// Cells may be empty.
    Open(UInt32Chunked),
}

impl Offsets {
    /// `None` where a cell is no offset.
    pub fn of(series: &Series) -> Option<Offsets> {
        let column = if series.dtype().is_integer() {
            series.strict_cast(&DataType::UInt32).ok()?.u32().ok()?.clone()
        } else {
            UInt32Chunked::from_slice_options("".into(), &cells(series, digits)?)
        };
        Some(match full(&column) {
            Some(numbers) => Offsets::Full(numbers),
            None => Offsets::Open(column),
        })
    }

    /// The offset in a row, which the column must have.
    pub fn get(&self, row: u32) -> Option<u32> {
        match self {
            Offsets::Empty => None,
            Offsets::Full(numbers) => Some(numbers.value(row as usize)),
            Offsets::Open(column) => column.get(row as usize),
        }
    }
}

/// A column of scores.
pub(crate) enum Scores {
    /// Every cell is empty.
    Empty,
    /// A number in each row.
    Full(<Float64Type as PolarsDataType>::Array),
    /// Cells may be empty.
    Open(Float64Chunked),
}

impl Scores {
    /// `None` where a cell is no score.
    pub fn of(series: &Series) -> Option<Scores> {
        let column = match series.f64() {
            Ok(column) if column.iter().flatten().all(|score| checked_score(score).is_some()) => column.clone(),
            Ok(_) => return None,
            Err(_) => Float64Chunked::from_slice_options("".into(), &cells(series, score)?),
        };
        Some(match full(&column) {
            Some(numbers) => Scores::Full(numbers),
            None => Scores::Open(column),
        })
    }

    /// The score in a row, which the column must have.
    pub fn get(&self, row: u32) -> Option<f64> {
        match self {
            Scores::Empty => None,
            Scores::Full(numbers) => Some(numbers.value(row as usize)),
            Scores::Open(column) => column.get(row as usize),
        }
        .and_then(checked_score)
    }
}

/// The array of a column that is in one piece and has no empty cell, which is much quicker to read.
fn full<T: PolarsDataType>(column: &ChunkedArray<T>) -> Option<T::Array> {
    let mut pieces = column.downcast_iter();
    pieces.next().filter(|_| column.null_count() == 0 && pieces.next().is_none()).cloned()
}

/// The cells of a column whose values are read from text.
fn cells<T>(series: &Series, read: fn(&str) -> Option<T>) -> Option<Vec<Option<T>>> {
    let texts = Texts::of(series)?;
    let cell = |row| match texts.get(row) {
        "" => Some(None),
        text => read(text).map(Some),
    };
    (0..series.len() as u32).map(cell).collect()
}
