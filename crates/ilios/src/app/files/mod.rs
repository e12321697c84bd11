//! Files that a tenant keeps here to name them in requests.

mod delete_file;
mod file_address;
mod read_files;
mod store_file;

pub use store_file::StoreFile;
