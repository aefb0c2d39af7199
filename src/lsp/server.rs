//! The conversation: what is asked, in which order, and when documents are examined.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError};

use lsp_server::{ErrorCode, Notification, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::desk::{self, Buffer, Desk};
use super::lines::Encoding;
use super::protocol::{ActionsAt, At, Changed, Opened, Published, ReferencesAt, RenameAt, Whole};
use super::publish::{Board, Pointer};
use super::study::Study;
use super::transport::{Incoming, Outgoing, Refusal};
use super::{Ended, Setup};

/// How far the conversation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing was agreed on yet.
    Before,
    /// In the middle.
    Open,
    /// `shutdown` was asked for.
    Over,
}

/// One conversation.
pub(super) struct Server<'s, W> {
    pub(super) setup: &'s Setup<'s>,
    pub(super) desk: Desk,
    pub(super) encoding: Encoding,
    out: Outgoing<W>,
    phase: Phase,
    studies: BTreeMap<PathBuf, Study>,
    /// Documents that changed since they were examined.
    stale: BTreeSet<PathBuf>,
    board: Board,
}

/// A document with what is known of it.
pub(super) struct Open<'s> {
    pub(super) path: PathBuf,
    pub(super) study: &'s Study,
    pub(super) desk: &'s Desk,
    pub(super) setup: &'s Setup<'s>,
    pub(super) encoding: Encoding,
    /// The other documents that are open.
    pub(super) studies: &'s BTreeMap<PathBuf, Study>,
}

impl Open<'_> {
    /// Turns places of the document into those of the editor.
    pub(super) fn pointer(&self) -> Pointer<'_> {
        Pointer::new(self.study, self.desk, self.encoding)
    }

    /// The text of the document.
    pub(super) fn text(&self) -> &str {
        self.study.document().map_or("", |file| file.text())
    }

    /// The byte at a position in the document.
    pub(super) fn byte(&self, position: super::protocol::Position) -> usize {
        super::lines::Lines::of(self.text(), self.encoding).byte(position)
    }
}

impl<'s, W: Write> Server<'s, W> {
    pub(super) fn new(out: Outgoing<W>, setup: &'s Setup<'s>) -> Self {
        Self {
            setup,
            desk: Desk::default(),
            encoding: Encoding::Utf16,
            out,
            phase: Phase::Before,
            studies: BTreeMap::new(),
            stale: BTreeSet::new(),
            board: Board::default(),
        }
    }

    /// Answers until the end. Documents are examined when nothing waits.
    pub(super) fn run(mut self, incoming: &Receiver<Incoming>) -> io::Result<Ended> {
        loop {
            let next = match incoming.try_recv() {
                Err(TryRecvError::Empty) => match self.stale.pop_first() {
                    Some(path) => {
                        self.examine(&path)?;
                        continue;
                    }
                    None => incoming.recv().ok(),
                },
                received => received.ok(),
            };
            match next {
                None => return Ok(self.ended()),
                Some(Incoming::Notification(one)) if one.method == "exit" => return Ok(self.ended()),
                Some(Incoming::Notification(one)) => self.note(one)?,
                Some(Incoming::Malformed(problem)) => self.out.complain(&problem)?,
                Some(Incoming::Request(request)) => {
                    let id = request.id.clone();
                    let result = self.answer(request)?;
                    self.out.answer(id, result)?;
                }
            }
        }
    }

    fn ended(&self) -> Ended {
        if self.phase == Phase::Over { Ended::Properly } else { Ended::Abruptly }
    }

    /// Takes note of something. What cannot be understood is left alone, as the protocol has it.
    fn note(&mut self, notification: Notification) -> io::Result<()> {
        if self.phase != Phase::Open {
            return Ok(());
        }
        let Notification { method, params } = notification;
        match method.as_str() {
            "textDocument/didOpen" => self.opened(read(params)),
            "textDocument/didChange" => self.changed(read(params)),
            "textDocument/didClose" => return self.closed(read(params)),
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.stale.extend(self.desk.paths().cloned());
            }
            _ => {}
        }
        Ok(())
    }

    fn opened(&mut self, opened: Option<Opened>) {
        let Some(Opened { text_document: document }) = opened else { return };
        let path = desk::place(&document.uri);
        let buffer = Buffer { uri: document.uri, version: document.version, text: document.text };
        self.desk.open(path.clone(), buffer);
        self.outdate(&path);
    }

    fn changed(&mut self, changed: Option<Changed>) {
        let Some(Changed { text_document: document, content_changes }) = changed else { return };
        let path = desk::place(&document.uri);
        let Some(buffer) = self.desk.buffer_mut(&path) else { return };
        for change in content_changes {
            buffer.change(change, self.encoding);
        }
        buffer.version = document.version;
        self.outdate(&path);
    }

    fn closed(&mut self, closed: Option<Whole>) -> io::Result<()> {
        let Some(Whole { text_document: document }) = closed else { return Ok(()) };
        let path = desk::place(&document.uri);
        self.desk.close(&path);
        self.studies.remove(&path);
        self.outdate(&path);
        self.stale.remove(&path);
        let files = self.board.put(&path, BTreeMap::from([(document.uri, Vec::new())]));
        self.publish(files)
    }

    /// A document has another text now: so have those that draw it in.
    fn outdate(&mut self, path: &Path) {
        self.stale.insert(path.to_owned());
        let drawing = self.studies.iter().filter(|(_, study)| study.draws_in(path));
        self.stale.extend(drawing.map(|(path, _)| path.clone()));
    }

    /// Examines a document as it is now, and says what there is to say.
    fn examine(&mut self, path: &Path) -> io::Result<()> {
        self.stale.remove(path);
        let study = Study::of(path, &self.desk, &BTreeMap::new(), self.setup);
        let said = Pointer::new(&study, &self.desk, self.encoding).said();
        let files = self.board.put(path, said);
        self.publish(files)?;
        // What is known of an earlier text is taken apart only now: nobody waits for that.
        let study = study.after(self.studies.remove(path));
        self.studies.insert(path.to_owned(), study);
        Ok(())
    }

    fn publish(&mut self, files: Vec<(String, Vec<super::protocol::Diagnostic>)>) -> io::Result<()> {
        for (uri, diagnostics) in files {
            let version = self.desk.buffer(&desk::place(&uri)).map(|buffer| buffer.version);
            let published = Published { uri: &uri, version, diagnostics: &diagnostics };
            self.out.notify("textDocument/publishDiagnostics", published)?;
        }
        Ok(())
    }

    fn answer(&mut self, request: Request) -> io::Result<Result<Value, Refusal>> {
        let Request { method, params, .. } = request;
        match (method.as_str(), self.phase) {
            ("initialize", Phase::Before) => Ok(Ok(self.initialize(&params))),
            (_, Phase::Before) => {
                let problem = "`initialize` comes first";
                Ok(Err(Refusal::untimely(ErrorCode::ServerNotInitialized, problem)))
            }
            ("initialize", _) | (_, Phase::Over) => {
                Ok(Err(Refusal::untimely(ErrorCode::InvalidRequest, "it is too late for that")))
            }
            ("shutdown", Phase::Open) => {
                self.phase = Phase::Over;
                Ok(Ok(Value::Null))
            }
            (method, Phase::Open) => self.ask(method, params),
        }
    }

    /// Agrees on what columns count, and says what there is.
    fn initialize(&mut self, params: &Value) -> Value {
        let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let has_utf8 = offered.is_some_and(|names| names.iter().any(|name| name == "utf-8"));
        self.encoding = if has_utf8 { Encoding::Utf8 } else { Encoding::Utf16 };
        self.phase = Phase::Open;
        json!({
            "capabilities": {
                "positionEncoding": self.encoding.name(),
                "textDocumentSync": { "openClose": true, "change": 2, "save": true },
                "completionProvider": { "triggerCharacters": [" ", "[", "{", ",", "("] },
                "hoverProvider": true,
                "definitionProvider": true,
                "referencesProvider": true,
                "renameProvider": { "prepareProvider": true },
                "codeActionProvider": { "codeActionKinds": ["quickfix"] },
                "documentSymbolProvider": true,
                "documentFormattingProvider": true,
            },
            "serverInfo": { "name": "mailward", "version": env!("CARGO_PKG_VERSION") },
        })
    }

    /// A question about a document; nothing is known of one that is not open.
    fn ask(&mut self, method: &str, params: Value) -> io::Result<Result<Value, Refusal>> {
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).map(desk::place);
        let path = uri.filter(|path| self.desk.buffer(path).is_some());
        if let Some(path) = &path
            && self.stale.contains(path)
            && method != "textDocument/completion"
        {
            self.examine(path)?;
        }
        let open = path.and_then(|path| {
            let study = self.studies.get(&path)?;
            let (desk, studies, setup) = (&self.desk, &self.studies, self.setup);
            Some(Open { path, study, desk, setup, encoding: self.encoding, studies })
        });
        Ok(answer_about(method, params, open.as_ref()))
    }
}

/// The answer to a question about a document.
fn answer_about(method: &str, params: Value, open: Option<&Open<'_>>) -> Result<Value, Refusal> {
    match method {
        "textDocument/completion" => of(params, open, |open, at: At| Ok(open.completions(at.position))),
        "textDocument/hover" => of(params, open, |open, at: At| Ok(open.hover(at.position))),
        "textDocument/definition" => of(params, open, |open, at: At| Ok(open.definition(at.position))),
        "textDocument/references" => {
            of(params, open, |open, asked: ReferencesAt| Ok(open.references(&asked)))
        }
        "textDocument/prepareRename" => of(params, open, |open, at: At| Ok(open.renamable(at.position))),
        "textDocument/rename" => of(params, open, |open, asked: RenameAt| open.rename(&asked)),
        "textDocument/codeAction" => of(params, open, |open, at: ActionsAt| Ok(open.actions(&at))),
        "textDocument/documentSymbol" => of(params, open, |open, _: Whole| Ok(open.symbols())),
        "textDocument/formatting" => of(params, open, |open, _: Whole| Ok(open.formatted())),
        method => Err(Refusal::unknown(method)),
    }
}

/// An answer from what was asked; null about a document that is not open.
fn of<P: DeserializeOwned, R: Serialize>(
    params: Value,
    open: Option<&Open<'_>>,
    answer: impl FnOnce(&Open<'_>, P) -> Result<R, Refusal>,
) -> Result<Value, Refusal> {
    let params = serde_json::from_value(params).map_err(|error| Refusal::params(&error))?;
    match open {
        Some(open) => Ok(serde_json::to_value(answer(open, params)?)?),
        None => Ok(Value::Null),
    }
}

fn read<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
