//! The server of the page: on this machine only, for this page only. `docs/labelling.md` says what it guards.
//!
//! Data flows one way: `connections` lets requests in, `guard` sends those away that are not from the page, `route` says what is asked for,
//! `desk` asks the session, one after the other and in a thread of its own, and `answer` writes what is sent back.

mod answer;
mod connections;
mod desk;
mod guard;
mod respond;
mod route;
mod token;
mod url;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;

use super::Session;
use connections::{Connections, Limits, Pass};
use desk::Desk;
use guard::Guard;
use respond::{App, respond};

/// How often it is looked whether the server is to stop.
const TICK: Duration = Duration::from_millis(50);
/// How long answers in flight are waited for when it stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The port is taken, or not allowed.
    #[error("cannot listen on 127.0.0.1:{port}: {source}{}", if *.port == 0 { "" } else { "; another --port, or none, may be free" })]
    Listen {
        /// As asked for.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// Anything else that the system said.
    #[error("the server cannot run: {0}")]
    System(#[from] std::io::Error),
}

/// A server that has its port and its token, and answers from [`Server::serve`] on.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    port: u16,
    token: String,
}

impl Server {
    /// The port where none is asked for.
    pub const USUAL_PORT: u16 = 4747;

    /// Takes a port of 127.0.0.1, and draws a token. Without a port it is [`Server::USUAL_PORT`] where that is free, so that what a browser
    /// keeps for this address is found again by the next server; else any free one.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no random numbers.
    pub fn bind(port: Option<u16>) -> Result<Server, ServerError> {
        let at = |port: u16| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let listener = match port {
            Some(port) => at(port),
            None => at(Server::USUAL_PORT).or_else(|_| at(0)),
        };
        let port = port.unwrap_or(0);
        let listener = listener.map_err(|source| ServerError::Listen { port, source })?;
        let port = listener.local_addr()?.port();
        Ok(Server { listener, port, token: token::draw()? })
    }

    /// Where the page is. The token stands behind `#`: a browser sends that to nobody.
    pub fn url(&self, article_id: Option<&str>) -> String {
        let article = article_id.map(|id| format!("/{id}")).unwrap_or_default();
        format!("http://127.0.0.1:{}/#{}{article}", self.port, self.token)
    }

    /// Answers until `stop` is set; then an edit that is being made is finished. `told` hears what the user is to know.
    ///
    /// # Errors
    /// When the system gives no socket or thread.
    pub fn serve(self, session: Session, stop: &AtomicBool, told: &mut dyn FnMut(&str)) -> Result<(), ServerError> {
        let Server { listener, port, token } = self;
        listener.set_nonblocking(true)?;
        let (desk, worker, notes) = Desk::open(session)?;
        let app = Arc::new(App { guard: Guard::new(port, token), desk });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let served = runtime.block_on(async {
            let connections = Connections::new(tokio::net::TcpListener::from_std(listener)?, Limits::default());
            let router = Router::new().fallback(respond).with_state(app);
            let (end, mut ended) = tokio::sync::watch::channel(false);
            let until = async move { _ = ended.wait_for(|is_over| *is_over).await };
            let service = router.into_make_service_with_connect_info::<Pass>();
            let serving = tokio::spawn(axum::serve(connections, service).with_graceful_shutdown(until).into_future());
            while !stop.load(Ordering::Relaxed) && !serving.is_finished() {
                tokio::time::sleep(TICK).await;
                notes.try_iter().for_each(|note| told(&note));
            }
            end.send_replace(true);
            // Who is silent now is not waited for.
            match tokio::time::timeout(FAREWELL, serving).await {
                Ok(Ok(served)) => served,
                Ok(Err(_)) | Err(_) => Ok(()),
            }
        });
        // The last sender goes with the runtime; the desk then finishes what it has in hand.
        drop(runtime);
        let _ended = worker.join();
        notes.try_iter().for_each(|note| told(&note));
        Ok(served?)
    }
}
