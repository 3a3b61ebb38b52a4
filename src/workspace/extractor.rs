//! `[[extractor]]`: which programs answer.

use std::collections::BTreeMap;
use std::time::Duration;

use toml::de::DeValue;

use crate::extract::Numbers;
use crate::extract::command::check_placeholders;
use crate::files::check_relative;
use crate::formats::settings::{Reader, Section};
use crate::report::safe::quoted;

use super::openai::{self, OpenAi};

/// One extractor.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtractorSettings {
    /// Unique in the workspace, `[A-Za-z0-9._-]{1,64}`.
    pub id: String,
    /// Version, unless the extractor itself says it.
    pub version: Option<String>,
    /// How its decimals are written.
    pub numbers: Numbers,
    /// Whether it runs without being named.
    pub enabled: bool,
    /// What it is.
    pub kind: ExtractorKind,
}

/// How an extractor is reached.
#[derive(Clone, Debug, PartialEq)]
pub enum ExtractorKind {
    /// Part of Assay; its id names which.
    Builtin,
    /// A long-lived program that reads and writes a line an article.
    Process(Program),
    /// A program that is started for each article.
    Command(Program),
    /// A model behind an HTTP endpoint.
    OpenAi(OpenAi),
    /// A file of answers made elsewhere.
    Predictions {
        /// Relative to the workspace.
        path: String,
        /// How far its tracking ids reach.
        tracking: Tracking,
    },
}

impl ExtractorKind {
    const NAMES: [&'static str; 5] = ["builtin", "process", "command", "openai", "predictions"];

    /// The name as in assay.toml.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Process(_) => "process",
            Self::Command(_) => "command",
            Self::OpenAi(_) => "openai",
            Self::Predictions { .. } => "predictions",
        }
    }
}

/// A program and its surroundings. It is started without a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Program and arguments; not empty.
    pub command: Vec<String>,
    /// Files whose bytes are part of its identity, relative to the workspace.
    pub inputs: Vec<String>,
    /// How many run at the same time, 1 to 1024, where the file says it.
    pub workers: Option<usize>,
    /// Until it is ready.
    pub startup_timeout: Duration,
    /// Variables that are set for it.
    pub env: BTreeMap<String, String>,
    /// Variables that it inherits beside PATH, HOME, LANG and TMPDIR.
    pub pass_env: Vec<String>,
}

/// How far tracking ids of answers reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tracking {
    /// Within their article.
    #[default]
    Article,
    /// Over the articles of the file.
    Corpus,
}

/// `[A-Za-z0-9._-]{1,64}`, and neither `.` nor `..`: safe in file names, URLs and commands.
pub(super) fn is_safe_name(name: &str) -> bool {
    name.len() <= 64 && crate::dataset::is_safe_id(name)
}

pub(super) fn read(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<ExtractorSettings> {
    let id = reader.checked(section, "id", |id| {
        if is_safe_name(id) { Ok(()) } else { Err(format!("{} is no id; use 1 to 64 letters, digits, '.', '_' and '-'", quoted(id, 64))) }
    });
    match &id {
        Some(id) => section.name = format!("extractor {id}"),
        None if !section.has("id") => reader.missing(section, "id", "id = \"my-extractor\""),
        None => {}
    }
    if section.has("api_key") {
        let at = reader.at(section, "api_key");
        section.get("api_key");
        reader.error(at, "`api_key` holds a key in the file; name the environment variable that holds it: api_key_env = \"MY_KEY\"");
    }
    let version = reader.string(section, "version");
    let numbers = reader.choice(section, "numbers", &["canonical", "local"]);
    let enabled = reader.boolean(section, "enabled").unwrap_or(true);
    let chosen = reader.choice(section, "kind", &ExtractorKind::NAMES);
    if chosen.is_none() {
        if !section.has("kind") {
            reader.missing(section, "kind", &format!("kind = \"process\" (one of {})", ExtractorKind::NAMES.join(", ")));
        }
        return None;
    }
    let kind = match chosen {
        Some(0) => Some(ExtractorKind::Builtin),
        Some(1) => program(reader, section).map(ExtractorKind::Process),
        Some(2) => command(reader, section).map(ExtractorKind::Command),
        Some(3) => openai::read(reader, section).map(ExtractorKind::OpenAi),
        _ => predictions(reader, section),
    };
    reader.finish(section);
    let numbers = if numbers == Some(1) { Numbers::Local } else { Numbers::Canonical };
    Some(ExtractorSettings { id: id?, version, numbers, enabled, kind: kind? })
}

pub(super) fn path(text: &str) -> Result<(), String> {
    check_relative(text).map_err(|error| error.to_string())
}

fn predictions(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<ExtractorKind> {
    let found = reader.checked(section, "path", path);
    if found.is_none() && !section.has("path") {
        reader.missing(section, "path", "path = \"predictions/my-file.jsonl\"");
    }
    let tracking = match reader.choice(section, "tracking", &["article", "corpus"]) {
        Some(1) => Tracking::Corpus,
        _ => Tracking::Article,
    };
    Some(ExtractorKind::Predictions { path: found?, tracking })
}

fn program(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<Program> {
    let example = "command = [\"python3\", \"my_extractor.py\"]";
    let is_string = matches!(section.get("command").map(|v| v.get_ref()), Some(DeValue::String(_)));
    let command = if is_string {
        let at = reader.at(section, "command");
        reader.error(at, format!("`command` of {} is a string; it is started without a shell, so write a list: {example}", section.name));
        None
    } else {
        reader.strings(section, "command")
    };
    if !section.has("command") {
        reader.missing(section, "command", example);
    }
    let at = reader.at(section, "command");
    let command = command.filter(|argv| {
        let wrong = if argv.first().is_none_or(|program| program.trim().is_empty()) {
            "is empty"
        } else if argv.iter().any(|arg| arg.contains('\0')) {
            "holds a NUL character"
        } else {
            return true;
        };
        reader.error(at, format!("`command` of {} {wrong}; write a program and its arguments: {example}", section.name));
        false
    });
    let inputs = reader.strings(section, "inputs").unwrap_or_default();
    for input in &inputs {
        if let Err(message) = path(input) {
            let at = reader.at(section, "inputs");
            reader.error(at, format!("`inputs` of {} names {}: {message}", section.name, quoted(input, 60)));
        }
    }
    let workers = reader.integer(section, "workers", 1..=1024).and_then(|workers| usize::try_from(workers).ok());
    let startup_timeout = reader.duration(section, "startup_timeout").unwrap_or(Duration::from_secs(30));
    let env = reader.string_map(section, "env").unwrap_or_default();
    let at = reader.at(section, "env");
    for (name, value) in &env {
        if !is_variable(name) || value.contains('\0') {
            reader.error(at, format!("`env` of {}: {} is no environment variable", section.name, quoted(name, 40)));
        }
    }
    let pass_env = reader.strings(section, "pass_env").unwrap_or_default();
    let at = reader.at(section, "pass_env");
    for name in pass_env.iter().filter(|n| !is_variable(n)) {
        reader.error(at, format!("`pass_env` of {}: {} is no name of an environment variable", section.name, quoted(name, 40)));
    }
    Some(Program { command: command?, inputs, workers, startup_timeout, env, pass_env })
}

/// A program that is started for each article.
fn command(reader: &mut Reader<'_>, section: &mut Section<'_>) -> Option<Program> {
    if section.has("startup_timeout") {
        let at = reader.at(section, "startup_timeout");
        reader.error(
            at,
            format!("`startup_timeout` of {}: a command is started for each article, and `timeout` of [run] holds that", section.name),
        );
    }
    let at = reader.at(section, "command");
    let program = program(reader, section)?;
    if let Err(message) = check_placeholders(&program.command) {
        reader.error(at, format!("`command` of {} {message}", section.name));
    }
    Some(program)
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && !name.contains(['=', '\0']) && !name.chars().any(char::is_control)
}
