//! Many new entries at once.

use crate::finding::{Code, Confidence, Finding, Severity};

use super::{Arrival, Outcome, Subject};

/// So many within a minute are more than a person adds by hand.
const MANY: usize = 5;

/// Low: a clone or another branch brings many along, too.
pub(super) fn run(subject: &Subject<'_>) -> Outcome {
    let at = match subject.arrival() {
        Arrival::Seen(at) => at,
        Arrival::Settled => return Outcome::Passed,
        Arrival::Unseen => return Outcome::NotRun("arrival-unseen"),
    };
    let count = subject.around.together(at);
    if count < MANY {
        return Outcome::Passed;
    }
    let route = &subject.connector.route;
    let found = subject.finding(Code::Burst, Severity::Low, route, &[("count", &count.to_string())]);
    Outcome::Findings(vec![Finding { confidence: Confidence::Medium, ..found }])
}
