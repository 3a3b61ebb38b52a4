//! Suggestions to accept or reject, the same claim in other articles, and adjudication.

use serde_json::json;

use super::desk::{Desk, HEADER, workspace};
use crate::browser::keys;
use crate::support::copy_folder;

const TEXT: &str = "Officials said more than 37,000 people were held in 2023. About 12 dogs were found.";

#[test]
fn suggestions_are_accepted_and_rejected_and_do_not_come_back() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT)]) else { return };
    desk.until("the rules suggest", || desk.state("state.suggestions.length").as_u64().unwrap() >= 2);
    let all = desk.state("state.suggestions.length").as_u64().unwrap();
    desk.press(&[keys::TAB, "a"]);
    desk.until_state("state.claims.length", &json!(1));
    desk.until_state("state.suggestions.length", &json!(all - 1));
    assert_eq!(desk.state("state.claims[0].status"), json!("gold"), "who accepts has confirmed");
    desk.press(&[keys::TAB]);
    desk.until_state("state.selected.type", &json!("suggestion"));
    desk.press(&["x"]);
    desk.until_state("state.suggestions.length", &json!(all - 2));
    desk.browser.refresh();
    desk.ready();
    assert_eq!(desk.state("state.suggestions.length"), json!(all - 2));
    assert_eq!(desk.rows().len(), 1);
    assert_eq!(desk.rows()[0]["tags"], "");
}

#[test]
fn the_same_claim_is_found_in_another_language() {
    let claims = "es-1-c01,es-1,0,15,37.000 personas,t-border,quantity,37000,,person,2023,,,,,ben\n";
    let texts = [("en-1", "en", "Officials said 37,000 people were held."), ("es-1", "es", "37.000 personas detenidas.")];
    let Some(desk) = Desk::over(workspace(&texts, claims), &["en-1"]) else { return };
    desk.claim("37,000 people", "1");
    desk.press(&["t"]);
    desk.until("the Spanish claim is proposed", || desk.browser.find("#tracking-results").text().contains("37.000 personas"));
    desk.press(&[keys::ENTER]);
    desk.until_state("state.claims[0].tracking_id", &json!("t-border"));
    desk.saved();
    assert_eq!(desk.rows()[0]["tracking_id"], "t-border");
    // A new one is typed.
    desk.press(&["t"]);
    desk.until("the search is open", || desk.js("return document.activeElement.id") == json!("tracking-search"));
    desk.type_text("t-other");
    desk.until("it is offered", || desk.browser.find("#tracking-results").text().contains("New tracking id"));
    desk.press(&[keys::ENTER]);
    desk.until_state("state.claims[0].tracking_id", &json!("t-other"));
}

#[test]
fn adjudication_shows_both_and_takes_over_what_both_have() {
    let dir = workspace(&[("en-1", "en", TEXT)], "");
    let of = |name: &str, place: &str, unit: &str| {
        format!(
            "{HEADER}{name}-1,en-1,{place},,quantity,37000,,{unit},,,,,,{name}\n{name}-2,en-1,58,71,About 12 dogs,,quantity,12,about,dog,,,,,,{name}\n"
        )
    };
    let [anna, ben] = [of("anna", "15,38,\"more than 37,000 people\"", "person"), of("ben", "25,38,\"37,000 people\"", "migrant")];
    std::fs::create_dir(dir.path().join("data/annotations")).unwrap();
    for (name, rows) in [("anna", &anna), ("ben", &ben)] {
        std::fs::write(dir.path().join(format!("data/annotations/{name}.csv")), rows).unwrap();
    }
    let Some(desk) = Desk::over(dir, &["--adjudicate", "anna", "ben"]) else { return };
    desk.until_state("state.suggestions.length", &json!(3));
    desk.press(&["A"]);
    desk.until_state("state.claims.map((c) => c.quote)", &json!(["About 12 dogs"]));
    // Only what both have: the other two stand side by side.
    desk.until_state("state.suggestions.length", &json!(2));
    while desk.state("state.selected?.type") != json!("suggestion") {
        desk.press(&[keys::TAB]);
    }
    let table = desk.browser.find("#claims .versus").text();
    assert!(["anna", "ben", "person", "migrant", "unit", "words"].iter().all(|part| table.contains(part)), "{table}");
    desk.press(&["a"]);
    desk.until_state("state.claims.length", &json!(2));
    desk.saved();
    assert_eq!(desk.rows().len(), 2);
    assert_eq!([desk.file("annotations/anna.csv"), desk.file("annotations/ben.csv")], [anna, ben], "the raw files stay");
}

#[test]
fn an_article_that_is_newer_than_the_run_gets_suggestions_of_the_rules() {
    let dir = workspace(&[("en-1", "en", TEXT)], "");
    let run =
        std::process::Command::new(env!("CARGO_BIN_EXE_assay")).args(["run", "--ci", "none"]).current_dir(dir.path()).output().unwrap();
    assert!(dir.path().join(".assay/runs").exists(), "{}", String::from_utf8_lossy(&run.stderr));
    std::fs::write(dir.path().join("data/articles/en-2.txt"), TEXT).unwrap();
    std::fs::write(dir.path().join("data/articles.csv"), "article_id,lang,status\nen-1,en,unlabelled\nen-2,en,unlabelled\n").unwrap();
    let Some(desk) = Desk::over(dir, &["en-2"]) else { return };
    assert!(desk.state("state.workspace.sources[0]").as_str().unwrap().contains("(run "));
    desk.until("the rules suggest", || desk.state("state.suggestions.length").as_u64().unwrap() >= 2);
    desk.go("en-1");
    desk.until("the run suggests", || desk.state("state.suggestions.length").as_u64().unwrap() >= 2);
}

#[test]
fn what_was_rejected_in_one_place_does_not_come_back_in_the_other() {
    let dir = workspace(&[("en-1", "en", TEXT)], "");
    // Reviews look at articles that are labelled.
    std::fs::write(dir.path().join("data/articles.csv"), "article_id,lang,status\nen-1,en,gold\n").unwrap();
    let assay = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_assay")).args(arguments).current_dir(dir.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr)
    };
    assay(&["run", "--ci", "none"]);
    let listed = || -> Vec<(String, String)> {
        let list: serde_json::Value = serde_json::from_str(&assay(&["review", "--list", "--json"])).unwrap();
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| (item["id"].as_str().unwrap().to_owned(), item["predicted"]["quote"].as_str().unwrap().to_owned())).collect()
    };
    let all = listed();
    assert!(all.len() >= 2, "{all:?}");
    assay(&["review", "--reject", &all[0].0]);
    assert_eq!(listed().len(), all.len() - 1);
    let Some(desk) = Desk::over(workspace_like(dir.path()), &[]) else { return };
    let quotes = || {
        desk.state("state.suggestions.map((s) => s.quote)")
            .as_array()
            .unwrap()
            .iter()
            .map(|q| q.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(!quotes().contains(&all[0].1) && quotes().contains(&all[1].1), "{:?} of {all:?}", quotes());
    desk.press(&[keys::TAB, "x"]);
    desk.until("it is rejected", || quotes().len() == all.len() - 2);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["review", "--list", "--json"])
        .current_dir(desk.dir.path())
        .output()
        .unwrap();
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), all.len() - 2, "{list}");
}

/// A copy of a workspace.
fn workspace_like(from: &std::path::Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy_folder(from, dir.path());
    dir
}
