//! Network namespaces without names: each lives as long as its handle, so a test that dies leaves nothing behind
//! and tests that run at the same time cannot meet.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// A machine of its own, as far as the network goes.
pub(super) struct Namespace {
    handle: File,
}

impl Namespace {
    /// A new one with its loopback up, ready to forward.
    pub(super) fn new() -> Self {
        let mut child = Command::new("unshare")
            .args(["--net", "sh", "-c", "echo ready; exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare runs");
        let mut ready = String::new();
        BufReader::new(child.stdout.take().expect("stdout is a pipe")).read_line(&mut ready).expect("a line");
        assert_eq!(ready, "ready\n", "a network namespace");
        let handle = File::open(format!("/proc/{}/ns/net", child.id())).expect("the child's namespace");
        drop(child.stdin.take());
        child.wait().expect("the child ends with its input");
        let namespace = Self { handle };
        namespace.run("ip link set lo up");
        namespace.set("net/ipv6/conf/default/accept_dad", "0");
        namespace.set("net/ipv4/ip_forward", "1");
        namespace.set("net/ipv6/conf/all/forwarding", "1");
        namespace
    }

    /// Does some work in a thread that is inside: sockets and processes made there belong there.
    pub(super) fn inside<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let inside = || {
            move_into_link_name_space(self.handle.as_fd(), Some(LinkNameSpaceType::Network)).expect("root");
            work()
        };
        std::thread::scope(|scope| scope.spawn(inside).join().expect("the work inside succeeds"))
    }

    /// Runs a command that must succeed; its standard output.
    pub(super) fn run(&self, command: &str) -> String {
        self.feed(command, "")
    }

    /// Runs a command that must succeed, with that text as its standard input; its standard output.
    pub(super) fn feed(&self, command: &str, input: &str) -> String {
        let output = self.attempt(command, input);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{command}` failed: {complaint}\nits input was:\n{input}");
        assert_eq!(complaint, "", "`{command}` warned; its input was:\n{input}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Runs a command that may fail, with that text as its standard input.
    pub(super) fn attempt(&self, command: &str, input: &str) -> Output {
        let mut words = command.split_whitespace();
        let mut process = Command::new(words.next().expect("a program"));
        process.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.inside(|| {
            let mut child = process.spawn().expect("the program is there");
            // A program that refuses early closes its input; what it says then is worth more than the broken pipe.
            let _refused = child.stdin.take().expect("stdin is a pipe").write_all(input.as_bytes());
            child.wait_with_output().expect("the program ends")
        })
    }

    /// Lays a cable from an interface here to one there, both up.
    pub(super) fn join(&self, here: &str, other: &Self, there: &str) {
        let path = other.path();
        self.run(&format!("ip link add name {here} type veth peer name {there} netns {path}"));
        self.run(&format!("ip link set {here} up"));
        other.run(&format!("ip link set {there} up"));
    }

    /// Waits until an interface may use its IPv6 addresses. The kernel looks for duplicates in the background, and
    /// even where it is told not to it takes a moment; until then a router finds no neighbours.
    pub(super) fn wait_for_addresses(&self, interface: &str) {
        for _ in 0..500 {
            let link_local = self.run(&format!("ip -6 address show dev {interface} scope link -tentative"));
            let tentative = self.run(&format!("ip -6 address show dev {interface} tentative"));
            if !link_local.is_empty() && tentative.is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{interface} has no IPv6 addresses to use");
    }

    /// Writes a setting of the kernel; `key` is its path below `/proc/sys`.
    pub(super) fn set(&self, key: &str, value: &str) {
        let path = format!("/proc/sys/{key}");
        self.inside(|| std::fs::write(&path, value).unwrap_or_else(|error| panic!("{path}: {error}")));
    }

    /// A path that other programs can open as long as the handle lives.
    fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.handle.as_raw_fd())
    }
}
