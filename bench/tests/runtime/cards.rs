//! Link previews on the real runtime, which asks real servers: what is asked, how long, how much of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tideline_bench::{Account, Limits, Runtime};
use tideline_shared::ConversationId;
use tokio::time::{sleep, timeout};

use crate::support::{pair, storage};

/// A site on this machine.
struct Site {
    port: u16,
    asked: Arc<AtomicUsize>,
    /// Lets `/slow` answer.
    go: Sender<()>,
    /// Says that nobody reads `/endless`, or waits for `/never` or `/drip`, any more.
    cut: Receiver<()>,
}

impl Site {
    /// Begins to answer. `/away` sends on to `other`.
    fn open(other: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("has an address").port();
        let asked = Arc::new(AtomicUsize::new(0));
        let (go, wait) = channel();
        let (cuts, cut) = channel();
        let (count, wait) = (Arc::clone(&asked), Arc::new(Mutex::new(wait)));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let (wait, cuts) = (Arc::clone(&wait), cuts.clone());
                thread::spawn(move || answer(&stream, other, &wait, &cuts));
            }
        });
        Self { port, asked, go, cut }
    }

    fn link(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

fn answer(stream: &TcpStream, other: u16, wait: &Mutex<Receiver<()>>, cuts: &Sender<()>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = first.split(' ').nth(1).unwrap_or_default();
    let say = |text: &str| (&*stream).write_all(text.as_bytes());
    let html =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n";
    let moved = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: ";
    // Nothing tells who wants to know.
    let telling = |line: &&String| {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        ["cookie", "authorization", "referer", "origin"].contains(&name.as_str())
    };
    let told: Vec<_> = headers.iter().filter(telling).collect();
    let said = match path {
        "/page" => say(&format!("{html}<title>High tide {}</title>", told.len())),
        "/slow" => {
            let go = wait.lock().expect("nobody panicked").recv();
            go.map_or(Ok(()), |()| say(&format!("{html}<title>Low tide</title>")))
        }
        "/never" => {
            // Nothing more comes but the end.
            while matches!((&*stream).read(&mut [0]), Ok(1..)) {}
            let _ = cuts.send(());
            Ok(())
        }
        "/drip" => {
            drop(say(&format!("{html}<title>Drop by drop")));
            while say(".").is_ok() {
                thread::sleep(Duration::from_millis(100));
            }
            let _ = cuts.send(());
            Ok(())
        }
        "/hop" => say(&format!("{moved}/page\r\n\r\n")),
        "/away" => say(&format!("{moved}http://127.0.0.1:{other}/page\r\n\r\n")),
        "/endless" => {
            let filler = format!("<p>{}</p>", "tide ".repeat(2_000));
            drop(say(&format!("{html}<title>Endless sea</title>")));
            while say(&filler).is_ok() {}
            let _ = cuts.send(());
            Ok(())
        }
        _ => say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    };
    drop(said);
}

/// The title on the card of a message, as soon as it has one.
async fn title(by: &Account, of: ConversationId, seq: u64) -> String {
    let come = async {
        loop {
            let history = by.history(of).await.expect("is served");
            let message = history.into_iter().find(|message| message.seq == seq);
            if let Some(card) = message.expect("is there").card {
                return card.lines()[0].to_owned();
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(30), come).await.expect("a card comes")
}

#[tokio::test]
async fn what_links_lead_to_is_looked_at_in_bounds() {
    let forbidden = Site::open(0);
    let site = Site::open(forbidden.port);
    let allowed = format!("127.0.0.1:{}", site.port);
    let runtime = Runtime::start_with_outside(&storage("cards"), Limits::Off, &allowed);
    let (ana, ben, direct) = pair(runtime.origin(), ["cards-ana", "cards-ben"]).await;
    let say = async |text: String| ana.say(direct, &text).await.expect("is sent");

    // The answer comes before the page's.
    let slow = say(site.link("/slow")).await;
    site.go.send(()).expect("is open");
    assert_eq!(title(&ben, direct, slow).await, "Low tide");

    // Without being let, loopback is not asked: by a link, by a redirect, by other names of it.
    let refused = [
        say(forbidden.link("/page")).await,
        say(site.link("/away")).await,
        say(format!("http://localhost:{}/page", forbidden.port)).await,
        say(format!("http://[::1]:{}/page", forbidden.port)).await,
        say(format!("http://2130706433:{}/page", forbidden.port)).await,
    ];

    let hop = say(format!("two steps: {}", site.link("/hop"))).await;
    assert_eq!(title(&ben, direct, hop).await, "High tide 0");

    // Of a page without end, only the beginning is read.
    let endless = say(site.link("/endless")).await;
    assert_eq!(title(&ben, direct, endless).await, "Endless sea");
    site.cut.recv_timeout(Duration::from_secs(20)).expect("the rest is not read");

    assert_eq!(forbidden.asked.load(Ordering::SeqCst), 0);
    let history = ben.history(direct).await.expect("is served");
    let without = history.iter().filter(|message| refused.contains(&message.seq));
    assert!(without.clone().count() == refused.len());
    assert!(without.clone().all(|message| message.card.is_none()));
}

/// How long a page may take is bounded, however it takes it; and so is how often it is asked for.
#[tokio::test]
async fn a_page_that_never_comes_costs_its_message_the_card_and_nobody_anything_else() {
    let site = Site::open(0);
    let allowed = format!("127.0.0.1:{}", site.port);
    let runtime = Runtime::start_with_outside(&storage("cards-slow"), Limits::Off, &allowed);
    let (ana, ben, direct) = pair(runtime.origin(), ["cards-cho", "cards-dan"]).await;
    let say = async |text: String| ana.say(direct, &text).await.expect("is sent");
    let without = [say(site.link("/never")).await, say(site.link("/drip")).await];
    // Nobody waits for them.
    say("Still here".to_owned()).await;
    assert_eq!(ben.history(direct).await.expect("is served").len(), 3);
    for n in 1..=6 {
        let cut = site.cut.recv_timeout(Duration::from_secs(60));
        cut.unwrap_or_else(|_| panic!("the service waits on ({n})"));
    }

    let page = say(site.link("/page")).await;
    assert_eq!(title(&ben, direct, page).await, "High tide 0");
    assert_eq!(site.asked.load(Ordering::SeqCst), 7, "three times each, then no more");
    let history = ben.history(direct).await.expect("is served");
    let slow = history.iter().filter(|message| without.contains(&message.seq));
    assert!(slow.clone().count() == 2 && slow.clone().all(|message| message.card.is_none()));
}
