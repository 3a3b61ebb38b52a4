//! A line that is typed: its characters and the cursor, without a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::safe::shown;

use super::keys::Key;

/// A line being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    chars: Vec<char>,
    at: usize,
}

/// What a key makes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// It goes on.
    More,
    /// It is whole.
    Whole,
    /// It is given up.
    Cancelled,
}

impl Line {
    /// A line that has that text already, the cursor behind it.
    pub fn of(text: &str) -> Line {
        let chars: Vec<char> = text.chars().collect();
        Line { at: chars.len(), chars }
    }

    /// What was typed.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Typed {
        match key {
            Key::Enter => return Typed::Whole,
            Key::Escape | Key::Interrupt | Key::Gone => return Typed::Cancelled,
            Key::Char(c) => {
                self.chars.insert(self.at, c);
                self.at += 1;
            }
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.chars.remove(self.at);
            }
            Key::Delete if self.at < self.chars.len() => {
                self.chars.remove(self.at);
            }
            Key::Left => self.at = self.at.saturating_sub(1),
            Key::Right => self.at = (self.at + 1).min(self.chars.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.chars.len(),
            Key::KillLine => {
                self.chars.drain(..self.at);
                self.at = 0;
            }
            Key::KillWord => {
                let blanks = self.chars[..self.at].iter().rev().take_while(|c| c.is_whitespace()).count();
                let word = self.chars[..self.at - blanks].iter().rev().take_while(|c| !c.is_whitespace()).count();
                let from = self.at - blanks - word;
                self.chars.drain(from..self.at);
                self.at = from;
            }
            Key::Backspace | Key::Delete | Key::Pasted | Key::Other => {}
        }
        Typed::More
    }

    /// The line as it is drawn in `room` columns: the part around the cursor, and what of it stands before the cursor.
    pub fn drawn(&self, room: usize) -> (String, String) {
        let width = |c: &char| c.width().unwrap_or(6).max(1);
        let mut from = self.at;
        let mut used = 0;
        while from > 0 && used + width(&self.chars[from - 1]) < room {
            from -= 1;
            used += width(&self.chars[from]);
        }
        let mut to = self.at;
        while to < self.chars.len() && used + width(&self.chars[to]) < room {
            used += width(&self.chars[to]);
            to += 1;
        }
        let text = |part: &[char]| shown(&part.iter().collect::<String>()).into_owned();
        (text(&self.chars[from..to]), text(&self.chars[from..self.at]))
    }
}

/// The characters that draw a line again: back to its begin, the line, blanks over what was there, and the part before the cursor once
/// more. No escape sequences: they are taken away where colours are.
pub(super) fn redraw(prompt: &str, line: &Line, columns: usize) -> String {
    let room = columns.saturating_sub(prompt.width() + 1);
    let (whole, before) = line.drawn(room);
    let blanks = " ".repeat(room.saturating_sub(whole.width()));
    format!("\r{prompt}{whole}{blanks}\r{prompt}{before}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[Key]) -> Line {
        let mut line = Line::default();
        for key in keys {
            assert_eq!(line.press(*key), Typed::More);
        }
        line
    }

    #[test]
    fn keys_edit_at_the_cursor() {
        use Key::{Backspace, Char, Delete, End, Home, KillLine, KillWord, Left, Right};
        for (keys, text) in [
            (vec![Char('a'), Char('c'), Left, Char('b')], "abc"),
            (vec![Char('a'), Backspace, Backspace, Char('十')], "十"),
            (vec![Char('a'), Char('b'), Home, Delete, End, Char('c')], "bc"),
            (vec![Char('a'), Char(' '), Char('b'), Char(' '), KillWord], "a "),
            (vec![Char('a'), Char('b'), Left, KillLine, Right, Right, Char('c')], "bc"),
        ] {
            assert_eq!(typed(&keys).text(), text);
        }
        assert_eq!(Line::of("a").press(Key::Enter), Typed::Whole);
        assert_eq!(Line::of("a").press(Key::Escape), Typed::Cancelled);
        assert_eq!(Line::of("a").press(Key::Interrupt), Typed::Cancelled);
    }

    #[test]
    fn a_line_is_drawn_around_its_cursor_and_over_itself() {
        let mut line = Line::of("value=37000");
        assert_eq!(redraw("> ", &line, 20), "\r> value=37000      \r> value=37000");
        assert_eq!(redraw("> ", &line, 10), "\r> =37000 \r> =37000");
        line.press(Key::Home);
        assert_eq!(redraw("> ", &line, 10), "\r> value= \r> ");
        assert!(!redraw("> ", &Line::of("\u{1b}[2J"), 40).contains('\u{1b}'));
    }
}
