use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{ObjectIdentifier, Stream};
use weezl::BitOrder;
use weezl::encode::Encoder;

use super::{DecodeError, decoded, fits, inflated_size_within};
use crate::pdf::test_documents::open;
use crate::pdf::test_documents::pdf_objects::stream;

const LIMIT: usize = 1 << 20;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn document(dict: &str, data: &str) -> Pdf {
    open(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Count 0/Kids[]>>".into(),
        stream(dict, data),
    ])
}

fn in_stream<T>(dict: &str, data: &str, read: impl FnOnce(&Stream<'_>) -> T) -> T {
    let pdf = document(dict, data);
    read(&pdf.xref().get::<Stream<'_>>(ObjectIdentifier::new(3, 0)).unwrap())
}

/// The bytes of a stream, and that it is damaged.
fn read(dict: &str, data: &str, limit: usize) -> Result<(Vec<u8>, bool), DecodeError> {
    in_stream(dict, data, |stream| {
        decoded(stream, limit).map(|decoded| (decoded.bytes.into_owned(), decoded.is_damaged))
    })
}

/// A stream behind hexadecimal digits and these filters.
fn behind(
    filters: &str,
    parameters: &str,
    bytes: &[u8],
    limit: usize,
) -> Result<(Vec<u8>, bool), DecodeError> {
    let dict = format!("/Filter[/AHx{filters}]/DecodeParms[null{parameters}]");
    read(&dict, &hex(bytes), limit)
}

#[test]
fn text_filters_decode_what_stands_before_their_end() {
    for (dict, data, bytes, damaged) in [
        ("", "plain", "plain", false),
        ("/Filter/ASCIIHexDecode", "48 69 2>rest", "Hi ", false),
        ("/Filter/AHx", "48x69", "H", true),
        (
            "/Filter/ASCII85Decode",
            "87cURD]i,\"Ebo80~>",
            "Hello World!",
            false,
        ),
        ("/Filter/A85", "<~87cUR\n D]i,\"Ebo80", "Hello World!", false),
        ("/Filter[/A85]", "z87cURD]\u{7f}", "\0\0\0\0Hell", true),
        ("/Filter/RunLengthDecode", "\u{2}abc", "abc", false),
        ("/Filter/RL", "\u{5}abc", "abc", true),
        ("/Filter[/Crypt]", "plain", "plain", false),
    ] {
        let expected = (bytes.as_bytes().to_vec(), damaged);
        assert_eq!(read(dict, data, LIMIT), Ok(expected), "{dict} {data:?}");
    }
    assert_eq!(
        behind("/RL", "", b"\xfea\x02xyz\x80q", LIMIT),
        Ok((b"aaaxyz".to_vec(), false))
    );
}

#[test]
fn flate_is_decoded_with_and_without_its_header() {
    let text = "the same again and again. ".repeat(50);
    let whole = Ok((text.clone().into_bytes(), false));
    let packed = zlib(text.as_bytes());
    assert_eq!(behind("/FlateDecode", "", &packed, LIMIT), whole);
    assert_eq!(behind("/Fl", "", &bare(text.as_bytes()), LIMIT), whole);
    let after_line_end = [b"\r\n", packed.as_slice()].concat();
    assert_eq!(behind("/Fl", "", &after_line_end, LIMIT), whole);
    let mut wrong_check = packed.clone();
    *wrong_check.last_mut().unwrap() ^= 1;
    assert_eq!(behind("/Fl", "", &wrong_check, LIMIT), whole);
    let twice = zlib(&packed);
    assert_eq!(behind("/Fl/Fl", "", &twice, LIMIT), whole);
}

#[test]
fn damaged_flate_yields_what_stands_before_the_damage() {
    let text: String = (0..4_000_u32).fold(String::new(), |mut text, number| {
        write!(text, "{} ", number.wrapping_mul(2_654_435_761)).unwrap();
        text
    });
    let packed = zlib(text.as_bytes());
    let (head, _) = packed.split_at(packed.len() / 2);
    let (bytes, damaged) = behind("/Fl", "", head, LIMIT).unwrap();
    assert!(damaged);
    assert!(bytes.len() > text.len() / 3, "{}", bytes.len());
    assert!(text.as_bytes().starts_with(&bytes));
    // A block that is stored, and one of a kind that does not exist.
    let broken = b"\x78\x01\x00\x05\x00\xfa\xffwhole\x07rest";
    assert_eq!(behind("/Fl", "", broken, LIMIT), Ok((b"whole".to_vec(), true)));
}

#[test]
fn more_than_the_limit_is_refused_between_the_filters_too() {
    let zeros = zlib(&vec![0; 4 << 20]);
    assert_eq!(behind("/Fl", "", &zeros, LIMIT), Err(DecodeError::TooLarge));
    assert_eq!(inflated_size_within(&zeros, LIMIT), None);
    assert_eq!(inflated_size_within(&zeros, 4 << 20), Some(4 << 20));
    let nested = zlib(&zeros);
    assert_eq!(behind("/Fl/Fl", "", &nested, LIMIT), Err(DecodeError::TooLarge));
    assert_eq!(behind("/Fl/AHx", "", &zeros, LIMIT), Err(DecodeError::TooLarge));
    assert_eq!(read("", "plain", 4), Err(DecodeError::TooLarge));
    let runs = b"\x81a".repeat(20_000);
    assert_eq!(behind("/RL", "", &runs, LIMIT), Err(DecodeError::TooLarge));
    assert_eq!(
        behind("/Fl", "", &zlib(&vec![0; LIMIT]), LIMIT),
        Ok((vec![0; LIMIT], false))
    );
    let lzw = Encoder::with_tiff_size_switch(BitOrder::Msb, 8)
        .encode(&vec![0; 4 << 20])
        .unwrap();
    assert_eq!(behind("/LZW", "", &lzw, LIMIT), Err(DecodeError::TooLarge));
    let dict = "/Filter[/AHx/Fl]";
    assert!(!in_stream(dict, &hex(&zeros), |stream| fits(stream, LIMIT)));
    assert!(in_stream(dict, &hex(&zeros), |stream| fits(stream, 4 << 20)));
    assert!(in_stream(dict, &hex(&zlib(b"a")), |stream| fits(stream, LIMIT)));
    let image = "/Filter[/AHx/Fl/DCTDecode]";
    assert!(!in_stream(image, &hex(&zeros), |stream| fits(stream, LIMIT)));
}

#[test]
fn lzw_codes_grow_early_or_not() {
    let text: String = (0..2_000).map(|number| format!("{number} ")).collect();
    let whole = Ok((text.clone().into_bytes(), false));
    let early = Encoder::with_tiff_size_switch(BitOrder::Msb, 8)
        .encode(text.as_bytes())
        .unwrap();
    assert_eq!(behind("/LZWDecode", "", &early, LIMIT), whole);
    let late = Encoder::new(BitOrder::Msb, 8).encode(text.as_bytes()).unwrap();
    assert_eq!(behind("/LZWDecode", "<</EarlyChange 0>>", &late, LIMIT), whole);
    let (bytes, _) = behind("/LZW", "", &early[..early.len() / 2], LIMIT).unwrap();
    assert!(bytes.len() > text.len() / 3 && text.as_bytes().starts_with(&bytes));
}

#[test]
fn predictors_are_undone() {
    let png = b"\x00\x01\x02\x03\x01\x01\x01\x01\x02\x01\x01\x01\x03\x01\x01\x01\x04\x01\x01";
    let row = "<</Predictor 15/Columns 3>>";
    assert_eq!(
        behind("/Fl", row, &zlib(png), LIMIT),
        Ok((vec![1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4], false))
    );
    let tiff = "<</Predictor 2/Columns 3>>";
    assert_eq!(
        behind("/Fl", tiff, &zlib(b"\x01\x01\x01\x05\x01\xff"), LIMIT),
        Ok((vec![1, 2, 3, 5, 6, 5], false))
    );
    let wide = "<</Predictor 2/Columns 2/BitsPerComponent 16>>";
    assert_eq!(
        behind("/Fl", wide, &zlib(b"\x00\xff\x00\x01"), LIMIT),
        Ok((vec![0, 255, 1, 0], false))
    );
    let huge = "<</Predictor 12/Columns 2147483647/Colors 2147483647/BitsPerComponent 2147483647>>";
    assert_eq!(
        behind("/Fl", huge, &zlib(b"\x00abc"), LIMIT),
        Ok((b"abc".to_vec(), false))
    );
    let bits = "<</Predictor 2/Columns 16/BitsPerComponent 1>>";
    assert_eq!(
        behind("/Fl", bits, &zlib(b"abc"), LIMIT),
        Err(DecodeError::Unreadable)
    );
}

#[test]
fn what_cannot_be_decoded_says_why() {
    for (dict, error) in [
        ("/Filter/DCTDecode", DecodeError::Image),
        ("/Filter[/AHx/JBIG2Decode]", DecodeError::Image),
        ("/Filter/Unknown", DecodeError::Unreadable),
        ("/F(other.bin)", DecodeError::Unreadable),
        (
            "/Filter[/AHx/AHx/AHx/AHx/AHx/AHx/AHx/AHx/AHx]",
            DecodeError::Unreadable,
        ),
    ] {
        assert_eq!(read(dict, "41>", LIMIT), Err(error), "{dict}");
    }
}
