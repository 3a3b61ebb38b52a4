//! A second annotator, who must not see what the first one did.

use serde_json::json;

use super::desk::{CTRL, Desk, rows_of, workspace};
use crate::browser::keys;

const TEXT: &str = "Officials said more than 37,000 people were held in 2023.";

#[test]
fn a_blind_annotator_sees_nothing_of_the_gold_and_writes_a_file_of_her_own() {
    let gold = "en-1-c01,en-1,15,38,\"more than 37,000 people\",t-secret,quantity,37000,more_than,person,2023,,,,,ben\n";
    let dir = workspace(&[("en-1", "en", TEXT), ("en-2", "en", "Nothing here.")], gold);
    let Some(desk) = Desk::over(dir, &["--blind", "--annotator", "zoe"]) else { return };
    assert_eq!(desk.state("[state.claims.length, state.suggestions.length]"), json!([0, 0]));
    let page = desk.js("return document.body.textContent").as_str().unwrap().to_owned();
    assert!(!page.contains("t-secret") && !page.contains("ben"), "{page}");
    let before = desk.claims_csv();
    desk.claim("37,000 people", "1");
    // Nothing is filled in: who is shown a value agrees with it.
    assert_eq!(desk.state("state.claims[0].fields"), json!({}));
    desk.press(&["e"]);
    desk.until("the value has the keys", || desk.browser.active().attribute("name").as_deref() == Some("value"));
    desk.type_text("37,000");
    desk.press(&[keys::ENTER]);
    desk.until_state("state.claims[0].status", &json!("gold"));
    assert_eq!(desk.state("state.claims[0].fields.value"), json!("37000"));
    desk.chord(&[CTRL, keys::ENTER]);
    desk.until_state("state.article.id", &json!("en-2"));
    desk.press(&["0"]);
    desk.until("both are done", || desk.browser.find("#progress").text() == "2 done");
    let rows = rows_of(&desk.dir.path().join("data/annotations/zoe.csv"));
    let quotes: Vec<(&str, &str)> = rows.iter().map(|row| (row["article_id"].as_str(), row["quote"].as_str())).collect();
    assert_eq!(quotes, [("en-1", "37,000 people"), ("en-2", "")]);
    assert_eq!(desk.claims_csv(), before);
    desk.quiet();
}
