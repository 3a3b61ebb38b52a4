//! Connections: how many there are at once, and how long one may be silent.
//!
//! A request must be whole soon after its first byte, and a connection that asks for nothing is closed after a while. When there are too
//! many, the oldest one that waits for nothing makes room: whoever opens connections and says nothing keeps nobody out.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{Instant, Sleep};

/// How many and how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Connections at once.
    pub most: usize,
    /// From the first byte of a request to its last.
    pub request: Duration,
    /// Between two requests, and between two parts of an answer.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { most: 128, request: Duration::from_secs(10), silence: Duration::from_secs(75) }
    }
}

/// Takes connections in.
#[derive(Debug)]
pub(super) struct Connections {
    listener: TcpListener,
    limits: Limits,
    /// Oldest first.
    open: VecDeque<(Weak<AtomicU8>, oneshot::Sender<()>)>,
}

/// What a connection is doing.
const WAITS: u8 = 0;
const RECEIVES: u8 = 1;
const IS_ANSWERED: u8 = 2;

/// Belongs to a connection: says what it is doing.
#[derive(Clone, Debug)]
pub(super) struct Pass(Arc<AtomicU8>);

impl Pass {
    /// The request is whole; from now on it is the server that takes its time.
    pub fn is_being_answered(&self) {
        self.0.store(IS_ANSWERED, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Connections>> for Pass {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Pass {
        stream.io().pass.clone()
    }
}

impl Connections {
    pub fn new(listener: TcpListener, limits: Limits) -> Connections {
        Connections { listener, limits, open: VecDeque::new() }
    }

    /// A place for one more; none where all are being answered.
    fn place(&mut self) -> Option<(Pass, oneshot::Receiver<()>)> {
        self.open.retain(|(connection, _)| connection.strong_count() > 0);
        if self.open.len() >= self.limits.most {
            let is_idle = |state: &Weak<AtomicU8>| state.upgrade().is_none_or(|state| state.load(Ordering::Relaxed) != IS_ANSWERED);
            let oldest = self.open.iter().position(|(state, _)| is_idle(state))?;
            if let Some((_, end)) = self.open.remove(oldest) {
                let _gone = end.send(());
            }
        }
        let pass = Pass(Arc::new(AtomicU8::new(WAITS)));
        let (end, ended) = oneshot::channel();
        self.open.push_back((Arc::downgrade(&pass.0), end));
        Some((pass, ended))
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    if let Some((pass, ended)) = self.place() {
                        return (Connection::new(stream, pass, ended, self.limits), address);
                    }
                }
                // No file descriptor is free, or the other side has gone: others may still be served.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that is not silent for too long.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    pass: Pass,
    limits: Limits,
    until: Pin<Box<Sleep>>,
    /// Hears that room is needed; gone when nobody can say so any more, for then the server is ending.
    ended: Option<oneshot::Receiver<()>>,
    is_over: bool,
}

impl Connection {
    fn new(stream: TcpStream, pass: Pass, ended: oneshot::Receiver<()>, limits: Limits) -> Connection {
        // Small answers go at once; where that cannot be set they come a little later.
        let _slower = stream.set_nodelay(true);
        Connection { stream, pass, limits, until: Box::pin(tokio::time::sleep(limits.silence)), ended: Some(ended), is_over: false }
    }

    fn goes_on(&mut self, state: u8, time: Duration, cx: &mut Context<'_>) {
        self.pass.0.store(state, Ordering::Relaxed);
        self.until.as_mut().reset(Instant::now() + time);
        // Asked once, so that whoever reads is woken when the time is over: it may not ask again before.
        let _soon = self.until.as_mut().poll(cx);
    }

    /// Whether nothing more is waited for.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        match self.ended.as_mut().map(|ended| Pin::new(ended).poll(cx)) {
            Some(Poll::Ready(said)) => {
                self.ended = None;
                self.is_over |= said.is_ok();
            }
            Some(Poll::Pending) | None => {}
        }
        let is_answered = self.pass.0.load(Ordering::Relaxed) == IS_ANSWERED;
        self.is_over |= !is_answered && self.until.as_mut().poll(cx).is_ready();
        self.is_over
    }

    /// After a part of an answer was sent.
    fn sent(&mut self, written: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if written.is_pending() {
            // A reader that does not read is as silent as one that does not write.
            if self.pass.0.load(Ordering::Relaxed) == IS_ANSWERED {
                self.goes_on(WAITS, self.limits.silence, cx);
            }
            return if self.is_over(cx) { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { Poll::Pending };
        }
        self.goes_on(WAITS, self.limits.silence, cx);
        written
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buffer) {
            let is_first = buffer.filled().len() > before && self.pass.0.load(Ordering::Relaxed) == WAITS;
            if is_first {
                let time = self.limits.request;
                self.goes_on(RECEIVES, time, cx);
            } else if self.is_over(cx) {
                // One byte now and then is silence, too.
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            return Poll::Ready(read);
        }
        if self.is_over(cx) { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { Poll::Pending }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.sent(written, cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.sent(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::sync::mpsc;

    use axum::Router;
    use axum::extract::ConnectInfo;

    use super::*;

    const ASKED: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    /// Far more than anything here needs.
    const HANG_GUARD: Duration = Duration::from_secs(30);

    /// A server in a thread of its own, which lives as long as the test program; its answers take `work`.
    fn serve(limits: Limits, work: Duration) -> SocketAddr {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let answer = move |ConnectInfo(pass): ConnectInfo<Pass>| async move {
                    pass.is_being_answered();
                    tokio::time::sleep(work).await;
                    "done"
                };
                let service = Router::new().fallback(answer).into_make_service_with_connect_info::<Pass>();
                axum::serve(Connections::new(listener, limits), service).await.unwrap();
            });
        });
        told.recv().unwrap()
    }

    fn connect(address: SocketAddr) -> std::net::TcpStream {
        let stream = std::net::TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(HANG_GUARD)).unwrap();
        stream
    }

    /// What comes until the other side closes; a connection that is cut is closed, too.
    fn rest(mut stream: std::net::TcpStream) -> String {
        let mut all = Vec::new();
        let ended = stream.read_to_end(&mut all);
        assert!(!ended.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock), "it is still open");
        String::from_utf8(all).unwrap()
    }

    fn ask(stream: &mut std::net::TcpStream) -> String {
        stream.write_all(ASKED).unwrap();
        let mut answer = Vec::new();
        let mut byte = [0];
        while !answer.ends_with(b"done") && stream.read(&mut byte).unwrap() == 1 {
            answer.push(byte[0]);
        }
        String::from_utf8(answer).unwrap()
    }

    const SHORT: Duration = Duration::from_millis(300);

    #[test]
    fn silence_ends_a_connection_and_slow_answers_do_not() {
        let limits = Limits { most: 10, request: SHORT, silence: SHORT };
        let address = serve(limits, 3 * SHORT);
        assert_eq!(rest(connect(address)), "");
        let mut half = connect(address);
        half.write_all(&ASKED[..20]).unwrap();
        assert!(!rest(half).contains("done"));
        let mut whole = connect(address);
        assert!(ask(&mut whole).ends_with("done"));
        assert_eq!(rest(whole), "");
    }

    #[test]
    fn a_byte_now_and_then_is_silence() {
        let limits = Limits { most: 10, request: SHORT, silence: HANG_GUARD };
        let mut slow = connect(serve(limits, Duration::ZERO));
        let mut feeder = slow.try_clone().unwrap();
        let fed = std::thread::spawn(move || {
            let header = std::iter::once(&b"GET / HTTP/1.1\r\nx: "[..]).chain(std::iter::repeat(&b"x"[..]));
            header.take_while(|part| feeder.write_all(part).map(|()| std::thread::sleep(SHORT / 10)).is_ok()).take(3000).count()
        });
        let mut answer = String::new();
        let _cut = slow.read_to_string(&mut answer);
        assert!(!answer.contains("done"), "{answer}");
        assert!(fed.join().unwrap() < 3000);
    }

    #[test]
    fn who_says_nothing_makes_room() {
        let limits = Limits { most: 3, request: HANG_GUARD, silence: HANG_GUARD };
        let address = serve(limits, Duration::ZERO);
        let mut silent: Vec<_> = (0..3).map(|_| connect(address)).collect();
        silent[2].write_all(&ASKED[..5]).unwrap();
        let mut other = connect(address);
        assert!(ask(&mut other).ends_with("done"));
        // The oldest one went; the others are as they were.
        assert_eq!(rest(silent.remove(0)), "");
        assert!(ask(&mut silent[0]).ends_with("done"));
        silent[1].write_all(&ASKED[5..]).unwrap();
        let mut byte = [0];
        assert_eq!(silent[1].read(&mut byte).unwrap(), 1);
    }
}
