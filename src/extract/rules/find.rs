//! The claims of one article.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use rust_decimal::Decimal;

use super::figures::{FigureClaim, figure_claims};
use super::passage::Passage;
use super::ranks::{RankClaim, rank_claims};
use super::setting::{Setting, is_denied, modality, periods};
use crate::claim::period::{Date, Period};
use crate::claim::{Article, Claim, FieldName, FieldState, Span, decimal};

/// The figure claims and scoped ranks of an article, in the order of the text. Time is linear in the text; no text fails.
///
/// Fields that the text does not give are left out. Values are canonical; text values are in English where the lexicon
/// knows the word, else as written.
///
/// ```
/// use claim_assay::claim::Article;
/// use claim_assay::extract::rules::find_claims;
/// let article = Article { lang: "id".into(), text: "Lebih dari 37.000 warga ditangkap.".into(), ..Article::default() };
/// let claims = find_claims(&article);
/// assert_eq!(claims[0].quote, "Lebih dari 37.000 warga");
/// assert_eq!(claims[0].fields.value("value"), Some("37000"));
/// ```
pub fn find_claims(article: &Article) -> Vec<Claim> {
    let published = article.published_at.as_deref().and_then(day);
    let passage = Passage::new(&article.text, &article.lang, published);
    let points = Points { text: &article.text, last: Cell::new((0, 0)) };
    let setting = Setting::new(&passage);
    let writer = Writer { passage: &passage, points: &points, setting: &setting, published };
    let mut claims: Vec<Claim> = figure_claims(&passage).iter().filter_map(|c| writer.figure(c)).collect();
    claims.extend(rank_claims(&passage).iter().filter_map(|c| writer.rank(c)));
    claims.sort_by(|a, b| a.fragments.cmp(&b.fragments).then_with(|| a.kind.cmp(&b.kind)));
    claims.dedup_by(|b, a| a.fragments == b.fragments);
    claims
}

/// The day of a date or date-time.
fn day(written: &str) -> Option<Date> {
    written.get(..10)?.parse().ok()
}

/// Counts code points from the last place asked for: claims lie in the order of the text, and few articles need more of their
/// code points than those between their first claim and their last.
struct Points<'a> {
    text: &'a str,
    /// A byte and its code point.
    last: Cell<(usize, usize)>,
}

impl Points<'_> {
    /// The code point that begins at a byte, which is the beginning of one.
    fn at_byte(&self, byte: usize) -> usize {
        let (from, point) = self.last.get();
        let point =
            if byte >= from { point + self.text[from..byte].chars().count() } else { point - self.text[byte..from].chars().count() };
        self.last.set((byte, point));
        point
    }
}

/// Writes claims out: places in code points, fields by name.
struct Writer<'a> {
    passage: &'a Passage<'a>,
    points: &'a Points<'a>,
    setting: &'a Setting,
    published: Option<Date>,
}

/// Fields in the order in which they are found; most of their values are words of the program.
type Found<'a> = Vec<(FieldName, FieldState<Cow<'a, str>>)>;

fn put<'a>(fields: &mut Found<'a>, name: &'static str, value: Option<impl Into<Cow<'a, str>>>) {
    if let Some(value) = value {
        fields.push((FieldName::fixed(name), FieldState::Present(value.into())));
    }
}

/// The canonical text of a value. One that has no end (a third) or too many digits was rounded and is given with one decimal.
fn written(value: Decimal) -> Option<String> {
    let value = if value.normalize().scale() > 12 { value.round_dp(1) } else { value };
    decimal::canonical(&value.normalize().to_string()).ok().map(Cow::into_owned)
}

impl Writer<'_> {
    fn figure(&self, claim: &FigureClaim) -> Option<Claim> {
        let p = self.passage;
        let (period, base) = periods(p, &claim.figure, self.published);
        let period = period.filter(|_| !claim.is_start);
        let mut fields = Found::with_capacity(12);
        put(&mut fields, "value", claim.value.and_then(written));
        put(&mut fields, "value_max", claim.value_max.and_then(written));
        put(&mut fields, "bound", claim.bound.map(|b| b.name()));
        put(&mut fields, "unit", claim.unit.clone().filter(|unit| !unit.is_empty()));
        put(&mut fields, "change_kind", claim.change.map(|(kind, _)| kind));
        put(&mut fields, "change", claim.change.and_then(|(_, amount)| written(amount)));
        put(&mut fields, "base_period", base.filter(|_| claim.change.is_some()).map(|b| b.to_string()));
        self.surroundings(&mut fields, &claim.figure, period);
        self.write(claim.kind, &claim.words, fields, claim.score)
    }

    fn rank(&self, claim: &RankClaim) -> Option<Claim> {
        let mut fields = Found::with_capacity(12);
        put(&mut fields, "value", claim.value.and_then(written));
        put(&mut fields, "base_period", claim.scope.map(|s| s.to_string()));
        self.surroundings(&mut fields, &claim.words, None);
        self.write("rank", &claim.words, fields, claim.score)
    }

    fn surroundings<'a>(&'a self, fields: &mut Found<'a>, at: &Range<usize>, period: Option<Period>) {
        let p = self.passage;
        put(fields, "period", period.map(|p| p.to_string()));
        put(fields, "place", self.setting.place(p, at));
        put(fields, "source", self.setting.source(p, at).and_then(as_list));
        put(fields, "reported_by", as_list_of(self.setting.reported_by(p, at)));
        put(fields, "polarity", Some(if is_denied(p, at) { "denied" } else { "asserted" }));
        put(fields, "modality", Some(modality(p, at, period, self.published)));
    }

    fn write(&self, kind: &str, words: &Range<usize>, fields: Found<'_>, score: f64) -> Option<Claim> {
        let quote = self.passage.slice(words.start, words.end);
        let start = self.passage.word(words.start)?.start;
        let at = |byte: usize| u32::try_from(self.points.at_byte(byte)).ok();
        let span = Span::new(at(start)?, at(start + quote.len())?)?;
        Some(Claim {
            fragments: span.into(),
            quote: quote.to_owned(),
            kind: kind.to_owned(),
            fields: fields.into_iter().collect(),
            score: Some(score),
            ..Claim::default()
        })
    }
}

/// One name as a list: a name with the list's separator in it is written as JSON.
fn as_list(name: &str) -> Option<String> {
    as_list_of(&[name.to_owned()])
}

fn as_list_of(names: &[String]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    if names.iter().any(|n| n.contains(';') || n.starts_with('[')) {
        return serde_json::to_string(names).ok();
    }
    Some(names.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_counted_forwards_and_back() {
        let text = "Größe: 5 Mio. €, 価格 🌊";
        let points = Points { text, last: Cell::new((0, 0)) };
        let places: Vec<(usize, usize)> = text.char_indices().enumerate().map(|(point, (byte, _))| (byte, point)).collect();
        for &(byte, point) in places.iter().chain(places.iter().rev()).chain(places.iter().step_by(5)) {
            assert_eq!(points.at_byte(byte), point, "{byte}");
        }
    }
}
