//! Two pages over one file, and a file that is edited underneath.

use serde_json::json;

use super::desk::{Desk, HEADER, workspace};
use crate::browser::{Browser, LONG};

const TEXT: &str = "Officials said more than 37,000 people were held in 2023, ten times the year before.";
const CLAIM: &str = "en-1-c01,en-1,25,38,\"37,000 people\",,quantity,37000,,person,,,,,,ben\n";

/// Sets the unit of the claim through the form.
fn set_unit(browser: &Browser, unit: &str) {
    browser.find("#claims .claim").click();
    browser.wait_until("the form is there", LONG, || !browser.find_all("#field-unit").is_empty());
    browser.script("const i = document.querySelector('#field-unit'); i.focus(); i.select()", json!([]));
    browser.active().send_keys(unit);
}

#[test]
fn two_tabs_do_not_overwrite_each_other() {
    let Some(desk) = Desk::over(workspace(&[("en-1", "en", TEXT)], CLAIM), &[]) else { return };
    let Some(other) = Browser::start() else { return };
    other.open(&desk.server.url);
    other.wait_until("the other page is there", LONG, || !other.find_all("#claims .claim").is_empty());
    set_unit(&other, "migrant");
    set_unit(&desk.browser, "refugee\u{e007}");
    desk.until("the first one is written", || desk.rows()[0]["unit"] == "refugee");
    // The other one has typed before it saw that.
    other.active().send_keys("\u{e007}");
    other.wait_until("both are shown", LONG, || !other.find_all("#conflict[open]").is_empty());
    let table = other.find("#conflict table").text();
    assert!(table.contains("migrant") && table.contains("refugee"), "{table}");
    assert_eq!(desk.rows()[0]["unit"], "refugee", "nothing is overwritten");
    other.find("#write-mine").click();
    desk.until("it is written when somebody says so", || desk.rows()[0]["unit"] == "migrant");
    desk.until("the first page follows", || desk.state("state.claims[0].fields.unit") == json!("migrant"));
}

#[test]
fn a_claim_that_was_deleted_underneath_is_a_conflict_and_nothing_is_lost() {
    let Some(desk) = Desk::over(workspace(&[("en-1", "en", TEXT)], CLAIM), &[]) else { return };
    set_unit(&desk.browser, "refugee");
    desk.write("claims.csv", HEADER);
    desk.browser.active().send_keys("\u{e007}");
    desk.until("it is said", || !desk.browser.find_all("#conflict[open]").is_empty());
    assert!(desk.browser.find("#conflict").text().contains("deleted this claim"));
    desk.browser.find("#write-mine").click();
    desk.until("it is a new claim", || desk.rows().len() == 1 && desk.rows()[0]["unit"] == "refugee");
}

#[test]
fn a_file_that_is_edited_underneath_is_seen() {
    let Some(desk) = Desk::over(workspace(&[("en-1", "en", TEXT)], CLAIM), &[]) else { return };
    let more = format!("{HEADER}{}mine,en-1,58,67,ten times,,change,,,,,,,,,\n", CLAIM.replace("person", "human"));
    desk.write("claims.csv", &more);
    desk.until_state("state.claims.map((c) => c.id)", &json!(["en-1-c01", "mine"]));
    assert_eq!(desk.state("state.claims[0].fields.unit"), json!("human"));
    desk.until("it is said", || desk.browser.find("#live").text().contains("outside of this page"));

    // An edit of the page keeps what the editor wrote.
    desk.claim("2023", "3");
    assert_eq!(desk.rows().len(), 3);
    assert_eq!(desk.rows()[0]["unit"], "human");

    // A text that is edited underneath is shown, and offsets are those of the new one.
    desk.write("articles/en-1.txt", &format!("NEW. {TEXT}"));
    desk.write("claims.csv", HEADER);
    desk.until("the new text is shown", || desk.text().starts_with("NEW. "));
    desk.claim("37,000 people", "3");
    assert_eq!(desk.rows()[0]["start"], "30");
}
