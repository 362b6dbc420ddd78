//! What may be asked, how a page is found, and what is read of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use tideline_shared::limits;

fn admits(address: &str) -> bool {
    let policy = Policy::read("", "127.0.0.1:8080");
    Url::parse(address).is_ok_and(|url| policy.admits(&url))
}

#[test]
fn the_public_web_is_asked() {
    for address in [
        "https://example.com",
        "http://example.com/a?b#c",
        "https://example.com:443/",
        "http://example.com:80",
        "https://EXAMPLE.com./",
        "https://例子.中国/",
        "https://xn--fsqu00a.xn--fiqs8s/",
        "https://a.b.c.example.co.uk/",
        "http://8.8.8.8/",
        "http://172.32.0.1/",
        "http://100.128.0.1/",
        "https://[2606:4700:4700::1111]/",
        // Where somebody develops.
        "http://127.0.0.1:8080/page",
    ] {
        assert!(admits(address), "{address}");
    }
}

#[test]
fn nothing_else_is_asked() {
    for address in [
        // Not the Web, or not its ports, or with a name and a password.
        "ftp://example.com/",
        "file:///etc/passwd",
        "data:text/html,x",
        "javascript:alert(1)",
        "gopher://example.com/",
        "https://example.com:8443/",
        "http://example.com:22/",
        "http://example.com:443/",
        "https://ana@example.com/",
        "https://ana:secret@example.com/",
        "https://:secret@example.com/",
        // Names that are nobody's, or everybody's own.
        "http://localhost/",
        "http://LOCALHOST./",
        "http://app.localhost/",
        "http://router/",
        "http://router./",
        "http://printer.local/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://db.internal./",
        "http://nas.lan/",
        "http://x.home.arpa/",
        "http://a.test/",
        "http://.com/",
        "http://a..com/",
        // Private, loopback, link-local, shared, documentation, multicast, reserved.
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://100.64.0.1/",
        "http://100.127.255.255/",
        "http://127.0.0.1/",
        "http://127.0.0.1:8081/",
        "http://127.255.255.254/",
        "http://169.254.169.254/latest/meta-data/",
        "http://168.63.129.16/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.0.0.192/",
        "http://192.0.2.1/",
        "http://192.88.99.1/",
        "http://192.168.1.1/",
        "http://198.18.0.1/",
        "http://198.19.255.255/",
        "http://198.51.100.1/",
        "http://203.0.113.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        // The same, in other words.
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://1.2.3.4.5/",
        "http://１２７.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://%31%32%37.0.0.1/",
        "http://0xa9fea9fe/",
        // IPv6.
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[100::1]/",
        "http://[2001::1]/",
        "http://[2001:db8::1]/",
        "http://[2002:7f00:1::1]/",
        "http://[3fff::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
    ] {
        assert!(!admits(address), "{address}");
    }
}

#[test]
fn a_deployment_can_turn_it_off() {
    let url = Url::parse("https://example.com").expect("is one");
    for off in ["off", " OFF "] {
        assert!(!Policy::read(off, "example.com:443").admits(&url));
    }
    for on in ["", "on"] {
        assert!(Policy::read(on, "").admits(&url));
    }
}

/// A web of a few pages, and what was asked of it.
#[derive(Default)]
struct Pages {
    pages: BTreeMap<&'static str, (u16, &'static str, Vec<u8>)>,
    asked: RefCell<Vec<String>>,
    read: RefCell<usize>,
}

impl Pages {
    /// With a status, and a place or a type.
    fn with(mut self, address: &'static str, status: u16, says: &'static str, body: &[u8]) -> Self {
        self.pages.insert(address, (status, says, body.to_vec()));
        self
    }

    fn look(&self, address: &str) -> Result<Option<About>, Unreachable> {
        let policy = Policy::read("", "");
        let found = about(self, &policy, address);
        match pin!(found).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(found) => found,
            Poll::Pending => panic!("nothing here waits"),
        }
    }
}

impl Web for Pages {
    type Body = Vec<u8>;

    async fn get(&self, address: &str) -> Result<Answer<Self::Body>, Unreachable> {
        self.asked.borrow_mut().push(address.to_owned());
        let page = self.pages.get(address);
        let (status, says, body) = page.ok_or_else(|| Unreachable("nothing".to_owned()))?;
        let moved = (300..400).contains(status);
        Ok(Answer {
            status: *status,
            location: moved.then(|| (*says).to_owned()),
            media: (!moved && !says.is_empty()).then(|| (*says).to_owned()),
            body: Some(body.clone()),
        })
    }

    async fn more(&self, body: &mut Self::Body) -> Result<Option<Vec<u8>>, Unreachable> {
        if body.is_empty() {
            return Ok(None);
        }
        let rest = body.split_off(body.len().min(10_000));
        *self.read.borrow_mut() += body.len();
        Ok(Some(std::mem::replace(body, rest)))
    }
}

const HTML: &str = "text/html; charset=utf-8";

fn titled(title: &str) -> Option<About> {
    Some(About { title: title.to_owned(), ..About::default() })
}

#[test]
fn a_page_may_send_on_three_times_and_never_to_where_nobody_may_go() {
    let page = b"<title>Here</title>";
    let pages = Pages::default()
        .with("https://a.com/", 301, "/b", b"")
        .with("https://a.com/b", 302, "//c.com/x?y", b"")
        .with("https://c.com/x?y", 307, "http://d.com", b"")
        .with("http://d.com/", 200, HTML, page)
        .with("https://one-more.com/", 308, "https://a.com/", b"")
        .with("https://round.com/", 302, "https://round.com/", b"")
        .with("https://evil.com/", 302, "http://169.254.169.254/latest", b"")
        .with("https://evil.com/2", 303, "http://0x7f.1:80/", b"")
        .with("https://evil.com/3", 301, "file:///etc/passwd", b"")
        .with("https://evil.com/4", 301, "https://ana:x@a.com/", b"")
        .with("https://nowhere.com/", 301, "", b"");
    assert_eq!(pages.look("https://a.com"), Ok(titled("Here")));
    for address in [
        "https://one-more.com",
        "https://round.com",
        "https://evil.com",
        "https://evil.com/2",
        "https://evil.com/3",
        "https://evil.com/4",
        "http://localhost",
        "not an address",
    ] {
        assert_eq!(pages.look(address), Ok(None), "{address}");
    }
    let asked = pages.asked.borrow();
    assert!(asked.iter().all(|address| !address.contains("169") && !address.contains("127")));
    assert_eq!(asked.iter().filter(|address| *address == "https://round.com/").count(), 4);
}

#[test]
fn only_pages_are_read_and_only_their_beginning() {
    let mut long = b"<title>Long</title>".to_vec();
    long.resize(3 * PAGE_BYTES, b' ');
    let mut late = vec![b' '; PAGE_BYTES];
    late.extend(b"<title>Too late</title>");
    let pages = Pages::default()
        .with("https://a.com/long", 200, HTML, &long)
        .with("https://a.com/late", 200, HTML, &late)
        .with("https://a.com/picture", 200, "image/png", b"<title>No</title>")
        .with("https://a.com/what", 200, "", b"<title>No</title>")
        .with("https://a.com/empty", 200, HTML, b"")
        .with("https://a.com/xhtml", 200, "Application/XHTML+xml", b"<title>Yes</title>")
        .with("https://a.com/gone", 404, HTML, b"<title>Not found</title>")
        .with("https://a.com/down", 503, HTML, b"<title>Down</title>");
    assert_eq!(pages.look("https://a.com/long"), Ok(titled("Long")));
    assert!(*pages.read.borrow() <= PAGE_BYTES + 10_000);
    for no in ["late", "picture", "what", "empty", "gone"] {
        assert_eq!(pages.look(&format!("https://a.com/{no}")), Ok(None), "{no}");
    }
    assert_eq!(pages.look("https://a.com/xhtml"), Ok(titled("Yes")));
    // Another time it may be there.
    pages.look("https://a.com/down").expect_err("is down");
    pages.look("https://b.com").expect_err("cannot be reached");
}

fn read(page: &[u8]) -> Option<About> {
    page::about(page, None)
}

#[test]
fn what_a_page_says_of_itself_is_read_in_the_order_of_its_worth() {
    let page = r#"<!doctype html><html><head><title>In the tab</title>
        <meta name="description" content="plain"><META PROPERTY="OG:Title" CONTENT="For sharing">
        <meta property='og:title' content='A second one'><meta content=Tide property=og:site_name>
        <meta name="twitter:description" content="for birds"></head>"#;
    let about = read(page.as_bytes()).expect("a page");
    assert_eq!(about.title, "For sharing");
    assert_eq!(about.site, "Tide");
    assert_eq!(about.description, "for birds");
    let birds = r#"<meta name="twitter:title" content="Birds"><title>Tab</title>"#;
    assert_eq!(read(birds.as_bytes()).expect("a page").title, "Birds");
    let seen = r#"<meta property="og:title" content=" &#8203; "><title>Seen</title>"#;
    assert_eq!(read(seen.as_bytes()), titled("Seen"));
    assert_eq!(read(b"<p>no title</p>"), None);
    assert_eq!(read(b"<title> \n </title>"), None);
}

#[test]
fn what_looks_like_a_tag_is_not_always_one() {
    let script = r#"<script>var a = '<title>No</title>'</script><!-- <title>No</title> -->
        <style>/* <title>No</title> */</style><title>a &lt;b&gt; <i>&amp;</i> &#x6d77;</title>"#;
    assert_eq!(read(script.as_bytes()), titled("a <b> <i>&</i> 海"));
    // Broken ones do no harm.
    for broken in ["<title>never ends", "<meta", "<meta property=og:title content=", "<", "<title"]
    {
        read(broken.as_bytes());
    }
    let deep = "<div a=b>".repeat(20_000) + "<title>Deep</title>";
    assert_eq!(read(deep.as_bytes()), titled("Deep"));
}

#[test]
fn words_of_strangers_are_cleaned_and_cut() {
    let page = "<title>\u{202e}evil\u{202c} a\u{7}\n\tb\u{2066}c  d</title>";
    assert_eq!(read(page.as_bytes()), titled("evil a bc d"));
    let long = format!(
        "<title>{}</title><meta name=description content='{}'><meta property=og:site_name content={}>",
        "海".repeat(500),
        "word ".repeat(500),
        "x".repeat(500)
    );
    let about = read(long.as_bytes()).expect("a page");
    assert_eq!(about.title.chars().count(), limits::CARD_TITLE_CHARS);
    assert!(about.title.ends_with("海…"));
    assert!(about.description.chars().count() <= limits::CARD_DESCRIPTION_CHARS);
    assert_eq!(about.site.chars().count(), limits::CARD_SITE_CHARS);
}

#[test]
fn old_encodings_are_read() {
    let gbk = b"<meta charset=\"gbk\"><title>\xb3\xb1\xcb\xae</title>";
    assert_eq!(read(gbk), titled("潮水"));
    let declared = b"<meta http-equiv=content-type content='text/html; charset=gb2312'>\
                     <title>\xb3\xb1\xcb\xae</title>";
    assert_eq!(read(declared), titled("潮水"));
    let japanese = page::charset("text/html;charset=Shift_JIS").expect("a page");
    assert_eq!(page::about(b"<title>\x8a\x43</title>", japanese), titled("海"));
    // A mark at the beginning counts most; what nobody knows is UTF-8.
    assert_eq!(page::about("\u{feff}<title>海</title>".as_bytes(), japanese), titled("海"));
    assert_eq!(read("<meta charset=klingon><title>海</title>".as_bytes()), titled("海"));
    assert_eq!(read(b"<title>\xff!</title>"), titled("\u{fffd}!"));
}
