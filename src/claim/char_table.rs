//! What a reader wants to know of a character, worked out once a page of 256 characters and looked up after that.

use std::array;
use std::sync::OnceLock;

/// So many pages hold all of Unicode.
const PAGES: usize = 0x1100;

/// A property of every character. Only the pages of the scripts in use take memory.
pub(crate) struct CharTable<T: 'static> {
    pages: [OnceLock<Box<[T; 256]>>; PAGES],
    of: fn(char) -> T,
}

impl<T: Copy + Default> CharTable<T> {
    /// A table of what `of` says, which is asked once a character at most.
    pub(crate) const fn new(of: fn(char) -> T) -> Self {
        CharTable { pages: [const { OnceLock::new() }; PAGES], of }
    }

    /// The property of a character.
    #[inline]
    pub(crate) fn get(&self, c: char) -> T {
        let code = c as usize;
        match self.pages[code >> 8].get() {
            Some(page) => page[code & 0xff],
            None => self.fill(code >> 8)[code & 0xff],
        }
    }

    #[cold]
    fn fill(&self, page: usize) -> &[T; 256] {
        let of = |low: usize| char::from_u32((page << 8 | low) as u32).map(self.of).unwrap_or_default();
        self.pages[page].get_or_init(|| Box::new(array::from_fn(of)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_answers_as_its_function_in_every_plane() {
        static TABLE: CharTable<Option<char>> = CharTable::new(|c| c.to_uppercase().next());
        for c in ['\0', 'a', 'é', '中', '\u{d7ff}', '\u{e000}', '\u{1f600}', '\u{10ffff}'] {
            assert_eq!(TABLE.get(c), c.to_uppercase().next(), "{c:?}");
        }
    }
}
