//! What the host itself costs an article: the processor time of this process, not that of the extractor, from taking the
//! article to giving its answer with places.
//!
//! The extractor is this program again, started with the argument [`EXTRACTOR`]; it answers each line at once with 8 claims.
//! Times are per article, and they are processor time (user and system, all threads), so that they hardly depend on what else
//! the machine does.
//!
//! `cargo bench --bench process` measures; `cargo bench --bench process -- --test` only runs each once.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;
use std::io::{self, BufRead, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use claim_assay::claim::Article;
use claim_assay::extract::Extractor;
use claim_assay::extract::answer_log::LogHead;
use claim_assay::extract::keeping::{Cache, Journals, KeepSettings, Keeping};
use claim_assay::extract::process::ProcessExtractor;
use claim_assay::extract::program::ProgramSettings;
use criterion::{Criterion, SamplingMode};
use rustix::time::{ClockId, clock_gettime};

/// The argument that makes this program the extractor; `MAX_IN_FLIGHT ANSWER` follow.
const EXTRACTOR: &str = "--as-extractor";

/// Figures in the text of an article, and claims about them.
const CLAIMS: usize = 8;

/// What the extractor writes about a claim.
#[derive(Clone, Copy)]
enum Written {
    /// Start, end and quote.
    Offsets,
    /// The quote alone, as it stands in the text.
    Quotes,
    /// The quote alone, with other quotation marks than the text has.
    Folded,
    /// The quote alone, with a letter wrong.
    Alike,
}

const WRITTEN: [(&str, Written); 4] =
    [("offsets", Written::Offsets), ("quotes", Written::Quotes), ("folded", Written::Folded), ("alike", Written::Alike)];

/// One measurement.
struct Form {
    name: &'static str,
    articles: usize,
    /// How often the usual text of about 3,000 characters stands in an article.
    times: usize,
    workers: usize,
    max_in_flight: u32,
    written: &'static str,
    /// Every answer goes to a journal and to the cache.
    kept: bool,
}

const USUAL: Form = Form { name: "", articles: 2_000, times: 1, workers: 1, max_in_flight: 1, written: "offsets", kept: false };

const FORMS: [Form; 8] = [
    Form { name: "one_in_flight", ..USUAL },
    Form { name: "one_in_flight_kept", kept: true, ..USUAL },
    Form { name: "eight_in_flight", max_in_flight: 8, ..USUAL },
    Form { name: "quotes_alone", max_in_flight: 8, written: "quotes", ..USUAL },
    Form { name: "quotes_to_fold", max_in_flight: 8, written: "folded", ..USUAL },
    Form { name: "quotes_alike", max_in_flight: 8, written: "alike", ..USUAL },
    Form { name: "sixteen_workers", workers: 16, ..USUAL },
    Form { name: "a_megabyte", articles: 20, times: 333, ..USUAL },
];

/// Where the claims stand, as start and end in code points, and their quotes.
fn passages(text: &str) -> Vec<(usize, usize, &str)> {
    let begins = text.match_indices("about “").take(CLAIMS);
    begins
        .map(|(at, _)| {
            let quote = &text[at..at + text[at..].find(" people").unwrap()];
            let start = text[..at].chars().count();
            (start, start + quote.chars().count(), quote)
        })
        .collect()
}

/// About 3,000 characters, with typographic marks as newspapers have them. The number is that of the article, as wide as any.
fn text(number: usize) -> String {
    let mut text = format!("{number:06} ");
    for claim in 0..CLAIMS {
        // Writing to a String cannot fail.
        let _ = write!(text, "The ministry’s spokesman said that about “{}{claim},{claim}00” people left the région in March. ", claim + 1);
        text.push_str("Officials on the border had spoken of far fewer; aid workers, of more. Nobody had counted them – the roads were ");
        text.push_str("closed for days, and neither side let observers through. ");
        text.push_str("\nA week later the first of them came back, on foot and in borrowed lorries, to houses without roofs. \n");
    }
    text
}

/// The answer to every article of a form, behind its id.
fn answer(written: Written) -> String {
    let text = text(0);
    let claims: Vec<String> = passages(&text)
        .into_iter()
        .map(|(start, end, quote)| {
            let place = match written {
                Written::Offsets => format!(r#""start":{start},"end":{end},"quote":"{quote}""#),
                Written::Quotes => format!(r#""quote":"{quote}""#),
                Written::Alike => format!(r#""quote":"{}""#, quote.replace("about", "abaut")),
                Written::Folded => format!(r#""quote":"{}""#, quote.replace(['“', '”'], r#"\""#)),
            };
            format!(r#"{{{place},"kind":"quantity","fields":{{"value":{start},"bound":"about","unit":"person"}},"score":0.875}}"#)
        })
        .collect();
    format!(r#"","claims":[{}]}}{}"#, claims.join(","), '\n')
}

/// The other side: a line for a line, each flushed.
fn be_the_extractor(max_in_flight: &str, written: &str) -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let answer = answer(WRITTEN.into_iter().find(|(name, _)| *name == written).unwrap().1);
    output.write_all(format!("{{\"type\":\"ready\",\"max_in_flight\":{max_in_flight}}}\n").as_bytes())?;
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let id = line.strip_prefix(br#"{"type":"extract","id":""#).unwrap().split(|&byte| byte == b'"').next().unwrap();
        let whole = [br#"{"id":""#, id, answer.as_bytes()].concat();
        output.write_all(&whole)?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap()
}

fn host(c: &mut Criterion) {
    let mut group = c.benchmark_group("process");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for form in FORMS {
        let program = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
        let command = vec![program, EXTRACTOR.to_owned(), form.max_in_flight.to_string(), form.written.to_owned()];
        let settings = ProgramSettings { workers: form.workers, ..ProgramSettings::new(command, PathBuf::from(".")) };
        let article =
            |i| Article { id: format!("a{i}"), lang: "en".to_owned(), text: text(i).repeat(form.times).into(), ..Article::default() };
        let articles: Vec<Article> = (0..form.articles).map(article).collect();
        let run = || {
            let (mut articles, located) = (articles.clone().into_iter(), AtomicU64::new(0));
            let before = processor_time();
            let sink = |answer: claim_assay::extract::Answer| {
                located.fetch_add(answer.located.total() - answer.located.unlocated, Ordering::Relaxed);
            };
            let folder = tempfile::tempdir().unwrap();
            let mut extractor: Box<dyn Extractor> = Box::new(ProcessExtractor::new(settings.clone()));
            if form.kept {
                let head = LogHead { extractor: "x".to_owned(), identity: "x".to_owned(), ..LogHead::default() };
                let journal = Journals::of(folder.path()).begin(&head).unwrap();
                let cache = Cache::of(folder.path()).open(&head).unwrap();
                extractor = Box::new(Keeping::new(extractor, KeepSettings { journal: Some(journal), cache, ..KeepSettings::default() }));
            }
            extractor.extract(&mut articles, &sink, &AtomicBool::new(false)).unwrap();
            let spent = processor_time() - before;
            // With the text several times in an article, a quote has several places, but offsets decide.
            assert_eq!(located.into_inner() as usize, form.articles * CLAIMS);
            spent / form.articles as u32
        };
        group.bench_function(form.name, |b| b.iter_custom(|runs| (0..runs).map(|_| run()).sum()));
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, max_in_flight, written] = arguments.as_slice()
        && first == EXTRACTOR
    {
        return be_the_extractor(max_in_flight, written).unwrap();
    }
    let mut criterion = Criterion::default().configure_from_args();
    host(&mut criterion);
    criterion.final_summary();
}
