//! What must happen to packets between machines, tried without a ruleset first: only then does silence say something
//! about the ruleset.

use std::net::IpAddr;

use super::namespace::Namespace;
use super::probe::{self, Answer};
use super::site::Node;

/// A machine as somebody to talk to.
#[derive(Clone, Copy)]
pub(super) struct Peer<'s> {
    /// The machine.
    pub(super) space: &'s Namespace,
    /// Its IPv4 address, then its IPv6 address.
    pub(super) addresses: [IpAddr; 2],
}

/// What one machine may ask of another.
struct Attempt<'s> {
    from: &'s Namespace,
    to: Peer<'s>,
    ports: Ports,
    answer: Answer,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ports {
    /// TCP ports.
    Tcp(&'static [u16]),
    /// UDP ports.
    Udp(&'static [u16]),
}

/// Attempts and their answers.
#[derive(Default)]
pub(super) struct Trial<'s> {
    attempts: Vec<Attempt<'s>>,
}

impl<'s> Trial<'s> {
    /// These ports must be open.
    pub(super) fn opens(&mut self, from: &'s Namespace, to: impl Into<Peer<'s>>, ports: Ports) {
        self.attempts.push(Attempt { from, to: to.into(), ports, answer: Answer::Open });
    }

    /// These TCP ports must be refused at once, although somebody listens.
    pub(super) fn refuses(&mut self, from: &'s Namespace, to: impl Into<Peer<'s>>, ports: &'static [u16]) {
        self.attempts.push(Attempt {
            from,
            to: to.into(),
            ports: Ports::Tcp(ports),
            answer: Answer::Refused,
        });
    }

    /// There must be no answer from these ports, although somebody listens.
    pub(super) fn ignores(&mut self, from: &'s Namespace, to: impl Into<Peer<'s>>, ports: Ports) {
        self.attempts.push(Attempt { from, to: to.into(), ports, answer: Answer::Silence });
    }

    /// Tries everything while no ruleset is loaded: all ports must be open.
    pub(super) fn without_ruleset(&self) {
        self.run(|_| Answer::Open);
    }

    /// Tries everything behind the ruleset.
    pub(super) fn behind_ruleset(&self) {
        self.run(|attempt| attempt.answer);
    }

    fn run(&self, expected: impl Fn(&Attempt<'s>) -> Answer) {
        let _listening: Vec<_> = self.attempts.iter().map(Attempt::listen).collect();
        let wrong: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = self.attempts.iter().map(|it| (it, scope.spawn(|| it.answers()))).collect();
            let answers = threads.into_iter().map(|(it, thread)| (it, thread.join().expect("answers")));
            answers.flat_map(|(attempt, answers)| attempt.wrong(answers, expected(attempt))).collect()
        });
        assert!(wrong.is_empty(), "wrong answers:\n{}", wrong.join("\n"));
    }
}

impl Attempt<'_> {
    /// Makes somebody listen on every TCP port, unless another attempt already did.
    fn listen(&self) -> Vec<std::net::TcpListener> {
        match self.ports {
            Ports::Tcp(ports) => {
                let on = |&address: &IpAddr| probe::listen(self.to.space, address, ports);
                self.to.addresses.iter().flat_map(on).collect()
            }
            Ports::Udp(_) => Vec::new(),
        }
    }

    fn answers(&self) -> Vec<(IpAddr, u16, Answer)> {
        let ask = |address: IpAddr| match self.ports {
            Ports::Tcp(ports) => probe::tcp(self.from, address, ports),
            Ports::Udp(ports) => ports
                .iter()
                .map(|&port| (port, probe::udp(self.from, self.to.space, (address, port).into())))
                .collect(),
        };
        let tagged = |address| ask(address).into_iter().map(move |(port, answer)| (address, port, answer));
        self.to.addresses.into_iter().flat_map(tagged).collect()
    }

    fn wrong(&self, answers: Vec<(IpAddr, u16, Answer)>, expected: Answer) -> Vec<String> {
        let wrong = answers.into_iter().filter(|(_, _, answer)| *answer != expected);
        wrong
            .map(|(to, port, got)| format!("{:?} {to} {port}: {got:?}, not {expected:?}", self.ports))
            .collect()
    }
}

impl<'s> From<&'s Node> for Peer<'s> {
    fn from(node: &'s Node) -> Self {
        Self { space: &node.space, addresses: node.addresses }
    }
}
