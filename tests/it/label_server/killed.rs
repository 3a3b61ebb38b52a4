//! A server that is killed at any moment loses no edit that it has answered, and leaves no half of one.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use std::time::Duration;

use claim_assay::dataset::Dataset;

use crate::support::cases;

use super::server::{Server, dataset};

static VALUES: AtomicU64 = AtomicU64::new(1);

/// Sends edits over one connection until it breaks: ids of the claims whose edits were answered, in order.
fn edit_until_it_breaks(mut stream: TcpStream, port: u16, token: &str) -> Vec<String> {
    let head = format!("POST /api/edit HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nx-assay-token: {token}\r\ncontent-type: application/json\r\n");
    let request = || {
        // The same claim twice would be refused.
        let value = VALUES.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"article_id":"en-1","put":{{"fragments":[[0,6]],"kind":"event","fields":{{"value":"{value}"}}}}}}"#);
        format!("{head}content-length: {}\r\n\r\n{body}", body.len())
    };
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let mut put = Vec::new();
    while stream.write_all(request().as_bytes()).is_ok()
        && let Some(answer) = answer(&mut answers)
    {
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        put.push(answer["put"][0].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned());
    }
    put
}

/// The body of one whole answer.
fn answer(stream: &mut impl BufRead) -> Option<String> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse::<usize>().ok();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length?];
    stream.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

fn ids(dir: &Path) -> BTreeSet<String> {
    let dataset = Dataset::load(dir).unwrap_or_else(|problems| panic!("{problems}"));
    dataset.claims.into_iter().map(|claim| claim.claim.id).collect()
}

#[test]
fn no_answered_edit_is_lost() {
    let rounds = if cases(1).cases > 1 { 500 } else { 50 };
    let (mut answered, mut cut) = (0, 0);
    for round in 0..rounds {
        // Small again each time, so that an edit takes as long in the last round as in the first.
        let dir = dataset();
        let mut server = Server::start(dir.path(), &[]);
        let before = ids(dir.path());
        let (stream, port, token) = (server.connect(), server.port, server.token.clone());
        let put = std::thread::scope(|scope| {
            let client = scope.spawn(|| edit_until_it_breaks(stream, port, &token));
            // Spread over more than the time that some edits take.
            std::thread::sleep(Duration::from_micros(500 + (round * 7919) % 40_000));
            server.child.kill().unwrap();
            server.child.wait().unwrap();
            client.join().unwrap()
        });
        let after = ids(dir.path());
        let expected: BTreeSet<String> = before.into_iter().chain(put.iter().cloned()).collect();
        assert!(expected.is_subset(&after), "round {round}: {put:?} was answered, {after:?} is there");
        let unanswered = after.len() - expected.len();
        assert!(unanswered <= 1, "round {round}: {after:?} is there, only {expected:?} was answered");
        answered += put.len();
        cut += unanswered;
        // What it left is no obstacle, and no temporary file is taken for data.
        if round % 10 == 0 {
            let again = Server::start(dir.path(), &[]);
            assert_eq!(again.article("en-1")["claims"].as_array().unwrap().len(), after.len());
        }
    }
    println!("{answered} edits were answered, {cut} more were whole and not answered");
    assert!(answered > rounds as usize / 2, "the server is killed before it does anything");
}
