//! ICMP types and codes, by number and by the names of `icmp(4)` and `icmp6(4)` (`pfctl_parser.c`).

use super::Parser;
use crate::packet::{Family, IntervalSet, every_code};
use crate::readback::pf::{lexer::Token, problem};
use crate::source::Diagnostic;

const TYPES_V4: &[(&str, u8)] = &[
    ("echorep", 0),
    ("unreach", 3),
    ("squench", 4),
    ("redir", 5),
    ("althost", 6),
    ("echoreq", 8),
    ("routeradv", 9),
    ("routersol", 10),
    ("timex", 11),
    ("paramprob", 12),
    ("timereq", 13),
    ("timerep", 14),
    ("inforeq", 15),
    ("inforep", 16),
    ("maskreq", 17),
    ("maskrep", 18),
    ("trace", 30),
    ("dataconv", 31),
    ("mobredir", 32),
    ("ipv6-where", 33),
    ("ipv6-here", 34),
    ("mobregreq", 35),
    ("mobregrep", 36),
    ("skip", 39),
    ("photuris", 40),
];

const TYPES_V6: &[(&str, u8)] = &[
    ("unreach", 1),
    ("toobig", 2),
    ("timex", 3),
    ("paramprob", 4),
    ("echoreq", 128),
    ("echorep", 129),
    ("groupqry", 130),
    ("listqry", 130),
    ("grouprep", 131),
    ("listenrep", 131),
    ("groupterm", 132),
    ("listendone", 132),
    ("routersol", 133),
    ("routeradv", 134),
    ("neighbrsol", 135),
    ("neighbradv", 136),
    ("redir", 137),
    ("routrrenum", 138),
    ("wrureq", 139),
    ("wrurep", 140),
    ("fqdnreq", 139),
    ("fqdnrep", 140),
    ("niqry", 139),
    ("nirep", 140),
    ("mtraceresp", 200),
    ("mtrace", 201),
];

/// Names of codes, each with its type.
const CODES_V4: &[(&str, u8, u8)] = &[
    ("net-unr", 3, 0),
    ("host-unr", 3, 1),
    ("proto-unr", 3, 2),
    ("port-unr", 3, 3),
    ("needfrag", 3, 4),
    ("srcfail", 3, 5),
    ("net-unk", 3, 6),
    ("host-unk", 3, 7),
    ("isolate", 3, 8),
    ("net-prohib", 3, 9),
    ("host-prohib", 3, 10),
    ("net-tos", 3, 11),
    ("host-tos", 3, 12),
    ("filter-prohib", 3, 13),
    ("host-preced", 3, 14),
    ("cutoff-preced", 3, 15),
    ("redir-net", 5, 0),
    ("redir-host", 5, 1),
    ("redir-tos-net", 5, 2),
    ("redir-tos-host", 5, 3),
    ("normal-adv", 9, 0),
    ("common-adv", 9, 16),
    ("transit", 11, 0),
    ("reassemb", 11, 1),
    ("badhead", 12, 0),
    ("optmiss", 12, 1),
    ("badlen", 12, 2),
    ("unknown-ind", 40, 1),
    ("auth-fail", 40, 2),
    ("decrypt-fail", 40, 3),
];

const CODES_V6: &[(&str, u8, u8)] = &[
    ("noroute-unr", 1, 0),
    ("admin-unr", 1, 1),
    ("notnbr-unr", 1, 2),
    ("beyond-unr", 1, 2),
    ("addr-unr", 1, 3),
    ("port-unr", 1, 4),
    ("transit", 3, 0),
    ("reassemb", 3, 1),
    ("badhead", 4, 0),
    ("nxthdr", 4, 1),
    ("redironlink", 137, 0),
    ("redirrouter", 137, 1),
];

/// The code of a name under a type.
fn code(family: Family, kind: u8, name: &str) -> Option<u8> {
    let codes = if family == Family::V4 { CODES_V4 } else { CODES_V6 };
    let found = codes.iter().find(|&&(known, of, _)| known == name && of == kind);
    found.map(|&(_, _, code)| code)
}

impl Parser<'_> {
    /// Types and codes, each as `type << 8 | code`.
    pub(super) fn icmp(&mut self, family: Family) -> Result<IntervalSet<u16>, Diagnostic> {
        let mut all = IntervalSet::empty();
        self.list(|parser| {
            all = all.union(&parser.icmp_item(family)?);
            Ok(())
        })?;
        Ok(all)
    }

    fn icmp_item(&mut self, family: Family) -> Result<IntervalSet<u16>, Diagnostic> {
        let types = if family == Family::V4 { TYPES_V4 } else { TYPES_V6 };
        let kind = match self.peek()? {
            Token::Text(name) => types.iter().find(|(known, _)| known == name).map(|&(_, number)| number),
            Token::Number(number) => u8::try_from(*number).ok(),
            _ => return self.unexpected("an ICMP type"),
        };
        self.take()?;
        let Some(kind) = kind else {
            return Err(problem(self.last, "pf knows no such ICMP type"));
        };
        if !self.keyword("code")? {
            return Ok(every_code(kind));
        }
        let code = self.icmp_code(family, kind)?;
        Ok(IntervalSet::single(u16::from_be_bytes([kind, code])))
    }

    fn icmp_code(&mut self, family: Family, kind: u8) -> Result<u8, Diagnostic> {
        let found = match self.peek()? {
            Token::Text(name) => code(family, kind, name),
            Token::Number(number) => u8::try_from(*number).ok(),
            _ => return self.unexpected("an ICMP code"),
        };
        self.take()?;
        found.ok_or_else(|| problem(self.last, "pf knows no such code of that ICMP type"))
    }

    /// A code of "destination unreachable", with that type.
    pub(super) fn unreachable_code(&mut self, family: Family) -> Result<(u8, u8), Diagnostic> {
        let kind = if family == Family::V4 { 3 } else { 1 };
        Ok((kind, self.icmp_code(family, kind)?))
    }
}
