//! Commands of the WebDriver standard as HTTP requests with JSON bodies.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

/// The longest a command may take; page loads and scripts end sooner by time limits of their own.
const LONGEST: Duration = Duration::from_secs(60);

/// A screenshot of a large page fits.
const LARGEST_ANSWER: u64 = 256 << 20;

/// The connection to a driver on this machine.
pub struct Wire {
    agent: Agent,
    base: String,
}

impl Wire {
    pub fn new(port: u16) -> Wire {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(Some(LONGEST));
        Wire { agent: config.build().into(), base: format!("http://127.0.0.1:{port}") }
    }

    /// Opens a browser with these capabilities.
    pub fn new_session(self, wanted: &Value) -> Result<Session, String> {
        let answer = self.call("session", Some(wanted))?;
        let id = answer["sessionId"].as_str().ok_or_else(|| format!("no session in the answer {answer}"))?;
        let base = format!("{}/session/{id}", self.base);
        Ok(Session(Wire { base, ..self }))
    }

    /// POST where there is a body, else GET; the `value` of the answer.
    fn call(&self, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let url = format!("{}/{path}", self.base);
        let answer = match body {
            Some(body) => self.agent.post(&url).send_json(body),
            None => self.agent.get(&url).call(),
        };
        let mut answer = answer.map_err(|e| format!("{path}: {e}"))?;
        let good = answer.status().is_success();
        let content = answer.body_mut().with_config().limit(LARGEST_ANSWER).read_json::<Value>();
        let value = content.map_err(|e| format!("{path}: {e}"))?["value"].take();
        if good {
            return Ok(value);
        }
        let message = value["message"].as_str().unwrap_or_default().lines().next().unwrap_or_default();
        Err(format!("{path}: {message} (sent {})", body.unwrap_or(&Value::Null)))
    }
}

/// A browser's session; what the driver refuses fails the test.
pub struct Session(Wire);

impl Session {
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        given(self.0.call(path, None))
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        given(self.0.call(path, Some(body)))
    }

    #[track_caller]
    pub fn script(&self, body: &str, arguments: Value) -> Value {
        self.post("execute/sync", &json!({"script": body, "args": arguments}))
    }
}

/// Panics at the line of the test: within a closure it would be a line of this file.
#[track_caller]
fn given(answer: Result<Value, String>) -> Value {
    match answer {
        Ok(value) => value,
        Err(message) => panic!("{message}"),
    }
}
