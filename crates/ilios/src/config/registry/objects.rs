use super::{Variable, variable};

/// Variables of the store of originals: a folder or an S3 bucket.
pub(super) const VARIABLES: &[Variable] = &[
    variable(
        "OBJECTS_DIR",
        "DATA_DIR/objects",
        "a folder",
        "Folder of the originals, when they are not kept in an S3 bucket. Created when it is missing.",
    ),
    variable(
        "S3_BUCKET",
        "",
        "the name of a bucket",
        "Keeps originals in this S3 bucket instead of a folder. It has to exist; the two keys are needed with it.",
    )
    .never_blank(),
    variable(
        "AWS_ENDPOINT_URL_S3",
        "the one of AWS",
        "an http:// or https:// URL of a server, without the bucket",
        "The S3 server.",
    ),
    variable("AWS_ACCESS_KEY_ID", "", "an access key id", "The S3 access key id.").secret().never_blank(),
    variable("AWS_SECRET_ACCESS_KEY", "", "a secret access key", "The S3 secret access key.").secret().never_blank(),
    variable(
        "AWS_REGION",
        "us-east-1 at AWS, auto at other servers",
        "a region such as eu-central-1, or auto",
        "The region of the bucket. Other servers than AWS mostly take any, or auto.",
    ),
    variable(
        "S3_PATH_STYLE",
        "false at AWS and Tigris, true at other servers",
        "true or false",
        "Whether the bucket is named in the path (`https://server/bucket`) or in the server's name \
         (`https://bucket.server`).",
    ),
];
