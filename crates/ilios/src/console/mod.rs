//! The web page's assets.

/// The page at `/`.
pub const LANDING_PAGE: &str = include_str!("landing.html");
