//! Connections that are slow, silent or broken keep nobody out.

use std::io::{Read, Write};
use std::time::Instant;

use claim_assay::files;

use super::server::{CLAIMS, HANG_GUARD, Server, dataset, new_claim, read};

#[test]
fn slow_and_half_requests_do_not_block_others() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let beginnings: [&[u8]; 6] = [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nhost: 127",
        b"POST /api/edit HTTP/1.1\r\ncontent-length: 100\r\n\r\n{",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    // More than the server keeps.
    let mut open = Vec::new();
    for beginning in beginnings.iter().cycle().take(300) {
        let mut stream = server.connect();
        let _closed = stream.write_all(beginning);
        open.push(stream);
    }
    server.get("/api/workspace").done();
    assert_eq!(server.ask("GET", "/", &[], "").status, 200);
    // The oldest had to go.
    let mut rest = Vec::new();
    let _cut = open[0].read_to_end(&mut rest);
    assert_eq!(rest, b"");
    drop(open);
    server.get("/api/workspace").done();
}

#[test]
fn an_edit_waits_for_another_writer_and_keeps_nobody_else_waiting() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let lock = files::lock(&dir.path().join("dataset.toml")).unwrap();
    std::thread::scope(|scope| {
        let edit = scope.spawn(|| server.edit("en-1", "put", new_claim(0, 6, "event")));
        for _ in 0..20 {
            assert_eq!(server.ask("GET", "/", &[], "").status, 200);
        }
        assert!(!edit.is_finished());
        assert_eq!(read(dir.path(), "claims.csv"), CLAIMS);
        drop(lock);
        edit.join().unwrap().done();
    });
    assert_ne!(read(dir.path(), "claims.csv"), CLAIMS);
}

#[test]
fn a_request_that_does_not_come_to_its_end_is_cut() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    let begun = Instant::now();
    let mut slow: Vec<_> = [&b"GET / HTTP/1.1\r\nhost: 127.0.0.1"[..], b"GET / HTTP/1.1\r\n"]
        .into_iter()
        .map(|beginning| {
            let mut stream = server.connect();
            stream.write_all(beginning).unwrap();
            stream
        })
        .collect();
    for stream in &mut slow {
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        assert!(!ended.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "it is still open");
        assert!(!String::from_utf8_lossy(&rest).contains("200 OK"));
    }
    assert!(begun.elapsed() < HANG_GUARD);
    server.get("/api/workspace").done();
}
