//! A workspace with a stored run and its baseline, and the program in it: what commands about runs make of damage and malice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::{CONFIG, base, text};

/// Gates that need a baseline, behind the floor of the base.
pub const DROPS: &str = "\n[[gate]]\nmetric = \"criteria.iou50.recall\"\nmax_drop = 0.1\n\n[[gate]]\nmetric = \"newly_missed\"\nmax = 0\n";

/// How the program ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Both streams.
    pub fn said(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

pub struct Workspace(tempfile::TempDir);

impl Workspace {
    /// Not run yet; every gold claim is answered.
    pub fn new(gates: &str) -> Workspace {
        let workspace = Workspace(tempfile::tempdir().unwrap());
        // A folder deeper, so that what leaves the workspace is still in a folder of the test.
        fs::create_dir(workspace.path()).unwrap();
        base(&workspace.path());
        workspace.write("assay.toml", format!("{CONFIG}{gates}"));
        let claim = |article: &str, quote: &str, value: &str| {
            let start = text(article)[..text(article).find(quote).unwrap()].chars().count();
            json!({"start": start, "end": start + quote.chars().count(), "quote": quote, "kind": "quantity", "fields": {"value": value}})
        };
        let answers = [
            json!({"id": "a1", "claims": [claim("a1", "more than 37,000 Chinese nationals", "37000")]}),
            json!({"id": "a2", "claims": [claim("a2", "lebih dari 37.000 warga negara Tiongkok", "37000")]}),
            json!({"id": "a3", "claims": [claim("a3", "at least 12 people died", "12")]}),
            json!({"id": "a4", "claims": []}),
        ];
        workspace.write("predictions.jsonl", answers.map(|answer| format!("{answer}\n")).concat());
        workspace
    }

    /// Run, and blessed.
    pub fn blessed(gates: &str) -> Workspace {
        let workspace = Workspace::new(gates);
        for arguments in ["run", "baseline set"] {
            let ended = workspace.assay(arguments);
            assert_eq!(ended.code, 0, "{arguments}: {}", ended.said());
        }
        workspace
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("w")
    }

    /// Beside the workspace.
    pub fn outside(&self) -> &Path {
        self.0.path()
    }

    pub fn assay(&self, arguments: &str) -> Ended {
        self.assay_with(&arguments.split(' ').collect::<Vec<_>>(), &[])
    }

    pub fn assay_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.args(arguments).current_dir(self.path()).envs(environment.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ended = Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
        assert!(ended.code >= 0 && !ended.err.contains("panicked"), "{arguments:?}: {}", ended.said());
        ended
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(file), text).unwrap();
    }

    /// The file of the only stored run.
    pub fn of_run(&self, file: &str) -> String {
        let runs = fs::read_dir(self.path().join(".assay/runs")).unwrap().map(|entry| entry.unwrap().file_name());
        let id = runs.map(|name| name.into_string().unwrap()).find(|name| !name.starts_with('.')).unwrap();
        format!(".assay/runs/{id}/{file}")
    }
}
