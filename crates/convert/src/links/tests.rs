//! Tables of addresses.

use super::address::runs_script;
use super::may_mislead;

#[test]
fn addresses_of_scripts_are_recognized_however_they_are_written() {
    for url in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript\r:alert(1)",
        "\u{1}javascript:alert(1)",
        "java\0script:alert(1)",
        "vbscript:x",
        "livescript:x",
        "mocha:x",
        "data:text/html,x",
        "data:text/html;base64,AAAA",
        "DATA:TEXT/HTML,x",
        "data:text/html",
        "data:image/svg+xml,x",
        "data:text/xml,x",
        "data:application/xhtml+xml,x",
        "data:application/x-unknown,x",
        "view-source:javascript:x",
        "view-source:view-source:javascript:x",
        "feed:javascript:x",
        "jar:data:text/html,x",
    ] {
        assert!(runs_script(url), "{url:?}");
    }
}

#[test]
fn other_addresses_run_no_script() {
    for url in [
        "",
        "javascript",
        "#javascript:x",
        "?q=javascript:x",
        "/javascript:x",
        "./javascript:x",
        "https://bay.example/javascript:x",
        "https://bay.example/?url=data:text/html,x",
        "mailto:javascript@bay.example",
        "tel:+4912345",
        "ftp://bay.example/script:x",
        "about:blank",
        "view-source:https://bay.example",
        "data:,hello",
        "data:text/plain,hello",
        "data:text/csv;charset=utf-8,a",
        "data:image/png;base64,AAAA",
        "data:application/pdf;base64,AAAA",
        "data:audio/ogg;base64,AAAA",
    ] {
        assert!(!runs_script(url), "{url:?}");
    }
}

#[test]
fn texts_without_a_sign_of_a_script_are_not_parsed() {
    let far = format!("data: {} a/b", "x".repeat(200));
    for (text, may) in [
        ("[a](javascript:x)", true),
        ("[a](JAVASCRIPT:x)", true),
        ("[a](java script :x)", true),
        ("[a](mocha:x)", true),
        ("[a](java&#115;cript:x)", true),
        ("[a](javascript&colon;x)", true),
        ("[a](java&Tab;script:x)", true),
        ("[a](java&NEWLINE;script:x)", true),
        ("[a](data:text/html,x)", true),
        ("[a](data&#58;text/html,x)", true),
        ("the script: act one", true),
        ("", false),
        ("plain text", false),
        ("at 10:30, see https://bay.example", false),
        ("R&D and AT&amp;T", false),
        ("data: see below", false),
        (far.as_str(), false),
        ("javascript is a language", false),
    ] {
        assert_eq!(may_mislead(text.as_bytes()), may, "{text}");
    }
}
