//! What a model costs, what is sent, and what a probe shows.

use std::sync::atomic::AtomicBool;

use claim_assay::claim::Article;
use claim_assay::extract::openai::{ApiKey, Mode, OpenAiExtractor, Price, ResponseFormat};
use claim_assay::extract::{Extractor, Outcome};
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

    priced.max_tokens = Some(1000);
    let estimate = OpenAiExtractor::new(priced).estimate(&Article { text: "x".repeat(4000).into(), ..Article::default() }).unwrap();
    assert_eq!((estimate.input_tokens, estimate.input_cost), (1000, Some(0.002)));
    assert!((estimate.most_cost.unwrap() - 0.032).abs() < 1e-12);
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
    assert!(!format!("{:?}", bodies(ResponseFormat::Auto)).contains("canary"));
}

#[test]
fn a_probe_shows_all_but_the_key() {
    let server = Server::start(&[]);
    let probed = |mode: &str| {
        let mut extractor = OpenAiExtractor::new(settings(&server.base_url(mode)));
        let exchange = extractor.probe(&articles(1)[0], &AtomicBool::new(false)).unwrap();
        assert!(!format!("{exchange:?}").contains("canary"), "{exchange:?}");
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

#[test]
fn without_its_key_nothing_is_sent() {
    let server = Server::start(&[]);
    let mut keyless = settings(&server.base_url("ok"));
    keyless.key = Some(ApiKey::new("MY_KEY", None));
    assert!(run(keyless.clone(), Vec::new()).finished.is_ok(), "nothing to send, nothing to miss");
    let error = run(keyless, articles(1)).finished.unwrap_err().to_string();
    assert_eq!(error, "the environment variable MY_KEY, which is to hold the key, is not set; write: export MY_KEY=…");
    assert_eq!(server.stats()["by_mode"], json!({}));
    assert!(!format!("{:?}", ApiKey::new("MY_KEY", Some(CANARY))).contains("canary"));
}
