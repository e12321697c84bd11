use ilios::http::PROTECTED_PATHS;
use ilios::model::Scope;
use serde_json::json as value;

use super::{administered, create, send};
use crate::harness::problem;

const MISSING: &str = "d12345678901234567890123";

#[tokio::test]
async fn every_operation_refuses_a_key_without_its_scope_and_takes_one_with_it_alone() {
    let server = administered().await;
    for scope in Scope::ALL {
        let others: Vec<&str> = Scope::ALL
            .iter()
            .filter(|other| **other != scope)
            .map(|other| other.as_str())
            .collect();
        let name = scope.as_str();
        let (_, without) = create(&server, &value!({"name": format!("no {name}"), "scopes": others})).await;
        let (_, with) = create(&server, &value!({"name": name, "scopes": [name]})).await;
        for (method, path, _) in PROTECTED_PATHS.iter().filter(|(.., needed)| *needed == scope) {
            let path = path.replace("{id}", MISSING).replace("{batchId}", MISSING);
            let answer = send(server.request(method, &path).bearer_auth(&without)).await;
            let refusal = problem(answer, 403, "missing_scope").await;
            assert_eq!(
                refusal["error"],
                format!("this API key lacks the scope `{name}`"),
                "{method} {path}"
            );
            let answer = send(server.request(method, &path).bearer_auth(&with))
                .await
                .status()
                .as_u16();
            assert!(![401, 403].contains(&answer), "{method} {path}: {answer}");
        }
    }
}

#[test]
fn the_scopes_are_those_that_the_operations_are_about() {
    for (method, path, scope) in PROTECTED_PATHS {
        let expected = match (*method, *path) {
            (_, "/metrics") => Scope::Metrics,
            (_, path) if path.starts_with("/api/admin/") => Scope::Admin,
            (_, path) if path.starts_with("/api/usage/") => Scope::Usage,
            ("GET", _) => Scope::Read,
            _ => Scope::Convert,
        };
        assert_eq!(*scope, expected, "{method} {path}");
    }
}
