//! What a figure is.

use std::ops::Range;

use rust_decimal::Decimal;

/// How a figure bounds what it counts: "more than 37,000" is not "37,000".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bound {
    /// Said to be exact ("exactly", "tepat").
    Exactly,
    /// Close to the value, on either side or just below ("about", "sekitar", "nearly", "hampir").
    About,
    /// Above the value ("more than", "lebih dari").
    MoreThan,
    /// The value or above ("at least", "以上").
    AtLeast,
    /// Below the value ("less than", "kurang dari").
    LessThan,
    /// The value or below ("at most", "up to").
    AtMost,
    /// From the value to `value_max`, ends included.
    Between,
}

impl Bound {
    /// All bounds, in the order of the schema.
    pub const ALL: [Bound; 7] =
        [Bound::Exactly, Bound::About, Bound::MoreThan, Bound::AtLeast, Bound::LessThan, Bound::AtMost, Bound::Between];

    /// The canonical name, as in `claims.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Bound::Exactly => "exactly",
            Bound::About => "about",
            Bound::MoreThan => "more_than",
            Bound::AtLeast => "at_least",
            Bound::LessThan => "less_than",
            Bound::AtMost => "at_most",
            Bound::Between => "between",
        }
    }

    /// The bound of a canonical name.
    pub fn of_name(name: &str) -> Option<Bound> {
        Bound::ALL.into_iter().find(|bound| bound.name() == name)
    }
}

/// What kind of figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// A plain number: `37.000`, "two million".
    Number,
    /// Percent: `35 %` has the value 35, `2成` has 20, `5‰` has 0.5.
    Percent,
    /// Percentage points.
    Points,
    /// How many times as much: "10 kali lipat", "tenfold", "halved" (0.5).
    Factor,
    /// A fraction: `3/4`, "two thirds", `2½`.
    Fraction,
    /// A place in an order: "21st", "ke-3", "第3".
    Ordinal,
    /// Digits tied to a name by a hyphen: `COVID-19`. Seldom a figure of a claim.
    Label,
}

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Written {
    /// Digits alone.
    Digits,
    /// Words alone, Chinese numerals too.
    Words,
    /// Digits with a word: `1.2 million`, `37 rb`.
    Mixed,
}

/// How sure the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reading {
    /// The language decides, and the value is exact.
    Certain,
    /// The language does not decide between two readings (`37.000` in French); `value` holds the likelier one. Equal to nothing.
    Ambiguous,
    /// The exact value has no end (a third); `value` is rounded at the 27th decimal.
    Rounded,
}

/// The shape of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RangeShape {
    /// `10-15`, `10~15`.
    Dash,
    /// "10 to 15", "antara 10 dan 15", "10至15".
    Words,
    /// "from 10 to 15": often a range, but after a verb of change ("rose from 10 to 15") two figures.
    FromTo,
}

/// A figure found in a text. All offsets are bytes, on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The bare figure with its scale word, percent or factor word; both ends of a range. No bound words, no currency.
    pub span: Range<usize>,
    /// The span with the words that bound it: "more than 37,000", "between 10 and 15", `5000 or more`.
    pub expression: Range<usize>,
    /// The value, at most 28 digits, shortest form (`1.10` is 1.1). For ranges the lower end.
    pub value: Decimal,
    /// The upper end of a range.
    pub value_max: Option<Decimal>,
    /// What the words say about the value; nothing where they say nothing. Always `Between` for ranges.
    pub bound: Option<Bound>,
    /// The kind of figure.
    pub form: Form,
    /// How sure the value is.
    pub reading: Reading,
    /// Digits, words or both.
    pub written: Written,
    /// A currency sign or code that touches the figure: its place and, where known, its ISO 4217 code.
    pub currency: Option<(Range<usize>, &'static str)>,
    /// For ranges, how the range is written.
    pub range: Option<RangeShape>,
}
