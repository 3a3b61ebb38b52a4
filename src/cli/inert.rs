//! Output that a CI runner reads for commands: nothing that is printed can be one, unless this program means it.
//!
//! A GitHub runner takes a line of either stream that begins with `::`, or that holds `##[` anywhere, as a command: it sets outputs, adds
//! annotations, stops other commands. Texts of articles and words of extractors end up on such lines. One character of each sign is
//! written as `\u003a` or `\u005b`, which in JSON is the same character.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether commands in the output are made inert. Clones are the same switch.
#[derive(Clone, Debug, Default)]
pub struct CommandGuard {
    is_on: bool,
    is_open: Arc<AtomicBool>,
}

impl CommandGuard {
    /// A guard that does nothing unless `is_on`.
    pub fn new(is_on: bool) -> CommandGuard {
        CommandGuard { is_on, ..CommandGuard::default() }
    }

    /// On where a GitHub runner, or one that works as it does, reads the output.
    pub fn from_env() -> CommandGuard {
        CommandGuard::new(std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true"))
    }

    /// Whether a runner reads the output.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// The stream, guarded. Nothing may stand between it and the runner that takes characters away, such as one that strips colours.
    pub fn guard<W: Write>(&self, stream: W) -> Inert<W> {
        Inert { stream, guard: self.clone(), state: State::START, buffer: Vec::new() }
    }

    /// Writes commands that are meant. Streams that are guarded by this guard let them through.
    pub(super) fn commands(&self, out: &mut dyn Write, lines: &str) -> io::Result<()> {
        // What a buffer still holds must pass the closed guard, and the commands the open one.
        out.flush()?;
        self.is_open.store(true, Ordering::SeqCst);
        let written = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
        self.is_open.store(false, Ordering::SeqCst);
        written
    }
}

/// A stream on which no line is a command.
#[derive(Debug)]
pub struct Inert<W> {
    stream: W,
    guard: CommandGuard,
    state: State,
    buffer: Vec<u8>,
}

impl<W: Write> Write for Inert<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.guard.is_on || self.guard.is_open.load(Ordering::SeqCst) {
            self.stream.write_all(bytes)?;
            self.state = if bytes.ends_with(b"\n") { State::START } else { self.state };
            return Ok(bytes.len());
        }
        self.buffer.clear();
        for &byte in bytes {
            match self.state.next(byte) {
                Some(escape) => self.buffer.extend_from_slice(escape),
                None => self.buffer.push(byte),
            }
        }
        self.stream.write_all(&self.buffer)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// What was read of a line, as far as it can still become a command. It outlives a write: one line may come in many.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Only blanks and what does not show so far.
    is_start: bool,
    /// The last byte was the first `:` of the line.
    is_colon: bool,
    /// In an escape sequence that sets a colour.
    is_escape: bool,
    /// `#`, `##`, and the letters behind `##`.
    hashes: u8,
}

impl State {
    const START: State = State { is_start: true, is_colon: false, is_escape: false, hashes: 0 };

    /// Takes a byte in; what to write in its place, if it would complete the sign of a command.
    fn next(&mut self, byte: u8) -> Option<&'static [u8]> {
        if matches!(byte, b'\n' | b'\r') {
            *self = State::START;
            return None;
        }
        if self.is_escape {
            self.is_escape = byte == b'[' || !(0x40..=0x7e).contains(&byte);
            return None;
        }
        let completes_colons = self.is_colon && byte == b':';
        let completes_hashes = self.hashes >= 2 && byte == b'[';
        self.is_colon = self.is_start && byte == b':';
        // Blanks outside of ASCII count as blanks of the line's start for some readers, so any such character does here.
        self.is_start &= byte.is_ascii_whitespace() || byte.is_ascii_control() || !byte.is_ascii();
        self.is_escape = byte == 0x1b;
        self.hashes = match byte {
            b'#' => (self.hashes + 1).min(2),
            // Other servers have a word between: `##vso[`.
            letter if self.hashes == 2 && letter.is_ascii_alphabetic() => 2,
            _ => 0,
        };
        if completes_colons {
            return Some(b"\\u003a");
        }
        completes_hashes.then_some(b"\\u005b")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded(text: &str, chunk: usize) -> String {
        let mut stream = CommandGuard::new(true).guard(Vec::new());
        text.as_bytes().chunks(chunk).for_each(|part| stream.write_all(part).unwrap());
        String::from_utf8(stream.stream).unwrap()
    }

    #[test]
    fn no_line_is_a_command_however_it_is_written() {
        let cases = [
            ("::error::x\n", ":\\u003aerror::x\n"),
            ("a\n  ::set-output name=pass::true\n", "a\n  :\\u003aset-output name=pass::true\n"),
            ("x\r::error::hidden", "x\r:\\u003aerror::hidden"),
            ("\u{a0}\u{2028}::error::x", "\u{a0}\u{2028}:\\u003aerror::x"),
            ("\u{1b}[1m::error::x\u{1b}[0m", "\u{1b}[1m:\\u003aerror::x\u{1b}[0m"),
            ("a ##[set-output name=pass;]true", "a ##\\u005bset-output name=pass;]true"),
            ("###[x ##vso[y ##teamcity[z", "###\\u005bx ##vso\\u005by ##teamcity\\u005bz"),
            ("std::io ::x a: :b #[x] ## [y]", "std::io ::x a: :b #[x] ## [y]"),
            ("10 : 1\n: x\n", "10 : 1\n: x\n"),
        ];
        for (text, expected) in cases {
            for chunk in 1..=text.len() {
                assert_eq!(guarded(text, chunk), expected, "in pieces of {chunk}");
            }
        }
    }

    #[test]
    fn json_has_the_same_value() {
        let value = serde_json::json!({"quote": "a ##[group]b", "::error::": ["::x", "##vso[y"]});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let safe = guarded(&text, 3);
        assert_ne!(safe, text);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }

    #[test]
    fn commands_that_are_meant_pass_and_what_was_buffered_before_does_not() {
        let guard = CommandGuard::new(true);
        let mut out = io::BufWriter::new(guard.guard(Vec::new()));
        out.write_all(b"::error::of an article\n").unwrap();
        guard.commands(&mut out, "::notice::meant\n").unwrap();
        out.write_all(b"::error::of an article\n").unwrap();
        let bytes = out.into_inner().unwrap().stream;
        assert_eq!(String::from_utf8(bytes).unwrap(), ":\\u003aerror::of an article\n::notice::meant\n:\\u003aerror::of an article\n");
    }

    #[test]
    fn elsewhere_nothing_is_changed() {
        let mut stream = CommandGuard::new(false).guard(Vec::new());
        stream.write_all(b"::error::x ##[y]").unwrap();
        assert_eq!(stream.stream, b"::error::x ##[y]");
    }
}
