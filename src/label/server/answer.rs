//! What is sent back.

use axum::body::Body;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::super::{Asset, Code, Refusal};

/// Nothing is loaded from anywhere else, nothing is sent anywhere else, and no page frames this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// On every answer.
const ALWAYS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// A file of the page.
pub(super) fn asset(asset: &'static Asset) -> Response {
    made(StatusCode::OK, asset.content_type, Body::from(asset.text))
}

/// A JSON value that was written already.
pub(super) fn json(bytes: Vec<u8>) -> Response {
    made(StatusCode::OK, JSON, Body::from(bytes))
}

/// Why there is no answer.
pub(super) fn refusal(refusal: &Refusal) -> Response {
    let mut response = made(status(refusal.code), JSON, Body::from(refusal.json().to_string()));
    if let Code::Method(names) = refusal.code {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(names));
    }
    response
}

const JSON: &str = "application/json";

fn made(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    always(response.headers_mut());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn always(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::BadJson => StatusCode::BAD_REQUEST,
        Code::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::Conflict => StatusCode::CONFLICT,
        Code::CannotWrite => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
