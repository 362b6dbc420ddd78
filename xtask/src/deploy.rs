//! `cargo xtask deploy`: both halves, to Cloudflare.

use anyhow::{Context, Result};

use crate::{
    build::{self, App},
    sh, wrangler,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What `wrangler deploy` is told.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    build::run(App::Release)?;
    let mut deploy = wrangler::command(&["deploy"]);
    sh::run(deploy.args(&args.rest).envs([sh::SKIP_BUILD])).context(
        "The service was not deployed. If the lines above ask you to sign in: `npx wrangler \
         login`, then run this again",
    )
}
