use hayro::hayro_syntax::content::ops::TypedInstruction as Op;
use hayro::kurbo::{Point, Rect};

use super::path_parts::{AXIS_TOLERANCE, Path};
use super::state::narrow;
use super::walker::{Frame, Walker, point};
use crate::layout::drawing::{Area, Rule};
use crate::layout::extent::Extent;

/// Thickness in points up to which a filled rectangle is a line.
const MAX_RULE_WIDTH: f64 = 2.5;
/// Lines and areas of a page, at most. Drawings have more, tables do not.
const MAX_DRAWN: usize = 50_000;

impl<'a> Walker<'a, '_> {
    /// Runs an operator of a path.
    pub(super) fn path_operator(&mut self, operator: &Op<'_, '_>, frame: &mut Frame<'a, '_>) {
        let state = &frame.state;
        match operator {
            Op::MoveTo(to) => frame.path.move_to(point(state, &to.0, &to.1)),
            Op::LineTo(to) => frame.path.line_to(point(state, &to.0, &to.1)),
            Op::CubicTo(to) => frame.path.curve_to(point(state, &to.4, &to.5)),
            Op::CubicStartTo(to) => frame.path.curve_to(point(state, &to.2, &to.3)),
            Op::CubicEndTo(to) => frame.path.curve_to(point(state, &to.2, &to.3)),
            Op::ClosePath(_) => frame.path.close(),
            Op::RectPath(rect) => {
                let (x, y) = (rect.0.as_f64(), rect.1.as_f64());
                let own = Rect::new(x, y, x + rect.2.as_f64(), y + rect.3.as_f64());
                let shown = state.ctm.transform_rect_bbox(own);
                frame.path.rectangle(shown);
            }
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => frame.path.clips = true,
            Op::EndPath(_) => self.paint(frame, Paint::default()),
            Op::StrokePath(_) => self.paint(
                frame,
                Paint {
                    stroke: true,
                    fill: false,
                },
            ),
            Op::CloseAndStrokePath(_) => {
                frame.path.close();
                self.paint(
                    frame,
                    Paint {
                        stroke: true,
                        fill: false,
                    },
                );
            }
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => {
                self.paint(
                    frame,
                    Paint {
                        stroke: false,
                        fill: true,
                    },
                );
            }
            Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => self.paint(
                frame,
                Paint {
                    stroke: true,
                    fill: true,
                },
            ),
            _ => {}
        }
    }

    /// Ends the path: paints it, and clips by it if that was asked for.
    fn paint(&mut self, frame: &mut Frame<'a, '_>, paint: Paint) {
        frame.path.finish_part();
        let path = std::mem::take(&mut frame.path);
        if (paint.stroke || paint.fill) && self.marks.visible() {
            self.draw(&path, frame, paint);
        }
        if path.clips {
            let bounds = path.bounds.unwrap_or(Rect::ZERO);
            frame.state.clip = frame.state.clip.intersect(bounds);
        }
    }

    fn draw(&mut self, path: &Path, frame: &Frame<'a, '_>, paint: Paint) {
        let order = self.next_order();
        let state = &frame.state;
        let [a, b, c, d, _, _] = state.ctm.as_coeffs();
        let width = state.line_width * (a * d - b * c).abs().sqrt();
        let whole = path.rects.is_empty() && !path.lines.is_empty() || path.curved;
        if paint.fill && whole {
            self.page.facts.filled_shapes = self.page.facts.filled_shapes.saturating_add(1);
        }
        self.note_shape(path, state.clip);
        for rect in &path.rects {
            self.draw_rect(
                *rect,
                state.clip,
                paint.fill.then_some(state.fill).flatten(),
                paint,
                order,
            );
        }
        if paint.stroke {
            for (from, to) in &path.lines {
                self.draw_line(*from, *to, width, state.clip, order);
            }
        }
    }

    /// Notes the place of a path with curves or slanted lines.
    fn note_shape(&mut self, path: &Path, clip: Rect) {
        let slanted = |(from, to): &(Point, Point)| {
            (from.x - to.x).abs() > AXIS_TOLERANCE && (from.y - to.y).abs() > AXIS_TOLERANCE
        };
        let is_shape = path.curved || path.lines.iter().any(slanted);
        let Some(bounds) = path.bounds.filter(|_| is_shape) else {
            return;
        };
        let outside =
            bounds.x1 < clip.x0 || bounds.x0 > clip.x1 || bounds.y1 < clip.y0 || bounds.y0 > clip.y1;
        if !outside && self.page.drawing.shapes.len() < MAX_DRAWN {
            let extent = self.extent(bounds.intersect(clip));
            self.page.drawing.shapes.push(extent);
        }
    }

    fn draw_rect(&mut self, rect: Rect, clip: Rect, fill: Option<[u8; 3]>, paint: Paint, order: u32) {
        let shown = rect.intersect(clip);
        // A rectangle without a width is drawn as a hairline.
        let outside = rect.x1 < clip.x0 || rect.x0 > clip.x1 || rect.y1 < clip.y0 || rect.y0 > clip.y1;
        if outside || self.page.drawing.areas.len() >= MAX_DRAWN {
            return;
        }
        let thin = rect.width().min(rect.height());
        if thin <= MAX_RULE_WIDTH && paint.fill || thin < AXIS_TOLERANCE {
            let middle = rect.center();
            let (from, to) = if rect.width() >= rect.height() {
                (Point::new(shown.x0, middle.y), Point::new(shown.x1, middle.y))
            } else {
                (Point::new(middle.x, shown.y0), Point::new(middle.x, shown.y1))
            };
            self.draw_line(from, to, thin, clip, order);
            return;
        }
        if shown.area() <= 0.0 {
            return;
        }
        let extent = self.extent(shown);
        self.page.drawing.areas.push(Area {
            extent,
            fill,
            edged: paint.stroke,
            order,
        });
    }

    fn draw_line(&mut self, from: Point, to: Point, width: f64, clip: Rect, order: u32) {
        let across = (from.y - to.y).abs() < AXIS_TOLERANCE;
        let upright = (from.x - to.x).abs() < AXIS_TOLERANCE;
        if !(across || upright) || self.page.drawing.rules.len() >= MAX_DRAWN {
            return;
        }
        let shown = Rect::from_points(from, to);
        let outside = shown.x1 < clip.x0 || shown.x0 > clip.x1 || shown.y1 < clip.y0 || shown.y0 > clip.y1;
        if outside || shown.width().max(shown.height()) < AXIS_TOLERANCE {
            return;
        }
        let kept = Rect::new(
            shown.x0.max(clip.x0),
            shown.y0.max(clip.y0),
            shown.x1.min(clip.x1),
            shown.y1.min(clip.y1),
        );
        let Extent {
            left,
            bottom,
            right,
            top,
        } = self.extent(kept);
        self.page.drawing.rules.push(Rule {
            from: [left, bottom],
            to: [right, top],
            width: narrow(width),
            order,
        });
    }

    /// Box in the frame of the words.
    pub(super) fn extent(&self, shown: Rect) -> Extent {
        Extent {
            left: narrow(shown.x0),
            bottom: self.page.height - narrow(shown.y1),
            right: narrow(shown.x1),
            top: self.page.height - narrow(shown.y0),
        }
    }
}

/// Ways to paint a path.
#[derive(Debug, Clone, Copy, Default)]
struct Paint {
    stroke: bool,
    fill: bool,
}
