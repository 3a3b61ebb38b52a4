//! What is asked for.

use axum::http::Method;

use super::super::request::TrackingRequest;
use super::super::{ASSETS, Asset, Code, Refusal};
use super::url::{decoded, pairs};
use crate::report::safe::quoted;

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// A file of the page.
    Asset(&'static Asset),
    /// A question without a body.
    Get(Get),
    /// A question with a body, or an edit.
    Post(Post),
}

/// Questions without a body. Ids are looked up in the dataset, and are part of no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Get {
    Workspace,
    Article(String),
    Tracking(TrackingRequest),
    Changes(String),
}

/// Questions with a body, and edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Post {
    Prefill,
    Read,
    Edit,
    Undo,
    Redo,
}

/// Whether a path is one of data, for which the token is needed.
pub(super) fn is_data(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The route of a method, a path and a query.
pub(super) fn route(method: &Method, path: &str, query: &str) -> Result<Route, Refusal> {
    if !is_data(path) {
        // Names are compared as they are written: `..` and `%2e` are parts of no name.
        let asset = ASSETS.iter().find(|asset| asset.path == path).ok_or_else(|| nothing(path))?;
        return allowed(method, &[Method::GET, Method::HEAD], "GET, HEAD").map(|()| Route::Asset(asset));
    }
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let post = |post| allowed(method, &[Method::POST], "POST").map(|()| Route::Post(post));
    let get = || allowed(method, &[Method::GET], "GET");
    match parts.as_slice() {
        ["workspace"] => get().map(|()| Route::Get(Get::Workspace)),
        ["article", id] => {
            get()?;
            decoded(id).map(|id| Route::Get(Get::Article(id))).ok_or_else(|| nothing(path))
        }
        ["tracking"] => {
            get()?;
            let [article, q, claim] = keys(query, ["article", "q", "claim"])?;
            Ok(Route::Get(Get::Tracking(TrackingRequest { article, q, claim })))
        }
        ["changes"] => {
            get()?;
            let [article] = keys(query, ["article"])?;
            Ok(Route::Get(Get::Changes(article)))
        }
        ["prefill"] => post(Post::Prefill),
        ["read"] => post(Post::Read),
        ["edit"] => post(Post::Edit),
        ["undo"] => post(Post::Undo),
        ["redo"] => post(Post::Redo),
        _ => Err(nothing(path)),
    }
}

fn allowed(method: &Method, methods: &[Method], names: &'static str) -> Result<(), Refusal> {
    if methods.contains(method) {
        return Ok(());
    }
    Err(Refusal::new(Code::Method(names), format!("{} is not answered here; {names} is", quoted(method.as_str(), 20))))
}

fn nothing(path: &str) -> Refusal {
    Refusal::not_found(format!("there is nothing at {}", quoted(path, 80)))
}

/// The values of the keys of a query; empty where one is not given.
fn keys<const N: usize>(query: &str, names: [&str; N]) -> Result<[String; N], Refusal> {
    let pairs = pairs(query).ok_or_else(|| Refusal::invalid("the query is not encoded as UTF-8 with %XX"))?;
    let mut values = [const { String::new() }; N];
    for (key, value) in pairs {
        let at = names.iter().position(|name| *name == key);
        let Some(place) = at.and_then(|at| values.get_mut(at)) else {
            return Err(Refusal::invalid(format!("unknown key {} in the query; there are: {}", quoted(&key, 40), names.join(", "))));
        };
        *place = value;
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(method: Method, path: &str, query: &str) -> String {
        match route(&method, path, query) {
            Ok(Route::Asset(asset)) => asset.path.to_owned(),
            Ok(other) => format!("{other:?}"),
            Err(refusal) => refusal.code.name().to_owned(),
        }
    }

    #[test]
    fn every_path_is_one_thing_or_nothing() {
        for (method, path, query, expected) in [
            (Method::GET, "/", "", "/"),
            (Method::HEAD, "/script/main.js", "", "/script/main.js"),
            (Method::POST, "/", "", "method"),
            (Method::GET, "/script/../page.html", "", "not_found"),
            (Method::GET, "/script/%2e%2e/page.html", "", "not_found"),
            (Method::GET, "/script/..%2f..%2fCargo.toml", "", "not_found"),
            (Method::GET, "//", "", "not_found"),
            (Method::GET, "/page.html", "", "not_found"),
            (Method::GET, "/favicon.ico", "", "not_found"),
            (Method::GET, "/api", "", "not_found"),
            (Method::GET, "/api/workspace", "", "Get(Workspace)"),
            (Method::HEAD, "/api/workspace", "", "method"),
            (Method::GET, "/api/workspace/", "", "not_found"),
            (Method::GET, "/api/article/en%2d1", "", "Get(Article(\"en-1\"))"),
            (Method::GET, "/api/article/%2e%2e%2fclaims", "", "Get(Article(\"../claims\"))"),
            (Method::GET, "/api/article/%ff", "", "not_found"),
            (Method::GET, "/api/article/a/b", "", "not_found"),
            (Method::GET, "/api/edit", "", "method"),
            (Method::DELETE, "/api/edit", "", "method"),
            (Method::POST, "/api/edit", "", "Post(Edit)"),
            (Method::GET, "/api/changes", "article=a", "Get(Changes(\"a\"))"),
            (Method::GET, "/api/changes", "artikel=a", "invalid"),
            (Method::GET, "/api/changes", "article=%", "invalid"),
        ] {
            assert_eq!(name(method.clone(), path, query), expected, "{method} {path}?{query}");
        }
    }
}
