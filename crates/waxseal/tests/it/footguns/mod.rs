//! One test for each way in which token libraries were broken before; the numbers are the rows of the
//! list in the project's security notes. Rows about other layers stand with those: 6 with JWS, 18 with the key
//! sets of `waxseal-trust`, 26 and 27 with the cache, 29 to 33 with JWE, 39 with `DPoP`.

mod algorithms;
mod claims;
mod headers;
mod text;
