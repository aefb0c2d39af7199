//! `mailward graph`: the zones of a policy, and what passes between them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::load::{self, Loaded};
use crate::cli::terminal::Terminal;
use crate::report::graph::{Graph, dot, graph, svg};
use crate::report::{self, Examined};
use crate::source::Severity;

/// Draw the zones of a policy, and which services may pass from one to another.
///
/// What passes is decided for every packet, as `mailward query` does. A service stands at an edge if some hosts at least may use it; what
/// the baseline lets pass, such as answers, is left out. Edges of services in cleartext are marked.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// A policy, a directory with one policy, or `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// The language of the drawing.
    #[arg(long, value_enum, default_value_t = Format::Dot)]
    format: Format,
}

/// The language of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The language of Graphviz.
    Dot,
    /// A picture that needs nothing else.
    Svg,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let paths: Vec<PathBuf> = arguments.path.iter().cloned().collect();
    let mut run = load::each(&paths, terminal, drawn)?;
    let broken: Vec<&Examined> =
        run.iter().filter(|(graph, _)| graph.is_none()).map(|(_, examined)| examined).collect();
    if !broken.is_empty() {
        terminal.remark(report::messages(broken, terminal.ink()).trim_end());
        return Ok(Exit::CannotAnswer);
    }
    if run.len() > 1 {
        return Err(Failure::SeveralPolicies(run.into_iter().map(|(_, examined)| examined.path).collect()));
    }
    for graph in run.drain(..).filter_map(|(graph, _)| graph) {
        let text = match arguments.format {
            Format::Dot => dot(&graph),
            Format::Svg => svg(&graph),
        };
        terminal.result(&text)?;
    }
    Ok(Exit::Yes)
}

/// The graph of a policy; none if it is not valid.
fn drawn(loaded: Loaded) -> (Option<Graph>, Examined) {
    let Loaded { policy, mut examined, .. } = loaded;
    examined.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    (policy.map(|policy| graph(&policy, &examined.sources)), examined)
}
