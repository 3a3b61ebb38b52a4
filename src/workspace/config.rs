//! assay.toml as plain typed data.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::files::check_relative;
use crate::formats::settings::{self, Reader, Section};
use crate::problem::Problems;
use crate::report::safe::quoted;
use crate::score::Criterion;

use super::extractor::{self, ExtractorSettings};
use super::gate::{self, Gate};

/// What assay.toml says, defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Name of the workspace.
    pub name: String,
    /// `[dataset]`
    pub dataset: DatasetSettings,
    /// `[run]`
    pub run: RunSettings,
    /// `[score]`
    pub score: ScoreSettings,
    /// `[[extractor]]`, in the order of the file: the first is the main one.
    pub extractors: Vec<ExtractorSettings>,
    /// Path of a blessed run; `{extractor}` stands for the id.
    pub baseline: String,
    /// `[[gate]]`
    pub gates: Vec<Gate>,
    /// `[profile.NAME]`
    pub profiles: BTreeMap<String, Profile>,
}

/// Which data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetSettings {
    /// Folder of the dataset.
    pub path: String,
    /// Split that `run` takes by default; `all` = every article.
    pub split: String,
}

/// How extractors are run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSettings {
    /// Requests in flight over all extractors, 1 to 1024.
    pub jobs: usize,
    /// For an article and an attempt.
    pub timeout: Duration,
    /// Share of articles that may fail, 0 to 1.
    pub error_budget: f64,
    /// For everything that is drawn.
    pub seed: u64,
}

/// How answers are scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreSettings {
    /// The criterion of fields, slices and the headline; always one of `criteria`.
    pub primary: Criterion,
    /// Scored side by side.
    pub criteria: Vec<Criterion>,
    /// Columns by which the numbers are cut.
    pub slices: Vec<String>,
    /// Bootstrap replicates, 1 to 1,000,000.
    pub resamples: usize,
}

/// A set of options, `--profile NAME`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Formats of reports.
    pub report: Vec<String>,
    /// Whether gates are judged.
    pub gate: bool,
}

/// Formats that a profile can ask for.
const REPORTS: [&str; 7] = ["terminal", "json", "html", "md", "junit", "github", "gitlab"];

impl Config {
    /// Reads the text of an assay.toml; `file` is its name in findings.
    ///
    /// # Errors
    /// All findings, each with its line and column.
    pub fn parse(file: &str, text: &str) -> Result<Config, Problems> {
        let mut problems = Problems::new();
        let config = settings::parse(file, text, &mut problems).map(|tree| {
            let mut top = Section::new("", &tree);
            read(&mut Reader { file, text, problems: &mut problems }, &mut top)
        });
        match config {
            Some(config) if !problems.has_errors() => Ok(config),
            _ => Err(problems),
        }
    }
}

fn read(reader: &mut Reader<'_>, top: &mut Section<'_>) -> Config {
    reader.format(top);
    let name = match reader.checked(top, "name", |n| if n.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(()) }) {
        Some(name) => name,
        None => {
            if !top.has("name") {
                reader.missing(top, "name", "name = \"my-workspace\"");
            }
            String::new()
        }
    };
    let dataset = dataset(reader, top);
    let run = run(reader, top);
    let score = score(reader, top);
    let mut extractors: Vec<ExtractorSettings> = Vec::new();
    for mut section in reader.tables(top, "extractor") {
        let at = section.at;
        if let Some(extractor) = extractor::read(reader, &mut section) {
            if extractors.iter().any(|e| e.id == extractor.id) {
                reader.error(at, format!("duplicate extractor id \"{}\"; every [[extractor]] needs an id of its own", extractor.id));
            } else if let Some(other) = extractors.iter().find(|e| e.id.eq_ignore_ascii_case(&extractor.id)) {
                let clash = format!("extractor ids \"{}\" and \"{}\" differ in case only", other.id, extractor.id);
                reader.error(at, format!("{clash}; where file names have no case, their baselines and reports would be one file"));
            } else {
                extractors.push(extractor);
            }
        }
    }
    let baseline = baseline(reader, top, extractors.len());
    let ids: Vec<&str> = extractors.iter().map(|e| e.id.as_str()).collect();
    let sections = reader.tables(top, "gate");
    let gates = sections.into_iter().filter_map(|mut section| gate::read(reader, &mut section, &ids)).collect();
    let profiles = profiles(reader, top);
    reader.finish(top);
    Config { name, dataset, run, score, extractors, baseline, gates, profiles }
}

fn path(text: &str) -> Result<(), String> {
    check_relative(text).map_err(|error| error.to_string())
}

fn dataset(reader: &mut Reader<'_>, top: &mut Section<'_>) -> DatasetSettings {
    let mut settings = DatasetSettings { path: String::new(), split: "all".to_owned() };
    let Some(mut section) = reader.table(top, "dataset") else {
        if !top.has("dataset") {
            reader.missing(top, "dataset", "[dataset] with path = \"datasets/my-dataset\", the folder of the workspace's dataset");
        }
        return settings;
    };
    match reader.checked(&mut section, "path", path) {
        Some(path) => settings.path = path.trim_end_matches('/').to_owned(),
        None if section.has("path") => {}
        None => reader.missing(&section, "path", "path = \"datasets/my-dataset\""),
    }
    if let Some(split) = reader.string(&mut section, "split").filter(|s| !s.is_empty()) {
        settings.split = split;
    }
    reader.finish(&section);
    settings
}

fn run(reader: &mut Reader<'_>, top: &mut Section<'_>) -> RunSettings {
    let mut settings = RunSettings { jobs: 4, timeout: Duration::from_secs(60), error_budget: 0.05, seed: 20_240_513 };
    let Some(mut section) = reader.table(top, "run") else { return settings };
    if let Some(jobs) = reader.integer(&mut section, "jobs", 1..=1024) {
        settings.jobs = usize::try_from(jobs).unwrap_or(1);
    }
    if let Some(timeout) = reader.duration(&mut section, "timeout") {
        settings.timeout = timeout;
    }
    if let Some(budget) = reader.number(&mut section, "error_budget", 0.0..=1.0) {
        settings.error_budget = budget;
    }
    if let Some(seed) = reader.integer(&mut section, "seed", 0..=i64::MAX as u64) {
        settings.seed = seed;
    }
    reader.finish(&section);
    settings
}

fn score(reader: &mut Reader<'_>, top: &mut Section<'_>) -> ScoreSettings {
    let names = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<String>>();
    let mut settings = ScoreSettings {
        primary: Criterion::Iou(50),
        criteria: Criterion::DEFAULT.to_vec(),
        slices: names(&["lang", "kind"]),
        resamples: 2000,
    };
    let Some(mut section) = reader.table(top, "score") else { return settings };
    let criterion = |name: &str| name.parse::<Criterion>().map_err(|error| error.to_string());
    if let Some(primary) = reader.checked(&mut section, "primary", |name| criterion(name).map(drop)).and_then(|name| criterion(&name).ok())
    {
        settings.primary = primary;
    }
    if let Some(criteria) = reader.strings(&mut section, "criteria") {
        let at = reader.at(&section, "criteria");
        settings.criteria.clear();
        for name in &criteria {
            match criterion(name) {
                Err(unknown) => reader.error(at, format!("`criteria` of [score]: {unknown}")),
                Ok(known) if settings.criteria.contains(&known) => reader.error(at, format!("`criteria` of [score] names {name} twice")),
                Ok(known) => settings.criteria.push(known),
            }
        }
    }
    if !settings.criteria.contains(&settings.primary) {
        settings.criteria.insert(0, settings.primary);
    }
    if let Some(slices) = reader.strings(&mut section, "slices") {
        settings.slices = slices;
    }
    if let Some(resamples) = reader.integer(&mut section, "resamples", 1..=1_000_000) {
        settings.resamples = usize::try_from(resamples).unwrap_or(2000);
    }
    reader.finish(&section);
    settings
}

fn baseline(reader: &mut Reader<'_>, top: &mut Section<'_>, extractors: usize) -> String {
    let default = "baselines/{extractor}.json".to_owned();
    let Some(mut section) = reader.table(top, "baseline") else { return default };
    let found = reader.checked(&mut section, "path", |text| match text.contains("{extractor}") {
        false if extractors > 1 => {
            Err(format!("no {{extractor}} is in it, and {extractors} extractors cannot share a file; write path = \"{default}\""))
        }
        _ => path(text),
    });
    reader.finish(&section);
    found.unwrap_or(default)
}

fn profiles(reader: &mut Reader<'_>, top: &mut Section<'_>) -> BTreeMap<String, Profile> {
    let Some(section) = reader.table(top, "profile") else { return BTreeMap::new() };
    let mut profiles = BTreeMap::new();
    for (name, at, value) in section.entries() {
        let Some(mut inner) = Section::of(format!("[profile.{name}]"), value) else {
            reader.error(at, format!("profile {} must be a table, [profile.{name}]", quoted(name, 40)));
            continue;
        };
        if !extractor::is_safe_name(name) {
            reader.error(at, format!("profile {} has a name that is not of letters, digits, '.', '_' and '-'", quoted(name, 40)));
        }
        let report = reader.strings(&mut inner, "report").unwrap_or_default();
        for format in report.iter().filter(|f| !REPORTS.contains(&f.as_str())) {
            let at = reader.at(&inner, "report");
            reader.error(at, format!("{} is no report; one of {}", quoted(format, 40), REPORTS.join(", ")));
        }
        let gate = reader.boolean(&mut inner, "gate").unwrap_or(false);
        reader.finish(&inner);
        profiles.insert(name.to_owned(), Profile { report, gate });
    }
    profiles
}
