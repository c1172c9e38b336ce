//! The examples in the help of every command run as printed, in a folder that has the files they name.

use crate::world::{World, interop, restrict};
use std::path::Path;
use std::process::{Command, Output};

const COMMANDS: [&[&str]; 12] = [
    &["sign"],
    &["verify"],
    &["decode"],
    &["keys", "generate"],
    &["keys", "jwks"],
    &["keys", "thumbprint"],
    &["keys", "convert"],
    &["keys", "inspect"],
    &["jws", "sign"],
    &["jws", "verify"],
    &["jwe", "encrypt"],
    &["jwe", "decrypt"],
];

/// Makes what the examples read. The private keys of `jwe` are for encryption.
const SETUP: &str = r#"
waxseal keys generate --algorithm "$1" --out private.pem
waxseal keys convert private.pem --public --out public.pem
waxseal keys generate --algorithm "$2" --format jwk --out private.jwk
for name in current next old new; do waxseal keys generate --algorithm EdDSA --out $name.pem; done
waxseal keys generate --algorithm PS256 --out rsa.pem
for name in one two; do
  waxseal keys generate --algorithm ECDH-ES+A256KW --format jwk --out $name.jwk
done
waxseal keys convert rsa.pem --public --out recipient.pem
waxseal keys convert old.pem --new-passphrase-env PASSPHRASE --out encrypted.pem
echo 'Dear reader' | tee letter.txt contract.txt
printf '{"id":1}\n' > lines.jsonl
"#;

const SETUP_SIGNATURES: &str = r"
waxseal keys jwks private.pem > jwks.json
waxseal sign --key-file private.pem --expires-in 1h --issuer https://login.example --audience api > token.txt
waxseal sign --key-file private.pem --expires-in 1h --issuer https://login.example --audience api --typ at+jwt \
  --subject alice --id 1 --claim client_id=web > access-token.txt
waxseal jws sign --key-file private.pem contract.txt > contract.jws
waxseal jws sign --key-file private.pem --detached contract.txt > detached.jws
";

const SETUP_ENCRYPTION: &str = r"
waxseal keys convert private.jwk --to jwk --public --out recipient.jwk
waxseal jwe encrypt --key-file private.jwk letter.txt > letter.jwe
waxseal jwe encrypt --key-file private.pem --algorithm RSA-OAEP-256 letter.txt > rsa.jwe
waxseal jwe encrypt --password-env PASSWORD --algorithm PBES2-HS512+A256KW letter.txt > password.jwe
";

fn bash(folder: &Path, script: &str, args: &[&str]) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_waxseal")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", script, "bash"])
        .args(args)
        .current_dir(folder)
        .env("PATH", path)
        .env("JWT_SECRET", "a secret of thirty-two bytes, and more")
        .env("PASSWORD", "correct horse battery staple, and more")
        .env("PASSPHRASE", "correct horse battery staple")
        .output()
        .unwrap()
}

/// The examples of a command, each one line.
fn examples(command: &[&str]) -> Vec<String> {
    let help = World::new().run(&[command, &["--help"]].concat()).stdout;
    let block =
        help.split("Examples:\n").nth(1).unwrap_or_else(|| panic!("{command:?} has no examples:\n{help}"));
    let block = block.split("\n\n").next().unwrap().replace("\\\n", " ");
    block.lines().map(|line| line.trim().to_owned()).collect()
}

/// A folder with what the examples of a group of commands read.
fn prepared(algorithms: [&str; 2], more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let setup = bash(folder.path(), &format!("{SETUP}{more}"), &algorithms);
    assert!(setup.status.success(), "{}", String::from_utf8_lossy(&setup.stderr));
    let certificate = interop().join("../key_files/certificate-rsa2048.pem");
    std::fs::copy(certificate, folder.path().join("certificate.pem")).unwrap();
    folder
}

#[test]
fn the_examples_run_as_printed() {
    let signatures = prepared(["ES256", "ES256"], SETUP_SIGNATURES);
    let encryption = prepared(["RSA-OAEP-256", "ECDH-ES+A256KW"], SETUP_ENCRYPTION);
    for command in COMMANDS {
        let folder = if command[0] == "jwe" { encryption.path() } else { signatures.path() };
        let found = examples(command);
        assert!(found.iter().all(|example| example.contains("waxseal ")), "{command:?}: {found:?}");
        for example in found {
            run(folder, &example);
        }
    }
}

/// Runs one example; a file that it makes is put away first, unless it also reads it.
fn run(folder: &Path, example: &str) {
    let words: Vec<&str> = example.split_whitespace().collect();
    let out = words.iter().position(|word| *word == "--out").map(|at| folder.join(words[at + 1]));
    let kept = out.as_ref().and_then(|path| std::fs::read(path).ok());
    if let Some(path) = &out {
        let _ = std::fs::remove_file(path);
    }
    let token = "TOKEN=$(waxseal sign --secret-env JWT_SECRET --expires-in 1h --audience api)\n";
    let output = bash(folder, &format!("{token}{example}"), &[]);
    assert!(output.status.success(), "{example}\n{}", String::from_utf8_lossy(&output.stderr));
    if let (Some(path), Some(content)) = (out, kept) {
        std::fs::write(&path, content).unwrap();
        restrict(&path);
    }
}
