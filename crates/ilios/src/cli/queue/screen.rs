use std::io::{IsTerminal, Read, Write, stdin, stdout};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::sync::mpsc;

/// Size of a terminal that does not tell it.
const DEFAULT_SIZE: (usize, usize) = (80, 24);
/// The other screen of the terminal, without a cursor.
const OPEN: &str = "\x1b[?1049h\x1b[?25l";
const CLOSE: &str = "\x1b[?25h\x1b[?1049l";

/// Screen of its own on the terminal, with keys that come without Enter. Dropped, the terminal is as before.
pub(super) struct Screen {
    before: Option<Termios>,
    keys: mpsc::UnboundedReceiver<u8>,
}

impl Screen {
    /// Opens it. Without a terminal as standard input there are no keys.
    pub(super) fn open() -> Self {
        let (sender, keys) = mpsc::unbounded_channel();
        let before = tcgetattr(stdin()).ok().filter(|_| stdin().is_terminal());
        if let Some(before) = &before {
            let mut each_key = before.clone();
            each_key.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
            // A terminal that does not take it gives keys after Enter.
            let _ = tcsetattr(stdin(), OptionalActions::Now, &each_key);
            // It waits for a key until the process ends.
            std::thread::spawn(move || {
                for key in stdin().lock().bytes().map_while(Result::ok) {
                    if sender.send(key).is_err() {
                        break;
                    }
                }
            });
        }
        write(OPEN);
        Self { before, keys }
    }

    /// The next key; waits for ever where there is no keyboard.
    pub(super) async fn key(&mut self) -> u8 {
        match self.keys.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        }
    }

    /// Draws lines from the top on, as many and as long ones as there is room for.
    pub(super) fn draw(&self, lines: &[String]) {
        let (width, height) = tcgetwinsize(stdout())
            .ok()
            .map(|size| (usize::from(size.ws_col), usize::from(size.ws_row)))
            .filter(|(width, height)| *width > 0 && *height > 0)
            .unwrap_or(DEFAULT_SIZE);
        let mut text = String::from("\x1b[H");
        for (row, line) in lines.iter().take(height).enumerate() {
            if row > 0 {
                text.push_str("\r\n");
            }
            text.extend(line.chars().take(width));
            text.push_str("\x1b[K");
        }
        text.push_str("\x1b[J");
        write(&text);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        write(CLOSE);
        if let Some(before) = &self.before {
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
    }
}

/// A terminal that has gone is noticed by its signal.
fn write(text: &str) {
    let mut out = stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
