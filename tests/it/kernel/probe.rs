//! Packets: whether a flow can be opened, and what happens if not.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use super::namespace::Namespace;

/// How long to wait for an answer: longer than the one second after which TCP tries again.
const PATIENCE: Duration = Duration::from_millis(1500);

/// How long to wait before asking again for a port that is in use.
const TURN: Duration = Duration::from_millis(20);

/// What became of an attempt to open a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    /// It is open.
    Open,
    /// Refused at once, by a reset.
    Refused,
    /// Nothing came back.
    Silence,
    /// Anything else.
    Other(ErrorKind),
}

/// Both ends of an open TCP flow.
pub(super) struct Flow {
    client: TcpStream,
    server: TcpStream,
}

/// Listens on those TCP ports of an address where nobody does yet. The kernel answers for whoever holds the result.
pub(super) fn listen(server: &Namespace, address: IpAddr, ports: &[u16]) -> Vec<TcpListener> {
    let bind = |&port: &u16| match TcpListener::bind((address, port)) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => None,
        bound => Some(bound.unwrap_or_else(|error| panic!("{address} {port}: {error}"))),
    };
    server.inside(|| ports.iter().filter_map(bind).collect())
}

/// Tries to open TCP flows to several ports at the same time.
pub(super) fn tcp(client: &Namespace, to: IpAddr, ports: &[u16]) -> Vec<(u16, Answer)> {
    std::thread::scope(|scope| {
        let attempt = |&port| (port, scope.spawn(move || client.inside(|| connect((to, port).into()))));
        let attempts: Vec<_> = ports.iter().map(attempt).collect();
        attempts.into_iter().map(|(port, thread)| (port, thread.join().expect("an answer"))).collect()
    })
}

fn connect(to: SocketAddr) -> Answer {
    match TcpStream::connect_timeout(&to, PATIENCE) {
        Ok(_) => Answer::Open,
        Err(error) => match error.kind() {
            ErrorKind::ConnectionRefused => Answer::Refused,
            ErrorKind::TimedOut => Answer::Silence,
            other => Answer::Other(other),
        },
    }
}

/// Sends a UDP question to a server made for it, which answers: open if the answer arrives.
pub(super) fn udp(client: &Namespace, server: &Namespace, to: SocketAddr) -> Answer {
    let listening = server.inside(|| bind_when_free(to));
    listening.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let asking = client.inside(|| question(to));
    let mut buffer = [0; 16];
    // A drop in the output hook of the client is an error of `send`; one further on is silence.
    let Ok(asking) = asking else { return Answer::Silence };
    let Ok((length, from)) = listening.recv_from(&mut buffer) else { return Answer::Silence };
    listening.send_to(&buffer[..length], from).expect("replies belong to the flow");
    match asking.recv(&mut buffer) {
        Ok(4) => Answer::Open,
        _ => Answer::Silence,
    }
}

/// Other attempts may want the same port of the same machine: they take turns.
fn bind_when_free(address: SocketAddr) -> UdpSocket {
    for _ in 0..1000 {
        match UdpSocket::bind(address) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => std::thread::sleep(TURN),
            bound => return bound.unwrap_or_else(|error| panic!("{address}: {error}")),
        }
    }
    panic!("{address}: never free");
}

fn question(to: SocketAddr) -> std::io::Result<UdpSocket> {
    let socket = UdpSocket::bind(any_port(to))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.connect(to)?;
    socket.send(b"ask?")?;
    Ok(socket)
}

/// Sends a datagram that does not fit a narrow link further on, until the route says so; what the route says.
///
/// Linux forbids fragmenting on the way and expects the routers to report what fits (RFC 1191, RFC 8201).
pub(super) fn path_mtu(client: &Namespace, to: SocketAddr) -> String {
    let socket = client.inside(|| UdpSocket::bind(any_port(to))).expect("a socket");
    let mut route = String::new();
    for _ in 0..50 {
        // Once the report is there, a datagram that is still too long may be an error: that is the point.
        let _too_long = socket.send_to(&[0; 1400], to);
        std::thread::sleep(Duration::from_millis(50));
        route = client.run(&format!("ip route get {}", to.ip()));
        if route.contains(" mtu ") {
            break;
        }
    }
    route
}

fn any_port(of: SocketAddr) -> SocketAddr {
    match of {
        SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        SocketAddr::V6(_) => ([0_u16; 8], 0).into(),
    }
}

impl Flow {
    /// Opens a flow between two machines; the port must be allowed.
    pub(super) fn open(client: &Namespace, server: &Namespace, to: SocketAddr) -> Self {
        let listener = server.inside(|| TcpListener::bind(to)).expect("the port is free");
        let client =
            client.inside(|| TcpStream::connect_timeout(&to, PATIENCE)).expect("the port is allowed");
        let (server, _) = listener.accept().expect("the flow");
        Self { client, server }
    }

    /// Whether bytes still arrive, in both directions.
    pub(super) fn is_alive(&mut self) -> bool {
        carries(&mut self.client, &mut self.server) && carries(&mut self.server, &mut self.client)
    }
}

fn carries(from: &mut TcpStream, to: &mut TcpStream) -> bool {
    let mut buffer = [0; 5];
    to.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    from.write_all(b"still").is_ok() && to.read_exact(&mut buffer).is_ok() && buffer == *b"still"
}
