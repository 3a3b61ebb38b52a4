//! A file in blocks of whole lines, so that it need not be held in memory.

use std::fs::File;
use std::io::{self, Read};

use super::read::{LONGEST_LINE, other_format};

/// Bytes that are asked of the system at the least.
const READ: usize = 64 << 10;

/// Bytes at which a block that was asked for by lines is full however few it has: blocks stay small whatever the lines are like.
const MOST_BYTES: usize = 4 << 20;

/// Lines of a file in the order of the file. What is read and not given away is less than a block and a line.
#[derive(Debug)]
pub(crate) struct Lines {
    file: File,
    /// Bytes that may still be read: a file may grow while it is read.
    left: u64,
    /// Read and, from `start` on, not given away.
    rest: Vec<u8>,
    start: usize,
    /// Place in the file of the byte at `start`.
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
    /// Where the whole lines end that were found.
    whole: usize,
    /// Behind `whole`, there is no line feed up to here.
    searched: usize,
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
    /// The lines of an open file of at most `limit` bytes, without a byte order mark. `None` where its first bytes are those of
    /// another format.
    pub fn new(file: File, limit: u64) -> io::Result<Option<Lines>> {
        let mut lines = Lines { file, left: limit, rest: Vec::new(), start: 0, offset: 0, line: 0, at_end: false, expected: READ };
        let mut rest = vec![0; READ];
        let length = lines.read(&mut rest)?;
        rest.truncate(length);
        if other_format(&rest).is_some() {
            return Ok(None);
        }
        lines.start = if rest.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        lines.offset = lines.start as u64;
        lines.rest = rest;
        Ok(Some(lines))
    }

    /// Fills a block with whole lines of about that many bytes, one line at the least. There may be only blank ones.
    ///
    /// An error where the file is longer than its limit, or a line longer than [`LONGEST_LINE`].
    pub fn take_bytes(&mut self, bytes: usize, block: &mut Block) -> io::Result<()> {
        self.take(usize::MAX, bytes, bytes, block)
    }

    /// Fills a block with that many lines, with all that are left, or with fewer where they are long. Blank lines do not count, and
    /// there may be none but those.
    ///
    /// An error as in [`Lines::take_bytes`].
    pub fn take_lines(&mut self, count: usize, block: &mut Block) -> io::Result<()> {
        // Neighbouring blocks are of about the same length.
        self.take(count, MOST_BYTES, self.expected + self.expected / 16, block)?;
        self.expected = block.length;
        Ok(())
    }

    /// Whether nothing is left to take.
    pub fn is_at_end(&self) -> bool {
        self.at_end && self.start == self.rest.len()
    }

    /// Takes back the lines behind the first `count` of the block that was filled last.
    pub fn take_back(&mut self, count: usize, block: &mut Block) {
        if let Some(&Line { start, number, .. }) = block.lines.get(count) {
            self.put_back(&block.bytes[start..block.length]);
            self.offset = block.offset + start as u64;
            self.line = number - 1;
            block.length = start;
            block.lines.truncate(count);
        }
    }

    /// Takes lines until there are `count` of them, or of `bytes` bytes; `first` bytes may be enough.
    fn take(&mut self, count: usize, bytes: usize, first: usize, block: &mut Block) -> io::Result<()> {
        block.empty(self.offset);
        let mut wanted = first.min(bytes);
        loop {
            self.move_to(block, wanted.saturating_sub(block.length))?;
            let is_all = self.is_at_end();
            block.find_lines(&mut self.line, count, is_all);
            if block.lines.len() == count || is_all || (block.whole > 0 && block.length >= bytes) {
                break;
            }
            if block.length - block.whole > LONGEST_LINE {
                return Err(io::Error::other("a line is over the limit"));
            }
            wanted = block.length + block.length / 4 + READ;
        }
        self.put_back(&block.bytes[block.whole..block.length]);
        block.length = block.whole;
        self.offset += block.whole as u64;
        Ok(())
    }

    /// Adds bytes to a block: those that are here, then new ones, rather too many than too often few.
    fn move_to(&mut self, block: &mut Block, bytes: usize) -> io::Result<()> {
        let here = bytes.min(self.rest.len() - self.start);
        block.room(here).copy_from_slice(&self.rest[self.start..self.start + here]);
        block.length += here;
        self.start += here;
        if here < bytes && !self.at_end {
            block.length += self.read(block.room((bytes - here).max(READ)))?;
        }
        Ok(())
    }

    /// Puts bytes before those that are here.
    fn put_back(&mut self, bytes: &[u8]) {
        if self.start == self.rest.len() {
            self.rest.clear();
            self.start = 0;
        }
        if bytes.len() > self.start {
            let (missing, length) = (bytes.len() - self.start, self.rest.len());
            self.rest.resize(length + missing, 0);
            self.rest.copy_within(self.start..length, bytes.len());
            self.start = bytes.len();
        }
        self.start -= bytes.len();
        self.rest[self.start..self.start + bytes.len()].copy_from_slice(bytes);
    }

    /// Reads until the buffer is full or the file ends; how much was read.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut length = 0;
        while length < buffer.len() && !self.at_end {
            match self.file.read(&mut buffer[length..]) {
                Ok(0) => self.at_end = true,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.left = self.left.checked_sub(length as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(length)
    }
}

impl Block {
    fn empty(&mut self, offset: u64) {
        (self.length, self.whole, self.searched, self.offset) = (0, 0, 0, offset);
        self.lines.clear();
    }

    /// Room for so many bytes behind the block.
    fn room(&mut self, bytes: usize) -> &mut [u8] {
        let end = self.length + bytes;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        &mut self.bytes[self.length..end]
    }

    /// Finds lines that are not blank, behind those that were found, until there are `count`. `line` lines stand before them in the
    /// file. Behind the last line feed is a line only where the file ends.
    fn find_lines(&mut self, line: &mut u64, count: usize, at_end: bool) {
        let bytes = &self.bytes[..self.length];
        let last = (at_end && !bytes.is_empty() && !bytes.ends_with(b"\n")).then_some(bytes.len());
        for end in memchr::memchr_iter(b'\n', &bytes[self.searched..]).map(|at| self.searched + at).chain(last) {
            if self.lines.len() == count {
                return;
            }
            *line += 1;
            let text = &bytes[self.whole..end];
            if text.first() == Some(&b'{') || !text.iter().all(u8::is_ascii_whitespace) {
                self.lines.push(Line { start: self.whole, end, number: *line });
            }
            self.whole = (end + 1).min(bytes.len());
        }
        self.searched = bytes.len();
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
    use std::io::{Seek, Write};

    use super::*;

    fn file(content: &str) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        file.rewind().unwrap();
        file
    }

    fn lines(content: &str) -> Lines {
        Lines::new(file(content), content.len() as u64).unwrap().unwrap()
    }

    type Texts = Vec<(u64, u64, String)>;

    fn texts(block: &Block) -> Texts {
        block.lines().unwrap().map(|line| (line.number, line.offset, line.text.to_owned())).collect()
    }

    /// What `take` gives until the file ends, and how much was held at the most.
    fn all(content: &str, mut take: impl FnMut(&mut Lines, &mut Block)) -> (Texts, usize) {
        let (mut from, mut block, mut all, mut most) = (lines(content), Block::default(), Vec::new(), 0);
        loop {
            take(&mut from, &mut block);
            if block.len() == 0 && from.is_at_end() {
                return (all, most);
            }
            most = most.max(block.bytes.len() + from.rest.len());
            all.extend(texts(&block));
        }
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
                let (found, _) = all(content, |lines, block| lines.take_bytes(bytes, block).unwrap());
                assert_eq!(found, expected, "{bytes} bytes");
                for kept in 1..3 {
                    let (found, _) = all(content, |lines, block| {
                        lines.take_bytes(bytes, block).unwrap();
                        lines.take_back(kept, block);
                        assert!(block.len() <= kept);
                    });
                    assert_eq!(found, expected, "{bytes} bytes, {kept} lines of them");
                }
            }
            for count in [1, 2, 100] {
                let (found, _) = all(content, |lines, block| {
                    lines.take_lines(count, block).unwrap();
                    assert!(block.len() <= count);
                });
                assert_eq!(found, expected, "{count} lines");
            }
        }
    }

    #[test]
    fn little_is_held_where_long_lines_come_before_short_ones() {
        let long = format!("{{{}}}\n", "x".repeat(MOST_BYTES / 10));
        let content = format!("{}{}{}{}", long.repeat(35), "{}\n".repeat(2 * MOST_BYTES), "\n".repeat(3 * MOST_BYTES), long.repeat(15));
        let (found, most) = all(&content, |lines, block| lines.take_lines(50_000, block).unwrap());
        assert_eq!(found.len(), 50 + 2 * MOST_BYTES);
        assert_eq!(found.last().map(|last| (last.0, last.1)), Some((50 + 5 * MOST_BYTES as u64, (content.len() - long.len()) as u64)));
        assert!(most < 3 * MOST_BYTES, "{most}");
    }

    #[test]
    fn a_line_over_the_limit_is_an_error_before_it_is_read_whole() {
        for (more, end) in [(0, ""), (0, "\n"), (3 * LONGEST_LINE, ""), (3 * LONGEST_LINE, "\n{}")] {
            let content = format!("{{}}\n{}{end}", "x".repeat(LONGEST_LINE + more));
            let ways: [fn(&mut Lines, &mut Block) -> io::Result<()>; 2] =
                [|lines, block| lines.take_bytes(4 * READ, block), |lines, block| lines.take_lines(9, block)];
            for take in ways {
                let (mut lines, mut block, mut count) = (lines(&content), Block::default(), 0);
                let all = loop {
                    if let Err(error) = take(&mut lines, &mut block) {
                        break Err(error);
                    }
                    count += block.len();
                    if block.len() == 0 && lines.is_at_end() {
                        break Ok(count);
                    }
                };
                assert_eq!(all.is_ok_and(|count| count == 2), more == 0, "{more} {end:?}");
                assert!(block.bytes.len() < 2 * LONGEST_LINE, "{}", block.bytes.len());
            }
        }
    }

    #[test]
    fn a_file_that_grows_over_the_limit_is_an_error() {
        let mut growing = tempfile::NamedTempFile::new().unwrap();
        growing.write_all("{}\n".repeat(READ).as_bytes()).unwrap();
        let mut lines = Lines::new(File::open(growing.path()).unwrap(), 3 * READ as u64).unwrap().unwrap();
        let mut block = Block::default();
        lines.take_bytes(2 * READ, &mut block).unwrap();
        growing.write_all(b"\n").unwrap();
        let error = lines.take_bytes(2 * READ, &mut block).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
