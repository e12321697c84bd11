//! The options of the outputs: one table, and every interface takes what it says.

use std::process::Command;

use ilios_convert::{OptionValues, WriteOptions};
use serde_json::Value;

use crate::harness::{TestServer, problem, repository};

const TEXT: &str = "# Title\n\ntext\n";

#[test]
fn the_reference_of_outputs_is_what_the_program_says() {
    let page = std::fs::read_to_string(repository("docs/output.md")).expect("docs/output.md");
    assert_eq!(page, ilios::app::output_documentation(), "run `make docs`");
    for option in WriteOptions::TABLE {
        let row = format!("| `{}` | `{}`", option.name, option.default_value());
        assert!(page.contains(&row), "{row}");
    }
}

/// Values that an option takes, and one that it does not.
fn values(values: OptionValues) -> (Vec<String>, String) {
    match values {
        OptionValues::OneOf(names) | OptionValues::OneOfOrName(names) => (
            names.iter().map(|name| (*name).to_owned()).collect(),
            "other".to_owned(),
        ),
        OptionValues::Between(least, most) => {
            (vec![least.to_string(), most.to_string()], (most + 1).to_string())
        }
    }
}

#[tokio::test]
async fn forms_and_queries_take_what_the_table_says() {
    let server = TestServer::start().await;
    let stored = server.send("a.md", TEXT, &[]).await;
    let id = stored.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let read = async |name: &str, value: &str| {
        let path = format!("/api/documents/{id}?format=text&{name}={value}");
        server.get(&path).send().await.expect("an answer")
    };
    for option in WriteOptions::TABLE {
        let (taken, refused) = values(option.values);
        for value in taken {
            let sent = server.send("a.md", TEXT, &[(option.name, &value)]).await;
            assert_eq!(sent.status(), 200, "{}={value}", option.name);
            assert_eq!(
                read(option.name, &value).await.status(),
                200,
                "{}={value}",
                option.name
            );
        }
        let answers = [
            server.send("a.md", TEXT, &[(option.name, &refused)]).await,
            read(option.name, &refused).await,
        ];
        for answer in answers {
            let body = problem(answer, 400, "invalid_parameter").await;
            assert_eq!(body["field"], option.name);
        }
    }
}

#[test]
fn the_description_of_the_interface_says_what_the_table_says() {
    let description = std::fs::read_to_string(repository("openapi.json")).expect("openapi.json");
    let description: Value = serde_json::from_str(&description).expect("JSON");
    let forms = [
        ("/v1/convert", "multipart~1form-data"),
        ("/v1/batch/submit", "multipart~1form-data"),
        ("/api/documents/submit", "multipart~1form-data"),
        ("/api/documents/{id}/reconvert", "application~1json"),
    ];
    let read = &description["paths"]["/api/documents/{id}"]["get"]["parameters"];
    let read = read.as_array().expect("parameters");
    for option in WriteOptions::TABLE {
        let parameter = read.iter().find(|parameter| parameter["name"] == option.name);
        let mut schemas = vec![&parameter.expect(option.name)["schema"]];
        for (path, kind) in forms {
            let kind = kind
                .replace("multipart~1", "multipart/")
                .replace("application~1", "application/");
            let content = &description["paths"][path]["post"]["requestBody"]["content"][kind.as_str()];
            let field = &content["schema"]["properties"][option.name];
            let default = &field["default"];
            let default = default
                .as_str()
                .map_or_else(|| default.to_string(), str::to_owned);
            assert_eq!(default, option.default_value(), "{path} {}", option.name);
            schemas.push(field);
        }
        for schema in schemas {
            match option.values {
                OptionValues::OneOf(names) => assert_eq!(schema["enum"], Value::from(names.to_vec())),
                OptionValues::OneOfOrName(names) => {
                    assert_eq!(schema["examples"], Value::from(names.to_vec()));
                    assert_eq!(schema["enum"], Value::Null);
                }
                OptionValues::Between(least, most) => {
                    assert_eq!(
                        (&schema["minimum"], &schema["maximum"]),
                        (&least.into(), &most.into())
                    );
                }
            }
        }
    }
}

#[test]
fn the_command_line_takes_what_the_table_says() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let file = folder.path().join("a.md");
    std::fs::write(&file, TEXT).expect("a file");
    let mut all = Vec::new();
    for option in WriteOptions::TABLE {
        let flag: String = option.name.chars().fold("--".to_owned(), |mut flag, letter| {
            if letter.is_ascii_uppercase() {
                flag.push('-');
            }
            flag.push(letter.to_ascii_lowercase());
            flag
        });
        let (taken, refused) = values(option.values);
        let run = |arguments: &[String]| {
            let mut program = Command::new(env!("CARGO_BIN_EXE_ilios"));
            program
                .arg("convert")
                .arg(&file)
                .args(arguments)
                .current_dir(folder.path());
            program.output().expect("it runs")
        };
        let failed = run(&[flag.clone(), refused]);
        assert_eq!(failed.status.code(), Some(2), "{flag}");
        let words = String::from_utf8_lossy(&failed.stderr).into_owned();
        assert!(words.contains(&flag), "{words}");
        all.extend([flag, taken.last().expect("a value").clone()]);
        let done = run(&all);
        assert!(
            done.status.success(),
            "{all:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
}
