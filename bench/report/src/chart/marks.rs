//! The marks of the chart. Shapes differ as well as colours.

use std::fmt::Write;

/// Contender, label and the label's width in the legend.
pub(super) const PEERS: [(&str, &str, f64); 5] = [
    ("jsonwebtoken-aws", "jsonwebtoken (aws_lc_rs)", 208.0),
    ("jsonwebtoken-rust", "jsonwebtoken (rust_crypto)", 216.0),
    ("jwt-compact", "jwt-compact", 118.0),
    ("jwt-simple", "jwt-simple", 106.0),
    ("josekit", "josekit", 80.0),
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    OurBest,
    OurOther,
    Goal,
    /// By its place in [`PEERS`].
    Peer(usize),
}

impl Mark {
    /// Draws the mark with its middle at `x`, `y`.
    pub(super) fn draw(self, x: f64, y: f64, out: &mut String) {
        let _ = match self {
            Self::OurBest => write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6.5\" class=\"ours\"/>"),
            Self::OurOther => {
                write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" class=\"ring\" stroke-width=\"2\"/>")
            }
            Self::Goal => write!(
                out,
                "<path d=\"M{x:.1} {:.1}v22\" class=\"goal\" stroke-width=\"2\" stroke-dasharray=\"3 2\"/>",
                y - 11.0
            ),
            Self::Peer(index) => write!(
                out,
                "<path transform=\"translate({x:.1} {y:.1})\" d=\"{}\" class=\"{}\" fill-opacity=\".85\"/>",
                shape(index),
                colour(index)
            ),
        };
    }
}

/// Square, diamond, triangle up, triangle down, cross.
const fn shape(index: usize) -> &'static str {
    match index {
        0 => "M-4.5-4.5h9v9h-9z",
        1 => "M0-6.5 6.5 0 0 6.5-6.5 0z",
        2 => "M0-6 6 5H-6z",
        3 => "M0 6 6-5H-6z",
        _ => "M-2-6h4v4h4v4H2v4h-4V2h-4v-4h4z",
    }
}

const fn colour(index: usize) -> char {
    match index {
        0 => 'a',
        1 => 'b',
        2 => 'c',
        3 => 'd',
        _ => 'e',
    }
}
