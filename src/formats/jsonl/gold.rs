//! What only gold must hold: every claim has a place, and quotes agree with the text where the line gives it.

use super::SHOWN;
use super::parse::{Fault, Faults};
use super::record::{RawClaim, Record};
use crate::anchor::CodePoints;
use crate::report::safe::quoted;

/// Checks the claims of a gold line, and gives those with only a quote their offsets.
pub(super) fn check(record: &mut Record<'_>, faults: &mut Faults<'_>) {
    let claims = &mut record.claims;
    let text = record.text.as_deref().filter(|_| !claims.is_empty()).map(CodePoints::new);
    for i in 0..claims.len() {
        match check_claim(claims.at(i), text.as_ref()) {
            Ok(None) => {}
            Ok(place) => claims.row_mut(i).offsets = place,
            Err((key, message)) => faults.wrong.push(Fault { claim: Some(i), key: Some(key.to_owned()), byte: None, message }),
        }
    }
}

/// What is wrong with a claim: the key and the words. Where only a quote is given, its place is returned.
type Checked = Result<Option<(u32, u32)>, (&'static str, String)>;

fn check_claim(claim: RawClaim<'_, '_>, text: Option<&CodePoints<'_>>) -> Checked {
    if text.is_none() && claim.fragments.is_empty() && claim.offsets.is_some() {
        return Ok(None);
    }
    let fragments = claim.written_place();
    let Some(hull) = fragments.hull() else {
        return place_quote(claim, text);
    };
    if let Some((start, end)) = claim.offsets
        && (start, end) != (hull.start(), hull.end())
    {
        return Err(("fragments", format!("reach from {} to {}, but start and end say {start} to {end}", hull.start(), hull.end())));
    }
    let Some(text) = text else { return Ok(None) };
    if hull.end() as usize > text.count() {
        return Err(("end", format!("{} is behind the text, which has {} code points", hull.end(), text.count())));
    }
    let found = match fragments.spans() {
        [span] => text.slice(span.start() as usize, span.end() as usize).map(str::to_owned),
        _ => fragments.quote(text.text()),
    };
    match found {
        Some(found) if !claim.quote.is_empty() && found != claim.quote => {
            Err(("quote", format!("is {}, but the text has {} at {fragments}", quoted(&claim.quote, SHOWN), quoted(&found, SHOWN))))
        }
        _ => Ok(None),
    }
}

fn place_quote(claim: RawClaim<'_, '_>, text: Option<&CodePoints<'_>>) -> Checked {
    let Some(text) = text else {
        return Err(("start", "is missing; without the article's text a quote alone has no place".to_owned()));
    };
    let finder = memchr::memmem::Finder::new(claim.quote.as_bytes());
    let mut found = finder.find_iter(text.text().as_bytes());
    match (found.next(), found.count()) {
        (None, _) => Err(("quote", format!("{} does not occur in the text", quoted(&claim.quote, SHOWN)))),
        (Some(byte), 0) => {
            let ends = (text.at_byte(byte), text.at_byte(byte + claim.quote.len()));
            Ok(ends.0.zip(ends.1).map(|(start, end)| (start as u32, end as u32)))
        }
        (Some(_), more) => Err(("quote", format!("{} occurs {} times; give start and end", quoted(&claim.quote, SHOWN), more + 1))),
    }
}
