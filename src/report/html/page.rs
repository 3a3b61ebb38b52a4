//! The page: frame, style, script and data put together.

use super::articles::articles;
use super::changes::changes;
use super::embed::{hash_source, json};
use super::report::Report;
use crate::report::RenderError;
use crate::report::document::Document;

const FRAME: &str = include_str!("page.html");

const STYLE: &[&str] = &[
    include_str!("style/base.css"),
    include_str!("style/frame.css"),
    include_str!("style/summary.css"),
    include_str!("style/charts.css"),
    include_str!("style/list.css"),
    include_str!("style/article.css"),
    include_str!("style/print.css"),
];

/// In the order in which they may use each other while they are loaded; `main.js` is the only one that does anything then.
const SCRIPT: &[&str] = &[
    include_str!("script/numbers.js"),
    include_str!("script/dom.js"),
    include_str!("script/data.js"),
    include_str!("script/state.js"),
    include_str!("script/text.js"),
    include_str!("script/words.js"),
    include_str!("script/tables.js"),
    include_str!("script/charts.js"),
    include_str!("script/verdict.js"),
    include_str!("script/criteria.js"),
    include_str!("script/changes.js"),
    include_str!("script/fields.js"),
    include_str!("script/slices.js"),
    include_str!("script/confidence.js"),
    include_str!("script/errors.js"),
    include_str!("script/trend.js"),
    include_str!("script/provenance.js"),
    include_str!("script/filter.js"),
    include_str!("script/list.js"),
    include_str!("script/item.js"),
    include_str!("script/article.js"),
    include_str!("script/theme.js"),
    include_str!("script/keys.js"),
    include_str!("script/main.js"),
];

/// The document as a page. Equal documents are equal bytes.
///
/// Texts and names of the document stand in it as data only: nothing of them is markup, style or script, wherever they come from.
///
/// # Errors
/// When a number of the document is none that JSON has.
pub fn render(document: &Document) -> Result<Vec<u8>, RenderError> {
    let style = STYLE.concat();
    let script = format!("(() => {{\n\"use strict\";\n{}}})();\n", SCRIPT.concat());
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash_source(&style),
        hash_source(&script)
    );
    let (index, blocks) = articles(document)?;
    let mut out = Vec::new();
    for part in parts(FRAME) {
        match part {
            Part::Text(text) => out.extend_from_slice(text.as_bytes()),
            Part::Slot("policy") => out.extend_from_slice(policy.as_bytes()),
            Part::Slot("style") => out.extend_from_slice(style.as_bytes()),
            Part::Slot("script") => out.extend_from_slice(script.as_bytes()),
            Part::Slot("report") => block(&mut out, "report", &json(&Report::of(document)?)?),
            Part::Slot("changes") => block(&mut out, "changes", &json(&changes(document))?),
            Part::Slot("index") => block(&mut out, "index", &json(&index)?),
            Part::Slot(_) => blocks.iter().enumerate().for_each(|(number, json)| block(&mut out, &format!("articles-{number}"), json)),
        }
    }
    Ok(out)
}

fn block(out: &mut Vec<u8>, id: &str, json: &[u8]) {
    out.extend_from_slice(format!("<script type=\"application/json\" id=\"{id}\">").as_bytes());
    out.extend_from_slice(json);
    out.extend_from_slice(b"</script>\n");
}

/// A piece of the frame: text, or the name between two `@@` of what goes there.
enum Part<'a> {
    Text(&'a str),
    Slot(&'a str),
}

/// The frame cut at its slots.
fn parts(frame: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (i, piece) in frame.split("@@").enumerate() {
        parts.push(if i % 2 == 0 { Part::Text(piece) } else { Part::Slot(piece) });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_has_each_slot_once() {
        let slots: Vec<&str> =
            parts(FRAME).into_iter().filter_map(|part| if let Part::Slot(name) = part { Some(name) } else { None }).collect();
        assert_eq!(slots, ["policy", "style", "report", "changes", "index", "script", "articles"]);
    }

    /// A browser hashes what stands between the tags, after its own reading of the file.
    #[test]
    fn the_assets_are_read_by_a_browser_as_they_are() {
        for asset in STYLE.iter().chain(SCRIPT) {
            assert!(!asset.contains("</") && !asset.contains("<!--") && !asset.contains(['\r', '\0']) && !asset.contains("@@"), "{asset}");
            assert!(!asset.contains("http://") || asset.contains("http://www.w3.org/2000/svg"), "{asset}");
            assert!(!asset.contains("https://") && !asset.contains("innerHTML") && !asset.contains("insertAdjacentHTML"), "{asset}");
        }
    }
}
