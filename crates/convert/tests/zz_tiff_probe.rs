use std::io::Cursor;
fn peak() -> u64 {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    let l = s.lines().find(|l| l.starts_with("VmPeak")).unwrap();
    l.split_whitespace().nth(1).unwrap().parse().unwrap()
}
#[test]
fn probe() {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let head = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        [head, count.to_le_bytes().to_vec(), value.to_le_bytes().to_vec()].concat()
    };
    for count in [1_000_u32, 8_000_000, 8_388_608, 11_000_000, u32::MAX] {
        let entries = [
            entry(256, 4, 1, 8),
            entry(257, 4, 1, 8),
            entry(273, 4, count, 8),
            entry(279, 4, count, 8),
        ]
        .concat();
        let bytes = [b"II*\0\x08\0\0\0\x04\0".as_slice(), &entries, &[0; 4]].concat();
        let before = peak();
        let r = image::ImageReader::with_format(Cursor::new(&bytes), image::ImageFormat::Tiff)
            .into_decoder()
            .map(|_| ());
        println!(
            "PROBE {} bytes, {count}: {:?} VmPeak +{} KiB",
            bytes.len(),
            r.map_err(|e| e.to_string()),
            peak() - before
        );
    }
}
