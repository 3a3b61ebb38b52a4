//! A phone: 390 pixels and a finger.

use serde_json::json;

use super::desk::{Desk, Server, workspace};
use crate::browser::{Browser, LONG};

const TEXT: &str = "Officials said more than 37,000 people were held in 2023, ten times the year before.";

#[test]
fn a_claim_is_made_with_a_finger() {
    let dir = workspace(&[("en-1", "en", TEXT)], "");
    let Some(browser) = Browser::start() else { return };
    browser.emulate_phone();
    let server = Server::start(dir.path(), &["--annotator", "anna"]);
    browser.open(&server.url);
    let desk = Desk { browser, server, dir, strokes: 0.into() };
    desk.ready();
    let start = desk.unit_of("37,000");
    let (from, to) = desk.edges(start, start + 6);
    // The figure may be a suggestion already: then a tap selects that, and nothing is picked.
    while desk.state("state.suggestions.length") != json!(0) {
        let left = desk.state("state.suggestions.length");
        desk.browser.tap(desk.browser.find("#claims .suggestion").middle());
        desk.until("it is selected", || !desk.browser.find_all("#claims .verdict button").is_empty());
        desk.browser.find("#claims .verdict button:last-child").click();
        desk.until("it is rejected", || desk.state("state.suggestions.length") != left);
    }
    desk.browser.tap(from.midway(to));
    desk.until_state("state.pick?.quote", &json!("37,000"));
    let bar = desk.browser.find("#pick");
    assert!(bar.attribute("class").unwrap().contains("sheet"));
    let tap = |label: &str| {
        // The card is drawn again when the rules have read the words.
        desk.until_state("state.pick?.isRead", &json!(true));
        desk.browser.tap(desk.browser.find(&format!("#pick [aria-label='{label}']")).middle());
    };
    tap("start one word earlier");
    desk.until_state("state.pick.quote", &json!("than 37,000"));
    tap("start one word earlier");
    desk.until_state("state.pick.quote", &json!("more than 37,000"));
    tap("end one word later");
    desk.until_state("state.pick.quote", &json!("more than 37,000 people"));
    tap("end one word later");
    desk.until_state("state.pick.quote", &json!("more than 37,000 people were"));
    tap("end one word earlier");
    desk.until_state("state.pick.quote", &json!("more than 37,000 people"));
    desk.until_state("state.pick.kind", &json!("quantity"));
    desk.browser.tap(desk.browser.find("#create").middle());
    desk.until_state("state.claims.length", &json!(1));
    desk.saved();
    assert_eq!(desk.rows()[0]["quote"], "more than 37,000 people");
    assert_eq!(desk.js("return document.documentElement.scrollWidth"), json!(390), "the page is wider than a phone");
    let small = desk.js("return [...document.querySelectorAll('.bottom button, #form button.primary')].filter((b) => b.offsetParent && b.offsetHeight < 40).map((b) => b.id)");
    assert_eq!(small, json!([]), "buttons too small for a finger");
    desk.browser.wait_until("confirm is there", LONG, || !desk.browser.find_all("#confirm").is_empty());
    desk.browser.script("document.querySelector('#confirm').scrollIntoView()", json!([]));
    desk.browser.tap(desk.browser.find("#confirm").middle());
    desk.until_state("state.claims[0].status", &json!("gold"));
    desk.quiet();
}
