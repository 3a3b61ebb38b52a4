//! Whether the pages of a file can be what they say they are.

use std::io::Cursor;

use polars::prelude::PolarsResult;
use polars_buffer::Buffer;
use polars_parquet::parquet::page::CompressedPage;
use polars_parquet::parquet::read::{PageReader, read_metadata};

/// Whether no page of a file says that it has more values than its column, and no column that it lies behind the file.
///
/// Room for the values of a page is made before they are read: a damaged number there would end the process, which cannot be caught.
pub(super) fn are_plausible(bytes: &[u8]) -> PolarsResult<bool> {
    // Lends the bytes: pages are parts of them, and gone when this ends.
    Buffer::with_slice(bytes, of_file)
}

fn of_file(file: Buffer<u8>) -> PolarsResult<bool> {
    let metadata = read_metadata(&mut Cursor::new(file.as_slice()))?;
    for column in metadata.row_groups.iter().flat_map(|group| group.parquet_columns()) {
        let range = column.byte_range();
        let (start, end) = (range.start as usize, range.end as usize);
        let Ok(most) = u32::try_from(column.num_values()) else { return Ok(false) };
        if start > end || end > file.len() {
            return Ok(false);
        }
        let pages = PageReader::new(Cursor::new(file.clone().sliced(start..end)), column, Vec::new(), file.len());
        for page in pages {
            if let CompressedPage::Data(page) = page?
                && page.num_values() > most as usize
            {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
