//! Files of `.assay/label/`: a JSON value a line, written at the end.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::files::{self, FileError};

/// Largest file, in bytes.
const MOST: u64 = 256 << 20;

/// A file with a JSON value a line. Others may write to it at any time.
#[derive(Debug)]
pub(super) struct LineFile {
    root: PathBuf,
    relative: String,
    /// Its length in bytes when it was last read or written.
    seen: u64,
}

/// A line: its value, or what is wrong with it.
pub(super) type Line<T> = Result<T, String>;

impl LineFile {
    /// The file `.assay/label/<name>.jsonl` below `root`, which need not be there.
    pub fn new(root: &Path, name: &str) -> LineFile {
        LineFile { root: root.to_owned(), relative: format!(".assay/label/{name}.jsonl"), seen: 0 }
    }

    /// The name for messages.
    pub fn shown(&self) -> String {
        files::shown_path(&self.root.join(&self.relative))
    }

    /// Whether somebody wrote to it since it was last read or written here.
    pub fn has_changed(&self) -> bool {
        let length = self.root.join(&self.relative).metadata().map_or(0, |metadata| metadata.len());
        length != self.seen
    }

    /// All lines. A last one without a line feed was cut short when a process died: it is left out.
    pub fn read<T: DeserializeOwned>(&mut self) -> Result<Vec<Line<T>>, FileError> {
        let bytes = match files::read(&self.place()?, MOST) {
            Ok(bytes) => bytes,
            Err(FileError::Missing) => Vec::new(),
            Err(error) => return Err(error),
        };
        self.seen = bytes.len() as u64;
        let whole = memchr::memrchr(b'\n', &bytes).map_or(&[][..], |end| &bytes[..end]);
        let lines = whole.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        Ok(lines.map(|line| serde_json::from_slice(line).map_err(|error| error.to_string())).collect())
    }

    /// Adds a line at the end.
    pub fn append(&mut self, value: &impl Serialize) -> Result<(), FileError> {
        let path = self.place()?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
            // Where no workspace ignores it: this is of one machine, and no part of a dataset.
            let ignore = folder.join(".gitignore");
            if !ignore.exists() {
                std::fs::write(ignore, "*\n")?;
            }
        }
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err(FileError::NotRegular("a folder or device"));
        }
        let mut file = File::options().read(true).append(true).create(true).open(&path)?;
        let before = file.metadata()?.len();
        let mut line = Vec::new();
        if !ends_a_line(&mut file)? {
            line.push(b'\n');
        }
        serde_json::to_writer(&mut line, value).map_err(std::io::Error::from)?;
        line.push(b'\n');
        file.write_all(&line)?;
        // What somebody else has added is still to be read, and this line with it.
        if before == self.seen {
            self.seen = before + line.len() as u64;
        }
        Ok(())
    }

    /// Writes the file anew.
    pub fn rewrite<T: Serialize>(&mut self, values: impl Iterator<Item = T>) -> Result<(), FileError> {
        let mut bytes = Vec::new();
        for value in values {
            serde_json::to_writer(&mut bytes, &value).map_err(std::io::Error::from)?;
            bytes.push(b'\n');
        }
        files::write_whole(&self.place()?, &bytes)?;
        self.seen = bytes.len() as u64;
        Ok(())
    }

    fn place(&self) -> Result<PathBuf, FileError> {
        files::place_inside(&self.root, &self.relative)
    }
}

/// Whether a file is empty or ends with a line feed.
fn ends_a_line(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// A part of a file name: what is not safe in one becomes `_`, and a name that was changed gets a mark that tells it from others.
pub(super) fn file_part(name: &str) -> String {
    if crate::dataset::is_safe_id(name) {
        return name.to_owned();
    }
    use sha2::{Digest, Sha256};
    let safe: String = name.chars().take(40).map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect();
    format!("{safe}-{}", crate::dataset::hex(&Sha256::digest(name)[..4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_and_a_torn_one_does_no_harm() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = LineFile::new(dir.path(), "x");
        assert_eq!(file.read::<u32>().unwrap(), []);
        file.append(&1).unwrap();
        file.append(&2).unwrap();
        assert!(!file.has_changed());
        let path = dir.path().join(".assay/label/x.jsonl");
        std::fs::write(&path, "1\n2\n{\"to").unwrap();
        assert!(file.has_changed());
        assert_eq!(file.read::<u32>().unwrap(), [Ok(1), Ok(2)]);
        file.append(&3).unwrap();
        let lines = file.read::<u32>().unwrap();
        assert_eq!((lines.len(), &lines[3]), (4, &Ok(3)));
        assert!(lines[2].is_err());
        file.rewrite([7].iter()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "7\n");
    }

    #[test]
    fn nothing_is_written_through_a_link_that_leads_out() {
        let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), dir.path().join(".assay")).unwrap();
        assert!(matches!(LineFile::new(dir.path(), "x").append(&1), Err(FileError::Outside)));
    }

    #[test]
    fn names_of_datasets_become_names_of_files() {
        assert_eq!(file_part("tenfold"), "tenfold");
        let (a, b) = (file_part("../x"), file_part(".. x"));
        assert!(a.starts_with("___x-") && a != b, "{a} {b}");
    }
}
