//! `jwe decrypt --batch`.

use super::Task;
use super::cache::Cache;
use super::jws::accepted;
use super::keys::{KeyForm, usable};
use super::request::{Request, Token};
use crate::allowed::Allowed;
use crate::failure::Failure;
use crate::jwe_keys::{Decrypting, Passwords};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::rc::Rc;
use waxseal::NumericDate;
use waxseal::jwe::{Decrypter, DecrypterBuilder, DecryptionKey};

/// Decrypts a JWE per line, of any serialization.
pub(crate) struct JweTask {
    prepare: Box<dyn Fn() -> DecrypterBuilder>,
    passwords: Passwords,
    decrypters: Cache<Result<Decrypter, Failure>>,
}

impl JweTask {
    /// `prepare`: what holds for every line.
    pub(crate) fn new(prepare: impl Fn() -> DecrypterBuilder + 'static, passwords: Passwords) -> Self {
        Self { prepare: Box::new(prepare), passwords, decrypters: Cache::new() }
    }

    fn decrypter(&mut self, request: &Request<'_>) -> Result<Rc<Result<Decrypter, Failure>>, Failure> {
        let (key, algorithms) = (request.key()?, request.algorithms()?);
        let (prepare, passwords) = (&self.prepare, self.passwords);
        Ok(self.decrypters.get(&request.preparation(), || {
            let allowed = Allowed(algorithms.as_deref());
            let mut builder = prepare().keys(decryption_keys(key, Decrypting { allowed, passwords })?);
            if let Some(contents) = allowed.content_encryptions() {
                builder = builder.content_encryptions(contents);
            }
            Ok(builder.build()?)
        }))
    }
}

impl Task for JweTask {
    fn answer(&mut self, request: &Request<'_>, _: &dyn Fn() -> NumericDate) -> Result<String, Failure> {
        request.refuse_expectations("jwe decrypt")?;
        request.refuse_payload("a JWE carries its content, and `payload` has no place here")?;
        let token = request.token()?;
        let decrypter = self.decrypter(request)?;
        let decrypter = decrypter.as_ref().as_ref().map_err(Clone::clone)?;
        let decrypted = match token {
            Token::Compact(token) => decrypter.decrypt(&token),
            Token::Json(token) => decrypter.decrypt_json(token),
        };
        let decrypted = decrypted.map_err(|error| Failure::undecrypted(&error))?;
        let header = Some(decrypted.protected_header()).filter(|header| !header.is_empty());
        Ok(accepted(header.unwrap_or("{}"), &URL_SAFE_NO_PAD.encode(decrypted.plaintext())))
    }
}

fn decryption_keys(key: &str, how: Decrypting<'_>) -> Result<Vec<DecryptionKey>, Failure> {
    match KeyForm::read(key)? {
        KeyForm::Secret(octets) => how.secret(&octets),
        KeyForm::Pem(text) => how.private(|algorithm| DecryptionKey::from_pem(algorithm, &text)),
        KeyForm::Jwk(json) => how.jwk(json),
        KeyForm::Set(list) => usable(list.iter().map(|member| how.jwk(member.get()))),
    }
}
