//! Hands that are quicker than the server, and what is typed when something else happens.

use std::time::Duration;

use serde_json::json;

use super::desk::{CTRL, Desk, HEADER, workspace};
use crate::browser::keys;

const TEXT: &str = "Officials said more than 37,000 people were held in 2023, ten times the year before.";
const CLAIM: &str = "en-1-c01,en-1,25,38,\"37,000 people\",,quantity,37000,,person,,,,,,ben\n";

fn desk() -> Option<Desk> {
    Desk::over(workspace(&[("en-1", "en", TEXT), ("en-2", "en", "Nothing.")], CLAIM), &["en-1", "--annotator", "anna"])
}

fn into_unit(desk: &Desk, text: &str) {
    desk.browser.find("#claims .claim").click();
    desk.until("the form is there", || !desk.browser.find_all("#field-unit").is_empty());
    desk.js("const i = document.querySelector('#field-unit'); i.focus(); i.select()");
    desk.browser.active().send_keys(text);
}

#[test]
fn what_is_typed_is_written_before_the_article_is_left() {
    let Some(desk) = desk() else { return };
    into_unit(&desk, "household");
    desk.chord(&[CTRL, keys::ENTER]);
    desk.until_state("state.article.id", &json!("en-2"));
    assert_eq!(desk.rows()[0]["unit"], "household");
}

#[test]
fn what_is_no_value_holds_the_article_back() {
    let Some(desk) = desk() else { return };
    desk.browser.find("#claims .claim").click();
    desk.until("the form is there", || !desk.browser.find_all("#field-value").is_empty());
    desk.js("const i = document.querySelector('#field-value'); i.focus(); i.select()");
    desk.browser.active().send_keys("abc");
    desk.chord(&[CTRL, keys::ENTER]);
    desk.until("it is said", || desk.browser.find("#live").text().starts_with("value: "));
    assert_eq!(desk.state("state.article.id"), json!("en-1"));
    assert_eq!(desk.browser.find("#field-value").property("value"), json!("abc"));
    assert_eq!(desk.rows()[0]["value"], "37000");
}

#[test]
fn keys_that_repeat_do_not_meet_themselves() {
    let Some(desk) = desk() else { return };
    desk.browser.find("#claims .claim").click();
    desk.js("document.querySelector('#text').focus()");
    for _ in 0..4 {
        desk.js("document.querySelector('#text').dispatchEvent(new KeyboardEvent('keydown', { key: ']', bubbles: true }))");
    }
    desk.until_state("state.claims[0].quote", &json!("37,000 people were held in 2023"));
    desk.saved();
    assert!(desk.browser.find_all("#conflict[open]").is_empty());
    // And back again, to what the row was before.
    for _ in 0..4 {
        desk.js("document.querySelector('#text').dispatchEvent(new KeyboardEvent('keydown', { key: '[', bubbles: true }))");
    }
    desk.until_state("state.claims[0].quote", &json!("37,000 people"));
    desk.chord(&[CTRL, "z"]);
    desk.until_state("state.claims[0].quote", &json!("37,000 people were"));
    desk.press(&["["]);
    desk.until_state("state.claims[0].quote", &json!("37,000 people"));
    desk.press(&[keys::ESCAPE]);
    // A double Enter makes one claim, a double `a` accepts one suggestion.
    desk.mark("ten times");
    desk.js("for (const i of [1, 2]) document.querySelector('#text').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))");
    desk.until_state("state.claims.length", &json!(2));
    desk.saved();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(desk.rows().len(), 2);
    assert!(desk.browser.find_all("#conflict[open]").is_empty());
}

#[test]
fn what_is_typed_stays_when_the_row_changes_underneath_and_both_are_shown() {
    let Some(desk) = desk() else { return };
    into_unit(&desk, "bord");
    desk.write("claims.csv", &format!("{HEADER}{}", CLAIM.replace("37000,,person", "37000,about,person")));
    desk.until_state("state.claims[0].fields.bound", &json!("about"));
    // No dialog opens under the hands, and no half word is written.
    assert!(desk.browser.find_all("#conflict[open]").is_empty());
    desk.browser.active().send_keys("er");
    assert_eq!(desk.browser.active().property("value"), json!("border"));
    desk.browser.active().send_keys(keys::ENTER);
    desk.until("both are shown", || !desk.browser.find_all("#conflict[open]").is_empty());
    assert_eq!(desk.rows()[0]["unit"], "person");
    desk.browser.find("#write-mine").click();
    desk.until("mine is written", || desk.rows()[0]["unit"] == "border");
    assert_eq!(desk.rows()[0]["bound"], "about", "only what was changed here");
}

#[test]
fn rows_that_are_not_valid_are_shown_and_hold_the_article_back() {
    let Some(desk) = desk() else { return };
    desk.write("claims.csv", &format!("{HEADER}{CLAIM}en-1-c02,en-1,0,9,Nobody,,event,,,,,,,,,ben\n"));
    desk.until("it is shown", || desk.browser.find("#problems").text().contains("Nobody"));
    desk.chord(&[CTRL, keys::ENTER]);
    desk.until("it is refused", || desk.browser.find("#live").text().contains("not valid"));
    assert!(desk.file("articles.csv").contains("unlabelled"));
}

#[test]
fn tab_leaves_the_text_behind_the_last_claim() {
    let Some(desk) = desk() else { return };
    desk.js("document.querySelector('#text').focus()");
    for _ in 0..30 {
        desk.press(&[keys::TAB]);
        if desk.js("return document.activeElement.id") != json!("text") {
            return;
        }
    }
    panic!("Tab never leaves the text");
}

#[test]
fn all_suggestions_of_one_source_are_taken_only_when_that_is_said_twice() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT)]) else { return };
    desk.until("the rules suggest", || desk.state("state.suggestions.length") != json!(0));
    desk.press(&["A"]);
    desk.until("it asks", || desk.browser.find("#live").text().contains("once more"));
    assert_eq!(desk.state("state.claims.length"), json!(0));
    desk.press(&["A"]);
    desk.until("they are claims", || desk.state("state.claims.length") != json!(0));
}

#[test]
fn an_arabic_article_that_begins_with_latin_letters_is_right_to_left() {
    let Some(desk) = Desk::open(&[("ar-1", "ar", "BBC: قالت الوكالة إن ٣٧٬٠٠٠ شخص")]) else { return };
    assert_eq!(desk.js("return getComputedStyle(document.querySelector('#text')).direction"), json!("rtl"));
}
