//! A time-stamping authority that stands before an honest one and can behave badly.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Asks the honest one.
    Honest,
    /// Asks it, and takes its time.
    Slow,
    /// Takes the connection and says nothing.
    Hangs,
    /// Ends the connection.
    Dead,
    /// Gives the answer to another question.
    Lies,
    /// Gives what is no answer.
    Garbage,
}

pub struct StubTsa {
    pub url: String,
    mood: Arc<Mutex<Mood>>,
}

struct Behind {
    honest: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    /// The first honest answer: a lie from then on.
    first: Mutex<Option<Vec<u8>>>,
}

impl StubTsa {
    /// Stands before the authority of the service at this address.
    pub fn before(honest: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/tsa", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(Mood::Honest));
        let behind = Arc::new(Behind {
            honest,
            mood: mood.clone(),
            first: Mutex::default(),
        });
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, behind) = (stream.unwrap(), behind.clone());
                std::thread::spawn(move || behind.answer(stream));
            }
        });
        Self { url, mood }
    }

    pub fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

impl Behind {
    fn answer(&self, mut stream: TcpStream) {
        let mood = *self.mood.lock().unwrap();
        if mood == Mood::Dead {
            return;
        }
        let request = message(&mut stream);
        match mood {
            Mood::Hangs => std::thread::sleep(Duration::from_secs(60)),
            Mood::Garbage => send(&mut stream, b"<html>proxy</html>"),
            Mood::Lies => {
                let first = self.first.lock().unwrap().clone();
                send(&mut stream, &first.expect("an honest answer before"));
            }
            _ => {
                if mood == Mood::Slow {
                    std::thread::sleep(Duration::from_secs(2));
                }
                let answer = self.ask(&request);
                send(&mut stream, &answer);
                self.first.lock().unwrap().get_or_insert(answer);
            }
        }
    }

    fn ask(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.honest).unwrap();
        let head = format!(
            "POST /tsa HTTP/1.1\r\nHost: tsa\r\nConnection: close\r\n\
             Content-Type: application/timestamp-query\r\nContent-Length: {}\r\n\r\n",
            request.len()
        );
        stream
            .write_all(&[head.as_bytes(), request].concat())
            .unwrap();
        message(&mut stream)
    }
}

/// The body of a message that says its length.
fn message(stream: &mut TcpStream) -> Vec<u8> {
    let (mut read, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        if let Some(head) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
            let length = text.split("content-length: ").nth(1).expect("a length");
            let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
            if read.len() >= head + 4 + length {
                return read[head + 4..].to_vec();
            }
        }
        let count = stream.read(&mut chunk).unwrap();
        assert!(count > 0, "the message ends early");
        read.extend_from_slice(&chunk[..count]);
    }
}

fn send(stream: &mut TcpStream, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // Who asked may have gone.
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}
