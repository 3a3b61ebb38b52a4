//! `assay agree [ANNOTATOR…]`: how far annotators agree, with each other and with the gold.

use std::path::Path;

use anyhow::anyhow;
use clap::{Args as ClapArgs, ValueEnum};

use crate::claim::nearest;
use crate::dataset::{Annotations, ArticleRecord, Dataset, GOLD, Selection};
use crate::report::agreement::{self, Cut};
use crate::report::safe::{quoted, shown};
use crate::report::terminal::count;
use crate::score::Criterion;
use crate::stats::IntervalSettings;
use crate::stats::agreement::{Agreement, Labelled, Named, Pairer, agreement, joint_alphas};
use crate::workspace::Workspace;

use super::exit::{Exit, Failure};
use super::target;
use super::terminal::Terminal;

/// Compare annotators: how far they agree on claims, kinds and fields, with each other and with the gold.
///
/// An annotator is a file `annotations/<annotator>.csv` of the dataset, in the columns of claims.csv. Two are compared over the
/// articles that both labelled. A row with an article_id and no claim says that the article was read and has none.
#[derive(ClapArgs, Debug, Default)]
pub struct Args {
    /// Annotators to compare, beside the gold [default: all of them]
    #[arg(value_name = "ANNOTATOR")]
    pub annotators: Vec<String>,
    /// Cut the numbers instead of listing what differs
    #[arg(long, value_enum, value_delimiter = ',', value_name = "CUT,…")]
    pub by: Vec<CutArg>,
    /// Only articles of that split
    #[arg(long, value_name = "NAME", default_value = "all")]
    pub split: String,
    /// Only articles with that value of a column; repeat for more
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub conditions: Vec<String>,
    /// Disagreements listed of each two; 0 for all [default: 10, and all with --json]
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,
    /// Bootstrap replicates of the intervals [default: that of assay.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub resamples: Option<u32>,
    /// Of everything that is drawn [default: that of assay.toml]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Print JSON, with all cuts
    #[arg(long)]
    pub json: bool,
}

/// What to cut numbers by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CutArg {
    /// The languages of the articles
    Lang,
    /// The kinds of the claims
    Kind,
    /// Kind and fields as labels
    Field,
    /// The articles
    Article,
}

impl From<CutArg> for Cut {
    fn from(cut: CutArg) -> Cut {
        match cut {
            CutArg::Lang => Cut::Lang,
            CutArg::Kind => Cut::Kind,
            CutArg::Field => Cut::Field,
            CutArg::Article => Cut::Article,
        }
    }
}

/// Disagreements listed of each two, where nobody says how many.
const LISTED: usize = 10;

/// Runs the command.
///
/// # Errors
/// When the dataset or an annotator's file is not valid or not there (exit 3). Where no two have an article in common, nothing is
/// compared (exit 4).
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let target = target::find(None).map_err(Failure::invalid)?;
    let (criteria, primary, intervals) = settings(args, &target.root)?;
    let dataset = Dataset::load_inside(&target.root, &target.dir).map_err(Failure::invalid)?;
    let selection = Selection::new(&args.split, &args.conditions).map_err(Failure::usage)?;
    let articles = dataset.select(&selection).map_err(Failure::invalid)?;
    let annotators = annotators(args, &dataset, &target.root, terminal)?;
    let all_claims = annotators.iter().flat_map(|a| a.claims.iter().map(|c| &c.claim));
    let mut pairer = Pairer::new(&dataset.schema, &criteria, primary, all_claims);
    let mut out = Agreement {
        dataset: Named { name: dataset.meta.name.clone(), version: dataset.meta.version.clone() },
        selection: selection_name(&selection),
        primary: pairer.primary().to_string(),
        annotators: annotators.iter().map(|a| labelled(a, &articles)).collect(),
        ..Agreement::default()
    };
    for (number, first) in annotators.iter().enumerate() {
        for second in &annotators[number + 1..] {
            out.pairs.push(agreement(&dataset.schema, &articles, [first, second], &mut pairer, intervals));
        }
    }
    let people: Vec<&Annotations> = annotators.iter().filter(|a| a.annotator != GOLD).collect();
    out.joint = joint_alphas(&dataset.schema, &articles, &people, &mut pairer);
    if args.json {
        let most = args.limit.filter(|limit| *limit > 0).unwrap_or(usize::MAX);
        out.pairs.iter_mut().for_each(|pair| pair.disagreements.truncate(most));
        terminal.json(&out)?;
    } else {
        let text = |id: &str| dataset.article(id).map(|a| &*a.article.text);
        let cuts: Vec<Cut> = args.by.iter().copied().map(Cut::from).collect();
        let list = agreement::List { limit: args.limit.unwrap_or(LISTED), text: &text, colour: terminal.colour };
        write!(terminal.out, "{}", agreement::screen(&out, &cuts, list))?;
    }
    if out.pairs.iter().any(|pair| pair.numbers.articles > 0) {
        return Ok(Exit::Done);
    }
    writeln!(terminal.err, "nothing to compare: no article was labelled by two")?;
    Ok(Exit::NothingEvaluated)
}

/// Criteria, the primary one, and how intervals are computed: those of assay.toml, or the defaults where there is none.
fn settings(args: &Args, root: &Path) -> Result<(Vec<Criterion>, Criterion, IntervalSettings), Failure> {
    let default = IntervalSettings::default();
    let (criteria, primary, resamples, seed) = if root.join(crate::workspace::FILE_NAME).exists() {
        let config = Workspace::load(root).map_err(Failure::invalid)?.config;
        (config.score.criteria, config.score.primary, config.score.resamples as u32, config.run.seed)
    } else {
        (Criterion::DEFAULT.to_vec(), Criterion::Iou(50), default.resamples, default.seed)
    };
    Ok((criteria, primary, IntervalSettings { resamples: args.resamples.unwrap_or(resamples), seed: args.seed.unwrap_or(seed) }))
}

/// The gold, then the annotators that are meant, by name.
fn annotators(args: &Args, dataset: &Dataset, root: &Path, terminal: &mut Terminal<'_>) -> Result<Vec<Annotations>, Failure> {
    let known = dataset.annotators(root).map_err(Failure::invalid)?;
    if known.is_empty() {
        let folder = crate::files::shown_path(&dataset.dir.join("annotations"));
        let error = anyhow!("nothing to compare: no annotator has a file; annotators are {folder}/<annotator>.csv");
        return Err(Failure { exit: Exit::NothingEvaluated, error });
    }
    let mut names: Vec<&str> = Vec::new();
    for name in args.annotators.iter().filter(|name| *name != GOLD) {
        if !known.contains(name) {
            let near = nearest(name, known.iter().map(String::as_str)).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            return Err(Failure::invalid(anyhow!("no annotator {}{near} There are: {}", quoted(name, 60), known.join(", "))));
        }
        names.push(name);
    }
    if names.is_empty() {
        names = known.iter().map(String::as_str).collect();
    }
    names.sort_unstable();
    names.dedup();
    let mut out = vec![dataset.gold_annotations()];
    let mut problems = crate::problem::Problems::new();
    for name in names {
        match dataset.annotations(root, name) {
            Ok(annotations) => out.push(annotations),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    for annotations in &out {
        for problem in annotations.warnings.iter() {
            writeln!(terminal.err, "{problem}")?;
        }
        if annotations.drafts > 0 {
            let drafts = count(annotations.drafts, "draft");
            writeln!(terminal.err, "{}: {drafts} left out: not confirmed yet", shown(&annotations.annotator))?;
        }
    }
    Ok(out)
}

fn selection_name(selection: &Selection) -> String {
    let words = selection.words();
    if words.is_empty() { "all".to_owned() } else { words.join(",") }
}

fn labelled(annotations: &Annotations, articles: &[&ArticleRecord]) -> Labelled {
    let ids = articles.iter().map(|a| a.article.id.as_str()).filter(|id| annotations.labelled.contains(*id));
    let mut out = Labelled { name: annotations.annotator.clone(), drafts: annotations.drafts, ..Labelled::default() };
    for id in ids {
        let claims = annotations.claims_of(id).len() as u64;
        out.articles += 1;
        out.claims += claims;
        out.empty_articles += u64::from(claims == 0);
    }
    out
}
