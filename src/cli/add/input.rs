//! Standard input and files, read whole; standard input once.

use std::io::Read;
use std::path::Path;

use anyhow::anyhow;

use crate::cli::exit::Failure;
use crate::files;

/// What `-` stands for.
pub(super) const STDIN: &str = "-";

/// Reads a file, or standard input for `-`, of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    if path != Path::new(STDIN) {
        let shown = files::shown_path(path);
        return files::read(path, limit).map_err(|error| Failure::invalid(anyhow!("{shown}: {error}")));
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).map_err(|error| anyhow!("standard input: {error}"))?;
    if bytes.len() as u64 > limit {
        return Err(Failure::invalid(anyhow!("standard input: {}", files::FileError::TooLarge(limit))));
    }
    Ok(bytes)
}

/// The text of an article, byte for byte.
pub(super) fn text(path: &Path) -> Result<String, Failure> {
    let bytes = read(path, files::MAX_TEXT)?;
    let name = name(path);
    let text = files::utf8(bytes).map_err(|error| Failure::invalid(anyhow!("{name}: {error}")))?;
    if text.starts_with('\u{feff}') {
        return Err(Failure::invalid(anyhow!("{name}: the text starts with a byte order mark; remove it: every offset would count it")));
    }
    Ok(text)
}

/// A file in messages.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new(STDIN) { "standard input".to_owned() } else { files::shown_path(path) }
}
