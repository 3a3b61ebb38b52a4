//! The `[number]` table of a lexicon.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Phrases written in one string, with `|` between them. A `~` at an edge of a phrase means that a letter may touch it there;
/// `{a,b}` stands for either, and an empty choice for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Phrases(String);

impl Phrases {
    pub fn iter(&self) -> impl Iterator<Item = String> {
        self.0.split('|').flat_map(|phrase| expand(phrase.trim())).filter(|phrase| !phrase.is_empty())
    }

    fn extend(&mut self, other: Phrases) {
        self.0.push('|');
        self.0.push_str(&other.0);
    }
}

fn expand(phrase: &str) -> Vec<String> {
    let Some((before, rest)) = phrase.split_once('{') else {
        return vec![phrase.to_owned()];
    };
    let (choices, after) = rest.split_once('}').unwrap_or((rest, ""));
    let tails = expand(after);
    choices.split(',').flat_map(|choice| tails.iter().map(move |tail| format!("{before}{choice}{tail}"))).collect()
}

/// Phrases by the value, bound or code they stand for.
pub(crate) type Table = BTreeMap<String, Phrases>;

/// Number words and the words around numbers. Everything may be absent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Numbers {
    /// Values that stand for themselves: "twelve", "vingt".
    pub words: Table,
    /// One, where it is also an article: counts only beside other number words ("un millón", "trente et un").
    pub article: Phrases,
    /// Words that multiply and need something to multiply: "million".
    pub scales: Table,
    /// Words that multiply and may stand alone: "mille", "百".
    pub bare: Table,
    /// Letters that multiply right behind digits, in this case: `k`, `M`.
    pub suffixes: Table,
    /// Letters and signs that multiply right behind digits that follow a currency, in this case.
    pub suffixes_of_money: Table,
    /// Between parts of a number: "and".
    pub and: Phrases,
    /// The smallest part that "and" may follow: 100 in English, 10 in Spanish.
    pub and_after: u32,
    /// Before decimals in words: "point", "koma".
    pub point: Phrases,
    /// Before negative numbers.
    pub minus: Phrases,
    /// A half that takes part in numbers.
    pub half: Phrases,
    /// Denominators after a numerator: "thirds" by 3.
    pub denominators: Table,
    /// Between numerator and denominator: "over".
    pub over: Phrases,
    /// The same where the numerator is one: "one in five".
    pub one_in: Phrases,
    /// Between denominator and numerator, the denominator first: "分之".
    pub under: Phrases,
    /// Between a whole number and a fraction: "又".
    pub whole: Phrases,
    /// After a round word, the limit of what may be added, where it is not the usual one: 20 after soixante.
    pub limits: BTreeMap<String, u32>,
    /// Number words are written together: "dreiundzwanzigtausend".
    pub compound: bool,
    /// Units come before tens: "vierundzwanzig".
    pub unit_before_tens: bool,
    /// Fractions in digits are written from the right too: "٤/١" is a quarter, as nothing is divided by one.
    pub right_to_left: bool,
    /// Digit words in a row are read by place: "二〇二三".
    pub positional: bool,
    /// A last digit counts for the next lower place: "二百五" is 250.
    pub short_tail: bool,
    /// Percent words behind the number, by the percent that one is: "%" by 1, "成" by 10.
    pub percent_after: Table,
    /// Percent words before the number.
    pub percent_before: Table,
    /// Percentage points behind the number.
    pub points_after: Phrases,
    /// Basis points behind the number, hundredths of a percentage point.
    pub basis_points_after: Phrases,
    /// Behind a half alone, percentage points too: "medio punto"; behind other numbers the word has other senses.
    pub half_point_after: Phrases,
    /// Behind a number, makes it a factor: "kali lipat", "fold".
    pub factor_after: Phrases,
    /// Before a number, makes it a factor: "multiplicó por".
    pub factor_before: Phrases,
    /// Factors in one word: "doubled" by 2.
    pub factors: Table,
    /// Bounds before the figure, by canonical name.
    pub bound_before: Table,
    /// Bounds behind the figure; one word of unit may stand between.
    pub bound_after: Table,
    /// Behind a bounded figure: makes it include the value, "more than 5 or equal".
    pub or_equal: Phrases,
    /// Between a base and its exponent, and behind the exponent: 10の3乗.
    pub power_open: Phrases,
    /// See `power_open`.
    pub power_close: Phrases,
    /// Bounds inside the figure: "500多亿".
    pub bound_inside: Table,
    /// Opens a range whose ends `and` joins: "between".
    pub range_between: Phrases,
    /// Joins the ends of such a range.
    pub range_and: Phrases,
    /// Closes such a range behind it: "之间".
    pub range_close: Phrases,
    /// Opens a range whose ends `to` joins: "from".
    pub range_from: Phrases,
    /// Joins the ends of a range without an opening: "to".
    pub range_to: Phrases,
    /// Ordinal words by value.
    pub ordinals: Table,
    /// Before the number of an ordinal: "ke-", "第".
    pub ordinal_before: Phrases,
    /// Behind the digits of an ordinal: "th".
    pub ordinal_after: Phrases,
    /// Currency signs and codes by ISO code; they may touch digits.
    pub currency: Table,
    /// Words that may stand between a bound and its figure.
    pub filler: Phrases,
    /// Letters written onto the next word that are words of their own: "و".
    pub proclitics: Phrases,
    /// Words that begin like a scale word and are units: "千米".
    pub not_scale: Phrases,
    /// Words and phrases that hold number words and are no numbers.
    pub stop: Phrases,
}

impl Numbers {
    /// Adds the phrases that all languages share.
    pub fn extend(&mut self, common: Numbers) {
        let tables = [
            (&mut self.suffixes, common.suffixes),
            (&mut self.percent_after, common.percent_after),
            (&mut self.bound_before, common.bound_before),
            (&mut self.bound_after, common.bound_after),
            (&mut self.currency, common.currency),
        ];
        for (own, shared) in tables {
            for (key, phrases) in shared {
                own.entry(key).or_default().extend(phrases);
            }
        }
        self.minus.extend(common.minus);
        self.stop.extend(common.stop);
        self.range_to.extend(common.range_to);
        self.factor_after.extend(common.factor_after);
        self.and.extend(common.and);
    }

    /// Keys that are no number, or no bound: none in a good lexicon.
    #[cfg(test)]
    pub fn faults(&self) -> Vec<String> {
        let numbers = [
            &self.words,
            &self.scales,
            &self.bare,
            &self.suffixes,
            &self.suffixes_of_money,
            &self.denominators,
            &self.percent_after,
            &self.percent_before,
            &self.factors,
            &self.ordinals,
        ];
        let bounds = [&self.bound_before, &self.bound_after, &self.bound_inside];
        let bad_numbers = numbers.iter().flat_map(|t| t.keys()).filter(|k| rust_decimal::Decimal::from_str_exact(k).is_err());
        let bad_bounds = bounds.iter().flat_map(|t| t.keys()).filter(|k| crate::claim::number::Bound::of_name(k).is_none());
        bad_numbers.chain(bad_bounds).chain(self.limits.keys().filter(|k| k.parse::<u32>().is_err())).cloned().collect()
    }
}
