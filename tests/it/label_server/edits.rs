//! What the page shows and does, in an ordinary session over the gold.

use claim_assay::dataset::Dataset;
use serde_json::{Value, json};

use super::server::{ARTICLES, CLAIMS, Server, TEXT, dataset, new_claim, read};

fn changed(mut claim: Value, key: &str, value: Value) -> Value {
    claim[key] = value;
    claim
}

#[test]
fn the_workspace_says_what_there_is_to_label() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let workspace = server.get("/api/workspace").done();
    assert_eq!(workspace["dataset"], json!({ "name": "small", "version": "1", "guideline_version": "" }));
    assert_eq!((&workspace["annotator"], &workspace["mode"]), (&json!("anna"), &json!("gold")));
    assert_eq!(workspace["kinds"], json!(["quantity", "change", "event"]));
    let value = json!({ "name": "value", "type": "decimal", "values": [], "required_for": ["quantity"], "weight": 3 });
    assert_eq!(workspace["fields"][0], value);
    assert_eq!((&workspace["key_fields"], &workspace["guidelines"]), (&json!(["value"]), &json!("# How to label\n")));
    assert_eq!((&workspace["sources"], &workspace["queue"]), (&json!(["rules 1"]), &json!([])));
    let mut first = workspace["articles"][0].clone();
    assert!(first["version"].take().as_str().is_some_and(|version| version.len() == 16));
    let expected = json!({ "id": "en-1", "lang": "en", "title": "Arrests", "status": "gold", "version": null, "claims": 1, "drafts": 0,
                           "suggestions": 0, "labelled": true });
    assert_eq!(first, expected);
    let states: Vec<_> = workspace["articles"].as_array().unwrap().iter().map(|a| (a["status"].clone(), a["labelled"].clone())).collect();
    assert_eq!(states[1..], [(json!("unlabelled"), json!(false)), (json!("draft"), json!(false))]);
}

#[test]
fn a_text_is_sent_byte_for_byte() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let answer = server.article("en%2d1");
    assert_eq!(answer["article"]["text"], TEXT);
    assert_eq!((&answer["article"]["published_at"], &answer["article"]["url"]), (&json!("2024-05-13"), &json!("")));
    assert_eq!((&answer["undo"], &answer["redo"]), (&Value::Null, &Value::Null));
    let claim = &answer["claims"][0];
    assert_eq!(
        (&claim["id"], &claim["quote"], &claim["fields"]),
        (&json!("en-1-c01"), &json!("37,000 people"), &json!({ "value": "37000" }))
    );
    // A place over the line end and the emoji, in code points.
    let done = server.edit("en-1", "put", new_claim(19, 57, "event")).done();
    let quote = "people.\r\nTen times as many as before 🌊";
    assert_eq!(done["claims"][1]["quote"], quote, "{done}");
    assert!(read(dir.path(), "claims.csv").contains(&format!("\"{quote}\"")));
    assert_eq!(read(dir.path(), "articles/en-1.txt"), TEXT);
}

#[test]
fn a_claim_is_added_changed_and_deleted_as_one_line() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let mut claim = new_claim(28, 37, "change");
    claim["fields"] = json!({ "value": "10", "unit": null, "period": "" });
    let added = server.edit("en-1", "put", claim).done();
    assert_eq!(added["put"], json!(["en-1-c02"]));
    assert_eq!(added["undo"], json!({ "what": "add claim “Ten times”", "article_id": "en-1" }));
    assert_eq!((&added["redo"], &added["article"]["claims"], added.get("article_id")), (&Value::Null, &json!(2), None));
    let header = "claim_id,article_id,start,end,quote,tracking_id,kind,value,unit,annotator\n";
    let first = "en-1-c01,en-1,12,25,\"37,000 people\",arrests,quantity,37000,,\n";
    assert_eq!(read(dir.path(), "claims.csv"), format!("{header}{first}en-1-c02,en-1,28,37,Ten times,,change,10,none,anna\n"));

    let claim = added["claims"][1].clone();
    assert_eq!((&claim["annotator"], &claim["fields"]), (&json!("anna"), &json!({ "value": "10", "unit": null })));
    let second = changed(changed(claim, "tracking_id", json!("tenfold")), "tags", json!(["must-find"]));
    let done = server.edit("en-1", "put", second).done();
    assert_eq!(done["undo"]["what"], "change claim “Ten times”");
    assert!(read(dir.path(), "claims.csv").contains(",tenfold,change,10,none,must-find,anna\n"));
    assert_ne!(done["claims"][1]["version"], added["claims"][1]["version"]);
    assert_ne!(done["version"], added["version"]);
    assert_ne!(done["article_version"], added["article_version"]);

    let delete = json!({ "id": "en-1-c02", "version": done["claims"][1]["version"] });
    assert_eq!(server.edit("en-2", "delete", delete.clone()).refused().1, "invalid");
    let deleted = server.edit("en-1", "delete", delete).done();
    assert_eq!((&deleted["put"], &deleted["undo"]["what"]), (&json!([]), &json!("delete claim “Ten times”")));
    assert_eq!(deleted["claims"].as_array().unwrap().len(), 1);
    assert!(Dataset::load(dir.path()).is_ok());
}

#[test]
fn several_claims_are_one_edit() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let wrong = json!([new_claim(0, 6, "event"), new_claim(7, 11, "rumour")]);
    assert_eq!(server.edit("en-2", "puts", wrong).refused().1, "invalid");
    assert_eq!((read(dir.path(), "claims.csv"), read(dir.path(), "articles.csv")), (CLAIMS.to_owned(), ARTICLES.to_owned()));
    let done = server.edit("en-2", "puts", json!([new_claim(0, 6, "event"), new_claim(7, 11, "event")])).done();
    assert_eq!((done["put"].as_array().unwrap().len(), &done["undo"]["what"]), (2, &json!("add 2 claims")));
    server.post("/api/undo", &json!({})).done();
    assert_eq!(server.article("en-2")["claims"], json!([]));
}

#[test]
fn the_first_claim_begins_an_article_and_drafts_keep_it_from_being_done() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let mut draft = new_claim(12, 25, "quantity");
    draft["fields"] = json!({ "value": "37000" });
    draft["unconfirmed"] = json!(["value"]);
    let begun = server.edit("en-2", "put", draft).done();
    assert_eq!((&begun["article"]["status"], &begun["article"]["drafts"]), (&json!("draft"), &json!(1)));
    assert_eq!(read(dir.path(), "articles.csv"), ARTICLES.replace("unlabelled", "draft"));
    // What a program filled in and nobody has confirmed is no gold.
    let row = read(dir.path(), "claims.csv").lines().last().unwrap().to_owned();
    assert!(row.starts_with("en-2-c01,") && row.contains(",draft,unconfirmed:value,"), "{row}");

    let status = |status: &str, version: &Value| json!({ "status": status, "version": version });
    let refused = server.edit("en-2", "status", status("gold", &begun["article"]["version"]));
    assert_eq!(refused.refused(), (422, "invalid".into(), "1 claim is a draft: confirm or delete it first".into()));
    assert_eq!(refused.json()["error"]["first"], "en-2-c01");

    let mut confirmed = changed(begun["claims"][0].clone(), "unconfirmed", json!([]));
    confirmed["status"] = json!("gold");
    let confirmed = server.edit("en-2", "put", confirmed).done();
    assert_eq!(confirmed["article"]["drafts"], 0);
    let done = server.edit("en-2", "status", status("gold", &confirmed["article"]["version"])).done();
    assert_eq!((&done["article"]["status"], &done["article"]["labelled"]), (&json!("gold"), &json!(true)));
    assert!(Dataset::load(dir.path()).is_ok());
    // Undo goes through the status, the confirmation and the claim with its status.
    for (what, rest) in
        [("status draft → gold", "draft"), ("change claim “37,000 people”", "draft"), ("add claim “37,000 people”", "unlabelled")]
    {
        assert_eq!(server.article("en-1")["undo"]["what"], what);
        let undone = server.post("/api/undo", &json!({})).done();
        assert_eq!((&undone["article_id"], &undone["article"]["status"]), (&json!("en-2"), &json!(rest)), "{what}");
    }
    assert_eq!(read(dir.path(), "articles.csv"), ARTICLES);
}

#[test]
fn a_skipped_article_says_why() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let skip = json!({ "status": "skipped", "note": "a recipe, \"no news\"" });
    let done = server.edit("id-1", "status", skip.clone()).done();
    assert_eq!((&done["article"]["status"], &done["article"]["labelled"]), (&json!("skipped"), &json!(false)));
    assert!(read(dir.path(), "articles.csv").ends_with("id-1,id,Penangkapan,2024-05-13,skipped,\"a recipe, \"\"no news\"\"\"\n"));
    assert_eq!(server.article("id-1")["article"]["note"], "a recipe, \"no news\"");
    // What is there already is no edit.
    assert_eq!(server.edit("id-1", "status", skip).done()["undo"], done["undo"]);
    server.post("/api/undo", &json!({})).done();
    assert_eq!(read(dir.path(), "articles.csv"), ARTICLES);
    let stale = json!({ "status": "gold", "version": "0123456789abcdef" });
    let refused = server.edit("id-1", "status", stale);
    assert_eq!((refused.refused().1.as_str(), &refused.json()["error"]["article"]["id"]), ("conflict", &json!("id-1")));
}

#[test]
fn places_and_words_are_read_for_the_form() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let filled = server.post("/api/prefill", &json!({ "article_id": "id-1", "fragments": [[17, 23]] })).done();
    assert_eq!(filled["figures"], json!([{ "written": "37.000", "value": "37000", "certain": true }]));
    assert_eq!((&filled["quote"], &filled["fields"]["value"]), (&json!("37.000"), &json!("37000")));
    let chosen = json!({ "article_id": "id-1", "fragments": [[0, 6]], "kind": "event" });
    assert_eq!(server.post("/api/prefill", &chosen).done(), json!({ "quote": "Polisi", "kind": "event", "fields": {}, "figures": [] }));
    for (article, field, written, value, message) in [
        ("id-1", "value", "37.000", json!("37000"), "37.000 → 37000 (id)"),
        ("en-1", "value", "", Value::Null, ""),
        ("en-1", "unit", "Folks", json!("Folks"), "Folks → people"),
        ("en-1", "period", "last year", json!("2023"), "last year → 2023 (en)"),
        ("en-1", "nothing", "x", Value::Null, "“nothing” is no field of this dataset"),
    ] {
        let read = server.post("/api/read", &json!({ "article_id": article, "field": field, "written": written })).done();
        assert_eq!(read, json!({ "value": value, "message": message }), "{field} {written}");
    }
}

#[test]
fn claims_of_other_articles_are_found_by_what_they_say() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let found = server.get("/api/tracking?article=id-1&q=ARRESTS+37%2C000").done();
    let claim = json!({ "id": "en-1-c01", "article_id": "en-1", "lang": "en", "title": "Arrests", "quote": "37,000 people", "kind": "quantity",
                        "value": "37000" });
    assert_eq!(found["results"][0]["claims"], json!([claim]));
    let mut same = new_claim(17, 29, "quantity");
    same["fields"] = json!({ "value": "37000" });
    let put = server.edit("id-1", "put", same).done();
    let path = format!("/api/tracking?article=id-1&q=&claim={}", put["put"][0].as_str().unwrap());
    assert_eq!(server.get(&path).done()["results"][0]["tracking_id"], "arrests");
    assert_eq!(server.get("/api/tracking?article=id-1&claim=none").refused().1, "not_found");
    assert_eq!(server.get("/api/tracking?article=id-1&q=nothing").done(), json!({ "results": [] }));
}
