//! The Worker's door: HTTP requests to the gateway's, its answers to HTTP.

use futures_util::{TryStreamExt, stream};
use tideline_server::gateway::{
    self, CONVERSATIONS_HEADER, Download, Export, ExportPlan, FILE_NAME, HEADERS,
};
use tideline_shared::{Code, Reject};
use worker::{Env, Headers, Request, Response, console_error};

use crate::actors::{self, Objects};
use crate::{clock, conformance, files, meter, random, sockets};

/// Answers a request. Files are served before the Worker is asked; it gets what begins with
/// `/api/`.
pub(crate) async fn handle(request: Request, env: &Env) -> worker::Result<Response> {
    let path = request.path();
    if !path.starts_with("/api/") {
        return match env.assets("ASSETS") {
            Ok(assets) => assets.fetch_request(request).await,
            Err(_) => refused(Reject::new(Code::UnknownRoute)),
        };
    }
    if path == conformance::ROUTE && conformance::is_on(env) {
        return conformance::ask(env).await;
    }
    if path == meter::ROUTE && conformance::is_on(env) {
        return meter::answer();
    }
    match through_gateway(request, &path, env).await {
        Ok(response) => Ok(response),
        Err(error) => {
            console_error!("{path}: {error}");
            refused(Reject::new(Code::Internal))
        }
    }
}

async fn through_gateway(mut request: Request, path: &str, env: &Env) -> worker::Result<Response> {
    let body = body(&mut request, gateway::body_bytes(path)).await?;
    let headers = request.headers();
    let url = request.inner().url();
    let origin = headers.get("Origin")?;
    let cookie = headers.get("Cookie")?;
    let address = headers.get("CF-Connecting-IP")?;
    let upgrade = headers.get("Upgrade")?;
    let user_agent = headers.get("User-Agent")?;
    let range = headers.get("Range")?;
    let if_none_match = headers.get("If-None-Match")?;
    let asked = gateway::Request {
        method: &request.inner().method(),
        path,
        protocol: protocol_of(&url),
        own_origin: &origin_of(&url),
        origin: origin.as_deref(),
        cookie: cookie.as_deref(),
        address: address.as_deref().unwrap_or("local"),
        user_agent: user_agent.as_deref().unwrap_or_default(),
        range: range.as_deref(),
        if_none_match: if_none_match.as_deref(),
        upgrade: upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")),
        body: &body,
        now: clock::now(),
        rates: &actors::limits(env),
    };
    let (response, fault) = gateway::handle(&Objects(env), &mut random::fill, asked).await;
    if let Some(fault) = fault {
        console_error!("{path}: {fault}");
    }
    match response {
        gateway::Response::Json { status, body, set_cookie, retry_after_s } => {
            let headers = headers_of_an_answer()?;
            if let Some(cookie) = set_cookie {
                headers.set("Set-Cookie", &cookie)?;
            }
            if let Some(seconds) = retry_after_s {
                headers.set("Retry-After", &seconds.to_string())?;
            }
            Ok(json(status, headers, body))
        }
        gateway::Response::Archive(plan) => archive(*plan, env.clone()),
        gateway::Response::File(download) => file(download, env.clone()),
        gateway::Response::Picture { headers: wanted, bytes } => {
            let headers = Headers::new();
            for (name, value) in wanted {
                headers.set(name, &value)?;
            }
            Ok(Response::builder().with_headers(headers).fixed(bytes))
        }
        gateway::Response::Socket { to, peer } => actors::open(env, to, &peer).await,
        gateway::Response::Refused(refusal) => sockets::refuse(&refusal),
    }
}

/// Streams an archive, as fast as it is taken.
fn archive(plan: ExportPlan, env: Env) -> worker::Result<Response> {
    let export = Export::new(plan);
    let conversations = export.conversations();
    let parts = stream::try_unfold((export, env), async |(mut export, env)| {
        let part = export.next(&Objects(&env)).await.map_err(|fault| {
            console_error!("an export broke off: {fault}");
            worker::Error::from("the export broke off")
        })?;
        Ok::<_, worker::Error>(part.map(|part| (part, (export, env))))
    });
    let headers = headers_of_an_answer()?;
    headers.set("Content-Type", "application/zip")?;
    headers.set(CONVERSATIONS_HEADER, &conversations.to_string())?;
    headers.set("Content-Disposition", &format!("attachment; filename=\"{FILE_NAME}\""))?;
    Ok(Response::from_stream(parts)?.with_headers(headers))
}

/// Streams a file from the store, a piece at a time.
fn file(download: Download, env: Env) -> worker::Result<Response> {
    let Download { status, headers: wanted, pieces } = download;
    let headers = Headers::new();
    for (name, value) in wanted {
        headers.set(name, &value)?;
    }
    if pieces.is_empty() {
        return Ok(Response::builder().with_status(status).with_headers(headers).empty());
    }
    let parts = stream::try_unfold((pieces.into_iter(), env), async |(mut pieces, env)| {
        let Some(piece) = pieces.next() else { return Ok(None) };
        let bytes = files::piece(&env, piece).await.inspect_err(|error| {
            console_error!("a file broke off: {error}");
        })?;
        Ok::<_, worker::Error>(Some((bytes, (pieces, env))))
    });
    Ok(Response::from_stream(parts)?.with_status(status).with_headers(headers))
}

/// The body, cut where the gateway refuses it whatever follows.
async fn body(request: &mut Request, most: usize) -> worker::Result<Vec<u8>> {
    if request.inner().body().is_none() {
        return Ok(Vec::new());
    }
    let declared = request.headers().get("Content-Length")?;
    if declared.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > most)
    {
        return Ok(vec![0; most]);
    }
    let mut stream = request.stream()?;
    let mut body = Vec::new();
    while let Some(chunk) = stream.try_next().await? {
        body.extend(chunk);
        if body.len() >= most {
            body.truncate(most);
            break;
        }
    }
    Ok(body)
}

/// `https://chat.example` of `https://chat.example/api/session?x`. The runtime has normalised it.
fn origin_of(url: &str) -> String {
    url.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// 7 of `…?protocol=7`.
fn protocol_of(url: &str) -> Option<u32> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("protocol=")).and_then(|n| n.parse().ok())
}

fn headers_of_an_answer() -> worker::Result<Headers> {
    let headers = Headers::new();
    headers.set("Content-Type", "application/json")?;
    for (name, value) in HEADERS {
        headers.set(name, value)?;
    }
    Ok(headers)
}

fn json(status: u16, headers: Headers, body: String) -> Response {
    Response::builder().with_status(status).with_headers(headers).fixed(body.into_bytes())
}

/// A refusal that the gateway was not asked about.
fn refused(reject: Reject) -> worker::Result<Response> {
    let body = serde_json::json!({ "code": reject.code, "message": reject.code.sentence() });
    Ok(json(reject.code.status(), headers_of_an_answer()?, body.to_string()))
}
