//! A server over a small dataset, and requests to it, byte for byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Far more than anything here needs.
pub const HANG_GUARD: Duration = Duration::from_secs(40);

pub const TEXT: &str = "Police held 37,000 people.\r\nTen times as many as before 🌊.";
pub const ARTICLES: &str = "article_id,lang,title,published_at,status,note\n\
                            en-1,en,Arrests,2024-05-13,,\n\
                            en-2,en,Trade,2024-05-14,unlabelled,from the wire\n\
                            id-1,id,Penangkapan,2024-05-13,draft,\n";
pub const CLAIMS: &str = "claim_id,article_id,start,end,quote,tracking_id,kind,value\n\
                          en-1-c01,en-1,12,25,\"37,000 people\",arrests,quantity,37000\n";
const SCHEMA: &str = "format = 1\nname = \"small\"\nversion = \"1\"\nkinds = [\"quantity\", \"change\", \"event\"]\nkey_fields = [\"value\"]\n\
                      aliases = \"aliases.csv\"\n[[field]]\nname = \"value\"\ntype = \"decimal\"\nrequired_for = [\"quantity\"]\n\
                      [[field]]\nname = \"unit\"\ntype = \"text\"\n[[field]]\nname = \"period\"\ntype = \"period\"\n";

/// A folder with the dataset, without a workspace around it.
pub fn dataset() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("articles")).unwrap();
    let files = [
        ("dataset.toml", SCHEMA),
        ("aliases.csv", "field,written,canonical\nunit,folks,people\n"),
        ("articles.csv", ARTICLES),
        ("claims.csv", CLAIMS),
        ("GUIDELINES.md", "# How to label\n"),
        ("articles/en-1.txt", TEXT),
        ("articles/en-2.txt", TEXT),
        ("articles/id-1.txt", "Polisi menangkap 37.000 orang."),
    ];
    files.iter().for_each(|(name, text)| std::fs::write(dir.path().join(name), text).unwrap());
    dir
}

pub fn read(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join(name)).unwrap()
}

/// A running `assay label`.
pub struct Server {
    pub child: Child,
    pub port: u16,
    pub token: String,
    pub url: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The JSON of an answer that is none of an error.
    pub fn done(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }

    /// The code and the message of a refusal.
    pub fn refused(&self) -> (u16, String, String) {
        let error = &self.json()["error"];
        let text = |key: &str| error[key].as_str().unwrap().to_owned();
        (self.status, text("code"), text("message"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Server {
    /// Starts it in a folder, and waits for its address.
    pub fn start(dir: &Path, arguments: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.arg("label").args(arguments).current_dir(dir).env("USER", "anna").stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
        if url.is_empty() {
            panic!("{:?}", child.wait_with_output());
        }
        let url = url.trim_end().to_owned();
        let (address, behind) = url.strip_prefix("http://127.0.0.1:").unwrap().split_once("/#").unwrap();
        let token = behind.split('/').next().unwrap().to_owned();
        Server { child, port: address.parse().unwrap(), token, url }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(HANG_GUARD)).unwrap();
        stream
    }

    /// Sends these very bytes; what came back until the connection was closed.
    pub fn send(&self, bytes: &[u8]) -> Reply {
        let mut stream = self.connect();
        // The server may answer and close before it has read all.
        let _closed = stream.write_all(bytes);
        received(&mut stream).unwrap()
    }

    /// A request with these headers beside `host` and the length; `HOST` and `TOKEN` in them stand for the right ones.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let host = format!("127.0.0.1:{}", self.port);
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str(&format!("host: {host}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {}\r\n", value.replace("HOST", &host).replace("TOKEN", &self.token)));
        }
        self.send(format!("{head}\r\n{body}").as_bytes())
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[("x-assay-token", "TOKEN")], "")
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        let headers = [("x-assay-token", "TOKEN"), ("content-type", "application/json"), ("origin", "http://HOST")];
        self.ask("POST", path, &headers, &body.to_string())
    }

    /// `POST /api/edit` of an article with one operation.
    pub fn edit(&self, article_id: &str, operation: &str, value: Value) -> Reply {
        self.post("/api/edit", &json!({ "article_id": article_id, operation: value }))
    }

    pub fn article(&self, id: &str) -> Value {
        self.get(&format!("/api/article/{id}")).done()
    }

    /// Ends it as Ctrl-C or `kill` would; how it ended, and what it said on the error stream.
    pub fn end(mut self, signal: rustix::process::Signal) -> (Option<i32>, String) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal).unwrap();
        let code = self.child.wait().unwrap().code();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _dead = self.child.kill();
        let _dead = self.child.wait();
    }
}

/// Reads an answer to its end; `None` where the connection was closed without one.
pub fn received(stream: &mut TcpStream) -> Option<Reply> {
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    assert!(!ended.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "no end after {bytes:?}");
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(Reply { status, headers: headers.collect(), body: body.to_owned() })
}

/// A claim as the page sends a new one.
pub fn new_claim(start: u32, end: u32, kind: &str) -> Value {
    json!({ "fragments": [[start, end]], "kind": kind })
}

/// Runs the command to its end, as a user in that folder.
pub fn assay(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    let output = command.args(arguments).current_dir(dir).env_remove("USER").stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A workspace around the dataset, with the builtin rules.
pub fn workspace() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let inside = dataset();
    let place: PathBuf = dir.path().join("datasets/small");
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    let copied = Command::new("cp").arg("-r").arg(inside.path()).arg(&place).status().unwrap();
    assert!(copied.success());
    let settings = "format = 1\nname = \"w\"\n[dataset]\npath = \"datasets/small\"\n[[extractor]]\nid = \"rules\"\nkind = \"builtin\"\n";
    std::fs::write(dir.path().join("assay.toml"), settings).unwrap();
    dir
}
