//! `assay schema`: JSON Schemas of the files that people and other programs write and read.

use clap::{Args as ClapArgs, ValueEnum};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::runs::Repeats;
use crate::score::RunResult;

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// Print the JSON Schema (draft 2020-12) of a file.
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// Which file
    #[arg(value_enum)]
    pub file: File,
}

/// The files that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum File {
    /// assay.toml
    Config,
    /// dataset.toml
    Dataset,
    /// A line of gold or predictions in JSONL
    Jsonl,
    /// What `score --json` and `run --json` print
    Results,
}

/// Runs the command.
///
/// # Errors
/// When the output is closed.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let schema = match args.file {
        File::Config => serde_json::from_str(include_str!("schema/config.json"))?,
        File::Dataset => serde_json::from_str(include_str!("schema/dataset.json"))?,
        File::Jsonl => serde_json::from_str(include_str!("schema/jsonl.json"))?,
        File::Results => results(),
    };
    terminal.json(&schema)?;
    Ok(Exit::Done)
}

/// One result, or all of a `run`.
fn results() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let result = generator.subschema_for::<RunResult>();
    let repeats = generator.subschema_for::<Repeats>();
    let definitions = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Result of assay score (one) or assay run (one a run)",
        "anyOf": [
            result,
            {
                "type": "object",
                "required": ["runs"],
                "properties": { "runs": { "type": "array", "items": result }, "repeats": { "type": "array", "items": repeats } },
                "additionalProperties": false
            }
        ],
        "$defs": definitions
    })
}
