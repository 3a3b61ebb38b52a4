//! A person at the page: a workspace, the server over it, and a browser that shows it.

use std::cell::Cell;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::{Browser, LONG, Point, keys};

/// An article of a test: id, language, text.
pub type Text<'a> = (&'a str, &'a str, &'a str);

const DATASET: &str = r#"format = 1
name = "desk"
version = "1"
kinds = ["quantity", "change", "event"]
key_fields = ["value", "unit"]
[[field]]
name = "value"
type = "decimal"
required_for = ["quantity"]
[[field]]
name = "bound"
type = "enum"
values = ["exactly", "about", "more_than"]
[[field]]
name = "unit"
type = "text"
[[field]]
name = "period"
type = "period"
[[field]]
name = "modality"
type = "enum"
values = ["fact", "estimate", "forecast", "alleged"]
[[field]]
name = "polarity"
type = "enum"
values = ["asserted", "denied"]
"#;

pub const HEADER: &str =
    "claim_id,article_id,start,end,quote,tracking_id,kind,value,bound,unit,period,modality,polarity,status,tags,annotator\n";

/// A workspace with articles that nobody has labelled, and claims as lines of claims.csv.
pub fn workspace(texts: &[Text<'_>], claims: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    std::fs::create_dir_all(data.join("articles")).unwrap();
    let mut articles = "article_id,lang,title,status,note\n".to_owned();
    for (id, lang, text) in texts {
        articles.push_str(&format!("{id},{lang},Title of {id},unlabelled,\n"));
        std::fs::write(data.join(format!("articles/{id}.txt")), text).unwrap();
    }
    let toml = "format = 1\nname = \"desk\"\n[dataset]\npath = \"data\"\n[[extractor]]\nid = \"rules\"\nkind = \"builtin\"\n";
    let files = [
        ("assay.toml", toml),
        ("data/dataset.toml", DATASET),
        ("data/articles.csv", &articles),
        ("data/claims.csv", &format!("{HEADER}{claims}")),
    ];
    files.iter().for_each(|(name, content)| std::fs::write(dir.path().join(name), content).unwrap());
    dir
}

/// A server over a workspace. It ends when it is dropped.
pub struct Server {
    process: Child,
    pub url: String,
}

impl Server {
    pub fn start(dir: &Path, arguments: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.arg("label").args(arguments).current_dir(dir);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "the server does not start: {line:?}");
        Server { process, url }
    }

    pub fn port(&self) -> String {
        self.url.split(':').nth(2).unwrap().split('/').next().unwrap().to_owned()
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub struct Desk {
    // In the order in which they end.
    pub browser: Browser,
    pub server: Server,
    pub dir: TempDir,
    /// Key strokes so far; a chord counts as one.
    pub strokes: Cell<u32>,
}

impl Desk {
    /// Opens the page over new articles; `None` where there is no browser.
    pub fn open(texts: &[Text<'_>]) -> Option<Desk> {
        Desk::over(workspace(texts, ""), &["--annotator", "anna"])
    }

    /// Opens the page over a workspace.
    pub fn over(dir: TempDir, arguments: &[&str]) -> Option<Desk> {
        let browser = Browser::start()?;
        let server = Server::start(dir.path(), arguments);
        let desk = Desk { browser, server, dir, strokes: Cell::new(0) };
        desk.browser.open(&desk.server.url);
        desk.ready();
        Some(desk)
    }

    pub fn ready(&self) {
        self.until("the text is there", || self.js("return document.querySelector('#text')?.firstChild?.length > 0") == json!(true));
    }

    #[track_caller]
    pub fn until(&self, what: &str, condition: impl FnMut() -> bool) {
        self.browser.wait_until(what, LONG, condition);
    }

    #[track_caller]
    pub fn js(&self, body: &str) -> Value {
        self.browser.script(body, json!([]))
    }

    /// What the page knows, by a JavaScript expression over `state`.
    #[track_caller]
    pub fn state(&self, expression: &str) -> Value {
        self.js(&format!("const {{ state }} = assayPage; return {expression} ?? null"))
    }

    #[track_caller]
    pub fn until_state(&self, expression: &str, expected: &Value) {
        let what = format!("{expression} is {expected}");
        self.until(&what, || self.state(expression) == *expected);
    }

    /// Waits until everything is written.
    #[track_caller]
    pub fn saved(&self) {
        self.until("everything is saved", || self.browser.find("#save").text() == "Saved ✓");
    }

    /// Presses keys one after the other.
    pub fn press(&self, strokes: &[&str]) {
        strokes.iter().for_each(|key| self.chord(&[key]));
    }

    /// Presses keys together.
    pub fn chord(&self, together: &[&str]) {
        self.strokes.set(self.strokes.get() + 1);
        self.browser.press(together);
    }

    /// Types into what has the focus.
    pub fn type_text(&self, text: &str) {
        self.strokes.set(self.strokes.get() + text.chars().count() as u32);
        self.browser.active().send_keys(text);
    }

    pub fn go(&self, article: &str) {
        self.js(&format!("location.hash = location.hash.split('/')[0] + '/{article}'"));
        self.until_state("state.article.id", &json!(article));
    }

    /// The text that is shown, as the page holds it.
    pub fn text(&self) -> String {
        self.js("return document.querySelector('#text').textContent").as_str().unwrap().to_owned()
    }

    /// The unit of UTF-16 at which a part of the text begins.
    #[track_caller]
    pub fn unit_of(&self, part: &str) -> usize {
        let text = self.text();
        let at = text.find(part).unwrap_or_else(|| panic!("no {part:?} in the text"));
        text[..at].encode_utf16().count()
    }

    /// The edges of a span of units as a hand would aim at them: inside of its first and last character.
    #[track_caller]
    pub fn edges(&self, start: usize, end: usize) -> (Point, Point) {
        let body = r"
            const node = document.querySelector('#text').firstChild;
            const home = document.querySelector('#scroll').getBoundingClientRect();
            const edge = (unit, isEnd) => {
                const range = document.createRange();
                range.setStart(node, unit);
                range.setEnd(node, unit + 1);
                let rect = range.getClientRects()[0];
                const out = rect.top < home.top ? rect.top - home.top - 40 : rect.bottom > home.bottom ? rect.bottom - home.bottom + 40 : 0;
                if (out) {
                    document.querySelector('#scroll').scrollTop += out;
                    rect = range.getClientRects()[0];
                }
                const isRtl = /[\u0590-\u065f\u0671-\u06ef]/.test(node.data[unit]);
                return [isEnd === isRtl ? rect.left + 1 : rect.right - 1, rect.top + rect.height / 2];
            };
            edge(arguments[0], false);
            return [edge(arguments[0], false), edge(arguments[1] - 1, true)];";
        let found = self.browser.script(body, json!([start, end]));
        let point = |at: &Value| Point { x: at[0].as_f64().unwrap().round() as i32, y: at[1].as_f64().unwrap().round() as i32 };
        (point(&found[0]), point(&found[1]))
    }

    /// Waits until a further click is none of the clicks before it.
    pub fn apart(&self) {
        std::thread::sleep(std::time::Duration::from_millis(700));
    }

    /// Drags over a part of the text.
    #[track_caller]
    pub fn mark(&self, part: &str) {
        let start = self.unit_of(part);
        let (from, to) = self.edges(start, start + part.encode_utf16().count());
        self.browser.drag(from, to);
        self.until("something is picked", || {
            self.state("state.pick?.quote") != Value::Null && self.state("state.pick.isPreview") == json!(false)
        });
    }

    /// Drags over a part of the text and makes it a claim of a kind.
    #[track_caller]
    pub fn claim(&self, part: &str, kind_key: &str) {
        let before = self.state("state.claims.length").as_u64().unwrap();
        self.mark(part);
        self.press(&[kind_key]);
        self.until_state("state.claims.length", &json!(before + 1));
        self.saved();
    }

    /// claims.csv as it stands on disk.
    pub fn claims_csv(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("data/claims.csv")).unwrap()
    }

    /// The rows of claims.csv, by column.
    pub fn rows(&self) -> Vec<std::collections::BTreeMap<String, String>> {
        rows_of(&self.dir.path().join("data/claims.csv"))
    }

    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.dir.path().join("data").join(name)).unwrap()
    }

    pub fn write(&self, name: &str, content: &str) {
        std::fs::write(self.dir.path().join("data").join(name), content).unwrap();
    }

    /// Nothing was written to the console.
    #[track_caller]
    pub fn quiet(&self) {
        assert_eq!(self.browser.console(), []);
    }
}

pub fn rows_of(file: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    csv::Reader::from_path(file).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

/// The modifier that goes with commands.
pub const CTRL: &str = keys::CONTROL;
