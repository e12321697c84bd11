//! A server beside a stand-in of Mistral, and documents for them.

use std::time::Duration;

use ilios::engine::mistral::{CircuitBreakerSettings, MODEL, RetryPolicy, ServiceLimits};
use ilios::engine::{MistralSettings, SelectSettings};
use ilios::model::Secret;
use ilios::retry::Retry;
use mistral_standin::{Faults, KEY, Standin};

use crate::harness::{Setup, TestServer};

/// A server and the stand-in that it asks.
pub(crate) struct Pair {
    pub(crate) server: TestServer,
    pub(crate) standin: Standin,
}

/// Settings that lead to `standin` and lose no time.
pub(crate) fn settings(standin: &Standin) -> MistralSettings {
    MistralSettings {
        key: Secret::new(KEY),
        base_url: standin.url(),
        model: MODEL.to_owned(),
        timeout: Duration::from_secs(20),
        max_concurrency: 4,
        retry: RetryPolicy {
            requests: Retry::new(Duration::from_millis(10), Duration::from_secs(60)).times(4),
            breaker: CircuitBreakerSettings {
                failures: 5,
                pause: Duration::from_millis(200),
                longest: Duration::from_millis(400),
            },
        },
        limits: ServiceLimits::default(),
    }
}

impl Pair {
    pub(crate) async fn start() -> Self {
        Self::failing(Faults::default()).await
    }

    pub(crate) async fn failing(faults: Faults) -> Self {
        Self::with(faults, |_, _| {}).await
    }

    /// A pair of which `change` sets what is otherwise.
    pub(crate) async fn with(faults: Faults, change: impl FnOnce(&mut Setup, &mut MistralSettings)) -> Self {
        let standin = Standin::start(faults).await.expect("a stand-in");
        let mut mistral = settings(&standin);
        let mut setup = Setup {
            workers: 4,
            max_file_size: 64 << 20,
            ..Setup::default()
        };
        change(&mut setup, &mut mistral);
        setup.mistral = Some(mistral);
        Self {
            server: TestServer::with(setup).await,
            standin,
        }
    }

    pub(crate) async fn choosing(select: SelectSettings) -> Self {
        Self::with(Faults::default(), |setup, _| setup.select = select).await
    }
}

/// A page of a test's PDF.
#[derive(Clone)]
pub(crate) enum Sheet {
    /// Lines of text, which name the page.
    Text(usize),
    /// A picture of about so many bytes that covers all of it.
    Scan(usize),
    /// Nothing.
    Blank,
}

/// A PDF of so many pages without anything on them. `salt` makes its bytes its own; with a `weight` it has about so
/// many bytes.
pub(crate) fn pdf(pages: usize, salt: &str, weight: usize) -> Vec<u8> {
    let mut salt = format!("% {salt}\n");
    while salt.len() < weight {
        salt += "% weight weight weight weight weight weight weight weight weight weight\n";
    }
    document(&vec![Sheet::Blank; pages], &salt)
}

/// A PDF of these pages.
pub(crate) fn sheets(sheets: &[Sheet]) -> Vec<u8> {
    document(sheets, "")
}

fn document(sheets: &[Sheet], comment: &str) -> Vec<u8> {
    // Catalog, tree and font; then page, content and picture of each sheet.
    let kids: Vec<String> = (0..sheets.len())
        .map(|sheet| format!("{} 0 R", 4 + 3 * sheet))
        .collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} >>",
            kids.join(" "),
            sheets.len()
        )
        .into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    for (number, sheet) in (1..).zip(sheets) {
        let (content, picture) = (objects.len() + 2, objects.len() + 3);
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R \
             /Resources << /Font << /F 3 0 R >> /XObject << /I {picture} 0 R >> >> >>"
        );
        let (drawn, pixels) = match sheet {
            Sheet::Text(lines) => (text(number, *lines), Vec::new()),
            Sheet::Scan(bytes) => ("q 612 0 0 792 0 0 cm /I Do Q".to_owned(), noise(number, *bytes)),
            Sheet::Blank => (String::new(), Vec::new()),
        };
        let height = pixels.len() / 100;
        objects.push(page.into_bytes());
        objects.push(stream("", drawn.as_bytes()));
        let head = format!(
            "/Type /XObject /Subtype /Image /Width 100 /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8"
        );
        objects.push(stream(&head, &pixels));
    }
    written(&objects, comment)
}

fn text(number: usize, lines: usize) -> String {
    let lines: Vec<String> = (1..=lines)
        .map(|line| {
            format!("(Line {line} of sheet {number} says what a reader wants to know about the year.) Tj T*")
        })
        .collect();
    format!("BT /F 12 Tf 14 TL 72 720 Td {} ET", lines.join(" "))
}

/// Pixels that no two pages share.
fn noise(number: usize, bytes: usize) -> Vec<u8> {
    let mut state = u32::try_from(number)
        .expect("a small number")
        .wrapping_mul(2_654_435_761)
        | 1;
    let mut pixel = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..bytes / 100 * 100).map(|_| pixel()).collect()
}

fn stream(head: &str, bytes: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {head} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    object.extend_from_slice(bytes);
    object.extend_from_slice(b"\nendstream");
    object
}

fn written(objects: &[Vec<u8>], comment: &str) -> Vec<u8> {
    let mut file = format!("%PDF-1.4\n{comment}").into_bytes();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    table += &format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.extend_from_slice(table.as_bytes());
    file
}
