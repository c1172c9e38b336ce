//! Which versions were measured, from the lockfile they were built with.

use serde::Serialize;

const LOCKFILE: &str = include_str!("../../Cargo.lock");
const PACKAGES: [&str; 6] = ["waxseal", "aws-lc-rs", "jsonwebtoken", "jwt-simple", "josekit", "jwt-compact"];

#[derive(Serialize)]
pub(crate) struct Version {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
}

pub(crate) fn all() -> Vec<Version> {
    PACKAGES.into_iter().filter_map(|package| Some(Version { package, version: find(package)? })).collect()
}

fn find(package: &str) -> Option<&'static str> {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = LOCKFILE.split_once(&entry)?;
    rest.split('"').next()
}

/// The processor and how many of its threads there are.
pub(crate) fn machine() -> String {
    let threads = std::thread::available_parallelism().map_or(0, usize::from);
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    format!("{model}, {threads} threads, {}", std::env::consts::OS)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_package_has_a_version() {
        assert_eq!(super::all().len(), super::PACKAGES.len());
    }
}
