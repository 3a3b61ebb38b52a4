//! Marking words: by drag, backwards, double click and keys, at the places that the oracle says.

use serde_json::{Value, json};

use super::desk::{Desk, Text};
use crate::browser::{Point, keys};
use crate::support::{data, data_file};

struct Expected {
    article: String,
    quote: String,
    code_points: [u64; 2],
    units: [usize; 2],
}

fn oracle() -> Vec<Expected> {
    let rows = csv::Reader::from_path(data_file("offsets/oracle.csv"))
        .unwrap()
        .into_deserialize::<std::collections::BTreeMap<String, String>>()
        .map(Result::unwrap)
        .collect::<Vec<_>>();
    let number = |row: &std::collections::BTreeMap<String, String>, name: &str| row[name].parse::<u64>().unwrap();
    rows.iter()
        .map(|row| Expected {
            article: row["doc_id"].clone(),
            quote: row["quote"].clone(),
            code_points: [number(row, "cp_start"), number(row, "cp_end")],
            units: [number(row, "u16_start") as usize, number(row, "u16_end") as usize],
        })
        .collect()
}

fn texts() -> Vec<(String, String, String)> {
    let text = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let cell = |name: &str| value[name].as_str().unwrap().to_owned();
        (cell("article_id"), cell("lang"), cell("text"))
    };
    data("offsets/articles.jsonl").split('\n').filter(|line| !line.is_empty()).map(text).collect()
}

fn desk() -> Option<Desk> {
    let texts = texts();
    let borrowed: Vec<Text<'_>> = texts.iter().map(|(id, lang, text)| (id.as_str(), lang.as_str(), text.as_str())).collect();
    Desk::open(&borrowed)
}

#[track_caller]
fn picked(desk: &Desk, expected: &Expected, how: &str) {
    let place = json!([expected.code_points]);
    let what = format!("{how} over {:?} in {} picks {place}", expected.quote, expected.article);
    desk.until(&what, || desk.state("state.pick?.fragments") == place && desk.state("state.pick.isPreview") == json!(false));
    assert_eq!(desk.state("state.pick.quote"), json!(expected.quote), "{what}");
    desk.press(&[keys::ESCAPE]);
    desk.until_state("state.pick", &Value::Null);
}

#[test]
fn drag_reverse_drag_double_click_and_keys_pick_the_same_place() {
    let Some(desk) = desk() else { return };
    for expected in &oracle() {
        if desk.state("state.article.id") != json!(expected.article) {
            desk.go(&expected.article);
        }
        let [start, end] = expected.units;
        let (from, to) = desk.edges(start, end);
        desk.browser.drag(from, to);
        picked(&desk, expected, "a drag");
        desk.browser.drag(to, from);
        picked(&desk, expected, "a drag backwards");
        if !expected.quote.contains(char::is_whitespace) {
            desk.apart();
            desk.browser.double_click(Point { x: (from.x + to.x) / 2, y: from.y });
            picked(&desk, expected, "a double click");
        }
        by_keys(&desk, expected);
    }
    desk.quiet();
}

/// From the beginning of the text: by words to the start, by words over the claim, and by characters where words are others.
fn by_keys(desk: &Desk, expected: &Expected) {
    let is_rtl = expected.article.starts_with("ar");
    let (on, back) = if is_rtl { (keys::LEFT, keys::RIGHT) } else { (keys::RIGHT, keys::LEFT) };
    let [start, end] = expected.units;
    let caret = || desk.state("state.caret").as_u64().unwrap() as usize;
    desk.js("assayPage.state.caret = 0; document.querySelector('#text').focus()");
    let text: Vec<u16> = desk.text().encode_utf16().collect();
    let spaces =
        |from: usize, to: usize| text[from..to].iter().all(|&unit| char::from_u32(u32::from(unit)).is_some_and(char::is_whitespace));
    // The keys stand behind the word before the claim, or in the middle of a word.
    let mut moves = 0;
    while caret() < start && !spaces(caret(), start) {
        desk.press(&[on]);
        moves += 1;
        assert!(moves < 80, "{} is not reached by words", expected.quote);
    }
    while caret() > start {
        desk.chord(&[keys::ALT, back]);
    }
    while caret() < end {
        desk.chord(&[keys::SHIFT, on]);
    }
    while caret() > end {
        desk.chord(&[keys::ALT, keys::SHIFT, back]);
    }
    picked(desk, expected, "keys");
}

#[test]
fn what_is_picked_is_what_is_written() {
    let Some(desk) = desk() else { return };
    let oracle = oracle();
    for expected in &oracle {
        if desk.state("state.article.id") != json!(expected.article) {
            desk.go(&expected.article);
        }
        let (from, to) = desk.edges(expected.units[0], expected.units[1]);
        desk.browser.drag(from, to);
        desk.until_state("state.pick?.fragments", &json!([expected.code_points]));
        let claims = desk.state("state.claims.length").as_u64().unwrap();
        desk.press(&["3"]);
        desk.until_state("state.claims.length", &json!(claims + 1));
    }
    desk.saved();
    let rows = desk.rows();
    assert_eq!(rows.len(), oracle.len());
    for expected in &oracle {
        let [start, end] = expected.code_points.map(|point| point.to_string());
        assert!(
            rows.iter().any(|row| row["article_id"] == expected.article
                && row["start"] == start
                && row["end"] == end
                && row["quote"] == expected.quote),
            "{}",
            expected.quote
        );
    }
}

const CRLF: &str = "First line.\r\nMore than 37,000 people\r\nwere held 🌊.\r\n";

#[test]
fn crlf_is_kept_from_the_page_to_the_file() {
    let Some(desk) = Desk::open(&[("en-1", "en", CRLF)]) else { return };
    assert_eq!(desk.text(), CRLF);
    desk.claim("37,000 people\r\nwere held", "3");
    let row = &desk.rows()[0];
    assert_eq!((row["start"].as_str(), row["end"].as_str(), row["quote"].as_str()), ("23", "47", "37,000 people\r\nwere held"));
    assert!(desk.claims_csv().contains("\"37,000 people\r\nwere held\""));
    assert_eq!(desk.file("articles/en-1.txt"), CRLF);
}

#[test]
fn a_drag_snaps_to_words_and_signs_unless_alt_is_held() {
    let text = "It rose 12% to US$40 (about −3,5 €), see 37.000-an. Family 👨‍👩‍👧 came.";
    let Some(desk) = Desk::open(&[("en-1", "en", text)]) else { return };
    let drag = |part: &str, alt: bool| {
        let start = desk.unit_of(part);
        let (from, to) = desk.edges(start, start + part.encode_utf16().count());
        if alt {
            desk.browser.drag_with(keys::ALT, from, to);
        } else {
            desk.browser.drag(from, to);
        }
        desk.until("something is picked", || desk.state("state.pick?.isPreview") == json!(false));
        let quote = desk.state("state.pick.quote");
        desk.press(&[keys::ESCAPE]);
        desk.until_state("state.pick", &Value::Null);
        quote
    };
    for (part, snapped) in [
        ("os", "rose"),
        ("12", "12%"),
        ("40", "US$40"),
        ("3,5", "−3,5 €"),
        ("ose 1", "rose 12%"),
        ("7.0", "37.000"),
        ("👨", "👨‍👩‍👧"),
        ("came.", "came."),
    ] {
        assert_eq!(drag(part, false), json!(snapped), "{part}");
    }
    for exact in ["os", "12", "7.0"] {
        assert_eq!(drag(exact, true), json!(exact));
    }
}

#[test]
fn a_double_click_on_an_emoji_picks_it_and_three_clicks_stay_on_the_line() {
    let Some(desk) = Desk::open(&[("en-1", "en", "They left 📉 then.\nSecond line here.\n")]) else { return };
    let start = desk.unit_of("📉");
    let (from, to) = desk.edges(start, start + 2);
    let middle = Point { x: (from.x + to.x) / 2, y: from.y };
    desk.browser.double_click(middle);
    desk.until_state("state.pick?.quote", &json!("📉"));
    desk.press(&[keys::ESCAPE]);
    desk.apart();
    desk.browser.clicks(3, middle);
    desk.until_state("state.pick?.quote", &json!("They left 📉 then."));
}

#[test]
fn marks_are_at_their_places_also_without_highlights() {
    let Some(desk) = Desk::open(&[("en-1", "en", "More than 37,000 people and 12 dogs.")]) else { return };
    desk.claim("37,000 people", "3");
    let ranges = desk.js("return [...CSS.highlights.get('kind-3')].map((r) => r.toString())");
    assert_eq!(ranges, json!(["37,000 people"]));
    desk.js("assayPage.forceBoxes()");
    let boxes = desk.js(
        r"const range = document.createRange();
          const node = document.querySelector('#text').firstChild;
          range.setStart(node, 10); range.setEnd(node, 23);
          const want = range.getBoundingClientRect(), got = document.querySelector('.box.kind-3').getBoundingClientRect();
          return [CSS.highlights.has('kind-3'), Math.abs(want.left - got.left) < 1 && Math.abs(want.top - got.top) < 1 && Math.abs(want.right - got.right) < 1]",
    );
    assert_eq!(boxes, json!([false, true]));
    assert_eq!(desk.js("return document.querySelector('#text').childNodes.length"), json!(1), "the text stays one node");
}
