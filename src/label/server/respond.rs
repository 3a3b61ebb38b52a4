//! From a request to its answer.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::{Code, Refusal};
use super::answer;
use super::connections::Pass;
use super::desk::{Ask, Desk};
use super::guard::{Guard, check_media_type};
use super::route::{Post, Route, is_data, route};

/// Largest body, in bytes.
const MOST: usize = 4 << 20;

/// What all requests share.
#[derive(Debug)]
pub(super) struct App {
    pub guard: Guard,
    pub desk: Desk,
}

/// Answers a request.
pub(super) async fn respond(State(app): State<Arc<App>>, ConnectInfo(pass): ConnectInfo<Pass>, request: Request) -> Response {
    answered(&app, &pass, request).await.unwrap_or_else(|refusal| answer::refusal(&refusal))
}

async fn answered(app: &App, pass: &Pass, request: Request) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    app.guard.check_origin(&head.uri, &head.headers)?;
    let path = head.uri.path();
    if is_data(path) {
        app.guard.check_token(&head.headers)?;
    }
    let ask = match route(&head.method, path, head.uri.query().unwrap_or_default())? {
        Route::Asset(asset) => return Ok(answer::asset(asset)),
        Route::Get(get) => Ask::Get(get),
        Route::Post(post) => {
            check_media_type(&head.headers)?;
            asked(post, &whole(&head.headers, body).await?)?
        }
    };
    // From here on it is not the page that takes its time.
    pass.is_being_answered();
    app.desk.ask(ask).await.map(answer::json)
}

async fn whole(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let too_large = || Refusal::new(Code::TooLarge, format!("the body is larger than {} MiB", MOST >> 20));
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > MOST as u64) {
        return Err(too_large());
    }
    // It fails also where the connection was closed, by its time-out or by the page: then nobody reads the answer.
    to_bytes(body, MOST).await.map(Into::into).map_err(|_| too_large())
}

/// The body of undo and redo.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn asked(post: Post, body: &[u8]) -> Result<Ask, Refusal> {
    Ok(match post {
        Post::Prefill => Ask::Prefill(parsed(body)?),
        Post::Read => Ask::Read(parsed(body)?),
        Post::Edit => Ask::Edit(Box::new(parsed(body)?)),
        Post::Undo => {
            let Nothing {} = parsed(body)?;
            Ask::Undo
        }
        Post::Redo => {
            let Nothing {} = parsed(body)?;
            Ask::Redo
        }
    })
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(Code::BadJson, format!("the body is not what is asked for here: {error}")))
}
