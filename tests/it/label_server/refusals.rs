//! Who is not answered, and what stands on every answer.

use claim_assay::label::ASSETS;
use serde_json::json;

use super::server::{CLAIMS, Reply, Server, dataset, new_claim, read};

const TOKEN: (&str, &str) = ("x-assay-token", "TOKEN");
const JSON: (&str, &str) = ("content-type", "application/json");
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Method, path, headers, and status with code of the refusal.
type Case<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, &'a str);

fn assert_headers(reply: &Reply) {
    for (name, value) in HEADERS {
        assert_eq!(reply.header(name), Some(value), "{name}: {reply:?}");
    }
    assert!(!reply.headers.iter().any(|(name, _)| name.starts_with("access-control-")), "{reply:?}");
}

#[test]
fn only_the_page_of_this_server_is_answered() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let edit = json!({ "article_id": "en-1", "put": new_claim(0, 6, "event") }).to_string();
    let rebinding = format!("rebound.example:{}", server.port);
    let short = &server.token[1..];
    let in_query = format!("/api/workspace?x-assay-token={0}&token={0}", server.token);
    let cases: Vec<Case> = vec![
        ("GET", "/api/workspace", vec![], "403 forbidden"),
        ("GET", "/api/workspace", vec![("x-assay-token", "0000")], "403 forbidden"),
        ("GET", "/api/workspace", vec![("x-assay-token", short)], "403 forbidden"),
        ("GET", "/api/workspace", vec![TOKEN, TOKEN], "403 forbidden"),
        ("GET", &in_query, vec![], "403 forbidden"),
        ("GET", "/api/nothing", vec![], "403 forbidden"),
        ("GET", "/api/nothing", vec![TOKEN], "404 not_found"),
        ("GET", "/", vec![("host", &rebinding)], "403 forbidden"),
        ("GET", "/", vec![("host", "127.0.0.1")], "403 forbidden"),
        ("GET", "/", vec![("host", "HOST"), ("host", "HOST")], "403 forbidden"),
        ("GET", "http://rebound.example/", vec![], "403 forbidden"),
        ("GET", "/", vec![("sec-fetch-site", "cross-site")], "403 forbidden"),
        ("GET", "/api/workspace", vec![TOKEN, ("sec-fetch-site", "same-site")], "403 forbidden"),
        ("GET", "/api/workspace", vec![TOKEN, ("host", &rebinding)], "403 forbidden"),
        ("GET", "/api/workspace", vec![TOKEN, ("origin", "http://rebound.example")], "403 forbidden"),
        ("POST", "/api/edit", vec![TOKEN, JSON, ("origin", "https://HOST")], "403 forbidden"),
        ("POST", "/api/edit", vec![TOKEN, JSON, ("origin", "null")], "403 forbidden"),
        ("POST", "/api/edit", vec![JSON, ("origin", "http://HOST")], "403 forbidden"),
        ("POST", "/api/edit", vec![TOKEN], "415 media_type"),
        ("POST", "/api/edit", vec![TOKEN, ("content-type", "text/plain")], "415 media_type"),
        ("POST", "/api/edit", vec![TOKEN, ("content-type", "application/x-www-form-urlencoded")], "415 media_type"),
        ("PUT", "/api/edit", vec![TOKEN, JSON], "405 method"),
        ("OPTIONS", "/api/edit", vec![("origin", "http://rebound.example"), ("access-control-request-method", "POST")], "403 forbidden"),
        ("OPTIONS", "/", vec![], "405 method"),
        ("POST", "/", vec![], "405 method"),
        ("GET", "/api/edit", vec![TOKEN], "405 method"),
        ("GET", "/script/../../Cargo.toml", vec![], "404 not_found"),
        ("GET", "/script/..%2f..%2fCargo.toml", vec![], "404 not_found"),
        ("GET", "/script/%2e%2e/%2e%2e/dataset.toml", vec![], "404 not_found"),
        ("GET", "/articles/en-1.txt", vec![], "404 not_found"),
        ("GET", "/style/../page.html", vec![], "404 not_found"),
        ("GET", "/script/main.js%00.css", vec![], "404 not_found"),
        ("GET", "/api/article/..%2f..%2fdataset.toml", vec![TOKEN], "404 not_found"),
        ("GET", "/api/article/%2e%2e", vec![TOKEN], "404 not_found"),
        ("GET", "/api/article/%ff", vec![TOKEN], "404 not_found"),
        ("GET", "/api/article/EN-1", vec![TOKEN], "404 not_found"),
        ("GET", "/api/changes?article=..%2Fx", vec![TOKEN], "404 not_found"),
        ("GET", "/api/tracking?artikel=en-1", vec![TOKEN], "422 invalid"),
    ];
    for (method, path, headers, expected) in &cases {
        let reply = server.ask(method, path, headers, if *method == "GET" { "" } else { &edit });
        let (status, code, message) = reply.refused();
        assert_eq!(format!("{status} {code}"), *expected, "{method} {path} {headers:?}: {message}");
        assert_headers(&reply);
    }
    assert_eq!(read(dir.path(), "claims.csv"), CLAIMS);
    assert_eq!(server.ask("OPTIONS", "/", &[], "").header("allow"), Some("GET, HEAD"));
    // The same edit from the page itself.
    let reply = server.ask("POST", "/api/edit", &[TOKEN, JSON, ("origin", "http://HOST"), ("sec-fetch-site", "same-origin")], &edit);
    reply.done();
    assert_headers(&reply);
}

#[test]
fn the_page_needs_no_token_and_holds_no_data() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    for asset in ASSETS {
        let path = asset.path;
        let reply = server.ask("GET", path, &[("sec-fetch-site", "none")], "");
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(asset.content_type)));
        assert_eq!(reply.body, asset.text);
        assert_headers(&reply);
        assert!(!reply.body.contains(&server.token) && !reply.body.contains("from the wire"), "{path}");
        let head = server.ask("HEAD", path, &[], "");
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(head.header("content-length"), Some(reply.body.len().to_string().as_str()));
    }
    for host in ["localhost", "[::1]", "LocalHost"] {
        assert_eq!(server.ask("GET", "/", &[("host", &format!("{host}:{}", server.port))], "").status, 200, "{host}");
    }
}

#[test]
fn bodies_that_are_not_what_is_asked_for_change_nothing() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let claim = |more: &str| format!(r#"{{"article_id":"en-1","put":{{"fragments":[[0,6]],"kind":"event"{more}}}}}"#);
    let cases: Vec<(&str, String, &str, &str)> = vec![
        ("/api/edit", String::new(), "400 bad_json", "EOF"),
        ("/api/edit", "{".to_owned(), "400 bad_json", "EOF"),
        ("/api/edit", "null".to_owned(), "400 bad_json", "null"),
        ("/api/edit", deep, "400 bad_json", "body"),
        ("/api/edit", claim(r#","colour":"red""#), "400 bad_json", "unknown field `colour`"),
        ("/api/edit", claim(r#","kind":"event""#), "400 bad_json", "duplicate field `kind`"),
        ("/api/edit", claim(r#","version":7"#), "400 bad_json", "string"),
        ("/api/edit", r#"{"article_id":"en-1","put":{"fragments":[[-1,6]],"kind":"event"}}"#.to_owned(), "400 bad_json", "-1"),
        ("/api/edit", r#"{"article_id":"en-1","puts":[],"x":1}"#.to_owned(), "400 bad_json", "unknown field `x`"),
        ("/api/edit", r#"{"article_id":"en-1"}"#.to_owned(), "400 bad_json", "one of put"),
        ("/api/edit", r#"{"article_id":"en-1","reject":{"suggestion":"s1"},"puts":[]}"#.to_owned(), "400 bad_json", "one of put"),
        ("/api/edit", r#"{"article_id":"en-1","puts":[]}"#.to_owned(), "422 invalid", "at least one"),
        ("/api/edit", r#"{"article_id":"en-9","puts":[]}"#.to_owned(), "404 not_found", "en-9"),
        ("/api/edit", r#"{"article_id":"en-1","reject":{"suggestion":"s1"}}"#.to_owned(), "404 not_found", "s1"),
        ("/api/edit", r#"{"article_id":"en-1","status":{"status":""}}"#.to_owned(), "422 invalid", "one of gold"),
        ("/api/edit", claim(r#","id":"en-1-c01""#), "422 invalid", "no version"),
        ("/api/edit", claim(r#","version":"77""#), "422 invalid", "no id"),
        ("/api/edit", claim(r#","quote":"Army""#), "422 invalid", "not the quote"),
        ("/api/edit", claim(r#","fields":{"valeu":"1"}"#), "422 invalid", "did you mean value?"),
        ("/api/edit", claim(r#","fields":{"value":"37,000"}"#), "422 invalid", "37,000"),
        ("/api/edit", claim(r#","status":"done""#), "422 invalid", "gold, draft, optional"),
        ("/api/edit", claim("").replace("event", "rumour"), "422 invalid", "no kind of this dataset"),
        ("/api/edit", claim("").replace("[0,6]", "[6,6]"), "422 invalid", "empty or reversed"),
        ("/api/edit", claim("").replace("[0,6]", "[0,6000]"), "422 invalid", "behind the text"),
        ("/api/edit", claim("").replace("[[0,6]]", "[]"), "422 invalid", "without a place"),
        ("/api/undo", r#"{"all":true}"#.to_owned(), "400 bad_json", "unknown field `all`"),
        ("/api/undo", "{}".to_owned(), "422 invalid", "nothing to undo"),
        ("/api/redo", "{}".to_owned(), "422 invalid", "nothing to redo"),
        ("/api/prefill", r#"{"article_id":"en-1","fragments":[[0,600]]}"#.to_owned(), "422 invalid", "58 code points"),
        ("/api/prefill", r#"{"article_id":"en-1","fragments":[[0,6]],"kind":"rumour"}"#.to_owned(), "422 invalid", "quantity"),
    ];
    for (path, body, expected, says) in &cases {
        let reply = server.ask("POST", path, &[TOKEN, JSON], body);
        let (status, code, message) = reply.refused();
        let shown = &body[..body.len().min(100)];
        assert_eq!(format!("{status} {code}"), *expected, "{path} {shown}: {message}");
        assert!(message.contains(says), "{path} {shown}: {message}");
        assert_headers(&reply);
    }
    assert_eq!(read(dir.path(), "claims.csv"), CLAIMS);
    assert!(!dir.path().join(".assay").exists());
}

#[test]
fn large_bodies_are_refused() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let head = format!("POST /api/edit HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nx-assay-token: {}\r\n", server.port, server.token);
    let head = format!("{head}content-type: application/json\r\nconnection: close\r\n");
    let announced = server.send(format!("{head}content-length: 99999999\r\n\r\n").as_bytes());
    assert_eq!(announced.refused().1, "too_large");
    assert_headers(&announced);
    // Without a length it is counted: five chunks of a mebibyte, and no end.
    let mut chunks = format!("{head}transfer-encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..5 {
        chunks.extend_from_slice(b"100000\r\n");
        chunks.resize(chunks.len() + (1 << 20), b' ');
        chunks.extend_from_slice(b"\r\n");
    }
    let mut stream = server.connect();
    let sent = std::io::Write::write_all(&mut stream, &chunks);
    // The server may close before all is sent, and the system may then throw the answer away.
    let reply = super::server::received(&mut stream);
    assert!(sent.is_err() || reply.as_ref().is_none_or(|reply| reply.status == 413), "{reply:?}");
    server.get("/api/workspace").done();
    // A large one that is small enough is read.
    let large = json!({ "article_id": "en-1", "field": "unit", "written": "x".repeat(3 << 20) });
    server.post("/api/read", &large).done();
}
