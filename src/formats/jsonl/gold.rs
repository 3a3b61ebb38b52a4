//! What only gold must hold: every claim has a place, and quotes agree with the text where the line gives it.

use super::SHOWN;
use super::parse::{Fault, Faults};
use super::record::{Content, RawClaim, Record};
use crate::anchor::CodePoints;
use crate::report::safe::quoted;

/// Checks the claims of a gold line, and gives those with only a quote their offsets.
pub(super) fn check(record: &mut Record<'_>, faults: &mut Faults<'_>) {
    let Content::Claims(claims) = &mut record.content else { return };
    let text = record.text.as_deref().filter(|_| !claims.is_empty()).map(CodePoints::new);
    for (i, claim) in claims.iter_mut().enumerate() {
        if let Err((key, message)) = check_claim(claim, text.as_ref()) {
            faults.wrong.push(Fault { claim: Some(i), key: Some(key.to_owned()), byte: None, message });
        }
    }
}

fn check_claim(claim: &mut RawClaim<'_>, text: Option<&CodePoints<'_>>) -> Result<(), (&'static str, String)> {
    let fragments = claim.written_place();
    let Some(hull) = fragments.hull() else {
        return place_quote(claim, text);
    };
    if let Some((start, end)) = claim.offsets
        && (start, end) != (hull.start(), hull.end())
    {
        return Err(("fragments", format!("reach from {} to {}, but start and end say {start} to {end}", hull.start(), hull.end())));
    }
    let Some(text) = text else { return Ok(()) };
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
        _ => Ok(()),
    }
}

fn place_quote(claim: &mut RawClaim<'_>, text: Option<&CodePoints<'_>>) -> Result<(), (&'static str, String)> {
    let Some(text) = text else {
        return Err(("start", "is missing; without the article's text a quote alone has no place".to_owned()));
    };
    let finder = memchr::memmem::Finder::new(claim.quote.as_bytes());
    let mut found = finder.find_iter(text.text().as_bytes());
    match (found.next(), found.count()) {
        (None, _) => Err(("quote", format!("{} does not occur in the text", quoted(&claim.quote, SHOWN)))),
        (Some(byte), 0) => {
            let ends = (text.at_byte(byte), text.at_byte(byte + claim.quote.len()));
            claim.offsets = ends.0.zip(ends.1).map(|(start, end)| (start as u32, end as u32));
            Ok(())
        }
        (Some(_), more) => Err(("quote", format!("{} occurs {} times; give start and end", quoted(&claim.quote, SHOWN), more + 1))),
    }
}
