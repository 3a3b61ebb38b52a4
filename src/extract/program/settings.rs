//! What is known about a program before it runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::programs::Programs;
use super::transcript::Transcript;

/// How a program is run and how long it may take.
#[derive(Clone, Debug)]
pub struct ProgramSettings {
    /// The program and its arguments, as they are: no shell reads them.
    pub command: Vec<String>,
    /// Folder that the program runs in, and that a program path with a `/` is relative to.
    pub folder: PathBuf,
    /// Variables that are set for it.
    pub env: BTreeMap<String, String>,
    /// Names of variables that it inherits besides `PATH`, `HOME`, `LANG` and `TMPDIR`.
    pub pass_env: Vec<String>,
    /// Programs at a time, at least 1.
    pub workers: usize,
    /// From the start to the ready line. Without one, the first answer has this much longer.
    pub startup_timeout: Duration,
    /// For one article, from the later of sending it and the worker's previous answer.
    pub article_timeout: Duration,
    /// Between the end of input and SIGTERM, and between SIGTERM and SIGKILL.
    pub grace: Duration,
    /// Those of the same command; what ends them all.
    pub programs: Programs,
    /// Where all that goes over the pipes is written down.
    pub transcript: Option<Transcript>,
}

impl ProgramSettings {
    /// A command with the defaults: one worker, 30 s to start, 60 s an article, 5 s grace.
    pub fn new(command: Vec<String>, folder: PathBuf) -> Self {
        ProgramSettings {
            command,
            folder,
            env: BTreeMap::new(),
            pass_env: Vec::new(),
            workers: 1,
            startup_timeout: Duration::from_secs(30),
            article_timeout: Duration::from_secs(60),
            grace: Duration::from_secs(5),
            programs: Programs::default(),
            transcript: None,
        }
    }

    /// The command as one line, for messages.
    pub fn command_line(&self) -> String {
        in_one_line(&self.command)
    }
}

/// Words as one line; those with more than plain characters in quotation marks.
pub(super) fn in_one_line(words: &[String]) -> String {
    let plain = |word: &String| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./=:+,@%".contains(c));
    let words: Vec<_> = words.iter().map(|word| if plain(word) { word.clone() } else { format!("{word:?}") }).collect();
    words.join(" ")
}
