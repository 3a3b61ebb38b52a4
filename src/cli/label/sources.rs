//! Who suggests claims.

use std::collections::BTreeMap;

use anyhow::anyhow;

use crate::claim::nearest;
use crate::dataset::Dataset;
use crate::label::{Mode, Source};
use crate::report::safe::{quoted, shown};
use crate::runs::{Store, StoredRun};
use crate::workspace::{FILE_NAME, Workspace};

use super::super::exit::Failure;
use super::super::target::Target;
use super::super::terminal::Terminal;
use super::Args;

/// The sources that the arguments name, or the default ones. Nobody in a blind pass.
pub(super) fn find(
    args: &Args,
    mode: Mode,
    target: &Target,
    dataset: &Dataset,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<Source>, Failure> {
    let store = Store::open(&target.root);
    let sources = match mode {
        Mode::Blind => Vec::new(),
        Mode::Adjudicate => annotators(args, target, dataset, terminal)?,
        Mode::Gold if args.from.is_empty() => latest(target, &store, dataset, terminal)?,
        Mode::Gold => {
            let runs = args.from.iter().map(|reference| store.find(reference).map_err(Failure::invalid));
            runs.map(|run| Ok(Source::of_run(&run?)?)).collect::<Result<_, Failure>>()?
        }
    };
    Ok(told_apart(sources))
}

/// The rows of the annotators whose labels are compared.
fn annotators(args: &Args, target: &Target, dataset: &Dataset, terminal: &mut Terminal<'_>) -> Result<Vec<Source>, Failure> {
    let known = dataset.annotators(&target.root).map_err(Failure::invalid)?;
    let mut sources = Vec::new();
    for name in &args.adjudicate {
        if !known.contains(name) {
            let near = nearest(name, known.iter().map(String::as_str)).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Failure::invalid(anyhow!("no annotator {}{near} There are: {there}", quoted(name, 60))));
        }
        let annotations = dataset.annotations(&target.root, name).map_err(Failure::invalid)?;
        if annotations.drafts > 0 {
            writeln!(terminal.err, "{}: {} drafts left out: not confirmed yet", shown(name), annotations.drafts)?;
        }
        sources.push(Source::of_annotator(annotations));
    }
    Ok(sources)
}

/// The latest run over this dataset of each enabled extractor; where there is none, the rules.
fn latest(target: &Target, store: &Store, dataset: &Dataset, terminal: &mut Terminal<'_>) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    if target.root.join(FILE_NAME).exists() {
        let config = Workspace::load(&target.root).map_err(Failure::invalid)?.config;
        let heads: Vec<_> = store.entries().map_err(Failure::invalid)?.into_iter().filter_map(|entry| entry.head.ok()).collect();
        for extractor in config.extractors.iter().filter(|extractor| extractor.enabled) {
            let is_of =
                |headline: &crate::runs::Headline| headline.extractor.name == extractor.id && headline.dataset.name == dataset.meta.name;
            let Some(head) = heads.iter().rev().find(|head| is_of(&head.headline)) else { continue };
            let source = store.find(&head.id).map_err(anyhow::Error::from).and_then(|run: StoredRun| Ok(Source::of_run(&run)?));
            match source {
                Ok(source) => sources.push(source),
                // It was not asked for by name: labelling goes on without it.
                Err(error) => writeln!(terminal.err, "{}: not suggested: {}", shown(&head.id), shown(&error.to_string()))?,
            }
        }
    }
    if sources.is_empty() {
        sources.push(Source::of_rules());
    }
    Ok(sources)
}

/// Two runs of one extractor are called by their runs.
fn told_apart(sources: Vec<Source>) -> Vec<Source> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    sources.iter().for_each(|source| *times.entry(source.by().to_owned()).or_default() += 1);
    let is_shared = |source: &Source| times.get(source.by()).is_some_and(|times| *times > 1);
    sources.into_iter().map(|source| if is_shared(&source) { source.told_apart() } else { source }).collect()
}
