//! A server beside a stand-in of Mistral, and documents for them.

use std::time::Duration;

use ilios::engine::mistral::{MODEL, Patience, ServiceLimits};
use ilios::engine::{MistralSettings, SelectSettings};
use ilios::model::Secret;
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
        patience: Patience {
            first_delay: Duration::from_millis(10),
            pause: Duration::from_millis(200),
            longest_pause: Duration::from_millis(400),
            ..Patience::default()
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

/// A PDF of so many pages without text. `salt` makes its bytes its own; with a `weight` it has about so many bytes.
pub(crate) fn pdf(pages: usize, salt: &str, weight: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>";
    objects.extend(std::iter::repeat_n(page.to_owned(), pages));
    let mut text = format!("%PDF-1.4\n% {salt}\n");
    while text.len() < weight {
        text += "% weight weight weight weight weight weight weight weight weight weight\n";
    }
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = text.len();
    let size = objects.len() + 1;
    text += &format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}
