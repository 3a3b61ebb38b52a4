//! Periods: the canonical value of the `period` and `base_period` fields, and how running text says it.
//!
//! - [`Period`] is the value: whole days, parsed from and shown in one canonical form, equal when the days are.
//! - [`find_periods`] reads every period that a text mentions, absolute and relative.
//!
//! Data flows one way: `token` cuts the text, `lexicon` holds the words and `template`s of a language and `begins` what a word of it can begin, `scan`
//! matches them into `expression`s, `resolve` turns an expression into days. `docs/periods.md` lists what is
//! read and how it is decided.

mod begins;
mod calendar;
mod expression;
mod find;
mod lexicon;
mod meaning;
mod numeric;
mod resolve;
mod scan;
mod template;
pub(crate) mod token;
mod value;

pub(crate) use find::find_periods_in;
pub use find::{FoundPeriod, Role, find_periods};
pub use jiff::civil::Date;
pub use lexicon::LANGUAGES;
pub use value::{Period, PeriodError};
