//! The page of every check: complete, and true. What `mailward explain` prints is run here.

mod blocks;
mod boundary;
mod breadth;
mod cleartext;
mod crossing;
mod egress;
mod essentials;
mod exceptions;
mod exposure;
mod findings;
mod fixes;
mod hygiene;
mod icmp;
mod logging;
mod mail;
mod messages;
mod no_finding;
mod order;
mod pages;
mod roles;
mod spoofing;
mod state;
mod traffic;
