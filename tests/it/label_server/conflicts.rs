//! Two sessions, an editor and a checkout write to the same files: nothing of anybody is overwritten.

use serde_json::{Value, json};

use super::server::{CLAIMS, Server, dataset, new_claim, read};

fn with_value(server: &Server, value: &str) -> Value {
    let mut claim = server.article("en-1")["claims"][0].clone();
    claim["fields"]["value"] = json!(value);
    claim
}

#[test]
fn who_comes_second_sees_both_sides() {
    let dir = dataset();
    let (first, second) = (Server::start(dir.path(), &[]), Server::start(dir.path(), &[]));
    let (mine, yours) = (with_value(&first, "38000"), with_value(&second, "39000"));
    first.edit("en-1", "put", mine).done();
    let refused = second.edit("en-1", "put", yours.clone());
    assert_eq!(refused.refused().1, "conflict");
    let error = &refused.json()["error"];
    assert_eq!((&error["yours"]["fields"]["value"], &error["theirs"]["fields"]["value"]), (&json!("39000"), &json!("38000")));
    assert!(read(dir.path(), "claims.csv").contains(",38000\n"));
    // With the version of the other one it is a decision.
    let mut decided = yours;
    decided["version"] = error["theirs"]["version"].clone();
    second.edit("en-1", "put", decided).done();
    // The first one cannot take back what is not there any more, and says so once.
    let undone = first.post("/api/undo", &json!({})).done();
    assert_eq!(undone["claims"][0]["fields"]["value"], "38000", "one journal for both: the last edit goes first");
}

#[test]
fn a_deleted_claim_is_told_apart_from_a_changed_one() {
    let dir = dataset();
    let (first, second) = (Server::start(dir.path(), &[]), Server::start(dir.path(), &[]));
    let claim = with_value(&second, "1");
    let delete = json!({ "id": "en-1-c01", "version": claim["version"] });
    first.edit("en-1", "delete", delete.clone()).done();
    let error = second.edit("en-1", "put", claim).json()["error"].clone();
    assert_eq!((&error["code"], &error["theirs"]), (&json!("conflict"), &Value::Null));
    let error = second.edit("en-1", "delete", delete).json()["error"].clone();
    assert_eq!((&error["code"], &error["yours"], &error["theirs"]), (&json!("conflict"), &Value::Null, &Value::Null));
}

#[test]
fn an_editor_underneath_is_noticed() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let before = server.get("/api/changes?article=en-1").done();
    let answer = server.article("en-1");
    assert_eq!((&before["version"], &before["article"]), (&answer["version"], &answer["article_version"]));
    let stale = with_value(&server, "40000");
    let edited = CLAIMS.replace(",37000", ",37001") + "mine,en-2,0,6,Police,,event,\n";
    std::fs::write(dir.path().join("claims.csv"), &edited).unwrap();
    let after = server.get("/api/changes?article=en-1").done();
    assert!(after["version"] != before["version"] && after["article"] != before["article"]);
    assert_eq!(server.edit("en-1", "put", stale).refused().1, "conflict");
    assert_eq!(server.article("en-2")["claims"][0]["id"], "mine");
    // Of another article only the version of the whole changes.
    let now = server.get("/api/changes?article=id-1").done();
    server.edit("en-1", "put", with_value(&server, "40000")).done();
    let then = server.get("/api/changes?article=id-1").done();
    assert!(now["version"] != then["version"] && now["article"] == then["article"]);

    // A text is part of its article.
    std::fs::write(dir.path().join("articles/id-1.txt"), "Lain.").unwrap();
    assert_ne!(server.get("/api/changes?article=id-1").done()["article"], then["article"]);
    let put = server.edit("id-1", "put", new_claim(17, 23, "quantity"));
    assert!(put.refused().2.contains("behind the text"), "{put:?}");
}

#[test]
fn a_damaged_file_is_not_written_over() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    server.edit("en-1", "put", new_claim(0, 6, "event")).done();
    let whole = read(dir.path(), "claims.csv");
    let damaged = "claim_id,article_id,start,end,quote,kind\n\"mine,en-2,0";
    std::fs::write(dir.path().join("claims.csv"), damaged).unwrap();
    for reply in [
        server.edit("en-1", "put", new_claim(7, 11, "event")),
        server.post("/api/undo", &json!({})),
        server.get("/api/article/en-1"),
        server.get("/api/workspace"),
    ] {
        assert_eq!((reply.status, reply.refused().1.as_str()), (503, "cannot_write"), "{reply:?}");
    }
    assert_eq!(read(dir.path(), "claims.csv"), damaged);
    // Mended, it goes on; the step that could not be taken back was kept.
    std::fs::write(dir.path().join("claims.csv"), &whole).unwrap();
    assert_eq!(server.post("/api/undo", &json!({})).done()["article"]["claims"], 1);
}

#[test]
fn nothing_is_written_where_the_disk_says_no() {
    let dir = dataset();
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), dir.path().join("annotations")).unwrap();
    let server = Server::start(dir.path(), &["--blind"]);
    let reply = server.edit("en-1", "put", new_claim(0, 6, "event"));
    assert_eq!((reply.status, reply.refused().1.as_str()), (503, "cannot_write"), "{reply:?}");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}
