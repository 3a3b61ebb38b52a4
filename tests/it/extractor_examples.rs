//! The extractors that the documentation shows do what it says.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use claim_assay::claim::Article;
use claim_assay::extract::process::ProcessExtractor;
use claim_assay::extract::program::ProgramSettings;
use claim_assay::extract::{Answer, Extractor, Finished, Outcome};

fn run(command: &[&str], articles: &[(&str, &str)]) -> (Vec<Answer>, Finished) {
    let settings = ProgramSettings::new(command.iter().map(|word| (*word).to_owned()).collect(), PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let mut stream = articles.iter().enumerate().map(|(i, (lang, text))| Article {
        id: format!("a{i}"),
        lang: (*lang).to_owned(),
        text: (*text).into(),
        ..Article::default()
    });
    let answers = Mutex::new(Vec::<Answer>::new());
    let finished = ProcessExtractor::new(settings).extract(&mut stream, &answers, &AtomicBool::new(false)).unwrap();
    let answers = answers.into_inner().unwrap();
    (answers, finished)
}

#[test]
fn the_smallest_extractor_of_the_documentation_works() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/extractors.md")).unwrap();
    let code = docs.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(code.lines().count(), 4);
    let (answers, _) = run(&["python3", "-c", code], &[("en", "🌊 37,000 people, 12 boats"), ("en", "none"), ("en", "7")]);
    let found: Vec<Vec<String>> =
        answers.iter().map(|a| a.claims.iter().map(|c| format!("{} {}", c.fragments, c.quote)).collect()).collect();
    assert_eq!(found, [vec!["2-8 37,000".to_owned(), "17-19 12".to_owned()], vec![], vec!["0-1 7".to_owned()]]);
    assert_eq!(answers[1].outcome, Outcome::Empty);
}

#[test]
fn the_example_reads_figures_by_language() {
    let articles = [
        ("en", "More than 37,000 people, 12.5% of them minors, in 2023; 2 million before.", "37000 more_than|12.5|2000000"),
        ("id", "lebih dari 37.000 orang; sekitar 2,5 juta ton pada 2023", "37000 more_than|2500000 about"),
        ("es-MX", "Unos 1.234 barcos y menos de 5 millones", "1234 about|5000000 less_than"),
        ("de", "Rund 1,5 Millionen Menschen, mindestens 20", "1500000 about|20 at_least"),
        ("en", "version 1.2.3 and 12,34,56", ""),
    ];
    let texts: Vec<_> = articles.iter().map(|(lang, text, _)| (*lang, *text)).collect();
    let (answers, finished) = run(&["python3", "examples/regex_extractor.py"], &texts);
    assert_eq!((finished.name.as_deref(), finished.notes.as_slice()), (Some("regex-py"), &[][..]));
    for (answer, (_, text, expected)) in answers.iter().zip(articles) {
        let field = |claim: &claim_assay::claim::Claim, name: &str| claim.fields.value(name).map(str::to_owned);
        let fields = |c| [field(c, "value"), field(c, "bound")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let found: Vec<_> = answer.claims.iter().map(fields).collect();
        assert_eq!(found.join("|"), expected, "{text}");
        assert_eq!(answer.located.exact as usize, answer.claims.len(), "its offsets give its quotes");
        assert!(answer.claims.iter().all(|claim| claim.score.is_some_and(|score| (0.5..=1.0).contains(&score))));
    }
    let (answers, _) = run(&["python3", "examples/regex_extractor.py"], &[("fi", "37 000 ihmistä")]);
    assert_eq!(answers[0].outcome, Outcome::Refused);
}
