//! A web server on this machine that answers, or misbehaves, as a test says. Used by the tests of core as well.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What came in.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// Names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// What goes out.
#[derive(Debug, Clone)]
pub(crate) struct Says {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) how: How,
}

/// How an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Whole,
    /// Only so many bytes of the body come.
    CutAt(usize),
    /// None ever comes.
    Never,
    /// The line is cut before the first byte.
    HangUp,
}

impl Says {
    pub(crate) fn json(body: impl Into<String>) -> Self {
        Self::typed("application/json", body.into())
    }

    pub(crate) fn typed(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status: 200, headers, body: body.into(), how: How::Whole }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), how: How::Whole }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The server; it ends with the program.
pub(crate) struct Web {
    address: std::net::SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Web {
    pub(crate) fn new(answer: impl Fn(&Asked) -> Says + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let Some(one) = read(&stream) else { return };
                    log.lock().unwrap_or_else(PoisonError::into_inner).push(one.clone());
                    write(stream, &answer(&one));
                });
            }
        });
        Self { address, asked }
    }

    /// `http://127.0.0.1:<port>`
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came in so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut body = String::new();
    lines.take(length).read_to_string(&mut body).ok()?;
    Some(Asked { path, headers, body })
}

fn write(mut stream: TcpStream, says: &Says) {
    let mut head = format!("HTTP/1.1 {} -\r\nconnection: close\r\n", says.status);
    for (name, value) in &says.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", says.body.len());
    // Whoever asked may have gone; that is what some tests are about.
    match says.how {
        How::Whole => drop(stream.write_all(&[head.as_bytes(), &says.body].concat())),
        How::CutAt(at) => drop(stream.write_all(&[head.as_bytes(), &says.body[..at]].concat())),
        How::Never => drop(stream.read(&mut [0])),
        How::HangUp => {}
    }
    let _ = stream.shutdown(Shutdown::Both);
}
