//! Many articles at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use claim_assay::extract::openai::OpenAiExtractor;
use claim_assay::extract::{Answer, Extractor, Finished, Outcome};
use serde_json::json;

use super::{CANARY, Server, articles, predictions, run, settings};

#[test]
fn faults_do_not_change_a_prediction() {
    let full = std::env::var("ASSAY_FULL").is_ok_and(|value| value == "1");
    let count = 500;
    for seed in 0..if full { 20 } else { 1 } {
        let server = Server::start(&["--rate", "0.4", "--seed", &seed.to_string()]);
        let mut patient = settings(&server.base_url("chaos"));
        (patient.jobs, patient.max_retries) = (16, 40);
        let chaos = run(patient, articles(count));
        let ok = run(settings(&server.base_url("ok")), articles(count));
        assert_eq!(predictions(&chaos), predictions(&ok));
        assert_eq!(chaos.answers.len(), count);
        assert!(server.stats()["by_mode"]["chaos"].as_u64().unwrap() > (count + count / 4) as u64, "faults were met");
        assert!(chaos.answers.values().any(|answer| answer.spent.tries > 2) && !chaos.shown.contains(CANARY));
    }
}

#[test]
fn a_slow_endpoint_is_kept_busy_and_never_more_than_allowed() {
    let server = Server::start(&["--secs", "0.3"]);
    let mut busy = settings(&server.base_url("busy"));
    busy.jobs = 32;
    let ran = run(busy, articles(160));
    assert!(ran.answers.values().all(|answer| answer.outcome == Outcome::Ok), "{}", ran.shown);
    let most = server.stats()["max_in_flight"].as_u64().unwrap();
    assert!((30..=32).contains(&most), "{most} requests in flight");
}

/// Stops a run of five articles, two at a time, after half a second; gives up what is in flight where `gives_up`.
fn stopped(mode: &str, gives_up: bool) -> (usize, Finished) {
    let server = Server::start(&["--secs", "2"]);
    let mut slow = settings(&server.base_url(mode));
    (slow.timeout, slow.retry_base) = (Duration::from_secs(100), Duration::from_secs(100));
    slow.jobs = 2;
    let (stop, programs, answers) = (AtomicBool::new(false), slow.programs.clone(), Mutex::new(Vec::new()));
    let finished = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(500));
            assert_eq!(programs.in_flight(), 2);
            stop.store(true, Ordering::Relaxed);
            if gives_up {
                programs.give_up();
            }
        });
        let started = Instant::now();
        let finished = OpenAiExtractor::new(slow).extract(&mut articles(5).into_iter(), &answers, &stop);
        assert!(started.elapsed() < Duration::from_secs(30), "{mode}");
        finished.unwrap()
    });
    assert_eq!(programs.in_flight(), 0);
    (answers.into_inner().unwrap().len(), finished)
}

#[test]
fn a_stop_waits_for_what_is_paid_for_and_for_nothing_else() {
    for (mode, gives_up, answered) in [("busy", false, 2), ("busy", true, 0), ("hang", true, 0), ("429-forever", false, 0)] {
        let (answers, finished) = stopped(mode, gives_up);
        assert_eq!((answers, finished.unanswered.len()), (answered, 5 - answered), "{mode}");
        assert_eq!(finished.incomplete.as_deref(), Some("interrupted"), "{mode}");
    }
}

#[test]
fn the_wait_that_an_endpoint_asks_for_is_kept() {
    // Dates have whole seconds only.
    for (mode, least, most) in [("429", 1.0, 30.0), ("429-ms", 0.2, 1.0), ("429-date", 0.9, 30.0), ("429-none", 0.003, 0.5)] {
        let server = Server::start(&["--times", "1"]);
        assert_eq!(run(settings(&server.base_url(mode)), articles(1)).answers["a00001"].outcome, Outcome::Ok);
        let gap = server.stats()["min_gap_after_429"].as_f64().unwrap();
        assert!((least..most).contains(&gap), "{mode}: {gap} s");
    }
}

#[test]
fn nobody_there_ends_the_run() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (base_url, why) in [
        (format!("http://127.0.0.1:{port}/v1"), "cannot connect: connection refused (6 tries)"),
        ("https://no-such-host.invalid/v1".to_owned(), "cannot connect: "),
    ] {
        let ran = run(settings(&base_url), articles(9));
        let finished = ran.finished.unwrap();
        assert!(ran.answers.is_empty() && finished.unanswered.len() == 9);
        let said = finished.incomplete.unwrap();
        assert!(said.starts_with(why) && said.ends_with("; is the server of base_url running?"), "{said}");
    }
}

#[test]
fn what_an_endpoint_does_not_take_is_found_out_once_and_remembered() {
    let server = Server::start(&[]);
    let mut asked = settings(&server.base_url("no-format"));
    asked.jobs = 1;
    let mut extractor = OpenAiExtractor::new(asked);
    let ways = Mutex::new(Vec::new());
    for _ in 0..2 {
        let sink = |answer: Answer| ways.lock().unwrap().push((answer.way, answer.spent.tries));
        extractor.extract(&mut articles(3).into_iter(), &sink, &AtomicBool::new(false)).unwrap();
    }
    assert_eq!(ways.into_inner().unwrap(), [(2, 3), (2, 1), (2, 1), (2, 1), (2, 1), (2, 1)]);
    assert_eq!(server.stats()["by_mode"]["no-format"], json!(8));
}
