//! A blind pass: nothing of the gold is shown, and nothing of it is touched.

use serde_json::{Value, json};

use super::server::{ARTICLES, CLAIMS, Server, dataset, new_claim, read};

const FILE: &str = "annotations/ben.csv";

#[test]
fn nothing_of_the_gold_is_shown() {
    let dir = dataset();
    let server = Server::start(dir.path(), &["--blind", "--annotator", "ben"]);
    let workspace = server.get("/api/workspace").done();
    assert_eq!((&workspace["mode"], &workspace["annotator"], &workspace["sources"]), (&json!("blind"), &json!("ben"), &json!([])));
    for article in workspace["articles"].as_array().unwrap() {
        let parts = ["status", "claims", "drafts", "suggestions", "labelled"].map(|key| article[key].clone());
        assert_eq!(parts, [json!("unlabelled"), json!(0), json!(0), json!(0), json!(false)], "{article}");
    }
    for id in ["en-1", "en-2"] {
        let answer = server.article(id);
        assert_eq!((&answer["claims"], &answer["suggestions"], &answer["article"]["note"]), (&json!([]), &json!([]), &json!("")));
    }
    assert_eq!(server.get("/api/tracking?article=en-1&q=arrests").done(), json!({ "results": [] }));
    assert_eq!(server.get("/api/tracking?article=en-1&claim=en-1-c01").done(), json!({ "results": [] }));
    // Neither by asking for a claim of it.
    let claim = json!({ "id": "en-1-c01", "version": "0", "fragments": [[12, 25]], "kind": "quantity" });
    for reply in [server.edit("en-1", "put", claim), server.edit("en-1", "delete", json!({ "id": "en-1-c01", "version": "0" }))] {
        assert_eq!((reply.refused().1.as_str(), &reply.json()["error"]["theirs"]), ("conflict", &Value::Null));
        assert!(!reply.body.contains("37000") && !reply.body.contains("arrests"), "{reply:?}");
    }
    for operation in ["reject", "unreject"] {
        assert_eq!(server.edit("en-1", operation, json!({ "suggestion": "s1" })).refused().1, "invalid");
    }
}

#[test]
fn an_article_is_labelled_in_the_annotators_own_file() {
    let dir = dataset();
    let server = Server::start(dir.path(), &["--blind", "--annotator", "ben"]);
    let status = |status: &str| json!({ "status": status });
    let head =
        |answer: &Value| (answer["article"]["status"].as_str().unwrap().to_owned(), answer["article"]["labelled"].as_bool().unwrap());
    let state = |name: &str, labelled: bool| (name.to_owned(), labelled);

    // "No claims" is a row, and can be taken back.
    assert_eq!(head(&server.edit("en-1", "status", status("gold")).done()), state("gold", true));
    assert!(read(dir.path(), FILE).contains("\n,en-1,"), "{}", read(dir.path(), FILE));
    assert_eq!(head(&server.post("/api/undo", &json!({})).done()), state("unlabelled", false));
    assert_eq!(head(&server.post("/api/redo", &json!({})).done()), state("gold", true));
    assert_eq!(head(&server.edit("en-1", "status", status("unlabelled")).done()), state("unlabelled", false));
    assert_eq!(read(dir.path(), FILE).lines().count(), 1);

    let mut draft = new_claim(12, 25, "quantity");
    draft["fields"] = json!({ "value": "37000" });
    draft["unconfirmed"] = json!(["value"]);
    let put = server.edit("en-1", "put", draft).done();
    assert_eq!((head(&put), &put["put"], &put["claims"][0]["annotator"]), (state("draft", false), &json!(["en-1-ben-01"]), &json!("ben")));
    assert_eq!(server.edit("en-1", "status", status("gold")).json()["error"]["first"], "en-1-ben-01");
    let mut confirmed = put["claims"][0].clone();
    (confirmed["unconfirmed"], confirmed["status"]) = (json!([]), json!("gold"));
    assert_eq!(head(&server.edit("en-1", "put", confirmed).done()), state("gold", true));
    assert_eq!(head(&server.edit("en-1", "status", status("gold")).done()), state("gold", true));
    assert_eq!(server.edit("en-1", "status", status("skipped")).refused().1, "invalid");

    assert_eq!(head(&server.edit("en-2", "status", status("skipped")).done()), state("skipped", false));
    for name in ["reviewed", "incomplete", "draft"] {
        assert_eq!(server.edit("en-2", "status", status(name)).refused().1, "invalid", "{name}");
    }
    assert_eq!((read(dir.path(), "claims.csv"), read(dir.path(), "articles.csv")), (CLAIMS.to_owned(), ARTICLES.to_owned()));
    drop(server);
    let server = Server::start(dir.path(), &["--blind", "--annotator", "ben"]);
    let states: Vec<_> = server.get("/api/workspace").done()["articles"].as_array().unwrap().iter().map(|a| a["status"].clone()).collect();
    assert_eq!(states, ["gold", "unlabelled", "unlabelled"]);
    // Another annotator sees nothing of it, and has a journal of their own.
    let other = Server::start(dir.path(), &["--blind", "--annotator", "cem"]);
    let answer = other.article("en-1");
    assert_eq!((&answer["claims"], &answer["undo"]), (&json!([]), &Value::Null));
    assert_eq!(server.article("en-1")["claims"][0]["id"], "en-1-ben-01");
}
