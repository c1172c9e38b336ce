//! A small API: each user keeps a handful of notes, in memory. What protects it is one layer.
//!
//! `GET /notes`, `POST /notes` with `{"text": ...}`, `GET /notes/{id}`, `DELETE /notes/{id}`.

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use waxseal_tower::{Authenticated, GuardLayer};

/// How many notes a user may keep.
const NOTES_PER_USER: usize = 100;
/// How long a note may be, in characters.
const NOTE_LENGTH: usize = 1000;

/// A note as clients see it.
#[derive(Clone, Debug, Serialize)]
struct Note {
    id: u64,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewNote {
    text: String,
}

#[derive(Debug, Default)]
struct Book {
    last_id: u64,
    /// By the subject of the token: nobody can name another user's notes.
    notes: HashMap<String, Vec<Note>>,
}

type Books = Arc<Mutex<Book>>;

/// The API behind `guard`: no request reaches a handler without a verified token.
pub fn router(guard: GuardLayer) -> Router {
    Router::new()
        .route("/notes", get(list).post(create))
        .route("/notes/{id}", get(read).delete(remove))
        .layer(DefaultBodyLimit::max(16 * 1024))
        .with_state(Books::default())
        .layer(guard)
}

async fn list(user: Authenticated, State(books): State<Books>) -> Json<Vec<Note>> {
    Json(open(&books).notes.get(user.subject()).cloned().unwrap_or_default())
}

async fn create(
    user: Authenticated,
    State(books): State<Books>,
    Json(new): Json<NewNote>,
) -> Result<(StatusCode, Json<Note>), (StatusCode, &'static str)> {
    if new.text.chars().count() > NOTE_LENGTH {
        return Err((StatusCode::UNPROCESSABLE_ENTITY, "a note has at most 1000 characters"));
    }
    let mut book = open(&books);
    let id = book.last_id + 1;
    let notes = book.notes.entry(user.subject().to_owned()).or_default();
    if notes.len() >= NOTES_PER_USER {
        return Err((StatusCode::CONFLICT, "you have 100 notes already; delete one first"));
    }
    let note = Note { id, text: new.text };
    notes.push(note.clone());
    book.last_id = id;
    Ok((StatusCode::CREATED, Json(note)))
}

async fn read(
    user: Authenticated,
    State(books): State<Books>,
    Path(id): Path<u64>,
) -> Result<Json<Note>, StatusCode> {
    let book = open(&books);
    let note = book.notes.get(user.subject()).and_then(|notes| notes.iter().find(|note| note.id == id));
    note.cloned().map(Json).ok_or(StatusCode::NOT_FOUND)
}

async fn remove(user: Authenticated, State(books): State<Books>, Path(id): Path<u64>) -> StatusCode {
    let mut book = open(&books);
    let notes = book.notes.entry(user.subject().to_owned()).or_default();
    let before = notes.len();
    notes.retain(|note| note.id != id);
    if notes.len() < before { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

fn open(books: &Books) -> MutexGuard<'_, Book> {
    // Each handler leaves the book whole, so one that panicked in between did no harm.
    books.lock().unwrap_or_else(PoisonError::into_inner)
}
