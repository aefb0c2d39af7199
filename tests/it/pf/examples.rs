//! Single packets and flows, and what pf has no words for.

use mailward::packet::State;
use mailward::render::Dialect;

use super::linux::Model;
use super::machine::{Fate, Machine, Path, Wire};
use super::traffic::{Low, packet};
use super::{DIALECTS, compare, policy, rendered, try_render};

const OFFICE: &str = r#"version: 1
name: office
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16, "2001:db8:20::/48"], trust: internal }
  dmz: { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  internet: { interfaces: [wan0] }
networks:
  relay: [192.0.2.10]
rules:
  - { id: mail, action: allow, from: lan, to: internet, services: [imaps, dns], reason: Mail over TLS. }
  - { id: ping, action: allow, from: lan, to: internet, services: { icmp: [echo-request] }, reason: To test lines. }
  - { id: mx, action: allow, from: internet, to: relay, services: [smtp], reason: Everybody may deliver. }
  - { id: servers, action: allow, from: dmz, to: any, services: any, reason: Servers are trusted. }
  - { id: own, action: allow, from: host, to: dmz, services: any, reason: This machine watches the servers. }
"#;

fn tcp(source: &str, destination: &str, port: u16, flags: u8) -> Wire {
    packet(source, destination, 6, Low { ports: (40_000, port), flags, kind: (0, 0) })
}

fn udp(source: &str, destination: &str, port: u16) -> Wire {
    packet(source, destination, 17, Low { ports: (40_000, port), flags: 0, kind: (0, 0) })
}

fn icmp(source: &str, destination: &str, kind: (u8, u8)) -> Wire {
    packet(source, destination, 1, Low { ports: (0, 0), flags: 0, kind })
}

fn forward(from: &str, to: &str) -> Path {
    Path::Forward(from.to_owned(), to.to_owned())
}

fn offices() -> impl Iterator<Item = Machine> {
    DIALECTS.into_iter().map(|dialect| Machine::new(&rendered(OFFICE, dialect).1, dialect))
}

#[test]
fn answers_and_errors_of_a_known_flow_pass_both_ways() {
    let (out, back) = (forward("lan0", "wan0"), forward("wan0", "lan0"));
    for mut office in offices() {
        let syn = tcp("10.20.1.6", "198.51.100.7", 993, 2);
        assert_eq!(office.send(&syn, &out).fate, Fate::Pass);
        assert_eq!(office.send(&syn.answer(), &back).fate, Fate::Pass);
        let later = tcp("10.20.1.6", "198.51.100.7", 993, 16);
        assert_eq!(office.send(&later, &out).fate, Fate::Pass, "the client goes on");
        let quench = |source, destination, about: &Wire| Wire {
            about: Some(Box::new(about.clone())),
            ..icmp(source, destination, (4, 0))
        };
        let about_flow = quench("203.0.113.77", "10.20.1.6", &syn);
        assert_eq!(office.send(&about_flow, &back).fate, Fate::Pass, "an error about the flow");
        let about_answers = quench("10.20.200.1", "198.51.100.7", &syn.answer());
        assert_eq!(office.send(&about_answers, &out).fate, Fate::Pass, "an error about its answers");
        let unknown = quench("203.0.113.77", "10.20.1.6", &tcp("10.20.1.6", "198.51.100.7", 143, 2));
        assert_eq!(office.send(&unknown, &back).fate, Fate::Drop, "an error about nothing");
    }
}

#[test]
fn pings_are_answered_and_unasked_answers_are_not_let_in() {
    for mut office in offices() {
        let echo = icmp("10.20.1.6", "198.51.100.7", (8, 0));
        assert_eq!(office.send(&echo.answer(), &forward("wan0", "lan0")).fate, Fate::Drop);
        assert_eq!(office.send(&echo, &forward("lan0", "wan0")).fate, Fate::Pass);
        assert_eq!(office.send(&echo.answer(), &forward("wan0", "lan0")).fate, Fate::Pass);
    }
}

/// A state that begins on the way in would let this one through.
#[test]
fn what_is_refused_on_the_way_out_opens_no_way_back() {
    for mut office in offices() {
        let refused = udp("10.20.1.6", "192.0.2.20", 9999);
        assert_eq!(office.send(&refused, &forward("lan0", "dmz0")).fate, Fate::Drop);
        let back = Wire { source: "203.0.113.77".parse().unwrap(), ..refused.answer() };
        assert_eq!(office.send(&refused.answer(), &forward("wan0", "lan0")).fate, Fate::Drop);
        assert_eq!(office.send(&back, &forward("wan0", "lan0")).fate, Fate::Drop);
    }
}

#[test]
fn the_machine_itself_is_not_reached_by_what_is_meant_for_others() {
    for mut office in offices() {
        let ssh = tcp("203.0.113.77", "203.0.113.9", 22, 2);
        assert_eq!(office.send(&ssh, &Path::Input("wan0".to_owned())).fate, Fate::Drop);
        let smtp = tcp("203.0.113.77", "10.20.0.1", 25, 2);
        assert_eq!(office.send(&smtp, &Path::Input("wan0".to_owned())).fate, Fate::Drop);
    }
}

#[test]
fn nobody_speaks_with_the_addresses_of_the_machine() {
    for mut office in offices() {
        let own = udp("203.0.113.9", "192.0.2.10", 161);
        assert_eq!(office.send(&own, &Path::Output("dmz0".to_owned())).fate, Fate::Pass);
        office.forget();
        let spoofed = office.send(&own, &forward("wan0", "dmz0"));
        assert_eq!(spoofed.fate, Fate::Drop, "{spoofed:?}");
        let land = tcp("203.0.113.9", "203.0.113.9", 22, 2);
        assert_eq!(office.send(&land, &Path::Input("wan0".to_owned())).fate, Fate::Drop);
    }
}

#[test]
fn tcp_without_a_syn_opens_nothing() {
    for dialect in DIALECTS {
        let (policy, text) = rendered(OFFICE, dialect);
        let mut office = Machine::new(&text, dialect);
        for flags in (0..=u8::MAX).filter(|flags| flags & 0b1_0111 != 2) {
            let packet = tcp("10.20.1.6", "198.51.100.7", 993, flags);
            compare(&Model::new(&policy), &mut office, &packet, &forward("lan0", "wan0"));
            assert_ne!(super::linux::state(&packet), State::New);
        }
    }
}

/// What a policy that pf cannot say is told, per dialect.
fn refusal(text: &str, dialect: Dialect) -> String {
    let (policy, sources) = policy(text).unwrap_or_else(|| panic!("not a policy:\n{text}"));
    let why = try_render(&policy, &sources, dialect).expect_err("pf cannot say it");
    assert!(why.iter().all(|diagnostic| diagnostic.code == "cannot-say"));
    let line = |diagnostic: &mailward::source::Diagnostic| {
        let line = sources.position(diagnostic.primary.site).line;
        format!("{line}: {}", diagnostic.title)
    };
    why.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_pf_cannot_say_is_an_error() {
    let established = OFFICE.replace("rules:", "baseline: { established: false }\nrules:");
    assert_eq!(
        refusal(&established, Dialect::OpenBsd),
        "9: pf-openbsd cannot say that packets of known flows are judged like others"
    );
    let errors = OFFICE.replace("rules:", "baseline: { icmp-errors: false }\nrules:");
    assert_eq!(
        refusal(&errors, Dialect::FreeBsd),
        "9: pf-freebsd cannot say which of its own ICMP errors are about known forwarded flows"
    );
    for protocol in ["0", "ah"] {
        let other = OFFICE.replace("services: [smtp]", &format!("services: {{ protocol: [{protocol}] }}"));
        assert_eq!(refusal(&other, Dialect::FreeBsd), "12: pf-freebsd cannot say what `mx` means");
    }
    for kinds in ["255", "3/255"] {
        let icmp = OFFICE.replace("services: [smtp]", &format!("services: {{ icmp: [{kinds}] }}"));
        assert_eq!(refusal(&icmp, Dialect::OpenBsd), "12: pf-openbsd cannot say what `mx` means");
    }
}

#[test]
fn an_interface_is_never_read_as_several() {
    for name in ["any", "all", "egress", "self"] {
        let text = OFFICE.replace("wan0", name);
        for dialect in DIALECTS {
            assert!(refusal(&text, dialect).contains(&format!("interface `{name}`")), "{name}");
        }
    }
    let renamed = OFFICE.replace("wan0", "wan");
    assert!(refusal(&renamed, Dialect::OpenBsd).starts_with("6: "), "points at the zone");
    assert!(rendered(&renamed, Dialect::FreeBsd).1.contains(" on \"wan\" "), "FreeBSD renames interfaces");
    for dialect in DIALECTS {
        let loopback = refusal(&OFFICE.replace("wan0", "lo0"), dialect);
        assert!(loopback.contains("rules for `lo0`"), "{loopback}");
    }
    let keyword = OFFICE.replace("wan0", "inet6");
    assert!(rendered(&keyword, Dialect::OpenBsd).1.contains(" on \"inet6\" "));
}

/// A comment that ends in a backslash swallows the next line on every pf.
#[test]
fn no_text_of_a_user_is_more_than_a_comment() {
    let reasons =
        [r"ends in \\", r"\\", r#"\"; pass quick; # \\"#, "$nr `id` {} <mw_lan> (self)", "# pass all"];
    for reason in reasons {
        let text = OFFICE.replace("reason: Mail over TLS.", &format!("reason: \"{reason}\""));
        for dialect in DIALECTS {
            let (_, ruleset) = rendered(&text, dialect);
            let (_, plain) = rendered(OFFICE, dialect);
            let rules = |text: &str| -> Vec<String> {
                text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
            };
            assert_eq!(rules(&ruleset), rules(&plain), "{reason}");
            assert!(ruleset.lines().all(|line| !line.ends_with('\\')), "{reason}");
        }
    }
}
