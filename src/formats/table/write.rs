//! Rows in canonical form.

use super::is_conflict_marker;
/// Writes a table canonically: UTF-8 without BOM, `,` between cells, LF rows, quotes only where a cell needs them.
///
/// ```
/// use claim_assay::formats::table::write;
/// assert_eq!(write(&["id", "quote"], [["c1", "more than 37,000"], ["c2", "tenfold"]]), "id,quote\nc1,\"more than 37,000\"\nc2,tenfold\n");
/// ```
pub fn write<C, R>(columns: &[C], rows: impl IntoIterator<Item = R>) -> String
where
    C: AsRef<str>,
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut out = String::new();
    write_row(&mut out, columns.iter().map(AsRef::as_ref));
    for row in rows {
        let cells: Vec<R::Item> = row.into_iter().collect();
        write_row(&mut out, cells.iter().map(AsRef::as_ref));
    }
    out
}

fn write_row<'a>(out: &mut String, cells: impl ExactSizeIterator<Item = &'a str>) {
    let only = cells.len() == 1;
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        // A lone empty cell would be an empty line, and a marker at the start of a line would be taken for a merge conflict.
        let needs = cell.contains([',', '"', '\n', '\r']) || (only && cell.is_empty()) || (i == 0 && is_conflict_marker(cell));
        if needs {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}
