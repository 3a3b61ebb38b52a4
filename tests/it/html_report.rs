//! The page of a report: its bytes here, and in a real browser in the parts below.

mod articles;
mod sample;
mod summary;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use claim_assay::report::Format;
use claim_assay::report::document::Document;
use sha2::{Digest, Sha256};

fn rendered(document: &Document) -> String {
    String::from_utf8(Format::Html.render(document).unwrap()).unwrap()
}

/// What stands between two texts, at every place where they stand.
fn between<'p>(page: &'p str, open: &str, close: &str) -> Vec<&'p str> {
    page.split(open).skip(1).map(|rest| rest.split_once(close).unwrap().0).collect()
}

/// The page without its blocks of data, and the blocks.
fn frame_and_blocks(page: &str) -> (String, Vec<&str>) {
    let blocks = between(page, "<script type=\"application/json\" id=\"", "</script>");
    let frame = blocks.iter().fold(page.to_owned(), |frame, block| frame.replacen(block, "", 1));
    (frame.replace("<script type=\"application/json\" id=\"</script>\n", ""), blocks)
}

#[test]
fn the_data_never_touch_the_markup() {
    let hostile = sample::whole();
    let harmless = Document { articles: Vec::new(), comparison: None, gates: None, workspace: "news".to_owned(), ..hostile.clone() };
    let (with, without) = (rendered(&hostile), rendered(&harmless));
    let (frame, blocks) = frame_and_blocks(&with);
    assert_eq!(frame, frame_and_blocks(&without).0);
    assert_eq!(blocks.len(), 4, "report, changes, index and one block of articles");
    for block in blocks {
        let (id, data) = block.split_once("\">").unwrap();
        assert!(!data.contains('<') && !data.contains(['\u{2028}', '\u{2029}']), "{id}");
        serde_json::from_str::<serde_json::Value>(data).unwrap_or_else(|e| panic!("{id}: {e}"));
    }
    assert!(with.contains(r"\u003c/script>\u003cscript>alert(2)\u003c/script>"), "the hostile text is there, as data");
}

#[test]
fn the_policy_allows_the_style_and_the_script_and_nothing_else() {
    let page = rendered(&sample::whole());
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\">")[0];
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())));
    let (frame, _) = frame_and_blocks(&page);
    let directives: BTreeSet<&str> = policy.split("; ").collect();
    let [style, script] = [between(&frame, "<style>", "</style>"), between(&frame, "<script>", "</script>")];
    assert_eq!([style.len(), script.len()], [1, 1]);
    let expected = [
        "default-src 'none'".to_owned(),
        format!("style-src {}", hash(style[0])),
        format!("script-src {}", hash(script[0])),
        "img-src data:".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
    ];
    assert_eq!(directives, expected.iter().map(String::as_str).collect());
    assert!(!frame.contains(" style=\"") && !frame.contains(" src=") && !frame.contains("@import") && !frame.contains("url("));
}

#[test]
fn equal_documents_are_equal_bytes() {
    let document = sample::whole();
    let again: Document = serde_json::from_slice(&Format::Json.render(&document).unwrap()).unwrap();
    assert!(rendered(&document) == rendered(&again));
}

#[test]
fn an_article_is_in_the_block_that_the_index_says() {
    let document = sample::repeated(&sample::plain(), 1_500);
    let page = rendered(&document);
    let (_, blocks) = frame_and_blocks(&page);
    let data = |id: &str| -> serde_json::Value {
        let block = blocks.iter().find_map(|block| block.strip_prefix(&format!("{id}\">"))).unwrap_or_else(|| panic!("no block {id}"));
        serde_json::from_str(block).unwrap()
    };
    let index = data("index");
    let first: Vec<usize> = index["blocks"].as_array().unwrap().iter().map(|n| usize::try_from(n.as_u64().unwrap()).unwrap()).collect();
    assert!(first.len() > 3 && first[0] == 0, "{first:?}");
    let mut place = 0;
    for (number, &start) in first.iter().enumerate() {
        assert_eq!(start, place);
        for row in data(&format!("articles-{number}")).as_array().unwrap() {
            assert_eq!(index["id"][place], document.articles[place].id);
            assert_eq!(row[0].as_str(), document.articles[place].text.as_deref());
            assert_eq!(row[5].as_array().map_or(0, Vec::len), document.articles[place].items.len());
            place += 1;
        }
    }
    assert_eq!(place, 1_500);
}

#[test]
fn the_command_writes_the_page() {
    let dir = tempfile::tempdir().unwrap();
    crate::support::copy_folder(&crate::support::data_file("report/workspace"), dir.path());
    sample::assay(dir.path(), &["run"]);
    assert_eq!(sample::assay(dir.path(), &["report", "latest", "-o", "a.html", "-o", "b.json"]), 0);
    let document: Document = serde_json::from_slice(&std::fs::read(dir.path().join("b.json")).unwrap()).unwrap();
    assert!(std::fs::read_to_string(dir.path().join("a.html")).unwrap() == rendered(&document));
}
