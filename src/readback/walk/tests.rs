use super::*;
use crate::packet::{TCP, transport};
use crate::readback::program::Chain;
use crate::source::{FileId, SourceFile, Sources};

/// A program in which sites are numbers of rules, and packets differ in their ports.
#[derive(Default)]
struct Made {
    program: Program,
    rules: usize,
}

fn file() -> FileId {
    Sources::default().add(SourceFile::new(String::new(), String::new(), None))
}

fn site(number: usize) -> Site {
    Site::bytes(file(), number..number)
}

fn ports(first: u16, last: u16) -> Clause {
    Clause { transport: IntervalSet::range(transport(TCP, first), transport(TCP, last)), ..Clause::every() }
}

impl Made {
    /// A chain of rules, each for a range of ports.
    fn chain(&mut self, rules: &[((u16, u16), Act)]) -> usize {
        let rules = rules.iter().map(|&((first, last), act)| {
            self.rules += 1;
            Rule { when: vec![ports(first, last)], act, site: site(self.rules) }
        });
        let chain = Chain { rules: rules.collect(), site: site(0) };
        self.program.chains.push(chain);
        self.program.chains.len() - 1
    }

    fn base(&mut self, chain: usize, point: Point, priority: i32, policy: Fate) {
        let families = vec![Family::V4];
        self.program.bases.push(Base { chain, point, priority, families, policy, site: site(0) });
    }

    fn steps(&self) -> Vec<Step> {
        walk(&self.program, site(0)).unwrap()
    }
}

/// What becomes of a TCP packet to a port, and how many steps log it before.
fn fate(steps: &[Step], hook: Hook, port: u16) -> (Fate, usize) {
    let one = IntervalSet::single(transport(TCP, port));
    let packet = Cube { transport: one, ..Cube::every(hook, Family::V4) };
    let mut logs = 0;
    for step in steps.iter().filter(|step| packet.is_subset(&step.cube)) {
        match step.effect {
            Effect::Log(_) => logs += 1,
            Effect::Decide(fate) => return (fate, logs),
        }
    }
    panic!("nothing decides port {port}")
}

const ALL: (u16, u16) = (0, u16::MAX);
const ACCEPT: Act = Act::Decide(Fate::Accept);
const DROP: Act = Act::Decide(Fate::Drop);
const RESET: Act = Act::Decide(Fate::Reset);

/// The fates of ports from 1 on in the input hook.
fn fates(made: &Made, ports: u16) -> Vec<Fate> {
    let steps = made.steps();
    (1..=ports).map(|port| fate(&steps, Hook::Input, port).0).collect()
}

#[test]
fn a_jump_comes_back_and_a_goto_does_not() {
    for (act, third) in [(Act::Jump as fn(usize) -> Act, Fate::Reset), (Act::Goto, Fate::Drop)] {
        let mut made = Made::default();
        let sub = made.chain(&[((1, 1), ACCEPT)]);
        let base = made.chain(&[((1, 3), act(sub)), ((2, 4), RESET)]);
        made.base(base, Point::Input, 0, Fate::Drop);
        assert_eq!(fates(&made, 5), [Fate::Accept, third, third, Fate::Reset, Fate::Drop]);
    }
}

#[test]
fn a_goto_in_a_chain_leaves_that_chain_only() {
    let mut made = Made::default();
    let last = made.chain(&[((1, 1), ACCEPT)]);
    let middle = made.chain(&[((1, 2), Act::Goto(last)), ((1, 3), DROP)]);
    let base = made.chain(&[(ALL, Act::Jump(middle)), ((1, 4), RESET)]);
    made.base(base, Point::Input, 0, Fate::Accept);
    assert_eq!(fates(&made, 5), [Fate::Accept, Fate::Reset, Fate::Drop, Fate::Reset, Fate::Accept]);
}

#[test]
fn returns_skip_the_rest_of_their_chain() {
    let mut made = Made::default();
    let inner = made.chain(&[((1, 1), Act::Return), ((5, 5), Act::Return), ((1, 2), DROP)]);
    let outer = made.chain(&[((3, 3), Act::Return), (ALL, Act::Jump(inner)), ((1, 3), RESET)]);
    let base = made.chain(&[(ALL, Act::Jump(outer)), ((3, 4), DROP)]);
    made.base(base, Point::Input, 0, Fate::Accept);
    assert_eq!(fates(&made, 5), [Fate::Reset, Fate::Drop, Fate::Drop, Fate::Drop, Fate::Accept]);
}

#[test]
fn a_return_from_a_base_chain_meets_its_policy() {
    let mut made = Made::default();
    let base = made.chain(&[((1, 1), Act::Return), (ALL, ACCEPT)]);
    made.base(base, Point::Input, 0, Fate::Drop);
    assert_eq!(fates(&made, 2), [Fate::Drop, Fate::Accept]);
}

#[test]
fn a_chain_that_decides_everything_ends_the_one_before() {
    let mut made = Made::default();
    let sub = made.chain(&[((1, 1), ACCEPT), (ALL, DROP)]);
    let base = made.chain(&[]);
    let jump = Rule { when: vec![ports(0, u16::MAX)], act: Act::Jump(sub), site: site(9) };
    let whole = Rule { when: vec![Clause::every()], act: DROP, site: site(10) };
    made.program.chains[base].rules = vec![jump, whole];
    made.base(base, Point::Input, 0, Fate::Accept);
    let input = made.steps().into_iter().filter(|step| step.cube.hook == Hook::Input);
    let v4: Vec<Step> = input.filter(|step| step.cube.family == Family::V4).collect();
    assert_eq!(v4.len(), 3, "no step for the policy, that no packet meets: {v4:?}");
}

#[test]
fn logs_keep_their_place() {
    let mut made = Made::default();
    let sub = made.chain(&[((1, 1), ACCEPT), ((1, 3), Act::Log(None)), ((2, 2), DROP)]);
    let base = made.chain(&[(ALL, Act::Jump(sub)), ((3, 4), Act::Log(None)), (ALL, DROP)]);
    made.base(base, Point::Input, 0, Fate::Accept);
    let steps = made.steps();
    let logged: Vec<usize> = (1..=4).map(|port| fate(&steps, Hook::Input, port).1).collect();
    assert_eq!(logged, [0, 1, 2, 1]);
}

#[test]
fn what_one_base_chain_accepts_is_for_the_next_to_decide() {
    // Once with few rules and once with so many accepted pieces that later steps are put behind each of them.
    for holes in [0, 100] {
        let mut made = Made::default();
        let mut first = vec![((1, 2), ACCEPT), ((2, 3), DROP)];
        first.extend((0..holes).map(|hole| ((1000 + 2 * hole, 1000 + 2 * hole), ACCEPT)));
        first.extend([((4, 2000), Act::Log(None)), ((1000, 2000), DROP)]);
        let early = made.chain(&first);
        let late = made.chain(&[((1, 1), RESET), ((4, 4), DROP), ((1000, 1001), RESET)]);
        made.base(late, Point::Input, 0, Fate::Accept);
        made.base(early, Point::Prerouting, -300, Fate::Accept);
        assert_eq!(fates(&made, 5), [Fate::Reset, Fate::Accept, Fate::Drop, Fate::Drop, Fate::Accept]);
        let steps = made.steps();
        let accepted = if holes == 0 { (Fate::Drop, 1) } else { (Fate::Reset, 0) };
        assert_eq!(fate(&steps, Hook::Input, 1000), accepted);
        assert_eq!(fate(&steps, Hook::Input, 1001), (Fate::Drop, 1));
        assert_eq!(fate(&steps, Hook::Output, 1), (Fate::Accept, 0), "no base chain");
    }
}

#[test]
fn interfaces_that_a_packet_lacks_are_none_that_is_named() {
    let mut made = Made::default();
    let base = made.chain(&[]);
    let named = IntervalSet::range(1, 4);
    let from = |incoming: IntervalSet<u16>, port, act| Rule {
        when: vec![Clause { incoming, ..ports(port, port) }],
        act,
        site: site(1),
    };
    made.program.chains[base].rules = vec![from(named.clone(), 1, DROP), from(named.complement(), 2, DROP)];
    made.base(base, Point::Output, 0, Fate::Accept);
    let steps = made.steps();
    assert_eq!(fate(&steps, Hook::Output, 1).0, Fate::Accept);
    assert_eq!(fate(&steps, Hook::Output, 2).0, Fate::Drop);
}

#[test]
fn circles_and_chains_too_deep_are_errors() {
    let mut circle = Made::default();
    let one = circle.chain(&[(ALL, Act::Jump(1))]);
    circle.chain(&[(ALL, Act::Goto(0)), (ALL, Act::Jump(0))]);
    circle.base(one, Point::Input, 0, Fate::Accept);
    assert_eq!(walk(&circle.program, site(0)).unwrap_err().code, "jump-too-deep");
    for (chains, is_fine) in [(16, true), (17, false)] {
        let mut made = Made::default();
        for next in 1..=chains {
            made.chain(&[(ALL, Act::Jump(next))]);
        }
        made.base(0, Point::Input, 0, Fate::Accept);
        assert_eq!(walk(&made.program, site(0)).is_ok(), is_fine, "{chains}");
    }
}

#[test]
fn ways_that_multiply_come_to_an_end() {
    let mut made = Made::default();
    for next in 1..=15 {
        made.chain(&[(ALL, Act::Jump(next)); 100]);
    }
    made.chain(&[]);
    made.base(0, Point::Input, 0, Fate::Accept);
    assert_eq!(walk(&made.program, site(0)).unwrap_err().code, "ruleset-too-large");
}

#[test]
fn many_returns_cost_little() {
    let mut made = Made::default();
    let many: Vec<_> = (0..20_000).map(|port| ((port * 3, port * 3), Act::Return)).collect();
    let sub = made.chain(&many);
    made.program.chains[sub].rules.push(Rule { when: vec![Clause::every()], act: DROP, site: site(1) });
    let base = made.chain(&[(ALL, Act::Jump(sub))]);
    made.base(base, Point::Input, 0, Fate::Accept);
    let steps = made.steps();
    assert_eq!(fate(&steps, Hook::Input, 9).0, Fate::Accept);
    assert_eq!(fate(&steps, Hook::Input, 10).0, Fate::Drop);
    assert!(steps.len() < 100, "{}", steps.len());
}
