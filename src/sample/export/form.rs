//! An export as a file: what stands in it, and the form in which it is written.

use super::cell::{DateShape, Grid};
use super::delimited::{self, Dialect};
use super::{html, ods, xls, xlsx};
use crate::sample::SampleError;

/// A file of the inbox before it is bytes: a test may change a cell and write it in the same form.
#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    pub content: Content,
}

#[derive(Debug, Clone)]
pub enum Content {
    Table(Grid, Form),
    /// A bill of a payment platform, or what is no table at all.
    Bytes(Vec<u8>),
}

/// The format of a file, and what varies in it.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    Xlsx,
    Xls,
    Ods,
    Text(Dialect, DateShape),
    /// An HTML table; equal cells of the group's column are joined.
    Html {
        shape: DateShape,
        group: Option<usize>,
    },
}

impl File {
    pub(super) fn of(name: String, grid: Grid, form: Form) -> File {
        File { name, content: Content::Table(grid, form) }
    }

    /// The bytes of the file: the same content gives the same ones.
    pub fn bytes(&self) -> Result<Vec<u8>, SampleError> {
        let (grid, form) = match &self.content {
            Content::Table(grid, form) => (grid, *form),
            Content::Bytes(bytes) => return Ok(bytes.clone()),
        };
        match form {
            Form::Xlsx => xlsx::write(grid).map_err(SampleError::workbook),
            Form::Xls => xls::write(grid).map_err(SampleError::workbook),
            Form::Ods => ods::write(grid).map_err(SampleError::workbook),
            Form::Text(dialect, shape) => Ok(delimited::write(grid, dialect, shape)),
            Form::Html { shape, group } => Ok(html::write(grid, shape, group).into_bytes()),
        }
    }
}
