//! What a model costs, what is sent, and what a probe shows.

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
    let estimate = OpenAiExtractor::new(priced).estimate(&Article { text: "x".repeat(4000).into(), ..Article::default() });
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
    let probed = |mode: &str| OpenAiExtractor::new(settings(&server.base_url(mode))).probe(&articles(1)[0]).unwrap();
    let good = probed("ok");
    assert_eq!((good.status, good.problem.as_deref()), (Some(200), None));
    assert_eq!(good.answer.as_ref().map(|answer| answer.outcome), Some(Outcome::Ok));
    assert!(good.url.ends_with("/ok/v1/chat/completions") && good.request_body.starts_with("{\"model\":\"m\",\"messages\":"));
    assert!(good.response_body.contains("\"choices\"") && good.response_headers.iter().any(|(name, _)| name == "content-length"));
    assert!(good.request_headers.contains(&("authorization".to_owned(), "Bearer [key]".to_owned())));

    let refused = probed("401");
    assert_eq!((refused.status, &refused.answer), (Some(401), &None));
    assert!(refused.ends_run.as_ref().is_some_and(|why| why.contains("does the key fit")));
    let cut = probed("truncated");
    assert!(cut.problem.as_ref().is_some_and(|why| why.contains("cut off")), "{cut:?}");
    let echoed = probed("echo-key");
    for exchange in [&good, &refused, &cut, &echoed] {
        assert!(!format!("{exchange:?}").contains("canary"), "{exchange:?}");
    }
    assert!(echoed.response_headers.contains(&("x-echo".to_owned(), "[key]".to_owned())), "{echoed:?}");
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
