//! Undo and redo, also after a restart.

use rustix::process::Signal;
use serde_json::{Value, json};

use super::server::{ARTICLES, CLAIMS, Server, dataset, new_claim, read};

fn undo(server: &Server) -> Value {
    server.post("/api/undo", &json!({})).done()
}

fn redo(server: &Server) -> Value {
    server.post("/api/redo", &json!({})).done()
}

#[test]
fn steps_go_over_articles_and_restarts() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let mut files = vec![(read(dir.path(), "claims.csv"), read(dir.path(), "articles.csv"))];
    let mut note = || files.push((read(dir.path(), "claims.csv"), read(dir.path(), "articles.csv")));
    server.edit("en-1", "put", new_claim(0, 6, "event")).done();
    note();
    server.edit("en-2", "put", new_claim(28, 37, "change")).done();
    note();
    let mut claim = server.article("en-1")["claims"][1].clone();
    claim["note"] = json!("checked");
    server.edit("en-1", "put", claim).done();
    note();
    let done = server.edit("en-2", "status", json!({ "status": "gold" })).done();
    note();
    assert_eq!(server.end(Signal::INT).0, Some(0));

    let server = Server::start(dir.path(), &[]);
    assert_eq!(server.article("id-1")["undo"], done["undo"]);
    // Columns that an edit has added stay in the header; a table without them is the same one.
    let same = |found: (String, String), expected: &(String, String)| {
        let rows = |csv: &str| csv.lines().map(|line| line.trim_end_matches(',').to_owned()).skip(1).collect::<Vec<_>>();
        assert_eq!((rows(&found.0), &found.1), (rows(&expected.0), &expected.1));
    };
    let now = || (read(dir.path(), "claims.csv"), read(dir.path(), "articles.csv"));
    for (expected, article) in [(3, "en-2"), (2, "en-1"), (1, "en-2"), (0, "en-1")] {
        let undone = undo(&server);
        assert_eq!(undone["article_id"], article);
        assert!(!undone["redo"].is_null());
        same(now(), &files[expected]);
    }
    assert_eq!(server.article("id-1")["undo"], Value::Null);
    drop(server);
    let server = Server::start(dir.path(), &[]);
    for expected in &files[1..] {
        redo(&server);
        same(now(), expected);
    }
    assert_eq!(server.article("id-1")["redo"], Value::Null);
    // A new edit ends what could be done again.
    undo(&server);
    let edited = server.edit("id-1", "put", new_claim(0, 6, "event")).done();
    assert_eq!(edited["redo"], Value::Null);
    assert_eq!(server.post("/api/redo", &json!({})).refused().2, "there is nothing to redo");
}

#[test]
fn a_step_that_does_not_fit_any_more_is_dropped_and_said() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    server.edit("en-2", "put", new_claim(0, 6, "event")).done();
    server.edit("en-1", "put", new_claim(0, 6, "event")).done();
    // Somebody gives the claim another kind.
    let file = read(dir.path(), "claims.csv");
    std::fs::write(dir.path().join("claims.csv"), file.replace("en-1,0,6,Police,,event", "en-1,0,6,Police,,change")).unwrap();
    let refused = server.post("/api/undo", &json!({}));
    let (status, code, message) = refused.refused();
    assert_eq!((status, code.as_str()), (409, "conflict"));
    assert!(message.contains("“add claim “Police”” cannot be undone any more"), "{message}");
    let error = &refused.json()["error"];
    assert_eq!((&error["article_id"], &error["theirs"]["kind"]), (&json!("en-1"), &json!("change")));
    // The one before is next.
    assert_eq!(undo(&server)["article_id"], "en-2");
    assert_eq!(read(dir.path(), "articles.csv"), ARTICLES);
    assert!(read(dir.path(), "claims.csv").contains("en-1-c02"));
}

#[test]
fn a_journal_that_was_cut_or_damaged_is_no_obstacle() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    server.edit("en-1", "put", new_claim(0, 6, "event")).done();
    server.edit("en-1", "put", new_claim(7, 11, "event")).done();
    drop(server);
    let files = std::fs::read_dir(dir.path().join(".assay/label")).unwrap().map(|entry| entry.unwrap().path());
    let path = files.into_iter().find(|path| path.to_string_lossy().contains("small-gold~undo")).unwrap();
    let journal = std::fs::read_to_string(&path).unwrap();
    assert_eq!(journal.lines().count(), 2);
    std::fs::write(&path, &journal[..journal.len() - 20]).unwrap();
    let server = Server::start(dir.path(), &[]);
    assert_eq!(undo(&server)["article_id"], "en-1");
    assert_eq!(server.article("en-1")["claims"][0]["quote"], "held");
    drop(server);
    std::fs::write(&path, "not json\n").unwrap();
    let server = Server::start(dir.path(), &[]);
    assert_eq!(server.article("en-1")["undo"], Value::Null);
    let (_, said) = server.end(Signal::INT);
    assert!(said.contains(".jsonl:1: ") && said.contains("cannot be undone"), "{said}");
    assert_ne!(read(dir.path(), "claims.csv"), CLAIMS);
}
