//! The programs of `examples/`, as a reader of the README runs them.

use tokio::process::Command;

use crate::harness::{TestServer, repository};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_by_a_passage_with_its_page_and_box() {
    let server = TestServer::start().await;
    let output = Command::new("python3")
        .arg(repository("examples/rag.py"))
        .arg(repository("samples/annual-report.pdf"))
        .args(["How many visitors came on the open evenings?", &server.address])
        .output()
        .await
        .expect("python3");
    let (said, complaint) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{complaint}");
    assert!(
        said.contains("On 62 evenings 3,870 visitors climbed the hill"),
        "{said}"
    );
    let places: Vec<&str> = said.lines().filter(|line| line.starts_with("page ")).collect();
    assert!(!places.is_empty(), "{said}");
    for place in places {
        let (page, sides) = place.split_once(", box [").expect(place);
        assert_eq!(page, "page 3", "{said}");
        let sides = sides.strip_suffix(']').expect(place).split(", ");
        let sides: Vec<f64> = sides.map(|side| side.parse().expect(place)).collect();
        let &[left, top, right, bottom] = sides.as_slice() else {
            panic!("{place}")
        };
        assert!(
            0.0 <= left && left < right && right <= 596.0 && 0.0 <= top && top < bottom && bottom <= 842.0,
            "{place}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_shown_on_a_picture_of_its_page() {
    let server = TestServer::working().await;
    let folder = tempfile::TempDir::new().expect("a folder");
    let picture = folder.path().join("answer.png");
    let output = Command::new(repository("scripts/cite-example.sh"))
        .arg("run")
        .arg(repository("samples/annual-report.pdf"))
        .arg("How many visitors came on the open evenings?")
        .args([picture.as_os_str(), server.address.as_ref()])
        .output()
        .await
        .expect("bash");
    let (said, complaint) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{complaint}");
    assert!(
        said.contains("On 62 evenings 3,870 visitors climbed the hill") && said.contains("page 3, shown in"),
        "{said}"
    );
    let image = image::open(&picture).expect("a picture").into_rgb8();
    // Black print under a yellow mark stays dark; white paper becomes yellow.
    let marked = image
        .pixels()
        .filter(|pixel| pixel.0[0] > 240 && pixel.0[2] < 180)
        .count();
    assert!(marked > 1_000, "{marked} pixels are marked");
}
