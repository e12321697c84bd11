use bytes::Bytes;

use super::field::broken;
use super::multipart::Field;
use crate::http::respond::problem::Problem;
use crate::model::FileName;
use crate::spool::{Spool, SpoolError, Spooled};

/// A part of a form that is a file.
pub(in crate::http) struct FilePart<'a> {
    /// Its name.
    pub(in crate::http) name: FileName,
    /// True if the client has sent a file name that is not blank.
    pub(in crate::http) is_named: bool,
    field: Field<'a>,
    read: u64,
}

impl<'a> FilePart<'a> {
    /// The file in `field`, of which nothing has been read.
    pub(in crate::http) fn new(field: Field<'a>) -> Self {
        let name = field.file_name().unwrap_or_default();
        Self {
            is_named: !name.trim().is_empty(),
            name: FileName::clean(name),
            field,
            read: 0,
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let chunk = self.field.chunk().await.map_err(broken)?;
        self.read += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Ok(chunk)
    }

    /// Sends the file to the spool as it arrives. The outer error is a broken form, the inner one a file that
    /// the spool does not take.
    pub(in crate::http) async fn spool(
        &mut self,
        spool: &Spool,
    ) -> Result<Result<Spooled, SpoolError>, Problem> {
        let mut incoming = spool.receive();
        while let Some(chunk) = self.chunk().await? {
            incoming = match incoming.append(chunk).await {
                Ok(incoming) => incoming,
                Err(error) => return Ok(Err(error)),
            };
        }
        Ok(Ok(incoming.finish()))
    }

    /// Reads what is left of the file for nothing, so that the next part can be read; answers the size of all of
    /// it.
    pub(in crate::http) async fn skip(mut self) -> Result<u64, Problem> {
        while self.chunk().await?.is_some() {}
        Ok(self.read)
    }
}
