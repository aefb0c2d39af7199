//! Messages in and out. A thread reads, so that what waits can be looked at before anything is worked on.

use std::collections::BTreeMap;
use std::io::{self, BufRead, ErrorKind, Read as _, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::source::LARGEST_FILE;

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A request that wants an answer.
    Request(Request),
    /// Something to take note of.
    Notification(Notification),
    /// Something that is no message.
    Malformed(Refusal),
}

/// The names of what stands in a message, whatever it is; none for null.
type Outline = BTreeMap<String, Option<IgnoredAny>>;

/// Reads messages until the stream ends or `exit` comes.
pub(super) fn reading(mut input: impl BufRead + Send + 'static) -> Receiver<Incoming> {
    let (sender, receiver) = channel();
    // Ends by itself: with the stream, with `exit`, or when nobody listens any more.
    drop(thread::spawn(move || while read(&mut input, &sender).is_some() {}));
    receiver
}

/// The longest header of a message, in bytes.
const LONGEST_HEADER: u64 = 4096;

/// The header and the body of the next message; none when there is no next one, or one that is larger than any file that is
/// read: nobody could find the message behind it.
fn framed(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut frame = Vec::new();
    while !frame.ends_with(b"\r\n\r\n") && frame != b"\r\n" {
        let left = LONGEST_HEADER.saturating_sub(frame.len() as u64);
        let read = input.by_ref().take(left).read_until(b'\n', &mut frame)?;
        if read == 0 || frame.len() as u64 == LONGEST_HEADER {
            return Ok(None);
        }
        if !frame.ends_with(b"\r\n") {
            return Ok(Some(frame)); // No header, which its reader says.
        }
    }
    let header = String::from_utf8_lossy(&frame).to_ascii_lowercase();
    let length = header.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<u64>().ok());
    let length = length.unwrap_or_default();
    let start = frame.len() as u64;
    let is_whole = length <= LARGEST_FILE && {
        input.by_ref().take(length).read_to_end(&mut frame)?;
        frame.len() as u64 - start == length
    };
    Ok(is_whole.then_some(frame))
}

/// Hands the next message on; none when there is no next one.
fn read(input: &mut impl BufRead, sender: &Sender<Incoming>) -> Option<()> {
    let frame = framed(input).ok()??;
    let outline = serde_json::from_slice::<Outline>(body(&frame)).unwrap_or_default();
    let incoming = match Message::read(&mut frame.as_slice()) {
        Ok(Some(Message::Request(request))) => Incoming::Request(request),
        // The id was none that an answer could have.
        Ok(Some(Message::Notification(_))) if outline.contains_key("id") => Incoming::Malformed(
            Refusal::invalid("the `id` of a request is a text or a whole number of 32 bits"),
        ),
        Ok(Some(Message::Notification(notification))) => Incoming::Notification(notification),
        Ok(Some(Message::Response(_))) => return Some(()), // nothing is ever asked of the editor
        Err(_) if is_response(&outline) => return Some(()),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            let problem = shortened(&error.to_string());
            let is_json = serde_json::from_slice::<IgnoredAny>(body(&frame)).is_ok();
            Incoming::Malformed(if is_json { Refusal::invalid(&problem) } else { Refusal::unread(problem) })
        }
        Ok(None) | Err(_) => return None,
    };
    let is_last = matches!(&incoming, Incoming::Notification(one) if one.method == "exit");
    sender.send(incoming).ok().filter(|()| !is_last)
}

/// What stands behind the header of a message.
fn body(frame: &[u8]) -> &[u8] {
    const END: &[u8] = b"\r\n\r\n";
    let end = frame.windows(END.len()).position(|bytes| bytes == END).map_or(0, |at| at + END.len());
    frame.get(end..).unwrap_or_default()
}

/// Whether it is meant as an answer, which gets none whatever is wrong with it.
fn is_response(outline: &Outline) -> bool {
    !outline.contains_key("method") && (outline.contains_key("result") || outline.contains_key("error"))
}

/// The beginning of a text: what was wrong stands in front of all that was sent.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// Where answers go.
pub(super) struct Outgoing<W>(pub(super) W);

impl<W: Write> Outgoing<W> {
    /// Answers a request.
    pub(super) fn answer(
        &mut self,
        id: RequestId,
        result: Result<serde_json::Value, Refusal>,
    ) -> io::Result<()> {
        let response = match result {
            Ok(result) => Response { id, response_result: Ok(result) },
            Err(Refusal { code, message }) => Response::new_err(id, code as i32, message),
        };
        Message::Response(response).write(&mut self.0)
    }

    /// Says something that nobody asked for.
    pub(super) fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        let params = serde_json::to_value(params)?;
        Message::Notification(Notification { method: method.to_owned(), params }).write(&mut self.0)
    }

    /// Answers what is no message: nobody knows whose request it was.
    pub(super) fn complain(&mut self, problem: &Refusal) -> io::Result<()> {
        let error = json!({ "code": problem.code as i32, "message": problem.message });
        let text = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string();
        write!(self.0, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        self.0.flush()
    }
}

/// Why a request has no result.
#[derive(Debug)]
pub(super) struct Refusal {
    code: ErrorCode,
    message: String,
}

impl Refusal {
    /// Nothing was ever said of such a request.
    pub(super) fn unknown(method: &str) -> Self {
        Self { code: ErrorCode::MethodNotFound, message: format!("there is no method `{method}` here") }
    }

    /// It cannot be read at all.
    fn unread(message: String) -> Self {
        Self { code: ErrorCode::ParseError, message }
    }

    /// It can be read, and is no message.
    fn invalid(message: &str) -> Self {
        Self { code: ErrorCode::InvalidRequest, message: message.to_owned() }
    }

    /// What was asked cannot be understood.
    pub(super) fn params(error: &serde_json::Error) -> Self {
        Self { code: ErrorCode::InvalidParams, message: error.to_string() }
    }

    /// It comes before `initialize` or after `shutdown`.
    pub(super) fn untimely(code: ErrorCode, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }

    /// What was asked was understood and cannot be done.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self { code: ErrorCode::InternalError, message: error.to_string() }
    }
}
