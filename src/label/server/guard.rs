//! Who is answered: the page of this server, and nobody else.
//!
//! Any page that a browser shows may send requests to 127.0.0.1, and a name that somebody else owns may lead there. The host tells such a
//! name apart, the origin another page, and the token, which no other page knows, everything else.

use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::super::{Code, Refusal};
use super::token;

/// The header that the token stands in.
const TOKEN: HeaderName = HeaderName::from_static("x-assay-token");
/// Where browsers say which page a request comes from.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What is asked of every request.
#[derive(Debug)]
pub(super) struct Guard {
    hosts: Vec<String>,
    token: String,
}

impl Guard {
    /// For a port and a token.
    pub fn new(port: u16, token: String) -> Guard {
        const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];
        let mut hosts: Vec<String> = NAMES.iter().map(|name| format!("{name}:{port}")).collect();
        if port == 80 {
            // Browsers leave it out.
            hosts.extend(NAMES.map(str::to_owned));
        }
        Guard { hosts, token }
    }

    /// Lets requests pass that are for this server and come from its page, or from nowhere.
    pub fn check_origin(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = one(headers, &HOST)?.ok_or_else(|| forbidden("the request names no host"))?;
        if !self.is_host(host.as_bytes()) || uri.authority().is_some_and(|authority| !self.is_host(authority.as_str().as_bytes())) {
            return Err(forbidden("this server answers to 127.0.0.1, localhost and [::1] with its port, and to no other name"));
        }
        if let Some(origin) = one(headers, &ORIGIN)? {
            let is_own = origin.as_bytes().strip_prefix(b"http://").is_some_and(|host| self.is_host(host));
            if !is_own {
                return Err(forbidden("the request comes from another page"));
            }
        }
        match one(headers, &SITE)?.map(HeaderValue::as_bytes) {
            None | Some(b"same-origin" | b"none") => Ok(()),
            Some(_) => Err(forbidden("the request comes from another page")),
        }
    }

    /// Lets requests pass that know the token.
    pub fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match one(headers, &TOKEN)? {
            Some(given) if token::is_same(&self.token, given.as_bytes()) => Ok(()),
            _ => Err(forbidden("the token is missing or wrong: open the address that `assay label` printed")),
        }
    }

    fn is_host(&self, host: &[u8]) -> bool {
        self.hosts.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(host))
    }
}

/// Lets bodies pass that say that they are JSON: what a form sends is not, and no other page may send it without being asked first.
pub(super) fn check_media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = one(headers, &CONTENT_TYPE)?.map(HeaderValue::as_bytes).unwrap_or_default();
    let essence = given.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if essence.eq_ignore_ascii_case(b"application/json") {
        return Ok(());
    }
    Err(Refusal::new(Code::MediaType, "the body must be JSON, with content-type: application/json"))
}

/// The value of a header, which is there once at most: of two, nobody knows which one the next reader takes.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(forbidden(&format!("the header {name} is there twice"))),
    }
}

fn forbidden(message: &str) -> Refusal {
    Refusal::new(Code::Forbidden, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        map
    }

    fn passes(uri: &str, pairs: &[(&str, &str)]) -> bool {
        let guard = Guard::new(8080, "t".to_owned());
        guard.check_origin(&uri.parse().unwrap(), &headers(pairs)).is_ok()
    }

    #[test]
    fn only_the_own_page_passes() {
        let host = ("host", "127.0.0.1:8080");
        for (expected, uri, pairs) in [
            (true, "/", vec![host]),
            (true, "/", vec![("host", "LOCALHOST:8080")]),
            (true, "/", vec![("host", "[::1]:8080"), ("origin", "http://localhost:8080")]),
            (true, "/", vec![host, ("sec-fetch-site", "none")]),
            (true, "http://localhost:8080/", vec![host]),
            (false, "/", vec![]),
            (false, "/", vec![("host", "127.0.0.1")]),
            (false, "/", vec![("host", "127.0.0.1:8081")]),
            (false, "/", vec![("host", "rebound.example:8080")]),
            (false, "/", vec![("host", "127.0.0.1:8080.example")]),
            (false, "/", vec![host, host]),
            (false, "http://rebound.example/", vec![host]),
            (false, "/", vec![host, ("origin", "http://rebound.example:8080")]),
            (false, "/", vec![host, ("origin", "https://127.0.0.1:8080")]),
            (false, "/", vec![host, ("origin", "null")]),
            (false, "/", vec![host, ("origin", "http://127.0.0.1:8080"), ("origin", "http://x.example")]),
            (false, "/", vec![host, ("sec-fetch-site", "cross-site")]),
            (false, "/", vec![host, ("sec-fetch-site", "same-site")]),
        ] {
            assert_eq!(passes(uri, &pairs), expected, "{uri} {pairs:?}");
        }
    }

    #[test]
    fn the_token_is_there_once_and_right() {
        let guard = Guard::new(1, "secret".to_owned());
        let mut map = headers(&[("x-assay-token", "secret")]);
        assert!(guard.check_token(&map).is_ok());
        map.append("x-assay-token", HeaderValue::from_static("secret"));
        assert!(guard.check_token(&map).is_err());
        for wrong in [&[][..], &[("x-assay-token", "")], &[("x-assay-token", "secre")], &[("authorization", "secret")]] {
            assert!(guard.check_token(&headers(wrong)).is_err());
        }
    }

    #[test]
    fn only_json_is_taken() {
        for (expected, given) in [
            (true, "application/json"),
            (true, "Application/JSON; charset=utf-8"),
            (false, "text/plain"),
            (false, "application/x-www-form-urlencoded"),
            (false, "multipart/form-data; boundary=x"),
            (false, "application/jsonp"),
            (false, "text/plain; application/json"),
        ] {
            assert_eq!(check_media_type(&headers(&[("content-type", given)])).is_ok(), expected, "{given}");
        }
        assert!(check_media_type(&HeaderMap::new()).is_err());
    }
}
