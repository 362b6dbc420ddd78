//! What every answer carries to keep a browser safe.

use tideline_bench::{Answer, Api, Request};

use crate::support::{register, shared};

#[track_caller]
fn assert_guarded(answer: &Answer) {
    let header = |name| answer.header(name).unwrap_or_else(|| panic!("no {name} in {answer:?}"));
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(policy.contains("base-uri 'none'"), "{policy}");
    assert!(!policy.contains("'unsafe-inline'"), "{policy}");
    assert!(!policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-frame-options"), "DENY");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("cross-origin-resource-policy"), "same-origin");
    assert!(header("permissions-policy").contains("camera=()"));
}

#[tokio::test]
async fn every_answer_of_the_api_is_guarded_and_not_cached() {
    let ana = register(shared(), "headers-ana").await;
    for request in [
        ana.api.request("/api/session", r#"{"type":"whoami"}"#),
        ana.api.request("/api/session", "{"),
        ana.api.request("/api/nothing", "{}"),
        ana.api.request("/api/people", r#"{"type":"find","query":"headers"}"#),
        Request { method: "GET", ..ana.api.request("/api/account", "") },
        Request { origin: None, ..ana.api.request("/api/session", r#"{"type":"whoami"}"#) },
    ] {
        let answer = ana.api.fetch(request).await.expect("answers");
        assert_guarded(&answer);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
    }
}

#[tokio::test]
async fn every_page_and_file_of_the_app_is_guarded() {
    let api = Api::new(shared());
    let get = |path: &str| Request { method: "GET", ..api.request(path, "") };
    let page = api.fetch(get("/")).await.expect("answers");
    assert_eq!(page.status, 200);
    assert_guarded(&page);
    for path in ["/c/019aaaaa-0000-7000-8000-000000000000", "/join/x", "/u/ana", "/settings"] {
        let other = api.fetch(get(path)).await.expect("answers");
        assert_eq!((other.status, &other.body), (200, &page.body), "{path} is the same page");
        assert_guarded(&other);
    }
    let files = page.body.split('"').filter(|part| part.starts_with("/assets/"));
    let mut count = 0;
    for file in files {
        let answer = api.fetch(get(file)).await.expect("answers");
        assert_eq!(answer.status, 200, "{file}");
        assert_guarded(&answer);
        count += 1;
    }
    assert!(count > 0, "the page names its files:\n{}", page.body);
}

#[tokio::test]
async fn the_session_is_a_cookie_that_scripts_cannot_read() {
    let api = Api::new(shared());
    let register = r#"{"type":"register","user_name":"headers-ben","password":"correct horse"}"#;
    let answer = api.fetch(api.request("/api/session", register)).await.expect("answers");
    let cookie = answer.header("set-cookie").expect("signs in");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "the page came over plain http: {cookie}");
}
