use ilios_convert::OcrLanguages;

/// The name that tesseract has for a language: clients name it so, or by BCP 47.
pub(super) fn language(tag: &str) -> Option<String> {
    const NAMES: &[(&str, &str)] = &[
        ("ar", "ara"),
        ("bg", "bul"),
        ("ca", "cat"),
        ("cs", "ces"),
        ("da", "dan"),
        ("de", "deu"),
        ("el", "ell"),
        ("en", "eng"),
        ("es", "spa"),
        ("et", "est"),
        ("fi", "fin"),
        ("fr", "fra"),
        ("he", "heb"),
        ("hi", "hin"),
        ("hr", "hrv"),
        ("hu", "hun"),
        ("it", "ita"),
        ("ja", "jpn"),
        ("ko", "kor"),
        ("lt", "lit"),
        ("lv", "lav"),
        ("nl", "nld"),
        ("no", "nor"),
        ("pl", "pol"),
        ("pt", "por"),
        ("ro", "ron"),
        ("ru", "rus"),
        ("sk", "slk"),
        ("sl", "slv"),
        ("sr", "srp"),
        ("sv", "swe"),
        ("th", "tha"),
        ("tr", "tur"),
        ("uk", "ukr"),
        ("vi", "vie"),
        ("zh", "chi_sim"),
    ];
    let tag = tag.trim();
    let primary = tag
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let known = NAMES
        .iter()
        .find(|(short, _)| *short == primary)
        .map(|(_, name)| (*name).to_owned());
    let is_name = || tag.parse::<OcrLanguages>().is_ok().then(|| tag.to_owned());
    known.or_else(is_name)
}
