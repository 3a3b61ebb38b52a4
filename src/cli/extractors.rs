//! From what assay.toml says of an extractor to a running one, and to what makes it the same one.

mod openai;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::dataset::{ArticleRecord, Dataset};
use crate::extract::command::CommandExtractor;
use crate::extract::predictions::{Extra, Predictions, PredictionsSettings};
use crate::extract::process::ProcessExtractor;
use crate::extract::program::{ProgramSettings, Programs};
use crate::extract::{Extractor, Finished, builtin};
use crate::files;
use crate::workspace::{ExtractorKind, ExtractorSettings, Program, Workspace};

use super::exit::Failure;

/// How far an extractor may reach in this command.
pub(super) struct Reach<'a> {
    /// Articles in flight, where the user said how many.
    pub jobs: Option<u16>,
    /// For an article.
    pub timeout: Duration,
    /// What ends the programs that are started.
    pub programs: Programs,
    /// Ids of all articles of the dataset: a file of answers may have them where only a part is asked.
    pub known: BTreeSet<String>,
    /// What prompts take their words and examples from.
    pub dataset: &'a Dataset,
    /// The articles that are asked about.
    pub asked: &'a [&'a ArticleRecord],
}

/// Makes the extractor ready; programs start when articles come.
pub(super) fn open(workspace: &Workspace, settings: &ExtractorSettings, reach: &Reach<'_>) -> Result<Box<dyn Extractor>, Failure> {
    let named = |error: &dyn std::fmt::Display| Failure::invalid(anyhow!("extractor {}: {error}", settings.id));
    match &settings.kind {
        ExtractorKind::Builtin => builtin::open(&settings.id).map_err(|error| named(&error)),
        ExtractorKind::Process(program) => {
            let workers = reach.jobs.map_or(usize::MAX, usize::from).min(program.workers.unwrap_or(1));
            Ok(Box::new(ProcessExtractor::new(program_settings(workspace, program, reach, workers))))
        }
        ExtractorKind::Command(program) => {
            let jobs = reach.jobs.map_or(workspace.config.run.jobs, usize::from);
            let workers = jobs.min(program.workers.unwrap_or(usize::MAX));
            let command = CommandExtractor::new(program_settings(workspace, program, reach, workers));
            Ok(Box::new(command.map_err(|error| named(&format!("`command` {error}")))?))
        }
        ExtractorKind::Predictions { path, .. } => {
            let path = workspace.inside(path).map_err(|error| named(&format!("path {path:?}: {error}")))?;
            Ok(Box::new(Predictions::new(PredictionsSettings { path, extra: Extra::Error }).with_known(reach.known.clone())))
        }
        ExtractorKind::OpenAi(model) => Ok(Box::new(openai::open(workspace, settings, model, reach)?)),
    }
}

fn program_settings(workspace: &Workspace, program: &Program, reach: &Reach, workers: usize) -> ProgramSettings {
    ProgramSettings {
        env: program.env.clone(),
        pass_env: program.pass_env.clone(),
        workers,
        startup_timeout: program.startup_timeout,
        article_timeout: reach.timeout,
        programs: reach.programs.clone(),
        ..ProgramSettings::new(program.command.clone(), workspace.root.clone())
    }
}

/// The version that is shown: assay.toml's, else what the extractor says of itself.
pub(super) fn version(settings: &ExtractorSettings, finished: &Finished) -> String {
    let own = || match settings.kind {
        ExtractorKind::Builtin => builtin::version(&settings.id).map(str::to_owned),
        _ => finished.version.clone(),
    };
    settings.version.clone().or_else(own).unwrap_or_default()
}

/// What tells a program from its other versions, as far as Assay can know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identified {
    /// By `version`, `inputs`, or all that is asked.
    Declared,
    /// By the files among its command's words alone: others that it reads are not known.
    ByCommand,
    /// By nothing.
    No,
}

/// What identifies an extractor. Of a command, the program itself counts when it is part of the workspace, and every other word that is
/// a file.
pub(super) fn identified(workspace: &Workspace, settings: &ExtractorSettings) -> Identified {
    let (ExtractorKind::Process(program) | ExtractorKind::Command(program)) = &settings.kind else { return Identified::Declared };
    if settings.version.is_some() || !program.inputs.is_empty() {
        return Identified::Declared;
    }
    let is_file = |word: &String| !of_file(&workspace.root.join(Path::new(word))).is_empty();
    let mut words = program.command.iter();
    let is_own = words.next().is_some_and(|program| is_file(program) && workspace.inside(program).is_ok());
    if is_own || words.any(is_file) { Identified::ByCommand } else { Identified::No }
}

/// What is stored with a run beside name and version. Values of environment variables are left out.
pub(super) fn description(settings: &ExtractorSettings) -> Value {
    let mut description = json!({ "kind": settings.kind.name() });
    match &settings.kind {
        ExtractorKind::Process(program) | ExtractorKind::Command(program) => {
            description["command"] = json!(program.command);
            description["env"] = json!(program.env.keys().collect::<Vec<_>>());
            description["pass_env"] = json!(program.pass_env);
        }
        ExtractorKind::Predictions { path, .. } => description["path"] = json!(path),
        ExtractorKind::OpenAi(model) => openai::describe(model, &mut description),
        ExtractorKind::Builtin => {}
    }
    description
}

/// SHA-256 over what makes two runs of an extractor the same: kind, configured version, and of programs the command, the bytes of
/// `inputs` and of every argument that is a file, and the environment; of predictions the file; of a model the endpoint, the request and
/// the prompt. Time limits and workers are not part of it.
///
/// # Errors
/// When a file of `inputs` cannot be read.
pub(super) fn fingerprint(workspace: &Workspace, settings: &ExtractorSettings) -> Result<String, Failure> {
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(settings.kind.name().as_bytes());
    part(settings.version.as_deref().unwrap_or_default().as_bytes());
    match &settings.kind {
        ExtractorKind::Builtin => {
            part(settings.id.as_bytes());
            part(builtin::version(&settings.id).unwrap_or_default().as_bytes());
            part(env!("CARGO_PKG_VERSION").as_bytes());
        }
        ExtractorKind::Process(program) | ExtractorKind::Command(program) => program_parts(workspace, settings, program, &mut part)?,
        ExtractorKind::Predictions { path, .. } => {
            part(path.as_bytes());
            part(&input(workspace, settings, path)?);
        }
        ExtractorKind::OpenAi(model) => {
            openai::parts(model, settings, &input(workspace, settings, &model.prompt)?, &mut part);
        }
    }
    Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

fn program_parts(
    workspace: &Workspace,
    settings: &ExtractorSettings,
    program: &Program,
    part: &mut dyn FnMut(&[u8]),
) -> Result<(), Failure> {
    // Each list with its length: a word of one must not pass for a word of the next.
    part(&program.command.len().to_le_bytes());
    for argument in &program.command {
        part(argument.as_bytes());
        part(&of_file(&workspace.root.join(Path::new(argument))));
    }
    part(&program.inputs.len().to_le_bytes());
    for name in &program.inputs {
        part(name.as_bytes());
        part(&input(workspace, settings, name)?);
    }
    part(&program.env.len().to_le_bytes());
    for (name, value) in &program.env {
        part(name.as_bytes());
        part(value.as_bytes());
    }
    part(&program.pass_env.len().to_le_bytes());
    for name in &program.pass_env {
        part(name.as_bytes());
        let value = std::env::var_os(name);
        part(&[u8::from(value.is_some())]);
        part(value.unwrap_or_default().as_encoded_bytes());
    }
    Ok(())
}

/// What is known of a word of a command: the bytes of a file; of a very large one its size and when it was changed. Nothing where it is none.
fn of_file(path: &Path) -> Vec<u8> {
    match files::read(path, files::MAX_TEXT) {
        Ok(bytes) => bytes,
        Err(files::FileError::TooLarge(_)) => {
            let meta = path.metadata().ok();
            format!("{:?} {:?}", meta.as_ref().map(std::fs::Metadata::len), meta.and_then(|meta| meta.modified().ok())).into_bytes()
        }
        Err(_) => Vec::new(),
    }
}

fn input(workspace: &Workspace, settings: &ExtractorSettings, name: &str) -> Result<Vec<u8>, Failure> {
    let path = workspace.inside(name).and_then(|path| files::read(&path, files::MAX_TABLE));
    path.map_err(|error| Failure::invalid(anyhow!("extractor {}: {name:?}: {error}", settings.id)))
}
