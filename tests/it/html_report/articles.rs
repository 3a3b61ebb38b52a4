//! The articles in a browser: texts, filters, keys, and the list.

use claim_assay::report::document::{Document, ReportItem};
use claim_assay::runs::ClaimView;
use serde_json::{Value, json};

use super::sample;
use crate::browser::{Browser, LONG, keys};

/// A browser that shows a place of the page of a document; `None` where there is no browser. The folder goes with the page.
fn opened(document: &Document, hash: &str) -> Option<(Browser, tempfile::TempDir)> {
    let browser = Browser::start()?;
    let (dir, path) = sample::page(document);
    browser.open(&format!("{}{hash}", crate::browser::file_url(&path)));
    browser.wait_until("the list", LONG, || !browser.find_all("#rows li").is_empty());
    Some((browser, dir))
}

fn hash(browser: &Browser) -> String {
    browser.script("return location.hash", json!([])).as_str().unwrap().to_owned()
}

fn listed(browser: &Browser) -> Vec<String> {
    let ids = browser.script("return [...document.querySelectorAll('#rows .id')].map((node) => node.textContent)", json!([]));
    serde_json::from_value(ids).unwrap()
}

fn wait_for_hash(browser: &Browser, expected: &str) {
    browser.wait_until(expected, LONG, || hash(browser) == expected);
}

/// The text in the marks of one side of an item.
fn marked(browser: &Browser, side: &str, item: usize) -> String {
    let script = "return [...document.querySelectorAll(`#article .text .${arguments[0]}[data-item='${arguments[1]}']`)].map((node) => node.textContent).join('')";
    browser.script(script, json!([side, item])).as_str().unwrap().to_owned()
}

/// What the text has at the places of a claim.
fn at_places(text: &str, claim: &ClaimView) -> String {
    let code_points: Vec<char> = text.chars().collect();
    claim.fragments.iter().flat_map(|&(start, end)| &code_points[start as usize..end as usize]).collect()
}

#[test]
fn marks_lie_on_the_code_points_of_the_claims() {
    let document = sample::whole();
    let Some((browser, _dir)) = opened(&document, "#articles") else { return };
    let mut checked = 0;
    for article in &document.articles {
        browser.script("location.hash = arguments[0]", json!([format!("#article={}", article.id)]));
        browser.wait_until("the article", LONG, || browser.find_all("#article .id").first().is_some_and(|id| id.text() == article.id));
        let text = article.text.as_deref().unwrap();
        let shown = browser.script("return document.querySelector('#article .text').textContent", json!([]));
        assert_eq!(shown, Value::from(text), "{}: nothing is added to the text or left out", article.id);
        type Side = (&'static str, fn(&ReportItem) -> Option<&ClaimView>);
        let sides: [Side; 2] = [("gold", |i| i.gold.as_ref()), ("predicted", |i| i.predicted.as_ref())];
        for (i, item) in article.items.iter().enumerate() {
            for (side, claim_of) in sides {
                let expected = claim_of(item).map(|claim| at_places(text, claim)).unwrap_or_default();
                assert_eq!(marked(&browser, side, i + 1), expected, "{} {side} {}", article.id, i + 1);
                checked += usize::from(!expected.is_empty());
            }
        }
    }
    assert!(checked > 20, "{checked}");
    assert_eq!(browser.console(), []);
}

#[test]
fn texts_run_in_their_own_direction() {
    let Some((browser, _dir)) = opened(&sample::plain(), "#article=ar-001") else { return };
    browser.wait_until("the article", LONG, || !browser.find_all("#article .text").is_empty());
    let style = "const style = getComputedStyle(document.querySelector('#article .text')); return [style.direction, style.unicodeBidi]";
    assert_eq!(browser.script(style, json!([])), json!(["rtl", "plaintext"]));
    assert_eq!(browser.find("#article .text").attribute("lang").as_deref(), Some("ar"));
}

#[test]
fn filters_narrow_the_list_and_stand_in_the_url() {
    let Some((browser, _dir)) = opened(&sample::whole(), "#articles") else { return };
    assert_eq!(listed(&browser), ["ar-001", "en-001", "th-001", "x-hostile", "zh-001", "zz-failed"]);
    let cases: [(&str, &[&str]); 4] = [
        ("failures", &["ar-001", "en-001", "x-hostile", "zh-001", "zz-failed"]),
        ("errors", &["zz-failed"]),
        ("different", &["en-001", "th-001", "x-hostile"]),
        ("all", &["ar-001", "en-001", "th-001", "x-hostile", "zh-001", "zz-failed"]),
    ];
    for (mode, expected) in cases {
        browser.script("document.querySelector(`#filters input[value=${arguments[0]}]`).click()", json!([mode]));
        assert_eq!(listed(&browser), expected, "{mode}");
    }
    let choose = |id: &str, value: &str| {
        let script = "const box = document.getElementById(arguments[0]); box.value = arguments[1]; box.dispatchEvent(new Event('change'))";
        browser.script(script, json!([id, value]));
    };
    choose("filter-lang", "en");
    assert_eq!(listed(&browser), ["en-001", "x-hostile", "zz-failed"]);
    choose("filter-kind", "change");
    assert_eq!(listed(&browser), ["en-001"]);
    wait_for_hash(&browser, "#lang=en&kind=change");
    browser.refresh();
    browser.wait_until("the list", LONG, || listed(&browser) == ["en-001"]);
    assert_eq!(browser.find("#count").text(), "1 of 6 articles");
}

#[test]
fn the_search_reads_ids_titles_and_texts() {
    let Some((browser, _dir)) = opened(&sample::plain(), "#articles") else { return };
    let cases = [("zz-f", "zz-failed"), ("Sea Route", "en-001"), ("救援队", "zh-001"), ("ＡＩＤ workers", "en-001"), ("أضعاف", "ar-001")];
    for (query, expected) in cases {
        let script = "const box = document.getElementById('search'); box.value = arguments[0]; box.dispatchEvent(new Event('input'))";
        browser.script(script, json!([query]));
        browser.wait_until(query, LONG, || listed(&browser) == [expected]);
    }
    browser.find("#search").send_keys("zzz");
    browser.wait_until("no article", LONG, || browser.find("#count").text() == "0 of 6 articles");
    assert_eq!(browser.console(), []);
}

#[test]
fn keys_step_through_articles_and_claims() {
    let Some((browser, _dir)) = opened(&sample::whole(), "#articles") else { return };
    let steps = [
        ("j", "#article=ar-001"),
        ("j", "#article=en-001"),
        ("n", "#article=en-001&item=1"),
        ("n", "#article=en-001&item=2"),
        ("p", "#article=en-001&item=1"),
        ("p", "#article=ar-001&item=2"),
        ("n", "#article=en-001&item=1"),
        ("k", "#article=ar-001"),
        ("s", "#summary"),
        ("a", "#articles"),
    ];
    for (key, expected) in steps {
        browser.press(&[key]);
        wait_for_hash(&browser, expected);
        browser.wait_until("the article", LONG, || {
            let id = expected.split(['=', '&']).nth(1);
            id.is_none_or(|id| browser.find_all("#article .id").first().is_some_and(|found| found.text() == id))
        });
    }
}

#[test]
fn keys_search_and_show_the_sheet() {
    let Some((browser, _dir)) = opened(&sample::plain(), "#articles") else { return };
    browser.press(&["/"]);
    browser.wait_until("the search", LONG, || browser.active().attribute("id").as_deref() == Some("search"));
    browser.active().send_keys("jk?");
    assert_eq!(browser.find("#search").property("value"), json!("jk?"), "in the search keys are letters");
    browser.press(&[keys::ESCAPE]);
    browser.press(&["?"]);
    browser.wait_until("the sheet", LONG, || browser.find("#keys").property("open") == json!(true));
    assert!(browser.find("#keys").text().contains("next article"));
    browser.press(&[keys::ESCAPE]);
    browser.wait_until("no sheet", LONG, || browser.find("#keys").property("open") == json!(false));
}

#[test]
fn a_click_on_the_text_picks_the_shortest_claim_first() {
    let Some((browser, _dir)) = opened(&sample::whole(), "#article=en-001") else { return };
    browser.wait_until("the article", LONG, || !browser.find_all("#article .piece").is_empty());
    let click = || {
        let script = "[...document.querySelectorAll('#article .piece')].find((piece) => piece.textContent === '12 boats').click()";
        browser.script(script, json!([]));
        browser.wait_until("the claim", LONG, || !browser.find_all("#article .card[aria-current]").is_empty());
        browser.find("#article .card[aria-current] .quote .words").text()
    };
    assert_eq!(click(), "12 boats");
    browser.script("document.querySelector('#article .card[aria-current]').removeAttribute('aria-current')", json!([]));
    assert_eq!(click(), "A café owner counted 12 boats he said");
}

#[test]
fn fields_are_told_gold_to_predicted() {
    let Some((browser, _dir)) = opened(&sample::plain(), "#article=en-001&item=1") else { return };
    browser.wait_until("the claim", LONG, || !browser.find_all("#article .card[aria-current]").is_empty());
    let chips =
        browser.script("return [...document.querySelectorAll('.card[aria-current] .chip')].map((chip) => chip.textContent)", json!([]));
    assert_eq!(chips, json!(["bound more_than → about ✗ wrong", "unit person → people ✗ wrong", "value 37000 ✓ right"]));
}

#[test]
fn of_thousands_of_articles_only_those_on_the_screen_are_drawn() {
    let document = sample::repeated(&sample::plain(), 3_000);
    let Some((browser, _dir)) = opened(&document, "#articles") else { return };
    assert_eq!(browser.find("#count").text(), "3000 of 3000 articles");
    let drawn = listed(&browser);
    assert!(drawn.len() < 60 && drawn[0] == document.articles[0].id, "{drawn:?}");
    browser.script("document.getElementById('scroll').scrollTop = 1e9", json!([]));
    browser.wait_until("the last row", LONG, || listed(&browser).last() == Some(&document.articles[2_999].id));
    assert_eq!(browser.find("#rows li:last-child").attribute("aria-setsize").as_deref(), Some("3000"));

    let last = &document.articles[2_999];
    browser.script("location.hash = arguments[0]", json!([format!("#article={}", last.id)]));
    browser.wait_until("the last article", LONG, || browser.find_all("#article .id").first().is_some_and(|id| id.text() == last.id));
    assert_eq!(browser.console(), []);
}

#[test]
fn where_very_many_claims_lie_some_are_drawn_and_the_others_counted() {
    let mut document = sample::plain();
    let article = document.articles.iter_mut().find(|article| article.id == "en-001").unwrap();
    let one = article.items.iter().find(|item| item.gold.is_some() && item.predicted.is_none()).unwrap().clone();
    let copy = |i: u32| {
        let gold = ClaimView { name: format!("c{i}"), fragments: vec![(i, 60)], ..one.gold.clone().unwrap() };
        ReportItem { gold: Some(gold), ..one.clone() }
    };
    article.items = (0..40).map(copy).collect();
    let Some((browser, _dir)) = opened(&document, "#article=en-001") else { return };
    browser.wait_until("the article", LONG, || !browser.find_all("#article .piece").is_empty());
    let deepest =
        "return Math.max(...[...document.querySelectorAll('#article .piece')].map((piece) => piece.querySelectorAll('.gold').length))";
    assert_eq!(browser.script(deepest, json!([])), json!(24));
    assert_eq!(browser.find_all("#article .card").len(), 40);
    let last = "return [...document.querySelectorAll('#article .piece')].at(-1).title";
    assert_eq!(browser.script(last, json!([])), json!("16 more claims here"));
}
