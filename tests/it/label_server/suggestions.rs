//! Suggestions: merged, accepted, rejected, and not back.

use serde_json::{Value, json};

use super::server::{Server, assay, read, workspace};

fn quotes(answer: &Value) -> Vec<String> {
    answer["suggestions"].as_array().unwrap().iter().map(|s| s["quote"].as_str().unwrap().to_owned()).collect()
}

/// The first suggestion as a new claim.
fn claim_of(suggestion: &Value) -> Value {
    json!({ "fragments": suggestion["fragments"], "kind": suggestion["kind"], "fields": suggestion["fields"] })
}

#[test]
fn what_the_rules_find_is_suggested_accepted_and_rejected() {
    let dir = workspace();
    let server = Server::start(dir.path(), &[]);
    assert_eq!(server.get("/api/workspace").done()["sources"], json!(["rules 1"]));
    let answer = server.article("id-1");
    let first = answer["suggestions"][0].clone();
    assert_eq!((&first["by"], &first["group"], &first["tracking_id"]), (&json!(["rules"]), &json!("g1"), &json!("")));
    assert_eq!(first["fields"]["value"], "37000");
    assert!(first["fields"].get("bound").is_none(), "no field of this dataset: {first}");
    let open = quotes(&answer).len();
    assert_eq!(answer["article"]["suggestions"], open);
    // What is known of one article is counted in the list, too.
    assert_eq!(server.get("/api/workspace").done()["articles"][2]["suggestions"], open);

    let id = first["id"].clone();
    let rejected = server.edit("id-1", "reject", json!({ "suggestion": id })).done();
    assert_eq!((quotes(&rejected).len(), &rejected["article"]["suggestions"]), (open - 1, &json!(open - 1)));
    assert!(rejected["undo"]["what"].as_str().unwrap().starts_with("reject suggestion “"));
    drop(server);
    let server = Server::start(dir.path(), &[]);
    assert_eq!(quotes(&server.article("id-1")), quotes(&rejected));
    assert_eq!(quotes(&server.post("/api/undo", &json!({})).done()).len(), open);
    assert_eq!(quotes(&server.post("/api/redo", &json!({})).done()).len(), open - 1);
    assert_eq!(quotes(&server.edit("id-1", "unreject", json!({ "suggestion": id })).done()).len(), open);

    // Accepted with another kind it is not suggested any more, either.
    let mut claim = claim_of(&first);
    claim["kind"] = json!("event");
    let accepted = server.edit("id-1", "accept", json!({ "suggestion": id, "claim": claim })).done();
    assert_eq!((&accepted["put"], quotes(&accepted).len()), (&json!(["id-1-c01"]), open - 1));
    let undone = server.post("/api/undo", &json!({})).done();
    assert_eq!((quotes(&undone).len(), &undone["claims"]), (open, &json!([])));
    // An accepted claim that is not valid leaves the suggestion where it was.
    let wrong = json!({ "suggestion": id, "claim": { "fragments": [[0, 900]], "kind": "event" } });
    assert_eq!(server.edit("id-1", "accept", wrong).refused().1, "invalid");
    assert_eq!(quotes(&server.article("id-1")).len(), open);
    // A claim that is there at the same place and of the same kind is suggested no more, whoever put it.
    assert_eq!(quotes(&server.edit("id-1", "put", claim_of(&first)).done()).len(), open - 1);
    assert_eq!(server.edit("id-1", "reject", json!({ "suggestion": "s000" })).refused().1, "not_found");
}

#[test]
fn answers_of_stored_runs_are_put_together() {
    let dir = workspace();
    // A second extractor whose answers are files: one claim that the rules find too, and one of its own.
    let server = Server::start(dir.path(), &[]);
    let mut same = claim_of(&server.article("id-1")["suggestions"][0]);
    drop(server);
    let span = same["fragments"][0].clone();
    (same["start"], same["end"], same["score"]) = (span[0].clone(), span[1].clone(), json!(0.25));
    same.as_object_mut().unwrap().remove("fragments");
    let own = json!({ "start": 0, "end": 6, "kind": "event", "fields": { "value": "1", "period": "soon" }, "tracking_id": "k1" });
    let lines: Vec<String> = ["en-1", "en-2"].map(|id| json!({ "id": id, "claims": [] }).to_string()).into();
    let answers = format!("{}\n{}\n", lines.join("\n"), json!({ "id": "id-1", "claims": [same, own] }));
    std::fs::write(dir.path().join("vendor.jsonl"), answers).unwrap();
    let settings = read(dir.path(), "assay.toml") + "[[extractor]]\nid = \"vendor\"\nkind = \"predictions\"\npath = \"vendor.jsonl\"\n";
    std::fs::write(dir.path().join("assay.toml"), settings).unwrap();
    let (code, _, said) = assay(dir.path(), &["run", "--ci", "none"]);
    assert_eq!(code, 0, "{said}");

    let server = Server::start(dir.path(), &[]);
    let sources = server.get("/api/workspace").done()["sources"].clone();
    let names: Vec<&str> = sources.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(names[0].starts_with("rules 1 (run 20") && names[1].starts_with("vendor") && names[1].contains("(run 20"), "{names:?}");
    let suggestions = server.article("id-1")["suggestions"].clone();
    let by = |quote: &str| suggestions.as_array().unwrap().iter().find(|s| s["quote"] == quote).unwrap()["by"].clone();
    assert_eq!(by("Polisi"), json!(["vendor"]));
    let both: Vec<&Value> = suggestions.as_array().unwrap().iter().filter(|s| s["by"] == json!(["rules", "vendor"])).collect();
    assert_eq!(both.len(), 1, "{suggestions}");
    let own = suggestions.as_array().unwrap().iter().find(|s| s["quote"] == "Polisi").unwrap();
    assert_eq!((&own["fields"], &own["tracking_id"], &own["score"]), (&json!({ "value": "1" }), &json!(""), &Value::Null));
    // Counted before anybody has looked.
    assert_eq!(server.get("/api/workspace").done()["articles"][2]["suggestions"], suggestions.as_array().unwrap().len());
    drop(server);

    let run = names[1].split("(run ").nth(1).unwrap().trim_end_matches(')');
    let server = Server::start(dir.path(), &["--from", run]);
    assert_eq!(server.get("/api/workspace").done()["sources"], json!([names[1]]));
    // A place whose text was changed since is suggested no more; the others are.
    std::fs::write(dir.path().join("datasets/small/articles/id-1.txt"), "Polizi menangkap 37.000 orang.").unwrap();
    assert!(!quotes(&server.article("id-1")).contains(&"Polizi".to_owned()));
}
