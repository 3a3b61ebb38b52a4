//! What happens to edits when the server dies.

use serde_json::json;

use super::desk::{Desk, Server};

const TEXT: &str = "Officials said more than 37,000 people were held in 2023, ten times the year before.";

#[test]
fn an_edit_that_could_not_be_saved_is_kept_and_said_and_saved_later() {
    let Some(mut desk) = Desk::open(&[("en-1", "en", TEXT)]) else { return };
    desk.claim("ten times", "3");
    let port = desk.server.port();
    desk.server.kill();
    desk.mark("37,000 people");
    desk.press(&["3"]);
    desk.until("it is said", || desk.browser.find("#save").text().starts_with("Not saved"));
    assert!(desk.browser.find("#live").text().contains("kept in this browser"), "{}", desk.browser.find("#live").text());
    assert_eq!(desk.rows().len(), 1);

    // A new server has another token: the old page cannot save, and says what to do; the new one has the edit.
    desk.server = Server::start(desk.dir.path(), &["--annotator", "anna", "--port", &port]);
    desk.until("the old page says it", || desk.browser.find("#live").text().contains("printed last"));
    desk.browser.open("about:blank");
    desk.browser.open(&desk.server.url);
    desk.ready();
    desk.until("the edit is offered", || desk.browser.find("#conflict").text().contains("1 edit was not saved last time"));
    desk.browser.find("#conflict .primary").click();
    desk.until("it is written", || desk.rows().len() == 2);
    desk.saved();
    assert_eq!(desk.state("state.claims.map((c) => c.quote)"), json!(["37,000 people", "ten times"]));
}

#[test]
fn an_address_without_its_key_shows_nothing() {
    let Some(desk) = Desk::open(&[("en-1", "en", TEXT)]) else { return };
    let bare = desk.server.url.split('#').next().unwrap().to_owned();
    desk.browser.open("about:blank");
    desk.browser.open(&bare);
    desk.until("it says why", || desk.browser.find("#fail").text().contains("the key to this page"));
    desk.browser.open("about:blank");
    desk.browser.open(&format!("{bare}#0123456789abcdef0123456789abcdef"));
    desk.until("it says why", || desk.browser.find("#fail").text().contains("has ended"));
    assert!(!desk.browser.find("body").text().contains("37,000"));
}
