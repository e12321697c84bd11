//! The child's side of the local engine: one document, then the end.

use std::io::Read;
use std::process::ExitCode;

use ilios_convert::{ConvertError, Host, Input, OcrError, OcrRequest, convert};
use ilios_sandbox::{ChildChannel, Frame};

use super::protocol::{
    CONVERSION, FAILURE, IMAGE, JOB, Job, OCR, OCR_FAILURE, OCR_TEXT, OcrFailure, OcrHeader, ProtocolError,
    decode, encode,
};

/// The work of a converter child: takes its job from the parent, converts, answers. Called at the very
/// start of the program, before configuration and runtime.
#[must_use]
pub fn run_child() -> ExitCode {
    let (mut channel, mut input) = match ChildChannel::open() {
        Ok(opened) => opened,
        Err(error) => return ExitCode::from(error.exit_code()),
    };
    match answer(&mut channel, &mut input) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(channel: &mut ChildChannel, input: &mut impl Read) -> Result<(), ProtocolError> {
    let job: Job = decode(JOB, &channel.receive()?)?;
    let mut bytes = Vec::new();
    let outcome = match input.read_to_end(&mut bytes) {
        Ok(_) => {
            let input = Input {
                bytes: &bytes,
                name: &job.name,
            };
            convert(input, &job.options, &job.limits, &mut ParentHost { channel })
        }
        Err(error) => Err(ConvertError::InvalidDocument {
            reason: error.to_string(),
        }),
    };
    let frame = match outcome {
        Ok(conversion) => encode(CONVERSION, &conversion)?,
        Err(error) => encode(FAILURE, &error)?,
    };
    Ok(channel.send(&frame)?)
}

/// Asks the parent for what the child must not do itself.
struct ParentHost<'a> {
    channel: &'a mut ChildChannel,
}

impl Host for ParentHost<'_> {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        self.ask(request)
            .map_err(|error| OcrError::Failed(error.to_string()))?
    }
}

impl ParentHost<'_> {
    fn ask(&mut self, request: OcrRequest<'_>) -> Result<Result<String, OcrError>, ProtocolError> {
        let header = OcrHeader {
            dpi: request.dpi,
            languages: request.languages.clone(),
        };
        self.channel.send(&encode(OCR, &header)?)?;
        self.channel.send(&Frame {
            kind: IMAGE,
            bytes: request.png.to_vec(),
        })?;
        let reply = self.channel.receive()?;
        if reply.kind == OCR_TEXT {
            return Ok(Ok(String::from_utf8_lossy(&reply.bytes).into_owned()));
        }
        Ok(Err(decode::<OcrFailure>(OCR_FAILURE, &reply)?.into()))
    }
}
