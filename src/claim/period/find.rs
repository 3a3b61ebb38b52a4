//! Every period in a text.

use std::ops::Range;

use jiff::civil::Date;

use super::lexicon::{self, Lexicon, Order};
use super::numeric::numeric;
use super::resolve::{Context, resolve};
use super::scan::{Scanner, starts_inside_a_number};
use super::token::{Cut, Token};
use super::value::Period;

/// What an expression of time does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The time that a statement is about.
    Plain,
    /// The time that something is compared with: "the year before", "compared with 2022".
    Base,
}

/// An expression of time in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPeriod {
    /// Bytes of the text, on character boundaries: the expression without its preposition.
    pub span: Range<usize>,
    /// Its days. `None` where the article has no date and the expression needs one, where nothing before it says
    /// what it counts from, or where the language leaves it open.
    pub period: Option<Period>,
    /// Whether its days depend on the article's date or on an earlier mention.
    pub relative: bool,
    /// Whether it is what something is compared with.
    pub role: Role,
}

/// Every period that `text` mentions, in order, without overlap, in time linear in the text.
///
/// `lang` is a language tag; its primary part chooses the lexicon, and a region other than the United States
/// makes English dates day first. Of a language without a lexicon only dates in figures are read. `published` is
/// the article's date, which "last year" and "in May" are counted from. "The year before" and its kind count
/// from the last closed period before it that was not itself a base of comparison, else from `published`.
///
/// ```
/// use claim_assay::claim::period::find_periods;
/// let found = find_periods("in 2023, ten times the year before", "en", None);
/// let shown: Vec<_> = found.iter().filter_map(|f| Some(f.period?.to_string())).collect();
/// assert_eq!(shown, ["2023", "2022"]);
/// ```
pub fn find_periods(text: &str, lang: &str, published: Option<Date>) -> Vec<FoundPeriod> {
    find_periods_in(&Cut::new(text), lang, published)
}

/// The same for a text that is cut already.
pub(crate) fn find_periods_in(cut: &Cut, lang: &str, published: Option<Date>) -> Vec<FoundPeriod> {
    let tag = lang.to_ascii_lowercase();
    let mut parts = tag.split(['-', '_']);
    let Some(lexicon) = parts.next().and_then(lexicon::of_language) else {
        return figures_only(cut.tokens());
    };
    let region = parts.find(|part| part.len() == 2);
    let order = if region.is_some_and(|region| region != "us") { Order::Dmy } else { lexicon.order };
    in_language(cut, lexicon, order, published)
}

fn in_language(cut: &Cut, lexicon: &Lexicon, order: Order, published: Option<Date>) -> Vec<FoundPeriod> {
    let tokens = lexicon.tokens(cut);
    let scanner = Scanner::new(lexicon, order, &tokens);
    let mut context = Context { published, ..Context::default() };
    let mut out = Vec::new();
    let (mut at, mut done) = (0, 0);
    while at < tokens.len() {
        let Some((len, expression)) = scanner.at(at) else {
            at += 1;
            continue;
        };
        let base = expression.is_base() || scanner.has_base_cue(at, at + len, done);
        let period = resolve(expression, context);
        if let Some((found, (Some(first), Some(last)))) = period.map(|p| (p, (p.first(), p.last()))) {
            if first == last {
                context.day = Some(found);
            }
            if !base && (first < last || !expression.is_relative()) {
                context.anchor = Some(found);
            }
        }
        out.push(FoundPeriod {
            span: tokens[at].start..tokens[at + len - 1].end,
            period,
            relative: expression.is_relative(),
            role: if base { Role::Base } else { Role::Plain },
        });
        at += len;
        done = at;
    }
    out
}

/// Dates in figures, which need no language.
fn figures_only(tokens: &[Token]) -> Vec<FoundPeriod> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let found = if starts_inside_a_number(tokens, at) { None } else { numeric(&tokens[at..], Order::Open) };
        let Some((len, expression)) = found else {
            at += 1;
            continue;
        };
        out.push(FoundPeriod {
            span: tokens[at].start..tokens[at + len - 1].end,
            period: resolve(expression, Context::default()),
            relative: false,
            role: Role::Plain,
        });
        at += len;
    }
    out
}
