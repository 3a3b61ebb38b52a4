//! The pictures of docs/labelling.md, made from the page as it is: `ASSAY_PICTURES=1 cargo test --test it label_page::pictures`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::desk::{Desk, Server};
use crate::browser::{Browser, keys};
use crate::support::copy_folder;

/// A copy of the project's own dataset in which some articles are not labelled yet; `None` unless pictures are wanted.
fn tenfold(unlabelled: &[&str]) -> Option<TempDir> {
    std::env::var_os("ASSAY_PICTURES")?;
    let dir = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/tenfold");
    copy_folder(&from, &dir.path().join("data"));
    let toml = "format = 1\nname = \"tenfold\"\n[dataset]\npath = \"data\"\n[[extractor]]\nid = \"rules\"\nkind = \"builtin\"\n";
    std::fs::write(dir.path().join("assay.toml"), toml).unwrap();
    let read = |name: &str| std::fs::read_to_string(dir.path().join("data").join(name)).unwrap();
    let of_these = |line: &&str| unlabelled.iter().any(|id| line.split(',').take(2).any(|cell| cell == *id));
    let claims: Vec<String> = read("claims.csv").split('\n').filter(|line| !of_these(line)).map(str::to_owned).collect();
    let open = |line: &str| if of_these(&line) { line.replacen(",gold,", ",unlabelled,", 1) } else { line.to_owned() };
    let articles: Vec<String> = read("articles.csv").split('\n').map(open).collect();
    std::fs::write(dir.path().join("data/claims.csv"), claims.join("\n")).unwrap();
    std::fs::write(dir.path().join("data/articles.csv"), articles.join("\n")).unwrap();
    Some(dir)
}

fn shoot(browser: &Browser, name: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    // What moves stands still: the caret, and the bar of progress.
    browser.script("const style = new CSSStyleSheet(); style.replaceSync('*{animation:none!important;transition:none!important}'); document.adoptedStyleSheets = [style]", json!([]));
    browser.screenshot(&folder.join(format!("labelling-{name}.png")));
}

fn desk(browser: Browser, dir: TempDir, arguments: &[&str]) -> Desk {
    browser.set_window(1280, 900);
    let server = Server::start(dir.path(), arguments);
    browser.open(&server.url);
    let desk = Desk { browser, server, dir, strokes: 0.into() };
    desk.ready();
    desk
}

#[test]
fn empty_labelling_suggestion_and_conflict() {
    let Some(dir) = tenfold(&["en-strike-1", "en-notice-1"]) else { return };
    let Some(browser) = Browser::start() else { return };
    let desk = desk(browser, dir, &["en-notice-1", "--annotator", "anna"]);
    shoot(&desk.browser, "empty");

    desk.go("en-strike-1");
    desk.until("the rules suggest", || desk.state("state.suggestions.length") != json!(0));
    desk.press(&[keys::TAB, keys::TAB]);
    desk.until("one is selected", || desk.state("state.selected?.type") == json!("suggestion"));
    shoot(&desk.browser, "suggestion");

    desk.press(&["a"]);
    desk.until_state("state.claims.length", &json!(1));
    desk.press(&[keys::ESCAPE]);
    let quote = desk.state("state.suggestions[1].quote").as_str().unwrap().to_owned();
    desk.mark(&quote);
    desk.until_state("state.pick?.isRead", &json!(true));
    shoot(&desk.browser, "marking");
    desk.press(&["1"]);
    desk.until_state("state.claims.length", &json!(2));
    desk.saved();
    shoot(&desk.browser, "fields");

    let id = desk.state("state.selected.id").as_str().unwrap().to_owned();
    desk.js("const i = document.querySelector('#field-unit'); i.focus(); i.select()");
    desk.browser.active().send_keys("docker");
    let csv = desk.claims_csv();
    let row = csv.split('\n').find(|line| line.starts_with(&format!("{id},"))).unwrap();
    desk.write("claims.csv", &csv.replace(row, &row.replacen(",quantity,", ",change,", 1)));
    desk.press(&[keys::ENTER]);
    desk.until("both are shown", || !desk.browser.find_all("#conflict[open]").is_empty());
    shoot(&desk.browser, "conflict");
}

#[test]
fn dark_and_right_to_left() {
    let Some(dir) = tenfold(&["ar-bank-1"]) else { return };
    let Some(browser) = Browser::start() else { return };
    browser.emulate_media(&[("prefers-color-scheme", "dark")]);
    let desk = desk(browser, dir, &["ar-bank-1", "--annotator", "anna"]);
    desk.until("the rules suggest", || desk.state("state.suggestions.length") != json!(0));
    desk.press(&[keys::TAB, "a"]);
    desk.until_state("state.claims.length", &json!(1));
    desk.press(&[keys::TAB, "a"]);
    desk.until_state("state.claims.length", &json!(2));
    shoot(&desk.browser, "dark");
}

#[test]
fn a_phone() {
    let Some(dir) = tenfold(&["id-flood-1"]) else { return };
    let Some(browser) = Browser::start() else { return };
    browser.emulate_phone();
    let server = Server::start(dir.path(), &["id-flood-1", "--annotator", "anna"]);
    browser.open(&server.url);
    let desk = Desk { browser, server, dir, strokes: 0.into() };
    desk.ready();
    let taken: Vec<Value> = desk.state("state.suggestions.map((s) => s.quote)").as_array().unwrap().clone();
    let text = desk.text();
    let word = text.split(' ').find(|word| word.len() > 4 && !taken.iter().any(|quote| quote.as_str().unwrap().contains(word))).unwrap();
    let start = desk.unit_of(word);
    let (from, to) = desk.edges(start, start + word.encode_utf16().count());
    desk.browser.tap(from.midway(to));
    desk.until_state("state.pick?.isRead", &json!(true));
    desk.browser.tap(desk.browser.find("#pick [aria-label='end one word later']").middle());
    desk.until("it grows", || desk.state("state.pick?.quote").as_str().is_some_and(|quote| quote.contains(' ')));
    desk.until_state("state.pick?.isRead", &json!(true));
    shoot(&desk.browser, "phone");
}

#[test]
fn adjudication() {
    let Some(dir) = tenfold(&["de-strike-1"]) else { return };
    let Some(browser) = Browser::start() else { return };
    let whole = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/tenfold/claims.csv")).unwrap();
    let rows: Vec<&str> =
        whole.split('\n').enumerate().filter(|(at, line)| *at == 0 || line.contains(",de-strike-1,")).map(|(_, line)| line).collect();
    std::fs::create_dir_all(dir.path().join("data/annotations")).unwrap();
    let write = |name: &str, rows: &[String]| {
        std::fs::write(dir.path().join(format!("data/annotations/{name}.csv")), rows.join("\n") + "\n").unwrap()
    };
    write("anna", &rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>());
    write(
        "ben",
        &rows
            .iter()
            .enumerate()
            .map(|(at, row)| if at == 2 { row.replacen(",fact,", ",estimate,", 1) } else { (*row).to_owned() })
            .collect::<Vec<_>>(),
    );
    let desk = desk(browser, dir, &["de-strike-1", "--adjudicate", "anna", "ben"]);
    desk.press(&["A"]);
    desk.until("what both have is taken over", || desk.state("state.claims.length").as_u64().unwrap() > 2);
    while desk.state("state.selected?.type") != json!("suggestion") {
        desk.press(&[keys::TAB]);
    }
    shoot(&desk.browser, "adjudication");
}
