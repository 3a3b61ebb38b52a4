//! Two annotators' rows become gold; their files stay as they are.

use serde_json::{Value, json};

use super::server::{Server, dataset, read};

const HEADER: &str = "claim_id,article_id,start,end,quote,tracking_id,kind,value,status,note\n";

#[test]
fn rows_are_taken_over_and_the_raw_files_stay() {
    let dir = dataset();
    std::fs::create_dir(dir.path().join("annotations")).unwrap();
    let anna = format!(
        "{HEADER}a1,en-2,12,25,\"37,000 people\",arrests,quantity,37000,,sure\na2,en-2,0,6,Police,,event,,,\na3,en-2,7,11,held,,event,,draft,\n"
    );
    let ben = format!("{HEADER}b1,en-2,12,25,\"37,000 people\",arrests,quantity,37000.0,,\nb2,en-2,0,11,Police held,,event,,,\n");
    std::fs::write(dir.path().join("annotations/anna.csv"), &anna).unwrap();
    std::fs::write(dir.path().join("annotations/ben.csv"), &ben).unwrap();
    let server = Server::start(dir.path(), &["--adjudicate", "anna", "ben", "--annotator", "cem"]);
    let workspace = server.get("/api/workspace").done();
    assert_eq!((&workspace["mode"], &workspace["sources"]), (&json!("adjudicate"), &json!(["anna", "ben"])));
    assert_eq!(workspace["articles"][1]["suggestions"], 3);

    let suggestions = server.article("en-2")["suggestions"].clone();
    let shown: Vec<(&Value, &Value, &Value)> =
        suggestions.as_array().unwrap().iter().map(|s| (&s["quote"], &s["by"], &s["group"])).collect();
    let (anna_and_ben, g1) = (json!(["anna", "ben"]), json!("g1"));
    assert_eq!(shown[0], (&json!("Police"), &json!(["anna"]), &g1));
    assert_eq!(shown[1], (&json!("Police held"), &json!(["ben"]), &g1));
    assert_eq!(shown[2], (&json!("37,000 people"), &anna_and_ben, &json!("g2")));
    let agreed = &suggestions[2];
    assert_eq!(agreed["tracking_id"], "arrests");

    let claim = json!({ "fragments": agreed["fragments"], "kind": agreed["kind"], "fields": agreed["fields"], "tracking_id": "arrests" });
    let accepted = server.edit("en-2", "accept", json!({ "suggestion": agreed["id"], "claim": claim })).done();
    assert_eq!((&accepted["put"], &accepted["article"]["status"]), (&json!(["en-2-c01"]), &json!("draft")));
    server.edit("en-2", "reject", json!({ "suggestion": suggestions[0]["id"] })).done();
    let row = read(dir.path(), "claims.csv").lines().last().unwrap().to_owned();
    assert_eq!(row, "en-2-c01,en-2,12,25,\"37,000 people\",arrests,quantity,37000,cem");
    let left = server.article("en-2");
    assert_eq!((left["suggestions"].as_array().unwrap().len(), &left["suggestions"][0]["quote"]), (1, &json!("Police held")));
    server.post("/api/undo", &json!({})).done();
    server.post("/api/undo", &json!({})).done();
    assert_eq!(server.article("en-2")["suggestions"], suggestions);
    assert_eq!((read(dir.path(), "annotations/anna.csv"), read(dir.path(), "annotations/ben.csv")), (anna, ben));
}
