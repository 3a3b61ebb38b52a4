//! A file in blocks of whole lines, so that it need not be held in memory.

use std::fs::File;
use std::io::{self, Read};

use super::read::other_format;

/// Bytes that are asked of the system at the least.
const READ: usize = 64 << 10;

/// Lines of a file in the order of the file.
#[derive(Debug)]
pub(crate) struct Lines {
    file: File,
    /// Read and not given away yet.
    rest: Vec<u8>,
    /// Place in the file of the first byte of `rest`.
    offset: u64,
    /// Lines before it.
    line: u64,
    at_end: bool,
    /// Length of the block before.
    expected: usize,
}

/// Some lines of a file, without the blank ones. Used again for the next lines.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// The first `length` are the block; the others are room to read into.
    bytes: Vec<u8>,
    length: usize,
    /// Place of the block in the file.
    offset: u64,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    start: usize,
    end: usize,
    /// 1-based, in the file.
    number: u64,
}

/// One line of a [`Block`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockLine<'b> {
    pub text: &'b str,
    /// 1-based.
    pub number: u64,
    /// Place of its first byte in the file.
    pub offset: u64,
}

impl Lines {
    /// The lines of an open file, without a byte order mark. `None` where its first bytes are those of another format.
    pub fn new(mut file: File) -> io::Result<Option<Lines>> {
        let mut rest = vec![0; READ];
        let length = fill(&mut file, &mut rest)?;
        let at_end = length < rest.len();
        rest.truncate(length);
        if other_format(&rest).is_some() {
            return Ok(None);
        }
        let mark = if rest.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        rest.drain(..mark);
        Ok(Some(Lines { file, rest, offset: mark as u64, line: 0, at_end, expected: READ }))
    }

    /// Fills a block with whole lines of about that many bytes, one line at the least.
    pub fn take_bytes(&mut self, bytes: usize, block: &mut Block) -> io::Result<()> {
        self.begin(block);
        while !self.at_end && (block.length < bytes || memchr::memrchr(b'\n', &block.bytes[..block.length]).is_none()) {
            self.read_more(bytes.saturating_sub(block.length).max(READ), block)?;
        }
        let found = block.find_lines(self.line, usize::MAX, self.at_end);
        self.keep_rest(found, block);
        Ok(())
    }

    /// Fills a block with that many lines, or all that are left. Blank lines do not count.
    pub fn take_lines(&mut self, count: usize, block: &mut Block) -> io::Result<()> {
        self.begin(block);
        // Neighbouring blocks are of about the same length.
        let mut wanted = self.expected + self.expected / 16;
        let found = loop {
            if block.length < wanted && !self.at_end {
                self.read_more((wanted - block.length).max(READ), block)?;
            }
            let found = block.find_lines(self.line, count, self.at_end);
            if block.lines.len() == count || self.at_end {
                break found;
            }
            wanted = block.length + block.length / 4 + READ;
        };
        self.keep_rest(found, block);
        Ok(())
    }

    /// Whether nothing is left to take.
    pub fn is_at_end(&self) -> bool {
        self.at_end && self.rest.is_empty()
    }

    fn begin(&mut self, block: &mut Block) {
        block.lines.clear();
        block.offset = self.offset;
        block.length = self.rest.len();
        if block.bytes.len() < self.rest.len() {
            block.bytes.resize(self.rest.len(), 0);
        }
        block.bytes[..self.rest.len()].copy_from_slice(&self.rest);
    }

    fn read_more(&mut self, bytes: usize, block: &mut Block) -> io::Result<()> {
        let end = block.length + bytes;
        if block.bytes.len() < end {
            block.bytes.resize(end, 0);
        }
        let read = fill(&mut self.file, &mut block.bytes[block.length..end])?;
        block.length += read;
        self.at_end = read < bytes;
        Ok(())
    }

    /// Gives back what stands behind the lines of a block.
    fn keep_rest(&mut self, found: Found, block: &mut Block) {
        self.rest.clear();
        self.rest.extend_from_slice(&block.bytes[found.end..block.length]);
        block.length = found.end;
        self.expected = found.end;
        self.offset += found.end as u64;
        self.line = found.line;
    }
}

/// Reads until the buffer is full or the file ends; how much was read.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Where the lines of a block end.
struct Found {
    end: usize,
    /// Lines of the file up to there.
    line: u64,
}

impl Block {
    /// Finds up to `count` lines that are not blank, `line` lines standing before the block. Behind the last line feed is a line only
    /// where the file ends.
    fn find_lines(&mut self, mut line: u64, count: usize, at_end: bool) -> Found {
        self.lines.clear();
        let bytes = &self.bytes[..self.length];
        let mut start = 0;
        let last = (at_end && !bytes.is_empty() && !bytes.ends_with(b"\n")).then_some(bytes.len());
        for end in memchr::memchr_iter(b'\n', bytes).chain(last) {
            if self.lines.len() == count {
                break;
            }
            line += 1;
            let text = &bytes[start..end];
            if text.first() == Some(&b'{') || !text.iter().all(u8::is_ascii_whitespace) {
                self.lines.push(Line { start, end, number: line });
            }
            start = (end + 1).min(bytes.len());
        }
        Found { end: start, line }
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The lines; `None` where they are not UTF-8.
    pub fn lines(&self) -> Option<impl Iterator<Item = BlockLine<'_>>> {
        // The cuts are at line feeds, which are never inside of a code point.
        let text = std::str::from_utf8(&self.bytes[..self.length]).ok()?;
        Some(self.lines.iter().map(move |line| BlockLine {
            text: text.get(line.start..line.end).unwrap_or_default(),
            number: line.number,
            offset: self.offset + line.start as u64,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(content: &str) -> Lines {
        use std::io::{Seek, Write};
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        file.rewind().unwrap();
        Lines::new(file).unwrap().unwrap()
    }

    fn texts(block: &Block) -> Vec<(u64, u64, String)> {
        block.lines().unwrap().map(|line| (line.number, line.offset, line.text.to_owned())).collect()
    }

    #[test]
    fn every_line_that_is_not_blank_comes_once_with_its_place_however_the_file_is_cut() {
        let long = format!("{{\"{}\"}}", "x".repeat(3 * READ));
        for content in ["", "\n \r\n", "{a}", "{a}\n", "\u{feff}{a}\r\n\n {b}\n{c}", &format!("{{a}}\n{long}\n{{b}}\n{long}")] {
            let text = content.strip_prefix('\u{feff}').unwrap_or(content);
            let mark = (content.len() - text.len()) as u64;
            let mut at = mark;
            let mut expected = Vec::new();
            for (number, line) in text.split('\n').enumerate() {
                if !line.trim().is_empty() {
                    expected.push((number as u64 + 1, at, line.to_owned()));
                }
                at += line.len() as u64 + 1;
            }
            for bytes in [1, 5, 1 << 20] {
                let (mut from, mut block, mut all) = (lines(content), Block::default(), Vec::new());
                loop {
                    from.take_bytes(bytes, &mut block).unwrap();
                    if block.len() == 0 && from.is_at_end() {
                        break;
                    }
                    all.extend(texts(&block));
                }
                assert_eq!(all, expected, "{bytes} bytes");
            }
            for count in [1, 2, 100] {
                let (mut from, mut block, mut all) = (lines(content), Block::default(), Vec::new());
                loop {
                    from.take_lines(count, &mut block).unwrap();
                    if block.len() == 0 {
                        break;
                    }
                    assert!(block.len() <= count);
                    all.extend(texts(&block));
                }
                assert_eq!(all, expected, "{count} lines");
            }
        }
    }
}
