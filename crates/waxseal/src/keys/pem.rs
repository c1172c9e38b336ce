//! PEM (RFC 7468).

use super::KeyError;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";

/// One decoded PEM block.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The first block that is a key; curve parameters that `openssl ecparam` writes before it are skipped.
pub(super) fn read(text: &str) -> Result<Block<'_>, KeyError> {
    let no_pem = KeyError::malformed("no PEM block found; it starts with `-----BEGIN`");
    let mut rest = text.get(text.find(BEGIN).ok_or(no_pem.clone())?..).ok_or(no_pem.clone())?;
    if rest.starts_with("-----BEGIN EC PARAMETERS-----") {
        let body = rest.get(BEGIN.len()..).ok_or(no_pem.clone())?;
        rest = body.get(body.find(BEGIN).ok_or(no_pem.clone())?..).ok_or(no_pem)?;
    }
    refuse_encrypted(rest)?;
    let malformed = KeyError::malformed("the PEM block is damaged");
    let mut decoder =
        pem_rfc7468::Decoder::new_detect_wrap(rest.as_bytes()).map_err(|_| malformed.clone())?;
    let label = decoder.type_label();
    let mut der = Zeroizing::new(Vec::new());
    decoder.decode_to_end(&mut der).map_err(|_| malformed)?;
    Ok(Block { label, der })
}

/// Traditional encryption puts headers into the block, which RFC 7468 forbids; say so in plain words.
fn refuse_encrypted(text: &str) -> Result<(), KeyError> {
    let legacy =
        text.lines().take(4).any(|line| line.starts_with("Proc-Type:") && line.contains("ENCRYPTED"));
    if legacy || text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
        return Err(KeyError::Encrypted);
    }
    Ok(())
}

/// One block in lines of 64 characters (RFC 7468 §2, strict form). The text never grows in place, so no
/// copy of a private key is left behind.
pub(super) fn write(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(base64_simd::STANDARD.encode_to_string(der));
    let mut text = Zeroizing::new(String::with_capacity(body.len() / 64 * 65 + 2 * label.len() + 100));
    for piece in ["-----BEGIN ", label, "-----\n"] {
        text.push_str(piece);
    }
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    for piece in ["-----END ", label, "-----\n"] {
        text.push_str(piece);
    }
    text
}

/// The error for a block that is not what was asked for.
pub(super) fn unexpected(label: &str) -> KeyError {
    match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => KeyError::NotPrivate,
        "CERTIFICATE" => KeyError::Unsupported {
            what: "a certificate",
            remedy: "take its key with `openssl x509 -in cert.pem -noout -pubkey`",
        },
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => {
            KeyError::NotPublic { found: "a private key" }
        }
        "OPENSSH PRIVATE KEY" => KeyError::Unsupported {
            what: "the private key format of OpenSSH",
            remedy: "convert a copy with `ssh-keygen -p -m PKCS8 -f copy`",
        },
        _ => KeyError::Unsupported { what: "this kind of PEM block", remedy: "use PKCS#8 or SPKI" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_rfc_7468_says() {
        for length in [1, 2, 3, 47, 48, 49, 95, 96, 97, 1300] {
            let der: Vec<u8> = (0..length).map(|index: u32| (index % 251) as u8).collect();
            let text = write("PRIVATE KEY", &der);
            let expected =
                pem_rfc7468::encode_string("PRIVATE KEY", pem_rfc7468::LineEnding::LF, &der).unwrap();
            assert_eq!(*text, expected, "{length}");
            assert!(text.capacity() >= text.len() && text.capacity() < text.len() + 200, "{length}");
        }
    }
}
