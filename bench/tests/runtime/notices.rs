//! Web Push on the real runtime: a push service of our own gets what the service sends, and a device's keys
//! open it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tideline_bench::{Account, Limits, Runtime};
use tideline_shared::ConversationId;
use tideline_shared::protocol::{Notice, SessionCommand, SessionReply, Subscription};
use web_push_native::jwt_simple::algorithms::{ECDSAP256PublicKeyLike, ES256PublicKey};
use web_push_native::jwt_simple::claims::NoCustomClaims;
use web_push_native::jwt_simple::reexports::ct_codecs::{Base64UrlSafeNoPadding, Decoder, Encoder};
use web_push_native::p256::SecretKey;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint;
use web_push_native::{Auth, decrypt};

use crate::support::{pair, storage};

/// What a push service got.
struct Got {
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// A push service on this machine.
struct PushService {
    port: u16,
    got: Receiver<Got>,
    /// What it answers to the next ones; after that, that it takes them.
    answers: Arc<Mutex<Vec<u16>>>,
}

impl PushService {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("has an address").port();
        let (sender, got) = channel();
        let answers = Arc::new(Mutex::new(Vec::new()));
        let statuses = Arc::clone(&answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, statuses) = (sender.clone(), Arc::clone(&statuses));
                thread::spawn(move || take(&stream, &sender, &statuses));
            }
        });
        Self { port, got, answers }
    }

    fn next(&self) -> Got {
        self.got.recv_timeout(Duration::from_secs(30)).expect("a notice comes")
    }
}

/// Takes one request after the other from a connection.
fn take(mut stream: &TcpStream, sender: &Sender<Got>, statuses: &Mutex<Vec<u16>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        for line in reader.by_ref().lines().map_while(Result::ok) {
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let Some(first) = lines.first() else { return };
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let split = |line: &String| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers: BTreeMap<_, _> = lines.iter().filter_map(split).collect();
        let length = headers.get("content-length").and_then(|length| length.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).expect("the body comes");
        let status = statuses.lock().expect("nobody panicked").pop().unwrap_or(201);
        let _ = sender.send(Got { path, headers, body });
        let answer = format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).expect("is heard");
    }
}

/// A browser that subscribed.
struct Browser {
    secret_key: SecretKey,
    secret: [u8; 16],
    /// The key that notices are to be signed with.
    signer: String,
}

fn base64(bytes: &[u8]) -> String {
    Base64UrlSafeNoPadding::encode_to_string(bytes).expect("fits")
}

impl Browser {
    async fn subscribe(account: &Account, endpoint: &str, words: bool) -> Self {
        let mut random = [0; 48];
        getrandom::fill(&mut random).expect("there is randomness");
        let secret_key = SecretKey::from_slice(&random[..32]).expect("hardly ever is no key");
        let secret: [u8; 16] = random[32..].try_into().expect("16 bytes");
        let key = base64(secret_key.public_key().to_encoded_point(false).as_bytes());
        let answer = account.session(SessionCommand::NoticeKey).await.expect("is told");
        let SessionReply::NoticeKey { key: signer } = answer else { panic!("{answer:?}") };
        let (endpoint, secret_text) = (endpoint.to_owned(), base64(&secret));
        let subscription = Subscription { endpoint, key, secret: secret_text, words };
        account.session(SessionCommand::Subscribe { subscription }).await.expect("subscribes");
        Self { secret_key, secret, signer }
    }

    /// Opens what came for this browser, after looking at who sent it.
    fn open(&self, got: Got, origin: &str) -> Notice {
        let authorization = &got.headers["authorization"];
        let (token, key) = authorization
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .expect("is signed");
        assert_eq!(key, self.signer);
        let key = Base64UrlSafeNoPadding::decode_to_vec(key, None).expect("is base64");
        let key = ES256PublicKey::from_bytes(&key).expect("is a key");
        let claims = key.verify_token::<NoCustomClaims>(token, None).expect("is signed with it");
        assert_eq!(claims.subject.as_deref(), Some(origin));
        let audience = claims.audiences.expect("is for somebody").into_string().expect("for one");
        assert_eq!(audience, "http://127.0.0.1");
        assert_eq!(got.headers["content-encoding"], "aes128gcm");
        assert_eq!(got.headers["ttl"], (28 * 24 * 60 * 60).to_string());
        assert_eq!(got.headers["urgency"], "high");
        let body = decrypt(got.body, &self.secret_key, &Auth::from(self.secret));
        serde_json::from_slice(&body.expect("is for this browser")).expect("is a notice")
    }
}

fn notice(conversation: ConversationId, unread: u64, text: Option<&str>) -> Notice {
    let text = text.map(str::to_owned);
    let title = "notices-ben".to_owned();
    Notice { conversation, title, unread, author: None, text, holds: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_device_is_told_in_words_that_only_it_can_read() {
    let service = PushService::open();
    let allowed = format!("127.0.0.1:{}", service.port);
    let runtime = Runtime::start_with_outside(&storage("notices"), Limits::Off, &allowed);
    let (ana, ben, direct) = pair(runtime.origin(), ["notices-ana", "notices-ben"]).await;
    let endpoint = |name: &str| format!("http://{allowed}/{name}");
    let desk = Browser::subscribe(&ana, &endpoint("desk"), true).await;
    ben.say(direct, "High tide at noon").await.expect("is sent");
    let got = service.next();
    assert_eq!(got.path, "/desk");
    assert!(!String::from_utf8_lossy(&got.body).contains("tide"));
    let told = desk.open(got, runtime.origin());
    assert_eq!(told, notice(direct, 1, Some("High tide at noon")));

    // Another device of hers, and one that does not want words.
    let session = Account::sign_in(runtime.origin(), "notices-ana").await.expect("signs in");
    let phone = Browser::subscribe(&session, &endpoint("phone"), false).await;
    ben.say(direct, "and at midnight").await.expect("is sent");
    for _ in 0..2 {
        let got = service.next();
        let told = match got.path.as_str() {
            "/desk" => (desk.open(got, runtime.origin()), Some("and at midnight")),
            _ => (phone.open(got, runtime.origin()), None),
        };
        assert_eq!(told.0, notice(direct, 2, told.1));
    }

    // One of them is gone, the other one's service has a bad moment.
    service.answers.lock().expect("nobody panicked").extend([503, 410]);
    ben.say(direct, "the last one").await.expect("is sent");
    let first = [service.next().path, service.next().path];
    let again = service.next().path;
    assert!(first.contains(&again));
    ben.say(direct, "and one more").await.expect("is sent");
    assert_eq!(service.next().path, again);
    assert!(service.got.recv_timeout(Duration::from_millis(500)).is_err(), "the other one is gone");
}
