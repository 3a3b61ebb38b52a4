//! The outcome table as a Parquet file.
//!
//! Columns are given to the writer as dictionaries, which is how the file keeps them: a frame of texts would be made only to be
//! counted and numbered again, cell by cell.

use polars::prelude::{CompatLevel, DataType, PolarsError, PolarsResult, Schema, SchemaExt};
use polars_arrow::array::{Array, DictionaryArray, ListArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::offset::OffsetsBuffer;
use polars_arrow::types::NativeType;
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter, ParquetType, StatisticsOptions, Version,
    WriteOptions, array_to_columns, compress, fallible_streaming_iterator,
};
use rayon::prelude::*;

use super::columns::{Cells, Columns, Layout, Lists, NO_TEXT, Texts};
use super::outcome::{RunArticle, Scored, by_id, criteria_of};
use crate::score::{Evaluation, Settings};

/// Articles in one row group; each thread has the rows of so many in memory while a table is written.
const ARTICLES_AT_ONCE: usize = 512;

const OPTIONS: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: None,
    },
    version: Version::V1,
    compression: CompressionOptions::Zstd(None),
    data_page_size: None,
};

/// The table of a run. Its bytes do not depend on the number of threads.
///
/// # Errors
/// When the writer refuses a column, which it has no reason to.
pub(super) fn to_parquet(articles: &[RunArticle<'_>], evaluation: &Evaluation, settings: &Settings) -> PolarsResult<Vec<u8>> {
    let articles = by_id(articles, evaluation);
    let criteria = criteria_of(settings);
    let layout = Layout::of_run(&articles);
    let schema: Schema =
        Columns::of(&[], settings, &criteria, &layout).into_named().into_iter().map(|(name, cells)| (name.into(), cells.dtype())).collect();
    let mut writer = FileWriter::try_new(Vec::new(), schema.to_arrow(CompatLevel::newest()), OPTIONS)?;
    let types = writer.parquet_schema().fields().to_vec();
    let pages_of = |part: &[Scored<'_>]| {
        let columns = Columns::of(part, settings, &criteria, &layout);
        let rows = columns.rows();
        if rows == 0 {
            return Ok((0, Vec::new())); // A row group without rows is nothing.
        }
        let columns = columns.into_named().into_par_iter().zip(&types).map(|((_, cells), of)| pages(cells, of));
        Ok((rows, columns.collect::<PolarsResult<Vec<_>>>()?))
    };
    let parts: Vec<&[Scored<'_>]> = articles.chunks(ARTICLES_AT_ONCE).collect();
    for parts in parts.chunks(rayon::current_num_threads()) {
        let parts: Vec<(usize, Vec<Vec<CompressedPage>>)> = parts.par_iter().map(|part| pages_of(part)).collect::<PolarsResult<_>>()?;
        for (rows, columns) in parts.iter().filter(|(rows, _)| *rows > 0) {
            let columns = columns.iter().map(|pages| {
                let pages = fallible_streaming_iterator::convert(pages.iter().map(Ok::<_, PolarsError>));
                Ok(DynStreamingIterator::new(pages))
            });
            writer.write(*rows as u64, DynIter::new(columns))?;
        }
    }
    writer.end(None)?;
    Ok(writer.into_inner())
}

/// A column, encoded and compressed.
fn pages(cells: Cells<'_>, of: &ParquetType) -> PolarsResult<Vec<CompressedPage>> {
    // Lists have one column of values, too.
    let encoding = cells.encoding();
    let columns = array_to_columns(cells.array()?, of.clone(), OPTIONS, &[encoding])?;
    columns.into_iter().flatten().map(|page| Ok(compress(page?, Vec::new(), OPTIONS.compression)?)).collect()
}

impl Cells<'_> {
    fn dtype(&self) -> DataType {
        match self {
            Cells::Text(_) => DataType::String,
            Cells::Whole(_) => DataType::UInt32,
            Cells::Real(_) => DataType::Float64,
            Cells::Lists(_) => DataType::List(Box::new(DataType::String)),
        }
    }

    fn encoding(&self) -> Encoding {
        if matches!(self, Cells::Lists(_)) { Encoding::Plain } else { Encoding::RleDictionary }
    }

    fn array(self) -> PolarsResult<Box<dyn Array>> {
        Ok(match self {
            Cells::Text(texts) => texts.array()?,
            Cells::Whole(cells) => numbers(&cells),
            Cells::Real(cells) => numbers(&cells),
            Cells::Lists(lists) => lists.array()?,
        })
    }
}

/// Which cells are not empty: eight at once, because a bit at a time takes longer than encoding the column.
fn known<T>(cells: &[T], is_known: impl Fn(&T) -> bool) -> Bitmap {
    let eight = |cells: &[T]| cells.iter().enumerate().fold(0, |bits, (place, cell)| bits | u8::from(is_known(cell)) << place);
    Bitmap::from_u8_vec(cells.chunks(8).map(eight).collect(), cells.len())
}

fn numbers<T: NativeType + Default>(cells: &[Option<T>]) -> Box<dyn Array> {
    let values = cells.iter().map(|cell| cell.unwrap_or_default()).collect();
    Box::new(PrimitiveArray::from_vec(values).with_validity(Some(known(cells, Option::is_some))))
}

impl Texts<'_> {
    fn array(mut self) -> PolarsResult<Box<dyn Array>> {
        let mut ids = std::mem::take(&mut self.cells);
        let texts = self.texts();
        if texts.is_empty() {
            return Ok(Box::new(Utf8ViewArray::from_slice(vec![None::<&str>; ids.len()])));
        }
        let known = ids.contains(&NO_TEXT).then(|| known(&ids, |&id| id != NO_TEXT));
        if known.is_some() {
            // An empty cell needs some number that is one of a text.
            ids.iter_mut().filter(|id| **id == NO_TEXT).for_each(|id| *id = 0);
        }
        let ids = PrimitiveArray::from_vec(ids).with_validity(known);
        Ok(Box::new(DictionaryArray::try_from_keys(ids, Utf8ViewArray::from_slice_values(texts).boxed(), false)?))
    }
}

impl Lists<'_> {
    fn array(&self) -> PolarsResult<Box<dyn Array>> {
        let ends = self.ends.iter().map(|&end| end as i64);
        let offsets: OffsetsBuffer<i64> = std::iter::once(0).chain(ends).collect::<Vec<_>>().try_into()?;
        let items = Utf8ViewArray::from_slice_values(&self.items).boxed();
        Ok(Box::new(ListArray::new(ListArray::<i64>::default_datatype(items.dtype().clone()), offsets, items, None)))
    }
}
