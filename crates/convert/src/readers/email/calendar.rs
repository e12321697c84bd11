//! Calendars (iCalendar, RFC 5545) that a message brings: each event with its time, place and people.

use super::list::{add_field, add_heading, open_list};
use crate::ConvertError;
use crate::ir::Builder;
use crate::readers::text;

/// Events of a calendar that are read, at most; the file stays in the list of attachments.
const MAX_EVENTS: usize = 1_000;

/// Line of a calendar: name, parameters and value.
struct Property {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

/// Event, task or note.
#[derive(Default)]
struct Event {
    title: Option<String>,
    /// Fields under the title: name and value.
    fields: Vec<(&'static str, String)>,
    people: Vec<String>,
    begin: Option<String>,
    end: Option<String>,
    description: String,
}

/// Adds the events of a calendar below headings of this level.
pub(super) fn add(calendar: &str, level: u8, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    for event in events(calendar) {
        add_heading(level, event.title.as_deref().unwrap_or("Event"), builder)?;
        open_list(builder)?;
        let when = match (&event.begin, &event.end) {
            (Some(begin), Some(end)) => Some(format!("{begin} to {end}")),
            (begin, end) => begin.clone().or(end.clone()),
        };
        let when = when.map(|when| ("When", when));
        let people = Some(("Attendees", event.people.join(", "))).filter(|_| !event.people.is_empty());
        for (name, value) in when.into_iter().chain(event.fields).chain(people) {
            add_field(name, &value, builder)?;
        }
        builder.close()?;
        text::read_blocks(&event.description, builder)?;
    }
    Ok(())
}

fn events(calendar: &str) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    // Components within an event, such as alarms, are none of its properties.
    let (mut current, mut within) = (None::<Event>, 0_usize);
    for property in unfolded(calendar).iter().filter_map(|line| property(line)) {
        let component = property.value.trim().to_ascii_uppercase();
        let is_event = matches!(component.as_str(), "VEVENT" | "VTODO" | "VJOURNAL");
        match (property.name.as_str(), current.is_some()) {
            ("BEGIN", false) if is_event => current = Some(Event::default()),
            ("BEGIN", true) => within += 1,
            ("END", true) if within > 0 => within -= 1,
            ("END", true) => events.extend(current.take()),
            _ if within == 0 => {
                if let Some(event) = &mut current {
                    event.take(&property);
                }
            }
            _ => {}
        }
        if events.len() >= MAX_EVENTS {
            break;
        }
    }
    events.extend(current);
    events
}

impl Event {
    fn take(&mut self, property: &Property) {
        let text = unescaped(&property.value);
        let line = || text.split_whitespace().collect::<Vec<_>>().join(" ");
        match property.name.as_str() {
            "SUMMARY" => self.title = Some(line()).filter(|title| !title.is_empty()),
            "DTSTART" => self.begin = Some(time(property)),
            "DTEND" | "DUE" => self.end = Some(time(property)),
            "DURATION" => self.fields.push(("Duration", line())),
            "RRULE" => self.fields.push(("Repeats", line())),
            "LOCATION" => self.fields.push(("Where", line())),
            "STATUS" => self.fields.push(("Status", line())),
            "URL" => self.fields.push(("Address", line())),
            "ORGANIZER" => self.fields.push(("Organizer", person(property))),
            "ATTENDEE" => self.people.push(person(property)),
            "DESCRIPTION" | "COMMENT" => {
                self.description.push_str(&text);
                self.description.push_str("\n\n");
            }
            _ => {}
        }
        self.fields.retain(|(_, value)| !value.is_empty());
    }
}

/// Lines, with those that go on in the next ones joined.
fn unfolded(calendar: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in calendar.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn property(line: &str) -> Option<Property> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    });
    let (head, value) = line.split_at_checked(colon?.0)?;
    let mut parts = head.split(';');
    let name = parts.next()?.trim().to_ascii_uppercase();
    let parameters = parts.filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
    });
    Some(Property {
        name,
        parameters: parameters.collect(),
        value: value.strip_prefix(':').unwrap_or(value).to_owned(),
    })
}

impl Property {
    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(escaped) => out.push(escaped),
            None => out.push('\\'),
        }
    }
    out
}

/// Time such as `2026-01-05 10:00:00 (Europe/Berlin)`; as it is if it has another form.
fn time(property: &Property) -> String {
    let value = property.value.trim();
    let (digits, zone) = match value.strip_suffix('Z') {
        Some(digits) => (digits, Some("UTC")),
        None => (value, property.parameter("TZID")),
    };
    let part = |from: usize, to: usize| {
        let part = digits.get(from..to)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then_some(part)
    };
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(4, 6), part(6, 8)) else {
        return value.to_owned();
    };
    let mut out = format!("{year}-{month}-{day}");
    if digits.get(8..9) == Some("T")
        && let (Some(hour), Some(minute)) = (part(9, 11), part(11, 13))
    {
        out.push_str(&format!(" {hour}:{minute}"));
        if let Some(second) = part(13, 15).filter(|second| *second != "00") {
            out.push_str(&format!(":{second}"));
        }
    }
    match zone {
        Some(zone) => format!("{out} ({zone})"),
        None => out,
    }
}

/// Name and address of a person.
fn person(property: &Property) -> String {
    let value = property.value.trim();
    let address = match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => value.get(7..).unwrap_or_default(),
        _ => value,
    };
    match property.parameter("CN") {
        Some(name) if name != address => format!("{name} ({address})"),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::events;

    #[test]
    fn an_event_has_its_time_place_and_people() {
        let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Bridge\\, again\r\nDTSTART;TZID=\"Europe/Berlin\":20260105T100000\r\n\
                        DTEND:20260105T113005Z\r\nLOCATION:Room\r\n  4\r\nORGANIZER;CN=\"Ann: chair\":mailto:ann@example.org\r\n\
                        ATTENDEE:MAILTO:bob@example.org\r\nBEGIN:VALARM\r\nDESCRIPTION:ring\r\nEND:VALARM\r\n\
                        DESCRIPTION:One\\nTwo\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let events = events(calendar);
        assert_eq!(events.len(), 1);
        let event = &events[0];
        assert_eq!(event.title.as_deref(), Some("Bridge, again"));
        assert_eq!(event.begin.as_deref(), Some("2026-01-05 10:00 (Europe/Berlin)"));
        assert_eq!(event.end.as_deref(), Some("2026-01-05 11:30:05 (UTC)"));
        let fields = [
            ("Where", "Room 4".to_owned()),
            ("Organizer", "Ann: chair (ann@example.org)".to_owned()),
        ];
        assert_eq!(event.fields, fields);
        assert_eq!(event.people, ["bob@example.org"]);
        assert_eq!(event.description.trim(), "One\nTwo");
    }
}
