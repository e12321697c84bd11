//! PDFs in parts, by the children of the local engine.

use std::io::Write;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use ilios::engine::{Engine, EngineError, LocalEngine, Request};
use ilios::model::{ConversionOptions, FileName};
use ilios::spool::{Spool, Spooled};
use ilios_convert::{OcrReason, PageVerdict, PartLimits};
use tempfile::TempDir;

use crate::harness::{Setup, local_engine, sample};

const FIXTURES: &str = "crates/convert/tests/fixtures/pdf";

struct Parts {
    engine: LocalEngine,
    spool: Spool,
    _folder: TempDir,
}

fn parts(setup: Setup) -> Parts {
    let folder = TempDir::new().expect("a temporary folder");
    Parts {
        engine: local_engine(setup),
        spool: Spool::new(folder.path(), 1 << 30).expect("a spool"),
        _folder: folder,
    }
}

impl Parts {
    fn request(&self, bytes: &[u8]) -> Request {
        let mut file = self.spool.receive();
        file.write(bytes).expect("room");
        self.of(Arc::new(file.finish()))
    }

    fn of(&self, file: Arc<Spooled>) -> Request {
        let name = FileName::clean("document.pdf");
        Request::new(file, name, ConversionOptions::default())
    }

    async fn texts(&self, file: Arc<Spooled>) -> Vec<String> {
        let converted = self.engine.convert(&self.of(file)).await.expect("it converts");
        let pages = converted.conversion.pages.into_iter();
        pages.map(|page| page.markdown).collect()
    }
}

/// A PDF of pages with a line and a picture of random bytes each, whose references are all in order.
fn heavy(pages: usize, bytes: usize) -> Vec<u8> {
    let (mut file, mut places) = (b"%PDF-1.7\n".to_vec(), Vec::new());
    let mut object = |head: &str, stream: Option<&[u8]>| {
        places.push(file.len());
        write!(file, "{} 0 obj\n<<{head}", places.len()).expect("memory");
        match stream {
            Some(stream) => {
                write!(file, "/Length {}>>\nstream\n", stream.len()).expect("memory");
                file.extend_from_slice(stream);
                file.extend_from_slice(b"\nendstream\nendobj\n");
            }
            None => file.extend_from_slice(b">>\nendobj\n"),
        }
    };
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 4 + 3 * page)).collect();
    object("/Type/Catalog/Pages 2 0 R", None);
    object(
        &format!("/Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 600 800]"),
        None,
    );
    object("/Type/Font/Subtype/Type1/BaseFont/Helvetica", None);
    let mut pixels = vec![0; bytes];
    for page in 0..pages {
        let (content, picture) = (5 + 3 * page, 6 + 3 * page);
        object(
            &format!(
                "/Type/Page/Parent 2 0 R/Contents {content} 0 R/Resources<</Font<</F 3 0 R>>/XObject<</P {picture} 0 R>>>>"
            ),
            None,
        );
        let text = format!(
            "BT /F 12 Tf 72 700 Td (This is page {} of a document with many.) Tj ET q 9 0 0 9 0 0 cm /P Do Q",
            page + 1
        );
        object("", Some(text.as_bytes()));
        for (place, pixel) in pixels.iter_mut().enumerate() {
            *pixel = u8::try_from((place * 7 + page) % 251).unwrap_or_default();
        }
        object(
            &format!(
                "/Type/XObject/Subtype/Image/Width 1/Height {bytes}/BitsPerComponent 8/ColorSpace/DeviceGray"
            ),
            Some(&pixels),
        );
    }
    let table = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).expect("memory");
    for place in &places {
        writeln!(file, "{place:010} 00000 n ").expect("memory");
    }
    let size = places.len() + 1;
    write!(
        file,
        "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"
    )
    .expect("memory");
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mixed_document_is_assessed_and_its_scan_cut_out() {
    let parts = parts(Setup::default());
    let request = parts.request(&sample(&format!("{FIXTURES}/mixed.pdf")));
    let verdicts = parts.engine.assess(&request).await.expect("verdicts");
    let needs: Vec<_> = verdicts.iter().map(|page| (page.number, page.verdict)).collect();
    assert_eq!(
        needs,
        [
            (1, PageVerdict::TextLayer),
            (2, PageVerdict::NeedsOcr(OcrReason::NoText)),
            (3, PageVerdict::TextLayer)
        ]
    );
    let cut = parts
        .engine
        .cut(&request, &[vec![2], vec![1, 3]], 1 << 20, &parts.spool)
        .await;
    let [scan, text] = cut.expect("parts").try_into().expect("two");
    let verdicts = parts.engine.assess(&parts.of(scan)).await.expect("verdicts");
    assert_eq!(verdicts.len(), 1);
    assert_eq!(
        verdicts.first().map(|page| page.verdict),
        Some(PageVerdict::NeedsOcr(OcrReason::NoText))
    );
    assert_eq!(parts.texts(text).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heavy_document_is_planned_alike_and_its_parts_hold_all_pages() {
    let parts = parts(Setup::default());
    let request = parts.request(&heavy(30, 200_000));
    let limits = PartLimits {
        pages: 1_000,
        bytes: 2_500_000,
    };
    let all: Vec<u32> = (1..=30).collect();
    // At the same time, of one open file.
    let (plan, again) = tokio::join!(
        parts.engine.plan(&request, &all, limits),
        parts.engine.plan(&request, &all, limits),
    );
    let plan = plan.expect("a plan");
    assert_eq!(plan, again.expect("a plan"));
    assert_eq!(
        plan.iter().map(|part| part.pages.len()).collect::<Vec<_>>(),
        [12, 12, 6]
    );
    let lists: Vec<Vec<u32>> = plan.iter().map(|part| part.pages.clone()).collect();
    let cut = parts
        .engine
        .cut(&request, &lists, limits.bytes, &parts.spool)
        .await
        .expect("parts");
    let sizes: Vec<u64> = cut.iter().map(|part| part.size()).collect();
    assert_eq!(sizes, plan.iter().map(|part| part.bytes).collect::<Vec<_>>());
    let mut texts = Vec::new();
    for part in cut.iter().cloned() {
        texts.extend(parts.texts(part).await);
    }
    let expected: Vec<String> = (1..=30)
        .map(|page| format!("This is page {page} of a document with many."))
        .collect();
    assert_eq!(texts, expected);
    let later = lists.last().cloned().expect("parts");
    let once_more = parts
        .engine
        .cut(&request, &[later], limits.bytes, &parts.spool)
        .await
        .expect("a part");
    assert_eq!(
        once_more.first().map(|part| part.sha256()),
        cut.last().map(|part| part.sha256())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_cut_says_why() {
    let parts = parts(Setup::default());
    let code = |error: EngineError| error.code();
    let locked = parts.request(&sample(&format!("{FIXTURES}/password.pdf")));
    let refused = parts.engine.assess(&locked).await;
    assert_eq!(refused.map_err(code), Err("password_protected"));
    let cut = async |bytes: &[u8], pages: &[u32], most| {
        let cut = parts
            .engine
            .cut(&parts.request(bytes), &[pages.to_vec()], most, &parts.spool)
            .await;
        cut.map(|_| ()).map_err(code)
    };
    assert_eq!(cut(b"no PDF", &[1], 1 << 20).await, Err("invalid_document"));
    let heavy = heavy(2, 100_000);
    assert_eq!(cut(&heavy, &[1, 2], 150_000).await, Err("limit_exceeded"));
    assert_eq!(cut(&heavy, &[3], 1 << 20).await, Err("invalid_document"));
    assert_eq!(cut(&heavy, &[1], 1 << 20).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn cutting_that_takes_too_long_is_stopped() {
    let parts = parts(Setup {
        timeout: Duration::from_millis(1),
        ..Setup::default()
    });
    let request = parts.request(&heavy(20, 100_000));
    let assessed = parts.engine.assess(&request).await;
    assert_eq!(assessed.map_err(|error| error.code()), Err("timeout"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spooled_file_is_read_by_many_at_once() {
    let parts = parts(Setup::default());
    let (request, last) = (parts.request(&heavy(3, 200_000)), [vec![3]]);
    let (assessed, cut, converted) = tokio::join!(
        parts.engine.assess(&request),
        parts.engine.cut(&request, &last, 1 << 20, &parts.spool),
        parts.engine.convert(&request),
    );
    assert_eq!(assessed.expect("verdicts").len(), 3);
    let part = cut.expect("parts").remove(0);
    assert_eq!(converted.expect("pages").conversion.pages.len(), 3);
    let mut head = [0; 5];
    let file = part.open().expect("a file");
    file.read_exact_at(&mut head, 0).expect("bytes");
    assert_eq!(&head, b"%PDF-");
}
