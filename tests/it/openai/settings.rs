//! What a model costs, what is sent, and what a probe shows.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use claim_assay::claim::Article;
use claim_assay::extract::openai::{ApiKey, Mode, OpenAiExtractor, Price, ResponseFormat};
use claim_assay::extract::{About, Answer, Extractor, Outcome, Sink};
use serde_json::{Value, json};

use super::{CANARY, Server, articles, run, settings};

#[test]
fn answers_say_what_they_took() {
    let server = Server::start(&[]);
    let mut priced = settings(&server.base_url("500"));
    priced.price = Some(Price { input_per_mtok: 2.0, output_per_mtok: 30.0 });
    let ran = run(priced.clone(), articles(1));
    let spent = ran.answers["a00001"].spent;
    // A token is four characters to the server.
    assert_eq!((spent.tries, spent.input_tokens, spent.output_tokens), (3, Some(13), Some(10)));
    assert!((spent.cost.unwrap() - 0.000_326).abs() < 1e-12 && spent.latency_s.is_some_and(|s| s > 0.0 && s < 60.0));
}

#[test]
fn an_estimate_counts_the_prompt_and_the_schema_that_is_sent_with_it() {
    let article = Article { text: "x".repeat(4000).into(), ..Article::default() };
    let estimate = |response_format| {
        let mut priced = settings("http://127.0.0.1:1/v1");
        (priced.price, priced.max_tokens) = (Some(Price { input_per_mtok: 2.0, output_per_mtok: 30.0 }), Some(1000));
        priced.response_format = response_format;
        let extractor = OpenAiExtractor::new(priced);
        let body: Value = serde_json::from_slice(&extractor.sent(&article)[0]).unwrap();
        let schema = &body["response_format"]["json_schema"]["schema"];
        let schema = if schema.is_null() { 0 } else { schema.to_string().chars().count() as u64 };
        (extractor.estimate(&article).unwrap(), (4000 + schema).div_ceil(4))
    };
    let (plain, tokens) = estimate(ResponseFormat::Only(Mode::None));
    assert_eq!((plain.input_tokens, tokens, plain.input_cost), (1000, 1000, Some(0.002)));
    assert!((plain.most_cost.unwrap() - 0.032).abs() < 1e-12);
    let (with_schema, tokens) = estimate(ResponseFormat::Auto);
    assert!(tokens > 1100, "the schema is of some length");
    assert_eq!(with_schema.input_tokens, tokens);
}

#[test]
fn every_way_of_asking_has_a_body_and_none_holds_the_key() {
    let article = &articles(1)[0];
    let bodies = |format| {
        let mut asked = settings("http://127.0.0.1:1/v1");
        asked.response_format = format;
        let sent = OpenAiExtractor::new(asked).sent(article);
        sent.into_iter().map(|body| serde_json::from_slice(&body).unwrap()).collect::<Vec<Value>>()
    };
    let types = |format| bodies(format).iter().map(|body| body["response_format"]["type"].clone()).collect::<Vec<_>>();
    assert_eq!(types(ResponseFormat::Auto), [json!("json_schema"), json!("json_object"), Value::Null]);
    assert_eq!(types(ResponseFormat::Only(Mode::None)), [Value::Null]);
    let plain = &bodies(ResponseFormat::Only(Mode::None))[0];
    assert_eq!(plain["messages"], json!([{ "role": "user", "content": &*article.text }]), "an explicit way leaves the prompt as it is");
    assert!(!format!("{:?}", bodies(ResponseFormat::Auto)).contains("Canary"));
}

#[test]
fn a_probe_shows_all_but_the_key() {
    let server = Server::start(&[]);
    let probed = |mode: &str| {
        let mut extractor = OpenAiExtractor::new(settings(&server.base_url(mode)));
        let exchange = extractor.probe(&articles(1)[0], &AtomicBool::new(false)).unwrap();
        assert!(!format!("{exchange:?}").contains("0123456789"), "{exchange:?}");
        let part = |title: &str| exchange.parts.iter().find(|part| part.title == title).map(|part| part.text.clone()).unwrap_or_default();
        (part("request"), part("response"), part("trouble"), exchange)
    };
    let (request, response, trouble, good) = probed("ok");
    assert_eq!(good.answer.as_ref().map(|answer| answer.outcome), Some(Outcome::Ok));
    assert!(request.starts_with("POST http://127.0.0.1:") && request.contains("/ok/v1/chat/completions\n"), "{request}");
    assert!(request.contains("\nauthorization: Bearer [key]\n") && request.contains("\n\n{\"model\":\"m\",\"messages\":"), "{request}");
    assert!(response.starts_with("HTTP 200\n") && response.contains("content-length: ") && response.contains("\"choices\""), "{response}");
    assert_eq!(trouble, "");

    let (_, response, _, refused) = probed("401");
    assert!(response.starts_with("HTTP 401\n") && refused.answer.is_none(), "{response}");
    assert!(refused.finished.incomplete.as_ref().is_some_and(|why| why.contains("does the key fit")));
    let (_, _, trouble, _) = probed("truncated");
    assert!(trouble.contains("cut off"), "{trouble}");
    let (_, response, _, _) = probed("echo-key");
    assert!(response.contains("\nx-echo: [key]\n"), "{response}");
}

/// Takes all JSON escapes away, as a reader of the screen might.
fn unescaped(text: &str) -> String {
    let plain = text.replace('\\', "");
    let mut out = String::new();
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once("u00") {
        let code = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push_str(before);
        match code {
            Some(code) => out.push(char::from(code)),
            None => out.push_str("u00"),
        }
        rest = if code.is_some() { &after[2..] } else { after };
    }
    out + rest
}

#[test]
fn a_probe_shows_the_key_in_no_spelling_and_no_piece_of_it() {
    let server = Server::start(&[]);
    let key = "sk-CaNary/0123\"456789\\abcdef";
    for mode in ["echo-key", "echo-kind", "echo-raw", "echo-cut"] {
        let mut asked = settings(&server.base_url(mode));
        (asked.key, asked.max_retries) = (Some(ApiKey::new("KEY", Some(key))), 0);
        let exchange = OpenAiExtractor::new(asked).probe(&articles(1)[0], &AtomicBool::new(false)).unwrap();
        let response = exchange.parts.iter().find(|part| part.title == "response").unwrap();
        assert!(response.text.contains("[key]") && response.text.len() < 4500, "{mode}: {exchange:?}");
        let all = unescaped(&format!("{exchange:?}")).to_lowercase();
        assert!(!all.contains("canary") && !all.contains("456789"), "{mode}: {all}");
    }
}

#[test]
fn a_word_in_place_of_a_key_changes_no_answer() {
    let server = Server::start(&[]);
    for word in ["ollama", "claims", "choices", "content", "message", "sk-no-key-required"] {
        let mut asked = settings(&server.base_url("dummy"));
        asked.key = Some(ApiKey::new("KEY", Some(word)));
        let ran = run(asked, articles(1));
        let answer = &ran.answers["a00001"];
        assert_eq!((answer.outcome, &answer.message), (Outcome::Ok, &None), "{word}");
        let units: Vec<_> =
            answer.claims.iter().map(|claim| claim.fields.iter().find(|(name, _)| name.as_str() == "unit").unwrap().1).collect();
        assert!(units.iter().all(|unit| unit.into_present() == Some(word)), "{word}: {units:?}");
    }
}

#[test]
fn a_probe_that_is_stopped_waits_neither_for_its_answer_nor_for_another_try() {
    let server = Server::start(&["--secs", "100"]);
    for mode in ["hang", "429-forever"] {
        let mut asked = settings(&server.base_url(mode));
        (asked.timeout, asked.retry_base) = (Duration::from_secs(600), Duration::from_secs(600));
        let stop = AtomicBool::new(false);
        let exchange = std::thread::scope(|scope| {
            scope.spawn(|| {
                while server.stats()["by_mode"][mode].is_null() {
                    std::thread::sleep(Duration::from_millis(20));
                }
                stop.store(true, Ordering::Relaxed);
            });
            OpenAiExtractor::new(asked).probe(&articles(1)[0], &stop).unwrap()
        });
        assert_eq!((exchange.answer, exchange.finished.incomplete.as_deref()), (None, Some("interrupted")), "{mode}");
        assert_eq!(exchange.finished.unanswered, ["a00001"]);
    }
}

#[test]
fn the_version_of_a_model_is_told_before_its_answers() {
    #[derive(Default)]
    struct Heard(Mutex<Vec<String>>);
    impl Sink for Heard {
        fn about(&self, about: &About) {
            self.0.lock().unwrap().push(format!("about {:?}", about.version));
        }
        fn answer(&self, answer: Answer) {
            self.0.lock().unwrap().push(answer.article_id);
        }
    }
    let server = Server::start(&[]);
    let heard = Heard::default();
    let mut extractor = OpenAiExtractor::new(settings(&server.base_url("ok")));
    extractor.extract(&mut articles(1).into_iter(), &heard, &AtomicBool::new(false)).unwrap();
    assert_eq!(*heard.0.lock().unwrap(), ["about Some(\"m\")", "a00001"]);
}

#[test]
fn without_its_key_nothing_is_sent() {
    let server = Server::start(&[]);
    let mut keyless = settings(&server.base_url("ok"));
    keyless.key = Some(ApiKey::new("MY_KEY", None));
    assert!(run(keyless.clone(), Vec::new()).finished.is_ok(), "nothing to send, nothing to miss");
    let error = run(keyless, articles(1)).finished.unwrap_err().to_string();
    assert_eq!(error, "the environment variable MY_KEY, which is to hold the key, is not set; write: export MY_KEY=…");
    assert_eq!(server.stats()["by_mode"], json!({}));
    assert!(!format!("{:?}", ApiKey::new("MY_KEY", Some(CANARY))).contains("Canary"));
}
