//! A whole article without a mouse, and how many key strokes a claim costs.

use serde_json::json;

use super::desk::{CTRL, Desk, workspace};
use crate::browser::keys;

const TEXT: &str = "More than 37,000 people were held in 2023. About 12 dogs were found. Exactly 7 boats sank in May 2023.";

#[test]
fn a_whole_article_is_labelled_by_keys_alone() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT), ("en-2", "en", "Nothing.")]) else { return };
    desk.until("the keys are in the text", || desk.js("return document.activeElement.id") == json!("text"));
    for _ in 0..4 {
        desk.chord(&[keys::SHIFT, keys::RIGHT]);
    }
    desk.until_state("state.pick?.quote", &json!("More than 37,000 people"));
    desk.press(&[keys::ENTER]);
    desk.until_state("state.claims.length", &json!(1));
    assert_eq!(desk.state("state.claims[0].kind"), json!("quantity"));
    desk.press(&["e"]);
    desk.until("the keys are in the form", || desk.js("return document.activeElement.closest('#form') !== null") == json!(true));
    while desk.state("state.claims[0].unconfirmed.length") != json!(0) {
        let left = desk.state("state.claims[0].unconfirmed.length");
        desk.press(&[keys::ENTER]);
        desk.until("one value less to confirm", || desk.state("state.claims[0].unconfirmed.length") != left);
    }
    desk.until_state("state.claims[0].status", &json!("gold"));
    desk.until("the keys are back in the text", || desk.js("return document.activeElement.id") == json!("text"));
    // Suggestions by Tab: the other figures were found by the rules.
    let mut rounds = 0;
    while desk.state("state.suggestions.length") != json!(0) {
        let left = desk.state("state.suggestions.length");
        while desk.state("state.selected?.type") != json!("suggestion") {
            desk.press(&[keys::TAB]);
        }
        desk.press(&["a"]);
        desk.until("it is accepted", || desk.state("state.suggestions.length") != left);
        rounds += 1;
        assert!(rounds < 10);
    }
    desk.saved();
    let drafts = desk.state("state.claims.filter((c) => c.status === 'draft').length");
    assert_eq!(drafts, json!(0), "{}", desk.claims_csv());
    desk.chord(&[CTRL, keys::ENTER]);
    desk.until_state("state.article.id", &json!("en-2"));
    desk.press(&["0"]);
    desk.until("both are done", || desk.browser.find("#progress").text() == "2 done");
    assert_eq!(desk.file("articles.csv"), "article_id,lang,title,status,note\nen-1,en,Title of en-1,,\nen-2,en,Title of en-2,,\n");
    desk.quiet();
}

/// The keys of a claim with kind and at least five confirmed fields, from a suggestion and from marked words.
#[test]
fn a_claim_costs_at_most_six_key_strokes() {
    let sentences: Vec<String> = [37, 41, 52, 63, 74].iter().map(|n| format!("More than {n},000 people were held in 2023.")).collect();
    let Some(desk) = Desk::over(workspace(&[("en-1", "en", &sentences.join(" "))], ""), &["--annotator", "anna"]) else { return };
    let mut costs = Vec::new();
    // From suggestions.
    for _ in 0..3 {
        let before = desk.strokes.get();
        let claims = desk.state("state.claims.length").as_u64().unwrap();
        while desk.state("state.selected?.type") != json!("suggestion") {
            desk.press(&[keys::TAB]);
        }
        desk.press(&["a"]);
        desk.until_state("state.claims.length", &json!(claims + 1));
        costs.push(desk.strokes.get() - before);
        let fields =
            desk.state("Object.values(state.claims.find((c) => c.id === state.selected.id).fields).filter((v) => v !== null).length");
        assert!(fields.as_u64().unwrap() >= 5, "{fields} fields");
    }
    // By keys over words: the figure, its kind, and all values at once.
    for n in [63, 74] {
        let start = desk.unit_of(&format!("More than {n},000"));
        desk.js(&format!("assayPage.state.caret = {start}; assayPage.state.anchor = null"));
        let before = desk.strokes.get();
        for _ in 0..4 {
            desk.chord(&[keys::SHIFT, keys::RIGHT]);
        }
        let claims = desk.state("state.claims.length").as_u64().unwrap();
        desk.press(&["1"]);
        desk.until_state("state.claims.length", &json!(claims + 1));
        desk.press(&[keys::ENTER]);
        desk.until_state("state.claims.find((c) => c.id === state.selected.id).status", &json!("gold"));
        costs.push(desk.strokes.get() - before);
    }
    costs.sort_unstable();
    println!("key strokes a claim: {costs:?}");
    assert!(costs[costs.len() / 2] <= 6 && costs.iter().all(|&cost| cost <= 6), "{costs:?}");
}
