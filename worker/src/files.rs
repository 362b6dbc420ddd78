//! The store of files: an R2 bucket.

use tideline_server::gateway::Piece;
use worker::{Bucket, Env, Error, Range};

/// The deployment's name for it.
const BINDING: &str = "FILES";

/// Keeps bytes under a key.
pub(crate) async fn put(env: &Env, key: &str, bytes: &[u8]) -> worker::Result<()> {
    env.bucket(BINDING)?.put(key, bytes.to_vec()).execute().await.map(drop)
}

/// Keeps what is under one key under another one as well. The store copies nothing by itself.
pub(crate) async fn copy(env: &Env, from: &str, to: &str) -> worker::Result<()> {
    let bucket = env.bucket(BINDING)?;
    let bytes = read(&bucket, from, None).await?;
    bucket.put(to, bytes).execute().await.map(drop)
}

/// Brings what is under a key; none where there is nothing.
pub(crate) async fn get(env: &Env, key: &str) -> worker::Result<Option<Vec<u8>>> {
    let Some(found) = env.bucket(BINDING)?.get(key).execute().await? else { return Ok(None) };
    match found.body() {
        Some(body) => body.bytes().await.map(Some),
        None => Ok(None),
    }
}

/// Takes out what is under these keys; none of them need be there.
pub(crate) async fn erase(env: &Env, keys: Vec<String>) -> worker::Result<()> {
    env.bucket(BINDING)?.delete_multiple(keys).await
}

/// Brings some bytes.
pub(crate) async fn piece(env: &Env, piece: Piece) -> worker::Result<Vec<u8>> {
    let Piece { key, offset, length } = piece;
    read(&env.bucket(BINDING)?, &key, Some(Range::OffsetWithLength { offset, length })).await
}

async fn read(bucket: &Bucket, key: &str, range: Option<Range>) -> worker::Result<Vec<u8>> {
    let asked = bucket.get(key);
    let asked = match range {
        Some(range) => asked.range(range),
        None => asked,
    };
    let gone = || Error::RustError(format!("{key} is not in the store"));
    let found = asked.execute().await?.ok_or_else(gone)?;
    found.body().ok_or_else(gone)?.bytes().await
}
