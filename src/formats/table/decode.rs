//! Bytes to text, and what a file is that is no CSV.

use memchr::{memchr, memchr_iter};

use crate::files;

/// Why bytes are no text of a table.
pub(super) struct NotText {
    /// 1-based; 0 = the file as a whole.
    pub line: u64,
    /// What it is, and what would be right.
    pub message: String,
}

/// The text of a table without its BOM.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    let whole = |message: &str| Err(NotText { line: 0, message: message.to_owned() });
    if bytes.is_empty() {
        return whole("the file is empty; it needs a header");
    }
    if let Some(what) = other_format(&bytes) {
        return whole(what);
    }
    let text = match bytes.as_slice() {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return whole("the file is UTF-32; save it as UTF-8"),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => {
            let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let mut bytes = bytes;
            bytes.drain(..start);
            files::utf8(bytes).map_err(|error| match error {
                files::FileError::NotUtf8 { line, byte, hint, .. } => NotText {
                    line,
                    message: format!("not UTF-8 (byte 0x{byte:02x}){}{hint}", if line == 1 { " in the header" } else { "" }),
                },
                other => NotText { line: 0, message: other.to_string() },
            })?
        }
    };
    if text.trim().is_empty() {
        return whole("the file is empty; it needs a header");
    }
    if let Some(at) = memchr(0, text.as_bytes()) {
        let line = 1 + memchr_iter(b'\n', &text.as_bytes()[..at]).count() as u64;
        return Err(NotText { line, message: "a NUL byte; the file is binary, damaged, or UTF-16 without a byte order mark".to_owned() });
    }
    if !text.contains('\n') && text.trim_end_matches('\r').contains('\r') {
        return whole("lines end with CR only, as on old Macs; save with LF or CRLF line ends so that rows and columns are found");
    }
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    let mut text = String::with_capacity(units.len());
    let mut line = 1;
    for c in char::decode_utf16(units) {
        let Ok(c) = c else {
            return Err(NotText { line, message: "damaged UTF-16 (half a surrogate pair); save the file as UTF-8".to_owned() });
        };
        line += u64::from(c == '\n');
        text.push(c);
    }
    if bytes.len() % 2 == 1 {
        return Err(NotText { line, message: "damaged UTF-16 (an odd number of bytes); save the file as UTF-8".to_owned() });
    }
    Ok(text)
}

/// Says what the file is, when it is plainly something else.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let lower: Vec<u8> = start.iter().take(16).map(u8::to_ascii_lowercase).collect();
    Some(match start {
        [b'P', b'K', 3, 4, ..] => "not CSV: a zip file, such as an xlsx workbook; export the sheet as CSV",
        [0x1f, 0x8b, ..] => "not CSV: compressed with gzip; unpack it first",
        [0x89, b'P', b'N', b'G', ..] => "not CSV: a PNG image",
        [b'P', b'A', b'R', b'1', ..] => "not CSV: a Parquet file",
        [b'%', b'P', b'D', b'F', ..] => "not CSV: a PDF file",
        [b'[' | b'{', ..] => "not CSV: it starts like JSON; a header with column names is needed",
        _ if start.starts_with(b"version https://git-lfs") => "a Git LFS pointer and not the file itself; run `git lfs pull`",
        _ if lower.starts_with(b"<!doctype") || lower.starts_with(b"<html") || lower.starts_with(b"<?xml") => {
            "not CSV: an HTML or XML page, perhaps an error page of a download; a header with column names is needed"
        }
        _ if lower.starts_with(b"sep=") => "the first line is Excel's `sep=`, not the header; delete that line",
        [b'#', ..] => "line 1 is a comment; CSV has none: the first line must be the header with the column names",
        _ => return None,
    })
}
