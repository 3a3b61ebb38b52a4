//! Claims over claims, fields and their states, undo, and hostile texts.

use serde_json::{Value, json};

use super::desk::{CTRL, Desk};
use crate::browser::keys;

const TEXT: &str = "Officials said more than 37,000 people were held in 2023, ten times the year before.";

#[test]
fn overlapping_claims_are_selected_one_by_one_and_deleted_alone() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT)]) else { return };
    desk.claim("more than 37,000 people were held in 2023", "3");
    desk.press(&[keys::ESCAPE]);
    desk.claim("37,000 people", "3");
    let start = desk.unit_of("37,000");
    let (from, to) = desk.edges(start, start + 6);
    let middle = from.midway(to);
    let quote = || desk.state("state.claims.find((c) => c.id === state.selected?.id)?.quote");
    desk.press(&[keys::ESCAPE]);
    desk.browser.clicks(1, middle);
    desk.until("the inner one is selected first", || quote() == json!("37,000 people"));
    // A suggestion may lie between the two in length.
    while quote() != json!("more than 37,000 people were held in 2023") {
        desk.apart();
        let before = desk.state("state.selected");
        desk.browser.clicks(1, middle);
        desk.until("the next one is selected", || desk.state("state.selected") != before);
        assert_ne!(quote(), json!("37,000 people"), "the outer one was passed over");
    }
    desk.press(&[keys::BACKSPACE]);
    desk.until_state("state.claims.map((c) => c.quote)", &json!(["37,000 people"]));
    desk.saved();
    assert_eq!(desk.rows().len(), 1);
    desk.chord(&[CTRL, "z"]);
    desk.until_state("state.claims.length", &json!(2));
    desk.apart();
    desk.browser.clicks(1, middle);
    desk.until("the inner one again", || quote() == json!("37,000 people"));
    desk.press(&[keys::BACKSPACE]);
    desk.until_state("state.claims.map((c) => c.quote)", &json!(["more than 37,000 people were held in 2023"]));
}

#[test]
fn prefilled_values_are_no_gold_until_somebody_confirms_them() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT)]) else { return };
    desk.claim("more than 37,000 people", "1");
    let row = &desk.rows()[0];
    assert_eq!((row["status"].as_str(), row["value"].as_str(), row["annotator"].as_str()), ("draft", "37000", "anna"));
    assert!(row["tags"].contains("unconfirmed:value"), "{row:?}");
    assert!(desk.file("articles.csv").contains("en-1,en,Title of en-1,draft,"));

    desk.chord(&[CTRL, keys::ENTER]);
    desk.until("done is refused", || desk.browser.find("#live").text().contains("1 claim waits"));
    desk.press(&[keys::ENTER]);
    desk.until_state("state.claims[0].status", &json!("gold"));
    desk.saved();
    let row = &desk.rows()[0];
    assert_eq!(
        (row["status"].as_str(), row["tags"].as_str(), row["value"].as_str(), row["bound"].as_str()),
        ("", "", "37000", "more_than")
    );
    desk.chord(&[CTRL, keys::ENTER]);
    desk.until("the article is gold", || desk.file("articles.csv").contains("en-1,en,Title of en-1,,"));
    desk.quiet();
}

#[test]
fn a_field_is_typed_in_the_language_of_the_article_and_echoed() {
    let Some(desk) = Desk::open(&[("id-1", "id", "Lebih dari 37.000 warga ditangkap.")]) else { return };
    desk.claim("37.000 warga", "1");
    desk.press(&["e"]);
    desk.until("the value has the keys", || desk.browser.active().attribute("name").as_deref() == Some("value"));
    desk.chord(&[CTRL, "a"]);
    desk.type_text("41.500");
    desk.until("the reading is echoed", || desk.browser.find("#field-value-echo").text().contains("41.500 → 41500 (id)"));
    desk.press(&[keys::ENTER]);
    desk.until_state("state.claims[0].fields.value", &json!("41500"));
    assert_eq!(desk.state("state.claims[0].unconfirmed.includes('value')"), json!(false));

    // What is no value is not written, and stays to be mended.
    desk.browser.find("#field-value").click();
    desk.chord(&[CTRL, "a"]);
    desk.type_text("many");
    desk.press(&[keys::ENTER]);
    desk.until("it says why", || desk.browser.find("#field-value-echo").attribute("class").unwrap().contains("bad"));
    assert_eq!(desk.state("state.claims[0].fields.value"), json!("41500"));
    assert_eq!(desk.browser.find("#field-value").property("value"), json!("many"));

    // none is a state of its own, and empty is another.
    desk.press(&[keys::ESCAPE]);
    desk.browser.find("#field-value").click();
    desk.chord(&[CTRL, "a"]);
    desk.type_text("none");
    desk.press(&[keys::ENTER]);
    desk.until("it is absent", || desk.js("return assayPage.state.claims[0].fields.value === null") == json!(true));
    desk.saved();
    assert_eq!(desk.rows()[0]["value"], "none");
    desk.browser.find("[data-focus='none-value']").click();
    desk.until("it is not annotated", || desk.js("return assayPage.state.claims[0].fields.value === undefined") == json!(true));
    desk.saved();
    assert_eq!(desk.rows()[0]["value"], "");
    assert_eq!(desk.rows()[0]["status"], "draft", "a quantity needs a value");
}

#[test]
fn fragments_are_added_and_edges_moved() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT)]) else { return };
    desk.claim("37,000 people", "3");
    let start = desk.unit_of("in 2023");
    desk.js(&format!("assayPage.state.caret = {start}"));
    desk.chord(&[keys::SHIFT, keys::RIGHT]);
    desk.chord(&[keys::SHIFT, keys::RIGHT]);
    desk.until_state("state.pick?.quote", &json!("in 2023"));
    desk.chord(&[keys::SHIFT, keys::ENTER]);
    desk.until_state("state.claims[0].fragments.length", &json!(2));
    desk.saved();
    assert!(desk.claims_csv().contains("25-38;49-56"), "{}", desk.claims_csv());
    assert_eq!(desk.rows()[0]["quote"], "37,000 people in 2023");
    desk.press(&["]"]);
    desk.until("the end moved", || desk.state("state.claims[0].quote").as_str().unwrap().len() > "37,000 people in 2023".len());
    desk.press(&["["]);
    desk.until_state("state.claims[0].quote", &json!("37,000 people in 2023"));
    desk.press(&["{"]);
    desk.until_state("state.claims[0].quote", &json!("than 37,000 people in 2023"));
    desk.press(&["}"]);
    desk.until_state("state.claims[0].quote", &json!("37,000 people in 2023"));
}

#[test]
fn undo_and_redo_go_over_a_reload() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT), ("en-2", "en", TEXT)]) else { return };
    desk.claim("37,000 people", "3");
    desk.press(&["2"]);
    desk.until_state("state.claims[0].kind", &json!("change"));
    desk.go("en-2");
    desk.claim("ten times", "3");
    let all = desk.claims_csv();
    desk.browser.refresh();
    desk.ready();
    desk.chord(&[CTRL, "z"]);
    desk.until("the claim of en-2 is gone", || desk.rows().len() == 1);
    desk.chord(&[CTRL, "z"]);
    desk.until_state("state.article.id", &json!("en-1"));
    desk.until_state("state.claims[0].kind", &json!("event"));
    desk.chord(&[CTRL, "z"]);
    desk.until("all is as it was", || desk.rows().is_empty());
    desk.browser.refresh();
    desk.ready();
    for _ in 0..3 {
        desk.chord(&[CTRL, keys::SHIFT, "z"]);
    }
    desk.until("all is there again", || desk.claims_csv() == all);
}

#[test]
fn hostile_texts_and_names_are_inert() {
    let text =
        "<img src=x onerror=\"window.pwned=1\"> </script><script>window.pwned=2</script> &amp; \u{202e}evil\u{202c} {{7*7}} 37,000 people";
    let Some(desk) = Desk::open(&[("en-1", "en", text)]) else { return };
    desk.write("articles.csv", "article_id,lang,title,status,note\nen-1,en,<b onmouseover=window.pwned=3>t</b>,unlabelled,<i>n</i>\n");
    desk.until_state("state.article.note", &json!("<i>n</i>"));
    assert_eq!(desk.text(), text);
    desk.claim("37,000 people", "3");
    desk.press(&["e"]);
    desk.browser.find("#field-unit").click();
    desk.chord(&[CTRL, "a"]);
    desk.type_text("<svg onload=window.pwned=4>");
    desk.press(&[keys::ENTER]);
    desk.until_state("state.claims[0].fields.unit", &json!("<svg onload=window.pwned=4>"));
    assert_eq!(
        desk.js("return [window.pwned ?? null, document.querySelectorAll('#text *, #title b, #claims svg, #form svg').length]"),
        json!([Value::Null, 0])
    );
    desk.quiet();
}

#[test]
fn no_claims_and_skipped_are_told_apart() {
    let Some(desk) = Desk::open(&[("en-1", "en", "Nothing to see."), ("en-2", "en", "Not news."), ("en-3", "en", TEXT)]) else { return };
    desk.press(&["0"]);
    desk.until_state("state.article.id", &json!("en-2"));
    desk.chord(&[CTRL, keys::SPACE]);
    desk.until("it asks why", || desk.js("return document.activeElement.id") == json!("skip-reason"));
    desk.type_text("an advert");
    desk.press(&[keys::ENTER]);
    desk.until_state("state.article.id", &json!("en-3"));
    assert_eq!(
        desk.file("articles.csv"),
        "article_id,lang,title,status,note\nen-1,en,Title of en-1,,\nen-2,en,Title of en-2,skipped,an advert\nen-3,en,Title of en-3,unlabelled,\n"
    );
    assert_eq!(desk.browser.find("#progress").text(), "1 done");
}
