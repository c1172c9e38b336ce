//! Order statistics.

/// The value below which `share` of the sorted `values` lie.
pub(crate) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rank = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(rank).copied().unwrap_or(f64::NAN)
}

pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

pub(crate) fn best(values: &[f64]) -> f64 {
    quantile(values, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_of_the_sample() {
        let values = [5.0, 1.0, 4.0, 2.0, 3.0];
        for (share, expected) in [(0.0, 1.0), (0.1, 1.0), (0.5, 3.0), (0.9, 5.0), (1.0, 5.0)] {
            assert!((quantile(&values, share) - expected).abs() < 1e-9, "{share}");
        }
    }
}
