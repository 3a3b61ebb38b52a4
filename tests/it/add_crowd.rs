//! `assay add` by many processes at once, many claims at once, and killed in its middle.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::add_command::Workspace;

/// Processes that add at the same time.
const WRITERS: usize = 8;

fn claims_of_each() -> usize {
    if std::env::var("ASSAY_FULL").is_ok_and(|value| value == "1") { 500 } else { 40 }
}

/// A text with so many words that occur once.
fn text(words: usize) -> String {
    (0..words).fold(String::new(), |mut text, number| {
        write!(text, "w{number:05} ").unwrap();
        text
    })
}

#[test]
fn many_processes_add_at_once_and_no_claim_is_lost() {
    let workspace = Workspace::new();
    let each = claims_of_each();
    let (code, _, err) = workspace.assay(&["add", "-", "--id", "en-500"], &text(WRITERS * each));
    assert_eq!(code, 0, "{err}");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let workspace = &workspace;
            scope.spawn(move || {
                for number in 0..each {
                    let quote = format!("w{:05}", writer * each + number);
                    let (code, _, err) = workspace.assay(&["add", "en-500", "--claim", &quote, "position", "--no-prefill"], "");
                    assert_eq!(code, 0, "{quote}: {err}");
                }
            });
        }
    });
    let dataset = workspace.load();
    let claims = dataset.claims_of("en-500");
    let quotes: BTreeSet<&str> = claims.iter().map(|gold| gold.claim.quote.as_str()).collect();
    let ids: BTreeSet<&str> = claims.iter().map(|gold| gold.claim.id.as_str()).collect();
    assert_eq!((claims.len(), quotes.len(), ids.len()), (WRITERS * each, WRITERS * each, WRITERS * each));
    assert_eq!(dataset.article("en-500").unwrap().status.name(), "incomplete");
}

#[test]
fn of_the_same_claim_added_at_once_one_is_written_and_texts_get_ids_of_their_own() {
    let workspace = Workspace::new();
    std::thread::scope(|scope| {
        let codes: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let workspace = &workspace;
                scope.spawn(move || {
                    let claim = workspace.assay(&["add", "en-002", "--claim", "soup", "event"], "").0;
                    let text = format!("Article {writer}: {}", text(50).replace('w', &format!("{writer}")));
                    assert_eq!(workspace.assay(&["add", "-", "--lang", "en"], &text).0, 0);
                    claim
                })
            })
            .collect();
        let codes: Vec<i32> = codes.into_iter().map(|code| code.join().unwrap()).collect();
        assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    });
    let dataset = workspace.load();
    assert_eq!((dataset.claims_of("en-002").len(), dataset.articles.len()), (1, 4 + WRITERS));
}

#[test]
fn many_claims_are_added_by_one_process() {
    let workspace = Workspace::new();
    let lines = (0..400).fold(String::new(), |mut lines, number| {
        let article = if number % 2 == 0 { "en-500" } else { "en-501" };
        writeln!(lines, "{{\"article_id\":\"{article}\",\"quote\":\"w{number:05}\",\"kind\":\"position\"}}").unwrap();
        lines
    });
    for id in ["en-500", "en-501"] {
        assert_eq!(workspace.assay(&["add", "-", "--id", id, "--force"], &text(400)).0, 0);
    }
    let (code, out, err) = workspace.assay(&["add", "--claims", "-", "--no-prefill"], &lines);
    assert_eq!(code, 0, "{err}");
    assert!(out.ends_with("400 claims to 2 articles added\n"), "{out}");
    let dataset = workspace.load();
    assert_eq!((dataset.claims_of("en-500").len(), dataset.claims_of("en-501").len()), (200, 200));
    // One wrong line, and none is written.
    let (code, _, err) = workspace.assay(&["add", "--claims", "-"], &lines.replace("w00007", "w99999").replace("position", "event"));
    assert!(code == 3 && err.contains("standard input:8: the text does not have \"w99999\""), "{err}");
    assert_eq!(workspace.load().claims.len(), dataset.claims.len());
}

#[test]
fn the_first_ctrl_c_ends_between_two_articles_and_says_how_many_are_written() {
    const ARTICLES: usize = 1000;
    for signal in [Signal::INT, Signal::TERM] {
        let workspace = Workspace::new();
        let lines = (0..ARTICLES).fold(String::new(), |mut lines, number| {
            let word = format!("w{number:05}");
            let id = format!("en-n{number:05}");
            writeln!(lines, r#"{{"id":"{id}","text":"{word} came.","lang":"en","claims":[{{"quote":"{word}","kind":"event"}}]}}"#).unwrap();
            lines
        });
        std::fs::write(workspace.root().join("many.jsonl"), lines).unwrap();
        let child = workspace.command(&["add", "--claims", "many.jsonl"]).spawn().unwrap();
        let begin = Instant::now();
        while !workspace.read("articles.csv").contains("en-n00002") {
            assert!(begin.elapsed() < Duration::from_secs(40), "nothing is written");
            std::thread::sleep(Duration::from_millis(5));
        }
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let dataset = workspace.load();
        let written: Vec<&str> = dataset.articles.iter().map(|r| r.article.id.as_str()).filter(|id| id.starts_with("en-n")).collect();
        assert!((3..ARTICLES).contains(&written.len()), "{signal:?} {err}");
        assert!(written.iter().all(|id| dataset.claims_of(id).len() == 1));
        let says = format!("interrupted: {} of {ARTICLES} articles are written, each whole\n", written.len());
        assert!(output.status.code() == Some(130) && err.contains(&says), "{signal:?}: {:?} {err}", output.status);
        assert!(String::from_utf8(output.stdout).unwrap().contains(&format!("to {} articles added", written.len())));
    }
}

#[test]
fn a_kill_leaves_whole_files_and_no_gold_article_without_its_claims() {
    let workspace = Workspace::new();
    let words = text(2000);
    let mut written = 0;
    for round in 0..24_u64 {
        let id = format!("en-9{round:02}");
        let file = format!("{id}.txt");
        std::fs::write(workspace.root().join(&file), format!("{words} {id}.")).unwrap();
        let arguments = ["add", &file, "--force", "--complete", "--claim", "w00001", "event", "--claim", "w00002", "event", "--no-prefill"];
        let mut child = workspace.command(&arguments).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(2 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let dataset = workspace.load();
        let is_whole = dataset.claims_of(&id).len() == 2;
        let record = dataset.article(&id);
        assert!(is_whole || dataset.claims_of(&id).is_empty(), "{id}");
        assert!(is_whole || record.is_none_or(|record| !record.status.is_scored()), "{id} has lost its claims");
        written += usize::from(record.is_some());
        // What is left of the killed one is in nobody's way.
        if record.is_none() {
            let (code, _, err) = workspace.assay(&arguments, "");
            assert_eq!(code, 0, "{err}");
        }
    }
    assert_eq!(workspace.load().articles.len(), 4 + 24, "{written} were written before they were killed");
}
