//! What an API learns from a token issuer over the network: key sets and revocations.
