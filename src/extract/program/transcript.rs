//! What goes over the pipes of programs, written down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::secrets::Secrets;
use super::settings::ProgramSettings;
use crate::extract::exchange::{Exchange, ExchangePart};
use crate::extract::sink::Sink;
use crate::extract::{Answer, ExtractError, Finished};

/// Bytes of each stream that are kept.
const MOST: usize = 4 << 20;

/// A handle on what is written down; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Transcript(Arc<Mutex<Streams>>);

#[derive(Debug, Default)]
struct Streams {
    commands: Vec<String>,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Transcript {
    pub(super) fn started(&self, command: String) {
        self.lock().commands.push(command);
    }

    pub(super) fn sent(&self, bytes: &[u8]) {
        keep(&mut self.lock().input, bytes);
    }

    pub(super) fn received(&self, bytes: &[u8]) {
        keep(&mut self.lock().output, bytes);
    }

    fn parts(&self, finished: &Finished) -> Vec<ExchangePart> {
        let streams = self.lock();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut parts = vec![
            ExchangePart::new("started", streams.commands.join("\n")),
            ExchangePart::new("sent to its standard input", text(&streams.input)),
            ExchangePart::new("its standard output", text(&streams.output)),
        ];
        if !finished.stderr_tail.is_empty() {
            parts.push(ExchangePart::new("the end of its standard error", finished.stderr_tail.clone()));
        }
        parts
    }

    fn lock(&self) -> MutexGuard<'_, Streams> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep(stream: &mut Vec<u8>, bytes: &[u8]) {
    let room = MOST.saturating_sub(stream.len());
    stream.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

/// Asks about one article with all that goes over the pipes written down. `extract` runs an extractor with the settings that it is given.
///
/// # Errors
/// Those of `extract`.
pub(in crate::extract) fn probed(
    settings: &ProgramSettings,
    extract: impl FnOnce(ProgramSettings, &dyn Sink) -> Result<Finished, ExtractError>,
) -> Result<Exchange, ExtractError> {
    let transcript = Transcript::default();
    let answers = Mutex::new(Vec::<Answer>::new());
    let probing = ProgramSettings { workers: 1, transcript: Some(transcript.clone()), ..settings.clone() };
    let finished = extract(probing, &answers)?;
    let answer = answers.into_inner().unwrap_or_else(PoisonError::into_inner).pop();
    let secrets = Secrets::of(settings);
    let mut parts = transcript.parts(&finished);
    parts.iter_mut().for_each(|part| part.text = secrets.without(&part.text).into_owned());
    Ok(Exchange { parts, answer, finished })
}
