use futures::{StreamExt, stream};

use super::requests::{Allowed, Case, RESULT, cases};
use super::{NEXT, answers, heard, logged};
use crate::serve::Server;

/// Fault of what a server has answered to a case, if there is one. In `pieces`, it may have ended the connection before
/// the rest of a body came that it does not read.
fn fault(case: &Case, heard: &str, pieces: bool) -> Option<String> {
    let answers = answers(heard);
    let ids: Vec<&str> = answers.iter().map(|(_, id)| id.as_str()).collect();
    let is_refused = answers
        .first()
        .is_some_and(|(status, _)| (400..500).contains(status));
    let sound = match case.allowed {
        Allowed::Refused => is_refused && answers.len() == 1 && !heard.contains(RESULT),
        Allowed::Last => ids == ["hostile"] || (is_refused && answers.len() == 1),
        Allowed::Whole if pieces && !case.converted => ids == ["hostile"] || ids == ["hostile", "next"],
        Allowed::Whole => ids == ["hostile", "next"],
    };
    let sound = sound && case.converted == heard.contains(RESULT);
    (!sound).then(|| format!("{case:?}\n{heard:?}\n"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_requests_are_refused_or_have_one_end() {
    let server = Server::start(&[]);
    let cases = cases();
    let looked = stream::iter(&cases)
        .map(|case| async {
            let bytes = [case.bytes.as_bytes(), NEXT.as_bytes()].concat();
            let together = heard(&server.address, [bytes.as_slice()]).await;
            let pieces = heard(&server.address, bytes.chunks(1)).await;
            [fault(case, &together, false), fault(case, &pieces, true)]
        })
        .buffer_unordered(8);
    let faults: Vec<_> = looked.collect().await;
    let faults: Vec<String> = faults.into_iter().flatten().flatten().collect();
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    server.signal("-TERM");
    let (_, log) = server.end();
    let logged = logged(&log);
    assert!(logged.iter().any(|id| id == "hostile") && !logged.iter().any(|id| id == "hidden"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_kinds_of_length_end_a_connection_behind_other_requests_too() {
    let server = Server::start(&[]);
    let cases = cases();
    let whole: String = cases
        .iter()
        .filter(|case| case.allowed == Allowed::Whole)
        .map(|case| case.bytes.as_str())
        .collect();
    let number = cases.iter().filter(|case| case.allowed == Allowed::Whole).count();
    let last = cases.iter().find(|case| case.allowed == Allowed::Last);
    let bytes = format!("{whole}{}{NEXT}", last.expect("a case").bytes);
    let heard = heard(&server.address, [bytes.as_bytes()]).await;
    let ids: Vec<String> = answers(&heard).into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids, vec!["hostile"; number + 1], "{heard}");
    server.signal("-TERM");
    server.end();
}
