//! PEM (RFC 7468).

use super::KeyError;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";

/// One decoded PEM block.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The first block that is not of a `skipped` kind; curve parameters, which `openssl ecparam` writes before
/// a key, are always skipped.
pub(super) fn read<'a>(text: &'a str, skipped: &[&str]) -> Result<Block<'a>, KeyError> {
    let no_pem = KeyError::malformed("no PEM block of a key found; it starts with `-----BEGIN`");
    let mut rest = text;
    let label = loop {
        rest = rest.get(rest.find(BEGIN).ok_or(no_pem.clone())?..).unwrap_or("");
        let body = rest.get(BEGIN.len()..).unwrap_or("");
        let label = body.split_once("-----").map_or("", |(label, _)| label);
        if label != "EC PARAMETERS" && !skipped.contains(&label) {
            break label;
        }
        rest = body;
    };
    refuse_headers(rest)?;
    let malformed = KeyError::malformed("the PEM block is damaged");
    let end = format!("-----END {label}-----");
    let end = rest.find(&end).map(|start| start + end.len()).ok_or(malformed.clone())?;
    let rest = rest.get(..end).unwrap_or("");
    let mut decoder =
        pem_rfc7468::Decoder::new_detect_wrap(rest.as_bytes()).map_err(|_| malformed.clone())?;
    let label = decoder.type_label();
    // Reserved in one piece: growing would leave copies of a private key behind.
    let mut der = Zeroizing::new(Vec::with_capacity(decoder.remaining_len()));
    decoder.decode_to_end(&mut der).map_err(|_| malformed)?;
    Ok(Block { label, der })
}

/// Traditional encryption puts headers into the block, which RFC 7468 forbids; say so in plain words.
fn refuse_headers(text: &str) -> Result<(), KeyError> {
    let encrypted = |line: &str| line.starts_with("Proc-Type:") && line.contains("ENCRYPTED");
    if text.lines().take(4).any(encrypted) {
        return Err(KeyError::EncryptionUnsupported { what: "headers in the PEM text (MD5 and one round)" });
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
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE" => KeyError::NotPrivate,
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => {
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
