//! One WebSocket, with nothing between the caller and the wire.

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::http::Api;

/// A socket could not be opened.
#[derive(Clone, Debug, thiserror::Error)]
#[error("no socket: {0}")]
pub struct Unopened(pub String);

/// What comes from the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A text frame.
    Text(String),
    /// A frame of bytes.
    Bytes(Vec<u8>),
    /// The end, with the code of the close frame (RFC 6455, section 7.4) if there was one.
    Closed(Option<u16>),
}

/// An open socket.
#[derive(Debug)]
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens a socket as the browser of `api` would: with its cookies, from its own origin.
    ///
    /// # Errors
    /// When there is no connection or the upgrade is refused.
    pub async fn open(api: &Api, path: &str) -> Result<Self, Unopened> {
        Self::open_as(api.origin(), path, Some(api.origin()), api.cookie().as_deref()).await
    }

    /// Opens a socket with these headers.
    ///
    /// # Errors
    /// As [`Socket::open`].
    pub async fn open_as(
        service: &str,
        path: &str,
        origin: Option<&str>,
        cookie: Option<&str>,
    ) -> Result<Self, Unopened> {
        let host = host(service)?;
        let stream = TcpStream::connect(host).await.map_err(lost)?;
        Self::over(stream, host, path, origin, cookie).await
    }

    /// Opens a socket as [`Socket::open`] does, behind a system buffer of so few bytes that the
    /// service soon notices when nobody reads.
    ///
    /// # Errors
    /// As [`Socket::open`].
    pub async fn open_narrow(api: &Api, path: &str) -> Result<Self, Unopened> {
        let host = host(api.origin())?;
        let socket = TcpSocket::new_v4().map_err(lost)?;
        socket.set_recv_buffer_size(4_096).map_err(lost)?;
        let stream = socket.connect(host.parse().map_err(lost)?).await.map_err(lost)?;
        Self::over(stream, host, path, Some(api.origin()), api.cookie().as_deref()).await
    }

    async fn over(
        stream: TcpStream,
        host: &str,
        path: &str,
        origin: Option<&str>,
        cookie: Option<&str>,
    ) -> Result<Self, Unopened> {
        let mut request = format!("ws://{host}{path}").into_client_request().map_err(lost)?;
        for (name, value) in [("origin", origin), ("cookie", cookie)] {
            if let Some(value) = value {
                let value = HeaderValue::from_str(value).map_err(lost)?;
                request.headers_mut().insert(name, value);
            }
        }
        stream.set_nodelay(true).map_err(lost)?;
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await.map_err(lost)?;
        Ok(Self(socket))
    }

    /// Sends a text frame; false when the socket is gone.
    pub async fn say(&mut self, text: impl Into<String>) -> bool {
        self.send(Message::text(text.into())).await
    }

    /// Sends any frame; false when the socket is gone.
    pub async fn send(&mut self, message: Message) -> bool {
        self.0.send(message).await.is_ok()
    }

    /// What comes next. Safe to cancel.
    pub async fn hear(&mut self) -> Heard {
        loop {
            return match self.0.next().await {
                Some(Ok(Message::Text(text))) => Heard::Text(text.to_string()),
                Some(Ok(Message::Binary(bytes))) => Heard::Bytes(bytes.to_vec()),
                Some(Ok(Message::Close(frame))) => {
                    // Answers the close before the socket is given up.
                    let _ = self.0.flush().await;
                    Heard::Closed(frame.map(|frame| frame.code.into()))
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                Some(Err(tungstenite::Error::Protocol(_) | _)) | None => Heard::Closed(None),
            };
        }
    }

    /// Closes in good order, without waiting for the answer.
    pub async fn close(mut self) {
        let _ = self.0.close(None).await;
    }
}

fn lost(error: impl std::fmt::Display) -> Unopened {
    Unopened(error.to_string())
}

/// Host and port of an origin.
fn host(origin: &str) -> Result<&str, Unopened> {
    origin.strip_prefix("http://").ok_or_else(|| lost("not an http origin"))
}
