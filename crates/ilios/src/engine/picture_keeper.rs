use std::collections::HashSet;

use ilios_convert::ir::Image;
use ilios_sandbox::FrameError;

use super::protocol::{PictureFields, ProtocolError};
use super::{Artifacts, ExtractedImage, StoredImage};

/// Keeps the pictures that a child sends: in the artifact store where there is one, else with their bytes. They are not
/// decoded, and their number and size are limited here, too.
pub(super) struct PictureKeeper {
    artifacts: Artifacts,
    max_count: usize,
    max_bytes: usize,
    bytes: usize,
    names: HashSet<String>,
    kept: KeptPictures,
}

/// Pictures of a document.
#[derive(Debug, Default)]
pub(super) struct KeptPictures {
    /// All of them; those that are stored without bytes.
    pub(super) images: Vec<Image>,
    /// Those that are stored.
    pub(super) stored: Vec<StoredImage>,
}

impl KeptPictures {
    pub(super) fn extend(&mut self, more: Self) {
        self.images.extend(more.images);
        self.stored.extend(more.stored);
    }
}

impl PictureKeeper {
    pub(super) fn new(artifacts: Artifacts, limits: &ilios_convert::Limits) -> Self {
        Self {
            artifacts,
            max_count: usize::try_from(limits.images).unwrap_or(usize::MAX),
            max_bytes: usize::try_from(limits.image_bytes).unwrap_or(usize::MAX),
            bytes: 0,
            names: HashSet::new(),
            kept: KeptPictures::default(),
        }
    }

    /// Keeps a picture.
    ///
    /// # Errors
    /// The child does not keep to the protocol, or the picture cannot be stored.
    pub(super) async fn keep(&mut self, fields: PictureFields<'_>) -> Result<(), ProtocolError> {
        let mime_type = mime_type(fields.name).filter(|known| *known == fields.mime_type);
        let mime_type = mime_type.ok_or(ProtocolError::Unexpected)?;
        let bytes = fields.bytes.0;
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > self.max_bytes || self.names.len() >= self.max_count {
            return Err(ProtocolError::Frame(FrameError::TooLarge {
                bytes: self.bytes,
                limit: self.max_bytes,
            }));
        }
        if !self.names.insert(fields.name.to_owned()) {
            return Err(ProtocolError::Unexpected);
        }
        let mut image = Image {
            name: fields.name.to_owned(),
            mime_type: mime_type.to_owned(),
            width: fields.width,
            height: fields.height,
            bytes: Vec::new(),
        };
        match self.artifacts.get() {
            None => image.bytes = bytes.to_vec(),
            Some(store) => {
                let picture = ExtractedImage {
                    name: image.name.clone(),
                    mime_type,
                    bytes: bytes.to_vec(),
                    pixels: Some((image.width, image.height)),
                };
                let object_key = store.put_image(picture).await?;
                self.kept.stored.push(StoredImage {
                    name: image.name.clone(),
                    mime_type: image.mime_type.clone(),
                    size: bytes.len() as u64,
                    object_key,
                    pixels: Some((image.width, image.height)),
                });
            }
        }
        self.kept.images.push(image);
        Ok(())
    }

    /// Takes what was kept.
    pub(super) fn take(&mut self) -> KeptPictures {
        std::mem::take(&mut self.kept)
    }
}

/// The media type of a picture of this name; `None` for a name that the converter does not give: `p3-1.png`.
fn mime_type(name: &str) -> Option<&'static str> {
    let (stem, extension) = name.split_once('.')?;
    let (page, number) = stem.strip_prefix('p')?.split_once('-')?;
    let is_number =
        |text: &str| (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    match extension {
        _ if !is_number(page) || !is_number(number) => None,
        "png" => Some("image/png"),
        "jpg" => Some("image/jpeg"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::protocol::{Body, PictureFields, ProtocolError};
    use super::{Artifacts, PictureKeeper};

    fn keeper() -> PictureKeeper {
        let limits = ilios_convert::Limits {
            images: 3,
            image_bytes: 10,
            ..ilios_convert::Limits::default()
        };
        PictureKeeper::new(Artifacts::default(), &limits)
    }

    fn picture<'a>(name: &'a str, mime_type: &'a str, bytes: &'a [u8]) -> PictureFields<'a> {
        PictureFields {
            name,
            mime_type,
            width: 16,
            height: 17,
            bytes: Body(bytes),
        }
    }

    #[tokio::test]
    async fn without_a_store_a_picture_keeps_its_bytes() {
        let mut keeper = keeper();
        let kept = keeper.keep(picture("p3-1.jpg", "image/jpeg", b"abc")).await;
        assert!(kept.is_ok());
        let kept = keeper.take();
        assert!(kept.stored.is_empty());
        assert_eq!(
            (kept.images[0].bytes.as_slice(), kept.images[0].height),
            (&b"abc"[..], 17)
        );
    }

    #[tokio::test]
    async fn a_name_or_type_that_the_converter_does_not_give_is_refused() {
        for (name, mime_type) in [
            ("p1-1.png", "image/jpeg"),
            ("p1-1.png", "text/html"),
            ("p1-1.html", "text/html"),
            ("p1-1.svg", "image/svg+xml"),
            ("../p1-1.png", "image/png"),
            ("p1-../1.png", "image/png"),
            ("p1-.png", "image/png"),
            ("p-1.png", "image/png"),
            ("p1-1.png.png", "image/png"),
            ("p1-1", "image/png"),
            ("", "image/png"),
        ] {
            let kept = keeper().keep(picture(name, mime_type, b"abc")).await;
            assert!(
                matches!(kept, Err(ProtocolError::Unexpected)),
                "{name} {mime_type}"
            );
        }
    }

    #[tokio::test]
    async fn number_and_size_have_an_end_and_a_name_is_given_once() {
        let mut few = keeper();
        for name in ["p1-1.png", "p1-2.png", "p2-1.png"] {
            assert!(few.keep(picture(name, "image/png", b"")).await.is_ok());
        }
        let kept = few.keep(picture("p2-2.png", "image/png", b"")).await;
        assert!(matches!(kept, Err(ProtocolError::Frame(_))));
        let mut small = keeper();
        assert!(
            small
                .keep(picture("p1-1.png", "image/png", &[0; 6]))
                .await
                .is_ok()
        );
        let twice = small.keep(picture("p1-1.png", "image/png", &[0; 1])).await;
        assert!(matches!(twice, Err(ProtocolError::Unexpected)));
        let large = small.keep(picture("p1-2.png", "image/png", &[0; 6])).await;
        assert!(matches!(large, Err(ProtocolError::Frame(_))));
    }
}
