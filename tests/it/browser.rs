//! A W3C WebDriver client: HTML pages are tested in real headless Chromium.
//!
//! `Browser::start` gives a browser of its own to each test, or `None` where this machine has none; then one line `NOT RUN` is
//! printed. `browser_harness.rs` shows each method at work. What the browser refuses panics and says what was asked for.

mod actions;
mod driver;
mod element;
pub mod keys;
mod wire;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Once;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

pub use actions::{Point, Pointer};
pub use driver::{NoBrowser, Programs, Surroundings};
pub use element::Element;

use driver::Driver;
use wire::{Session, Wire};

/// How long a test waits for a page before it gives up; far more than any page needs.
pub const LONG: Duration = Duration::from_secs(20);

/// Width and height of a usual phone, in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);

/// What the page wrote to the console, or the browser about it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsoleEntry {
    /// `SEVERE` (errors, uncaught exceptions, resources that did not load) or `WARNING`.
    pub level: String,
    pub message: String,
}

/// A browser with one window. It ends when it is dropped, and when the test process dies in whatever way.
pub struct Browser {
    session: Session,
    driver: Driver,
}

impl Browser {
    /// A new browser with an empty profile, a window of 1280 x 900, in UTC and English, which reaches this machine only.
    ///
    /// `None` where there is no browser. A browser that is required (`ASSAY_REQUIRE_BROWSER=1`) or does not start fails the test.
    #[must_use]
    pub fn start() -> Option<Browser> {
        static SAID: Once = Once::new();
        match Programs::find(&Surroundings::of_this_process()) {
            Ok(programs) => Some(Browser::with(&programs).unwrap_or_else(|e| panic!("{e}"))),
            Err(NoBrowser::NotRun(missing)) => {
                // Past the test runner's capture, which shows nothing of a test that passes.
                SAID.call_once(|| writeln!(std::io::stderr().lock(), "NOT RUN: browser tests (no {missing})").unwrap());
                None
            }
            Err(NoBrowser::Wrong(message)) => panic!("{message}"),
        }
    }

    /// A browser of these programs, or why it does not start, with what they wrote.
    pub fn with(programs: &Programs) -> Result<Browser, String> {
        let driver = Driver::start(&programs.chromedriver)?;
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
            "--lang=en-US",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": programs.chromium, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": 20_000, "pageLoad": 30_000, "implicit": 0},
        }}});
        let session =
            Wire::new(driver.port()).new_session(&wanted).map_err(|e| format!("{e}\nthe log of chromedriver:\n{}", driver.log()))?;
        Ok(Browser { session, driver })
    }

    /// The folder that holds all files of this browser, and is named in the command line of each of its processes.
    pub fn folder(&self) -> &Path {
        self.driver.folder()
    }

    /// Goes to a URL and waits until the page is loaded.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.session.post("url", &json!({"url": url}));
    }

    /// Goes to a local file.
    #[track_caller]
    pub fn open_file(&self, path: &Path) {
        self.open(&file_url(path));
    }

    /// Loads the page again.
    #[track_caller]
    pub fn refresh(&self) {
        self.session.post("refresh", &json!({}));
    }

    /// The first element of a CSS selector. Without one the test fails.
    #[track_caller]
    pub fn find(&self, css: &str) -> Element<'_> {
        match self.find_all(css).into_iter().next() {
            Some(element) => element,
            None => panic!("no element {css} in {}", self.script("return location.href", json!([]))),
        }
    }

    /// All elements of a CSS selector, in document order; none is no error.
    #[track_caller]
    pub fn find_all(&self, css: &str) -> Vec<Element<'_>> {
        let found = self.session.post("elements", &json!({"using": "css selector", "value": css}));
        found.as_array().unwrap().iter().map(|reference| Element::new(&self.session, reference)).collect()
    }

    /// The element that has the focus.
    #[track_caller]
    pub fn active(&self) -> Element<'_> {
        Element::new(&self.session, &self.session.get("element/active"))
    }

    /// Runs the body of a function, which sees the list of arguments as `arguments`, and gives what it returns.
    #[track_caller]
    pub fn script(&self, body: &str, arguments: Value) -> Value {
        self.session.script(body, arguments)
    }

    /// Runs the body of a function and waits until it calls the last of its arguments, with what it gives.
    #[track_caller]
    pub fn script_async(&self, body: &str) -> Value {
        self.session.post("execute/async", &json!({"script": body, "args": []}))
    }

    /// Polls until the condition holds. After the time limit the test fails with the text of what it waited for.
    #[track_caller]
    pub fn wait_until(&self, what: &str, limit: Duration, mut condition: impl FnMut() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(start.elapsed() < limit, "waited {limit:?} for this: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The console's errors and warnings since the last call. A page that is right has none.
    #[track_caller]
    pub fn console(&self) -> Vec<ConsoleEntry> {
        let entries = self.session.post("se/log", &json!({"type": "browser"}));
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
        let entries = entries.as_array().unwrap().iter();
        let all = entries.map(|entry| ConsoleEntry { level: text(entry, "level"), message: text(entry, "message") });
        all.filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING")).collect()
    }

    /// Writes what the window shows as PNG, one pixel a CSS pixel.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        let encoded = self.session.get("screenshot");
        let png = base64::prelude::BASE64_STANDARD.decode(encoded.as_str().unwrap()).unwrap();
        std::fs::write(path, png).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// Sets the outer size of the window; the page gets less of the height.
    #[track_caller]
    pub fn set_window(&self, width: u32, height: u32) {
        self.session.post("window/rect", &json!({"x": 0, "y": 0, "width": width, "height": height}));
    }

    /// Shows pages as on a phone of [`PHONE`]'s size with a touch screen, until the browser ends.
    #[track_caller]
    pub fn emulate_phone(&self) {
        let (width, height) = PHONE;
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": true});
        self.devtools("Emulation.setDeviceMetricsOverride", &screen);
        self.devtools("Emulation.setTouchEmulationEnabled", &json!({"enabled": true, "maxTouchPoints": 5}));
    }

    /// Sets features that media queries ask for, as `("prefers-color-scheme", "dark")`, until the next call.
    #[track_caller]
    pub fn emulate_media(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> = features.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// A command of the Chrome DevTools Protocol, for what WebDriver has no word for.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.session.post("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Does the steps of one pointer.
    #[track_caller]
    pub fn perform(&self, pointer: Pointer) {
        self.session.post("actions", &json!({"actions": [pointer.source()]}));
    }

    /// Presses the mouse button at one place and releases it at another.
    #[track_caller]
    pub fn drag(&self, from: Point, to: Point) {
        self.perform(Pointer::mouse().to(from).down().to(from.midway(to)).to(to).up());
    }

    /// The same while a key is held.
    #[track_caller]
    pub fn drag_with(&self, key: &str, from: Point, to: Point) {
        let hold = |kind: &str| self.session.post("actions", &json!({"actions": [actions::key(kind, key)]}));
        hold("keyDown");
        self.drag(from, to);
        hold("keyUp");
    }

    /// Clicks twice at a place.
    #[track_caller]
    pub fn double_click(&self, at: Point) {
        self.clicks(2, at);
    }

    /// Clicks so many times at a place, one right after the other.
    #[track_caller]
    pub fn clicks(&self, times: u32, at: Point) {
        self.perform((0..times).fold(Pointer::mouse().to(at), |pointer, _| pointer.down().up()));
    }

    /// Touches a place with one finger.
    #[track_caller]
    pub fn tap(&self, at: Point) {
        self.perform(Pointer::touch().to(at).down().up());
    }

    /// Holds the keys down in this order and releases them in the other: `&[keys::CONTROL, "a"]`, or one alone.
    #[track_caller]
    pub fn press(&self, chord: &[&str]) {
        self.session.post("actions", &json!({"actions": [actions::chord(chord)]}));
    }
}

/// The `file:` URL of a path, which is made absolute.
pub fn file_url(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut url = "file://".to_owned();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => url.push(char::from(byte)),
            _ => write!(url, "%{byte:02X}").unwrap(),
        }
    }
    url
}
