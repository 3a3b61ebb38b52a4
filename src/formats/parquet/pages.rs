//! Whether the pages of a file can be what they say they are.

use std::io::Cursor;

use polars::prelude::PolarsResult;
use polars_buffer::Buffer;
use polars_parquet::parquet::page::CompressedPage;
use polars_parquet::parquet::read::{PageReader, read_metadata};

/// How many cells a file has: rows times columns. `None` where a page says that it has more values than its column, or a column that it
/// lies behind the file.
///
/// Room for the values of a page is made before they are read: a damaged number there would end the process, which cannot be caught.
pub(super) fn plausible_cells(bytes: &[u8]) -> PolarsResult<Option<u64>> {
    // Lends the bytes: pages are parts of them, and gone when this ends.
    Buffer::with_slice(bytes, of_file)
}

fn of_file(file: Buffer<u8>) -> PolarsResult<Option<u64>> {
    let metadata = read_metadata(&mut Cursor::new(file.as_slice()))?;
    let mut cells = 0u64;
    for group in &metadata.row_groups {
        cells = cells.saturating_add((group.num_rows() as u64).saturating_mul(group.parquet_columns().len() as u64));
    }
    for column in metadata.row_groups.iter().flat_map(|group| group.parquet_columns()) {
        let range = column.byte_range();
        let (start, end) = (range.start as usize, range.end as usize);
        let Ok(most) = u32::try_from(column.num_values()) else { return Ok(None) };
        if start > end || end > file.len() {
            return Ok(None);
        }
        let pages = PageReader::new(Cursor::new(file.clone().sliced(start..end)), column, Vec::new(), file.len());
        for page in pages {
            if let CompressedPage::Data(page) = page?
                && page.num_values() > most as usize
            {
                return Ok(None);
            }
        }
    }
    Ok(Some(cells))
}
