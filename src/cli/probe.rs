//! `assay probe`: one article, and all that goes over on its way.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::claim::{Article, Claim, FieldName, FieldState, nearest};
use crate::dataset::Dataset;
use crate::extract::program::Programs;
use crate::extract::{Answer, Exchange, ExchangePart, Finished, Numbers, OutcomeClass, RunSpent, Spent, oddities};
use crate::files;
use crate::report::claims;
use crate::report::safe::{quoted, shown};
use crate::report::terminal::{DIM, WIDTH, beside, count, cut, two};
use crate::report::words::{seconds, spent_in_words};
use crate::runs::{RunArticle, by_article, dataset_inputs, items, outcome_rows};
use crate::score::{Provenance, Settings, evaluate};
use crate::workspace::{ExtractorKind, Workspace};

use super::exit::{Exit, Failure};
use super::extractors::{self, Reach};
use super::rescoring::settings;
use super::terminal::Terminal;

/// Longest text that is no article of the dataset, in bytes.
const LONGEST: u64 = 16 << 20;

/// Longest text that is shown with its claims marked without `--full`, in bytes.
const MARKED: usize = 100_000;

/// Characters of a message that are shown without `--full`.
const SHOWN: usize = 2000;

/// Ask an extractor about one article, and show what was sent, what came back, and what was understood.
///
/// Nothing is stored, and nothing is taken from the cache. Exit 6 when the article failed, 5 when it has no answer.
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// Id of the extractor
    pub extractor: String,
    /// Id of an article, or a file with a text; - reads the text from standard input [default: the first labelled article]
    pub article: Option<String>,
    /// Language of a text that is no article of the dataset
    #[arg(long, value_name = "TAG", default_value = "und")]
    pub lang: String,
    /// Time for the article, such as 30s
    #[arg(long, value_name = "TIME", value_parser = super::run::duration)]
    pub timeout: Option<Duration>,
    /// Show messages whole, however long they are
    #[arg(long)]
    pub full: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// When the workspace is not valid, there is no such extractor or article, or the extractor cannot start.
pub fn run(args: &Args, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let workspace = Workspace::discover(Path::new(".")).map_err(Failure::invalid)?;
    let known = || workspace.config.extractors.iter().map(|e| e.id.as_str());
    let extractor = workspace.config.extractors.iter().find(|e| e.id == args.extractor).ok_or_else(|| {
        let near = nearest(&args.extractor, known()).map(|near| format!(" (did you mean {near}?)")).unwrap_or_default();
        let all = known().collect::<Vec<_>>().join(", ");
        Failure::invalid(anyhow!("no extractor {} in assay.toml{near}; it has: {all}", quoted(&args.extractor, 64)))
    })?;
    let dataset = workspace.dataset().map_err(Failure::invalid)?;
    let of_examples = match &extractor.kind {
        ExtractorKind::OpenAi(model) => model.examples.as_ref().map(|examples| examples.split.as_str()),
        _ => None,
    };
    let article = article(args, &dataset, of_examples)?;
    let reach = Reach {
        jobs: Some(1),
        timeout: args.timeout.unwrap_or(workspace.config.run.timeout),
        known: dataset.articles.iter().map(|a| a.article.id.clone()).collect(),
        programs: terminal.programs.clone(),
        dataset: &dataset,
        // Nothing is scored.
        asked: &[],
    };
    let mut program = extractors::open(&workspace, extractor, &reach)?;
    let stop = Arc::clone(&terminal.stop);
    let over = AtomicBool::new(false);
    let exchange = std::thread::scope(|scope| {
        scope.spawn(|| give_up(&stop, &over, &terminal.programs));
        let exchange = program.probe(&article, &stop);
        over.store(true, Ordering::Relaxed);
        exchange
    });
    let exchange = exchange.map_err(|error| Failure::invalid(anyhow!("extractor {}: {error}", extractor.id)))?;
    let numbers = exchange.finished.numbers.unwrap_or(extractor.numbers);
    let settings = Settings { numbers, intervals: None, ..settings(&workspace, &dataset)? };
    let exit = exit(&exchange, terminal);
    if args.json {
        terminal.json(&as_json(&article, &exchange, &settings))?;
        return Ok(exit);
    }
    let version = extractors::version(extractor, &exchange.finished);
    let title = format!("{} {version}", extractor.id);
    let characters = count(article.text.chars().count() as u64, "character");
    writeln!(terminal.out, "{} · {} · {} · {characters}", shown(title.trim_end()), shown(&article.id), shown(&article.lang))?;
    for part in &exchange.parts {
        show_part(part, args.full, terminal)?;
    }
    show_understood((args, &article), &dataset, &exchange, &settings, terminal)?;
    Ok(exit)
}

/// Gives up what is in flight when the user asks to stop: of a probe there is nothing to be saved.
fn give_up(stop: &AtomicBool, over: &AtomicBool, programs: &Programs) {
    while !over.load(Ordering::Relaxed) {
        if stop.load(Ordering::Relaxed) {
            programs.give_up();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The article that is meant; where none is named, not one of the split that examples in a prompt are taken from.
fn article(args: &Args, dataset: &Dataset, of_examples: Option<&str>) -> Result<Article, Failure> {
    let of_text = |id: &str, text: String| Article { id: id.to_owned(), lang: args.lang.clone(), text: text.into(), ..Article::default() };
    let Some(name) = &args.article else {
        let labelled = dataset.articles.iter().find(|a| a.status.is_scored() && of_examples.is_none_or(|split| a.split != split));
        let first = labelled.or(dataset.articles.first()).ok_or_else(|| anyhow!("the dataset has no article; name a file with a text"));
        return Ok(first.map_err(Failure::invalid)?.article.clone());
    };
    if let Some(record) = dataset.article(name) {
        return Ok(record.article.clone());
    }
    if name == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LONGEST {
            return Err(Failure::invalid(anyhow!("standard input: {}", files::FileError::TooLarge(LONGEST))));
        }
        return Ok(of_text("stdin", files::utf8(bytes).map_err(|error| Failure::invalid(anyhow!("standard input: {error}")))?));
    }
    match files::read_text(Path::new(name), LONGEST) {
        Ok(text) => {
            let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
            Ok(of_text(&stem, text))
        }
        Err(files::FileError::Missing) => {
            let near = nearest(name, dataset.articles.iter().map(|a| a.article.id.as_str()));
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            Err(Failure::invalid(anyhow!("{} is neither an article of the dataset nor a file{near}", quoted(name, 100))))
        }
        Err(error) => Err(Failure::invalid(anyhow!("{}: {error}", files::shown_path(Path::new(name))))),
    }
}

fn exit(exchange: &Exchange, terminal: &Terminal<'_>) -> Exit {
    match &exchange.answer {
        _ if terminal.is_stopped() => Exit::Interrupted,
        None => Exit::Incomplete,
        Some(answer) if answer.outcome.class() == OutcomeClass::Failed => Exit::ErrorBudget,
        Some(_) => Exit::Done,
    }
}

/// A message between rules, cut where it is long.
fn show_part(part: &ExchangePart, full: bool, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    rule(&part.title, terminal)?;
    let length = part.text.chars().count();
    let cut = if full { length } else { SHOWN };
    let text: String = part.text.chars().take(cut).collect();
    for line in text.lines() {
        writeln!(terminal.out, "{}", shown(line))?;
    }
    if length == 0 {
        writeln!(terminal.out, "{DIM}nothing{DIM:#}")?;
    }
    if length > cut {
        writeln!(terminal.out, "{DIM}… {} more; --full shows all{DIM:#}", count((length - cut) as u64, "character"))?;
    }
    Ok(())
}

fn rule(title: &str, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let title = shown(title);
    let line = "─".repeat(WIDTH.saturating_sub(title.width() + 4));
    writeln!(terminal.out, "\n{DIM}──{DIM:#} {title} {DIM}{line}{DIM:#}")?;
    Ok(())
}

fn show_understood(
    (args, article): (&Args, &Article),
    dataset: &Dataset,
    exchange: &Exchange,
    settings: &Settings,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    rule("what was understood", terminal)?;
    match &exchange.answer {
        None => {
            let why = exchange.finished.incomplete.as_deref().unwrap_or("no answer came");
            writeln!(terminal.out, "no answer: {}", shown(why))?;
        }
        Some(answer) => {
            let l = answer.located;
            let places = [
                ("exact", l.exact),
                ("folded", l.folded),
                ("fuzzy", l.fuzzy),
                ("ambiguous quote", l.ambiguous_quote),
                ("unlocated", l.unlocated),
            ];
            let places: Vec<String> = places.iter().filter(|(_, n)| *n > 0).map(|(how, n)| format!("{n} {how}")).collect();
            let mut parts = vec![answer.outcome.name().to_owned(), count(answer.claims.len() as u64, "claim")];
            parts.extend((!places.is_empty()).then(|| format!("placed: {}", places.join(", "))));
            parts.extend(answer.spent.latency_s.map(|s| format!("took {}", seconds(s))));
            parts.extend((answer.spent.tries > 1).then(|| format!("{} tries", answer.spent.tries)));
            let paid = Spent { latency_s: None, ..answer.spent };
            parts.extend(spent_in_words(&RunSpent::of(std::iter::once(&paid))));
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            writeln!(terminal.out, "{}", beside(&parts, " · "))?;
            for (number, claim) in (1..).zip(&answer.claims) {
                show_claim(number, claim, terminal)?;
            }
            if article.text.len() > MARKED && !args.full {
                writeln!(terminal.out, "\n{DIM}the text is long; --full shows it with its claims{DIM:#}")?;
            } else if let Some(marked) = marked(article, dataset, answer, settings, terminal.colour) {
                rule("against the gold", terminal)?;
                write!(terminal.out, "{marked}")?;
            }
        }
    }
    let wrong = wrong(exchange, settings);
    if !wrong.is_empty() {
        rule("what is wrong or odd", terminal)?;
        for line in wrong {
            writeln!(terminal.out, "{}", shown(&line))?;
        }
    }
    terminal.out.flush()?;
    Ok(())
}

/// A claim as it was understood.
fn show_claim(number: usize, claim: &Claim, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let place = if claim.fragments.is_empty() { "no place".to_owned() } else { claim.fragments.to_string() };
    let kind = if claim.kind.is_empty() { "no kind".to_owned() } else { cut(&shown(&claim.kind), 20) };
    let score = claim.score.map(|score| format!("score {}", two(Some(score))));
    let head = format!("{number:>3} {kind} · {place}{}", score.map(|score| format!(" · {score}")).unwrap_or_default());
    writeln!(terminal.out, "\n{}", cut(&head, WIDTH))?;
    writeln!(terminal.out, "    {}", cut(&quoted(&claim.quote, WIDTH), WIDTH - 4))?;
    let state = |(name, state): (&FieldName, FieldState<&str>)| match state.into_present() {
        Some(value) => format!("{} {}", shown(name), cut(&shown(value), 40)),
        None => format!("{} none", shown(name)),
    };
    let fields: Vec<String> = claim.fields.iter().map(state).collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    if !fields.is_empty() {
        let lines = beside(&fields, " · ");
        writeln!(terminal.out, "    {}", lines.replace('\n', "\n    "))?;
    }
    Ok(())
}

/// The text with the claims of gold and answer, where the article is labelled whole and was answered.
fn marked(article: &Article, dataset: &Dataset, answer: &Answer, settings: &Settings, colour: bool) -> Option<String> {
    if answer.outcome.class() != OutcomeClass::Scored {
        return None;
    }
    let answers = std::slice::from_ref(answer);
    let by_id = by_article(answers);
    let record = dataset.article(&article.id).filter(|record| record.article == *article && record.status.is_scored())?;
    let inputs = dataset_inputs(dataset, &[record], &by_id, &[]);
    let evaluation = evaluate(&inputs, settings, &Provenance::default());
    let articles: Vec<RunArticle<'_>> = inputs.iter().map(|input| RunArticle { input, text: Some(&article.text) }).collect();
    let rows = outcome_rows(&articles, &evaluation, settings);
    let items = items(&rows, &evaluation.result.primary);
    Some(claims::article(article.title.as_deref().unwrap_or(&article.id), Some(&article.text), &items, colour))
}

/// All that the user should know, a line each.
fn wrong(exchange: &Exchange, settings: &Settings) -> Vec<String> {
    let Finished { notes, .. } = &exchange.finished;
    let answer = exchange.answer.as_ref();
    let mut lines: Vec<String> = answer.and_then(|answer| answer.message.clone()).into_iter().collect();
    lines.extend(notes.iter().cloned());
    lines.extend(
        answer.map(|a| oddities(&settings.schema, std::slice::from_ref(a), settings.numbers == Numbers::Local)).unwrap_or_default(),
    );
    lines
}

fn as_json(article: &Article, exchange: &Exchange, settings: &Settings) -> serde_json::Value {
    let part = |part: &ExchangePart| json!({ "title": part.title, "text": part.text });
    let claim = |claim: &Claim| {
        let fields: serde_json::Map<_, _> =
            claim.fields.iter().map(|(name, state)| (name.to_string(), json!(state.into_present()))).collect();
        let spans: Vec<_> = claim.fragments.spans().iter().map(|span| [span.start(), span.end()]).collect();
        json!({ "fragments": spans, "quote": claim.quote, "kind": claim.kind, "fields": fields, "score": claim.score })
    };
    let answer = exchange.answer.as_ref().map(|answer| {
        json!({
            "outcome": answer.outcome.name(),
            "claims": answer.claims.iter().map(claim).collect::<Vec<_>>(),
            "located": answer.located,
            "spent": answer.spent,
        })
    });
    json!({
        "article": article.id,
        "parts": exchange.parts.iter().map(part).collect::<Vec<_>>(),
        "answer": answer,
        "incomplete": exchange.finished.incomplete,
        "remarks": wrong(exchange, settings),
    })
}
