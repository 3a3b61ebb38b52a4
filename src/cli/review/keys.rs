//! Keys of a terminal, one at a time without Enter. However it ends, the terminal gets its mode back.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use rustix::time::Timespec;

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Enter,
    Escape,
    Backspace,
    Delete,
    Left,
    Right,
    Home,
    End,
    /// Ctrl-U.
    KillLine,
    /// Ctrl-W.
    KillWord,
    /// Ctrl-C, or a signal that asks to stop.
    Interrupt,
    /// The terminal has gone, or Ctrl-D.
    Gone,
    /// Text that was pasted; see [`Keys::pasted`].
    Pasted,
    /// Anything else.
    Other,
}

/// Whether there is a terminal to show on and to ask on.
pub(super) fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The keys of the terminal. When it is dropped, also by a panic, the terminal is as it was.
pub(super) struct Keys {
    /// The mode as it was; `None` where it could not be changed, so that lines are read and their first characters are the keys.
    before: Option<Termios>,
    waiting: Vec<u8>,
    /// Whether the terminal was told to mark what is pasted.
    marks: bool,
    pasted: String,
    stop: Arc<AtomicBool>,
}

impl Drop for Keys {
    fn drop(&mut self) {
        if self.marks {
            let _ = write!(io::stdout(), "{UNMARK}").and_then(|()| io::stdout().flush());
        }
        if let Some(before) = &self.before {
            // There is nobody to tell when that fails.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// How long a wait for a key lasts before it is looked whether the program is to stop; how long after Escape the rest of a sequence comes.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Tell a terminal to mark what is pasted, and not to.
const MARK: &str = "\x1b[?2004h";
const UNMARK: &str = "\x1b[?2004l";

/// Marks around what is pasted.
const BEGIN: &[u8] = b"\x1b[200~";
const END: &[u8] = b"\x1b[201~";

/// Bytes of a paste that are kept.
const LONGEST_PASTE: usize = 1 << 16;

/// Longest sequence of a key.
const LONGEST: usize = 16;

impl Keys {
    /// Takes the terminal over: keys come at once, are not shown, and Ctrl-C is one of them. Output is as it was. A terminal that takes
    /// escape sequences is asked to mark what is pasted.
    pub fn open(stop: &Arc<AtomicBool>, takes_sequences: bool) -> Keys {
        let before = tcgetattr(io::stdin()).ok();
        let taken = before.filter(|before| {
            let mut mode = before.clone();
            mode.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
            mode.special_codes[SpecialCodeIndex::VMIN] = 1;
            mode.special_codes[SpecialCodeIndex::VTIME] = 0;
            tcsetattr(io::stdin(), OptionalActions::Now, &mode).is_ok()
        });
        let marks = taken.is_some() && takes_sequences && write!(io::stdout(), "{MARK}").and_then(|()| io::stdout().flush()).is_ok();
        Keys { before: taken, waiting: Vec::new(), marks, pasted: String::new(), stop: Arc::clone(stop) }
    }

    /// Whether keys come without Enter.
    pub fn is_raw(&self) -> bool {
        self.before.is_some()
    }

    /// Waits for a key.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn key(&mut self) -> io::Result<Key> {
        if !self.is_raw() {
            let line = self.whole_line()?;
            return Ok(line.map_or(Key::Gone, |line| line.trim().chars().next().map_or(Key::Enter, Key::Char)));
        }
        loop {
            if self.waiting.starts_with(BEGIN) {
                return self.paste();
            }
            if let Some((key, length)) = decoded(&self.waiting) {
                self.waiting.drain(..length);
                return Ok(key);
            }
            if self.stop.load(Ordering::Relaxed) {
                return Ok(Key::Interrupt);
            }
            match self.fill()? {
                Filled::More => {}
                Filled::Gone => return Ok(Key::Gone),
                // What has begun and does not go on is what it is: Escape alone, or nothing that is known.
                Filled::Nothing if self.waiting.is_empty() => {}
                Filled::Nothing => {
                    let is_escape = self.waiting == [0x1b];
                    self.waiting.clear();
                    return Ok(if is_escape { Key::Escape } else { Key::Other });
                }
            }
        }
    }

    /// The text that was pasted last, in one line, without control characters.
    pub fn pasted(&self) -> &str {
        &self.pasted
    }

    /// Reads what is pasted to its end.
    fn paste(&mut self) -> io::Result<Key> {
        self.waiting.drain(..BEGIN.len());
        loop {
            if let Some(end) = self.waiting.windows(END.len()).position(|bytes| bytes == END) {
                let pasted: Vec<u8> = self.waiting.drain(..end + END.len()).take(end.min(LONGEST_PASTE)).collect();
                self.pasted = one_line(&String::from_utf8_lossy(&pasted));
                return Ok(Key::Pasted);
            }
            if self.waiting.len() > 2 * LONGEST_PASTE {
                // The end mark may have begun.
                self.waiting.drain(LONGEST_PASTE..self.waiting.len() - END.len());
            }
            if self.stop.load(Ordering::Relaxed) {
                return Ok(Key::Interrupt);
            }
            if let Filled::Gone = self.fill()? {
                return Ok(Key::Gone);
            }
        }
    }

    /// Waits for a whole line, where keys do not come one by one; `None` at the end.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn whole_line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line)?;
        Ok((read > 0 && !self.stop.load(Ordering::Relaxed)).then(|| line.trim_end_matches(['\n', '\r']).to_owned()))
    }

    fn fill(&mut self) -> io::Result<Filled> {
        let stdin = io::stdin();
        let mut polled = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut polled, Some(&PAUSE)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(Filled::Nothing),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut bytes = [0; 256];
        // Not through the buffer of the standard library, which poll does not know of.
        match rustix::io::read(&stdin, &mut bytes) {
            Ok(0) | Err(rustix::io::Errno::IO) => Ok(Filled::Gone),
            Ok(read) => {
                self.waiting.extend_from_slice(&bytes[..read]);
                Ok(Filled::More)
            }
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Ok(Filled::Nothing),
            Err(error) => Err(error.into()),
        }
    }
}

enum Filled {
    More,
    Nothing,
    Gone,
}

/// Line ends and tabs are blanks; other control characters are left out.
fn one_line(text: &str) -> String {
    let text = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    text.trim().chars().filter(|c| !c.is_control()).collect()
}

/// The first key of the bytes and how many are its; `None` where more must come.
fn decoded(bytes: &[u8]) -> Option<(Key, usize)> {
    let key = |key| Some((key, 1));
    match *bytes.first()? {
        0x03 => key(Key::Interrupt),
        0x04 => key(Key::Gone),
        0x01 => key(Key::Home),
        0x05 => key(Key::End),
        0x02 => key(Key::Left),
        0x06 => key(Key::Right),
        0x15 => key(Key::KillLine),
        0x17 => key(Key::KillWord),
        0x08 | 0x7f => key(Key::Backspace),
        b'\r' | b'\n' => key(Key::Enter),
        0x1b => sequence(bytes),
        byte if byte < 0x20 => key(Key::Other),
        byte if byte < 0x80 => key(Key::Char(char::from(byte))),
        byte => {
            let length = match byte {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return key(Key::Other),
            };
            let whole = bytes.get(..length)?;
            match std::str::from_utf8(whole).ok().and_then(|text| text.chars().next()) {
                Some(c) => Some((Key::Char(c), length)),
                None => key(Key::Other),
            }
        }
    }
}

/// A key that a terminal sends as Escape with more: `ESC [ … letter` or `ESC O letter`.
fn sequence(bytes: &[u8]) -> Option<(Key, usize)> {
    match *bytes.get(1)? {
        b'[' | b'O' => {}
        0x1b => return Some((Key::Escape, 1)),
        _ => return Some((Key::Other, 2)),
    }
    let last = match bytes.iter().skip(2).position(|byte| (0x40..=0x7e).contains(byte)) {
        Some(at) => at + 2,
        None if bytes.len() >= LONGEST => return Some((Key::Other, bytes.len())),
        None => return None,
    };
    let key = match (bytes[last], &bytes[2..last]) {
        (b'D', _) => Key::Left,
        (b'C', _) => Key::Right,
        (b'H', _) | (b'~', b"1" | b"7") => Key::Home,
        (b'F', _) | (b'~', b"4" | b"8") => Key::End,
        (b'~', b"3") => Key::Delete,
        _ => Key::Other,
    };
    Some((key, last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_keys() {
        for (bytes, key, length) in [
            (&b"ab"[..], Key::Char('a'), 1),
            ("é".as_bytes(), Key::Char('é'), 2),
            ("十倍".as_bytes(), Key::Char('十'), 3),
            (b"\x1b[D", Key::Left, 3),
            (b"\x1bOC", Key::Right, 3),
            (b"\x1b[3~a", Key::Delete, 4),
            (b"\x1b[1;5Hq", Key::Home, 6),
            (b"\x1b\x1b[D", Key::Escape, 1),
            (b"\x1bq", Key::Other, 2),
            (b"\xff", Key::Other, 1),
            (b"\xc3a", Key::Other, 1),
            (b"\x03", Key::Interrupt, 1),
            (b"\t", Key::Other, 1),
        ] {
            assert_eq!(decoded(bytes), Some((key, length)), "{bytes:?}");
        }
        for begun in [&b""[..], b"\x1b", b"\x1b[", b"\x1b[1;", b"\xe5\x8d"] {
            assert_eq!(decoded(begun), None, "{begun:?}");
        }
        assert_eq!(decoded(&[b"\x1b[".as_slice(), &[b'1'; 30]].concat()), Some((Key::Other, 32)));
    }
}
