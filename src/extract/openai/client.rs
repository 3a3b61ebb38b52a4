//! One try: a request goes out, and what comes back is read whole, within a time and a size.

use std::borrow::Cow;
use std::io::{ErrorKind, Read};
use std::time::Duration;

use flate2::read::MultiGzDecoder;

use super::key::ApiKey;
use super::settings::OpenAiSettings;

/// Largest body of an answer, as sent and again as decompressed.
const LARGEST_BODY: u64 = 16 << 20;

/// Largest head of an answer.
const LARGEST_HEAD: usize = 64 << 10;

/// For connecting, of the time of a try.
const CONNECT: Duration = Duration::from_secs(10);

/// Sends requests to one address and to no other: redirects are not followed.
#[derive(Debug)]
pub(super) struct Client {
    agent: ureq::Agent,
    url: String,
    key: Option<ApiKey>,
}

/// What came back, as it came: a body in which a word had been replaced would be another answer. What is shown of it goes through
/// [`Client::redacted`] first, and is cut then.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As text, decompressed; what is no UTF-8 is replaced.
    pub body: String,
    /// Why the body is not to be used.
    pub flaw: Option<Flaw>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub why: String,
    /// Whether another try may end better.
    pub passing: bool,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub kind: BrokenKind,
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BrokenKind {
    /// Nobody there.
    Connect,
    /// Somebody is there and cannot be trusted, or there is no such address.
    Never,
    /// Not in time.
    Timeout,
    /// The connection ended, or what came is no HTTP.
    Cut,
    /// More than is read.
    TooLarge,
}

impl Reply {
    /// The value of a header, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The media type, without its parameters.
    pub(super) fn media_type(&self) -> &str {
        self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim()
    }
}

impl Client {
    pub(super) fn new(settings: &OpenAiSettings, key: Option<ApiKey>) -> Client {
        let url = settings.url();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(LARGEST_HEAD)
            .max_idle_connections(settings.jobs)
            .max_idle_connections_per_host(settings.jobs)
            .timeout_global(Some(settings.timeout))
            .timeout_connect(Some(settings.timeout.min(CONNECT)))
            .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")));
        // Only this machine is asked without TLS, and no proxy stands before it.
        let config = if url.starts_with("http://") { config.proxy(None) } else { config };
        Client { agent: config.build().into(), url, key }
    }

    /// What is sent beside the body, the key left out.
    pub(super) fn shown_headers(&self) -> Vec<(String, String)> {
        let mut headers = HEADERS.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        headers.extend(self.key.as_ref().map(|_| ("authorization".to_owned(), "Bearer [key]".to_owned())));
        headers
    }

    /// A text for people without the key.
    pub(super) fn redacted(&self, text: &str) -> String {
        self.key.as_ref().map_or_else(|| text.to_owned(), |key| key.redact(text).into_owned())
    }

    /// A text of an answer, or of what is sent, without the key; a word in its place stays.
    pub(super) fn redacted_data<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.key.as_ref().map_or(Cow::Borrowed(text), |key| key.redact_data(text))
    }

    /// Sends a body and waits for what comes back.
    pub(super) fn post(&self, body: &[u8]) -> Result<Reply, Broken> {
        let mut request = self.agent.post(&self.url);
        for (name, value) in HEADERS {
            request = request.header(name, value);
        }
        if let Some(key) = &self.key {
            request = request.header("authorization", key.bearer());
        }
        let response = request.send(body).map_err(|error| self.broken(error))?;
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let mut reply = Reply { status: response.status().as_u16(), headers: headers.collect(), ..Reply::default() };
        let mut bytes = Vec::new();
        let read = response.into_body().into_reader().take(LARGEST_BODY + 1).read_to_end(&mut bytes);
        let flaw = match read {
            Err(error) => {
                let broken = self.broken(ureq::Error::from(error));
                if broken.kind == BrokenKind::Timeout {
                    return Err(broken);
                }
                Some(Flaw { why: format!("the answer was cut off ({})", broken.why), passing: true })
            }
            Ok(_) if bytes.len() as u64 > LARGEST_BODY => Some(too_large("is")),
            Ok(_) => None,
        };
        let (text, flaw) = match flaw {
            Some(flaw) => (String::from_utf8_lossy(&bytes[..bytes.len().min(KEPT)]).into_owned(), Some(flaw)),
            None => decoded(bytes, reply.header("content-encoding").unwrap_or_default()),
        };
        (reply.body, reply.flaw) = (text, flaw);
        Ok(reply)
    }

    fn broken(&self, error: ureq::Error) -> Broken {
        use ureq::{Error, Timeout};
        let (kind, why) = match &error {
            Error::Timeout(Timeout::Connect | Timeout::Resolve) => (BrokenKind::Connect, "no connection in time".to_owned()),
            Error::Timeout(_) => (BrokenKind::Timeout, String::new()),
            Error::HostNotFound | Error::ConnectionFailed => (BrokenKind::Connect, "there is no such host".to_owned()),
            Error::Io(io) => match io.kind() {
                ErrorKind::TimedOut | ErrorKind::WouldBlock => (BrokenKind::Timeout, String::new()),
                ErrorKind::ConnectionRefused => (BrokenKind::Connect, "connection refused".to_owned()),
                ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::AddrNotAvailable => {
                    (BrokenKind::Connect, io.to_string())
                }
                // A host without an address has no kind of its own.
                _ if io.to_string().contains("lookup address") => (BrokenKind::Connect, "there is no such host".to_owned()),
                // Certificates that do not hold come as such an error.
                ErrorKind::InvalidData if io.to_string().contains("certificate") => (BrokenKind::Never, io.to_string()),
                _ => (BrokenKind::Cut, io.to_string()),
            },
            Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => (BrokenKind::Never, error.to_string()),
            Error::BadUri(_) | Error::InvalidProxyUrl | Error::RequireHttpsOnly(_) | Error::Http(_) => {
                (BrokenKind::Never, error.to_string())
            }
            Error::ConnectProxyFailed(_) => (BrokenKind::Connect, "the proxy does not connect".to_owned()),
            Error::LargeResponseHeader(..) => {
                (BrokenKind::TooLarge, format!("the head of the answer is larger than {} KiB", LARGEST_HEAD >> 10))
            }
            _ => (BrokenKind::Cut, error.to_string()),
        };
        Broken { kind, why: self.redacted(&why) }
    }
}

const HEADERS: [(&str, &str); 3] = [("content-type", "application/json"), ("accept", "application/json"), ("accept-encoding", "gzip")];

/// Bytes that are kept of a body that cannot be used: more than is shown, because the key is taken out before.
const KEPT: usize = 64 << 10;

fn too_large(is: &str) -> Flaw {
    Flaw { why: format!("the answer {is} larger than {} MiB", LARGEST_BODY >> 20), passing: false }
}

/// A body as text, and why it is not to be used.
fn decoded(bytes: Vec<u8>, encoding: &str) -> (String, Option<Flaw>) {
    let mut flaw = None;
    let bytes = match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => bytes,
        "gzip" | "x-gzip" => {
            let mut plain = Vec::new();
            match MultiGzDecoder::new(&bytes[..]).take(LARGEST_BODY + 1).read_to_end(&mut plain) {
                Err(error) => flaw = Some(Flaw { why: format!("the answer is damaged gzip ({error})"), passing: true }),
                Ok(_) if plain.len() as u64 > LARGEST_BODY => flaw = Some(too_large("unpacks to something")),
                Ok(_) => {}
            }
            if flaw.is_some() {
                plain.truncate(KEPT);
            }
            plain
        }
        _ => {
            flaw = Some(Flaw { why: "the answer is packed in a way that was not asked for".to_owned(), passing: false });
            Vec::new()
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => (text, flaw),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (text, flaw.or_else(|| Some(Flaw { why: format!("byte {} of the answer is not UTF-8", at + 1), passing: true })))
        }
    }
}
