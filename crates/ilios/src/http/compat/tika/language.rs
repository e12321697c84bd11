//! The language of a text: by its script where that tells, else by the small words that are most frequent in it.

use axum::extract::{Request, State};

use super::document::received;
use super::options::file_name;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;

/// Frequent small words of languages in Latin script, and of two in Cyrillic.
const WORDS: &[(&str, &str)] = &[
    (
        "en",
        "the of and to in is that it for was on are with as this be at by not from have an which you",
    ),
    (
        "de",
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden",
    ),
    (
        "fr",
        "de la le et les des en un du une que est pour qui dans par plus pas sur ne au ce il sont avec",
    ),
    (
        "es",
        "de la que el en y a los del se las por un para con no una su al lo como más pero sus es",
    ),
    (
        "it",
        "di e il la che in un a per è una del non sono con da le dei si nel della alla come anche più",
    ),
    (
        "pt",
        "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao",
    ),
    (
        "nl",
        "de en van het een in is dat op te zijn met voor niet aan er die als door naar ook bij maar om",
    ),
    (
        "sv",
        "och i att det som en på är av för med till den har inte om ett han men var jag sig från vi",
    ),
    (
        "da",
        "og i at det er en til på som af den for med der ikke de har et om var sig jeg fra kan men",
    ),
    (
        "no",
        "og i det er en til på som av for med at ikke den har et om jeg var fra kan men seg hun vi",
    ),
    (
        "fi",
        "ja on ei se että oli hän mutta ovat myös kun joka tai niin kuin ole sen mukaan vain jo",
    ),
    (
        "pl",
        "i w na z do nie się to że jest od po za jak ale co przez o dla jego być są oraz tym",
    ),
    (
        "cs",
        "a v se na je že s z do o to i ve jako za by pro ale jsem od po jeho jsou při není",
    ),
    (
        "hu",
        "a az és hogy nem is egy van ez meg volt csak de mint már be ki még azt vagy ha el lesz",
    ),
    (
        "ro",
        "de și în a la cu că pe un o din care nu este mai se pentru ca fi sau sunt prin lui ce",
    ),
    (
        "tr",
        "ve bir bu da de için ile olarak çok daha olan gibi kadar ne en o var ama sonra olduğu her",
    ),
    (
        "ru",
        "и в не на что с как это по но он из за то все так его для от же мы бы или у",
    ),
    (
        "uk",
        "і в не на що з як це та до у за але він від про або для його є ми які бути",
    ),
];

/// Bytes of a text that are looked at.
const LOOKED_AT: usize = 64 * 1024;

/// The language of the body, a plain text, by ISO 639-1; `und` where nothing tells.
pub(super) async fn language(
    State(state): State<HttpState>,
    request: Request,
) -> Result<&'static str, Problem> {
    let (parts, body) = request.into_parts();
    let upload = received(&state, file_name(&parts.headers), &parts.headers, body).await?;
    let head = tokio::task::spawn_blocking(move || upload.file.read_at(0, LOOKED_AT));
    let head = head
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::unavailable)?;
    Ok(language_of(&String::from_utf8_lossy(&head)))
}

fn language_of(text: &str) -> &'static str {
    by_script(text).unwrap_or_else(|| by_words(text))
}

/// The language of a text most of whose letters are of a script that one language alone is written in, nearly.
fn by_script(text: &str) -> Option<&'static str> {
    const COUNT: usize = 9;
    static SCRIPTS: [(&str, std::ops::RangeInclusive<char>); COUNT] = [
        ("el", '\u{370}'..='\u{3ff}'),
        ("he", '\u{590}'..='\u{5ff}'),
        ("ar", '\u{600}'..='\u{6ff}'),
        ("hi", '\u{900}'..='\u{97f}'),
        ("th", '\u{e00}'..='\u{e7f}'),
        ("ka", '\u{10a0}'..='\u{10ff}'),
        ("ja", '\u{3040}'..='\u{30ff}'),
        ("ko", '\u{ac00}'..='\u{d7af}'),
        ("zh", '\u{4e00}'..='\u{9fff}'),
    ];
    let mut counts = [0_usize; COUNT];
    let mut letters = 0;
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        let script = SCRIPTS.iter().position(|(_, range)| range.contains(&c));
        if let Some(count) = script.and_then(|script| counts.get_mut(script)) {
            *count += 1;
        }
    }
    let [.., kana, _, han] = counts;
    if kana * 10 > letters && (kana + han) * 2 > letters {
        return Some("ja");
    }
    let most = SCRIPTS.iter().zip(counts).max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| count * 2 > letters)
        .map(|((name, _), _)| *name)
}

fn by_words(text: &str) -> &'static str {
    let mut scores = vec![0_usize; WORDS.len()];
    for word in text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
    {
        let word = word.to_lowercase();
        for (score, (_, words)) in scores.iter_mut().zip(WORDS) {
            *score += usize::from(words.split(' ').any(|known| known == word));
        }
    }
    let best = WORDS.iter().zip(scores).rev().max_by_key(|(_, score)| *score);
    best.filter(|(_, score)| *score > 0)
        .map_or("und", |((name, _), _)| *name)
}

#[cfg(test)]
mod tests {
    use super::language_of;

    #[test]
    fn a_sentence_tells_its_language() {
        for (language, text) in [
            ("en", "This is plainly an English sentence, is it not?"),
            ("de", "Die Sonne scheint und der Himmel ist nicht grau."),
            ("fr", "Le soleil brille et il n'y a pas de nuages dans le ciel."),
            ("es", "El sol brilla y no hay nubes en el cielo de la ciudad."),
            (
                "it",
                "Il sole splende e non ci sono nuvole nel cielo della città.",
            ),
            (
                "nl",
                "De zon schijnt en er zijn geen wolken aan de hemel van het land.",
            ),
            ("pl", "To jest zdanie, które nie jest za długie, ale się liczy."),
            ("ru", "Это предложение на русском языке, и оно не длинное."),
            ("uk", "Це речення українською мовою, і воно не довге, але є."),
            ("el", "Αυτή είναι μια πρόταση στα ελληνικά."),
            ("ja", "これは日本語の文章です。"),
            ("zh", "这是一个中文句子。"),
            ("ko", "이것은 한국어 문장입니다."),
            ("und", "12345 !?"),
            ("und", ""),
        ] {
            assert_eq!(language_of(text), language, "{text}");
        }
    }
}
