//! Columns of text in which one cell often stands in many rows, one behind the other.

use polars::prelude::Series;

use super::columns::{Texts, Written};

/// The stretches of a column: neighbouring rows with the same text are one.
#[derive(Default)]
pub(crate) struct Stretches {
    texts: Written,
    /// Behind the last row of each.
    ends: Vec<u32>,
}

impl Stretches {
    /// `None` where a value is no cell.
    pub fn of(series: &Series) -> Option<Stretches> {
        let column = Texts::of(series)?;
        let rows = u32::try_from(series.len()).ok()?;
        let mut stretches = Stretches::default();
        match &column {
            Texts::Empty if rows > 0 => stretches.end("", rows)?,
            Texts::Full(texts) => {
                // Mostly nothing but sixteen bytes a cell have to be looked at: where they are the same, the texts are.
                let views = texts.views();
                let goes_on = |row: u32| {
                    let (row, before) = (row as usize, row as usize - 1);
                    views[row].as_u128() == views[before].as_u128() || texts.value(row) == texts.value(before)
                };
                stretches.add(rows, goes_on, |row| column.get(row))?;
            }
            _ => {
                let goes_on = |row: u32| {
                    let (text, before) = (column.get(row), column.get(row - 1));
                    // Categories have one text for many rows.
                    std::ptr::eq(text, before) || text == before
                };
                stretches.add(rows, goes_on, |row| column.get(row))?;
            }
        }
        Some(stretches)
    }

    fn add<'a>(&mut self, rows: u32, goes_on: impl Fn(u32) -> bool, text: impl Fn(u32) -> &'a str) -> Option<()> {
        for row in (1..rows).filter(|&row| !goes_on(row)) {
            self.end(text(row - 1), row)?;
        }
        if rows > 0 { self.end(text(rows - 1), rows) } else { Some(()) }
    }

    fn end(&mut self, text: &str, row: u32) -> Option<()> {
        self.ends.push(row);
        self.texts.push(text)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text in all rows of a stretch.
    pub fn text(&self, stretch: u32) -> &str {
        self.texts.get(stretch as usize)
    }

    /// The row behind the last one of a stretch.
    pub fn end_of(&self, stretch: u32) -> u32 {
        self.ends[stretch as usize]
    }

    /// The first stretch from this one on that goes beyond the start of a row; this one in a column without rows.
    pub fn on_from(&self, mut stretch: u32, row: u32) -> u32 {
        while self.ends.get(stretch as usize).is_some_and(|&end| end <= row) {
            stretch += 1;
        }
        stretch
    }

    /// The texts of the rows up to `end`, beginning in a stretch; none in a column without rows.
    pub fn texts_until(&self, stretch: u32, end: u32) -> impl Iterator<Item = &str> {
        (stretch as usize..self.len()).take_while(move |&at| at == stretch as usize || self.ends[at - 1] < end).map(|at| self.texts.get(at))
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NamedFrom, Series};

    use super::Stretches;

    fn stretches(cells: &[Option<&str>]) -> Vec<(String, u32)> {
        let stretches = Stretches::of(&Series::new("".into(), cells)).unwrap();
        (0..stretches.len() as u32).map(|at| (stretches.text(at).to_owned(), stretches.end_of(at))).collect()
    }

    #[test]
    fn neighbours_with_the_same_text_are_one() {
        let long = "more than the twelve bytes that stand beside the length";
        let cells = ["a", "a", long, long, "b", "a"].map(Some);
        let expected = [("a", 2), (long, 4), ("b", 5), ("a", 6)];
        assert_eq!(stretches(&cells), expected.map(|(text, end)| (text.to_owned(), end)));
        let cells = [None, Some(""), Some("a"), None];
        assert_eq!(stretches(&cells), [("", 2), ("a", 3), ("", 4)].map(|(text, end)| (text.to_owned(), end)));
        assert_eq!(stretches(&[None, None]), [(String::new(), 2)]);
        assert_eq!(stretches(&[]), []);
        let numbers = Stretches::of(&Series::new("".into(), [7i64, 7, 8])).unwrap();
        assert_eq!((numbers.len(), numbers.text(0), numbers.end_of(0)), (2, "7", 2));
    }

    #[test]
    fn the_texts_of_some_rows() {
        let column = Stretches::of(&Series::new("".into(), ["a", "a", "b", "c", "c"])).unwrap();
        let texts = |from, end| column.texts_until(from, end).collect::<Vec<_>>();
        assert_eq!(texts(0, 1), ["a"]);
        assert_eq!(texts(0, 2), ["a"]);
        assert_eq!(texts(0, 4), ["a", "b", "c"]);
        assert_eq!(texts(1, 3), ["b"]);
        assert_eq!(texts(2, 5), ["c"]);
        assert_eq!([(0, 1), (0, 2), (1, 4)].map(|(from, row)| column.on_from(from, row)), [0, 1, 2]);
        assert!(Stretches::default().texts_until(0, 5).next().is_none());
    }
}
