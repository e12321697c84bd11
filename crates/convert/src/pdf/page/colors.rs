//! Colours of text and areas, as far as they can be told without a colour profile.

use hayro::hayro_syntax::object::{Array, Name, Number, Object, Stream};
use hayro::hayro_syntax::page::Resources;

/// Colour space, by what its components mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Space {
    #[default]
    Gray,
    Rgb,
    Cmyk,
    /// Tints, palettes, patterns: what they look like is not known here.
    Other,
}

impl Space {
    /// Colour space of a name in the resources.
    pub(super) fn named(name: &Name<'_>, resources: &Resources<'_>) -> Self {
        match name.as_str() {
            "DeviceGray" | "G" | "CalGray" => Self::Gray,
            "DeviceRGB" | "RGB" | "CalRGB" => Self::Rgb,
            "DeviceCMYK" | "CMYK" => Self::Cmyk,
            _ => resources
                .get_color_space(name)
                .map_or(Self::Other, |space| Self::of(&space)),
        }
    }

    fn of(space: &Object<'_>) -> Self {
        match space {
            Object::Name(name) => match name.as_str() {
                "DeviceGray" | "CalGray" => Self::Gray,
                "DeviceRGB" | "CalRGB" => Self::Rgb,
                "DeviceCMYK" => Self::Cmyk,
                _ => Self::Other,
            },
            Object::Array(array) => Self::of_array(array),
            _ => Self::Other,
        }
    }

    fn of_array(array: &Array<'_>) -> Self {
        let mut entries = array.flex_iter();
        match entries.next::<Name<'_>>().as_ref().map(|name| name.as_str()) {
            Some("CalGray" | "DeviceGray") => Self::Gray,
            Some("CalRGB" | "DeviceRGB") => Self::Rgb,
            Some("DeviceCMYK") => Self::Cmyk,
            Some("ICCBased") => match entries
                .next::<Stream<'_>>()
                .and_then(|profile| profile.dict().get::<u8>(b"N"))
            {
                Some(1) => Self::Gray,
                Some(3) => Self::Rgb,
                Some(4) => Self::Cmyk,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// Colour that it begins with.
    pub(super) fn initial(self) -> Option<[u8; 3]> {
        (self != Self::Other).then_some([0; 3])
    }

    /// Colour of components in it.
    pub(super) fn color(self, components: &[Number]) -> Option<[u8; 3]> {
        let parts = |index: usize| components.get(index).map(Number::as_f32);
        match self {
            Self::Gray => parts(0).map(|gray| [byte(gray); 3]),
            Self::Rgb => Some([byte(parts(0)?), byte(parts(1)?), byte(parts(2)?)]),
            Self::Cmyk => {
                let key = 1.0 - parts(3)?;
                let ink = |part: f32| byte((1.0 - part) * key);
                Some([ink(parts(0)?), ink(parts(1)?), ink(parts(2)?)])
            }
            Self::Other => None,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 255"
)]
fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}
