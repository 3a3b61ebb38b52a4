//! The command itself: its address, its end, and what it refuses.

use rustix::process::Signal;

use super::server::{Server, assay, dataset};

#[test]
fn it_prints_its_address_and_ends_well() {
    let dir = dataset();
    for signal in [Signal::INT, Signal::TERM] {
        let server = Server::start(dir.path(), &["en-1"]);
        assert!(server.token.len() >= 32 && server.token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", server.url);
        assert_eq!(server.url, format!("http://127.0.0.1:{}/#{}/en-1", server.port, server.token));
        // A connection that says nothing does not keep it.
        let silent = server.connect();
        let (code, said) = server.end(signal);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("Ctrl-C ends; every edit is saved at once\n"), "{said}");
        drop(silent);
    }
}

#[test]
fn a_port_is_taken_once() {
    let dir = dataset();
    let server = Server::start(dir.path(), &[]);
    assert!(!server.url.contains("/en-"));
    let (code, _, said) = assay(dir.path(), &["label", "--port", &server.port.to_string()]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("another --port"), "{said}");
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_served() {
    let dir = dataset();
    for (arguments, code, says) in [
        (&["label", "--blind"][..], 2, "--annotator anna"),
        (&["label", "--annotator", "../x"], 2, "letters, digits"),
        (&["label", "--annotator", "gold"], 2, "is not gold"),
        (&["label", "--blind", "--annotator", "anna", "--from", "latest"], 2, "cannot be used with"),
        (&["label", "--adjudicate", "anna", "anna"], 2, "two annotators"),
        (&["label", "--adjudicate", "anna"], 2, "2 values"),
        (&["label", "--adjudicate", "anna", "ben"], 3, "no annotator \"anna\""),
        (&["label", "--next", "--list", "en-1"], 2, "the article \"en-1\" is not meant for it"),
        (&["label", "--next", "--list", "--from", "latest"], 2, "--from is not meant for it"),
        (&["label", "en-l"], 3, "did you mean en-1?"),
        (&["label", "--from", "latest"], 3, "no run is stored"),
        (&["label", "--open"], 2, "unexpected argument"),
    ] {
        let (found, out, said) = assay(dir.path(), arguments);
        assert_eq!((found, out.as_str()), (code, ""), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    std::fs::write(dir.path().join("claims.csv"), "claim_id,article_id,start,end,quote,kind\n\"en-1-c01,en-1,0").unwrap();
    let (code, _, said) = assay(dir.path(), &["label"]);
    assert_eq!(code, 3, "{said}");
}
