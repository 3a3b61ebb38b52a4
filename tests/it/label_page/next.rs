//! What to label next, in the page and as a list.

use std::process::Command;

use serde_json::{Value, json};

use super::desk::{CTRL, Desk, workspace};
use crate::browser::keys;

const TEXTS: [(&str, &str, &str); 4] = [
    ("a-1", "en", "Nothing to see here."),
    ("b-1", "en", "Officials said more than 37,000 people were held in 2023."),
    ("c-1", "id", "Lebih dari 37.000 warga ditangkap pada 2023."),
    ("d-1", "en", "Another note without a figure."),
];

fn listed(dir: &std::path::Path, more: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["label", "--next", "--list", "--json"])
        .args(more)
        .current_dir(dir)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_page_goes_through_the_queue_and_says_why() {
    let dir = workspace(&TEXTS, "");
    let list = listed(dir.path(), &[]);
    assert_eq!(list["articles"], 4);
    let order: Vec<String> = list["next"].as_array().unwrap().iter().map(|next| next["article_id"].as_str().unwrap().to_owned()).collect();
    let why = |at: usize| list["next"][at]["why"].as_str().unwrap().to_owned();
    assert!((0..4).all(|at| !why(at).is_empty()), "{list}");

    let Some(desk) = Desk::over(dir, &["--next", "--annotator", "anna"]) else { return };
    assert_eq!(desk.state("state.article.id"), json!(order[0]));
    assert!(desk.browser.find("#why").text().contains(&why(0)), "{}", desk.browser.find("#why").text());
    desk.chord(&[CTRL, keys::SPACE]);
    desk.until("it asks why", || desk.js("return document.activeElement.id") == json!("skip-reason"));
    desk.press(&[keys::ENTER]);
    desk.until_state("state.article.id", &json!(order[1]));
    assert!(desk.browser.find("#why").text().contains(&why(1)));
}

#[test]
fn a_blind_pass_is_drawn_from_all_articles() {
    let dir = workspace(&TEXTS, "");
    let all = listed(dir.path(), &["--blind", "--annotator", "zoe"]);
    assert_eq!(all["articles"], 4);
    assert!(all["next"].as_array().unwrap().iter().all(|next| next["why"].as_str().unwrap().starts_with("drawn at random")));
    std::fs::create_dir(dir.path().join("data/annotations")).unwrap();
    std::fs::write(dir.path().join("data/annotations/zoe.csv"), "claim_id,article_id,start,end,quote,kind\n,b-1,,,,\n").unwrap();
    let left = listed(dir.path(), &["--blind", "--annotator", "zoe", "-n", "2"]);
    assert_eq!((left["articles"].as_u64(), left["next"].as_array().unwrap().len()), (Some(3), 2));
}
